/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/host.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX 16384u /* bytes of which more is not read */

void
host_open(int fd[HOST_FILES])
{
	static const char *const paths[HOST_FILES] = { "/proc/net/snmp",
		"/proc/net/snmp6" };
	size_t i;

	for (i = 0; i < HOST_FILES; i++)
		fd[i] = open(paths[i], O_RDONLY | O_CLOEXEC);
}

static void
look(const struct host *h, struct netstat *n)
{
	char text[FILE_MAX];
	ssize_t len, got;
	size_t i;

	memset(n, 0, sizeof(*n));
	for (i = 0; i < HOST_FILES; i++) {
		for (len = 0; h->fd[i] >= 0 && (size_t)len < sizeof(text);
		     len += got)
			if ((got = pread(h->fd[i], text + len,
				 sizeof(text) - (size_t)len, len)) <= 0)
				break;
		netstat_add(span_make(text, (size_t)len), n);
	}
}

void
host_reconf(struct host *h, const struct site *site)
{
	const struct site_listener *l;

	for (l = site->listeners; l < site->listeners + site->n_listeners; l++)
		if (l->transport == SITE_UDP)
			h->used[l->log] = true;
}

void
host_init(struct host *h, const int fd[HOST_FILES], const struct site *site,
    uint64_t now)
{
	size_t i;

	memset(h, 0, sizeof(*h));
	memcpy(h->fd, fd, sizeof(h->fd));
	for (i = 0; i < site->n_logs; i++)
		loss_init(&h->loss[i], "-", i);
	host_reconf(h, site);
	look(h, &h->seen);
	h->looked = now;
}

void
host_fini(struct host *h)
{
	size_t i;

	for (i = 0; i < SITE_LOGS_MAX; i++)
		loss_fini(&h->loss[i]);
}

static void
add(struct host *h, enum gap_kind kind, uint64_t now_has, uint64_t had,
    uint64_t now)
{
	size_t i;

	if (now_has <= had)
		return;
	for (i = 0; i < SITE_LOGS_MAX; i++)
		if (h->used[i])
			loss_add(&h->loss[i], kind, now_has - had, GAP_UNKNOWN,
			    h->looked, now, SPAN(""));
}

static void
count(struct host *h, uint64_t now)
{
	struct netstat n;

	look(h, &n);
	add(h, GAP_REASSEMBLY, n.reassembly, h->seen.reassembly, now);
	add(h, GAP_UDP_ERROR, n.udp_errors, h->seen.udp_errors, now);
	h->seen = n;
	h->looked = now;
}

void
host_tell(struct host *h, struct intake *in, uint64_t now)
{
	size_t i;

	count(h, now);
	for (i = 0; i < SITE_LOGS_MAX; i++)
		if (h->used[i])
			loss_tell(&h->loss[i], in, now);
}

void
host_finish(struct host *h, struct intake *in, uint64_t now)
{
	size_t i;

	count(h, now);
	for (i = 0; i < SITE_LOGS_MAX; i++)
		if (h->used[i])
			loss_finish(&h->loss[i], in, now);
}

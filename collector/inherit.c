/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/inherit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/endpoint.h"
#include "collector/rundir.h"
#include "collector/udp.h"
#include "collector/unixsock.h"
#include "common/cursor.h"
#include "common/io.h"
#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"

#define FIRST 3 /* descriptor, as sd_listen_fds(3) has it */
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

static void
name_set(struct inherit *in, size_t i, struct span name)
{
	size_t len = name.len < SITE_NAME_MAX ? name.len : SITE_NAME_MAX;

	memcpy(in->name[i], name.p, len);
	in->name[i][len] = '\0';
}

void
inherit_init(struct inherit *in)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS"),
		   *names = getenv("LISTEN_FDNAMES");
	struct cursor c = cursor_make(span_str(names == NULL ? "" : names));
	uint64_t who, n;
	size_t i;
	int fd;

	in->n = 0;
	if (pid != NULL && fds != NULL &&
	    num_parse(span_str(pid), INT32_MAX, &who) == 0 &&
	    (pid_t)who == getpid() &&
	    num_parse(span_str(fds), INHERIT_MAX, &n) == 0)
		in->n = (size_t)n;
	for (i = 0; i < in->n; i++) {
		const uint8_t *end = cursor_left(&c) == 0
		    ? NULL
		    : memchr(c.p, ':', cursor_left(&c));
		struct span name = span_make(c.p,
		    end == NULL ? cursor_left(&c) : (size_t)(end - c.p));

		name_set(in, i, name);
		c.p += name.len + (end != NULL);
		in->fd[i] = fd = FIRST + (int)i;
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
		    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) != 0)
			in->fd[i] = -1; /* there is none */
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
}

static int
option(int fd, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	if (getsockopt(fd, SOL_SOCKET, name, &value, &len) != 0)
		return -1;
	return value;
}

/* Whether it is bound to what the configuration says. */
static bool
is_bound(int fd, const struct site_listener *l)
{
	struct sockaddr_storage want = { 0 }, have = { 0 };
	socklen_t len = sizeof(have);
	struct endpoint a, b;

	if (endpoint_sockaddr(l->address, l->port, &want) == 0 ||
	    getsockname(fd, (struct sockaddr *)&have, &len) != 0 ||
	    want.ss_family != have.ss_family)
		return false;
	endpoint_set(&a, (struct sockaddr *)&want);
	endpoint_set(&b, (struct sockaddr *)&have);
	return strcmp(a.address, b.address) == 0 &&
	    (l->port == 0 || a.port == b.port);
}

static bool
is_listeners(int fd, const char *name, const struct site_listener *l)
{
	bool dgram = site_is_datagram(l->transport);

	if (option(fd, SO_TYPE) != (dgram ? SOCK_DGRAM : SOCK_STREAM) ||
	    (!dgram && option(fd, SO_ACCEPTCONN) != 1))
		return false;
	if (site_is_unix(l->transport))
		return unixsock_is_at(fd, l) && unixsock_is_there(l);
	return is_bound(fd, l) && (l->port != 0 || strcmp(name, l->name) == 0);
}

int
inherit_socket(struct inherit *in, const struct site_listener *l)
{
	size_t i;
	int fd;

	for (i = 0; i < in->n; i++) {
		fd = in->fd[i];
		if (fd < 0 || !is_listeners(fd, in->name[i], l))
			continue;
		if (l->transport == SITE_UDP && udp_prepare(fd) != 0)
			continue;
		in->fd[i] = -1;
		return fd;
	}
	/* One there that does not fit is ours all the same: make way. */
	for (i = 0; site_is_unix(l->transport) && i < in->n; i++)
		if (in->fd[i] >= 0 && unixsock_is_at(in->fd[i], l))
			unixsock_remove(l);
	return -1;
}

void
inherit_rest(struct inherit *in, const struct manager *m)
{
	char where[128];
	size_t i;

	for (i = 0; i < in->n; i++) {
		if (in->fd[i] < 0)
			continue;
		if (receiver_bound(in->fd[i], where, sizeof(where)) != 0)
			snprintf(where, sizeof(where), "%s", strerror(errno));
		log_warn(tr("the socket '%s' (%s) that was handed to us is "
			    "no listener's address, port and transport in the "
			    "configuration: it is closed",
			     "引き渡されたソケット「%s」（%s）は、設定のどの"
			     "受信口のアドレス・ポート・方式とも一致しないため"
			     "閉じます"),
		    in->name[i], where);
		manager_drop(m, in->name[i]);
		close(in->fd[i]);
		in->fd[i] = -1;
	}
}

/* --- what the kernel had dropped ---------------------------------------------
 */

/* A socket's number, never given twice between two boots. */
static bool
cookie(int fd, uint64_t *n)
{
	socklen_t len = sizeof(*n);

	return getsockopt(fd, SOL_SOCKET, SO_COOKIE, n, &len) == 0;
}

static void
boot_print(struct buf *out)
{
	struct buf id;

	buf_init(&id);
	if (io_read_file(BOOT_ID, 64, &id) == 0)
		buf_span(out, buf_view(&id));
	else
		buf_str(out, "-\n");
	buf_fini(&id);
}

void
inherit_leave(const struct site *site, const struct receiver_listener *l,
    size_t n, const uint64_t *notes)
{
	struct buf out;
	uint64_t id;
	size_t i;

	buf_init(&out);
	boot_print(&out);
	for (i = 0; i < n; i++)
		if (l[i].conf->transport == SITE_UDP && cookie(l[i].fd, &id))
			buf_printf(&out, "%llu %llu %llu\n",
			    (unsigned long long)id,
			    (unsigned long long)notes[2 * l[i].slot],
			    (unsigned long long)notes[2 * l[i].slot + 1]);
	(void)rundir_sockets(site, buf_view(&out)); /* it said so */
	buf_fini(&out);
}

/* What was left of that socket. */
static bool
find(struct span text, uint64_t id, uint64_t *notes)
{
	struct cursor c = cursor_make(text);
	uint64_t n[3];

	(void)cursor_until(&c, '\n'); /* the boot */
	while (!c.bad && cursor_left(&c) > 0) {
		n[0] = cursor_decimal(&c, UINT64_MAX);
		cursor_expect(&c, SPAN(" "));
		n[1] = cursor_decimal(&c, UINT32_MAX);
		cursor_expect(&c, SPAN(" "));
		n[2] = cursor_decimal(&c, INT64_MAX);
		cursor_expect(&c, SPAN("\n"));
		if (!c.bad && n[0] == id) {
			notes[0] = n[1];
			notes[1] = n[2];
			return true;
		}
	}
	return false;
}

/* Nobody says what was dropped before: from now on. */
static void
begin(int fd, uint64_t *notes)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len) == 0 &&
	    len > SK_MEMINFO_DROPS * sizeof(info[0]))
		notes[0] = info[SK_MEMINFO_DROPS];
	notes[1] = (uint64_t)utc_now();
}

void
inherit_notes(const struct inherit *in, const struct site *site,
    const struct receiver_listener *l, size_t n, uint64_t *notes)
{
	struct buf text, boot;
	uint64_t id;
	size_t i;

	if (in->n == 0)
		return; /* all are new */
	buf_init(&text);
	buf_init(&boot);
	boot_print(&boot);
	if (rundir_sockets_read(site, &text) != 0 ||
	    !span_starts(buf_view(&text), buf_view(&boot)))
		text.len = 0;
	for (i = 0; i < n; i++)
		if (l[i].conf->transport == SITE_UDP &&
		    (!cookie(l[i].fd, &id) ||
			!find(buf_view(&text), id, notes + 2 * l[i].slot)))
			begin(l[i].fd, notes + 2 * l[i].slot);
	buf_fini(&boot);
	buf_fini(&text);
}

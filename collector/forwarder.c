/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/forwarder.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "collector/forward_target.h"
#include "collector/link.h"
#include "common/io.h"
#include "common/log.h"
#include "site/client.h"
#include "site/target.h"

#define PEM_MAX (1u << 20)
#define LAST UINT64_C(5000000) /* usec for the rest when it is stopped */

static int
read_pem(const char *path, struct buf *out, struct buf *why)
{
	if (*path == '\0' || io_read_file(path, PEM_MAX, out) == 0)
		return 0;
	buf_printf(why, "%s: %s", path, strerror(errno));
	return -1;
}

/* The settings of TLS; NULL and *why, or NULL alone without TLS. */
static SSL_CTX *
load(const struct site_forward *f, struct buf *why)
{
	struct buf ca, certificate, key;
	struct target where;
	SSL_CTX *ctx = NULL;

	if (target_parse(span_str(f->url), &where) != 0 || !where.tls)
		return NULL;
	buf_init(&ca);
	buf_init(&certificate);
	buf_init(&key);
	if (read_pem(f->ca, &ca, why) == 0 &&
	    read_pem(f->certificate, &certificate, why) == 0 &&
	    read_pem(f->key, &key, why) == 0) {
		struct link_pem pem = { buf_view(&ca), buf_view(&certificate),
			buf_view(&key), *f->fingerprint != '\0' };

		ctx = link_context(&pem, why);
	}
	if (key.p != NULL)
		explicit_bzero(key.p, key.cap);
	buf_fini(&key);
	buf_fini(&certificate);
	buf_fini(&ca);
	return ctx;
}

int
forwarder_check(const struct site_forward *f, struct buf *why)
{
	SSL_CTX *ctx = load(f, why);

	SSL_CTX_free(ctx);
	return why->len == 0 ? 0 : -1;
}

void
forwarder_load(struct forwarder_options *opt)
{
	struct buf why;
	size_t i;

	buf_init(&why);
	for (i = 0; i < opt->site->n_forwards; i++) {
		why.len = 0;
		opt->ctx[i] = load(&opt->site->forwards[i], &why);
		snprintf(opt->why[i], sizeof(opt->why[i]), "%s",
		    buf_cstr(&why));
	}
	buf_fini(&why);
}

static uint64_t
now_usec(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000u + (uint64_t)ts.tv_nsec / 1000u;
}

/* All targets once; return when more is due. */
static uint64_t
run_all(struct forward_target **t, size_t n)
{
	uint64_t due = UINT64_MAX, at;
	size_t i;

	for (i = 0; i < n; i++)
		if ((at = forward_target_run(t[i], now_usec())) < due)
			due = at;
	return due;
}

/* Wait for a target, the parent, or that time.  True: the parent said stop. */
static bool
wait(struct forward_target **t, size_t n, int control, uint64_t due)
{
	struct pollfd fd[1 + SITE_FORWARDS_MAX];
	uint64_t now = now_usec();
	size_t i;
	int ms;

	fd[0] = (struct pollfd){ .fd = control, .events = POLLIN };
	for (i = 0; i < n; i++)
		fd[1 + i] = forward_target_poll(t[i]);
	ms = due <= now		   ? 0
	    : due - now > 60000000 ? 60000
				   : (int)((due - now) / 1000 + 1);
	return poll(fd, (nfds_t)(1 + n), ms) > 0 && fd[0].revents != 0;
}

static void
finish(struct forward_target **t, size_t n)
{
	uint64_t end = now_usec() + LAST, due;
	bool done = false;
	size_t i;

	while (!done && now_usec() < end) {
		due = run_all(t, n);
		done = true;
		for (i = 0; i < n; i++)
			if (!forward_target_stop(t[i]))
				done = false;
		if (!done)
			(void)wait(t, n, -1, due < end ? due : end);
	}
}

int
forwarder_run(const struct forwarder_options *opt)
{
	struct forward_target *t[SITE_FORWARDS_MAX];
	const struct site *site = opt->site;
	struct client *writer = NULL;
	uint64_t due;
	size_t i;

	if (client_adopt(&writer, opt->writer) != CLIENT_OK)
		return 1;
	for (i = 0; i < site->n_forwards; i++)
		t[i] = forward_target_new(site, &site->forwards[i], opt->ctx[i],
		    opt->why[i], writer);
	do
		due = run_all(t, site->n_forwards);
	while (!wait(t, site->n_forwards, opt->control, due));
	finish(t, site->n_forwards);
	for (i = 0; i < site->n_forwards; i++)
		forward_target_free(t[i]);
	client_close(writer);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/receiver_priv.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cursor.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

#define TELL (UTC_HOUR * UTC_SECOND) /* one that stays closed, so often */

/* It was closed from `from` until now. */
static void
tell(struct receiver *r, size_t i, uint64_t from, uint64_t now)
{
	const struct receiver_listener *l = &r->opt->listeners[i];
	struct buf words;

	buf_init(&words);
	record_word(&words, "listener", span_str(l->conf->name));
	record_word(&words, "count", SPAN("-"));
	record_word(&words, "bytes", SPAN("-"));
	record_word_u64(&words, "from", from);
	record_word_u64(&words, "until", now);
	record_word(&words, "reason", span_str(l->why));
	intake_gap(&r->in, GAP_LISTENER_CLOSED, l->conf->log, RINGMSG_NO_STREAM,
	    now, buf_view(&words));
	buf_fini(&words);
	r->closed[i] = now;
}

void
receiver_closed_tell(struct receiver *r, uint64_t now, bool end)
{
	size_t i;

	for (i = 0; i < r->opt->n_listeners; i++)
		if (r->closed[i] != 0 &&
		    (end || now - r->closed[i] >= (uint64_t)TELL))
			tell(r, i, r->closed[i], now);
}

void
receiver_closed_end(struct receiver *r)
{
	size_t i;

	receiver_closed_tell(r, (uint64_t)utc_now(), true);
	for (i = 0; i < r->opt->n_listeners; i++)
		if (r->closed[i] != 0) {
			close(r->opt->listeners[i].fd);
			r->closed[i] = 0;
		}
}

static void
answer(const struct receiver *r, const char *what, size_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%s %zu", what, number);
	receiver_say(r, text);
}

/* Of what it was handed.  0: it is open, 1: it cannot be, -1: nothing can. */
static int
try(struct receiver *r, struct receiver_listener *l)
{
	const struct port_shared shared = receiver_shared(r);
	SSL_CTX *ctx;
	struct buf why;
	int rc;

	buf_init(&why);
	if ((rc = port_context(l, &ctx, &why)) != 0)
		snprintf(l->why, sizeof(l->why), "%s", buf_cstr(&why));
	buf_fini(&why);
	if (rc != 0)
		return 1;
	r->ports[r->n] = port_open(&shared, l, ctx, NULL, false);
	if (r->ports[r->n] == NULL)
		return -1;
	r->n++;
	return 0;
}

int
receiver_begin(struct receiver *r, size_t number)
{
	struct receiver_listener *l = &r->opt->listeners[number];
	uint64_t now = (uint64_t)utc_now();
	int rc;

	if (!l->closed) {
		if ((rc = try(r, l)) <= 0)
			return rc;
		l->closed = true;
	}
	log_error(tr("listener '%s': %s", "受信口「%s」: %s"), l->conf->name,
	    l->why);
	tell(r, number, now, now);
	answer(r, "closed", number);
	return 0;
}

/* Whether what was handed over could be used. */
static bool
take(struct receiver *r, struct receiver_listener *l, int bundle)
{
	off_t at = 0;
	bool fine = false;

	if (receiver_get(bundle, &at, l) != 0)
		log_errno(tr("a listener cannot be taken over",
		    "受信口を引き継げません"));
	else if (r->n < PORTS_MAX)
		fine = try(r, l) == 0;
	receiver_forget(l);
	return fine;
}

void
receiver_open(struct receiver *r, struct span said, const int *fd, size_t n)
{
	struct cursor c = cursor_make(said);
	size_t i = cursor_decimal(&c, SITE_LISTENERS_MAX - 1);
	bool fine = false;

	if (!c.bad && n == 1 && i < r->opt->n_listeners && r->closed[i] != 0 &&
	    !r->in.stopping)
		fine = take(r, &r->opt->listeners[i], fd[0]);
	while (n > 0)
		close(fd[--n]);
	if (fine) {
		tell(r, i, r->closed[i], (uint64_t)utc_now());
		r->closed[i] = 0;
	}
	if (!c.bad)
		answer(r, fine ? "opened" : "closed", i);
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * A listener that the receiver cannot open is shut: nobody connects to it, and
 * who does is told so at once instead of waiting for nobody.  The socket stays
 * bound, so that it can listen again without rights that were given up.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/bundle.h"
#include "collector/load.h"
#include "collector/parent_priv.h"
#include "collector/rundir.h"
#include "common/cursor.h"
#include "common/log.h"
#include "common/utc.h"

#define AGAIN_S 30

/* Shut it, or have it listen. */
static void
turn(const struct receiver_listener *l, bool open)
{
	if (open ? listen(l->fd, RECEIVER_BACKLOG) != 0
		 : shutdown(l->fd, SHUT_RDWR) != 0 && errno != ENOTCONN)
		log_errno("%s", l->conf->name);
}

void
parent_closed_show(struct parent *p)
{
	size_t i, n = 0;

	children_slots(&p->c);
	if (p->state != STATE_RUN)
		return; /* it is shown once all is there */
	for (i = 0; i < p->c.n_listeners; i++)
		n += p->c.listeners[i].closed;
	manager_status(&p->manager,
	    n == 0 ? "collecting"
		   : "collecting, but not on all listeners: see the messages");
	if (rundir_listeners(p->opt->site, p->c.listeners, p->c.n_listeners) !=
	    0)
		p->status = 1;
}

static void
say_open(const struct receiver_listener *l)
{
	log_info(tr("listener '%s' is open", "受信口「%s」を開きました"),
	    l->conf->name);
}

void
parent_closed_hears(struct parent *p, struct span s)
{
	struct cursor c = cursor_make(s);
	struct span word = cursor_until(&c, ' ');
	size_t i = cursor_decimal(&c, SITE_LISTENERS_MAX - 1);
	struct receiver_listener *l;

	if (c.bad || i >= p->c.n_listeners)
		return;
	l = &p->c.listeners[i];
	if (!site_is_tls(l->conf->transport))
		return; /* it has nothing that could stand in the way */
	if (span_is(word, "opened") && l->closed) {
		l->closed = false;
		say_open(l);
		parent_named_begin(p);
	} else if (span_is(word, "closed")) {
		p->reopen = utc_now() + (l->closed ? AGAIN_S * UTC_SECOND : 0);
		l->closed = true;
		turn(l, false);
	}
	parent_closed_show(p);
}

/* What stands in the way, if it is not what was said last. */
static void
say_closed(struct parent *p, struct receiver_listener *l, struct buf *why)
{
	if (why->len == 0)
		buf_str(why, "-");
	if (strncmp(l->why, buf_cstr(why), sizeof(l->why) - 1) == 0)
		return;
	snprintf(l->why, sizeof(l->why), "%s", buf_cstr(why));
	log_error(tr("%s:%u: ALARM: listener '%s' is closed, nothing is "
		     "received there: %s; it is tried again every %d seconds "
		     "and at a reload",
		      "%s:%u: 警報: 受信口「%s」は閉じており、受信できません: "
		      "%s（%d秒ごとと再読み込みの際に再試行します）"),
	    p->opt->site->file, l->conf->line, l->conf->name, l->why, AGAIN_S);
}

static void
try(struct parent *p, size_t number)
{
	struct receiver_listener *l = &p->c.listeners[number];
	int bundle = bundle_new();
	struct buf why;
	char text[32];

	buf_init(&why);
	if (bundle < 0) {
		buf_str(&why, strerror(errno));
		say_closed(p, l, &why);
	} else if (load_listener(p->opt->site, number, bundle, &why) != 0) {
		say_closed(p, l, &why);
	} else {
		turn(l, true);
		snprintf(text, sizeof(text), "open %zu", number);
		if (children_give(&p->c, CHILD_RECEIVER, text, &bundle, 1) != 0)
			turn(l, false); /* next time */
	}
	buf_fini(&why);
	if (bundle >= 0)
		close(bundle);
}

int64_t
parent_closed_next(const struct parent *p)
{
	return p->state == STATE_RUN && p->reload.site == NULL &&
		p->c.pid[CHILD_RECEIVER] != 0
	    ? p->reopen
	    : 0;
}

void
parent_closed_tick(struct parent *p)
{
	int64_t at = parent_closed_next(p);
	size_t i;

	if (at == 0 || utc_now() < at)
		return;
	p->reopen = 0;
	for (i = 0; i < p->c.n_listeners; i++)
		if (p->c.listeners[i].closed) {
			p->reopen = utc_now() + AGAIN_S * UTC_SECOND;
			try(p, i);
		}
}

void
parent_closed_listen(const struct receiver_listener *l)
{
	if (l->closed)
		turn(l, true);
}

void
parent_closed_refused(const struct parent *p)
{
	size_t i;

	for (i = 0; i < p->c.n_listeners; i++)
		if (p->c.listeners[i].closed)
			turn(&p->c.listeners[i], false);
}

void
parent_closed_reloaded(struct parent *p, const struct receiver_listener *next,
    size_t n)
{
	size_t i, j;

	p->reopen = 0;
	for (i = 0; i < p->c.n_listeners; i++)
		for (j = 0; p->c.listeners[i].closed && j < n; j++)
			if (next[j].fd == p->c.listeners[i].fd) {
				turn(&next[j], true); /* a try may have failed
							 meanwhile */
				say_open(&next[j]);
			}
}

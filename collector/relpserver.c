/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/relpserver.h"

#include <stdlib.h>

struct relpserver {
	struct receipt *receipt;
	struct resent *resent;
	struct event *given;
	TAILQ_HEAD(, relpserver_waiter) waiters;
	size_t n;
};

/* Something became durable, or another writer came. */
static void
on_given(evutil_socket_t fd, short what, void *arg)
{
	struct relpserver *s = arg;
	struct relpserver_waiter *w;
	size_t n = s->n;

	(void)fd;
	(void)what;
	receipt_woken(s->receipt);
	/* Who is told may wait again, but not twice in one turn. */
	while (n-- > 0 && (w = TAILQ_FIRST(&s->waiters)) != NULL) {
		relpserver_forget(s, w);
		w->given(w->arg);
	}
}

struct relpserver *
relpserver_new(struct intake *in, struct receipt *receipt,
    struct resent *resent)
{
	struct relpserver *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->receipt = receipt;
	s->resent = resent;
	TAILQ_INIT(&s->waiters);
	s->given = event_new(in->base, receipt_fd(receipt),
	    EV_READ | EV_PERSIST, on_given, s);
	if (s->given == NULL || event_add(s->given, NULL) != 0) {
		relpserver_free(s);
		return NULL;
	}
	resent_begin(resent);
	return s;
}

void
relpserver_free(struct relpserver *s)
{
	if (s == NULL)
		return;
	if (s->given != NULL)
		event_free(s->given);
	free(s);
}

void
relpserver_wait(struct relpserver *s, struct relpserver_waiter *w)
{
	if (w->waiting)
		return;
	w->waiting = true;
	TAILQ_INSERT_TAIL(&s->waiters, w, next);
	s->n++;
}

void
relpserver_forget(struct relpserver *s, struct relpserver_waiter *w)
{
	if (!w->waiting)
		return;
	w->waiting = false;
	TAILQ_REMOVE(&s->waiters, w, next);
	s->n--;
}

struct receipt *
relpserver_receipt(const struct relpserver *s)
{
	return s->receipt;
}

struct resent *
relpserver_resent(const struct relpserver *s)
{
	return s->resent;
}

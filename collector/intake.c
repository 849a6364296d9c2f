/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/intake.h"

#include <stdlib.h>
#include <string.h>

#include "common/utc.h"

/*
 * Nobody reads with less room than this, so that a full scratch buffer of
 * ordinary lines fits with their heads and what must be said besides.
 */
#define READY (2u * INTAKE_SCRATCH)

/* Have on_room() called when there is room, be it at once. */
static void
want_room(struct intake *in)
{
	if (!ring_want_room(in->ring))
		event_active(in->room, EV_READ, 0);
}

/* Put a message that must not be refused. */
static void
put(struct intake *in, const struct ringmsg *m)
{
	size_t size = ringmsg_size(m->body.len);
	uint8_t *p;

	if (in->backlog.len == 0 && ring_put(in->ring, m))
		return;
	p = buf_reserve(&in->backlog, size);
	memset(p, 0, size);
	ringmsg_print(m, p);
	in->backlog.len += size;
	want_room(in);
}

static void
put_backlog(struct intake *in)
{
	struct span left = buf_view(&in->backlog);
	struct ringmsg m;
	size_t size;

	while (ringmsg_parse(left, &m, &size) == 1 && ring_put(in->ring, &m))
		left = span_sub(left, size, left.len);
	if (left.len > 0)
		memmove(in->backlog.p, left.p, left.len);
	in->backlog.len = left.len;
}

static void
on_room(evutil_socket_t fd, short what, void *arg)
{
	struct intake *in = arg;
	struct intake_waiter *w;
	size_t n = in->n_waiting;

	(void)fd;
	(void)what;
	ring_room_woken(in->ring);
	put_backlog(in);
	ring_publish(in->ring);
	/* Who is resumed may wait again, but not twice in one turn. */
	while (n-- > 0 && (w = TAILQ_FIRST(&in->waiters)) != NULL) {
		intake_forget(in, w);
		w->resume(w->arg);
	}
	if (in->backlog.len > 0)
		want_room(in);
}

/* A receiver before us that ended by itself is told with what it left. */
static void
put_start(struct intake *in)
{
	struct ringmsg m = { .kind = RINGMSG_START, .rx = (uint64_t)utc_now() };

	in->before = *ring_will(in->ring);
	if (in->before.well != 0)
		m.body = span_make(&in->before, sizeof(in->before));
	put(in, &m);
}

/*
 * That was told.  Until then what we had was added to what it left: should we
 * have ended, too, another would have told both.
 */
static void
begin(struct intake *in)
{
	struct ringmsg_will *w = ring_will(in->ring);
	size_t i;

	for (i = 0; i < RINGMSG_LOGS; i++)
		w->bytes[i] -= in->before.bytes[i];
	w->feeds = in->feeds;
	in->begun = true;
}

int
intake_init(struct intake *in, struct event_base *base, struct ring *ring,
    const struct site *site)
{
	size_t i;

	memset(in, 0, sizeof(*in));
	in->base = base;
	in->ring = ring;
	in->site = site;
	TAILQ_INIT(&in->waiters);
	buf_init(&in->backlog);
	in->scratch = malloc(INTAKE_SCRATCH);
	in->free = malloc(RINGMSG_STREAMS * sizeof(*in->free));
	in->room = event_new(base, ring_room_fd(ring), EV_READ | EV_PERSIST,
	    on_room, in);
	if (in->scratch == NULL || in->free == NULL || in->room == NULL ||
	    event_add(in->room, NULL) != 0) {
		intake_fini(in);
		return -1;
	}
	for (i = 0; i < RINGMSG_STREAMS; i++)
		in->free[i] = (uint32_t)(RINGMSG_STREAMS - 1 - i);
	in->n_free = RINGMSG_STREAMS;
	ring_putter(ring);
	put_start(in);
	return 0;
}

void
intake_fini(struct intake *in)
{
	if (in->room != NULL)
		event_free(in->room);
	free(in->scratch);
	free(in->free);
	buf_fini(&in->backlog);
}

void
intake_feeds(struct intake *in, size_t log)
{
	in->feeds |= UINT64_C(1) << log;
	ring_will(in->ring)->feeds |= in->feeds;
}

uint64_t *
intake_unput(struct intake *in, size_t log)
{
	return &ring_will(in->ring)->bytes[log];
}

bool
intake_ready(struct intake *in)
{
	return in->backlog.len == 0 && ring_room(in->ring) >= READY;
}

size_t
intake_portion(const struct intake *in)
{
	return in->held > INTAKE_HELD_MAX ? INTAKE_LEAST : INTAKE_SCRATCH;
}

void
intake_wait(struct intake *in, struct intake_waiter *w)
{
	if (w->waiting)
		return;
	w->waiting = true;
	TAILQ_INSERT_TAIL(&in->waiters, w, next);
	in->n_waiting++;
	want_room(in);
}

void
intake_forget(struct intake *in, struct intake_waiter *w)
{
	if (!w->waiting)
		return;
	w->waiting = false;
	TAILQ_REMOVE(&in->waiters, w, next);
	in->n_waiting--;
}

uint32_t
intake_open(struct intake *in, size_t log, uint64_t rx, struct span words)
{
	uint32_t stream;

	if (in->n_free == 0)
		return RINGMSG_NO_STREAM;
	stream = in->free[--in->n_free];
	put(in,
	    &(struct ringmsg){ .kind = RINGMSG_STREAM,
		.stream = stream,
		.log = (uint32_t)log,
		.rx = rx,
		.body = words });
	return stream;
}

bool
intake_record(struct intake *in, size_t log, uint64_t rx, uint32_t stream,
    unsigned flags, uint16_t port, struct span body)
{
	struct ringmsg m = { .kind = RINGMSG_RECORD,
		.flags = (uint8_t)flags,
		.port = port,
		.stream = stream,
		.log = (uint32_t)log,
		.rx = rx,
		.body = body };

	if (in->backlog.len > 0 || !ring_put(in->ring, &m))
		return false;
	in->counters[log].received++;
	return true;
}

uint64_t
intake_position(const struct intake *in)
{
	return ring_head(in->ring);
}

void
intake_end(struct intake *in, uint32_t stream, const char *why)
{
	put(in,
	    &(struct ringmsg){ .kind = RINGMSG_END,
		.stream = stream,
		.body = span_str(why) });
	in->free[in->n_free++] = stream;
}

void
intake_gap(struct intake *in, enum gap_kind kind, size_t log, uint32_t stream,
    uint64_t rx, struct span words)
{
	put(in,
	    &(struct ringmsg){ .kind = RINGMSG_GAP,
		.flags = (uint8_t)kind,
		.log = (uint32_t)log,
		.stream = stream,
		.rx = rx,
		.body = words });
}

void
intake_dropped(struct intake *in, size_t log, uint64_t n)
{
	in->counters[log].kernel_dropped += n;
}

void
intake_refused(struct intake *in, size_t log, uint64_t n)
{
	in->counters[log].refused += n;
}

void
intake_unwritten(struct intake *in, size_t log, uint64_t n)
{
	in->counters[log].received += n;
	in->counters[log].unwritten += n;
}

void
intake_publish(struct intake *in)
{
	ring_publish(in->ring);
}

void
intake_tell(struct intake *in, uint64_t now)
{
	const struct ringmsg_counters *c = in->counters;
	size_t i;

	for (i = 0; i < in->site->n_logs; i++) {
		if (memcmp(&c[i], &in->told[i], sizeof(c[i])) == 0)
			continue;
		in->told[i] = c[i];
		put(in,
		    &(struct ringmsg){ .kind = RINGMSG_COUNTERS,
			.log = (uint32_t)i,
			.body = { (const uint8_t *)&c[i], sizeof(c[i]) } });
	}
	ring_publish(in->ring);
	if (!in->begun && intake_drained(in))
		begin(in);
	if (in->begun)
		ring_will(in->ring)->well = now;
}

void
intake_leave(struct intake *in)
{
	if (in->begun && intake_drained(in))
		ring_will(in->ring)->well = 0;
}

bool
intake_drained(const struct intake *in)
{
	return in->backlog.len == 0;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/format/stream.h"
#include "common/log.h"
#include "common/pool.h"
#include "common/text.h"
#include "evidence/leaf.h"

#define BATCH_RECORDS 512
#define BATCH_BYTES (1u << 20) /* of bodies; one more may be longer */
#define BODY_MAX (RECORD_BODY_MAX + RECORD_SYSTEM_MAX)

struct item {
	struct evread_record rec;
	uint8_t salt[RECORD_SALT];
	const char *origin;
	bool is_event;
	bool later; /* it is understood when it is given out */
	bool asked; /* what its stream had said before */
	bool looked;
	size_t known; /* which of the batch's streams; n_known: none */
	/* What it means; its fields and what was seen are the batch's. */
	const struct event_source *source;
	enum text_encoding encoding;
	const char *format;
	int64_t time;
	enum event_clock clock;
	uint8_t mark;
	struct span time_text;
	unsigned dropped;
	size_t field, n_field, seen, n_seen;
};

/* What one thread works with; there are as many as threads. */
struct hand {
	struct formats *formats; /* remembers what the batch says */
	const char *origin;	 /* of the log that this is of */
	bool remembers;		 /* anything at all */
	void *look;
	struct event event;
	struct hand *next; /* that is free, too */
};

struct batch {
	struct pool_job job;
	struct ahead *of;
	struct arena *a; /* values of the events */
	size_t n, given;
	struct item item[BATCH_RECORDS];
	uint8_t *bytes; /* bodies: BATCH_BYTES + BODY_MAX */
	size_t len;
	struct event_field *field;
	size_t n_field, cap_field;
	uint32_t *seen;
	size_t n_seen, cap_seen;
	/* What was remembered of streams when it was read; zero from n on. */
	struct stream *known;
	size_t n_known, cap_known;
};

struct ahead {
	struct evchain *log;
	struct reading *reading;
	const struct formats *formats;
	const struct ahead_look *look; /* or NULL */
	int zone;
	struct pool *pool;
	struct arena *names;
	const char *origin; /* of the record read last */
	struct event event; /* given out last */
	bool tables;	    /* something is remembered of streams */
	struct hand *hand;
	size_t n_hand;
	struct hand *idle; /* by the lock */
	pthread_mutex_t lock;
	size_t n_batch, first, n_busy; /* those under way, around */
	struct batch **batch;
	struct batch *giving; /* or NULL */
	bool pause;	      /* nothing is read until all is given out */
	bool ended;
	int rc; /* why */
	struct buf why;
};

static void *
must(void *p)
{
	if (p == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	return p;
}

/* Room for n more. */
static void
reserve(void *v, size_t n, size_t more, size_t *cap, size_t size)
{
	void **p = v;

	if (n + more <= *cap)
		return;
	*cap = (n + more) * 2;
	*p = must(reallocarray(*p, *cap, size));
}

/* ---- in a worker ---- */

static void
keep(struct batch *b, struct item *it, const struct event *e)
{
	it->encoding = e->encoding;
	it->format = e->format;
	it->time = e->time;
	it->clock = e->clock;
	it->mark = e->mark;
	it->time_text = e->time_text;
	it->dropped = e->dropped;
	it->field = b->n_field;
	it->n_field = e->n;
	reserve(&b->field, b->n_field, e->n, &b->cap_field, sizeof(e->f[0]));
	if (e->n > 0)
		memcpy(b->field + b->n_field, e->f, e->n * sizeof(e->f[0]));
	b->n_field += e->n;
}

static void
look_at(struct batch *b, struct item *it, struct hand *h)
{
	const uint32_t *v;
	size_t n = b->of->look->at(h->look, &h->event, &v);

	it->looked = true;
	it->seen = b->n_seen;
	it->n_seen = n;
	reserve(&b->seen, b->n_seen, n, &b->cap_seen, sizeof(*v));
	if (n > 0)
		memcpy(b->seen + b->n_seen, v, n * sizeof(*v));
	b->n_seen += n;
}

/* Leaves of the records from i on that are of one segment: how many. */
static size_t
hash_some(struct batch *b, size_t i)
{
	uint8_t out[LEAF_BATCH][SHA256_LEN];
	const struct item *first = &b->item[i], *it = first;
	struct leaf in[LEAF_BATCH];
	size_t n = 0, k;

	for (; n < LEAF_BATCH && i + n < b->n; n++) {
		it = first + n;
		if (it->rec.hashed || it->origin != first->origin ||
		    it->rec.segment != first->rec.segment)
			break;
		in[n] = (struct leaf){ it->rec.r, it->rec.index, it->rec.seq };
	}
	leaf_hash(in, n, first->salt, NULL, out);
	for (k = 0; k < n; k++)
		memcpy(b->item[i + k].rec.leaf, out[k], SHA256_LEN);
	return n;
}

static void
hash(struct batch *b)
{
	size_t i = 0;

	while (i < b->n)
		i += b->item[i].rec.hashed ? 1 : hash_some(b, i);
}

/* The record's part. */
static void
begin(struct event *e, const struct item *it)
{
	e->origin = it->origin;
	e->index = it->rec.index;
	memcpy(e->leaf, it->rec.leaf, sizeof(e->leaf));
	e->stream = it->rec.r.stream;
	e->received = (int64_t)it->rec.r.rx;
	e->source = it->source;
	e->message = it->rec.message;
}

/* There is one: no more threads run at once than there are. */
static struct hand *
hand_take(struct ahead *a)
{
	struct hand *h;

	pthread_mutex_lock(&a->lock);
	h = a->idle;
	a->idle = h->next;
	pthread_mutex_unlock(&a->lock);
	return h;
}

static void
hand_give(struct ahead *a, struct hand *h)
{
	pthread_mutex_lock(&a->lock);
	h->next = a->idle;
	a->idle = h;
	pthread_mutex_unlock(&a->lock);
}

static void
forget(const struct ahead *a, struct hand *h)
{
	formats_free(h->formats);
	h->formats = formats_share(a->formats);
	h->remembers = false;
	h->origin = NULL;
}

/* As one who has read all before would know the stream. */
static void
recall(const struct batch *b, const struct item *it, struct hand *h)
{
	const struct stream none = { .id = it->rec.r.stream, .used = true };
	bool known = it->known < b->n_known;

	if (h->origin != NULL && h->origin != it->origin)
		forget(b->of, h);
	h->origin = it->origin;
	if (known || h->remembers)
		formats_recall(h->formats,
		    known ? &b->known[it->known] : &none);
	h->remembers |= known;
}

static uint32_t
version_of(const struct batch *b, const struct item *it)
{
	return it->known < b->n_known ? b->known[it->known].version : 0;
}

/* What the line says of those behind it is not for this thread to remember. */
static void
understand(struct batch *b, struct item *it, struct hand *h)
{
	uint32_t stream = it->rec.r.stream;

	recall(b, it, h);
	begin(&h->event, it);
	reading_understand(h->formats, b->of->zone, &h->event, b->a);
	it->asked = formats_asked(h->formats);
	if (!it->asked)
		return;
	it->later = formats_stream(h->formats, stream)->version !=
	    version_of(b, it);
	h->remembers |= it->later;
	if (it->later)
		recall(b, it, h);
}

static void
run(void *arg)
{
	struct batch *b = arg;
	struct ahead *a = b->of;
	struct hand *h = hand_take(a);
	size_t i;

	hash(b);
	arena_reset(b->a);
	b->n_field = b->n_seen = 0;
	for (i = 0; i < b->n; i++) {
		struct item *it = &b->item[i];

		if (!it->is_event || it->later)
			continue;
		understand(b, it, h);
		if (it->later)
			continue;
		keep(b, it, &h->event);
		if (a->look != NULL)
			look_at(b, it, h);
	}
	hand_give(a, h);
}

/* ---- reading ---- */

static struct batch *
batch_new(struct ahead *a)
{
	struct batch *b = must(calloc(1, sizeof(*b)));

	b->of = a;
	b->a = arena_new();
	b->bytes = must(malloc(BATCH_BYTES + BODY_MAX));
	reserve(&b->seen, 0, BATCH_RECORDS, &b->cap_seen, sizeof(*b->seen));
	return b;
}

struct ahead *
ahead_new(unsigned jobs, struct evchain *log, struct reading *reading,
    const struct formats *formats, int zone)
{
	struct ahead *a = must(calloc(1, sizeof(*a)));
	size_t i;

	(void)text_init(); /* not by two threads at once */
	a->log = log;
	a->reading = reading;
	a->formats = formats;
	a->zone = zone;
	a->pool = pool_new(jobs);
	pthread_mutex_init(&a->lock, NULL);
	a->n_hand = jobs;
	a->hand = must(calloc(jobs, sizeof(*a->hand)));
	for (i = 0; i < jobs; i++) {
		a->hand[i].formats = formats_share(formats);
		hand_give(a, &a->hand[i]);
	}
	a->names = arena_new();
	a->origin = "";
	buf_init(&a->why);
	a->n_batch = 2 * (size_t)jobs + 1;
	a->batch = must(calloc(a->n_batch, sizeof(struct batch *)));
	for (i = 0; i < a->n_batch; i++)
		a->batch[i] = batch_new(a);
	return a;
}

void
ahead_free(struct ahead *a)
{
	struct batch *b;
	size_t i, k;

	if (a == NULL)
		return;
	pool_free(a->pool);
	for (i = 0; i < a->n_batch; i++) {
		b = a->batch[i];
		arena_free(b->a);
		free(b->bytes);
		free(b->field);
		free(b->seen);
		for (k = 0; k < b->cap_known; k++)
			stream_fini(&b->known[k]);
		free(b->known);
		free(b);
	}
	free(a->batch);
	for (i = 0; i < a->n_hand; i++) {
		if (a->hand[i].look != NULL)
			a->look->close(a->hand[i].look);
		formats_free(a->hand[i].formats);
	}
	free(a->hand);
	pthread_mutex_destroy(&a->lock);
	arena_free(a->names);
	buf_fini(&a->why);
	free(a);
}

void
ahead_set_look(struct ahead *a, const struct ahead_look *look)
{
	size_t i;

	a->look = look;
	for (i = 0; i < a->n_hand; i++)
		a->hand[i].look = look->open(look->arg);
}

/* Which of the batch's streams says what is remembered of this one now. */
static size_t
known_of(struct ahead *a, struct batch *b, uint32_t stream)
{
	const struct stream *st =
	    reading_stream(a->reading, a->origin, stream);
	size_t i = b->n_known, cap = b->cap_known;

	if (st == NULL)
		return SIZE_MAX;
	while (i > 0)
		if (b->known[--i].id == stream &&
		    b->known[i].version == st->version)
			return i;
	reserve(&b->known, b->n_known, 1, &b->cap_known, sizeof(*b->known));
	if (b->cap_known > cap)
		memset(b->known + cap, 0,
		    (b->cap_known - cap) * sizeof(*b->known));
	stream_copy(&b->known[b->n_known], st);
	return b->n_known++;
}

/* Copy what lives until the next record only. */
static void
add(struct ahead *a, struct batch *b, const struct evread_record *rec)
{
	struct item *it = &b->item[b->n++];
	struct span body = rec->r.body;
	uint8_t *to = b->bytes + b->len;

	memset(it, 0, sizeof(*it));
	it->rec = *rec;
	memcpy(it->salt, rec->salt, sizeof(it->salt));
	it->rec.salt = it->salt;
	if (strcmp(a->origin, evchain_origin(a->log)) != 0)
		a->origin =
		    arena_str(a->names, span_str(evchain_origin(a->log)));
	it->origin = a->origin;
	it->is_event = reading_take(a->reading, rec, a->origin, &a->event);
	it->source = a->event.source;
	it->known = SIZE_MAX;
	if (it->is_event && a->tables)
		it->known = known_of(a, b, rec->r.stream);
	if (body.len > 0)
		memcpy(to, body.p, body.len);
	b->len += body.len;
	it->rec.r.body = span_make(to, body.len);
	if (rec->message.len > 0)
		it->rec.message = span_make(to + (rec->message.p - body.p),
		    rec->message.len);
}

/* What is said of deleted segments is said of those that were passed over up
 * to the record: the reader stops there until it is given out. */
static void
fill(struct ahead *a, struct batch *b)
{
	struct evread_record rec;

	b->n = b->given = b->len = b->n_known = 0;
	while (b->n < BATCH_RECORDS && b->len < BATCH_BYTES && !a->pause) {
		if ((a->rc = evchain_next(a->log, &rec, &a->why)) != 1) {
			a->ended = true;
			return;
		}
		add(a, b, &rec);
		a->pause = rec.r.kind == RECORD_DELETION;
	}
}

static void
read_on(struct ahead *a)
{
	struct batch *b;

	if (a->n_busy == 0)
		a->pause = false;
	while (a->n_busy < a->n_batch && !a->ended && !a->pause) {
		b = a->batch[(a->first + a->n_busy) % a->n_batch];
		fill(a, b);
		if (b->n == 0)
			return;
		b->job = (struct pool_job){ .run = run, .arg = b };
		pool_add(a->pool, &b->job);
		a->n_busy++;
	}
}

/* ---- giving out ---- */

static void
restore(const struct batch *b, const struct item *it, struct event *e)
{
	begin(e, it);
	e->encoding = it->encoding;
	e->format = it->format;
	e->time = it->time;
	e->clock = it->clock;
	e->mark = it->mark;
	e->time_text = it->time_text;
	e->dropped = it->dropped;
	e->n = it->n_field;
	if (e->n > 0)
		memcpy(e->f, b->field + it->field, e->n * sizeof(e->f[0]));
}

/* Whether a record before it has said something that the worker did not know,
 * and that bears on it. */
static bool
is_outdated(struct ahead *a, const struct batch *b, const struct item *it)
{
	uint32_t stream = it->rec.r.stream;
	const struct stream *st =
	    reading_stream(a->reading, it->origin, stream);

	if ((st == NULL ? 0 : st->version) == version_of(b, it))
		return false;
	return it->asked || reading_remembers(a->reading, it->origin, stream);
}

static struct event *
event_of(struct ahead *a, const struct batch *b, struct item *it)
{
	struct event *e;

	if (!it->later && a->tables)
		it->later = is_outdated(a, b, it);
	if (!it->later) {
		restore(b, it, &a->event);
		if (it->asked)
			reading_asked(a->reading, it->rec.r.stream);
		return &a->event;
	}
	begin(&a->event, it);
	e = reading_again(a->reading, &a->event);
	a->tables |= reading_stream(a->reading, it->origin,
			 it->rec.r.stream) != NULL;
	return e;
}

static void
give(struct ahead *a, struct batch *b, struct ahead_item *item)
{
	struct item *it = &b->item[b->given++];

	item->rec = it->rec;
	item->origin = it->origin;
	item->event = it->is_event ? event_of(a, b, it) : NULL;
	item->seen = NULL;
	item->n_seen = it->n_seen;
	if (it->looked && !it->later)
		item->seen = b->seen + it->seen;
}

/* The batch that is given out is empty: the next one.  False: there is none. */
static bool
turn(struct ahead *a)
{
	if (a->giving != NULL) {
		a->first = (a->first + 1) % a->n_batch;
		a->n_busy--;
		a->giving = NULL;
	}
	read_on(a);
	if (a->n_busy == 0)
		return false;
	a->giving = a->batch[a->first];
	pool_wait(a->pool, &a->giving->job);
	return true;
}

int
ahead_next(struct ahead *a, struct ahead_item *item, struct buf *why)
{
	while (a->giving == NULL || a->giving->given == a->giving->n)
		if (!turn(a)) {
			a->ended = false; /* a live log grows */
			buf_span(why, buf_view(&a->why));
			a->why.len = 0;
			return a->rc;
		}
	give(a, a->giving, item);
	return 1;
}

void
ahead_remember(struct ahead *a)
{
	a->tables = true;
}

void
ahead_reset(struct ahead *a)
{
	size_t i;

	for (i = 0; i < a->n_busy; i++)
		pool_wait(a->pool,
		    &a->batch[(a->first + i) % a->n_batch]->job);
	for (i = 0; i < a->n_hand; i++)
		forget(a, &a->hand[i]);
	a->n_busy = 0;
	a->giving = NULL;
	a->ended = a->pause = false;
	a->why.len = 0;
}

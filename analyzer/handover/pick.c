/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/pick.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

#define NONE UINT64_MAX

struct picking {
	struct pick *p;
	const struct shelf *shelf;
	struct choice *choice;
	struct evread *in;
	uint64_t opening, epoch, seal;	/* newest m1, k1 and s1, or NONE */
	bool seal_wanted;		/* the next one too */
	uint64_t opened;		/* the m1 that was added last */
	struct evread_stream **streams; /* of chosen records in this segment */
	size_t n_streams, cap_streams;
};

static void *
grow(void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	*cap = *cap == 0 ? 256 : 2 * *cap;
	if (*cap > SIZE_MAX / size || (v = realloc(v, *cap * size)) == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	return v;
}

static void
add(struct pick *p, uint64_t index, bool withheld)
{
	if (index == NONE)
		return;
	p->v = grow(p->v, p->n, &p->cap, sizeof(*p->v));
	p->v[p->n++] = (struct pick_item){ index, withheld };
}

/* Remember the stream of a chosen record, once in its segment. */
static void
stream_seen(struct picking *k, struct evread_stream *s)
{
	if (s->user != NULL)
		return;
	s->user = k;
	k->streams = grow(k->streams, k->n_streams, &k->cap_streams,
	    sizeof(struct evread_stream *));
	k->streams[k->n_streams++] = s;
	add(k->p, s->defined, false);
}

static void
bound(struct pick *p, const struct evread_record *r)
{
	if (!p->any) {
		p->any = true;
		p->first = r->index;
		p->low = p->high = r->r.rx;
	}
	p->last = r->index;
	p->low = r->r.rx < p->low ? r->r.rx : p->low;
	p->high = r->r.rx > p->high ? r->r.rx : p->high;
}

static void
take(struct picking *k, const struct evread_record *r, enum choice_says says)
{
	bool withheld = says != CHOICE_SHOWN;

	bound(k->p, r);
	add(k->p, r->index, withheld);
	if (r->stream != NULL && says != CHOICE_REST)
		stream_seen(k, r->stream);
	if (k->seal_wanted && k->opened == k->opening)
		return;
	add(k->p, k->opening, false);
	add(k->p, k->epoch, false);
	add(k->p, k->seal, false);
	k->opened = k->opening;
	k->seal_wanted = true;
}

/* The end of a stream that something was chosen of. */
static void
stream_end(struct picking *k, const struct evread_record *r)
{
	uint64_t number;
	size_t i;

	if (!span_starts(r->r.body, SPAN("end ")) ||
	    record_word_get_u64(r->r.body, "stream", &number) != 1)
		return;
	for (i = 0; i < k->n_streams; i++)
		if (k->streams[i]->number == number) {
			add(k->p, r->index, false);
			k->streams[i]->user = NULL;
			k->streams[i] = k->streams[--k->n_streams];
			return;
		}
}

static void
context(struct picking *k, const struct evread_record *r)
{
	if (r->r.kind == RECORD_SEGMENT) {
		k->opening = r->index;
		while (k->n_streams > 0)
			k->streams[--k->n_streams]->user = NULL;
	} else if (r->r.kind == RECORD_EPOCH) {
		k->epoch = r->index;
	} else if (r->r.kind == RECORD_STREAM) {
		stream_end(k, r);
	} else if (r->r.kind == RECORD_SEAL) {
		if (k->seal_wanted)
			add(k->p, r->index, false);
		k->seal_wanted = false;
		k->seal = r->index;
	}
}

/* The records [first, end). */
static int
walk(struct picking *k, uint64_t first, uint64_t end, struct buf *why)
{
	struct evread_record r;
	enum choice_says says;
	int rc = 0;

	if (first >= end)
		return 0;
	if (evread_seek(k->in, first, why) != 0)
		return -1;
	while ((rc = evread_next(k->in, &r, why)) == 1) {
		says = choice_of(k->choice, &r);
		if (says == CHOICE_CONTEXT)
			add(k->p, r.index, false);
		else if (says != CHOICE_HIDDEN)
			take(k, &r, says);
		context(k, &r);
		log_progress(tr("choosing", "記録の選択"), r.index,
		    k->shelf->checkpoint.size);
		if (r.index + 1 >= end)
			return 0;
	}
	return rc;
}

/* Whether a closed segment can hold something chosen. */
static bool
touched(const struct picking *k, size_t i)
{
	const struct choice *c = k->choice;
	const struct shelf_item *item;

	if (i >= k->shelf->n)
		return false;
	item = &k->shelf->v[i];
	return item->here && item->last >= c->from && item->first <= c->to &&
	    item->high >= c->since && item->low < c->until;
}

static int
walk_all(struct picking *k, struct buf *why)
{
	const struct shelf *s = k->shelf;
	const struct shelf_item *item;
	uint64_t tail = shelf_closed(s);
	bool open = k->choice->to >= tail;
	size_t i;

	for (i = 0; i < s->n; i++) {
		item = &s->v[i];
		/* The one before has the seal before; it may be the open's. */
		if (!item->here ||
		    !(touched(k, i) || touched(k, i + 1) || k->seal_wanted ||
			(open && i + 1 == s->n))) {
			k->opening = k->epoch = k->seal = NONE;
			continue;
		}
		if (walk(k, item->first, item->last + 1, why) != 0)
			return -1;
	}
	return open || k->seal_wanted ? walk(k, tail, s->checkpoint.size, why)
				      : 0;
}

static int
by_index(const void *a, const void *b)
{
	const struct pick_item *x = a, *y = b;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return (int)x->withheld - (int)y->withheld;
}

void
pick_show(struct pick *p, uint64_t index)
{
	add(p, index, false);
}

/*
 * A system record that dates or defines another is shown, whoever else chose
 * to withhold it.
 */
void
pick_settle(struct pick *p)
{
	const struct pick_item *v;
	size_t i, n = 0;

	if (p->n > 0)
		qsort(p->v, p->n, sizeof(*p->v), by_index);
	for (i = 0; i < p->n; i++)
		if (n == 0 || p->v[n - 1].index != p->v[i].index)
			p->v[n++] = p->v[i];
	p->n = n;
	for (v = p->v; v < p->v + n; v++)
		if (v->index >= p->first && v->index <= p->last) {
			p->shown += !v->withheld;
			p->withheld += v->withheld;
		}
}

int
pick_make(struct pick *p, const struct shelf *s, struct choice *c,
    struct buf *why)
{
	struct picking k = { .p = p,
		.shelf = s,
		.choice = c,
		.opening = NONE,
		.opened = NONE,
		.epoch = NONE,
		.seal = NONE };
	int rc;

	memset(p, 0, sizeof(*p));
	if (evread_open(&k.in, s->path, false, why) != 0)
		return -1;
	rc = walk_all(&k, why);
	log_progress_end();
	evread_close(k.in);
	free(k.streams);
	/* The checkpoint's own seal says when it was made. */
	if (rc == 0 && s->checkpoint.size > 0)
		add(p, s->checkpoint.size - 1, false);
	return rc;
}

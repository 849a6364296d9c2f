/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/hunt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "analyzer/find/hunt_plan.h"
#include "analyzer/find/stretch.h"
#include "common/io.h"
#include "common/log.h"

#define CHECKS 64u /* blocks of a search whose filters are made again */

struct crew {
	const struct hunt_options *o;
	struct hunt *h;
	struct hunt_plan plan;
	struct pool *pool;
	struct stretch *s;
	size_t n; /* stretches */
	struct buf folder;
	bool have_folder;
	uint64_t bytes, all; /* of files; for progress */
};

void
hunt_init(struct hunt *h)
{
	memset(h, 0, sizeof(*h));
	skipidx_init(&h->sum);
	buf_init(&h->unkept);
	buf_init(&h->why);
}

void
hunt_fini(struct hunt *h)
{
	skipidx_fini(&h->sum);
	buf_fini(&h->unkept);
	buf_fini(&h->why);
	free(h->missing);
}

/* ---- a segment is given out, and comes back ---- */

static bool
is_drawn(const struct crew *c)
{
	uint32_t x = 0;

	if (getrandom(&x, sizeof(x), 0) != sizeof(x))
		return false;
	return x % (c->plan.n / CHECKS + 1) == 0;
}

static void
give(struct crew *c, struct stretch *s, const struct hunt_segment *seg)
{
	struct stretch_want *w = &s->want;

	*w = (struct stretch_want){ .dir = &c->plan.dir,
		.o = c->o,
		.origin = c->h->origin,
		.segment = seg->number,
		.first = seg->first,
		.last = seg->last,
		.closed = seg->closed,
		.gzip_len = seg->gzip_len,
		.members = seg->members,
		.newest = seg->newest,
		.check = is_drawn(c),
		.folder = c->have_folder ? buf_cstr(&c->folder) : NULL };
	memcpy(w->path, seg->path, sizeof(w->path));
	memcpy(w->gzip_hash, seg->gzip_hash, SHA256_LEN);
	s->job = (struct pool_job){ .run = stretch_run, .arg = s };
	pool_add(c->pool, &s->job);
}

static void
widen(struct hunt *h, const struct stretch *s)
{
	if (s->low != 0 && (h->first == 0 || s->low < h->first))
		h->first = s->low;
	if (s->high > h->last)
		h->last = s->high;
	if (s->newest > h->newest)
		h->newest = s->newest;
}

/* That a segment was deleted. */
static void
take_deletion(struct hunt *h, const struct skipidx_gap *g)
{
	size_t lo = 0, hi = h->n_missing, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (h->missing[mid].segment < g->count)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < h->n_missing && h->missing[lo].segment == g->count &&
	    h->missing[lo].first == g->from && h->missing[lo].last == g->until)
		h->missing[lo].deleted = true;
}

static void
take_gap(struct hunt *h, const struct skipidx_gap *g)
{
	struct hunt_gap *k = h->gaps;

	while (k < h->gaps + h->n_gaps && strcmp(k->kind, g->kind) != 0)
		k++;
	if (k == h->gaps + HUNT_GAPS) {
		h->gaps_beyond++;
		return;
	}
	if (k == h->gaps + h->n_gaps) {
		h->n_gaps++;
		memcpy(k->kind, g->kind, sizeof(k->kind));
		k->from = g->from;
		k->index = g->index;
	}
	k->n++;
	k->count += g->count;
	if (g->from < k->from)
		k->from = g->from;
	if (g->until > k->until)
		k->until = g->until;
}

static void
add_gaps(struct crew *c, const struct skipidx *x)
{
	const struct skipidx_gap *g;

	for (g = x->gaps; g < x->gaps + x->n_gaps; g++)
		if (strcmp(g->kind, "x1") == 0)
			take_deletion(c->h, g);
		else if (g->from < c->o->until && g->until >= c->o->from)
			take_gap(c->h, g);
	c->h->gaps_beyond += x->gaps_beyond;
}

static void
give_hits(struct crew *c, const struct stretch *s)
{
	struct hunt *h = c->h;
	size_t i;

	h->hits += s->n_hits;
	for (i = 0; i < s->hits.n && h->shown < c->o->limit; i++, h->shown++)
		c->o->hit(c->o->cookie, &s->hits.v[i]);
}

static void
take(struct crew *c, struct stretch *s)
{
	struct hunt *h = c->h;

	h->segments++;
	h->blocks += s->blocks;
	h->blocks_read += s->read;
	h->blocks_passed += s->passed;
	h->blocks_checked += s->checked;
	h->records += s->records;
	h->bytes += s->body_bytes;
	h->system += s->system;
	h->file_bytes += s->file_bytes;
	h->indexed += s->indexed;
	h->made += s->made;
	h->wrong += s->wrong;
	widen(h, s);
	skipidx_sum(&h->sum, &s->index);
	add_gaps(c, &s->index);
	if (s->unkept.len > 0 && h->unkept.len == 0)
		buf_span(&h->unkept, buf_view(&s->unkept));
	give_hits(c, s);
	if (s->why.len > 0 && h->why.len == 0)
		buf_span(&h->why, buf_view(&s->why));
	if (s->want.newest && s->why.len == 0)
		hunt_plan_prove(&c->plan, &s->range, s->previous, h);
	c->bytes += s->want.closed ? s->want.gzip_len : 0;
	if (c->o->progress != NULL)
		c->o->progress(c->o->cookie, c->bytes, c->all);
}

/* All segments in their order, as many at a time as there are stretches. */
static void
search(struct crew *c)
{
	size_t given = 0, taken = 0;

	for (; taken < c->plan.n; taken++) {
		for (; given < c->plan.n && given < taken + c->n; given++)
			give(c, &c->s[given % c->n], &c->plan.v[given]);
		pool_wait(c->pool, &c->s[taken % c->n].job);
		take(c, &c->s[taken % c->n]);
	}
}

static void
make_folder(struct crew *c)
{
	if (c->o->cache == NULL)
		return;
	skipidx_folder(&c->folder, c->o->cache, c->h->origin);
	c->have_folder = io_mkdirs(buf_cstr(&c->folder), 0750) == 0;
	if (!c->have_folder)
		buf_printf(&c->h->unkept, "%s: %s", buf_cstr(&c->folder),
		    strerror(errno));
}

static void
explain_missing(struct hunt *h)
{
	size_t i;

	for (i = 0; i < h->n_missing; i++)
		if (!h->missing[i].deleted && h->why.len == 0)
			buf_printf(&h->why,
			    tr("segment %llu is missing, and no record says "
			       "that it was deleted: run 'konseki verify'",
				"セグメント%lluがなく、削除の記録もありません。"
				"konseki verifyを実行してください"),
			    (unsigned long long)h->missing[i].segment);
}

static void
run(struct crew *c)
{
	size_t i;

	make_folder(c);
	for (i = 0; i < c->plan.n; i++)
		c->all += c->plan.v[i].gzip_len;
	c->n = c->o->jobs < 2 ? 1 : 2 * (size_t)c->o->jobs;
	c->s = calloc(c->n, sizeof(*c->s));
	if (c->s == NULL)
		abort();
	for (i = 0; i < c->n; i++)
		stretch_init(&c->s[i], c->o->matcher);
	c->pool = pool_new(c->o->jobs < 2 ? 0 : c->o->jobs);
	search(c);
	pool_free(c->pool);
	for (i = 0; i < c->n; i++)
		stretch_fini(&c->s[i]);
	free(c->s);
}

int
hunt_run(const struct hunt_options *o, struct hunt *h)
{
	struct crew c = { .o = o, .h = h };

	buf_init(&c.folder);
	if (hunt_plan_make(&c.plan, o, h) == 0) {
		run(&c);
		explain_missing(h);
	}
	hunt_plan_fini(&c.plan);
	buf_fini(&c.folder);
	return h->why.len > 0 ? -1 : 0;
}

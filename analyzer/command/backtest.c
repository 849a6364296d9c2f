/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/backtest.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/case/entry.h"
#include "analyzer/case/intake.h"
#include "analyzer/case/linking.h"
#include "common/log.h"
#include "common/utc.h"

#define ALSO 8 /* rules that are named beside one finding */
#define BEYOND (INDEX_NONE - 1) /* the place of one that is not listed */

static int
by_begin(const void *a, const void *b)
{
	const struct backtest_past *x = a, *y = b;

	if (x->f->from != y->f->from)
		return x->f->from < y->f->from ? -1 : 1;
	return strcmp(x->f->id, y->f->id);
}

void
backtest_hits_init(struct backtest_hits *h, const struct casebook *book)
{
	size_t i;

	h->arena = arena_new();
	h->book = book;
	h->max = BACKTEST_HITS;
	h->by_id = index_new();
	h->past = calloc(book->n_findings + 1, sizeof(*h->past));
	if (h->past == NULL)
		abort();
	for (i = 0; i < book->n_findings; i++)
		if (!book->findings[i].withdrawn)
			h->past[h->n_past++].f = &book->findings[i];
	qsort(h->past, h->n_past, sizeof(*h->past), by_begin);
	for (i = 0; i < h->n_past; i++) {
		h->past[i].until = h->past[i].f->until;
		if (i > 0 && h->past[i - 1].until > h->past[i].until)
			h->past[i].until = h->past[i - 1].until;
	}
}

void
backtest_hits_fini(struct backtest_hits *h)
{
	index_free(h->by_id);
	free(h->past);
	free(h->v);
	arena_free(h->arena);
}

/* How many of the casebook's begin before an instant. */
static size_t
begun(const struct backtest_hits *h, int64_t at)
{
	size_t low = 0, high = h->n_past, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (h->past[mid].f->from < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The codes of others that told of the same at the time, each once. */
static const char *
others(struct backtest_hits *h, const struct casebook_finding *f)
{
	const struct casebook_finding *p;
	const char *code[ALSO];
	const char *text = "";
	size_t i, k, n = 0;

	for (i = begun(h, f->until);
	     i > 0 && h->past[i - 1].until > f->from && n < ALSO; i--) {
		p = h->past[i - 1].f;
		if (p->until <= f->from || strcmp(p->rule, f->rule) == 0 ||
		    !linking_shares(f, p))
			continue;
		for (k = 0; k < n && strcmp(code[k], p->rule) != 0; k++)
			;
		if (k == n)
			code[n++] = p->rule;
	}
	for (i = 0; i < n; i++)
		text = arena_printf(h->arena, "%s%s%s", text,
		    i > 0 ? " " : "", code[i]);
	return text;
}

static bool
is_known(const struct backtest_hits *h, const struct casebook_finding *f)
{
	size_t i;

	for (i = begun(h, f->from + 1);
	     i > 0 && h->past[i - 1].f->from == f->from; i--)
		if (strcmp(h->past[i - 1].f->id, f->id) == 0)
			return true;
	return false;
}

static const char *
keep(struct backtest_hits *h, const char *s)
{
	return arena_str(h->arena, span_str(s));
}

static void
fill(struct backtest_hits *h, struct backtest_hit *o, const struct finding *f)
{
	struct arena *arena = arena_new();
	struct casebook_finding c;
	struct buf text;
	size_t i;

	intake_finding(f, h->book->size, arena, &c);
	if (h->exceptions != NULL)
		intake_except(&c, h->exceptions, h->zone, arena);
	*o = (struct backtest_hit){ .rule = keep(h, f->rule),
		.key = keep(h, f->key),
		.what = keep(h, tr(f->what_en, f->what_ja)),
		.also = others(h, &c),
		.kind = f->kind,
		.severity = f->severity,
		.first = f->first,
		.n_evidence = f->n_evidence,
		.excepted = c.excepted != NULL && *c.excepted != '\0',
		.known = is_known(h, &c) };
	memcpy(o->id, f->id, sizeof(o->id));
	for (i = 0; i < c.n_cites && i < BACKTEST_CITES; i++) {
		o->cites[i] = c.cites[i];
		o->cites[i].origin = keep(h, c.cites[i].origin);
		o->n_cites++;
	}
	buf_init(&text);
	if (h->whole) {
		entry_print_finding(&c, &text);
		o->json = arena_str(h->arena, buf_view(&text));
	}
	buf_fini(&text);
	arena_free(arena);
}

static struct backtest_hit *
place(struct backtest_hits *h, const char *id)
{
	uint32_t *slot = index_put(h->by_id, span_str(id));

	if (*slot != INDEX_NONE)
		return *slot == BEYOND ? NULL : &h->v[*slot];
	if (h->n == h->max) {
		*slot = BEYOND;
		h->more++;
		return NULL;
	}
	if (h->n == h->cap) {
		h->cap = h->cap == 0 ? 64 : h->cap * 2;
		h->v = reallocarray(h->v, h->cap, sizeof(*h->v));
		if (h->v == NULL)
			abort();
	}
	*slot = (uint32_t)h->n;
	return &h->v[h->n++];
}

void
backtest_take(void *arg, const struct finding *f)
{
	struct backtest_hits *h = arg;
	struct backtest_hit *o;

	if (f->withdrawn || f->first < h->from || f->first >= h->until)
		return;
	if ((o = place(h, f->id)) != NULL)
		fill(h, o, f);
}

static int
by_time(const void *a, const void *b)
{
	const struct backtest_hit *x = a, *y = b;
	int rc;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	rc = strcmp(x->rule, y->rule);
	return rc != 0 ? rc : strcmp(x->id, y->id);
}

void
backtest_compare(struct backtest_hits *h, const struct backtest_hits *before)
{
	size_t i;

	if (h->n > 0)
		qsort(h->v, h->n, sizeof(*h->v), by_time);
	for (i = 0; i < h->n; i++)
		h->v[i].before = before != NULL &&
		    index_get(before->by_id, span_str(h->v[i].id)) !=
			INDEX_NONE;
}

/* ---- weeks ---- */

static int64_t
monday(int64_t at, int zone)
{
	int64_t local = at + zone * UTC_SECOND;
	int64_t day = local >= 0 ? local / UTC_DAY
				 : -((UTC_DAY - 1 - local) / UTC_DAY);

	return day - (utc_weekday(day) + 6) % 7;
}

static void
count(struct backtest_week *w, const struct backtest_hit *o)
{
	w->alerts++;
	w->known += o->known;
	w->also += !o->known && *o->also != '\0';
	w->fresh += !o->known && *o->also == '\0';
	w->before += o->before;
}

double
backtest_weeks(const struct backtest_report *r)
{
	double weeks = (double)(r->until - r->from) / (7.0 * (double)UTC_DAY);

	return weeks < 1 ? 1 : weeks;
}

void
backtest_count(struct backtest_report *r, struct arena *arena)
{
	const struct backtest_hits *h = r->hits;
	const struct backtest_hit *o;
	int64_t day;
	size_t i;

	r->week = arena_alloc(arena, (h->n + 1) * sizeof(*r->week));
	for (i = 0; i < h->n; i++) {
		o = &h->v[i];
		r->sheets += o->kind == FINDING_SHEET;
		r->unknown += o->kind == FINDING_UNKNOWN;
		r->excepted += o->kind == FINDING_ALERT && o->excepted;
		if (o->kind != FINDING_ALERT || o->excepted)
			continue;
		day = monday(o->first, r->zone);
		if (r->n_weeks == 0 || r->week[r->n_weeks - 1].day != day)
			r->week[r->n_weeks++] =
			    (struct backtest_week){ .day = day };
		count(&r->week[r->n_weeks - 1], o);
		count(&r->all, o);
		r->severity[o->severity]++;
	}
	for (i = 0; r->before != NULL && i < r->before->n; i++) {
		o = &r->before->v[i];
		if (o->kind != FINDING_ALERT || o->excepted)
			continue;
		r->in_force++;
		r->lost +=
		    index_get(h->by_id, span_str(o->id)) == INDEX_NONE;
	}
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/command/find.h"
#include "analyzer/find/presence.h"
#include "common/hex.h"
#include "common/log.h"
#include "common/utc.h"

/* From what came of each log to the search as the casebook keeps it. */

static const char *
hex(struct find *f, const uint8_t hash[SHA256_LEN])
{
	char text[2 * SHA256_LEN + 1] = "";

	hex_print(hash, SHA256_LEN, text);
	return arena_str(f->arena, span_str(text));
}

/* As text that JSON and people can read. */
static const char *
clean(struct find *f, struct span s)
{
	return arena_str(f->arena, s);
}

static void
take_values(struct find *f)
{
	struct search *s = &f->search;
	const struct indicators *is = &f->what;
	size_t i;

	s->n.values = is->n;
	s->values = arena_alloc(f->arena,
	    (search_shown(is->n) + 1) * sizeof(*s->values));
	for (i = 0; i < is->n; i++)
		s->kinds[is->v[i].kind]++;
	for (i = 0; i < search_shown(is->n); i++)
		s->values[i] = (struct search_value){
			indicator_kind_word(is->v[i].kind),
			clean(f, is->v[i].text),
		};
	s->n.lists = is->n_lists;
	s->lists = arena_alloc(f->arena,
	    (is->n_lists + 1) * sizeof(*s->lists));
	for (i = 0; i < search_shown(is->n_lists); i++)
		s->lists[i] = (struct search_list){ is->lists[i].name,
			hex(f, is->lists[i].sha256), is->lists[i].rows };
}

static void
take_refused(struct find *f)
{
	struct search *s = &f->search;
	const struct indicators *is = &f->what;
	const struct indicators_refusal *r;
	size_t i;

	s->n.refused = is->refused;
	s->refused = arena_alloc(f->arena,
	    (search_shown(is->refused) + 1) * sizeof(*s->refused));
	for (i = 0; i < search_shown(is->refused); i++) {
		r = &is->refusals[i];
		s->refused[i] = (struct search_refused){
			.file = r->file == NULL ? "" : r->file,
			.column = r->column,
			.value = r->value,
			.why = r->why,
			.row = r->row,
		};
	}
}

void
find_record_begin(struct find *f)
{
	struct search *s = &f->search;

	*s = (struct search){ .reason = "",
		.program = PACKAGE_STRING,
		.where = f->log == NULL ? "" : f->log,
		.at = utc_now(),
		.asked_from = f->from != NULL,
		.asked_until = f->to != NULL,
		.full = f->full,
		.origin = "" };
	s->sha256 = hex(f, f->what.sha256);
	take_values(f);
	take_refused(f);
	s->logs = arena_alloc(f->arena, SEARCH_ROWS * sizeof(*s->logs));
	s->sources = arena_alloc(f->arena, SEARCH_ROWS * sizeof(*s->sources));
	s->gaps = arena_alloc(f->arena, SEARCH_ROWS * sizeof(*s->gaps));
	s->missing = arena_alloc(f->arena, SEARCH_ROWS * sizeof(*s->missing));
}

/* ---- a log ---- */

static void
add_log(struct find *f, const struct hunt *h, const char *proof)
{
	struct search *s = &f->search;

	if (s->n.logs < SEARCH_ROWS)
		s->logs[s->n.logs] = (struct search_log){
			.origin = clean(f, span_str(h->origin)),
			.root = hex(f, h->root),
			.proof = h->why.len > 0 ? "" : proof,
			.size = h->size,
			.segments = h->segments,
			.outside = h->outside,
			.blocks = h->blocks,
			.read = h->blocks_read,
			.passed = h->blocks_passed,
			.checked = h->blocks_checked,
			.records = h->records,
			.bytes = h->bytes,
			.system = h->system,
			.file_bytes = h->file_bytes,
			.first = (int64_t)h->first,
			.last = (int64_t)h->last,
		};
	s->n.logs++;
	s->hits += h->hits;
	s->records += h->records;
	s->bytes += h->bytes;
}

static void
add_gaps(struct find *f, const struct hunt *h)
{
	struct search *s = &f->search;
	const struct hunt_gap *g;

	for (g = h->gaps; g < h->gaps + h->n_gaps; g++) {
		if (s->n.gaps < SEARCH_ROWS)
			s->gaps[s->n.gaps] = (struct search_gap){
				.origin = clean(f, span_str(h->origin)),
				.kind = clean(f, span_str(g->kind)),
				.n = g->n,
				.count = g->count,
				.index = g->index,
				.from = (int64_t)g->from,
				.until = (int64_t)g->until,
			};
		s->n.gaps++;
	}
	if (h->gaps_beyond == 0)
		return;
	if (s->n.gaps < SEARCH_ROWS)
		s->gaps[s->n.gaps] = (struct search_gap){
			.origin = clean(f, span_str(h->origin)),
			.kind = "",
			.n = h->gaps_beyond,
		};
	s->n.gaps++;
}

static void
add_missing(struct find *f, const struct hunt *h)
{
	struct search *s = &f->search;
	const struct hunt_missing *m;

	for (m = h->missing; m < h->missing + h->n_missing; m++) {
		if (s->n.missing < SEARCH_ROWS)
			s->missing[s->n.missing] = (struct search_missing){
				.origin = clean(f, span_str(h->origin)),
				.first = m->first,
				.last = m->last,
				.from = (int64_t)m->low,
				.until = (int64_t)m->high,
				.deleted = m->deleted,
			};
		s->n.missing++;
	}
}

static int
compare_sources(const void *a, const void *b)
{
	const struct search_source *x = a, *y = b;

	if (x->records != y->records)
		return x->records < y->records ? 1 : -1;
	return strcmp(x->name, y->name);
}

static const char *
what_of(unsigned flags)
{
	if (flags & SKIPIDX_REST)
		return "rest";
	if (flags & SKIPIDX_REPLAY)
		return "replay";
	return flags & SKIPIDX_IMPORTED ? "imported" : "";
}

/* Of imports and replays the time of receipt says nothing of hours. */
static void
add_source(struct find *f, const struct skipidx_source *x)
{
	struct search *s = &f->search;
	struct search_source one = { .name = clean(f, span_str(x->label)),
		.what = what_of(x->flags) };
	struct presence p;

	presence_of(x, (uint64_t)s->from, (uint64_t)s->until, &p);
	if (p.records == 0)
		return;
	one.records = p.records;
	if ((x->flags & (SKIPIDX_IMPORTED | SKIPIDX_REPLAY)) == 0) {
		one.hours = p.hours;
		one.silent = p.silent;
		one.gap_from = (int64_t)p.gap_from;
		one.gap_until = (int64_t)p.gap_until;
	}
	if (s->n.sources < SEARCH_ROWS)
		s->sources[s->n.sources] = one;
	s->n.sources++;
}

/* The interval: what was asked, or all there is; but nothing can be said of
 * what comes behind the newest record. */
static void
set_interval(struct find *f, const struct hunt *h)
{
	struct search *s = &f->search;
	int64_t end = (int64_t)h->newest + 1;

	if (s->asked_from)
		s->from = (int64_t)f->since;
	else if (h->first != 0 &&
	    (s->from == 0 || (int64_t)h->first < s->from))
		s->from = (int64_t)h->first;
	if (s->asked_until && (int64_t)f->until < end)
		end = (int64_t)f->until;
	if (h->newest > 0 && end > s->until)
		s->until = end > s->from ? end : s->from;
}

void
find_record_log(struct find *f, const struct hunt *h, const char *proof)
{
	set_interval(f, h);
	if (h->why.len > 0)
		find_record_undecided(f, h->origin,
		    clean(f, buf_view(&h->why)));
	add_log(f, h, proof);
	add_gaps(f, h);
	add_missing(f, h);
	skipidx_sum(&f->sum, &h->sum);
}

void
find_record_undecided(struct find *f, const char *name, const char *why)
{
	if (*f->search.reason == '\0')
		f->search.reason = arena_printf(f->arena, "%s%s%s", name,
		    *name != '\0' ? ": " : "", why);
}

void
find_record_deleted(struct find *f, const char *origin, uint64_t first,
    uint64_t last)
{
	struct search *s = &f->search;

	if (s->n.missing < SEARCH_ROWS)
		s->missing[s->n.missing] = (struct search_missing){
			.origin = clean(f, span_str(origin)),
			.first = first,
			.last = last,
			.deleted = true,
		};
	s->n.missing++;
}

void
find_record_end(struct find *f)
{
	struct search *s = &f->search;
	size_t i;

	for (i = 0; i < f->sum.n_sources; i++)
		add_source(f, &f->sum.sources[i]);
	if (s->n.sources > 1)
		qsort(s->sources, search_shown(s->n.sources),
		    sizeof(*s->sources), compare_sources);
	s->result = *s->reason != '\0' ? SEARCH_UNDECIDED : SEARCH_NONE;
	if (s->hits > 0)
		s->result = SEARCH_HITS;
}

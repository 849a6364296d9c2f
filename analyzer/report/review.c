/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/review.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/case/weeks.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/review_priv.h"
#include "common/sha256.h"
#include "common/utc.h"

int64_t
review_monday(int64_t at, int zone)
{
	return weeks_monday(at, zone);
}

int64_t
review_default(int64_t newest, int zone)
{
	return review_monday(newest - 7 * UTC_DAY / 2, zone);
}

struct review *
review_new(const struct report *r, int64_t from, int64_t until)
{
	struct review *v = arena_alloc(r->arena, sizeof(*v));

	v->r = r;
	v->from = from;
	v->until = until;
	v->sources = sources_new(r, from, until);
	v->logins = logins_new(r, from, until);
	v->connections = connections_new(r, from, until);
	connections_only_people(v->connections);
	weeks_build(r->book, r->zone, report_made(r), r->grace, r->arena,
	    &v->weeks);
	return v;
}

void
review_drop(struct review *v)
{
	connections_close(v->connections);
	sources_close(v->sources);
}

/*
 * The records to look at by hand are those with the smallest hash of week and
 * leaf: nobody can choose them beforehand, everybody can find them again.
 * Records that name a patient are left out.
 */
static void
sample(struct review *v, const struct event *e, int64_t at)
{
	struct review_sample s = { .at = at };
	uint64_t week = (uint64_t)v->from;
	size_t i, n = v->n_samples;
	struct sha256 sha;
	uint8_t b[8];

	if (event_get(e, ECS_PATIENT_ID).len > 0)
		return;
	for (i = 0; i < sizeof(b); i++)
		b[i] = (uint8_t)(week >> 8 * i);
	sha256_init(&sha);
	sha256_update(&sha, b, sizeof(b));
	sha256_update(&sha, e->leaf, sizeof(e->leaf));
	sha256_final(&sha, s.order);
	for (i = n; i > 0 &&
	     memcmp(s.order, v->samples[i - 1].order, sizeof(s.order)) < 0;
	     i--)
		;
	if (i == REVIEW_SAMPLES)
		return;
	s.text = figure_clip(v->r->arena,
	    figure_line(v->r->arena, e->message, e->encoding),
	    REVIEW_RAW_COLUMNS);
	s.cite = report_cite_event(e);
	s.replay = e->source != NULL && e->source->replay;
	if (n < REVIEW_SAMPLES)
		v->n_samples = ++n;
	memmove(&v->samples[i + 1], &v->samples[i],
	    (n - 1 - i) * sizeof(v->samples[0]));
	v->samples[i] = s;
}

void
review_event(struct review *v, const struct event *e, int64_t at)
{
	sources_event(v->sources, e, at);
	connections_event(v->connections, e, at);
	if (at < v->from || at >= v->until)
		return;
	if (e->source != NULL) {
		v->replay |= e->source->replay;
		v->real |= !e->source->replay;
	}
	logins_event(v->logins, e, at);
	sample(v, e, at);
}

bool
review_is_over(const struct review *v)
{
	return v->until <= report_made(v->r);
}

bool
review_past(struct review *v, const struct past *p, const char *origin)
{
	connections_past(v->connections, p, origin);
	return sources_past(v->sources, p);
}

/* A question that the records could not answer (判定不可). */
static bool
is_unknown(const struct casebook_finding *f)
{
	return strcmp(f->kind, "unknown") == 0;
}

/* The gravest first, then by time; what could not be decided comes last. */
static int
finding_order(const void *a, const void *b)
{
	const struct casebook_finding *x =
	    *(const struct casebook_finding *const *)a;
	const struct casebook_finding *y =
	    *(const struct casebook_finding *const *)b;

	if (is_unknown(x) != is_unknown(y))
		return is_unknown(x) ? 1 : -1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

bool
review_is_of(const struct review *v, const struct casebook_finding *f)
{
	return f->until > v->from && f->first < v->until;
}

static bool
is_incident(const struct review *v, const struct casebook_group *g)
{
	return g->incident && g->last > v->from && g->first < v->until &&
	    (g->judged == NULL || g->news != 0 ||
		strcmp(g->judged->how, "normal") != 0);
}

static int
incident_order(const void *a, const void *b)
{
	const struct casebook_group *x =
	    *(const struct casebook_group *const *)a;
	const struct casebook_group *y =
	    *(const struct casebook_group *const *)b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return strcmp(x->id, y->id);
}

const struct casebook_group **
review_incidents(const struct review *v, size_t *n)
{
	const struct casebook *book = v->r->book;
	const struct casebook_group **found =
	    arena_alloc(v->r->arena, (book->n_groups + 1) * sizeof(*found));
	size_t i;

	for (i = *n = 0; i < book->n_groups; i++)
		if (is_incident(v, &book->groups[i]))
			found[(*n)++] = &book->groups[i];
	if (*n > 0)
		qsort(found, *n, sizeof(*found), incident_order);
	return found;
}

/* A finding of an incident is shown with it. */
static bool
is_apart(const struct review *v, const struct casebook_finding *f)
{
	const struct casebook_group *g =
	    *f->group == '\0' ? NULL : casebook_group(v->r->book, f->group);

	return g == NULL || !is_incident(v, g);
}

const struct casebook_finding **
review_findings(const struct review *v, size_t *n)
{
	const struct casebook *book = v->r->book;
	const struct casebook_finding **found =
	    arena_alloc(v->r->arena, (book->n_findings + 1) * sizeof(*found));
	size_t i;

	*n = 0;
	for (i = 0; i < book->n_findings; i++) {
		const struct casebook_finding *f = &book->findings[i];

		if (!f->withdrawn && f->quiet == CASEBOOK_HEARD &&
		    review_is_of(v, f) && is_apart(v, f))
			found[(*n)++] = f;
	}
	if (*n > 0)
		qsort(found, *n, sizeof(*found), finding_order);
	return found;
}

static int
session_order(const void *a, const void *b)
{
	const struct visit *x = *(const struct visit *const *)a;
	const struct visit *y = *(const struct visit *const *)b;
	const int64_t p = x->end - x->begin, q = y->end - y->begin;

	if (connections_ended(x) != connections_ended(y))
		return connections_ended(x) ? 1 : -1;
	if (p != q)
		return p > q ? -1 : 1;
	return x < y ? -1 : x > y; /* as they were: by begin */
}

const struct visit **
review_sessions(const struct review *v, size_t *n, size_t *without_end)
{
	const struct visit **found, *all;
	size_t i, n_all;

	all = connections_finish(v->connections, &n_all);
	connections_close(v->connections);
	found = arena_alloc(v->r->arena, (n_all + 1) * sizeof(*found));
	for (i = *n = *without_end = 0; i < n_all; i++) {
		if (all[i].kind == VISIT_OTHER)
			continue;
		*without_end += !connections_ended(&all[i]);
		found[(*n)++] = &all[i];
	}
	if (*n > 0)
		qsort(found, *n, sizeof(*found), session_order);
	return found;
}

const struct casebook_group **
review_open(const struct review *v, size_t *n)
{
	const struct casebook *book = v->r->book;
	const struct casebook_group **open =
	    arena_alloc(v->r->arena, (book->n_groups + 1) * sizeof(*open));
	size_t i;

	*n = 0;
	for (i = 0; i < book->n_groups; i++) {
		const struct casebook_group *g = &book->groups[i];

		if (g->first < v->from && g->n_heard > 0 &&
		    (g->judged == NULL || g->news != 0 ||
			strcmp(g->judged->how, "check") == 0))
			open[(*n)++] = g;
	}
	return open;
}

const char *
review_mark(const struct review *v, bool replay)
{
	return v->real ? report_mark(replay) : "";
}

/* One that cites no record is as real as the sources are. */
static void
note(struct review *v, const struct casebook_finding *f)
{
	v->replay |= f->replay;
	v->real |= !f->replay && f->n_evidence > 0;
}

void
review_note_samples(struct review *v, const struct sources_total *t)
{
	const struct casebook_group **groups;
	const struct casebook_finding **found;
	size_t i, n;

	found = review_findings(v, &n);
	for (i = 0; i < n; i++)
		note(v, found[i]);
	groups = review_incidents(v, &n);
	for (i = 0; i < n; i++)
		note(v, casebook_worst(v->r->book, groups[i]));
	for (i = 0; i < t->n; i++)
		v->real |= !t->rows[i].replay;
	groups = review_open(v, &n);
	for (i = 0; i < n; i++)
		note(v, casebook_worst(v->r->book, groups[i]));
}

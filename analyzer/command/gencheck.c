/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/gencheck.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/report/past.h"
#include "common/log.h"
#include "site/succession.h"

struct span_of { /* of a generation: its records' times */
	const struct site_log *log;
	int64_t received;  /* of its first record that could be read */
	int64_t low, high; /* judged, too */
	bool seen;
};

struct gencheck {
	const struct site *site;
	struct arena *arena;
	unsigned jobs;
	struct span_of *v;
	struct verify_result **done;
	struct report_generation *said;
	size_t n, at;
};

static void
check(const struct site *site, const struct site_log *log, unsigned jobs,
    struct lend *lend, struct verify_result *result)
{
	struct verify_options options = { .dir = log->dir,
		.jobs = jobs,
		.lend = lend == NULL ? NULL : lend_next,
		.lending = lend };
	char anchor[4096];
	int n;

	n = snprintf(anchor, sizeof(anchor), "%s/%s/checkpoint",
	    site->anchor.copy, log->label);
	if (*site->anchor.copy != '\0' && n > 0 && (size_t)n < sizeof(anchor) &&
	    access(anchor, R_OK) == 0)
		options.anchor[0] = anchor;
	verify_set_lang(log_lang() == LOG_JA ? "ja" : "en");
	verify_log(&options, result);
}

void
gencheck_log(const struct site *site, const struct site_log *log,
    unsigned jobs, struct verify_result *result)
{
	check(site, log, jobs, NULL, result);
}

void
gencheck_lending(const struct site *site, const struct site_log *log,
    struct lend *lend, struct verify_result *result)
{
	check(site, log, 1, lend, result);
}

struct gencheck *
gencheck_new(struct site *site, const struct site_log *newest,
    unsigned jobs, struct arena *arena)
{
	struct gencheck *g = arena_alloc(arena, sizeof(*g));
	size_t i;

	g->site = site;
	g->arena = arena;
	g->jobs = jobs;
	g->n = newest->generation;
	g->v = arena_alloc(arena, g->n * sizeof(*g->v));
	g->done = arena_alloc(arena, g->n * sizeof(struct verify_result *));
	g->said = arena_alloc(arena, g->n * sizeof(*g->said));
	for (i = 0; i < g->n; i++) {
		g->v[i].log =
		    succession_generation(site, newest, (unsigned)i + 1);
		g->done[i] = NULL;
		if (g->v[i].log == NULL) /* its path is too long */
			g->v[i].log = newest;
	}
	gencheck_rewind(g);
	return g;
}

void
gencheck_rewind(struct gencheck *g)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		g->v[i].seen = false;
	g->at = 0;
}

void
gencheck_record(struct gencheck *g, const char *origin, int64_t received,
    int64_t at)
{
	struct span_of *s;
	size_t i;

	for (i = 0; i < g->n && strcmp(g->v[g->at].log->origin, origin) != 0;
	     i++)
		g->at = (g->at + 1) % g->n;
	if (i == g->n)
		return;
	s = &g->v[g->at];
	if (!s->seen)
		*s = (struct span_of){ s->log, received, received, received,
			true };
	if (at < s->low)
		s->low = at;
	if (at > s->high)
		s->high = at;
}

void
gencheck_past(struct gencheck *g, const char *origin, const struct past *p)
{
	if (!p->all.any)
		return;
	gencheck_record(g, origin, p->received, p->all.low);
	gencheck_record(g, origin, p->received, p->all.high);
}

/* Up to the first record of the next one: what could not be read may be of any
 * time between. */
static bool
is_of(const struct gencheck *g, size_t i, int64_t from, int64_t until)
{
	int64_t low = 0, high = INT64_MAX;
	size_t k;

	for (k = i + 1; k > 0 && !g->v[k - 1].seen; k--)
		;
	if (k > 0)
		low = k == i + 1 ? g->v[i].low : g->v[k - 1].received;
	for (k = i + 1; k < g->n && !g->v[k].seen; k++)
		;
	if (k < g->n)
		high = g->v[k].received;
	if (g->v[i].seen && g->v[i].high > high)
		high = g->v[i].high;
	return low < until && high >= from;
}

void
gencheck_verify(struct gencheck *g, int64_t from, int64_t until,
    struct report_generations *out)
{
	size_t i;

	for (i = 0; i + 1 < g->n; i++) {
		g->said[i].name = g->v[i].log->ref;
		g->said[i].result = NULL;
		if (!is_of(g, i, from, until))
			continue;
		if (g->done[i] == NULL) {
			g->done[i] = arena_alloc(g->arena, sizeof(**g->done));
			gencheck_log(g->site, g->v[i].log, g->jobs,
			    g->done[i]);
		}
		g->said[i].result = g->done[i];
	}
	out->name = g->v[g->n - 1].log->ref;
	out->v = g->said;
	out->n = g->n - 1;
}

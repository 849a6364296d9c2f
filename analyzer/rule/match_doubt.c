/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>

#include "analyzer/rule/draft.h"
#include "analyzer/rule/match_window.h"
#include "common/utc.h"

/* What one rule cannot say of one month of the site's calendar. */
struct month {
	int64_t from, until; /* day numbers */
	int64_t first;	     /* the first evidence */
	uint64_t records, windows;
	bool replay;
};

static void
set_month(struct month *t, int64_t day)
{
	int year, month, dom;

	utc_date(day, &year, &month, &dom);
	*t = (struct month){ .from = utc_days(year, month, 1),
		.first = INT64_MAX };
	t->until = month == 12 ? utc_days(year + 1, 1, 1)
			       : utc_days(year, month + 1, 1);
}

static void
add(struct month *t, const struct match_window *w)
{
	t->windows++;
	t->records += w->doubts;
	t->replay |= w->replay;
	if (w->doubt < t->first)
		t->first = w->doubt;
}

static void
describe(struct draft *d, const struct match *m, const struct month *t)
{
	const struct rule *r = d->rule;
	struct coverage_share share = { 0, 0, 0 };

	(void)gather_covers(m->gather, r,
	    calendar_day(m->site->calendar, t->first), &share);
	if (r->coverage.on) {
		finding_figure(&d->f, "", "coverage", "percent", share.percent,
		    1);
		sentence_set(&d->v, SENTENCE_COVERAGE,
		    arena_printf(d->arena, "%.1f%%", share.percent));
		sentence_set(&d->v, SENTENCE_MISSING,
		    arena_printf(d->arena, "%" PRId64,
			share.days - share.covered));
	}
	finding_count(&d->f, "", "count", "", t->records);
	finding_count(&d->f, "", "undecided", "", t->windows);
	sentence_set(&d->v, SENTENCE_RECORDS,
	    arena_printf(d->arena, "%" PRIu64, t->records));
	draft_time(d, SENTENCE_TIME, t->first);
	draft_day(d, SENTENCE_SINCE, t->from);
}

static void
deliver(struct match *m, const struct rule *r, const struct month *t,
    struct outbox *out, struct arena *arena)
{
	struct draft *d = arena_alloc(arena, sizeof(*d));

	draft_begin(d, r, m->site, arena);
	d->f.kind = FINDING_UNKNOWN;
	d->f.severity = FINDING_INFO;
	describe(d, m, t);
	d->f.key = "site=all";
	d->f.from = calendar_midnight(m->site->calendar, t->from);
	d->f.until = calendar_midnight(m->site->calendar, t->until);
	d->f.first = t->first;
	d->f.replay = t->replay;
	draft_end(d);
	outbox_add(out, &d->f);
}

/* The first month that has a doubt of the rule, behind one; false: none. */
static bool
next_month(const struct match *m, const struct rule *r, int64_t behind,
    struct month *t)
{
	int64_t day, first = INT64_MAX;
	const struct match_window *w;
	size_t i;

	for (i = 0; i < m->n; i++) {
		w = m->windows[i];
		if (w->rule != r || w->doubts == 0)
			continue;
		day = calendar_day(m->site->calendar, w->doubt);
		if (day >= behind && day < first)
			first = day;
	}
	if (first == INT64_MAX)
		return false;
	set_month(t, first);
	for (i = 0; i < m->n; i++) {
		w = m->windows[i];
		if (w->rule != r || w->doubts == 0)
			continue;
		day = calendar_day(m->site->calendar, w->doubt);
		if (day >= t->from && day < t->until)
			add(t, w);
	}
	return true;
}

void
match_doubts_judge(struct match *m, struct outbox *out, struct arena *arena)
{
	const struct rule *r;
	struct month t;
	char scope[64];
	int64_t behind;
	size_t i;

	for (i = 0; i < m->rules->n; i++) {
		r = m->rules->rules[i];
		if (!r->coverage.on && r->needs == 0)
			continue;
		snprintf(scope, sizeof(scope), "doubts %zu", i);
		outbox_scope(out, span_str(scope));
		for (behind = INT64_MIN; next_month(m, r, behind, &t);
		     behind = t.until)
			deliver(m, r, &t, out, arena);
	}
}

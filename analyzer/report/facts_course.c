/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/report/damage_priv.h"
#include "analyzer/report/facts.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

/* What happened where and how, and whether it may go on. */

static const char *
clip(const struct damage *d, const char *s, size_t columns)
{
	return figure_clip(d->r->arena, span_str(s), columns);
}

static void
what(struct facts *out)
{
	const struct damage *d = out->d;
	const struct casebook_finding **grave =
	    arena_alloc(d->r->arena, (d->n_findings + 1) * sizeof(*grave));
	struct report_cite cite;
	size_t i;

	memcpy(grave, d->findings, d->n_findings * sizeof(*grave));
	qsort(grave, d->n_findings, sizeof(*grave), damage_gravity);
	for (i = 0; i < d->n_findings; i++) {
		cite = grave[i]->n_cites > 0
		    ? report_cite_finding(&grave[i]->cites[0])
		    : report_cite_recorded(grave[i]);
		facts_add(out, REPORT_ESTIMATED, &cite, grave[i]->n_evidence,
		    arena_printf(d->r->arena, "%s [%s] %s",
			figure_time(d->r->arena, grave[i]->first, d->r->zone),
			casebook_severity_name(grave[i]->severity),
			clip(d, tr(grave[i]->what_en, grave[i]->what_ja),
			    400)));
	}
}

/* One place: number, name, room; use; and what was found there. */
static void
place(struct facts *out, const struct casebook_entity *e)
{
	const struct damage *d = out->d;
	const struct span key = damage_place_key(d, e);
	const struct device *dev = report_device(d->r, key);
	int64_t first = INT64_MAX, last = INT64_MIN;
	const struct casebook_finding *found = NULL;
	struct arena *a = d->r->arena;
	struct report_cite cite;
	uint64_t records = 0;
	size_t i, j;

	for (i = 0; i < d->n_findings; i++) {
		const struct casebook_finding *f = d->findings[i];

		for (j = 0; j < f->n_entities; j++)
			if (damage_same_place(d, e, &f->entities[j]))
				break;
		if (j == f->n_entities)
			continue;
		if (found == NULL || f->severity > found->severity)
			found = f;
		records += f->n_evidence;
		first = f->first < first ? f->first : first;
		last = damage_last_of(f) > last ? damage_last_of(f) : last;
	}
	if (found == NULL)
		return;
	cite = found->n_cites > 0 ? report_cite_finding(&found->cites[0])
				  : report_cite_recorded(found);
	facts_add(out, REPORT_ESTIMATED, &cite, records,
	    arena_printf(a, "%s%s%s %s %s",
		report_device_text(d->r, key),
		dev != NULL && dev->note.len > 0 ? "　" : "",
		dev == NULL ? "" : figure_clip(a, dev->note, 60),
		figure_range(a, first, last, d->r->zone),
		clip(d, tr(found->title_en, found->title_ja), 100)));
}

static void
where(struct facts *out)
{
	const struct damage *d = out->d;
	size_t i, j;

	for (i = 0; i < d->n_findings; i++)
		for (j = 0; j < d->findings[i]->n_entities; j++) {
			const struct casebook_entity *e =
			    &d->findings[i]->entities[j];

			if (damage_is_place(d, e) &&
			    !damage_named_before(d, i, j, e))
				place(out, e);
		}
}

static void
open_sessions(struct facts *out)
{
	const struct damage *d = out->d;
	struct arena *a = d->r->arena;
	struct report_cite cite;
	size_t i;

	for (i = 0; i < d->n_sessions; i++) {
		const struct visit *v = d->sessions[i];

		if (connections_ended(v))
			continue;
		cite = connections_cite(&v->first);
		facts_add(out, REPORT_ESTIMATED, &cite, v->records,
		    arena_printf(a,
			tr("%s %s (%s %s): %s", "%s %s（%s %s） %s"),
			figure_short(a, v->begin, d->r->zone),
			figure_clip(a, v->user, 60), connections_kind(v),
			figure_clip(a, v->source, 60),
			connections_length(d->r, v)));
	}
}

static void
spread(struct facts *out)
{
	const struct damage *d = out->d;
	const struct outflow_row *last = NULL;
	struct arena *a = d->r->arena;
	size_t i;

	for (i = 0; i < d->sent.n; i++)
		if (last == NULL || d->sent.rows[i].hour > last->hour)
			last = &d->sent.rows[i];
	if (last != NULL)
		facts_add(out, REPORT_ESTIMATED, &last->last, 1,
		    arena_printf(a, "%s %s %s", word_of(WORD_LAST_OUTBOUND),
			figure_minute(a, last->hour, d->r->zone),
			word_of(WORD_LAST_OUTBOUND_2)));
	for (i = 0; i < d->n_actions; i++)
		if (d->actions[i].blinds)
			facts_add(out, REPORT_ESTIMATED, &d->actions[i].cite, 1,
			    arena_printf(a, "%s [%s] %s%s",
				figure_time(a, d->actions[i].at, d->r->zone),
				d->actions[i].device, d->actions[i].text,
				word_of(WORD_BLIND_AFTER)));
	open_sessions(out);
	for (i = 0; i < d->n_touched; i++)
		facts_add(out, REPORT_OPEN, &d->touched[i].cite,
		    d->touched[i].records,
		    arena_printf(a, "%s %s → %s", word_of(WORD_TOUCHED),
			report_device_text(d->r, d->touched[i].source),
			report_device_text(d->r, d->touched[i].destination)));
	facts_add(out, REPORT_OPEN, NULL, 0,
	    arena_printf(a, "%s%s", word_of(WORD_OTHER_SPREAD),
		damage_scope(d)));
}

static void
method(struct facts *out)
{
	const struct damage *d = out->d;
	struct arena *a = d->r->arena;
	struct report_cite cite;
	size_t i, j;

	for (i = 0; i < d->n_findings; i++) {
		const struct casebook_finding *f = d->findings[i];
		const char *names = "";

		for (j = 0; j < f->n_attack; j++)
			names = arena_printf(a, "%s%s%s %s", names,
			    j > 0 ? tr("; ", "、") : "",
			    clip(d, f->attack[j], 24),
			    phase_technique_name(f->attack[j]));
		cite = f->n_cites > 0 ? report_cite_finding(&f->cites[0])
				      : report_cite_recorded(f);
		facts_add(out, REPORT_ESTIMATED, &cite, f->n_evidence,
		    arena_printf(a, "%s %s %s%s%s%s",
			phase_name(casebook_phase(f)),
			figure_time(a, f->first, d->r->zone),
			clip(d, tr(f->title_en, f->title_ja), 100),
			*names == '\0' ? "" : tr(" (", "（"), names,
			*names == '\0' ? "" : tr(")", "）")));
	}
}

static void
cause(struct facts *out)
{
	const struct damage *d = out->d;
	struct report_cite cite;
	size_t i, j;

	for (i = 0; i < d->n_findings; i++) {
		const struct casebook_finding *f = d->findings[i];

		for (j = 0; j < i; j++)
			if (strcmp(d->findings[j]->why_ja, f->why_ja) == 0)
				break;
		if (j < i)
			continue;
		cite = report_cite_recorded(f);
		facts_add(out, REPORT_ESTIMATED, &cite, f->n_evidence,
		    arena_printf(d->r->arena, "%s [%s]",
			clip(d, tr(f->why_en, f->why_ja), 400),
			clip(d, f->rule, 24)));
	}
}

const struct facts_filler facts_course[] = {
	{ FIELD_WHAT, what },
	{ FIELD_WHERE, where },
	{ FIELD_SPREAD, spread },
	{ FIELD_METHOD, method },
	{ FIELD_CAUSE, cause },
	{ FIELD_COUNT, NULL },
};

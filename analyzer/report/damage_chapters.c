/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/ledger/address.h"
#include "analyzer/report/damage_priv.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/path.h"
#include "analyzer/case/phase.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

/* The seven chapters of the damage report, under the guidance's headings. */

static void
put_heading(struct buf *out, enum damage_heading h)
{
	html_put(out, "<section class=\"chapter\"><h2 lang=\"ja\">%s</h2>\n",
	    damage_heading(h));
	if (log_lang() != LOG_JA)
		html_put(out, "<p class=\"gloss\">%s</p>\n",
		    damage_heading_en(h));
}

static const char *
clip(const struct damage *d, const char *s)
{
	return figure_clip(d->r->arena, span_str(s), 400);
}

/* The finding that the casebook recorded first. */
static const struct casebook_finding *
first_recorded(const struct damage *d)
{
	const struct casebook_finding *f = d->findings[0];
	size_t i;

	for (i = 1; i < d->n_findings; i++)
		if (d->findings[i]->index < f->index)
			f = d->findings[i];
	return f;
}

static void
put_found(const struct damage *d, struct buf *out)
{
	const struct casebook_finding *f = d->findings[0];
	const struct casebook_finding *recorded = first_recorded(d);
	const struct casebook_step *acked = d->group->acked;
	const struct casebook_step *aware = d->group->aware;

	put_heading(out, DAMAGE_FOUND);
	if (aware == NULL)
		damage_put_fill(out, word_of(WORD_AWARE), 1);
	buf_str(out, "<ul class=\"facts\">");
	if (aware != NULL) {
		buf_str(out, "<li>");
		damage_put_tag(out, REPORT_CONFIRMED);
		html_put(out, "%s %s %s ", word_of(WORD_AWARE_AT),
		    figure_time(d->r->arena, aware->from, d->r->zone),
		    report_who(d->r, aware));
		damage_put_step(out, aware);
		buf_str(out, "</li>\n");
	}
	buf_str(out, "<li>");
	damage_put_tag(out, REPORT_CONFIRMED);
	html_put(out, "%s %s ", word_of(WORD_FIRST_FINDING),
	    figure_time(d->r->arena, recorded->recorded, d->r->zone));
	damage_put_recorded(out, recorded);
	buf_str(out, "</li>\n<li>");
	damage_put_tag(out, REPORT_ESTIMATED);
	html_put(out, "%s %s", word_of(WORD_FIRST_RECORD),
	    figure_time(d->r->arena, f->first, d->r->zone));
	damage_put_cites(d, out, f);
	buf_str(out, "</li>\n<li>");
	damage_put_tag(out, acked == NULL ? REPORT_OPEN : REPORT_CONFIRMED);
	if (acked == NULL)
		html_put(out, "%s", word_of(WORD_NOBODY_YET));
	else {
		html_put(out, "%s %s %s ", word_of(WORD_TAKEN_BY),
		    report_who(d->r, acked),
		    figure_time(d->r->arena, acked->at, d->r->zone));
		damage_put_step(out, acked);
	}
	buf_str(out, "</li></ul>\n");
	damage_put_fill(out, word_of(WORD_HOW_FOUND), 2);
	buf_str(out, "</section>\n");
}

/* When the last record that a finding cites was made. */
int64_t
damage_last_of(const struct casebook_finding *f)
{
	int64_t last = f->first;
	size_t i;

	for (i = 0; i < f->n_cites; i++)
		last = f->cites[i].time > last ? f->cites[i].time : last;
	return last;
}

static void
put_place(const struct damage *d, struct buf *out,
    const struct casebook_entity *e)
{
	int64_t first = INT64_MAX, last = INT64_MIN;
	const struct span key = damage_place_key(d, e);
	const struct device *dev = report_device(d->r, key);
	char ip[ADDRESS_TEXT];
	size_t i, j;

	html_put(out, "<tr><td>%s</td><td class=\"a\">%s</td><td>%s</td><td>",
	    report_device_text(d->r, key),
	    dev != NULL && dev->n_ips > 0 ? address_print(&dev->ips[0], ip)
					  : clip(d, e->value),
	    dev == NULL ? clip(d, e->label)
			: figure_clip(d->r->arena, dev->note, 60));
	for (i = 0; i < d->n_findings; i++) {
		const struct casebook_finding *f = d->findings[i];

		for (j = 0; j < f->n_entities; j++)
			if (damage_same_place(d, e, &f->entities[j]))
				break;
		if (j == f->n_entities)
			continue;
		html_put(out, "<div>%s ",
		    clip(d, tr(f->title_en, f->title_ja)));
		damage_put_ground(d, out, f);
		buf_str(out, "</div>");
		first = f->first < first ? f->first : first;
		last = damage_last_of(f) > last ? damage_last_of(f) : last;
	}
	html_put(out, "</td><td class=\"t\">%s</td><td>",
	    figure_range(d->r->arena, first, last, d->r->zone));
	damage_put_tag(out, REPORT_ESTIMATED);
	buf_str(out, "</td></tr>\n");
}

static void
put_places(const struct damage *d, struct buf *out)
{
	size_t i, j;

	html_put(out,
	    "<table><thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th></tr></thead><tbody>\n",
	    word_of(WORD_DEVICE), word_of(WORD_ADDRESS), word_of(WORD_USE),
	    word_of(WORD_FOUND), word_of(WORD_WHEN), word_of(WORD_CERTAINTY));
	for (i = 0; i < d->n_findings; i++)
		for (j = 0; j < d->findings[i]->n_entities; j++) {
			const struct casebook_entity *e =
			    &d->findings[i]->entities[j];

			if (damage_is_place(d, e) &&
			    !damage_named_before(d, i, j, e))
				put_place(d, out, e);
		}
	buf_str(out, "</tbody></table>\n");
}

static void
put_care(struct buf *out)
{
	static const enum word areas[] = { WORD_CARE_OUTPATIENT,
		WORD_CARE_EMERGENCY, WORD_CARE_SURGERY, WORD_CARE_TESTS,
		WORD_CARE_DRUGS, WORD_CARE_BILLING, WORD_CARE_OTHER };
	size_t i;

	html_put(out, "<h3>%s</h3><p class=\"boxes\">", word_of(WORD_CARE));
	for (i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
		html_put(out, "<span>%s □%s □%s</span> ", word_of(areas[i]),
		    word_of(WORD_WITH), word_of(WORD_WITHOUT));
	buf_str(out, "</p>\n");
	damage_put_fill(out, word_of(WORD_CARE_DETAIL), 2);
}

static void
put_where(const struct damage *d, struct buf *out)
{
	put_heading(out, DAMAGE_PLACE);
	put_places(d, out);
	put_care(out);
	buf_str(out, "</section>\n");
}

static void
put_session(const struct damage *d, struct buf *out, const struct visit *v)
{
	const struct report_cite cite = connections_cite(&v->first);

	html_put(out,
	    "<tr><td>%s</td><td>%s</td><td class=\"a\">%s</td>"
	    "<td class=\"t\">%s</td><td>",
	    figure_clip(d->r->arena, v->user, 60), connections_kind(v),
	    figure_clip(d->r->arena, v->source, 60),
	    figure_short(d->r->arena, v->begin, d->r->zone));
	report_put_cite(out, &cite);
	buf_str(out, "</td></tr>\n");
}

/* A session whose end no record shows may still be open. */
static void
put_sessions(const struct damage *d, struct buf *out)
{
	size_t i, n = 0;

	for (i = 0; i < d->n_sessions; i++) {
		if (connections_ended(d->sessions[i]))
			continue;
		if (n++ == 0) {
			buf_str(out, "<p>");
			damage_put_tag(out, REPORT_ESTIMATED);
			html_put(out,
			    "%s</p><table><thead><tr><th>%s</th><th>%s</th>"
			    "<th>%s</th><th>%s</th><th>%s</th></tr></thead>"
			    "<tbody>\n",
			    word_of(WORD_NOT_ENDED), word_of(WORD_ACCOUNT),
			    word_of(WORD_KIND), word_of(WORD_FROM),
			    word_of(WORD_SINCE), word_of(WORD_CITATION));
		}
		if (n <= DAMAGE_SESSIONS)
			put_session(d, out, d->sessions[i]);
	}
	if (n > 0)
		buf_str(out, "</tbody></table>\n");
	if (n > DAMAGE_SESSIONS)
		html_put(out, "<p class=\"warn\">%s %zu</p>\n",
		    word_of(WORD_SKIPPED), n - DAMAGE_SESSIONS);
}

static void
put_touched(const struct damage *d, struct buf *out)
{
	size_t i;

	if (d->n_touched == 0)
		return;
	html_put(out,
	    "<h3>%s</h3><table><thead><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th></tr></thead><tbody>\n",
	    word_of(WORD_TOUCHED), word_of(WORD_DEVICE), word_of(WORD_FROM),
	    word_of(WORD_WHEN), word_of(WORD_RECORDS), word_of(WORD_CITATION));
	for (i = 0; i < d->n_touched; i++) {
		const struct damage_touched *t = &d->touched[i];

		html_put(out,
		    "<tr><td>%s</td><td class=\"a\">%s</td>"
		    "<td class=\"t\">%s</td><td class=\"n\">%llu</td><td>",
		    report_device_text(d->r, t->destination),
		    report_device_text(d->r, t->source),
		    figure_short(d->r->arena, t->first, d->r->zone),
		    (unsigned long long)t->records);
		report_put_cite(out, &t->cite);
		buf_str(out, "</td></tr>\n");
	}
	buf_str(out, "</tbody></table>\n");
}

static void
put_spread(const struct damage *d, struct buf *out)
{
	const struct outflow_row *last = NULL;
	size_t i;

	put_heading(out, DAMAGE_SPREAD);
	put_sessions(d, out);
	buf_str(out, "<ul class=\"facts\">");
	for (i = 0; i < d->n_actions; i++) {
		if (!d->actions[i].blinds)
			continue;
		buf_str(out, "<li>");
		damage_put_tag(out, REPORT_ESTIMATED);
		html_put(out, "%s [%s] %s%s ",
		    figure_time(d->r->arena, d->actions[i].at, d->r->zone),
		    d->actions[i].device, d->actions[i].text,
		    word_of(WORD_BLIND_AFTER));
		report_put_cite(out, &d->actions[i].cite);
		buf_str(out, "</li>\n");
	}
	for (i = 0; i < d->sent.n; i++)
		if (last == NULL || d->sent.rows[i].hour > last->hour)
			last = &d->sent.rows[i];
	if (last != NULL) {
		buf_str(out, "<li>");
		damage_put_tag(out, REPORT_ESTIMATED);
		html_put(out, "%s %s %s ", word_of(WORD_LAST_OUTBOUND),
		    figure_minute(d->r->arena, last->hour, d->r->zone),
		    word_of(WORD_LAST_OUTBOUND_2));
		report_put_cite(out, &last->last);
		buf_str(out, "</li>\n");
	}
	html_put(out, "<li>");
	damage_put_tag(out, REPORT_OPEN);
	html_put(out, "%s%s</li></ul>\n", word_of(WORD_OTHER_SPREAD),
	    damage_scope(d));
	put_touched(d, out);
	damage_put_fill(out, word_of(WORD_SPREAD_FILL), 2);
	buf_str(out, "</section>\n");
}

static bool
source_before(const struct damage *d, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (span_eq(d->accounts[j].source, d->accounts[i].source))
			return true;
	return false;
}

/* All logins from one address outside. */
static void
put_source(const struct damage *d, struct buf *out, size_t at)
{
	const struct login *l = &d->accounts[at];
	uint64_t succeeded = 0, failed = 0;
	int64_t first = l->first, last = l->last;
	size_t i;

	for (i = at; i < d->n_accounts; i++) {
		const struct login *x = &d->accounts[i];

		if (!span_eq(x->source, l->source))
			continue;
		succeeded += x->succeeded;
		failed += x->failed;
		first = x->first < first ? x->first : first;
		last = x->last > last ? x->last : last;
	}
	html_put(out, "<tr><td class=\"a\">%s</td><td class=\"u\">%s</td><td>",
	    figure_clip(d->r->arena, l->source, 60),
	    figure_clip(d->r->arena, l->country, 40));
	html_put(out, "%s: %s %s, %s %s</td><td class=\"t\">%s</td><td>",
	    word_of(WORD_LOGIN), word_of(WORD_SUCCEEDED),
	    figure_count(d->r->arena, succeeded), word_of(WORD_FAILED),
	    figure_count(d->r->arena, failed),
	    figure_range(d->r->arena, first, last, d->r->zone));
	report_put_cite(out, &l->cite);
	buf_str(out, "</td></tr>\n");
}

static void
put_destinations(const struct damage *d, struct buf *out)
{
	const struct outflow_row *rows = d->sent.rows;
	size_t i, end;
	uint64_t sent;

	for (i = 0; i < d->sent.n; i = end) {
		sent = 0;
		for (end = i;
		     end < d->sent.n && span_eq(rows[end].host, rows[i].host) &&
		     span_eq(rows[end].destination, rows[i].destination);
		     end++)
			sent += rows[end].sent;
		html_put(out,
		    "<tr><td class=\"a\">%s</td><td></td><td>%s: %s [%s]</td>"
		    "<td class=\"t\">%s</td><td>",
		    figure_clip(d->r->arena, rows[i].destination, 60),
		    word_of(WORD_OUTBOUND), figure_bytes(d->r->arena, sent),
		    report_device_text(d->r, rows[i].host),
		    figure_range(d->r->arena, rows[i].hour,
			rows[end - 1].hour + UTC_HOUR, d->r->zone));
		report_put_cite(out, &rows[i].first);
		buf_str(out, "</td></tr>\n");
	}
}

static void
put_attacker(const struct damage *d, struct buf *out)
{
	size_t i;

	put_heading(out, DAMAGE_SOURCE);
	html_put(out,
	    "<table><thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th></tr></thead><tbody>\n",
	    word_of(WORD_ADDRESS), word_of(WORD_COUNTRY),
	    word_of(WORD_WHAT_THERE), word_of(WORD_WHEN),
	    word_of(WORD_CITATION));
	for (i = 0; i < d->n_accounts; i++)
		if (d->accounts[i].source.len > 0 &&
		    !report_is_inside(d->r, d->accounts[i].source) &&
		    !source_before(d, i))
			put_source(d, out, i);
	put_destinations(d, out);
	buf_str(out, "</tbody></table>\n<p>");
	damage_put_tag(out, REPORT_ESTIMATED);
	html_put(out, "%s</p>\n", word_of(WORD_STEPPING_STONE));
	damage_put_fill(out, word_of(WORD_SOURCE_FILL), 1);
	buf_str(out, "</section>\n");
}

static void
put_technique(const struct damage *d, struct buf *out,
    const struct casebook_finding *f)
{
	size_t i;

	for (i = 0; i < f->n_attack; i++)
		html_put(out, "%s%s %s", i > 0 ? tr("; ", "、") : "",
		    clip(d, f->attack[i]), phase_technique_name(f->attack[i]));
}

static void
put_method(const struct damage *d, struct buf *out)
{
	size_t i;

	put_heading(out, DAMAGE_METHOD);
	html_put(out, "<p>%s</p>\n", word_of(WORD_METHOD_KEY));
	buf_str(out, "<ul class=\"facts\">");
	for (i = 0; i < d->n_findings; i++) {
		const struct casebook_finding *f = d->findings[i];
		enum phase p = f->n_attack == 0
		    ? PHASE_NONE
		    : phase_of_technique(f->attack[0]);

		buf_str(out, "<li>");
		damage_put_tag(out, REPORT_ESTIMATED);
		html_put(out, "<b>%s</b> %s %s<p>", phase_name(p),
		    figure_time(d->r->arena, f->first, d->r->zone),
		    clip(d, tr(f->what_en, f->what_ja)));
		put_technique(d, out, f);
		buf_str(out, "</p>");
		damage_put_cites(d, out, f);
		buf_str(out, "</li>\n");
	}
	buf_str(out, "</ul>\n");
	html_put(out, "<h3>%s</h3>\n", word_of(WORD_PATH));
	path_print(d->r, d->timeline, out);
	damage_put_fill(out, word_of(WORD_METHOD_FILL), 2);
	buf_str(out, "</section>\n");
}

/* The same reason of two findings stands once. */
static bool
said_before(const struct damage *d, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (strcmp(d->findings[j]->why_ja, d->findings[i]->why_ja) == 0)
			return true;
	return false;
}

static void
put_cause(const struct damage *d, struct buf *out)
{
	size_t i;

	put_heading(out, DAMAGE_CAUSE);
	html_put(out, "<p class=\"gloss\">%s</p><ul class=\"facts\">\n",
	    word_of(WORD_CAUSE_SLIP));
	for (i = 0; i < d->n_findings; i++) {
		if (said_before(d, i))
			continue;
		buf_str(out, "<li>");
		damage_put_tag(out, REPORT_ESTIMATED);
		html_put(out, "%s [%s] ",
		    clip(d, tr(d->findings[i]->why_en, d->findings[i]->why_ja)),
		    clip(d, d->findings[i]->rule));
		damage_put_ground(d, out, d->findings[i]);
		buf_str(out, "</li>\n");
	}
	for (i = 0; i < d->n_actions; i++) {
		buf_str(out, "<li>");
		damage_put_tag(out, REPORT_ESTIMATED);
		html_put(out, "%s [%s] %s ",
		    figure_time(d->r->arena, d->actions[i].at, d->r->zone),
		    d->actions[i].device, d->actions[i].text);
		report_put_cite(out, &d->actions[i].cite);
		buf_str(out, "</li>\n");
	}
	html_put(out, "</ul><p class=\"boxes\">%s</p>\n",
	    word_of(WORD_CAUSE_BOXES));
	damage_put_fill(out, word_of(WORD_CAUSE_FILL), 2);
	buf_str(out, "</section>\n");
}

static void
put_steps(const struct damage *d, struct buf *out)
{
	const struct casebook *book = d->r->book;
	size_t i, n = 0;

	html_put(out, "<h3>%s</h3><ul class=\"facts\">\n",
	    word_of(WORD_STEPS_TAKEN));
	for (i = 0; i < book->n_steps; i++) {
		const struct casebook_step *s = &book->steps[i];

		if (strcmp(s->group, d->group->id) != 0)
			continue;
		n++;
		buf_str(out, "<li>");
		damage_put_tag(out, REPORT_CONFIRMED);
		html_put(out, "%s %s %s %s ",
		    figure_time(d->r->arena, s->at, d->r->zone), report_step(s),
		    report_who(d->r, s), clip(d, s->text));
		damage_put_step(out, s);
		buf_str(out, "</li>\n");
	}
	if (n == 0)
		html_put(out, "<li>%s</li>\n", word_of(WORD_NO_STEPS));
	buf_str(out, "</ul>\n");
}

/* The same advice of two findings stands once. */
static bool
advised_before(const struct damage *d, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (strcmp(d->findings[j]->todo_ja, d->findings[i]->todo_ja) ==
		    0)
			return true;
	return false;
}

static void
put_measures(const struct damage *d, struct buf *out)
{
	size_t i;

	put_heading(out, DAMAGE_MEASURES);
	put_steps(d, out);
	html_put(out, "<h3>%s</h3><ul class=\"facts\">\n",
	    word_of(WORD_ADVICE));
	for (i = 0; i < d->n_findings; i++)
		if (!advised_before(d, i))
			html_put(out, "<li>□%s □%s　%s</li>\n",
			    word_of(WORD_DONE), word_of(WORD_PLANNED),
			    clip(d,
				tr(d->findings[i]->todo_en,
				    d->findings[i]->todo_ja)));
	html_put(out, "</ul><p class=\"warn\">%s</p>\n",
	    word_of(WORD_NO_POWER_OFF));
	damage_put_fill(out, word_of(WORD_MEASURES_FILL), 3);
	damage_put_fill(out, word_of(WORD_NOTIFIED_FILL), 2);
	buf_str(out, "</section>\n");
}

void
damage_put_chapters(const struct damage *d, struct buf *out)
{
	put_found(d, out);
	put_where(d, out);
	put_spread(d, out);
	put_attacker(d, out);
	put_method(d, out);
	put_cause(d, out);
	put_measures(d, out);
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/damage.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/report/damage_priv.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

#define SUMMARY 5 /* findings, the gravest */

static const struct {
	const char *en, *ja;
} headings[] = {
#define HEADING(id, en, ja) { en, ja },
#include "analyzer/report/heading_tbl.h"
#undef HEADING
};

const char *
damage_heading(size_t i)
{
	return headings[i].ja;
}

const char *
damage_heading_en(size_t i)
{
	return headings[i].en;
}

/* Whose use of patients' records findings speak of, and when. */
static void
find_windows(struct damage *d)
{
	size_t i, j;

	for (i = 0; i < d->n_findings; i++) {
		const struct casebook_finding *f = d->findings[i];

		if (strncmp(f->rule, "EMR", 3) != 0)
			continue;
		for (j = 0; j < f->n_entities; j++)
			if (strcmp(f->entities[j].kind, "user") == 0)
				touched_window(d->patients,
				    f->entities[j].value, f->from, f->until);
	}
}

struct damage *
damage_new(const struct report *r, const struct casebook_group *group,
    int64_t from, int64_t until)
{
	struct damage *d = arena_alloc(r->arena, sizeof(*d));
	size_t i;

	d->r = r;
	d->group = group;
	d->from = from < until ? from : group->first - UTC_DAY;
	d->until = from < until ? until : group->last + UTC_DAY;
	d->subject = subject_new(r);
	d->findings = arena_alloc(r->arena,
	    (group->n_findings + 1) * sizeof(*d->findings));
	for (i = 0; i < group->n_findings; i++) {
		const struct casebook_finding *f =
		    &r->book->findings[group->findings[i]];

		d->findings[d->n_findings++] = f;
		d->replay |= f->replay;
		subject_add_finding(d->subject, f);
	}
	d->sources = sources_new(r, d->from, d->until);
	d->logins = logins_new(r, d->from, d->until);
	d->connections = connections_new(r, d->from, d->until);
	d->outflow = outflow_new(r, d->subject, d->from, d->until);
	d->disagree = disagree_new(r, d->from, d->until);
	d->patients = touched_new(r, d->subject, d->from, d->until);
	find_windows(d);
	d->timeline_maker = timeline_new(r,
	    &(struct timeline_options){ .group = group,
		.has_from = true,
		.has_until = true,
		.from = d->from,
		.until = d->until });
	return d;
}

/* A connection inside from one of them: to where, and was it answered. */
static void
take_touched(struct damage *d, const struct event *e, int64_t at)
{
	struct span from = event_get(e, ECS_SOURCE_IP);
	struct span to = event_get(e, ECS_DESTINATION_IP);
	struct arena *arena = d->r->arena;
	struct damage_touched *t;
	size_t i;

	for (i = 0; i < d->n_touched; i++)
		if (span_eq(d->touched[i].source, from) &&
		    span_eq(d->touched[i].destination, to)) {
			d->touched[i].records++;
			return;
		}
	if (d->n_touched == DAMAGE_TOUCHED) {
		d->beyond++;
		return;
	}
	t = &d->touched[d->n_touched++];
	*t = (struct damage_touched){
		.source = arena_copy(arena, from),
		.destination = arena_copy(arena, to),
		.ports = arena_copy(arena, event_get(e, ECS_DESTINATION_PORT)),
		.records = 1,
		.first = at,
		.cite = report_cite_event(e),
	};
}

static void
take_action(struct damage *d, const struct event *e, int64_t at, bool blinds)
{
	struct damage_action *a;

	if (d->n_actions == DAMAGE_ACTIONS) {
		d->beyond++;
		return;
	}
	a = &d->actions[d->n_actions++];
	a->at = at;
	a->text = say_event(e, SAY_OTHER, d->r->arena).text;
	a->device = report_device_text(d->r, report_observer(e));
	a->blinds = blinds;
	a->cite = report_cite_event(e);
}

static void
take_staff(struct damage *d, const struct event *e, int64_t at)
{
	if (d->n_staff == DAMAGE_STAFF) {
		d->beyond++;
		return;
	}
	d->staff[d->n_staff++] = (struct damage_staff){ at,
		say_event(e, SAY_OTHER, d->r->arena).text,
		report_cite_event(e) };
}

static bool
is_action(struct span kind, bool *blinds)
{
	static const char *const changes[] = { "config-change",
		"account-change", "config-backup", "restart" };
	size_t i;

	*blinds = span_is(kind, "log-disabled") || span_is(kind, "log-cleared");
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		if (span_is(kind, changes[i]))
			return true;
	return *blinds;
}

void
damage_event(struct damage *d, const struct event *e, int64_t at)
{
	struct span kind = event_get(e, ECS_KIND);
	struct subject_names names;
	bool blinds;

	sources_event(d->sources, e, at);
	subject_learn(d->subject, e, at);
	outflow_event(d->outflow, e, at);
	connections_event(d->connections, e, at);
	disagree_event(d->disagree, e, at);
	touched_event(d->patients, e, at);
	timeline_event(d->timeline_maker, e, at);
	if (at < d->from || at >= d->until)
		return;
	logins_event(d->logins, e, at);
	if (span_is(kind, "staff-report"))
		take_staff(d, e, at);
	else if (is_action(kind, &blinds)) {
		names = subject_names(e);
		if (blinds || subject_has(d->subject, &names, at))
			take_action(d, e, at, blinds);
	} else if (span_starts(kind, SPAN("traffic")) &&
	    report_direction(d->r, e) == SAY_INSIDE &&
	    subject_has_host(d->subject, event_get(e, ECS_SOURCE_IP), at))
		take_touched(d, e, at);
}

void
damage_put_tag(struct buf *out, enum report_certainty c)
{
	html_put(out, "<span class=\"tag c%d\">%s</span> ", (int)c,
	    report_certainty_name(c));
}

void
damage_put_cites(const struct damage *d, struct buf *out,
    const struct casebook_finding *f)
{
	struct report_cite cite;
	size_t i;

	html_put(out, "<p class=\"src\">%s ", word_of(WORD_EVIDENCE));
	for (i = 0; i < f->n_cites && i < DAMAGE_CITES; i++) {
		cite = report_cite_finding(&f->cites[i]);
		report_put_cite(out, &cite);
		buf_str(out, " ");
	}
	if (f->n_evidence > i)
		html_put(out, "%s %s　", word_of(WORD_RECORDS_IN_ALL),
		    figure_records(d->r->arena, f->n_evidence));
	html_put(out, "%s %s　", word_of(WORD_FINDING),
	    arena_printf(d->r->arena, "%.16s", f->id));
	damage_put_recorded(out, f);
	buf_str(out, "</p>\n");
}

void
damage_put_ground(const struct damage *d, struct buf *out,
    const struct casebook_finding *f)
{
	struct report_cite cite;

	buf_str(out, "<span class=\"src\">");
	if (f->n_cites > 0) {
		cite = report_cite_finding(&f->cites[0]);
		report_put_cite(out, &cite);
	}
	if (f->n_evidence > 1)
		html_put(out, " %s %s", word_of(WORD_RECORDS_IN_ALL),
		    figure_records(d->r->arena, f->n_evidence));
	buf_str(out, "　");
	damage_put_recorded(out, f);
	buf_str(out, "</span>");
}

void
damage_put_recorded(struct buf *out, const struct casebook_finding *f)
{
	const struct report_cite cite = report_cite_recorded(f);

	report_put_cite(out, &cite);
}

void
damage_put_step(struct buf *out, const struct casebook_step *s)
{
	const struct report_cite cite = report_cite_step(s);

	report_put_cite(out, &cite);
}

void
damage_put_fill(struct buf *out, const char *label, unsigned lines)
{
	html_put(out,
	    "<div class=\"fill l%u\"><span>%s</span><i>%s</i></div>\n", lines,
	    word_of(WORD_FILL), label);
}

const char *
damage_scope(const struct damage *d)
{
	const struct sources_total *t = d->received;
	struct arena *a = d->r->arena;
	size_t n =
	    losses_between(d->losses, t->received_from, t->received_until + 1);

	return arena_printf(a,
	    tr("(scope: %s to %s; sources: %zu, records: %s; "
	       "gaps recorded: %zu; lines not understood: %s)",
		"（調査範囲：%s～%s、情報源%zu件、記録%s件、"
		"記録された欠測%zu件、解釈できない行%s件）"),
	    figure_minute(a, d->from, d->r->zone),
	    figure_minute(a, d->until, d->r->zone), t->n,
	    figure_count(a, t->records), n, figure_count(a, t->unknown));
}

int
damage_gravity(const void *a, const void *b)
{
	const struct casebook_finding *x =
	    *(const struct casebook_finding *const *)a;
	const struct casebook_finding *y =
	    *(const struct casebook_finding *const *)b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static void
put_summary_findings(const struct damage *d, struct buf *out)
{
	const struct casebook_finding **grave =
	    arena_alloc(d->r->arena, (d->n_findings + 1) * sizeof(*grave));
	size_t i;

	memcpy(grave, d->findings, d->n_findings * sizeof(*grave));
	qsort(grave, d->n_findings, sizeof(*grave), damage_gravity);
	buf_str(out, "<ul>");
	for (i = 0; i < d->n_findings && i < SUMMARY; i++) {
		const struct casebook_finding *f = grave[i];

		html_put(out, "<li>%s <b>%s</b> %s ",
		    figure_short(d->r->arena, f->first, d->r->zone),
		    casebook_severity_name(f->severity),
		    figure_brief(d->r->arena,
			span_str(tr(f->what_en, f->what_ja)), 240));
		damage_put_ground(d, out, f);
		buf_str(out, "</li>");
	}
	if (d->n_findings > SUMMARY)
		html_put(out, "<li>%s %zu</li>", word_of(WORD_MORE_FINDINGS),
		    d->n_findings - SUMMARY);
	buf_str(out, "</ul>");
}

static const char *
state(const struct casebook_group *g)
{
	if (g->judged == NULL)
		return word_of(
		    g->acked == NULL ? WORD_STATE_OPEN : WORD_STATE_TAKEN);
	if (strcmp(g->judged->how, "incident") == 0)
		return word_of(WORD_STATE_INCIDENT);
	return word_of(strcmp(g->judged->how, "normal") == 0
		? WORD_STATE_NORMAL
		: WORD_STATE_CHECK);
}

/* Whether a finding names somebody this report is about, devices aside: an
 * appliance sees everybody. */
static bool
is_related(const struct damage *d, const struct casebook_finding *f)
{
	size_t i;

	for (i = 0; i < f->n_entities; i++) {
		struct span value = span_str(f->entities[i].value);
		bool user = strcmp(f->entities[i].kind, "user") == 0;
		const struct subject_names names = {
			.user = user ? value : SPAN(""),
			.source = user ? SPAN("") : value,
			.traffic = true,
		};

		if (strcmp(f->entities[i].kind, "device") != 0 &&
		    subject_has(d->subject, &names, f->first))
			return true;
	}
	return false;
}

/* Other cases of the period about the same hosts, users or addresses: an
 * intrusion may have come out as more than one. */
static void
put_related(const struct damage *d, struct buf *out)
{
	const struct casebook *book = d->r->book;
	size_t i, n = 0;

	for (i = 0; i < book->n_findings; i++) {
		const struct casebook_finding *f = &book->findings[i];

		if (f->withdrawn || *f->group == '\0' ||
		    strcmp(f->group, d->group->id) == 0 ||
		    f->first >= d->until || f->until <= d->from ||
		    !is_related(d, f) || n++ >= SUMMARY)
			continue;
		if (n == 1)
			html_put(out, "<tr><th>%s</th><td><ul>",
			    word_of(WORD_RELATED));
		html_put(out, "<li>%s %s <b>%s</b> %s ", f->group,
		    figure_short(d->r->arena, f->first, d->r->zone),
		    casebook_severity_name(f->severity),
		    figure_clip(d->r->arena,
			span_str(tr(f->title_en, f->title_ja)), 100));
		damage_put_ground(d, out, f);
		buf_str(out, "</li>");
	}
	if (n > SUMMARY)
		html_put(out, "<li>%s %zu</li>", word_of(WORD_MORE_FINDINGS),
		    n - SUMMARY);
	if (n > 0)
		buf_str(out, "</ul></td></tr>");
}

/* The records that the volume was added up from. */
static void
put_volume_ground(const struct damage *d, struct buf *out)
{
	const struct outflow_row *rows = d->sent.rows;
	const struct report_cite *first = &rows[0].first;
	uint64_t records = 0;
	size_t i;

	for (i = 0; i < d->sent.n; i++) {
		records += rows[i].records;
		if (rows[i].first.index < first->index)
			first = &rows[i].first;
	}
	buf_str(out, " <span class=\"src\">");
	report_put_cite(out, first);
	if (records > 1)
		html_put(out, " %s %s", word_of(WORD_RECORDS_IN_ALL),
		    figure_records(d->r->arena, records));
	html_put(out, "　%s</span>", word_of(WORD_SEE_ANNEX_1));
}

/* What the executives read: what, how much, where it stands. */
static void
put_summary(const struct damage *d, struct buf *out)
{
	const struct report_proof p =
	    report_proof(d->r, d->r->evidence, &d->r->evidence_before);
	struct arena *a = d->r->arena;

	html_put(out,
	    "<section class=\"summary\"><h3>%s</h3>\n<table>"
	    "<tr><th>%s</th><td>",
	    word_of(WORD_SUMMARY), word_of(WORD_FOUND));
	put_summary_findings(d, out);
	html_put(out, "</td></tr><tr><th>%s</th><td>", word_of(WORD_OUTBOUND));
	if (d->sent.n == 0)
		html_put(out, "%s%s", word_of(WORD_NO_OUTBOUND),
		    damage_scope(d));
	else {
		damage_put_tag(out, REPORT_ESTIMATED);
		if (d->amount.least < d->amount.told)
			html_put(out, "%s ～ ",
			    figure_exact(a, d->amount.least));
		html_put(out, "%s %s", figure_exact(a, d->amount.told),
		    word_of(WORD_MAY_BE_TAKEN));
		put_volume_ground(d, out);
	}
	html_put(out, "</td></tr><tr><th>%s</th><td>%s</td></tr>",
	    word_of(WORD_STATE), state(d->group));
	put_related(d, out);
	html_put(out, "<tr><th>%s</th><td>%s</td></tr>",
	    word_of(WORD_DECISIONS), word_of(WORD_DECISION_BOXES));
	html_put(out, "<tr><th>%s</th><td>%s%s</td></tr></table>\n",
	    word_of(WORD_VERIFIED), p.verdict, p.limits);
	html_put(out, "<p class=\"key\">%s</p></section>\n",
	    word_of(WORD_KEY_DAMAGE));
}

static int
action_order(const void *a, const void *b)
{
	const struct damage_action *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->cite.index < y->cite.index ? -1
					     : x->cite.index > y->cite.index;
}

/* Sessions of those that the report is about. */
static void
take_sessions(struct damage *d)
{
	const struct visit *all;
	size_t i, n;

	all = connections_finish(d->connections, &n);
	connections_close(d->connections);
	d->sessions = arena_alloc(d->r->arena, (n + 1) * sizeof(*d->sessions));
	for (i = 0; i < n; i++)
		if (connections_is_of(&all[i], d->subject))
			d->sessions[d->n_sessions++] = &all[i];
}

void
damage_finish(struct damage *d, const struct losses *losses,
    const struct damage_version *version)
{
	d->losses = losses;
	d->version = *version;
	d->received = sources_finish(d->sources);
	d->sent = outflow_finish(d->outflow);
	d->amount = damage_amount(d);
	d->disagreements = disagree_finish(d->disagree, &d->sent,
	    &d->n_disagreements, &d->disagreements_beyond);
	d->handled = touched_finish(d->patients);
	d->timeline = timeline_finish(d->timeline_maker, losses);
	d->accounts = logins_finish(d->logins, d->subject, &d->n_accounts,
	    &d->accounts_beyond);
	take_sessions(d);
	if (d->n_actions > 0)
		qsort(d->actions, d->n_actions, sizeof(d->actions[0]),
		    action_order);
}

void
damage_print_html(struct damage *d, struct buf *out)
{
	struct arena *a = d->r->arena;

	report_begin(d->r, out,
	    &(struct report_page){
		.title = word_of(WORD_DAMAGE),
		.subtitle = arena_printf(a, "%s %s　%s %s ～ %s",
		    word_of(WORD_CASE), d->group->id, word_of(WORD_PERIOD),
		    figure_minute(a, d->from, d->r->zone),
		    figure_minute(a, d->until, d->r->zone)),
		.number = arena_printf(a, "DR-%s", d->group->id),
		.style = "",
		.paper = HTML_PORTRAIT,
		.replay = d->replay,
	    });
	damage_put_version(d, out);
	put_summary(d, out);
	damage_put_chapters(d, out);
	damage_put_annexes(d, out);
	html_end(out);
}

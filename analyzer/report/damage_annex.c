/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/damage_priv.h"
#include "analyzer/report/facts.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"
#include "common/num.h"

/* The annexes of the damage report: the figures and where they come from. */
#define LOSS_ROWS 20

static void
put_volume_row(const struct damage *d, struct buf *out,
    const struct outflow_row *row)
{
	struct arena *a = d->r->arena;

	html_put(out,
	    "<tr><td>%s</td><td class=\"a\">%s</td><td class=\"t\">%s</td>"
	    "<td class=\"n\">%s</td><td class=\"n\">%s</td>"
	    "<td class=\"n\">%s</td><td>",
	    report_device_text(d->r, row->host),
	    figure_clip(a, row->destination, 60),
	    figure_short(a, row->hour, d->r->zone), figure_bytes(a, row->sent),
	    figure_count(a, row->sent), figure_count(a, row->records));
	report_put_cite(out, &row->first);
	if (row->records > 1) {
		buf_str(out, " ～ ");
		report_put_cite(out, &row->last);
	}
	buf_str(out, "</td></tr>\n");
}

/* Statements of a field, as a list. */
static void
put_facts(struct damage *d, struct buf *out, enum field field)
{
	struct facts *facts = arena_alloc(d->r->arena, sizeof(*facts));
	size_t i;

	facts_of(d, field, facts);
	buf_str(out, "<ul class=\"facts\">");
	for (i = 0; i < facts->n; i++) {
		buf_str(out, "<li>");
		damage_put_tag(out, facts->v[i].certainty);
		html_put(out, "%s ", facts->v[i].text);
		report_put_cite(out, &facts->v[i].cite);
		buf_str(out, "</li>\n");
	}
	if (facts->more > 0)
		html_put(out, "<li>%s %llu</li>", word_of(WORD_SKIPPED),
		    (unsigned long long)facts->more);
	buf_str(out, "</ul>\n");
}

static void
put_volume(struct damage *d, struct buf *out)
{
	size_t i;

	html_put(out, "<section class=\"annex\"><h2>%s</h2>\n",
	    word_of(WORD_ANNEX_VOLUME));
	if (d->sent.n == 0) {
		html_put(out, "<p>%s%s</p></section>\n",
		    word_of(WORD_NO_OUTBOUND), damage_scope(d));
		return;
	}
	html_put(out,
	    "<table><thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>\n",
	    word_of(WORD_DEVICE), word_of(WORD_DESTINATION), word_of(WORD_HOUR),
	    word_of(WORD_SENT), word_of(WORD_BYTES), word_of(WORD_RECORDS),
	    word_of(WORD_FIRST_LAST_EVIDENCE));
	for (i = 0; i < d->sent.n; i++)
		put_volume_row(d, out, &d->sent.rows[i]);
	html_put(out,
	    "</tbody><tfoot><tr><th colspan=\"3\">%s</th>"
	    "<td class=\"n\">%s</td><td class=\"n\">%s</td>"
	    "<td colspan=\"2\"></td></tr></tfoot></table>\n",
	    word_of(WORD_TOTAL), figure_bytes(d->r->arena, d->sent.sent),
	    figure_count(d->r->arena, d->sent.sent));
	damage_put_hours(d, out);
	put_facts(d, out, FIELD_OUTBOUND);
	html_put(out, "<p>%s</p>\n<p>", word_of(WORD_VOLUME_HOW));
	damage_put_tag(out, REPORT_ESTIMATED);
	html_put(out, "%s</p>\n", word_of(WORD_VOLUME_MEANING));
	if (d->sent.beyond > 0)
		html_put(out, "<p class=\"warn\">%s %s</p>\n",
		    word_of(WORD_SKIPPED),
		    figure_count(d->r->arena, d->sent.beyond));
	buf_str(out, "</section>\n");
}

static void
put_account(const struct damage *d, struct buf *out, const struct login *l)
{
	struct arena *a = d->r->arena;

	html_put(out,
	    "<tr><td class=\"u\">%s</td><td>%s</td><td "
	    "class=\"a\">%s%s%s</td><td>%s</td>"
	    "<td class=\"n\">%s</td><td class=\"n\">%s</td>"
	    "<td class=\"t\">%s</td><td>",
	    figure_clip(a, l->user, 60), logins_kind_name(l->kind),
	    figure_clip(a, l->source, 60), l->country.len > 0 ? " " : "",
	    figure_clip(a, l->country, 40), l->device,
	    figure_count(a, l->succeeded), figure_count(a, l->failed),
	    figure_range(a, l->first, l->last, d->r->zone));
	report_put_cite(out, &l->cite);
	buf_str(out, "</td></tr>\n");
}

static void
put_session(const struct damage *d, struct buf *out, const struct visit *v)
{
	const struct report_cite first = connections_cite(&v->first);
	struct arena *a = d->r->arena;
	const char *tunnel = "";

	if (v->tunnel.len > 0)
		tunnel = arena_printf(a, " (%s %s)", word_of(WORD_TUNNEL),
		    figure_clip(a, v->tunnel, 60));
	html_put(out,
	    "<tr><td class=\"u\">%s</td><td>%s</td><td class=\"a\">%s%s</td>"
	    "<td>%s</td><td class=\"t\">%s</td><td class=\"u\">%s</td>"
	    "<td class=\"n\">%s</td><td>",
	    figure_clip(a, v->user, 60), connections_kind(v),
	    figure_clip(a, v->source, 60), tunnel,
	    report_device_text(d->r, v->device), connections_when(d->r, v),
	    connections_length(d->r, v), connections_bytes(d->r, v));
	report_put_cite(out, &first);
	if (v->records > 1)
		html_put(out, " ～ <span class=\"cite\">#%llu</span>",
		    (unsigned long long)v->last.index);
	buf_str(out, "</td></tr>\n");
}

static void
put_sessions(const struct damage *d, struct buf *out)
{
	const uint64_t missed = connections_count(d->connections).missed;
	size_t i;

	if (d->n_sessions == 0)
		return;
	html_put(out,
	    "<h3>%s</h3><p>%s</p><table><thead><tr><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th>",
	    word_of(WORD_SESSIONS), word_of(WORD_SESSIONS_KEY),
	    word_of(WORD_ACCOUNT), word_of(WORD_KIND), word_of(WORD_FROM),
	    word_of(WORD_DEVICE));
	html_put(out,
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></"
	    "thead><tbody>\n",
	    word_of(WORD_FROM_TO), word_of(WORD_LENGTH),
	    word_of(WORD_SENT_RECEIVED), word_of(WORD_CITATION));
	for (i = 0; i < d->n_sessions && i < DAMAGE_SESSIONS; i++)
		put_session(d, out, d->sessions[i]);
	buf_str(out, "</tbody></table>\n");
	if (d->n_sessions > DAMAGE_SESSIONS)
		html_put(out, "<p class=\"warn\">%s %zu</p>\n",
		    word_of(WORD_SKIPPED), d->n_sessions - DAMAGE_SESSIONS);
	if (missed > 0)
		html_put(out, "<p class=\"warn\">%s %s</p>\n",
		    word_of(WORD_MISSED), figure_count(d->r->arena, missed));
}

static void
put_accounts(const struct damage *d, struct buf *out)
{
	size_t i;

	html_put(out,
	    "<section class=\"annex\"><h2>%s</h2>\n<p>%s</p>"
	    "<table><thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead>"
	    "<tbody>\n",
	    word_of(WORD_ANNEX_ACCOUNTS), word_of(WORD_ACCOUNTS_KEY),
	    word_of(WORD_ACCOUNT), word_of(WORD_KIND), word_of(WORD_FROM),
	    word_of(WORD_DEVICE), word_of(WORD_SUCCEEDED), word_of(WORD_FAILED),
	    word_of(WORD_WHEN), word_of(WORD_CITATION));
	for (i = 0; i < d->n_accounts; i++)
		put_account(d, out, &d->accounts[i]);
	buf_str(out, "</tbody></table>\n");
	put_sessions(d, out);
	buf_str(out, "</section>\n");
}

/* As the rule printed it; bytes also in a form for people. */
static const char *
value_text(struct arena *a, const struct casebook_number *n)
{
	uint64_t bytes;

	if (strcmp(n->unit, "bytes") == 0 &&
	    num_parse(span_str(n->text), UINT64_MAX, &bytes) == 0 &&
	    bytes >= 1000)
		return figure_exact(a, bytes);
	return arena_printf(a, "%s%s%s", figure_clip(a, span_str(n->text), 60),
	    *n->unit == '\0' ? "" : " ", figure_clip(a, span_str(n->unit), 24));
}

/* The numbers of one layer in one paragraph. */
static void
put_values(const struct damage *d, struct buf *out,
    const struct casebook_finding *f)
{
	const struct casebook_number *n;
	struct arena *a = d->r->arena;
	size_t i;

	for (i = 0; i < f->n_numbers; i++) {
		n = &f->numbers[i];
		if (i == 0 || strcmp(n->layer, n[-1].layer) != 0)
			html_put(out, "<b>%s</b> ",
			    figure_clip(a, span_str(n->layer), 24));
		html_put(out, "%s = %s", figure_clip(a, span_str(n->name), 60),
		    value_text(a, n));
		if (i + 1 == f->n_numbers || strcmp(n->layer, n[1].layer) != 0)
			buf_str(out, "<br>\n");
		else
			buf_str(out, ", ");
	}
}

static void
put_numbers(const struct damage *d, struct buf *out)
{
	struct arena *a = d->r->arena;
	size_t i, j;

	html_put(out,
	    "<section class=\"annex\"><h2>%s</h2>\n"
	    "<table><thead><tr><th>%s</th><th>%s</th><th>%s</th></tr></thead>"
	    "<tbody>\n",
	    word_of(WORD_ANNEX_NUMBERS), word_of(WORD_FOUND),
	    word_of(WORD_LAYERS), word_of(WORD_NUMBERS));
	for (i = 0; i < d->n_findings; i++) {
		const struct casebook_finding *f = d->findings[i];

		html_put(out, "<tr><td class=\"t\">%s<br>%s %s<br>%s</td><td>",
		    figure_clip(a, span_str(tr(f->title_en, f->title_ja)), 80),
		    figure_clip(a, span_str(f->rule), 24),
		    figure_clip(a, span_str(f->version), 24),
		    figure_clip(a, span_str(f->key), 80));
		if (f->n_layers == 0)
			buf_str(out, "—");
		for (j = 0; j < f->n_layers; j++)
			html_put(out, "%s ",
			    figure_clip(a, span_str(f->layers[j]), 24));
		buf_str(out, "</td><td>");
		put_values(d, out, f);
		html_put(out, "<div class=\"src\">%s %s　%s %s</div></td></tr>",
		    word_of(WORD_RULES_HASH),
		    figure_clip(a, span_str(f->rules_sha256), 17),
		    word_of(WORD_LEDGERS_HASH),
		    figure_clip(a, span_str(f->ledgers_sha256), 17));
	}
	buf_str(out, "</tbody></table></section>\n");
}

static void
put_source(const struct damage *d, struct buf *out, const struct source *s)
{
	struct arena *a = d->r->arena;

	html_put(out,
	    "<tr><td>%s%s</td><td>%s</td><td class=\"n\">%s</td>"
	    "<td class=\"t\">%s</td><td class=\"n\">%u / %u</td>"
	    "<td class=\"t\">",
	    s->label, s->imported ? word_of(WORD_IMPORTED) : "", s->formats,
	    figure_count(a, s->records),
	    s->records == 0 ? word_of(WORD_NOTHING_RECEIVED)
			    : figure_range(a, s->first, s->last, d->r->zone),
	    s->silent, s->hours);
	if (s->silent > 0)
		html_put(out, "%s",
		    figure_range(a, s->gap_from, s->gap_until, d->r->zone));
	html_put(out, "</td><td class=\"n\">%s ", figure_count(a, s->unknown));
	report_put_cite(out, &s->unknown_cite);
	buf_str(out, "</td></tr>\n");
}

static void
put_losses(const struct damage *d, struct buf *out)
{
	const struct sources_total *t = d->received;
	struct arena *a = d->r->arena;
	size_t i, n = 0;

	html_put(out, "<h3>%s</h3><ul class=\"facts\">\n",
	    word_of(WORD_LOSSES));
	for (i = 0; i < d->losses->n; i++) {
		const struct loss *l = &d->losses->rows[i];

		if (!losses_is_between(l, t->received_from,
			t->received_until + 1) ||
		    n++ >= LOSS_ROWS)
			continue;
		html_put(out, "<li>%s – %s　%s",
		    figure_time(a, l->from, d->r->zone),
		    figure_clock(a, l->until, d->r->zone), l->text);
		if (l->count > 0)
			html_put(out, " %s", figure_records(a, l->count));
		buf_str(out, " ");
		report_put_cite(out, &l->cite);
		buf_str(out, "</li>\n");
	}
	if (n > LOSS_ROWS)
		html_put(out, "<li>%s %zu</li>\n", word_of(WORD_SKIPPED),
		    n - LOSS_ROWS);
	if (n == 0)
		html_put(out, "<li>%s</li>\n", word_of(WORD_NO_LOSS));
	buf_str(out, "</ul>\n");
}

static void
put_sources(struct damage *d, struct buf *out)
{
	const struct sources_total *t = d->received;
	size_t i;

	html_put(out,
	    "<section class=\"annex\"><h2>%s</h2>\n"
	    "<table><thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>\n",
	    word_of(WORD_ANNEX_SOURCES), word_of(WORD_SOURCE),
	    word_of(WORD_FORMAT), word_of(WORD_RECORDS), word_of(WORD_WHEN),
	    word_of(WORD_SILENT_HOURS), word_of(WORD_LONGEST_SILENCE),
	    word_of(WORD_UNKNOWN));
	for (i = 0; i < t->n; i++)
		put_source(d, out, &t->rows[i]);
	buf_str(out, "</tbody></table>\n");
	put_losses(d, out);
	html_put(out, "<h3>%s</h3>\n", word_of(WORD_DISAGREEMENTS));
	put_facts(d, out, FIELD_DISAGREE);
	html_put(out, "<h3>%s</h3>\n", word_of(WORD_LEAK));
	put_facts(d, out, FIELD_LEAK);
	put_facts(d, out, FIELD_PERSONS);
	html_put(out, "<p>%s</p></section>\n", word_of(WORD_TIME_KEY));
}

static void
put_log(const struct damage *d, struct buf *out, enum word name,
    const struct verify_result *v, const struct report_generations *before)
{
	const struct report_proof p = report_proof(d->r, v, before);
	struct arena *a = d->r->arena;

	html_put(out,
	    "<h3>%s</h3><table><tr><th>%s</th><td>%s</td></tr>"
	    "<tr><th>%s</th><td>%s</td></tr>"
	    "<tr><th>%s</th><td>%s</td></tr>"
	    "<tr><th>%s</th><td><b>%s</b>%s %s</td></tr>",
	    word_of(name), word_of(WORD_ORIGIN), v->origin, word_of(WORD_SIZE),
	    figure_count(a, v->size), word_of(WORD_SEALED),
	    figure_time(a, (int64_t)v->sealed_time, d->r->zone),
	    word_of(WORD_VERIFIED), p.verdict, p.limits, p.why);
	html_put(out, "<tr><th>%s</th><td>", word_of(WORD_CHECKPOINT));
	report_put_note(out, v);
	buf_str(out, "</td></tr></table>\n");
}

static void
put_preservation(const struct damage *d, struct buf *out)
{
	html_put(out, "<section class=\"annex\"><h2>%s</h2>\n<p>%s</p>\n",
	    word_of(WORD_ANNEX_PRESERVATION), word_of(WORD_PRESERVATION_KEY));
	put_log(d, out, WORD_EVIDENCE_LOG, d->r->evidence,
	    &d->r->evidence_before);
	put_log(d, out, WORD_CASEBOOK, d->r->cases, &d->r->cases_before);
	damage_put_fill(out, word_of(WORD_CUSTODY_FILL), 2);
	buf_str(out, "</section>\n");
}

void
damage_put_annexes(struct damage *d, struct buf *out)
{
	put_volume(d, out);
	put_accounts(d, out);
	put_numbers(d, out);
	put_sources(d, out);
	put_preservation(d, out);
}

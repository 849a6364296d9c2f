/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/damage_priv.h"
#include "analyzer/report/facts.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

/* Addresses, accounts, amounts, people, and what the records do not say. */

static bool
source_before(const struct damage *d, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (span_eq(d->accounts[j].source, d->accounts[i].source))
			return true;
	return false;
}

static void
login_source(struct facts *out, size_t at)
{
	const struct damage *d = out->d;
	const struct login *l = &d->accounts[at];
	uint64_t succeeded = 0, failed = 0;
	int64_t first = l->first, last = l->last;
	struct arena *a = d->r->arena;
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
	facts_add(out, REPORT_ESTIMATED, &l->cite, succeeded + failed,
	    arena_printf(a,
		tr("%s%s%s %s %s: %s %s, %s %s",
		    "%s%s%s %s %s：%s %s、%s %s"),
		figure_clip(a, l->source, 60), l->country.len > 0 ? " " : "",
		figure_clip(a, l->country, 40),
		figure_range(a, first, last, d->r->zone), word_of(WORD_LOGIN),
		word_of(WORD_SUCCEEDED), figure_count(a, succeeded),
		word_of(WORD_FAILED), figure_count(a, failed)));
}

/* Each destination once, with what all hosts sent there. */
static void
destinations(struct facts *out)
{
	const struct damage *d = out->d;
	const struct outflow_row *rows = d->sent.rows;
	struct arena *a = d->r->arena;
	uint64_t sent, records;
	size_t i, end;

	for (i = 0; i < d->sent.n; i = end) {
		sent = records = 0;
		for (end = i;
		     end < d->sent.n && span_eq(rows[end].host, rows[i].host) &&
		     span_eq(rows[end].destination, rows[i].destination);
		     end++) {
			sent += rows[end].sent;
			records += rows[end].records;
		}
		facts_add(out, REPORT_ESTIMATED, &rows[i].first, records,
		    arena_printf(a, "%s %s %s: %s [%s]",
			figure_clip(a, rows[i].destination, 60),
			figure_range(a, rows[i].hour,
			    rows[end - 1].hour + UTC_HOUR, d->r->zone),
			word_of(WORD_OUTBOUND), figure_bytes(a, sent),
			report_device_text(d->r, rows[i].host)));
	}
}

static void
source(struct facts *out)
{
	const struct damage *d = out->d;
	size_t i;

	for (i = 0; i < d->n_accounts; i++)
		if (d->accounts[i].source.len > 0 &&
		    !report_is_inside(d->r, d->accounts[i].source) &&
		    !source_before(d, i))
			login_source(out, i);
	destinations(out);
	facts_add(out, REPORT_ESTIMATED, NULL, 0,
	    word_of(WORD_STEPPING_STONE));
}

static void
accounts(struct facts *out)
{
	const struct damage *d = out->d;
	struct arena *a = d->r->arena;
	size_t i;

	for (i = 0; i < d->n_accounts; i++) {
		const struct login *l = &d->accounts[i];

		facts_add(out, REPORT_ESTIMATED, &l->cite,
		    l->succeeded + l->failed,
		    arena_printf(a,
			tr("%s (%s) %s → %s %s: %s %s, %s %s",
			    "%s（%s） %s → %s %s：%s %s、%s %s"),
			figure_clip(a, l->user, 60), logins_kind_name(l->kind),
			figure_clip(a, l->source, 60), l->device,
			figure_range(a, l->first, l->last, d->r->zone),
			word_of(WORD_SUCCEEDED), figure_count(a, l->succeeded),
			word_of(WORD_FAILED), figure_count(a, l->failed)));
	}
}

/* Addresses outside that findings name. */
static void
indicators(struct facts *out)
{
	const struct damage *d = out->d;
	struct report_cite cite;
	size_t i, j, k;

	for (i = 0; i < d->n_findings; i++)
		for (j = 0; j < d->findings[i]->n_entities; j++) {
			const struct casebook_entity *e =
			    &d->findings[i]->entities[j];
			const char *text = arena_printf(d->r->arena, "%s %s",
			    tr("address", "アドレス"),
			    figure_clip(d->r->arena, span_str(e->value), 60));

			if (strcmp(e->kind, "ip") != 0 ||
			    report_is_inside(d->r, span_str(e->value)))
				continue;
			for (k = 0; k < out->n; k++)
				if (strcmp(out->v[k].text, text) == 0)
					break;
			if (k < out->n)
				continue;
			cite = report_cite_recorded(d->findings[i]);
			facts_add(out, REPORT_ESTIMATED, &cite,
			    d->findings[i]->n_evidence, text);
		}
}

/* The range, then how it comes about, then what it does not say. */
static void
outbound(struct facts *out)
{
	const struct damage *d = out->d;
	const struct damage_amount *m = &d->amount;
	struct arena *a = d->r->arena;
	uint64_t records = 0;
	size_t i;

	if (d->sent.n == 0) {
		facts_add(out, REPORT_OPEN, NULL, 0,
		    arena_printf(a, "%s%s", word_of(WORD_NO_OUTBOUND),
			damage_scope(d)));
		return;
	}
	for (i = 0; i < d->sent.n; i++)
		records += d->sent.rows[i].records;
	facts_add(out, REPORT_ESTIMATED, &d->sent.rows[0].first, records,
	    arena_printf(a, "%s %s ～ %s %s", word_of(WORD_AMOUNT),
		figure_exact(a, m->least), figure_exact(a, m->told),
		word_of(WORD_MAY_BE_TAKEN)));
	facts_add(out, REPORT_ESTIMATED, NULL, 0,
	    arena_printf(a, "%s %s%s%s %s%s", word_of(WORD_AMOUNT_TOLD),
		figure_bytes(a, m->told), tr(". ", "。"),
		word_of(WORD_AMOUNT_ONCE),
		figure_bytes(a, m->once),
		d->sent.several > 0 ? word_of(WORD_AMOUNT_SEVERAL) : ""));
	facts_add(out, REPORT_ESTIMATED, NULL, 0,
	    arena_printf(a,
		tr("Least: of that the %zu hours that findings speak of, "
		   "without the most of the same hours of the weeks before "
		   "(%zu hours have too short a past: nothing taken off): %s.",
		    "下限：そのうち検出の対象となった%zu時間分から、過去8週の"
		    "同じ曜日・時刻の最大値を引いた量（過去が短く引けない時間"
		    "：%zu）＝%s。"),
		m->hours, m->without_usual, figure_bytes(a, m->least)));
	facts_add(out, REPORT_OPEN, NULL, 0, word_of(WORD_VOLUME_MEANING));
	i = losses_between(d->losses, d->received->received_from,
	    d->received->received_until + 1);
	if (i > 0)
		facts_add(out, REPORT_OPEN, &d->losses->rows[0].cite, i,
		    arena_printf(a, "%s %zu", word_of(WORD_AMOUNT_GAPS), i));
}

/* Whoever handled records of patients; the number of persons is for people. */
static void
persons(struct facts *out)
{
	const struct touched_sum *t = &out->d->handled;
	struct arena *a = out->d->r->arena;

	if (t->operations == 0) {
		facts_add(out, REPORT_OPEN, NULL, 0,
		    arena_printf(a, "%s%s", word_of(WORD_NO_PATIENTS),
			damage_scope(out->d)));
		return;
	}
	facts_add(out, REPORT_ESTIMATED, &t->first, t->operations,
	    arena_printf(a,
		tr("For reference: patient numbers that the accounts and "
		   "devices concerned handled by the records: %s to %s%s "
		   "different ones (those of operations that findings speak "
		   "of; of all %s operations of the period).",
		    "参考：記録上、関係するID・機器が扱った患者番号の異なり数："
		    "%s～%s%s（検出の対象となった操作だけの場合～対象期間のすべ"
		    "ての操作%s件の場合）。"),
		figure_count(a, t->cited_patients),
		figure_count(a, t->patients), t->more ? tr("+", "以上") : "",
		figure_count(a, t->operations)));
}

/* Searches that found nothing, with what they covered. */
static void
searches(struct facts *out)
{
	const struct damage *d = out->d;
	const struct casebook *book = d->r->book;
	struct arena *a = d->r->arena;
	struct report_cite cite;
	uint64_t silent;
	size_t i, j;

	for (i = 0; i < book->n_searches; i++) {
		const struct search *s = &book->searches[i];

		/* Both by time of receipt. */
		if (s->result != SEARCH_NONE ||
		    s->from > d->received->received_until ||
		    s->until <= d->received->received_from)
			continue;
		for (silent = j = 0; j < search_shown(s->n.sources); j++)
			silent += s->sources[j].silent;
		cite = (struct report_cite){ .origin = s->origin,
			.index = s->index };
		memcpy(cite.leaf, s->leaf, 16);
		facts_add(out, REPORT_CONFIRMED, &cite, s->records,
		    arena_printf(a,
			tr("Not found: %llu indicators in %s records received "
			   "%s to %s (silent hours of sources: %llu, gaps: "
			   "%llu); certificate search-%llu",
			    "該当なし：指標%llu件、受信 %s件（%s ～ %s、無受信 "
			    "のべ%llu時間、欠測%llu件）。不検出証明書 "
			    "search-%llu"),
			(unsigned long long)s->n.values,
			figure_count(a, s->records),
			figure_minute(a, s->from, d->r->zone),
			figure_minute(a, s->until, d->r->zone),
			(unsigned long long)silent,
			(unsigned long long)s->n.gaps,
			(unsigned long long)s->index));
	}
}

static void
leak(struct facts *out)
{
	const struct damage *d = out->d;
	struct arena *a = d->r->arena;

	facts_add(out, REPORT_ESTIMATED,
	    d->amount.hours > 0 ? &d->sent.rows[0].first : NULL,
	    d->amount.hours,
	    arena_printf(a, "%s%s",
		word_of(d->amount.hours > 0 ? WORD_LEAK_MAY : WORD_LEAK_NOT),
		damage_scope(d)));
	searches(out);
	if (d->group->phases[PHASE_DESTRUCTION].n > 0)
		facts_add(out, REPORT_ESTIMATED, NULL, 0,
		    word_of(WORD_LEAK_DAMAGE));
}

static void
logs(struct facts *out)
{
	const struct damage *d = out->d;
	const struct sources_total *t = d->received;
	struct arena *a = d->r->arena;
	size_t i;

	facts_add(out, REPORT_CONFIRMED, NULL, t->records,
	    arena_printf(a, "%s%s", word_of(WORD_LOGS_HELD), damage_scope(d)));
	for (i = 0; i < t->n; i++) {
		const struct source *s = &t->rows[i];

		if (s->silent == 0)
			continue;
		facts_add(out, REPORT_CONFIRMED, NULL, s->records,
		    arena_printf(a,
			tr("%s: %s records; no record in %u of %u hours, the "
			   "longest %s",
			    "%s：%s件、無受信 %u／%u時間（最長 %s）"),
			s->label, figure_count(a, s->records), s->silent,
			s->hours,
			figure_range(a, s->gap_from, s->gap_until,
			    d->r->zone)));
	}
}

static void
disagree(struct facts *out)
{
	const struct damage *d = out->d;
	size_t i;

	for (i = 0; i < d->n_disagreements; i++)
		facts_add(out, REPORT_OPEN, &d->disagreements[i].cites[0], 0,
		    d->disagreements[i].text);
	if (d->n_disagreements == 0)
		facts_add(out, REPORT_OPEN, NULL, 0,
		    arena_printf(d->r->arena, "%s%s",
			word_of(WORD_NO_DISAGREEMENT), damage_scope(d)));
	out->more += d->disagreements_beyond;
}

const struct facts_filler facts_figures[] = {
	{ FIELD_SOURCE, source },
	{ FIELD_ACCOUNTS, accounts },
	{ FIELD_INDICATORS, indicators },
	{ FIELD_OUTBOUND, outbound },
	{ FIELD_PERSONS, persons },
	{ FIELD_LEAK, leak },
	{ FIELD_LOGS, logs },
	{ FIELD_DISAGREE, disagree },
	{ FIELD_COUNT, NULL },
};

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/backtest.h"
#include "analyzer/report/csvout.h"
#include "common/json.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/* What `konseki rules backtest` found: for people, programs, spreadsheets. */

static const char *const kinds[] = { "alert", "sheet", "unknown" };

static const char *
kind_name(enum finding_kind k)
{
	return k == FINDING_SHEET ? tr("weekly sheet", "週次")
	    : k == FINDING_UNKNOWN ? tr("cannot be said", "判定不可")
				   : "";
}

static const char *
level_name(enum finding_severity s)
{
	return tr(finding_severity_en(s), finding_severity_ja(s));
}

static char *
put_day(int64_t day, char out[32])
{
	int y, m, d;

	utc_date(day, &y, &m, &d);
	snprintf(out, 32, "%04d-%02d-%02d", y, m, d);
	return out;
}

static const struct backtest_week *
busiest(const struct backtest_report *r)
{
	const struct backtest_week *w = &r->all;
	size_t i;

	for (i = 0; i < r->n_weeks; i++)
		if (i == 0 || r->week[i].alerts > w->alerts)
			w = &r->week[i];
	return w;
}

/* Of the settings in force; whether they are found any more is not said. */
static uint64_t
not_compared(const struct backtest_report *r)
{
	return r->before != NULL ? r->before->more : 0;
}

/* ---- text ---- */

static void
put_hit(const struct backtest_report *r, const struct backtest_hit *o,
    struct buf *out)
{
	char time[UTC_TEXT];
	size_t i;

	buf_printf(out, "%s  %s  %s  ",
	    utc_print_local(o->first, r->zone, time), o->rule,
	    level_name(o->severity));
	text_escape(span_str(o->key), out);
	if (o->kind != FINDING_ALERT)
		buf_printf(out, "  %s", kind_name(o->kind));
	if (o->excepted)
		buf_str(out, tr("  excepted", "  例外"));
	if (o->known)
		buf_str(out, tr("  known", "  検知済み"));
	if (*o->also != '\0')
		buf_printf(out, tr("  beside %s", "  同時 %s"), o->also);
	if (r->before != NULL && !o->before)
		buf_str(out, tr("  more than now", "  現在の設定では出ない"));
	buf_str(out, "\n    ");
	text_escape(span_str(o->what), out);
	buf_printf(out, tr("\n    records %" PRIu64 ":", "\n    記録%" PRIu64
							  "件:"),
	    o->n_evidence);
	for (i = 0; i < o->n_cites; i++)
		buf_printf(out, " #%" PRIu64, o->cites[i].index);
	buf_str(out, o->n_evidence > o->n_cites ? " ...\n" : "\n");
}

static void
put_lost(const struct backtest_report *r, struct buf *out)
{
	const struct backtest_hit *o;
	char time[UTC_TEXT];
	size_t i, n = 0;

	for (i = 0; r->before != NULL && i < r->before->n; i++) {
		o = &r->before->v[i];
		if (index_get(r->hits->by_id, span_str(o->id)) != INDEX_NONE)
			continue;
		if (n++ == 0)
			buf_str(out,
			    tr("\nFound with the settings in force, and no "
			       "more:\n",
				"\n現在の設定では検知し、変更後は検知しない"
				"もの:\n"));
		buf_printf(out, "%s  %s  %s  ",
		    utc_print_local(o->first, r->zone, time), o->rule,
		    level_name(o->severity));
		text_escape(span_str(o->key), out);
		if (o->kind != FINDING_ALERT)
			buf_printf(out, "  %s", kind_name(o->kind));
		if (o->excepted)
			buf_str(out, tr("  excepted", "  例外"));
		buf_byte(out, '\n');
	}
}

static void
put_weeks(const struct backtest_report *r, struct buf *out)
{
	const struct backtest_week *w;
	char day[32];
	size_t i;

	if (r->n_weeks == 0)
		return;
	buf_str(out,
	    tr("\nweek of     alerts  known  beside    new",
		"\n週の初日      警報  検知済  同時    新規"));
	buf_str(out,
	    r->before != NULL ? tr("  as now\n", "  現設定\n") : "\n");
	for (i = 0; i < r->n_weeks; i++) {
		w = &r->week[i];
		buf_printf(out, "%s  %6u %6u  %6u %6u", put_day(w->day, day),
		    w->alerts, w->known, w->also, w->fresh);
		if (r->before != NULL)
			buf_printf(out, "  %6u", w->before);
		buf_byte(out, '\n');
	}
}

static void
put_cost(const struct backtest_report *r, struct buf *out)
{
	double weeks = backtest_weeks(r);
	char day[32];
	int i;

	buf_printf(out,
	    tr("%u alerts in %.1f weeks: %.2f a week",
		"警報 %u件／%.1f週: 週あたり %.2f件"),
	    r->all.alerts, weeks, r->all.alerts / weeks);
	if (r->n_weeks > 0)
		buf_printf(out,
		    tr("; most in one: %u (week of %s)",
			"、最多の週 %u件（%sの週）"),
		    busiest(r)->alerts, put_day(busiest(r)->day, day));
	buf_byte(out, '\n');
	for (i = FINDING_CRITICAL; i >= 0 && r->all.alerts > 0; i--)
		if (r->severity[i] > 0)
			buf_printf(out, "    %s %u",
			    level_name((enum finding_severity)i),
			    r->severity[i]);
	buf_str(out, r->all.alerts > 0 ? "\n" : "");
	if (r->sheets + r->unknown + r->excepted > 0)
		buf_printf(out,
		    tr("    beside the alerts: %zu for the weekly sheet, %zu "
		       "that cannot be said, %zu excepted\n",
			"    警報のほか: 週次 %zu件、判定不可 %zu件、例外 "
			"%zu件\n"),
		    r->sheets, r->unknown, r->excepted);
	buf_printf(out,
	    tr("    %u stand in the casebook (%zu findings); beside %u another "
	       "rule told of the same; %u are new\n",
		"    事案簿（検知%2$zu件）にあるもの %1$u件、同じ対象をほかの"
		"ルールが検知 %3$u件、新規 %4$u件\n"),
	    r->all.known, r->book, r->all.also, r->all.fresh);
	if (r->before != NULL)
		buf_printf(out,
		    tr("    with the settings in force: %zu; both %u, no more "
		       "%zu\n",
			"    現在の設定 %zu件、両方 %u件、出なくなるもの "
			"%zu件\n"),
		    r->in_force, r->all.before, r->lost);
}

static void
put_limits(const struct backtest_report *r, struct buf *out)
{
	buf_printf(out,
	    tr("%" PRIu64 " records, %" PRIu64 " of them not read: they could "
	       "not fit\n",
		"記録 %" PRIu64 "件、うち一致し得ないため読まなかったもの "
		"%" PRIu64 "件\n"),
	    r->records, r->left);
	if (r->dropped > 0)
		buf_printf(out,
		    tr("%" PRIu64 " times there was no room for what had to be "
		       "remembered: there may be more\n",
			"記憶の上限を超えたもの %" PRIu64 "件: "
			"ほかにもある可能性があります\n"),
		    r->dropped);
	if (r->hits->more > 0)
		buf_printf(out,
		    tr("%" PRIu64 " more findings are not listed\n",
			"表示しきれない検知 %" PRIu64 "件\n"),
		    r->hits->more);
	if (not_compared(r) > 0)
		buf_printf(out,
		    tr("%" PRIu64 " more with the settings in force are not "
		       "compared\n",
			"現在の設定の検知のうち、比べきれないもの %" PRIu64
			"件\n"),
		    not_compared(r));
}

void
backtest_print_text(const struct backtest_report *r, struct buf *out)
{
	char from[UTC_TEXT], until[UTC_TEXT];
	size_t i;

	buf_printf(out,
	    tr("%zu rules on the evidence from %s to %s\n",
		"ルール %zu件、証跡の期間 %s ～ %s\n"),
	    r->n_rules, utc_print_local(r->from, r->zone, from),
	    utc_print_local(r->until, r->zone, until));
	buf_str(out, r->hits->n > 0 ? "\n" : "");
	for (i = 0; i < r->hits->n; i++)
		put_hit(r, &r->hits->v[i], out);
	put_lost(r, out);
	put_weeks(r, out);
	buf_byte(out, '\n');
	put_cost(r, out);
	put_limits(r, out);
}

/* ---- JSON Lines ---- */

static void
put_codes(const char *codes, struct buf *out)
{
	struct span s = span_str(codes);
	size_t i, from;

	buf_byte(out, '[');
	for (i = 0; i < s.len; i++) {
		for (from = i; i < s.len && s.p[i] != ' '; i++)
			;
		buf_str(out, from > 0 ? "," : "");
		json_quote(out, span_sub(s, from, i - from));
	}
	buf_byte(out, ']');
}

static void
put_time(const char *name, int64_t at, int zone, struct buf *out)
{
	char text[UTC_TEXT];

	buf_printf(out, "\"%s\":\"%s\"", name, utc_print(at, zone, text));
}

static void
put_summary(const struct backtest_report *r, struct buf *out)
{
	const struct backtest_week *w;
	char day[32];
	size_t i;

	buf_str(out, "{\"summary\":{");
	put_time("from", r->from, r->zone, out);
	buf_byte(out, ',');
	put_time("until", r->until, r->zone, out);
	buf_printf(out,
	    ",\"weeks\":%.1f,\"rules\":%zu,\"records\":%" PRIu64
	    ",\"not_read\":%" PRIu64 ",\"alerts\":%u,\"alerts_a_week\":%.2f"
	    ",\"known\":%u,\"beside\":%u,\"new\":%u,\"sheet\":%zu"
	    ",\"unknown\":%zu,\"excepted\":%zu,\"dropped\":%" PRIu64
	    ",\"not_listed\":%" PRIu64,
	    backtest_weeks(r), r->n_rules, r->records, r->left, r->all.alerts,
	    r->all.alerts / backtest_weeks(r), r->all.known, r->all.also,
	    r->all.fresh, r->sheets, r->unknown, r->excepted, r->dropped,
	    r->hits->more);
	if (r->before != NULL)
		buf_printf(out,
		    ",\"in_force\":%zu,\"both\":%u,\"no_more\":%zu"
		    ",\"not_compared\":%" PRIu64,
		    r->in_force, r->all.before, r->lost, not_compared(r));
	buf_str(out, ",\"by_week\":[");
	for (i = 0; i < r->n_weeks; i++) {
		w = &r->week[i];
		buf_printf(out,
		    "%s{\"week\":\"%s\",\"alerts\":%u,\"known\":%u,"
		    "\"beside\":%u,\"new\":%u}",
		    i > 0 ? "," : "", put_day(w->day, day), w->alerts, w->known,
		    w->also, w->fresh);
	}
	buf_str(out, "]}}\n");
}

void
backtest_print_json(const struct backtest_report *r, struct buf *out)
{
	const struct backtest_hit *o;
	size_t i;

	for (i = 0; i < r->hits->n; i++) {
		o = &r->hits->v[i];
		buf_printf(out, "{\"finding\":%s,\"known\":%s,\"beside\":",
		    o->json, o->known ? "true" : "false");
		put_codes(o->also, out);
		if (r->before != NULL)
			buf_printf(out, ",\"in_force\":%s",
			    o->before ? "true" : "false");
		buf_str(out, "}\n");
	}
	for (i = 0; r->before != NULL && i < r->before->n; i++) {
		o = &r->before->v[i];
		if (index_get(r->hits->by_id, span_str(o->id)) == INDEX_NONE)
			buf_printf(out, "{\"no_more\":%s}\n", o->json);
	}
	put_summary(r, out);
}

/* ---- CSV ---- */

static void
put_row(const struct backtest_report *r, const struct backtest_hit *o,
    const char *change, struct buf *out)
{
	char text[UTC_TEXT];

	csvout_str(out, utc_print(o->first, r->zone, text));
	csvout_str(out, o->rule);
	csvout_str(out, kinds[o->kind]);
	csvout_str(out, finding_severity_level(o->severity));
	csvout_str(out, o->key);
	csvout_str(out, o->what);
	snprintf(text, sizeof(text), "%" PRIu64, o->n_evidence);
	csvout_str(out, text);
	csvout_str(out, o->n_cites > 0 ? o->cites[0].origin : "");
	snprintf(text, sizeof(text), "%" PRIu64,
	    o->n_cites > 0 ? o->cites[0].index : 0);
	csvout_str(out, o->n_cites > 0 ? text : "");
	csvout_str(out, o->n_cites > 0 ? o->cites[0].leaf : "");
	csvout_str(out, o->known ? "known" : "");
	csvout_str(out, o->also);
	csvout_str(out, change);
	csvout_row(out);
}

void
backtest_print_csv(const struct backtest_report *r, struct buf *out)
{
	static const char *const title[] = { "time", "rule", "kind",
		"severity", "key", "what", "records", "origin", "index",
		"leaf", "known", "beside", "change" };
	const struct backtest_hit *o;
	size_t i;

	csvout_begin(out);
	for (i = 0; i < sizeof(title) / sizeof(title[0]); i++)
		csvout_str(out, title[i]);
	csvout_row(out);
	for (i = 0; i < r->hits->n; i++) {
		o = &r->hits->v[i];
		put_row(r, o,
		    r->before == NULL ? ""
			: o->before   ? "both"
				      : "more",
		    out);
	}
	for (i = 0; r->before != NULL && i < r->before->n; i++) {
		o = &r->before->v[i];
		if (index_get(r->hits->by_id, span_str(o->id)) == INDEX_NONE)
			put_row(r, o, "no more", out);
	}
}

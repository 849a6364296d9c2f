/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/csvout.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/timeline.h"
#include "analyzer/report/word.h"
#include "common/json.h"
#include "common/utc.h"

/* The timeline as CSV and as JSON Lines. */

enum column {
#define COL(id, en, ja) COL_##id,
#include "analyzer/report/timeline_col_tbl.h"
#undef COL
	COL_COUNT
};

static const struct {
	const char *en, *ja;
} columns[] = {
#define COL(id, en, ja) { en, ja },
#include "analyzer/report/timeline_col_tbl.h"
#undef COL
};

static const char *const weekdays_en[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
	"Fri", "Sat" };
static const char *const weekdays_ja[] = { "日", "月", "火", "水", "木", "金",
	"土" };

/* "2026/11/22 02:14:07": Excel in Japan knows it for a date. */
static const char *
excel_time(const struct report *r, int64_t usec)
{
	struct utc_civil c;

	utc_to_civil(usec, r->zone, &c);
	return arena_printf(r->arena, "%04d/%02d/%02d %02d:%02d:%02d", c.year,
	    c.month, c.day, c.hour, c.minute, c.second);
}

static const char *
weekday(const struct report *r, int64_t usec)
{
	struct utc_civil c;
	int day;

	utc_to_civil(usec, r->zone, &c);
	day = utc_weekday(utc_days(c.year, c.month, c.day));
	return tr(weekdays_en[day], weekdays_ja[day]);
}

static const char *
cell(const struct report *r, const struct timeline_row *row, size_t no,
    enum column column)
{
	switch (column) {
	case COL_NO:
		return arena_printf(r->arena, "%zu", no);
	case COL_TIME:
		return excel_time(r, row->time);
	case COL_BASIS:
		return timeline_basis_name(row->basis);
	case COL_TEXT:
		return row->text;
	case COL_PHASE:
		return phase_name(row->phase);
	case COL_DEVICE:
		return row->device;
	case COL_USER:
		return row->user;
	case COL_PEER:
		return row->peer;
	case COL_SOURCE:
		return report_cite_text(r, &row->cite);
	case COL_CERTAINTY:
		return report_certainty_name(row->certainty);
	case COL_WEEKDAY:
		return weekday(r, row->time);
	case COL_TIME_TEXT:
		return row->time_text;
	case COL_RECEIVED:
		return row->received == 0 ? "" : excel_time(r, row->received);
	case COL_ERROR:
		return timeline_error(r, row);
	case COL_CLOCK:
		return row->has_clock ? excel_time(r, row->clock) : "";
	case COL_WRITER:
		return row->basis == TIMELINE_PERSON ? row->user
						     : word_of(WORD_BY_RECORD);
	case COL_RULE:
		return row->rule;
	case COL_REPLAY:
		return row->replay ? word_of(WORD_YES) : "";
	case COL_COUNT:
		break;
	}
	return "";
}

void
timeline_print_csv(const struct report *r, const struct timeline *t,
    struct buf *out)
{
	size_t i, j;

	csvout_begin(out);
	for (j = 0; j < COL_COUNT; j++)
		csvout_str(out,
		    j != COL_TIME && j != COL_RECEIVED && j != COL_CLOCK
			? tr(columns[j].en, columns[j].ja)
			: arena_printf(r->arena, "%s (%s)",
			      tr(columns[j].en, columns[j].ja),
			      figure_zone(r->arena, r->zone)));
	csvout_row(out);
	for (i = 0; i < t->n; i++) {
		for (j = 0; j < COL_COUNT; j++)
			csvout_str(out,
			    cell(r, &t->rows[i], i + 1, (enum column)j));
		csvout_row(out);
	}
}

static void
put(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, ",\"%s\":", name);
	json_quote(out, span_str(value));
}

/* The names of phases and certainties for machines do not follow the user's
 * language. */
static const char *const phase_ids[] = {
#define PHASE(id, en, ja) en,
#include "analyzer/case/phase_tbl.h"
#undef PHASE
};
static const char *const certainty_ids[] = { "confirmed", "estimated", "open" };
static const char *const basis_ids[] = { "Device time", "Receive time",
	"Recorded by a person" };

void
timeline_print_jsonl(const struct report *r, const struct timeline *t,
    struct buf *out)
{
	char when[UTC_TEXT];
	size_t i;

	for (i = 0; i < t->n; i++) {
		const struct timeline_row *row = &t->rows[i];

		buf_str(out, "{\"message\":");
		json_quote(out, span_str(row->text));
		put(out, "datetime", utc_print(row->time, r->zone, when));
		put(out, "timestamp_desc", basis_ids[row->basis]);
		buf_printf(out, ",\"timestamp\":%lld", (long long)row->time);
		put(out, "phase", phase_ids[row->phase]);
		put(out, "certainty", certainty_ids[row->certainty]);
		put(out, "device", row->device);
		put(out, "user", row->user);
		put(out, "peer", row->peer);
		put(out, "rule", row->rule);
		put(out, "device_time", row->time_text);
		if (row->has_clock)
			put(out, "device_clock",
			    utc_print(row->clock, r->zone, when));
		if (row->received != 0)
			put(out, "received",
			    utc_print(row->received, r->zone, when));
		put(out, "evidence_log",
		    row->cite.origin == NULL ? "" : row->cite.origin);
		buf_printf(out, ",\"evidence_index\":%llu",
		    (unsigned long long)row->cite.index);
		put(out, "evidence_leaf", row->cite.leaf);
		buf_printf(out, ",\"sample_or_drill\":%s}\n",
		    row->replay ? "true" : "false");
	}
}

void
timeline_print_ecs(const struct report *r, const struct timeline *t,
    struct buf *out)
{
	char when[UTC_TEXT];
	size_t i;

	for (i = 0; i < t->n; i++) {
		const struct timeline_row *row = &t->rows[i];

		buf_printf(out, "{\"@timestamp\":\"%s\"",
		    utc_print(row->time, 0, when));
		put(out, "ecs.version", "8.11.0");
		put(out, "message", row->text);
		put(out, "event.kind", *row->rule != '\0' ? "alert" : "event");
		put(out, "event.id", report_cite_text(r, &row->cite));
		if (row->received != 0)
			put(out, "event.created",
			    utc_print(row->received, 0, when));
		if (*row->rule != '\0')
			put(out, "rule.id", row->rule);
		put(out, "konseki.phase", phase_ids[row->phase]);
		put(out, "konseki.certainty", certainty_ids[row->certainty]);
		put(out, "konseki.time_by", basis_ids[row->basis]);
		buf_str(out, row->ecs);
		buf_str(out, row->replay ? ",\"tags\":[\"sample-or-drill\"]}\n"
					 : "}\n");
	}
}

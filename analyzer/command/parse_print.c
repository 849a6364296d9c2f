/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/parse_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/report/csvout.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/* Columns that are no fields. */
enum { COLUMN_FORMAT = ECS_COUNT, COLUMN_RAW, COLUMNS };

static const char *const own[] = { "format", "raw" };

/* Who, from where, to where, what, how much, with what outcome, when. */
static const int core[] = { ECS_TIMESTAMP, ECS_OBSERVER_NAME, ECS_HOST_NAME,
	ECS_OBSERVER_PRODUCT, ECS_KIND, ECS_EVENT_ACTION, ECS_EVENT_CODE,
	ECS_EVENT_OUTCOME, ECS_EVENT_REASON, ECS_USER_NAME, ECS_SOURCE_IP,
	ECS_SOURCE_PORT, ECS_SOURCE_MAC, ECS_DESTINATION_IP,
	ECS_DESTINATION_PORT, ECS_NETWORK_TRANSPORT, ECS_SOURCE_BYTES,
	ECS_DESTINATION_BYTES, ECS_EVENT_DURATION, ECS_URL_ORIGINAL,
	ECS_RULE_NAME, COLUMN_FORMAT, COLUMN_RAW };

int
parse_print_how(const char *name, enum parse_how *how)
{
	static const char *const names[] = { "json", "flat", "csv", "text" };
	size_t i;

	for (i = 0; i < 4; i++) {
		if (strcmp(name, names[i]) == 0) {
			*how = (enum parse_how)i;
			return 0;
		}
	}
	return -1;
}

static const char *
column_name(int column)
{
	return column < ECS_COUNT ? ecs_name((enum ecs)column)
				  : own[column - ECS_COUNT];
}

static int
add_column(struct parse_print *p, struct span name)
{
	int i;

	for (i = 0; i < COLUMNS && !span_is(name, column_name(i)); i++)
		;
	if (i == COLUMNS || p->ncolumn == PARSE_COLUMNS) {
		log_error(tr("'%.*s' is no column: it is no field of "
			     "docs/formats.md, nor 'format' or 'raw'",
			      "「%.*s」という列はありません"
			      "（docs/formats.mdの項目、format、raw）"),
		    (int)name.len, (const char *)name.p);
		return -1;
	}
	p->column[p->ncolumn++] = i;
	return 0;
}

int
parse_print_columns(struct parse_print *p, const char *list)
{
	size_t i, len;

	if (list == NULL) {
		if (p->log) {
			p->column[p->ncolumn++] = ECS_EVENT_ID;
			p->column[p->ncolumn++] = ECS_EVENT_CREATED;
		}
		for (i = 0; i < sizeof(core) / sizeof(core[0]); i++)
			p->column[p->ncolumn++] = core[i];
		return 0;
	}
	for (; *list != '\0'; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		if (add_column(p, text_trim(span_make(list, len))) != 0)
			return -1;
	}
	return 0;
}

void
parse_print_begin(const struct parse_print *p, struct buf *out)
{
	size_t i;

	if (p->how != PARSE_CSV)
		return;
	csvout_begin(out);
	for (i = 0; i < p->ncolumn; i++) {
		const char *name = column_name(p->column[i]);

		/* A spreadsheet takes @ for the start of a formula. */
		csvout_str(out, *name == '@' ? name + 1 : name);
	}
	csvout_row(out);
}

/* All values of a field, in one cell. */
static void
put_field(const struct event *e, enum ecs field, struct buf *out)
{
	struct buf all;
	size_t i;

	buf_init(&all);
	for (i = 0; i < e->n; i++) {
		if (e->f[i].field != field)
			continue;
		if (all.len > 0)
			buf_str(&all, ", ");
		buf_span(&all, e->f[i].value);
	}
	csvout_cell(out, buf_view(&all));
	buf_fini(&all);
}

/* The line as text, whatever it was written in. */
static void
put_raw(const struct event *e, struct buf *out)
{
	if (e->encoding == TEXT_UTF8)
		buf_span(out, e->message);
	else
		(void)text_decode(e->encoding, e->message, out);
}

static void
put_line(const struct event *e, struct buf *out)
{
	struct buf raw;

	buf_init(&raw);
	put_raw(e, &raw);
	csvout_cell(out, buf_view(&raw));
	buf_fini(&raw);
}

static void
put_cell(const struct parse_print *p, const struct event *e, int column,
    struct buf *out)
{
	char when[UTC_TEXT];

	if (column == COLUMN_FORMAT)
		csvout_str(out, e->format);
	else if (column == COLUMN_RAW)
		put_line(e, out);
	else if (column != ECS_TIMESTAMP)
		put_field(e, (enum ecs)column, out);
	else if (e->clock == EVENT_CLOCK_NONE && e->received == 0)
		csvout_str(out, "");
	else
		csvout_str(out, utc_print(e->time, p->zone, when));
}

static void
print_row(const struct parse_print *p, const struct event *e, struct buf *out)
{
	size_t i;

	for (i = 0; i < p->ncolumn; i++)
		put_cell(p, e, p->column[i], out);
	csvout_row(out);
}

static void
print_text(const struct parse_print *p, const struct event *e, struct buf *out)
{
	struct buf raw;

	if (p->log)
		buf_printf(out, "%" PRIu64 "  ", e->index);
	if (e->format != NULL) {
		event_print_text(e, p->zone, out);
		return;
	}
	buf_str(out, tr("not understood: ", "解釈できません: "));
	buf_init(&raw);
	put_raw(e, &raw);
	text_escape(buf_view(&raw), out);
	buf_fini(&raw);
	buf_byte(out, '\n');
}

/* Where it stands in the evidence; text holds what the value points to. */
static void
add_record(struct event *e, char *id, size_t size)
{
	snprintf(id, size, "%s#%" PRIu64, e->origin, e->index);
	event_add(e, ECS_EVENT_ID, span_str(id));
}

/* By which clock the time is, and when the line came in. */
static void
add_times(struct event *e, char *received)
{
	event_add_clock(e);
	if (e->received != 0)
		event_add(e, ECS_EVENT_CREATED,
		    span_str(utc_print(e->received, 0, received)));
}

void
parse_print_event(const struct parse_print *p, struct event *e, struct buf *out)
{
	char id[512], received[UTC_TEXT];

	if (e->format != NULL || p->how == PARSE_CSV) {
		if (p->log)
			add_record(e, id, sizeof(id));
		add_times(e, received);
	}
	if (p->how == PARSE_TEXT)
		print_text(p, e, out);
	else if (p->how == PARSE_CSV)
		print_row(p, e, out);
	else if (e->format == NULL)
		buf_str(out, "{}\n");
	else if (p->how == PARSE_FLAT)
		event_print_flat(e, out);
	else
		event_print_json(e, out);
}

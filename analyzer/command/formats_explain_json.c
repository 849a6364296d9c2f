/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/command/formats_explain.h"
#include "common/json.h"
#include "common/utc.h"

/* An explanation as one JSON object on one line; docs/formats.md names them. */

static void
member(struct buf *out, const char *name, struct span value)
{
	uint8_t last = out->p[out->len - 1];

	if (last != '{' && last != '[')
		buf_byte(out, ',');
	buf_printf(out, "\"%s\":", name);
	json_quote(out, value);
}

static void
number(struct buf *out, const char *name, size_t n)
{
	uint8_t last = out->p[out->len - 1];

	if (last != '{' && last != '[')
		buf_byte(out, ',');
	buf_printf(out, "\"%s\":%zu", name, n);
}

/* The next object of an array. */
static void
object(struct buf *out)
{
	if (out->p[out->len - 1] != '[')
		buf_byte(out, ',');
	buf_byte(out, '{');
}

static const char *
how_name(enum explain_how how)
{
	static const char *const names[] = { "app", "starts", "all", "contains",
		"pattern" };

	return names[how];
}

static void
put_way(const struct explain_way *w, struct buf *out)
{
	size_t i;

	member(out, "format", span_str(w->format->name));
	member(out, "file", span_str(w->format->file));
	if (w->way != NULL)
		number(out, "line", w->way->line);
	buf_str(out, ",\"words\":[");
	for (i = 0; i < w->n; i++) {
		object(out);
		member(out, "how", span_str(how_name(w->word[i].how)));
		member(out, "text", w->word[i].text);
		buf_str(out,
		    w->word[i].holds ? ",\"holds\":true}"
				     : ",\"holds\":false}");
	}
	buf_byte(out, ']');
}

static void
put_near(const struct explain *x, struct buf *out)
{
	size_t i;

	buf_str(out, ",\"near\":[");
	for (i = 0; i < x->nnear; i++) {
		object(out);
		put_way(&x->near[i], out);
		buf_byte(out, '}');
	}
	buf_str(out, "],\"tried\":[");
	for (i = 0; i < x->trace.nfailure; i++) {
		const struct trace_failure *f = &x->trace.failure[i];

		object(out);
		member(out, "format", span_str(f->format->name));
		if (f->step != NULL)
			number(out, "line", f->step->line);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void
put_cases(const struct explain *x, struct buf *out)
{
	size_t i;

	buf_str(out, ",\"cases\":[");
	for (i = 0; i < x->trace.n; i++) {
		const struct trace_row *r = &x->trace.row[i];

		if (r->kind != TRACE_CASE)
			continue;
		object(out);
		number(out, "line",
		    ((const struct format_case *)r->what)->line);
		number(out, "depth", r->depth);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void
put_time(const struct explain *x, struct buf *out)
{
	static const char *const rules[] = { "none", "offset", "ledger",
		"site" };
	const struct time_rule *rule = NULL;
	char when[UTC_TEXT];
	size_t i;

	for (i = 0; i < x->trace.n; i++)
		if (x->trace.row[i].kind == TRACE_TIME)
			rule = x->trace.row[i].what;
	buf_str(out, ",\"time\":{");
	if (x->event->clock != EVENT_CLOCK_NONE)
		member(out, "@timestamp",
		    span_str(utc_print(x->event->time, 0, when)));
	member(out, "zone", span_str(rules[x->event->clock]));
	if (x->event->mark & EVENT_MARK_YEAR)
		member(out, "year", SPAN("inferred"));
	if (rule != NULL) {
		member(out, "text", x->event->time_text);
		member(out, "as",
		    rule->as == TIME_EPOCH	   ? SPAN("epoch")
			: rule->as == TIME_PATTERN ? rule->pattern
						   : SPAN("stamp"));
		number(out, "line", rule->line);
	}
	buf_byte(out, '}');
}

static const char *
end_name(enum trace_end end)
{
	static const char *const names[] = { "taken", "other", "none",
		"decided", "when" };

	return names[end];
}

static void
put_op(const struct trace_row *r, struct buf *out)
{
	const struct op *op = r->what;

	object(out);
	member(out, "field", span_str(ecs_name(r->field)));
	member(out, "end", span_str(end_name(r->end)));
	if (r->end <= TRACE_OTHER)
		member(out, "value", r->value);
	if (op->map != NULL)
		member(out, "map", op->map->name);
	if (op->as != CONVERT_NONE)
		member(out, "as", span_str(convert_name(op->as)));
	number(out, "line", op->line);
	buf_byte(out, '}');
}

static void
put_fields(const struct explain *x, const struct explain_piece *p,
    struct buf *out)
{
	const char *head = formats_explain_head(p->slot);
	size_t i;

	buf_str(out, ",\"fields\":[");
	if (head != NULL) {
		object(out);
		member(out, "field", span_str(head));
		member(out, "end", SPAN("taken"));
		member(out, "value", p->value);
		buf_byte(out, '}');
	}
	for (i = 0; i < x->trace.n; i++)
		if (x->trace.row[i].kind == TRACE_FIELD &&
		    ((const struct op *)x->trace.row[i].what)->slot == p->slot)
			put_op(&x->trace.row[i], out);
	buf_byte(out, ']');
}

static void
put_uses(unsigned use, struct buf *out)
{
	static const char *const names[] = { "field", "time", "asked", "cut" };
	bool first = true;
	size_t i;

	buf_str(out, ",\"use\":[");
	for (i = 0; i < 4; i++) {
		if ((use >> i & 1) == 0)
			continue;
		buf_printf(out, "%s\"%s\"", first ? "" : ",", names[i]);
		first = false;
	}
	buf_byte(out, ']');
}

static void
put_pieces(const struct explain *x, struct buf *out)
{
	size_t i;

	buf_str(out, ",\"inputs\":[");
	for (i = 0; i < x->npiece; i++) {
		const struct explain_piece *p = &x->piece[i];

		object(out);
		member(out, "input", p->name);
		member(out, "value", p->value);
		if (p->placed) {
			number(out, "offset", p->from);
			number(out, "length", p->to - p->from);
		}
		put_uses(p->use, out);
		if (p->slot != SLOT_NONE)
			put_fields(x, p, out);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void
put_set(const struct explain *x, struct buf *out)
{
	size_t i;

	buf_str(out, ",\"set\":[");
	for (i = 0; i < x->trace.n; i++) {
		const struct trace_row *r = &x->trace.row[i];

		if (r->kind != TRACE_SET)
			continue;
		object(out);
		member(out, "field", span_str(ecs_name(r->field)));
		member(out, "value", r->value);
		number(out, "line", ((const struct assign *)r->what)->line);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void
put_left(const struct explain *x, struct buf *out)
{
	size_t i, len;

	buf_str(out, ",\"left\":[");
	for (i = 0; i < x->nleft; i++) {
		len = x->left[i].to - x->left[i].from;
		object(out);
		member(out, "text",
		    span_sub(x->trace.text, x->left[i].from, len));
		number(out, "offset", x->left[i].from);
		number(out, "length", len);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

void
formats_explain_json(const struct explain *x, struct buf *out)
{
	buf_byte(out, '{');
	member(out, "text", x->trace.text);
	member(out, "encoding",
	    span_str(text_encoding_name(x->event->encoding)));
	if (x->format == NULL)
		buf_str(out, ",\"format\":null");
	else {
		buf_str(out, ",\"found\":{");
		put_way(&x->by, out);
		buf_byte(out, '}');
		member(out, "format", span_str(x->format->name));
		put_cases(x, out);
		put_time(x, out);
		put_pieces(x, out);
		put_set(x, out);
		put_left(x, out);
		if (x->more > 0)
			number(out, "more", x->more);
		buf_str(out, ",\"event\":");
		event_print_json(x->event, out);
		if (out->p[out->len - 1] == '\n')
			out->len--;
	}
	put_near(x, out);
	buf_str(out, "}\n");
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/draft.h"

#include <string.h>

#include "analyzer/format/draft_priv.h"
#include "common/text.h"
#include "common/utc.h"

/* Plain in a YAML flow map and as a key: nothing that YAML reads otherwise. */
static bool
is_plain(struct span s)
{
	static const char *const words[] = { "yes", "no", "true", "false", "on",
		"off", "null", "y", "n", "~" };
	size_t i;

	if (s.len == 0 || s.len > 60)
		return false;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (s.len == strlen(words[i]) &&
		    strncasecmp((const char *)s.p, words[i], s.len) == 0)
			return false;
	for (i = 0; i < s.len; i++) {
		uint8_t c = s.p[i], l = c | 0x20;
		bool letter = (l >= 'a' && l <= 'z') || c >= 0x80 || c == '_';

		bool digit = c >= '0' && c <= '9';

		if (!letter && !digit && (i == 0 || (c != '.' && c != '-')))
			return false;
	}
	return true;
}

size_t
draft_printable(struct span s)
{
	size_t n = text_step(span_sub(s, 0, 4));
	struct buf escaped;
	bool same;

	if (n <= 1) /* ASCII */
		return n == 1 && s.p[0] >= ' ' && s.p[0] != 0x7f;
	buf_init(&escaped);
	text_escape(span_sub(s, 0, n), &escaped);
	same = escaped.len == n && text_rune(span_sub(s, 0, n)) != 0xfeff &&
	    (text_rune(span_sub(s, 0, n)) & 0xfffe) != 0xfffe;
	buf_fini(&escaped);
	return same ? n : 0;
}

static bool
has_control(struct span s)
{
	size_t i, n;

	for (i = 0; i < s.len; i += n)
		if ((n = draft_printable(span_sub(s, i, s.len))) == 0)
			return true;
	return false;
}

static void
quote_double(struct span s, struct buf *out)
{
	size_t i, n;

	buf_byte(out, '"');
	for (i = 0; i < s.len; i += n) {
		n = draft_printable(span_sub(s, i, s.len));
		if (n > 0) {
			if (s.p[i] == '"' || s.p[i] == '\\')
				buf_byte(out, '\\');
			buf_append(out, s.p + i, n);
			continue;
		}
		n = text_step(span_sub(s, i, 4));
		buf_printf(out, "\\U%08X",
		    (unsigned)(n == 0 ? TEXT_BAD
				      : text_rune(span_sub(s, i, n))));
		n = n == 0 ? 1 : n;
	}
	buf_byte(out, '"');
}

void
draft_comment(struct span s, struct buf *out)
{
	size_t i, n;

	for (i = 0; i < s.len; i += n) {
		n = draft_printable(span_sub(s, i, s.len));
		if (n > 0)
			buf_append(out, s.p + i, n);
		else
			buf_byte(out, '?');
		n = n == 0 ? 1 : n;
	}
}

void
draft_quote(struct span s, struct buf *out)
{
	size_t i;

	if (has_control(s)) {
		quote_double(s, out);
		return;
	}
	if (is_plain(s)) {
		buf_span(out, s);
		return;
	}
	buf_byte(out, '\'');
	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '\'')
			buf_byte(out, '\'');
		buf_byte(out, s.p[i]);
	}
	buf_byte(out, '\'');
}

static void
put_head(struct draft *d)
{
	static const char *const level[] = { "none", "pri", "time", "host",
		"syslog" };

	buf_str(d->out, "# SPDX-License-Identifier: Apache-2.0\nformat: ");
	draft_quote(span_str(d->sample->name), d->out);
	buf_printf(d->out, "\ntitle: %s, from %zu lines\n", d->sample->name,
	    d->n);
	buf_str(d->out,
	    "reference: lines of the device\n\n"
	    "# A first draft. Look at each field with 'konseki formats "
	    "explain'; a wrong\n"
	    "# one is worse than none. Then say here what an investigator "
	    "must know of the\n"
	    "# device, and above which document of the vendor tells it.\n\n");
	buf_printf(d->out, "header: %s\n", level[d->level]);
}

static void
put_absent(struct draft *d)
{
	static const char *const none[] = { "-", "--", "N/A", "n/a", "(null)",
		"null", "NULL", "undefined" };
	size_t i, k, m, n = 0;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		bool seen = false;

		for (k = 0; k < d->ninput && !seen; k++)
			for (m = 0; m < d->n && !seen; m++)
				seen = span_is(d->input[k]->value[m], none[i]);
		if (!seen)
			continue;
		buf_str(d->out, n++ > 0 ? ", " : "absent: [");
		draft_quote(span_str(none[i]), d->out);
	}
	buf_str(d->out, n > 0 ? "]\n" : "");
}

/* The values that an outcome has here, and what they mean. */
static void
put_outcome(struct draft *d, const struct draft_input *in)
{
	static const char bad[] =
	    "failure failed fail error denied rejected ng invalid 失敗 異常";
	size_t i, k, n = 0;

	buf_str(d->out, "maps:\n  outcome: {");
	for (i = 0; i < d->n; i++) {
		struct span v = in->value[i];

		for (k = 0; k < i && !span_eq(in->value[k], v); k++)
			;
		if (draft_is_absent(v) || k < i)
			continue;
		buf_str(d->out, n++ > 0 ? ", " : "");
		draft_quote(v, d->out);
		buf_str(d->out,
		    draft_one_of(v, bad) ? ": failure" : ": success");
	}
	buf_str(d->out, "}\n");
}

static void
put_columns(struct draft *d)
{
	size_t i;

	buf_str(d->out, "  - csv:\n      separator: ");
	draft_quote(span_make(&d->sep, 1), d->out);
	buf_str(d->out, "\n      layouts:\n        - columns: [");
	for (i = 0; i < d->ninput; i++) {
		buf_str(d->out, i > 0 ? ", " : "");
		buf_span(d->out, d->input[i]->name);
	}
	buf_str(d->out, "]\n");
}

static void
put_table(struct draft *d)
{
	size_t i, n = 0;

	buf_str(d->out, "  - table:\n      separator: ");
	draft_quote(span_make(&d->sep, 1), d->out);
	buf_str(d->out, "\n      required: [");
	for (i = 0; i < d->ninput && n < 3; i++, n++) {
		buf_str(d->out, n > 0 ? ", " : "");
		buf_span(d->out, d->input[i]->name);
	}
	buf_str(d->out, "]\n      columns:\n");
	for (i = 0; i < d->ninput; i++) {
		buf_str(d->out, "        ");
		buf_span(d->out, d->input[i]->name);
		buf_str(d->out, ": ");
		draft_quote(d->input[i]->title, d->out);
		buf_byte(d->out, '\n');
	}
}

/* Whether every line has a key that the file names: a step must find one. */
static bool
all_have(const struct draft *d)
{
	size_t i, k;

	for (i = 0; i < d->n; i++) {
		for (k = 0; k < d->ninput; k++)
			if (d->input[k]->taken && !d->input[k]->port &&
			    d->input[k]->value[i].len > 0)
				break;
		if (k == d->ninput)
			return false;
	}
	return true;
}

static void
put_step(struct draft *d)
{
	buf_str(d->out, "parse:\n");
	if (d->how == DRAFT_CSV)
		put_columns(d);
	else if (d->how == DRAFT_TABLE)
		put_table(d);
	else
		buf_printf(d->out, "  - %s\n", d->step);
	if (d->how == DRAFT_KEYVALUE && !all_have(d))
		buf_str(d->out, "    optional: yes\n");
	draft_put_split(d);
}

static void
put_notes(struct draft *d)
{
	if (d->notes.len == 0)
		return;
	buf_str(d->out,
	    "\n# What has no name that is known everywhere, with some of its "
	    "values:\n");
	buf_span(d->out, buf_view(&d->notes));
}

/* Order of the file: time takes its inputs before the fields are given out. */
static void
put_inputs(struct draft *d)
{
	struct buf *file = d->out, fields, time;
	size_t i;

	put_absent(d);
	buf_init(&fields);
	buf_init(&time);
	draft_split(d);
	d->leads = d->leads && draft_decider(d) == NULL;
	d->out = &time;
	draft_put_time(d);
	d->out = &fields;
	draft_put_fields(d);
	d->out = file;
	put_step(d);
	buf_span(file, buf_view(&time));
	buf_fini(&time);
	if (d->leads)
		draft_put_leads(d, &fields);
	else
		draft_put_cases(d);
	for (i = 0; i < d->ninput; i++)
		if (d->input[i]->known != NULL && d->input[i]->taken &&
		    strcmp(d->input[i]->known->key, "event.outcome") == 0)
			put_outcome(d, d->input[i]);
	buf_span(file, buf_view(&fields));
	buf_fini(&fields);
}

static void
read_lines(struct draft *d)
{
	size_t i;

	for (i = 0; i < d->sample->n && d->n < DRAFT_LINES; i++, d->n++) {
		d->line[d->n].text = d->sample->line[i];
		header_parse(d->sample->line[i], &d->line[d->n].h);
	}
}

int
draft_make(const struct draft_sample *s, struct arena *a, struct buf *out,
    struct draft_result *result)
{
	struct draft *d = arena_alloc(a, sizeof(*d));
	size_t i;

	*result = (struct draft_result){ .sharp = true };
	d->sample = s;
	d->result = result;
	d->a = a;
	d->out = out;
	buf_init(&d->notes);
	read_lines(d);
	if (d->n == 0)
		return -1;
	draft_find(d);
	result->table = d->how == DRAFT_TABLE;
	put_head(d);
	if (d->how != DRAFT_TABLE)
		draft_put_detect(d);
	if (d->how == DRAFT_PATTERN)
		draft_put_patterns(d);
	else
		put_inputs(d);
	if (result->nexample == 0) /* no kinds were told apart */
		for (i = result->table; i < d->n && i < DRAFT_EXAMPLES; i++)
			result->example[result->nexample++] = i;
	buf_str(out, "set: {observer.product: ");
	draft_quote(span_str(s->name), out);
	buf_str(out, "}\n");
	put_notes(d);
	buf_str(out,
	    "\n# The lines as they came: put invented names and addresses in "
	    "their place before\n# this file leaves the house.\nexamples:\n");
	buf_fini(&d->notes);
	return 0;
}

static void
put_fields(const struct event *e, struct buf *out)
{
	uint8_t order[EVENT_FIELDS];
	char when[UTC_TEXT];
	size_t i, k, n = event_order(e, order);

	if (e->clock != EVENT_CLOCK_NONE)
		buf_printf(out, "      \"@timestamp\": %s\n",
		    utc_print(e->time, 9 * 3600, when));
	for (i = 0; i < n; i = k) {
		enum ecs field = e->f[order[i]].field;

		k = i + 1;
		while (k < n && e->f[order[k]].field == field)
			k++;
		/* What the head says by itself is not the file's to prove. */
		if (strncmp(ecs_name(field), "log.syslog.", 11) == 0)
			continue;
		buf_printf(out, "      %s: ", ecs_name(field));
		draft_quote(e->f[order[i]].value, out);
		buf_byte(out, '\n');
	}
}

void
draft_example(const struct event *e, struct span line, bool cp932,
    struct span before, int64_t received, struct buf *out)
{
	char when[UTC_TEXT];

	buf_str(out, "  - raw: ");
	draft_quote(line, out);
	buf_byte(out, '\n');
	if (before.len > 0) {
		buf_str(out, "    before: [");
		draft_quote(before, out);
		buf_str(out, "]\n");
	}
	if (cp932)
		buf_str(out, "    encoding: cp932\n");
	if (received != 0)
		buf_printf(out, "    received: \"%s\"\n",
		    utc_print(received, 0, when));
	buf_str(out, "    event:\n");
	put_fields(e, out);
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/clock.h"
#include "analyzer/format/convert.h"
#include "analyzer/format/draft_priv.h"
#include "common/num.h"

/* Fields, time and cases of lines that are cut into inputs with names. */

#define VALUES_NOTED 3

/* Some of its values, for who is to name it. */
static void
note_values(struct draft *d, const struct draft_input *in)
{
	size_t i, k, n = 0;

	for (i = 0; i < d->n && n < VALUES_NOTED; i++) {
		struct span v = span_sub(in->value[i], 0, 60);

		for (k = 0; k < i && !span_eq(in->value[k], in->value[i]); k++)
			;
		if (v.len == 0 || k < i)
			continue;
		buf_str(&d->notes, n++ > 0 ? ", " : "");
		draft_comment(v, &d->notes);
	}
}

static void
note(struct draft *d, const struct draft_input *in)
{
	buf_str(&d->notes, "#   ");
	draft_comment(in->name, &d->notes);
	if (in->title.len > 0 && d->how != DRAFT_KEYVALUE) {
		buf_str(&d->notes, " (");
		draft_comment(in->title, &d->notes);
		buf_byte(&d->notes, ')');
	}
	buf_str(&d->notes, ": ");
	note_values(d, in);
	buf_byte(&d->notes, '\n');
}

/* Whether an input before this one has the field. */
static bool
is_claimed(const struct draft *d, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (d->input[k]->known != NULL && d->input[k]->taken &&
		    strcmp(d->input[k]->known->key, d->input[i]->known->key) ==
			0)
			return true;
	return false;
}

/* A JSON path that is the name of a field itself: the sender speaks ECS. */
static bool
is_field(const struct draft_input *in)
{
	enum ecs field;

	return ecs_parse(in->name, &field) == 0 && field != ECS_TIMESTAMP &&
	    field != ECS_CLIENT_IP && field != ECS_SERVER_IP;
}

static bool
has_value(const struct draft *d, const struct draft_input *in)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (in->value[i].len > 0)
			return true;
	return false;
}

static void
put_field(struct draft *d, size_t i)
{
	struct draft_input *in = d->input[i];

	if (in->split) /* its parts have the fields */
		return;
	if (is_field(in)) {
		buf_str(d->out, "  ");
		draft_quote(in->name, d->out);
		buf_str(d->out, ": ");
		buf_span(d->out, in->name);
		buf_byte(d->out, '\n');
		in->taken = true;
		return;
	}
	if (!in->port)
		in->known = draft_known(d, in);
	else if (d->input[i - 1]->taken) /* its address */
		in->known = draft_port_of(d->input[i - 1]->known);
	if (in->known == NULL || in->taken || is_claimed(d, i)) {
		if (!in->taken && has_value(d, in))
			note(d, in);
		return;
	}
	in->taken = true;
	buf_str(d->out, "  ");
	draft_quote(in->name, d->out);
	buf_printf(d->out, ": %s\n", in->known->fields);
}

void
draft_put_fields(struct draft *d)
{
	size_t i, from = d->out->len, head;

	buf_str(d->out, "fields:\n");
	head = d->out->len;
	for (i = 0; i < d->ninput; i++)
		put_field(d, i);
	if (d->out->len == head) /* none: no key without a value */
		d->out->len = from;
}

/* Time. */

static const char *const patterns[] = { "%Y-%m-%d %H:%M:%S",
	"%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z",
	"%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f",
	"%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S,%f",
	"%Y-%m-%d %H:%M:%S %z", "%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d %H:%M",
	"%Y-%m-%d %H:%M", "%d/%b/%Y:%H:%M:%S %z", "%d/%b/%Y %H:%M:%S",
	"%b %d %Y %H:%M:%S", "%b %d %H:%M:%S", "%a %b %d %H:%M:%S %Y",
	"%Y%m%d%H%M%S", "%Y年%m月%d日 %H:%M:%S", "%Y.%m.%d %H:%M:%S" };

/* Whether all values of the inputs, read as one text, are such times. */
static bool
reads(const struct draft *d, struct draft_input *const *in, size_t n,
    const char *pattern)
{
	struct span piece[2];
	struct stamp s;
	bool any = false;
	size_t i;

	for (i = 0; i < d->n; i++) {
		piece[0] = in[0]->value[i];
		piece[1] = n > 1 ? in[1]->value[i] : SPAN("");
		if (piece[0].len == 0)
			continue;
		any = true;
		if (!clock_parse(span_str(pattern), piece, n, &s))
			return false;
	}
	return any;
}

/* Seconds since 2001 or finer: a counter is no time. */
static bool
is_epoch(const struct draft *d, const struct draft_input *in)
{
	int64_t usec;
	bool any = false;
	size_t i;

	for (i = 0; i < d->n; i++) {
		if (in->value[i].len == 0)
			continue;
		any = true;
		if (in->value[i].len < 10 || !clock_epoch(in->value[i], &usec))
			return false;
	}
	return any;
}

static const char *
time_form(const struct draft *d, struct draft_input *const *in, size_t n)
{
	size_t i;
	size_t bad;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (clock_check(span_str(patterns[i]), &bad) &&
		    reads(d, in, n, patterns[i]))
			return patterns[i];
	return n == 1 && is_epoch(d, in[0]) ? "epoch" : NULL;
}

static struct draft_input *
named(struct draft *d, const char *words)
{
	struct span folded;
	const char *p;
	size_t i, len;

	for (p = words; *p != '\0'; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		for (i = 0; i < d->ninput; i++) {
			const struct draft_input *in = d->input[i];

			folded = draft_fold(d,
			    in->title.len > 0 ? in->title
					      : draft_last(in->name));
			if (span_eq(folded, span_make(p, len)))
				return d->input[i];
		}
	}
	return NULL;
}

static void
put_rule(struct draft *d, struct draft_input *const *in, size_t n,
    const char *form)
{
	struct draft_input *zone = named(d, "tz timezone zone");

	buf_str(d->out, "  - {from: ");
	buf_str(d->out, n > 1 ? "[" : "");
	draft_quote(in[0]->name, d->out);
	if (n > 1) {
		buf_str(d->out, ", ");
		draft_quote(in[1]->name, d->out);
		buf_byte(d->out, ']');
	}
	buf_printf(d->out, ", as: \"%s\"", form);
	if (zone != NULL && strstr(form, "%z") == NULL &&
	    strcmp(form, "epoch") != 0) {
		buf_str(d->out, ", zone: ");
		draft_quote(zone->name, d->out);
		zone->taken = true;
	}
	buf_str(d->out, "}\n");
	in[0]->taken = true;
	if (n > 1)
		in[1]->taken = true;
}

/* An input that is a time by its look; titles and names come first. */
static struct draft_input *
any_time(struct draft *d)
{
	size_t i;

	for (i = 0; i < d->ninput; i++)
		if (time_form(d, &d->input[i], 1) != NULL &&
		    strcmp(time_form(d, &d->input[i], 1), "epoch") != 0)
			return d->input[i];
	return NULL;
}

void
draft_put_time(struct draft *d)
{
	struct draft_input *in[2];
	const char *form = NULL;
	size_t n = 1;

	in[0] = named(d, "date 日付");
	in[1] = named(d, "time 時刻 時間");
	if (in[0] != NULL && in[1] != NULL &&
	    (form = time_form(d, in, 2)) != NULL)
		n = 2;
	if (form == NULL) {
		in[0] = named(d,
		    "timestamp datetime eventtime logtime devtime rt time ts "
		    "date generated when systemtimecreatedsystemtime 日時 "
		    "発生日時 操作日時 アクセス日時 時刻");
		if (in[0] == NULL || (form = time_form(d, in, 1)) == NULL) {
			in[0] = any_time(d);
			form = in[0] == NULL ? NULL : time_form(d, in, 1);
		}
	}
	if (form == NULL)
		return; /* the stamp of the head is used by itself */
	buf_str(d->out, "time:\n");
	put_rule(d, in, n, form);
	if (d->level != HEADER_NONE)
		buf_str(d->out, "  - {from: syslog.time}\n");
}

/* Cases. */

#define DECIDER_VALUES 12

/* How many values an input has; 0 if some line has none or they are many. */
static size_t
values_of(const struct draft *d, const struct draft_input *in,
    struct span *value)
{
	size_t i, k, n = 0;

	for (i = d->result->table; i < d->n; i++) {
		if (in->value[i].len == 0 || in->value[i].len > 60)
			return 0;
		for (k = 0; k < n && !span_eq(value[k], in->value[i]); k++)
			;
		if (k < n)
			continue;
		if (n == DECIDER_VALUES)
			return 0;
		value[n++] = in->value[i];
	}
	return n;
}

struct draft_input *
draft_decider(struct draft *d)
{
	static const char *const words[] = { "action act",
		"event evt eventtype eventname", "eventid logid msgid id",
		"type subtype", "operation 操作 操作内容 操作情報",
		"status result" };
	struct span value[DECIDER_VALUES];
	struct draft_input *in;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		in = named(d, words[i]);
		if (in != NULL && values_of(d, in, value) > 0)
			return in;
	}
	return NULL;
}

static bool
has_key(const struct draft *d, const char *key)
{
	size_t i;

	for (i = 0; i < d->ninput; i++)
		if (d->input[i]->taken && d->input[i]->known != NULL &&
		    strcmp(d->input[i]->known->key, key) == 0)
			return true;
	return false;
}

bool
draft_line_has(const struct draft *d, size_t line, const char *key)
{
	size_t i;

	for (i = 0; i < d->ninput; i++)
		if (d->input[i]->value[line].len > 0 && d->input[i]->taken &&
		    d->input[i]->known != NULL &&
		    strcmp(d->input[i]->known->key, key) == 0)
			return true;
	return false;
}

/* Whether the file has a field that says how it ended. */
static bool
is_login(const struct draft *d, struct span value)
{
	return draft_one_of(value,
		   "login logon signin authentication auth ログイン "
		   "ログオン 認証") &&
	    has_key(d, "event.outcome");
}

/* By the value; the rest of the line may say that it is a VPN. */
static struct draft_guess
guess_line(struct span value, struct span body, bool ends)
{
	struct draft_guess g = draft_guess(value, ends),
			   all = draft_guess(body, ends);

	if (g.kind == NULL ||
	    (all.kind != NULL && strstr(g.kind, "log") != NULL &&
		strncmp(all.kind, "vpn-", 4) == 0))
		return all;
	return g;
}

/* The guess that all lines with that value share; none if they differ. */
static struct draft_guess
guess_of(const struct draft *d, const struct draft_input *by, struct span value)
{
	bool ends = has_key(d, "source.ip") && has_key(d, "destination.ip");
	struct draft_guess g = { NULL, NULL }, one;
	bool first = true;
	size_t i;

	if (is_login(d, value))
		return (struct draft_guess){ "login", NULL };
	for (i = d->result->table; i < d->n; i++) {
		if (!span_eq(by->value[i], value))
			continue;
		one = guess_line(value, d->line[i].body, ends);
		if (!first && (one.kind != g.kind || one.outcome != g.outcome))
			return (struct draft_guess){ NULL, NULL };
		g = one;
		first = false;
	}
	return g;
}

static void
put_case(struct draft *d, const struct draft_input *by, struct span value,
    struct draft_guess g)
{
	buf_str(d->out, "  - when: {");
	draft_quote(by->name, d->out);
	buf_str(d->out, ": ");
	draft_quote(value, d->out);
	buf_printf(d->out, "}\n    set: {konseki.kind: %s", g.kind);
	if (g.outcome != NULL)
		buf_printf(d->out, ", event.outcome: %s", g.outcome);
	buf_str(d->out, "}\n");
}

void
draft_put_cases(struct draft *d)
{
	struct draft_input *by = draft_decider(d);
	struct span value[DECIDER_VALUES];
	size_t i, n = by == NULL ? 0 : values_of(d, by, value);
	struct draft_guess g;

	buf_str(d->out,
	    "# What kind of event a line is, as far as its words say it "
	    "plainly;\n# docs/formats.md lists the kinds.\ncases:\n");
	for (i = 0; i < n; i++) {
		g = guess_of(d, by, value[i]);
		if (g.kind != NULL)
			put_case(d, by, value[i], g);
	}
	buf_printf(d->out, "  - set: {konseki.kind: %s}\n",
	    has_key(d, "konseki.patient.id") ? "emr-operation" : "system");
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/narrow.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/format/formats.h"
#include "analyzer/format/set.h"
#include "common/text.h"
#include "tests/tap.h"

/*
 * Every line that the format files show, read in full: whatever is wanted of
 * it, the line is not left out.
 */
#define LINES 20000
#define PER_FIELD 6 /* values that are wanted of each */

static struct formats *formats;
static struct arena *arena;
static struct narrow_room *room;
static struct line {
	struct span raw;
	struct event e;
} *line;
static size_t nline;

static void
take(const struct formats_verdict *v, void *arg)
{
	struct line *l = &line[nline];
	struct format_hints hints = { .zone = 32400 };

	(void)arg;
	if (nline == LINES ||
	    (nline > 0 && span_eq(line[nline - 1].raw, v->raw)))
		return;
	l->raw = arena_copy(arena, v->raw);
	l->e = (struct event){ .message = l->raw, .stream = (uint32_t)nline };
	(void)formats_apply(formats, &l->e, arena, &hints);
	nline++;
}

static struct span
low(struct span s)
{
	uint8_t *out = arena_alloc(arena, s.len + 1);
	size_t i;

	for (i = 0; i < s.len; i++)
		out[i] = (uint8_t)tolower(s.p[i]);
	return span_make(out, s.len);
}

static bool
is_in(struct span part, struct span text)
{
	return part.len == 0 ||
	    (text.len >= part.len &&
		memmem(text.p, text.len, part.p, part.len) != NULL);
}

static bool
has(const struct event *e, const struct narrow_want *w)
{
	struct span v;
	size_t i;

	for (i = 0; i < e->n; i++) {
		v = low(e->f[i].value);
		if (e->f[i].field == w->field && v.len > 0 &&
		    (w->whole ? span_eq(v, w->text) : is_in(w->text, v)))
			return true;
	}
	return false;
}

static unsigned lost, left, asked, open_wants;

/* All lines, by one want. */
static void
try(const struct narrow_want *w)
{
	struct arena *a = arena_new();
	struct narrow *n = narrow_make(formats_set(formats), w, 1, a);
	struct event e;
	size_t i;
	bool may;

	open_wants += n == NULL;
	for (i = 0; n != NULL && i < nline; i++) {
		/* Of a stream that has told nothing. */
		e = (struct event){ .message = line[i].raw,
			.stream = LINES + 1 };
		may = narrow_may(n, formats, &e, room);
		asked++;
		left += !may;
		if (may || !has(&line[i].e, w))
			continue;
		if (lost++ < 5)
			printf("# %s %.*s: %.*s\n", ecs_name(w->field),
			    (int)w->text.len, (const char *)w->text.p,
			    (int)line[i].raw.len, (const char *)line[i].raw.p);
	}
	arena_free(a);
}

static void
try_field(enum ecs field)
{
	struct narrow_want w = { field, false, { NULL, 0 } };
	struct span seen[PER_FIELD], v;
	size_t i, k, n = 0, step = 0;

	try(&w);
	for (i = 0; i < nline && n < PER_FIELD; i++) {
		v = low(event_get(&line[i].e, field));
		for (k = 0; k < n && !span_eq(seen[k], v); k++)
			;
		/* Not all of one format's. */
		if (v.len == 0 || k < n || (field != ECS_KIND && i < step))
			continue;
		step = i + nline / (2 * PER_FIELD);
		seen[n++] = v;
		w = (struct narrow_want){ field, true, v };
		try(&w);
		w.whole = false;
		w.text = span_sub(v, v.len / 3, (v.len + 1) / 2);
		try(&w);
	}
}

static void
test_kinds(void)
{
	struct narrow_want w = { ECS_KIND, true, SPAN("vpn-login") };
	unsigned before = left;

	try(&w);
	ok(left - before > nline / 3,
	    "most lines can be no VPN login: %u of %zu", left - before, nline);
	w.text = SPAN("header");
	ok(narrow_make(formats_set(formats), &w, 1, arena) == NULL,
	    "whoever wants headers has all read");
	w = (struct narrow_want){ ECS_MESSAGE, false, SPAN("login") };
	ok(narrow_make(formats_set(formats), &w, 1, arena) == NULL,
	    "and whoever wants what no format says");
	w.field = ECS_SYSLOG_APPNAME;
	ok(narrow_make(formats_set(formats), &w, 1, arena) == NULL,
	    "as what the head of a line says");
}

/* The titles that must be there, each by the name that comes first. */
static struct span
header_of(const struct step *s)
{
	const struct names_entry *e;
	struct buf b;
	struct span out;
	size_t i, k, n;

	buf_init(&b);
	buf_span(&b, s->directive);
	e = names_all(s->keys, &n);
	for (i = 0; i < s->n; i++) {
		for (k = 0; k < n; k++)
			if (e[k].value == s->required[i] &&
			    text_is_plain(e[k].name))
				break;
		if (k == n)
			break;
		if (i > 0 || s->directive.len > 0)
			buf_byte(&b, i > 0 ? s->sep : ' ');
		buf_span(&b, e[k].name);
	}
	out = i < s->n ? span_make(NULL, 0) : arena_copy(arena, buf_view(&b));
	buf_fini(&b);
	return out;
}

static void
test_headers(void)
{
	struct narrow_want w = { ECS_KIND, true, SPAN("vpn-login") };
	const struct format_set *set = formats_set(formats);
	struct narrow *n = narrow_make(set, &w, 1, arena);
	struct format_hints hints = { .zone = 0 };
	struct event e;
	struct span name;
	size_t i, read = 0, tables = 0;

	for (i = 0; i < set->n; i++) {
		if (set->format[i]->nstep == 0 ||
		    set->format[i]->step[0].kind != STEP_CSV_HEADER)
			continue;
		e = (struct event){ .message = header_of(
					&set->format[i]->step[0]),
			.stream = (uint32_t)(2 * LINES + i) };
		(void)formats_apply(formats, &e, arena, &hints);
		if (formats_columns(formats, e.stream, &name, 1) == 0)
			continue;
		tables++;
		e.stream = LINES + 1;
		read += narrow_may(n, formats, &e, room);
	}
	ok(tables > 3, "lines that name the columns of tables: %zu", tables);
	ok(read == tables, "are all read: %zu", read);
}

static void
test_told(void)
{
	struct narrow_want w = { ECS_KIND, true, SPAN("vpn-login") };
	struct narrow *n = narrow_make(formats_set(formats), &w, 1, arena);
	struct event_source s = { .encoding = TEXT_UTF16LE };
	struct event e = { .message = SPAN("nothing of the kind") };

	ok(!narrow_may(n, formats, &e, room), "a line with none of the words");
	e.source = &s;
	ok(narrow_may(n, formats, &e, room), "but not of an encoding");
	e.source = NULL;
	e.message = SPAN("nothing of the \\u006bind");
	ok(narrow_may(n, formats, &e, room), "nor with an escape");
	e.message = SPAN("nothing of the \xe7\xa8\xae");
	ok(narrow_may(n, formats, &e, room), "nor beyond ASCII");
}

int
main(void)
{
	const char *top = getenv("srcdir");
	struct yaml_error err;
	char dir[4096];
	size_t i;

	snprintf(dir, sizeof(dir), "%s/rules/formats", top ? top : ".");
	formats = formats_load(dir, &err);
	ok(formats != NULL, "the formats");
	if (formats == NULL)
		return done();
	arena = arena_new();
	room = narrow_room_new();
	line = calloc(LINES, sizeof(*line));
	if (line == NULL)
		return 1;
	for (i = 0; i < formats_count(formats); i++)
		(void)formats_examples(formats, i, take, NULL);
	ok(nline > 1000, "lines of all formats: %zu", nline);
	test_kinds();
	test_told();
	test_headers();
	for (i = 0; i < ECS_COUNT; i++)
		try_field((enum ecs)i);
	ok(lost == 0, "no line is left out that has what is wanted");
	ok(left > asked / 4, "many are: %u of %u (%u wants have all read)",
	    left, asked, open_wants);
	narrow_room_free(room);
	free(line);
	arena_free(arena);
	formats_free(formats);
	return done();
}

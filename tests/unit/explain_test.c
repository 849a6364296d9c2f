/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/format/set.h"
#include "tests/tap.h"

static char dir[256], path[300];
static struct explain x;
static struct event e;
static struct arena *arena;

#define FORMAT                                                                 \
	"format: t\ntitle: T\nheader: pri\n"                                   \
	"detect: {starts: ['k:'], all: [who=]}\n"                              \
	"maps: {m: {a: AA}}\n"                                                 \
	"parse: [{keyvalue: {}}, {pattern: '(?i)TAIL \\S+ (?<last>\\w+)', "    \
	"optional: yes, when: {step: {not: no}}}]\n"                           \
	"time: [{from: [d, t], as: '%Y-%m-%d %H:%M:%S'}]\n"                    \
	"cases:\n"                                                             \
	"  - when: {kind: [one, two]}\n"                                       \
	"    set: {user.email: '${who}@${at}'}\n"                              \
	"fields:\n"                                                            \
	"  who: user.name\n"                                                   \
	"  also: user.name\n"                                                  \
	"  ip: source.ip\n"                                                    \
	"  mapped: {to: tags, map: m}\n"                                       \
	"  cond: {to: rule.id, when: {kind: three}}\n"                         \
	"  last: {to: tags, when: {hint: z}}\n"                                \
	"set: {observer.vendor: V}\n"                                          \
	"examples: [{raw: 'x', unknown: yes}]\n"

#define LINE                                                                   \
	"<14>k: kind=one who=\"a \\\"b\" at=h ip=nowhere mapped=a cond=5 "     \
	"also=z new=7 d=2026-11-20 t=14:03:05 tail"

static struct formats *
load(void)
{
	FILE *fp = fopen(path, "w");
	struct yaml_error err;

	if (fp == NULL || fputs(FORMAT, fp) == EOF || fclose(fp) != 0)
		abort();
	return formats_load(dir, &err);
}

static void
explain(struct formats *f, struct span line)
{
	struct format_hints hints = { .zone = 9 * 3600 };

	memset(&e, 0, sizeof(e));
	e.message = line;
	explain_line(&x, f, &e, arena, &hints);
}

static const struct explain_piece *
piece(const char *name)
{
	size_t i;

	for (i = 0; i < x.npiece; i++)
		if (span_is(x.piece[i].name, name))
			return &x.piece[i];
	return NULL;
}

/* Whether the input has that use and stands as that text in the line. */
static bool
is(const char *name, unsigned use, const char *text)
{
	const struct explain_piece *p = piece(name);

	return p != NULL && p->use == use && p->placed &&
	    span_is(span_sub(x.trace.text, p->from, p->to - p->from), text);
}

/* How the input fared on its way to a field; -1: no such row. */
static int
fared(const char *field)
{
	size_t i;

	for (i = 0; i < x.trace.n; i++)
		if (x.trace.row[i].kind == TRACE_FIELD &&
		    strcmp(ecs_name(x.trace.row[i].field), field) == 0)
			return (int)x.trace.row[i].end;
	return -1;
}

static void
test_known(struct formats *f)
{
	explain(f, SPAN(LINE));
	ok(x.format != NULL && strcmp(x.format->name, "t") == 0, "known");
	if (x.format == NULL)
		return;
	ok(x.by.n == 2 && x.by.held == 2 && x.by.way->line == 4 &&
		span_is(x.by.word[0].text, "k:") &&
		span_is(x.by.word[1].text, "who="),
	    "by these words, at this line of the file");
	ok(is("syslog.pri", EXPLAIN_FIELD, "14"), "a part of the head");
	ok(is("kind", EXPLAIN_ASKED, "one"), "what the case asked for");
	ok(is("who", EXPLAIN_FIELD, "a \\\"b"),
	    "an escaped value, as it stands");
	ok(is("at", EXPLAIN_FIELD, "h"), "a part of a template");
	ok(is("d", EXPLAIN_TIME, "2026-11-20") &&
		is("t", EXPLAIN_TIME, "14:03:05"),
	    "the time");
	ok(is("mapped", EXPLAIN_FIELD, "a") && fared("tags") == TRACE_TAKEN,
	    "a map");
	ok(is("ip", 0, "nowhere") && fared("source.ip") == TRACE_NONE,
	    "what is no address is left over");
	ok(is("cond", 0, "5") && fared("rule.id") == TRACE_WHEN,
	    "a condition that does not hold");
	ok(is("also", 0, "z"), "the second value for a field");
	ok(is("new", 0, "7") && piece("new")->slot == SLOT_NONE,
	    "a key that the file does not name");
	ok(x.nleft == 1 &&
		span_is(span_sub(x.trace.text, x.left[0].from,
			    x.left[0].to - x.left[0].from),
		    "tail"),
	    "bytes of nothing");
}

static void
test_asked(struct formats *f)
{
	explain(f, SPAN("<14>k: who=a step=yes hint=z tail 17 end"));
	ok(is("step", EXPLAIN_ASKED, "yes"), "what a step's condition asks");
	ok(is("hint", EXPLAIN_ASKED, "z"), "what a field's condition asks");
	ok(is("last", EXPLAIN_FIELD, "end") && x.nleft == 1 &&
		span_is(span_sub(x.trace.text, x.left[0].from,
			    x.left[0].to - x.left[0].from),
		    "17"),
	    "what a pattern ran over without a name is left over");
}

static void
test_unknown(struct formats *f)
{
	explain(f, SPAN("<14>k: kind=one"));
	ok(x.format == NULL && x.npiece == 0, "unknown");
	ok(x.nnear == 1 && x.near[0].held == 1 && x.near[0].n == 2 &&
		x.near[0].word[0].holds && !x.near[0].word[1].holds,
	    "near, for one of two words");
	explain(f, SPAN("<14>k:who="));
	ok(x.format == NULL && x.trace.nfailure == 1 &&
		x.trace.failure[0].step->line == 6,
	    "detected, but a step did not fit");
	explain(f, SPAN(""));
	ok(x.format == NULL && x.nnear == 0, "an empty line");
}

static bool
inside(size_t from, size_t to)
{
	return from <= to && to <= x.trace.text.len;
}

/* Every line that we know: places lie in it, and no field's byte is left. */
static size_t
faults(void)
{
	size_t i, k, n = 0;

	for (i = 0; i < x.npiece; i++) {
		const struct explain_piece *p = &x.piece[i];

		n += p->placed && !inside(p->from, p->to);
		if (!p->placed || p->use == 0 || p->slot == SLOT_MESSAGE ||
		    p->slot == SLOT_LINE)
			continue;
		for (k = 0; k < x.nleft; k++)
			n += x.left[k].from < p->to && p->from < x.left[k].to;
	}
	for (k = 0; k < x.nleft; k++)
		n += !inside(x.left[k].from, x.left[k].to);
	return n;
}

static void
test_shipped(void)
{
	const char *src = getenv("srcdir");
	const struct yaml_node *n;
	struct yaml_error err;
	struct formats *f;
	char rules[512];
	size_t i, bad = 0, unplaced = 0, lines = 0;

	snprintf(rules, sizeof(rules), "%s/rules/formats", src ? src : ".");
	f = formats_load(rules, &err);
	for (i = 0; f != NULL && i < formats_count(f); i++) {
		n = formats_set(f)->format[i]->examples->first;
		for (; n != NULL; n = n->next, lines++) {
			explain(f, yaml_get(n, "raw")->text);
			bad += faults();
			for (size_t k = 0; k < x.npiece; k++)
				unplaced += !x.piece[k].placed;
			arena_reset(arena);
		}
	}
	ok(lines > 50 && bad == 0, "of the examples of all formats");
	printf("# %zu lines, %zu inputs without a place\n", lines, unplaced);
	formats_free(f);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct formats *f;

	snprintf(dir, sizeof(dir), "%s/explain.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/t.yml", dir);
	arena = arena_new();
	f = load();
	ok(f != NULL, "a format");
	if (f != NULL) {
		test_known(f);
		test_asked(f);
		test_unknown(f);
	}
	test_shipped();
	formats_free(f);
	arena_free(arena);
	unlink(path);
	rmdir(dir);
	return done();
}

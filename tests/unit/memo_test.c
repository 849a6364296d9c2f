/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/memo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/format/formats.h"
#include "analyzer/format/set.h"
#include "tests/tap.h"

/*
 * All examples of all formats, as they are and with words of one put in the
 * place of another's, by a handle that remembers and by one that decides each
 * line anew: the same events.  The lines come several times, so that what is
 * remembered is used, and mixed, so that it does not fit.
 */
#define LINES_MAX 4000
#define ROUNDS 3
#define PIECES 64
#define CUT_LINES 60

static struct span lines[LINES_MAX];
static size_t nline;

static unsigned
dice(unsigned n)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

/* The words of a line, with what parts them in front. */
static size_t
cut(struct span s, struct span *piece)
{
	size_t n = 0, from = 0, i;

	for (i = 1; i <= s.len && n < PIECES; i++)
		if (i == s.len || n == PIECES - 1 ||
		    strchr(" ,;\t|", s.p[i]) != NULL) {
			if (n == PIECES - 1)
				i = s.len;
			piece[n++] = span_sub(s, from, i - from);
			from = i;
		}
	return n;
}

/* The first with up to three of its words taken from the second. */
static struct span
cross(struct span one, struct span two, struct arena *a)
{
	struct span p[PIECES], q[PIECES];
	size_t np = cut(one, p), nq = cut(two, q), i, len = 0;
	unsigned times = dice(3) + 1;
	uint8_t *out;

	for (; times > 0 && np > 0 && nq > 0; times--) {
		i = dice((unsigned)np);
		p[i] = q[i < nq && dice(4) > 0 ? i : dice((unsigned)nq)];
	}
	for (i = 0; i < np; i++)
		len += p[i].len;
	out = arena_alloc(a, len + 1);
	for (i = 0, len = 0; i < np; i++) {
		memcpy(out + len, p[i].p, p[i].len);
		len += p[i].len;
	}
	return span_make(out, len);
}

static void
collect(const struct formats *f)
{
	const struct format_set *set = formats_set(f);
	const struct yaml_node *example, *raw;
	size_t i;

	for (i = 0; i < set->n; i++) {
		example = set->format[i]->examples->first;
		for (; example != NULL; example = example->next) {
			raw = yaml_get(example, "raw");
			if (raw != NULL && raw->text.len < 8192 &&
			    nline < LINES_MAX)
				lines[nline++] = raw->text;
		}
	}
}

static void
read_line(struct formats *f, struct span line, struct arena *a, struct buf *out)
{
	static struct event e;
	struct format_hints hints = { .zone = 9 * 3600,
		.now = INT64_C(1795150985000000) };

	memset(&e, 0, sizeof(e));
	e.message = line;
	(void)formats_apply(f, &e, a, &hints);
	buf_printf(out, "%s ", e.format == NULL ? "-" : e.format);
	event_add_clock(&e);
	event_print_json(&e, out);
}

static bool
same(struct formats *f, struct formats *plain, struct span line,
    struct arena *a)
{
	struct buf out, want;
	bool yes;

	buf_init(&out);
	buf_init(&want);
	read_line(f, line, a, &out);
	read_line(plain, line, a, &want);
	yes = span_eq(buf_view(&out), buf_view(&want));
	if (!yes)
		printf("# %.*s\n# got:  %s\n# want: %s\n", (int)line.len,
		    (const char *)line.p, buf_cstr(&out), buf_cstr(&want));
	buf_fini(&out);
	buf_fini(&want);
	return yes;
}

static size_t
count(struct span s, uint8_t c)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += s.p[i] == c;
	return n;
}

/*
 * Lines of pairs that end anywhere, in memory that ends there too: how the
 * keys follow each other is known, and then the line is over.
 */
static size_t
read_cut(struct formats *f, struct formats *plain, struct arena *a)
{
	size_t i, len, n = 0, differ = 0;

	for (i = 0; i < nline && n < CUT_LINES; i++) {
		if (count(lines[i], '=') < 10 || lines[i].len > 600)
			continue;
		differ += !same(f, plain, lines[i], a);
		for (len = lines[i].len, n++; len > 0; len--) {
			uint8_t *text = malloc(len);

			memcpy(text, lines[i].p, len);
			differ += !same(f, plain, span_make(text, len), a);
			arena_reset(a);
			free(text);
		}
	}
	ok(n == CUT_LINES, "lines of pairs");
	return differ;
}

/*
 * The same with a value of any length in their midst: what of them is copied,
 * and pairs that stay as they are in front of it and behind.
 */
static size_t
read_long(struct formats *f, struct formats *plain, struct arena *a)
{
	size_t i, len, n = 0, differ = 0;
	const uint8_t *blank;

	for (i = 0; i < nline && n < 2; i++) {
		if (count(lines[i], '=') < 10 || lines[i].len > 600 ||
		    (blank = memchr(lines[i].p + lines[i].len / 2, ' ',
			 lines[i].len / 2)) == NULL)
			continue;
		for (len = 0, n++; len < 2200; len += 3) {
			size_t head = (size_t)(blank - lines[i].p);
			uint8_t *text = malloc(lines[i].len + len + 8);

			memcpy(text, lines[i].p, head);
			memcpy(text + head, len % 2 ? " pad=\"" : " padd=", 6);
			memset(text + head + 6, 'x', len);
			memcpy(text + head + 6 + len, len % 2 ? "\" " : "  ",
			    2);
			memcpy(text + head + 8 + len, blank,
			    lines[i].len - head);
			differ += !same(f, plain,
			    span_make(text, lines[i].len + len + 8), a);
			arena_reset(a);
			free(text);
		}
	}
	return differ + (n < 2);
}

/*
 * What a map made of a value last, beside values of other lengths and such
 * that the map does not know, in memory that is gone with the line.
 */
static const char mapped[] =
    "format: mapped\n"
    "title: values that a map turns\n"
    "reference: none\n"
    "header: pri\n"
    "detect:\n"
    "  - starts: [mapped]\n"
    "parse:\n"
    "  - keyvalue: {keys: all}\n"
    "maps:\n"
    "  said:\n"
    "    a: one\n"
    "    abcdefgh: eight\n"
    "    aaaaaaaa: as\n"
    "    long-and-0-long-and-0: zero\n"
    "    long-and-1-long-and-0: first\n"
    "fields:\n"
    "  v: {to: event.reason, map: said}\n"
    "  w: {to: event.code, map: said, otherwise: keep}\n"
    "examples:\n"
    "  - raw: mapped v=a w=b\n"
    "    event: {event.reason: one, event.code: b}\n";

/* Facility and severity of all priorities. */
static size_t
read_priorities(struct formats *f, struct arena *a)
{
	static struct event e;
	struct format_hints hints = { .now = INT64_C(1795150985000000) };
	char line[64], facility[8], severity[8];
	size_t wrong = 0;
	int pri;

	for (pri = 0; pri <= 191; pri++) {
		snprintf(line, sizeof(line), "<%d>mapped v=a w=b", pri);
		snprintf(facility, sizeof(facility), "%d", pri / 8);
		snprintf(severity, sizeof(severity), "%d", pri % 8);
		memset(&e, 0, sizeof(e));
		e.message = span_str(line);
		(void)formats_apply(f, &e, a, &hints);
		wrong +=
		    !span_is(event_get(&e, ECS_SYSLOG_FACILITY), facility) ||
		    !span_is(event_get(&e, ECS_SYSLOG_SEVERITY), severity);
	}
	return wrong;
}

static size_t
read_mapped(const char *dir, struct arena *a)
{
	static const char *const value[] = { "a", "a", "b", "aa", "abcdefgh",
		"abcdefgh", "abcdefghabcdefgh", "aaaaaaaa", "aaaaaaaaa",
		"aaaaaaaa", "long-and-0-long-and-0", "long-and-2-long-and-0",
		"long-and-1-long-and-0", "long-and-0-long-and-0" };
	enum { N = sizeof(value) / sizeof(value[0]) };
	const char *file = "memo_test.yml";
	struct formats *f, *plain;
	size_t i, len, differ = 0;
	struct yaml_error err;
	char line[128], *text;
	FILE *out = fopen(file, "w");

	if (out == NULL || fputs(mapped, out) < 0 || fclose(out) != 0)
		return 1;
	f = formats_load_with(dir, &file, 1, &err);
	remove(file);
	if (f == NULL) {
		yaml_report(&err);
		return 1;
	}
	plain = formats_share(f);
	formats_plain(plain);
	for (i = 0; i < 8 * N; i++) {
		len = (size_t)snprintf(line, sizeof(line), "mapped v=%s w=%s",
		    value[i % N], value[i * 5 % N]);
		text = malloc(len);
		memcpy(text, line, len);
		differ += !same(f, plain, span_make(text, len), a);
		free(text);
	}
	ok(memo_followed(formats_memo(f)) > 4 * N, "maps are remembered");
	ok(read_priorities(f, a) == 0, "priorities are taken apart");
	formats_free(plain);
	formats_free(f);
	return differ;
}

int
main(void)
{
	const char *src = getenv("srcdir");
	struct arena *made = arena_new(), *a = arena_new();
	struct formats *f, *plain;
	size_t i, round, differ = 0, seen = 0;
	struct yaml_error err;
	struct span line;
	char dir[1024];

	snprintf(dir, sizeof(dir), "%s/rules/formats", src ? src : ".");
	f = formats_load(dir, &err);
	if (f == NULL)
		return 1;
	plain = formats_share(f);
	formats_plain(plain);
	ok(formats_memo(plain) == NULL && formats_memo(f) != NULL,
	    "one remembers, one does not");
	collect(f);
	ok(nline > 1000, "the examples of the formats");
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < nline; i++, seen += 3) {
			line =
			    cross(lines[i], lines[(i + dice(5)) % nline], made);
			differ += !same(f, plain, lines[i], a);
			differ += !same(f, plain, line, a);
			differ += !same(f, plain, line, a);
			arena_reset(a);
		}
	ok(differ == 0, "the same events, line by line");
	ok(read_cut(f, plain, a) == 0, "the same events, wherever they end");
	ok(read_long(f, plain, a) == 0, "the same events, however long");
	ok(read_mapped(dir, a) == 0, "the same values out of a map");
	ok(memo_followed(formats_memo(f)) > seen / 2,
	    "most of them by what is remembered");
	ok(memo_made(formats_memo(f)) > nline,
	    "and lines that it does not fit");
	formats_free(plain);
	formats_free(f);
	arena_free(made);
	arena_free(a);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/format/formats.h"
#include "analyzer/regex/regex.h"
#include "analyzer/regex/regex_tree.h"
#include "analyzer/format/set.h"
#include "common/buf.h"
#include "tests/tap.h"

/*
 * Every expression of the formats that we ship, over texts made to hurt it:
 * for each of its unbounded repeats a text that leads there, then much of what
 * it repeats, of what comes behind it, or of all, and an end that does not
 * match; and halves of the examples again and again.  What it costs must grow
 * as the text does: backtracking is counted in steps of PCRE2, not in time.
 */
#define FIRST 2560	/* bytes of a text; cheap here is good enough */
#define FIRST_STEPS 30720
#define HALF 10000
#define WHOLE 20000
#define WHOLE_STEPS 400000 /* 20 for each byte, the small bound */
#define STEPS_MAX 12000000
#define BYTES 5

struct attack {
	const struct set_pattern *pattern;
	const struct regex *regex;
	struct regex_match *match;
	const struct regex_node *tree, *target;
	struct buf full, text, tail;
	size_t from, to; /* where the target stands in full */
	size_t bad;	 /* texts of this expression that cost too much */
};

static size_t texts, worst;

/* A byte of the set, of these if it can be. */
static uint8_t
pick(const struct regex_set *s)
{
	static const char liked[] = "a0A1.:-/ \"=,x";
	unsigned i;

	for (i = 0; liked[i] != '\0'; i++)
		if (regex_set_has(s, (uint8_t)liked[i]))
			return (uint8_t)liked[i];
	for (i = 33; i < 256 + 33; i++)
		if (regex_set_has(s, i & 0xff))
			return (uint8_t)i;
	return 1;
}

static bool
holds(const struct regex_node *n, const struct regex_node *target)
{
	const struct regex_node *c;

	if (n == target)
		return true;
	for (c = n->child; c != NULL; c = c->next)
		if (holds(c, target))
			return true;
	return false;
}

/* A short text that matches n, by way of the target. */
static void
put(struct attack *k, const struct regex_node *n)
{
	const struct regex_node *c;
	bool inside = k->target != NULL && holds(n, k->target);
	uint32_t i;
	uint8_t byte;

	if (n == k->target)
		k->from = k->full.len;
	switch (n->kind) {
	case REGEX_SET:
		byte = pick(&n->set);
		buf_append(&k->full, &byte, 1);
		break;
	case REGEX_CAT:
		for (c = n->child; c != NULL; c = c->next)
			put(k, c);
		break;
	case REGEX_ALT:
		for (c = n->child; inside && c->next != NULL &&
		     !holds(c, k->target);
		     c = c->next)
			;
		put(k, c);
		break;
	case REGEX_REPEAT:
		for (i = 0; i < n->min || (inside && i < 1); i++)
			put(k, n->child);
		break;
	case REGEX_ATOMIC:
		put(k, n->child);
		break;
	case REGEX_LOOK:
	case REGEX_BEHIND:
		if (inside)
			put(k, n->child);
		break;
	case REGEX_EMPTY:
	case REGEX_BORDER:
	case REGEX_END:
	case REGEX_OPAQUE:
		break;
	}
	if (n == k->target)
		k->to = k->full.len;
}

/* The literal bytes, last ones first: all are there, in no order that fits. */
static void
put_tail(struct attack *k, const struct regex_node *n)
{
	struct regex_set one = { { 0 } };
	const struct regex_node *c;
	uint8_t byte;

	for (c = n->child; c != NULL; c = c->next)
		put_tail(k, c);
	if (n->kind != REGEX_SET)
		return;
	byte = pick(&n->set);
	regex_set_add(&one, byte, byte);
	if (memcmp(&one, &n->set, sizeof(one)) == 0 &&
	    (k->tail.len == 0 || memchr(k->tail.p, byte, k->tail.len) == NULL))
		buf_append(&k->tail, &byte, 1);
}

/* The head, piece again and again up to len, and the end. */
static struct span
text(struct attack *k, struct span head, struct span piece, size_t len)
{
	size_t i;

	k->text.len = 0;
	buf_span(&k->text, head);
	while (k->text.len < len)
		buf_span(&k->text, piece);
	buf_append(&k->text, "\001", 1);
	for (i = k->tail.len; i > 0; i--)
		buf_append(&k->text, k->tail.p + i - 1, 1);
	buf_append(&k->text, "\001", 1);
	return buf_view(&k->text);
}

/* The steps of a text, to within a tenth; STEPS_MAX if there are more. */
static uint32_t
steps(struct attack *k, struct span in)
{
	uint32_t low = 0, high = 20000, mid;

	while (high < STEPS_MAX &&
	    regex_try(k->regex, k->match, in, high) < 0) {
		low = high;
		high *= 2;
	}
	if (high >= STEPS_MAX)
		return STEPS_MAX;
	while (high - low > low / 10 + 50) {
		mid = low + (high - low) / 2;
		if (regex_try(k->regex, k->match, in, mid) < 0)
			low = mid;
		else
			high = mid;
	}
	return high;
}

static void
attack(struct attack *k, struct span head, struct span piece)
{
	uint32_t half;

	if (piece.len == 0 || k->bad > 0)
		return;
	texts++;
	if (regex_try(k->regex, k->match, text(k, head, piece, FIRST),
		FIRST_STEPS) >= 0 ||
	    regex_try(k->regex, k->match, text(k, head, piece, WHOLE),
		WHOLE_STEPS) >= 0)
		return;
	half = steps(k, text(k, head, piece, HALF));
	if (half < STEPS_MAX &&
	    regex_try(k->regex, k->match, text(k, head, piece, WHOLE),
		half / 10 * 26) >= 0)
		return;
	k->bad++;
	ok(0, "%s:%u", k->pattern->file, k->pattern->line);
	printf("# %u steps for %d bytes, too many for %d\n# %.*s\n"
	       "# '%.*s' and then '%.*s' again and again\n",
	    half, HALF, WHOLE, (int)regex_text(k->regex).len,
	    (const char *)regex_text(k->regex).p, (int)head.len,
	    (const char *)head.p, (int)piece.len, (const char *)piece.p);
}

/* The bytes that a repeat takes, a few that differ. */
static void
attack_bytes(struct attack *k, struct span head, struct span rest)
{
	uint8_t some[] = { 'a', '0', ' ', '.', ':', ',', 'F', '-', '"' };
	const struct regex_node *c = k->target->child;
	size_t i, n = 0;

	while (c->kind == REGEX_CAT && c->child != NULL &&
	    c->child->next == NULL)
		c = c->child;
	if (c->kind != REGEX_SET)
		return;
	if (rest.len > 0 && regex_set_has(&c->set, rest.p[0])) {
		attack(k, head, span_sub(rest, 0, 1));
		n++;
	}
	for (i = 0; i < sizeof(some) && n < BYTES; i++)
		if (regex_set_has(&c->set, some[i])) {
			attack(k, head, span_make(&some[i], 1));
			n++;
		}
}

static void
attack_repeat(struct attack *k)
{
	struct span full, head, rest, body;

	k->full.len = 0;
	put(k, k->tree);
	full = buf_view(&k->full);
	head = span_sub(full, 0, k->from);
	body = span_sub(full, k->from, full.len);
	rest = span_sub(full, k->to, full.len);
	attack_bytes(k, head, rest);
	attack(k, head, span_sub(full, k->from, k->to - k->from));
	if (rest.len > 0)
		attack(k, head, span_sub(rest, 0, rest.len - 1));
	if (body.len > 0)
		attack(k, head, span_sub(body, 0, body.len - 1));
	if (full.len > 0)
		attack(k, SPAN(""), span_sub(full, 0, full.len - 1));
}

static void
attack_all(struct attack *k, const struct regex_node *n)
{
	const struct regex_node *c;

	if (n->kind == REGEX_REPEAT && n->max >= 100) {
		k->target = n;
		attack_repeat(k);
	}
	for (c = n->child; c != NULL; c = c->next)
		attack_all(k, c);
}

/* Halves of the examples of its file. */
static void
attack_examples(struct attack *k, const struct format *f)
{
	const struct yaml_node *n, *raw;
	struct header h;
	struct span s;

	for (n = f->examples->first; n != NULL; n = n->next) {
		if ((raw = yaml_get(n, "raw")) == NULL)
			continue;
		header_parse(raw->text, &h);
		s = h.body[f->header];
		attack(k, s, span_sub(s, s.len / 2, s.len));
		attack(k, SPAN(""), span_sub(s, 0, s.len - s.len / 4));
	}
}

static void
test(const struct format_set *set, const struct set_pattern *p)
{
	struct attack k = { .pattern = p, .regex = p->regex };
	struct arena *a = arena_new();
	size_t i;

	k.match = regex_match_new();
	k.tree = regex_tree_parse(regex_text(k.regex), a);
	buf_init(&k.full);
	buf_init(&k.text);
	buf_init(&k.tail);
	if (k.tree != NULL) {
		put_tail(&k, k.tree);
		attack_all(&k, k.tree);
	}
	for (i = 0; i < set->n; i++)
		if (strcmp(set->format[i]->file, p->file) == 0)
			attack_examples(&k, set->format[i]);
	worst += k.bad > 0;
	buf_fini(&k.full);
	buf_fini(&k.text);
	buf_fini(&k.tail);
	regex_match_free(k.match);
	arena_free(a);
}

int
main(void)
{
	const char *src = getenv("srcdir");
	const struct format_set *set;
	struct yaml_error err;
	struct formats *f;
	char dir[1024];
	size_t i;

	snprintf(dir, sizeof(dir), "%s/rules/formats", src ? src : ".");
	if ((f = formats_load(dir, &err)) == NULL) {
		printf("Bail out! %s:%u: %s\n", err.file, err.line, err.what);
		return 1;
	}
	set = formats_set(f);
	for (i = 0; i < set->npattern; i++)
		test(set, &set->pattern[i]);
	ok(worst == 0, "expressions cost in proportion to the text");
	printf("# %zu expressions, %zu texts\n", set->npattern, texts);
	formats_free(f);
	return done();
}

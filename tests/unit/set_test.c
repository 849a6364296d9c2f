/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/set_split.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/sigma/fields.h"
#include "tests/tap.h"

/*
 * Rules and events by dice, of few fields and few letters, so that much fits
 * by half: the index must find what asking every rule finds.
 */
#define RULES 400
#define EVENTS 3000

static struct fields *fields;
static uint64_t state = 20261127;

static unsigned
dice(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

static int
field(const struct detection_reader *r, const struct yaml_node *at,
    struct span name, uint32_t *number)
{
	(void)r;
	(void)at;
	*number = fields_put(fields, name);
	return 0;
}

static void
put_text(struct buf *b, unsigned most, bool wild)
{
	static const char letters[] = "aAbBcC-\\/1";
	static const char *const words[] = { "Cab-1aaBBc", "b1cBBcCa",
		"cAcab1-", "Äab1-aab" };
	unsigned i, n = dice(most);

	/* What is long is looked for in another way, and before the rest. */
	if (dice(6) == 0) {
		buf_str(b, words[dice(4)]);
		return;
	}
	for (i = 0; i < n; i++) {
		if (wild && dice(12) == 0)
			buf_byte(b, dice(3) == 0 ? '?' : '*');
		else
			buf_byte(b, (uint8_t)letters[dice(10)]);
	}
	if (dice(20) == 0)
		buf_str(b, "Äあ");
}

static void
put_value(struct buf *b, const char *modifier)
{
	if (strcmp(modifier, "|cidr") == 0) {
		buf_printf(b, "10.%u.0.0/16", dice(3));
		return;
	}
	if (strcmp(modifier, "|gt") == 0) {
		buf_printf(b, "%u", dice(5));
		return;
	}
	if (strcmp(modifier, "|exists") == 0) {
		buf_str(b, dice(2) == 0 ? "true" : "false");
		return;
	}
	if (strcmp(modifier, "|fieldref") == 0) {
		buf_printf(b, "f%u", dice(4));
		return;
	}
	if (strcmp(modifier, "|re") == 0) {
		buf_printf(b, "'%s'", dice(2) == 0 ? "ab?c" : "(ab|[bc]a)1");
		return;
	}
	if (modifier[0] == '\0' && dice(12) == 0) {
		buf_str(b, "null");
		return;
	}
	buf_byte(b, '\'');
	put_text(b, 4, true);
	buf_byte(b, '\'');
}

/* { f1|contains: ['a', 'b'], f2: 'c' } or ['word'] */
static void
put_selection(struct buf *b)
{
	static const char *const modifiers[] = { "", "", "|contains",
		"|startswith", "|endswith", "|contains|all", "|cased", "|neq",
		"|re", "|cidr", "|gt", "|exists", "|fieldref",
		"|contains|windash", "|base64offset|contains" };
	unsigned i, k, n = 1 + dice(2), most;
	const char *m;

	if (dice(10) == 0) {
		buf_str(b, "['");
		put_text(b, 3, false);
		buf_str(b, "x', 'b1']");
		return;
	}
	for (i = 0, buf_str(b, "{"); i < n; i++) {
		m = modifiers[dice(15)];
		if (strcmp(m, "|base64offset|contains") == 0)
			m = dice(2) == 0 ? m : "";
		buf_printf(b, "%sf%u%s: [", i > 0 ? ", " : "",
		    i * 2 + dice(2), m);
		most = strcmp(m, "|exists") == 0 ? 1 : 1 + dice(3);
		for (k = 0; k < most; k++) {
			buf_str(b, k > 0 ? ", " : "");
			if (strstr(m, "base64") != NULL)
				buf_str(b, "abc");
			else
				put_value(b, m);
		}
		buf_str(b, "]");
	}
	buf_str(b, "}");
}

static struct detection *
make_rule(const struct detection_reader *r, struct buf *b)
{
	static const char *const conditions[] = { "a", "a and b", "a or b",
		"a and not b", "not a", "not (a or b) or c", "all of them",
		"1 of them", "a and (b or c)", "not a and b" };
	struct yaml_node *n;

	b->len = 0;
	buf_str(b, "{a: ");
	put_selection(b);
	buf_str(b, ", b: ");
	put_selection(b);
	buf_str(b, ", c: ");
	put_selection(b);
	buf_printf(b, ", condition: %s}", conditions[dice(10)]);
	n = yaml_parse(buf_view(b), "dice.yml", r->arena, r->err);
	return n == NULL ? NULL : detection_parse(n, r);
}

static struct span derived[4]; /* by field, from nfield on */

static struct span
derive(void *arg, uint32_t field)
{
	(void)arg;
	return derived[field];
}

static void
make_event(struct view *v, struct arena *a)
{
	unsigned i, n = dice(6);
	struct buf b;

	view_clear(v);
	for (i = v->nfield; i < 4; i++) {
		derived[i] = span_make(NULL, 0);
		if (dice(3) != 0)
			derived[i] = (struct span[]){ SPAN("a"), SPAN("b"),
				SPAN("10.1.1.2"), SPAN("1") }[dice(4)];
	}
	buf_init(&b);
	for (i = 0; i < n; i++) {
		b.len = 0;
		if (dice(6) == 0)
			buf_printf(&b, "10.%u.1.2", dice(4));
		else
			put_text(&b, 7, false);
		view_add(v, dice(6) == 0 || v->nfield == 0 ? VIEW_OTHER
						  : dice(v->nfield),
		    arena_copy(a, buf_view(&b)), dice(15) == 0);
	}
	b.len = 0;
	put_text(&b, 9, false);
	if (dice(2) == 0)
		v->whole.text = arena_copy(a, buf_view(&b));
	buf_fini(&b);
}

/* The same by asking all, each as of an event of its own. */
static size_t
ask_all(struct detection *const *d, struct detection *const *also, size_t n,
    struct view *v, const uint64_t *routed, uint32_t *hit)
{
	size_t i, found = 0;

	for (i = 0; i < n; i++, v->event++)
		if ((routed == NULL || (routed[i / 64] >> i % 64 & 1) != 0) &&
		    detection_match(d[i], v) &&
		    (also == NULL || detection_match(also[i], v)))
			hit[found++] = (uint32_t)i;
	return found;
}

static void
throw_bits(uint64_t *bits)
{
	size_t k;

	for (k = 0; k < RULES / 64 + 1; k++)
		bits[k] = (uint64_t)dice(1u << 31) << 32 | dice(1u << 31);
}

/* What is compared, and what came of it. */
struct trial {
	struct set *set;
	struct detection *const *d, *const *also; /* or NULL */
	size_t n;
	uint32_t nfield;
	size_t fits;
	uint64_t asked;
};

/*
 * Of the rules in some (NULL: all), those that are routed to each event, by
 * one index or, if split is not NULL, by those of it: how many events differ.
 */
static size_t
compare(struct trial *t, const uint64_t *some, struct set_split *split,
    size_t events)
{
	struct set_index *x = set_index_new(t->set, some);
	struct set_work *w = set_work_new(t->set);
	uint32_t found[RULES], want[RULES];
	struct arena *a = arena_new();
	uint64_t routed[RULES / 64 + 1], both[RULES / 64 + 1];
	size_t i, k, nf, nw, wrong = 0;
	struct view v;

	view_init(&v, t->nfield);
	v.derive = derive;
	for (i = 0; i < events; i++) {
		arena_reset(a);
		make_event(&v, a);
		throw_bits(routed);
		for (k = 0; k < RULES / 64 + 1; k++)
			both[k] = (i % 2 ? routed[k] : UINT64_MAX) &
			    (some == NULL ? UINT64_MAX : some[k]);
		nf = set_match(split != NULL ? set_split_of(split, &v) : x, w,
		    &v, i % 2 ? routed : NULL, found);
		nw = ask_all(t->d, t->also, t->n, &v, both, want);
		t->fits += nw;
		wrong += nf != nw || memcmp(found, want, nf * 4) != 0;
	}
	t->asked += set_asked(w);
	view_fini(&v);
	arena_free(a);
	set_work_free(w);
	set_index_free(x);
	return wrong;
}

/* With many rules, then with a few: what some need others may have found. */
static void
try(struct set *s, struct detection *const *d, struct detection *const *also,
    size_t n, uint32_t nfield)
{
	struct trial t = { s, d, also, n, nfield, 0, 0 };
	uint64_t some[RULES / 64 + 1];
	struct set_split *split;
	size_t i, k, wrong;

	wrong = compare(&t, NULL, NULL, EVENTS);
	throw_bits(some);
	wrong += compare(&t, some, NULL, EVENTS);
	ok(t.asked < (uint64_t)EVENTS * n,
	    "%llu of %llu were asked, %zu for whatever comes",
	    (unsigned long long)t.asked, (unsigned long long)EVENTS * n * 2,
	    set_unwitnessed(s));
	for (i = 0; i < 300; i++) {
		memset(some, 0, sizeof(some));
		for (k = 0; k < 2; k++)
			some[dice(RULES / 64)] |= UINT64_C(1) << dice(64);
		wrong += compare(&t, some, NULL, 100);
	}
	ok(wrong == 0, "%zu events differ, %u fields of 4 derived", wrong,
	    4 - nfield);
	for (i = 0, wrong = 0; i < nfield; i++) {
		split = set_split_new(s, (uint32_t)i);
		wrong += compare(&t, NULL, split, EVENTS / 2);
		set_split_free(split);
	}
	ok(wrong == 0, "%zu differ with an index for each value", wrong);
	ok(t.fits > EVENTS, "%zu fits were compared", t.fits);
}

int
main(void)
{
	struct detection *d[RULES], *also[RULES];
	struct detection_pool pool = { 0 };
	struct yaml_error err;
	struct detection_reader r = { .file = "dice.yml",
		.arena = arena_new(),
		.pool = &pool,
		.err = &err,
		.field = field };
	struct set *s = set_new(), *pairs = set_new(),
		   *nearly = set_new();
	size_t n = 0;
	struct buf b;

	fields = fields_new();
	buf_init(&b);
	while (n < RULES) {
		if ((d[n] = make_rule(&r, &b)) == NULL ||
		    (also[n] = make_rule(&r, &b)) == NULL) {
			ok(false, "%s: %s", buf_cstr(&b), err.what);
			break;
		}
		set_add(s, d[n], NULL);
		set_add(pairs, d[n], also[n]);
		set_add(nearly, d[n], NULL);
		n++;
	}
	set_make(s, fields_count(fields), 0);
	set_make(pairs, 2, 2);
	set_make(nearly, 0, 4);
	try(s, d, NULL, n, 4);
	try(pairs, d, also, n, 2);
	try(nearly, d, NULL, n, 0);
	set_free(s);
	set_free(pairs);
	set_free(nearly);
	detection_pool_fini(&pool);
	arena_free(r.arena);
	fields_free(fields);
	buf_fini(&b);
	return done();
}

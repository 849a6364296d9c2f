/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/explain.h"

#include <string.h>

#include "analyzer/rule/scope.h"
#include "tests/tap.h"

/*
 * The event is konseki.kind=login, user.name=Admin, source.ip=10.1.2.3, tags=a
 * and b; of the facts account.state is disabled, and account.role is not
 * known.  Each row is written as its depth, its kind (&, |, !, a selection
 * with :, a map with {, an item with its key), + - or ?, and * if it decides;
 * of an item the value that fits, and what was seen.
 */
static const struct {
	const char *yaml, *want;
} cases[] = {
	{ "{s: {user.name: admin}, condition: s}",
	    "0s:+* 1user.name+*#1=Admin" },
	{ "{s: {user.name: [root, admin]}, condition: s}",
	    "0s:+* 1user.name+*#2=Admin" },
	{ "{s: {user.name: root, tags: b}, condition: s}",
	    "0s:-* 1user.name-*=Admin 1tags+#1=a,b" },
	{ "{s: {user.email: x}, condition: s}", "0s:-* 1user.email-*" },
	{ "{s: {user.email: null}, condition: s}", "0s:+* 1user.email+*#1" },
	{ "{s: {user.name|neq: root}, condition: s}",
	    "0s:+* 1user.name|neq+*=Admin" },
	{ "{s: {user.name|neq: admin}, condition: s}",
	    "0s:-* 1user.name|neq-*#1=Admin" },
	{ "{s: {user.name|fieldref: tags}, condition: s}",
	    "0s:-* 1user.name|fieldref-*=Admin~a,b" },
	{ "{s: [raw, no], condition: s}", "0s:+* 1+*#1 1-" },
	{ "{s: {'|all': [raw, no]}, condition: s}", "0s:-* 1|all-*#1" },
	/* a list of maps: any of them */
	{ "{s: [{user.name: root}, {konseki.kind: login, tags: c}], "
	  "condition: s}",
	    "0s:-* 1user.name-*=Admin 1{-* 2konseki.kind+#1=login "
	    "2tags-*=a,b" },
	/* a condition as people read it */
	{ "{a: {tags: a}, b: {tags: b}, c: {tags: c}, condition: a and b and "
	  "not c}",
	    "0&+* 1a:+* 2tags+*#1=a,b 1b:+* 2tags+*#1=a,b 1!+* 2c:-* "
	    "3tags-*=a,b" },
	{ "{a: {tags: a}, b: {tags: b}, condition: a and not b}",
	    "0&-* 1a:+ 2tags+#1=a,b 1!-* 2b:+* 3tags+*#1=a,b" },
	{ "{a: {tags: x}, b: {tags: b}, condition: 1 of them}",
	    "0|+* 1a:- 2tags-=a,b 1b:+* 2tags+*#1=a,b" },
	{ "{a: {tags: x}, b: {tags: y}, c: {tags: a}, condition: (a or b) and "
	  "c}",
	    "0&-* 1|-* 2a:-* 3tags-*=a,b 2b:-* 3tags-*=a,b 1c:+ "
	    "2tags+#1=a,b" },
	/* what is named twice is shown once */
	{ "{a: {tags: a}, b: {tags: x}, condition: (b and a) or not a}",
	    "0|-* 1&-* 2b:-* 3tags-*=a,b 2a:+* 3tags+*#1=a,b 1!-* 2a:+*" },
	{ "{a: {tags: a}, condition: a or not a}",
	    "0|+* 1a:+* 2tags+*#1=a,b 1!- 2a:+" },
	/* facts, known and not */
	{ "{s: {account.state: disabled}, condition: s}",
	    "0s:+* 1account.state+*#1=disabled" },
	{ "{s: {account.role: admin}, condition: s}", "0s:?* 1account.role?*" },
	{ "{s: {account.role: admin}, condition: not s}",
	    "0!?* 1s:?* 2account.role?*" },
	{ "{s: {account.role: admin, tags: b}, condition: s}",
	    "0s:?* 1account.role?* 1tags+#1=a,b" },
	{ "{s: {account.role: admin, tags: c}, condition: s}",
	    "0s:-* 1account.role? 1tags-*=a,b" },
	{ "{s: {account.role: admin}, t: {tags: a}, condition: s or t}",
	    "0|+* 1s:? 2account.role? 1t:+* 2tags+*#1=a,b" },
	{ "{s: {account.role: admin}, t: {tags: c}, condition: s or t}",
	    "0|?* 1s:?* 2account.role?* 1t:- 2tags-=a,b" },
};

static struct span
derive(void *arg, uint32_t field)
{
	(void)arg;
	return field == (uint32_t)ECS_COUNT + FACT_ACCOUNT_STATE
	    ? SPAN("disabled")
	    : (struct span){ NULL, 0 };
}

static bool
known(void *arg, uint32_t field)
{
	(void)arg;
	return field != (uint32_t)ECS_COUNT + FACT_ACCOUNT_ROLE;
}

static void
put_values(struct buf *b, char mark, const struct span *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		buf_byte(b, i == 0 ? (uint8_t)mark : ',');
		buf_span(b, v[i]);
	}
}

static void
put_row(struct buf *b, const struct explain_row *r)
{
	static const char *const kinds[] = { "&", "|", "!", ":", "{", "" };

	buf_printf(b, "%s%u", b->len > 0 ? " " : "", r->depth);
	buf_span(b, r->name);
	buf_str(b, kinds[r->kind]);
	buf_byte(b, (uint8_t) "-+?"[r->verdict]);
	buf_str(b, r->decides ? "*" : "");
	if (r->fit > 0)
		buf_printf(b, "#%zu", r->fit);
	put_values(b, '=', r->seen, r->nseen);
	put_values(b, '~', r->other, r->nother);
}

static struct detection_pool pool;

static struct detection *
parse(const char *yaml, struct arena *arena)
{
	static struct settings settings;
	struct scope_reader s;
	struct yaml_error err;
	struct yaml_node *n = yaml_parse(span_str(yaml), "t.yml", arena, &err);

	scope_reader_init(&s, SCOPE_FACTS, &settings);
	s.r.file = "t.yml";
	s.r.arena = arena;
	s.r.pool = &pool;
	s.r.err = &err;
	return n == NULL ? NULL : detection_parse(n, &s.r);
}

static void
try(const char *yaml, const char *want, struct view *v, struct arena *arena)
{
	const struct detection *d = parse(yaml, arena);
	struct explanation x = { .n = 0 };
	struct buf b;
	size_t i;

	buf_init(&b);
	if (d != NULL)
		explain_detection(d, v, known, NULL, arena, &x);
	for (i = 0; i < x.n; i++)
		put_row(&b, &x.row[i]);
	ok(strcmp(buf_cstr(&b), want) == 0, "%s", yaml);
	if (strcmp(buf_cstr(&b), want) != 0)
		printf("# got:  %s\n# want: %s\n", buf_cstr(&b), want);
	/* What is known says what the engine says. */
	ok(x.verdict == EXPLAIN_UNKNOWN || d == NULL ||
		(x.verdict == EXPLAIN_YES) == detection_match(d, v),
	    "as the engine has it");
	buf_fini(&b);
}

/* Without an event: only what is asked of tags can come out. */
static enum explain_verdict
ask(void *arg, const struct item *it)
{
	(void)arg;
	return it->field == ECS_TAGS ? EXPLAIN_UNKNOWN : EXPLAIN_NO;
}

static const struct {
	const char *yaml;
	enum explain_verdict want;
} possible[] = {
	{ "{s: {tags: a}, condition: s}", EXPLAIN_UNKNOWN },
	{ "{s: {tags: a, user.name: b}, condition: s}", EXPLAIN_NO },
	{ "{s: [{tags: a}, {user.name: b}], condition: s}", EXPLAIN_UNKNOWN },
	{ "{s: {user.name: a}, condition: not s}", EXPLAIN_YES },
};

static void
try_possible(struct arena *arena)
{
	const struct detection *d;
	struct explanation x;
	size_t i;

	for (i = 0; i < sizeof(possible) / sizeof(possible[0]); i++) {
		d = parse(possible[i].yaml, arena);
		explain_asked(d, ask, NULL, arena, &x);
		ok(x.verdict == possible[i].want, "whether %s is possible",
		    possible[i].yaml);
	}
}

/* More rows than there is room for at first. */
static void
try_many(struct view *v, struct arena *arena)
{
	struct explanation x;
	struct buf yaml;
	size_t i, good = 0;

	buf_init(&yaml);
	buf_str(&yaml, "{");
	for (i = 0; i < 40; i++)
		buf_printf(&yaml, "s%zu: {tags: a}, ", i);
	buf_str(&yaml, "condition: all of them}");
	explain_detection(parse(buf_cstr(&yaml), arena), v, NULL, NULL, arena,
	    &x);
	for (i = 0; i < x.n; i++)
		good += x.row[i].verdict == EXPLAIN_YES && x.row[i].decides &&
		    (x.row[i].kind != EXPLAIN_ITEM || x.row[i].item != NULL);
	ok(x.n == 81 && good == x.n, "many selections");
	buf_fini(&yaml);
}

int
main(void)
{
	struct arena *arena = arena_new();
	const struct detection *d;
	struct event e;
	struct view v;
	size_t i;

	memset(&e, 0, sizeof(e));
	e.message = SPAN("the raw line itself");
	event_add(&e, ECS_KIND, SPAN("login"));
	event_add(&e, ECS_USER_NAME, SPAN("Admin"));
	event_add(&e, ECS_SOURCE_IP, SPAN("10.1.2.3"));
	event_add(&e, ECS_TAGS, SPAN("a"));
	event_add(&e, ECS_TAGS, SPAN("b"));
	scope_view_init(&v);
	scope_view(&v, &e, NULL);
	v.derive = derive;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		try(cases[i].yaml, cases[i].want, &v, arena);
	try_possible(arena);
	try_many(&v, arena);
	d = parse("{s: {user.name|contains|expand: ['%outbound.hour.z%x']},\n"
		  " t:\n  {tags: 'B*'}, condition: s or t}",
	    arena);
	ok(d != NULL && d->selections[0].first->first->line == 1 &&
		d->selections[1].first->first->line == 3,
	    "items know their line");
	ok(d != NULL &&
		span_is(d->selections[0].first->first->values[0].text, "0x") &&
		span_is(d->selections[1].first->first->values[0].text, "B*"),
	    "and their values as they were written, names done");
	detection_pool_fini(&pool);
	view_fini(&v);
	arena_free(arena);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/correlation_link.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

/* Correlations in YAML flow form, and what is read of them. */
static const struct {
	const char *yaml, *want;
} good[] = {
	{ "{type: event_count, rules: a, timespan: 15s, condition: {gte: 10}}",
	    "0 rules=a group= 15s 1:10" },
	{ "{type: event_count, rules: [a, b-c], group-by: u, timespan: 1h, "
	  "condition: {gt: 2, lte: 65536}}",
	    "0 rules=a,b-c group=u 3600s 0:2 3:65536" },
	{ "{type: value_count, rules: [a], group-by: [u, v], timespan: 7d, "
	  "condition: {field: w, lt: 3}}",
	    "1 rules=a group=u,v 604800s 2:3 of=w" },
	{ "{type: value_count, rules: [a], timespan: 1w, condition: {field: "
	  "[w, x], eq: 3}}",
	    "1 rules=a group= 604800s 4:3 of=w,x" },
	{ "{type: temporal, rules: [a, b], timespan: 1M}",
	    "2 rules=a,b group= 2629746s" },
	{ "{type: temporal, rules: [a, b, c], timespan: 1m, condition: {gte: "
	  "2}}",
	    "2 rules=a,b,c group= 60s 1:2" },
	{ "{type: temporal, rules: [a, b], timespan: 1m, condition: a and not "
	  "b}",
	    "2 rules=a,b group= 60s expression" },
	{ "{type: temporal_ordered, rules: [a, b], timespan: 100y, generate: "
	  "true}",
	    "3 rules=a,b group= 3155695200s generate" },
	{ "{type: value_sum, rules: [a], timespan: 5m, condition: {field: n, "
	  "lt: -2.5}}",
	    "4 rules=a group= 300s 2:-2.5 of=n" },
	{ "{type: value_avg, rules: [a], timespan: 5m, condition: {field: [n], "
	  "neq: 0}}",
	    "5 rules=a group= 300s 5:0 of=n" },
	{ "{type: value_percentile, rules: [a], timespan: 5m, condition: "
	  "{field: n, gte: 1, percentile: 99}}",
	    "6 rules=a group= 300s 1:1 of=n p99" },
	{ "{type: value_median, rules: [a], timespan: 5m, condition: {field: "
	  "n, gt: 1, lt: 2}}",
	    "7 rules=a group= 300s 0:1 2:2 of=n" },
	{ "{type: event_count, rules: [a, b], group-by: [u], timespan: 1d, "
	  "aliases: {u: {a: s, b: d}}, condition: {gte: '2'}}",
	    "0 rules=a,b group=u 86400s 1:2 u:a=s u:b=d" },
};

#define COUNT "{type: event_count, rules: [a], timespan: 1m, "
#define SUM "{type: value_sum, rules: [a], timespan: 1m, condition: "

static const struct {
	const char *yaml;
	unsigned line, col;
} bad[] = {
	{ "[a]", 1, 1 },
	{ "{rules: [a], timespan: 1m}", 1, 1 },
	{ "{type: near, rules: [a], timespan: 1m}", 1, 8 },
	{ "{type: Event_count, rules: [a], timespan: 1m}", 1, 8 },
	{ "{type: temporal, timespan: 1m}", 1, 1 },
	{ "{type: temporal, rules: [a]}", 1, 1 },
	{ "{type: temporal, rules: [], timespan: 1m}", 1, 25 },
	{ "{type: temporal, rules: {a: b}, timespan: 1m}", 1, 25 },
	{ "{type: temporal, rules: [a, [b]], timespan: 1m}", 1, 29 },
	{ "{type: temporal, rules: [a, a], timespan: 1m}", 1, 29 },
	{ "{type: temporal, rules: [a], timespan: 60}", 1, 40 },
	{ "{type: temporal, rules: [a], timespan: 0m}", 1, 40 },
	{ "{type: temporal, rules: [a], timespan: m}", 1, 40 },
	{ "{type: temporal, rules: [a], timespan: 1H}", 1, 40 },
	{ "{type: temporal, rules: [a], timespan: 1.5h}", 1, 40 },
	{ "{type: temporal, rules: [a], timespan: 101y}", 1, 40 },
	{ "{type: temporal, rules: [a], timespan: 99999999999999999999s}", 1,
	    40 },
	{ "{type: temporal, rules: [a], timespan: 1m, window: sliding}", 1,
	    52 },
	{ "{type: temporal, rules: [a], timespan: 1m, group-by: [u, u]}", 1,
	    58 },
	{ "{type: temporal, rules: [a], timespan: 1m, group-by: {u: v}}", 1,
	    54 },
	{ "{type: temporal, rules: [a], timespan: 1m, generate: maybe}", 1,
	    54 },
	{ "{type: temporal, rules: [a], timespan: 1m, aliases: [u]}", 1, 53 },
	{ "{type: temporal, rules: [a], timespan: 1m, aliases: {u: v}}", 1,
	    53 },
	{ "{type: temporal, rules: [a], timespan: 1m, aliases: {u: {a: []}}}",
	    1, 61 },
	{ "{type: temporal, rules: [a, b], timespan: 1m, condition: a}", 1,
	    29 },
	{ "{type: temporal, rules: [a], timespan: 1m, condition: a or z}", 1,
	    60 },
	{ "{type: temporal, rules: [a], timespan: 1m, condition: [a]}", 1, 55 },
	{ "{type: temporal, rules: [a], timespan: 1m, condition: {gte: 2}}", 1,
	    55 },
	{ "{type: temporal, rules: [a], timespan: 1m, condition: {gte: 1, "
	  "field: u}}",
	    1, 71 },
	{ "{type: temporal_ordered, rules: [a], timespan: 1m, condition: {gte: "
	  "1}}",
	    1, 63 },
	{ COUNT "}", 1, 1 },
	{ COUNT "condition: a}", 1, 58 },
	{ COUNT "condition: {}}", 1, 58 },
	{ COUNT "condition: {gte: ten}}", 1, 64 },
	{ COUNT "condition: {gte: 1.5}}", 1, 64 },
	{ COUNT "condition: {gte: -1}}", 1, 64 },
	{ COUNT "condition: {gte: 65537}}", 1, 64 },
	{ COUNT "condition: {gte: [1]}}", 1, 64 },
	{ COUNT "condition: {gte: 1, gt: 2}}", 1, 71 },
	{ COUNT "condition: {gte: 1, neq: 2}}", 1, 72 },
	{ COUNT "condition: {eq: 1, lt: 2}}", 1, 70 },
	{ COUNT "condition: {gte: 1, lt: 2, lte: 3}}", 1, 79 },
	{ COUNT "condition: {count: 1}}", 1, 66 },
	{ COUNT "condition: {gte: 1, field: u}}", 1, 74 },
	{ COUNT "condition: {gte: 1, percentile: 5}}", 1, 79 },
	{ COUNT "condition: {eq: 0}}", 1, 58 }, /* never */
	{ COUNT "condition: {lt: 1}}", 1, 58 },
	{ COUNT "condition: {gt: 4, lt: 5}}", 1, 58 },
	{ SUM "{gt: 4, lt: 4, field: n}}", 1, 56 },
	{ SUM "{gt: 4}}", 1, 56 },
	{ SUM "{gt: 4, field: [n, m]}}", 1, 71 },
	{ SUM "{gt: 4, field: []}}", 1, 71 },
	{ SUM "{gt: 4, field: [[n]]}}", 1, 72 },
	{ SUM "{gt: x, field: n}}", 1, 61 },
	{ SUM "{gt: 4, field: n, percentile: 5}}", 1, 86 },
	{ "{type: value_percentile, rules: [a], timespan: 1m, condition: {gt: "
	  "1, field: n}}",
	    1, 63 },
	{ "{type: value_percentile, rules: [a], timespan: 1m, condition: "
	  "{percentile: 100, gt: 1, field: n}}",
	    1, 76 },
	{ "{type: value_percentile, rules: [a], timespan: 1m, condition: "
	  "{percentile: 0, gt: 1, field: n}}",
	    1, 76 },
};

static const struct {
	const char *yaml, *want; /* NULL: refused */
	unsigned line, col;
} absence[] = {
	{ "{after: a, expect: b, within: 30m}", "8 rules=a,b group= 1800s", 0,
	    0 },
	{ "{after: a, expect: b, within: 1d, group-by: h, aliases: {h: {b: "
	  "x}}}",
	    "8 rules=a,b group=h 86400s h:b=x", 0, 0 },
	{ "{expect: b, within: 30m}", NULL, 1, 1 },
	{ "{after: a, within: 30m}", NULL, 1, 1 },
	{ "{after: a, expect: b}", NULL, 1, 1 },
	{ "{after: a, expect: a, within: 1m}", NULL, 1, 20 },
	{ "{after: [a], expect: b, within: 1m}", NULL, 1, 9 },
	{ "{after: a, expect: b, within: soon}", NULL, 1, 31 },
	{ "{after: a, expect: b, within: 1m, timespan: 2m}", NULL, 1, 45 },
	{ "after", NULL, 1, 1 },
};

static size_t
put_names(char *out, size_t size, const char *what,
    const struct correlation_name *v, size_t n)
{
	size_t i, len = (size_t)snprintf(out, size, " %s=", what);

	for (i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%.*s",
		    i == 0 ? "" : ",", (int)v[i].text.len,
		    (const char *)v[i].text.p);
	return len;
}

static const char *
describe(const struct correlation *c)
{
	static char out[512];
	size_t i, n = sizeof(out), len;

	len = (size_t)snprintf(out, n, "%d", (int)c->type);
	len += put_names(out + len, n - len, "rules", c->rules, c->nrules);
	len += put_names(out + len, n - len, "group", c->group, c->ngroup);
	len += (size_t)snprintf(out + len, n - len, " %llds",
	    (long long)(c->timespan / 1000000));
	for (i = 0; i < c->nbound; i++)
		len += (size_t)snprintf(out + len, n - len, " %d:%.15g",
		    (int)c->bound[i].op, c->bound[i].value);
	if (c->nfields > 0)
		len +=
		    put_names(out + len, n - len, "of", c->fields, c->nfields);
	if (c->percentile > 0)
		len +=
		    (size_t)snprintf(out + len, n - len, " p%u", c->percentile);
	for (i = 0; i < c->naliases; i++)
		len += (size_t)snprintf(out + len, n - len, " %.*s:%.*s=%.*s",
		    (int)c->aliases[i].alias.len,
		    (const char *)c->aliases[i].alias.p,
		    (int)c->aliases[i].rule.text.len,
		    (const char *)c->aliases[i].rule.text.p,
		    (int)c->aliases[i].field.len,
		    (const char *)c->aliases[i].field.p);
	snprintf(out + len, n - len, "%s%s",
	    c->condition != NULL ? " expression" : "",
	    c->generate ? " generate" : "");
	return out;
}

static struct correlation *
parse(const char *yaml, bool is_absence, struct arena *a,
    struct yaml_error *err)
{
	struct yaml_node *n = yaml_parse(span_str(yaml), "f", a, err);

	if (n == NULL)
		return NULL;
	return is_absence ? correlation_parse_absence(n, "f", a, err)
			  : correlation_parse(n, "f", a, err);
}

static void
test_parse(struct arena *a)
{
	struct yaml_error err;
	const struct correlation *c;
	const char *is;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		c = parse(good[i].yaml, false, a, &err);
		is = c == NULL ? err.what : describe(c);
		ok(strcmp(is, good[i].want) == 0, "%s", good[i].yaml);
		if (strcmp(is, good[i].want) != 0)
			printf("# %s\n", is);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err = (struct yaml_error){ 0 };
		c = parse(bad[i].yaml, false, a, &err);
		ok(c == NULL && err.line == bad[i].line &&
			err.col == bad[i].col && err.what[0] != '\0' &&
			strcmp(err.file, "f") == 0,
		    "refused at %u:%u: %s: %s", bad[i].line, bad[i].col,
		    bad[i].yaml, err.what);
		if (err.col != bad[i].col)
			printf("# column %u\n", err.col);
	}
	for (i = 0; i < sizeof(absence) / sizeof(absence[0]); i++) {
		err = (struct yaml_error){ 0 };
		c = parse(absence[i].yaml, true, a, &err);
		ok(absence[i].want != NULL
			? c != NULL && strcmp(describe(c), absence[i].want) == 0
			: c == NULL && err.line == absence[i].line &&
			    err.col == absence[i].col,
		    "absence: %s", absence[i].yaml);
	}
}

/* --- names to numbers --- */

#define SET 12

struct world {
	char refused[256];
};

/* Rules are a to d (A is a's id), correlations ca to cl. */
static enum correlation_found
find(void *arg, struct span name, uint32_t *number)
{
	(void)arg;
	if (name.len == 2 && name.p[0] == 'c' && name.p[1] < 'a' + SET) {
		*number = (uint32_t)(name.p[1] - 'a');
		return CORRELATION_OF_OTHER;
	}
	if (name.len != 1 || strchr("abcdA", name.p[0]) == NULL)
		return CORRELATION_NOBODY;
	*number = name.p[0] == 'A' ? 0 : (uint32_t)(name.p[0] - 'a');
	return CORRELATION_OF_RULE;
}

/* Fields are u to z, with numbers from 100. */
static uint32_t
field(void *arg, struct span name)
{
	(void)arg;
	return name.len == 1 && name.p[0] >= 'u' && name.p[0] <= 'z'
	    ? 100u + name.p[0] - 'u'
	    : CORRELATION_NONE;
}

static void
on_refuse(void *arg, uint32_t number, const struct yaml_error *err)
{
	struct world *w = arg;
	size_t len = strlen(w->refused);

	snprintf(w->refused + len, sizeof(w->refused) - len, "%s%u@%u",
	    len == 0 ? "" : " ", number, err->col);
}

#define T(rules) "{type: temporal, timespan: 1m, rules: " rules

static const struct {
	const char *name;
	const char *yaml[SET];
	const char *refused;
} sets[] = {
	{ "rules, ids and other correlations",
	    { T("[A, b]}"), T("[ca, c]}"), T("[cb, ca, d]}") }, "" },
	{ "a rule that is not there", { T("[a, e]}") }, "0@43" },
	{ "the same by its name and its id", { T("[a, A]}") }, "0@43" },
	{ "itself", { T("[a, ca]}") }, "0@1" },
	{ "a circle, and what leads there",
	    { T("cb}"), T("cc}"), T("ca}"), T("[a, ca]}"), T("a}") },
	    "0@1 1@1 2@1 3@1" },
	{ "more than ten in a row",
	    { T("a}"), T("ca}"), T("cb}"), T("cc}"), T("cd}"), T("ce}"),
		T("cf}"), T("cg}"), T("ch}"), T("ci}"), T("cj}"), T("ck}") },
	    "10@1 11@1" },
	{ "a refused one, and again",
	    { T("e}"), T("ca}"), T("[a, cb]}"), T("b}") }, "0@39 1@39 2@43" },
	{ "one that was refused before", { NULL, T("[a, ca]}") }, "1@43" },
	{ "an alias of another rule",
	    { T("[a, b], aliases: {u: {a: v, c: w}}}") }, "0@70" },
	{ "an alias of no rule", { T("a, aliases: {u: {q: v}}}") }, "0@59" },
	{ "no field", { T("a, group-by: [u, q]}") }, "0@56" },
	{ "no field behind an alias",
	    { T("a, group-by: u, aliases: {u: {a: q}}}") }, "0@52" },
	{ "no field of the other's",
	    { T("a, group-by: u}"), T("ca, group-by: v}") }, "1@53" },
	{ "a field of the other's by an alias",
	    { T("a, group-by: u}"),
		T("ca, group-by: v, aliases: {v: {ca: u}}}") },
	    "" },
};

static struct correlation_linked *
link_all(const char *const *yaml, struct world *w, struct arena *a)
{
	struct correlation_scope scope = { find, field, on_refuse, w };
	struct correlation *v[SET] = { NULL };
	struct yaml_error err;
	size_t i;

	for (i = 0; i < SET; i++)
		if (yaml[i] != NULL &&
		    (v[i] = parse(yaml[i], false, a, &err)) == NULL)
			printf("# %s: %s\n", yaml[i], err.what);
	return correlation_link(v, SET, &scope, a);
}

static void
test_numbers(struct arena *a)
{
	static const char *const yaml[SET] = {
		T("[b, A], group-by: [u, v], aliases: {u: {a: w}, v: {b: x}}}"),
		"{type: value_count, rules: [ca, d], group-by: v, timespan: "
		"1m, condition: {gte: 2, field: y}, aliases: {y: {ca: u}}}",
	};
	struct world w = { "" };
	struct correlation_linked *l = link_all(yaml, &w, a);
	const struct correlation_source *s;

	ok(w.refused[0] == '\0' && l[0].c != NULL && l[2].c == NULL,
	    "all are linked");
	s = l[0].sources;
	ok(!s[0].chained && s[0].number == 1 && s[0].group[0] == 100 &&
		s[0].group[1] == 103,
	    "a name that has no alias for a rule is a field of it");
	ok(!s[1].chained && s[1].number == 0 && s[1].group[0] == 102 &&
		s[1].group[1] == 101,
	    "an alias may name the rule by its other name");
	s = l[1].sources;
	ok(s[0].chained && s[0].number == 0 && s[0].group[0] == 1 &&
		s[0].fields[0] == 0,
	    "fields of a correlation are places in its group");
	ok(s[1].group[0] == 101 && s[1].fields[0] == 104,
	    "and those of a rule are its own");
}

static void
test_link(struct arena *a)
{
	size_t i;

	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct world w = { "" };

		link_all(sets[i].yaml, &w, a);
		ok(strcmp(w.refused, sets[i].refused) == 0, "%s: %s",
		    sets[i].name, w.refused);
	}
	test_numbers(a);
}

int
main(void)
{
	struct arena *a = arena_new();

	test_parse(a);
	test_link(a);
	arena_free(a);
	return done();
}

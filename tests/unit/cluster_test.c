/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/cluster.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

/* Lines of one source, one behind the other, and their templates. */
static const struct {
	const char *name, *lines[4], *templates;
} rows[] = {
	{ "numbers and addresses do not count",
	    { "link up on port 7 from 10.0.0.1", "link up on port 9 from ::1" },
	    "2 link up on port * from *\n" },
	{ "a word that differs becomes a star",
	    { "login failed for user tanaka", "login failed for user suzuki" },
	    "2 login failed for user *\n" },
	{ "unless too much does", { "login failed now", "login of nobody" },
	    "1 login failed now\n1 login of nobody\n" },
	{ "nor does a template begin with one",
	    { "accept from here", "reject from here" },
	    "1 accept from here\n1 reject from here\n" },
	{ "keys stay, values do not, those at the end are let go",
	    { "a=1 b=x c=\"y z\" d=4 e=5 f=6 g=7 h=8 i=9",
		"a=1 b=x c=y d=4 e=5 f=6 g=7 h=8 j=9 k=0" },
	    "2 a=* b=* c=* d=* e=* f=* g=* h=* ...\n" },
	{ "JSON",
	    { "{\"ts\":\"1\",\"user\":\"x\"}", "{\"ts\":\"2\",\"user\":7}" },
	    "2 {\"ts\":*,\"user\":*\n" },
	{ "cells", { "1,x,2026/11/20,deny", "2,x,2026/11/21,deny" },
	    "2 *,x,*,deny\n" },
	{ "brackets and colons around what changes",
	    { "sshd[12]: gone", "(1) <2> 3:" },
	    "1 (*) <*> *:\n1 sshd[*]: gone\n" },
	{ "an empty line", { "", "  " }, "2 \n" },
	{ "bytes that are no text", { "a \xff\xfe z", "a \x80 z" },
	    "2 a * z\n" },
};

static const char *
templates(struct cluster *c)
{
	static char out[4096];
	size_t i, n = 0;

	cluster_sort(c);
	for (i = 0; i < cluster_templates(c); i++) {
		const struct cluster_template *t = cluster_template(c, i);

		n += (size_t)snprintf(out + n, sizeof(out) - n,
		    "%" PRIu64 " %.*s\n", t->n, (int)t->text.len,
		    t->text.len ? (const char *)t->text.p : "");
	}
	return out;
}

static void
add(struct cluster *c, const char *source, const char *line, uint64_t where)
{
	cluster_add(c, span_str(source), span_str(line), span_str(line), where);
}

static void
test_rows(void)
{
	struct cluster *c;
	const char *have;
	size_t i, k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		c = cluster_new();
		for (k = 0; k < 4 && rows[i].lines[k] != NULL; k++)
			add(c, "s", rows[i].lines[k], k);
		have = templates(c);
		ok(strcmp(have, rows[i].templates) == 0, "%s", rows[i].name);
		if (strcmp(have, rows[i].templates) != 0)
			printf("# %s\n", have);
		cluster_free(c);
	}
}

static void
test_sources(void)
{
	struct cluster *c = cluster_new();
	const struct cluster_template *t;

	add(c, "b", "one two", 1);
	add(c, "a", "one two", 2);
	add(c, "a", "one two", 3);
	add(c, "a", "three", 4);
	cluster_known(c, SPAN("a"));
	cluster_sort(c);
	ok(cluster_sources(c) == 2 &&
		span_is(cluster_source(c, 0)->name, "a") &&
		cluster_source(c, 0)->lines == 4 &&
		cluster_source(c, 0)->unknown == 3,
	    "each source has its numbers");
	ok(cluster_templates(c) == 3, "and its own templates");
	t = cluster_template(c, 0);
	ok(span_is(t->source, "a") && t->n == 2 && t->first == 2 &&
		t->last == 3 && t->nsample == 2 &&
		span_is(t->sample[0], "one two"),
	    "the most frequent first, with where it was and its lines");
	cluster_free(c);
}

/* As many kinds as one likes: what has no room is counted. */
static void
test_bounds(void)
{
	struct cluster *c = cluster_new();
	static char line[200000];
	char name[32];
	uint64_t sum = 0;
	size_t i;

	memset(line, 'x', sizeof(line) - 1);
	for (i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "%c%c%c%c", 'a' + (int)(i % 26),
		    'a' + (int)(i / 26 % 26), 'a' + (int)(i / 676 % 26), 'z');
		add(c, "one", name, i);
		add(c, name, line, i);
	}
	cluster_sort(c);
	for (i = 0; i < cluster_templates(c); i++)
		sum += cluster_template(c, i)->n;
	ok(cluster_templates(c) <= CLUSTER_TEMPLATES &&
		cluster_sources(c) <= CLUSTER_SOURCES,
	    "no more than there is room for");
	ok(sum + cluster_beyond(c) == 10000, "and every line is counted");
	cluster_free(c);
}

/* A name is known by what is kept of it. */
static void
test_long_name(void)
{
	static uint8_t name[2 * CLUSTER_SAMPLE];
	struct cluster *c = cluster_new();

	memset(name, 'n', sizeof(name));
	cluster_known(c, span_make(name, sizeof(name)));
	cluster_known(c, span_make(name, sizeof(name)));
	ok(cluster_sources(c) == 1, "a very long name is one source");
	cluster_free(c);
}

int
main(void)
{
	test_rows();
	test_sources();
	test_bounds();
	test_long_name();
	return done();
}

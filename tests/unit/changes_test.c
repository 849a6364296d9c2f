/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "site/changes.h"
#include "tests/tap.h"

#define LOGS "logs: { evidence: { origin: a }, casebook: { origin: b } }\n"
#define LISTEN "listeners:\n"
#define ONE "  - { name: one, transport: tcp, port: 1, framing: lf }\n"
#define TWO "  - { name: two, transport: udp, port: 2 }\n"

static const struct {
	const char *name, *before, *next, *want;
	bool restart;
} rows[] = {
	{ "nothing", LOGS, LOGS, "", false },
	{ "a comment is no change", LOGS, "# new\n" LOGS, "", false },
	{ "a key that is new", LOGS, LOGS "site: { name: x }\n",
	    "change=site.name", false },
	{ "one below", LOGS "site: { name: x }\n",
	    LOGS "site: { name: x, language: en }\n", "change=site.language",
	    false },
	{ "one that is gone", LOGS "site: { name: x }\n", LOGS,
	    "change=site.name", false },
	{ "a value", LOGS "site: { name: x }\n", LOGS "site: { name: y }\n",
	    "change=site.name", false },
	{ "an item by its name", LOGS LISTEN ONE TWO, LOGS LISTEN TWO,
	    "change=listeners[one]", false },
	{ "their order is none", LOGS LISTEN ONE TWO, LOGS LISTEN TWO ONE, "",
	    false },
	{ "a key of an item", LOGS LISTEN ONE,
	    LOGS LISTEN "  - { name: one, transport: tcp, port: 3, framing: "
			"lf }\n",
	    "change=listeners[one].port", false },
	{ "a list without names is one",
	    LOGS "analyzer: { vpn: [10.0.0.0/8] }\n",
	    LOGS "analyzer: { vpn: [10.0.0.0/9] }\n", "change=analyzer.vpn",
	    false },
	{ "what only a start can change", LOGS "user: x\n", LOGS "user: y\n",
	    "change=user", true },
	{ "all below logs", LOGS,
	    "logs: { evidence: { origin: a }, casebook: { origin: c } }\n",
	    "change=logs.casebook.origin", true },
	{ "no other key that begins so", LOGS,
	    LOGS "watch: [ { name: x, path: /x } ]\n", "change=watch", false },
};

static struct site *
parse(const char *text)
{
	struct yaml_error err;
	struct site *s = site_parse(span_str(text), "konseki.yml", "/s", &err);

	if (s == NULL)
		printf("# %s\n", err.what);
	return s;
}

static void
row(size_t i)
{
	struct site *a = parse(rows[i].before), *b = parse(rows[i].next);
	struct changes c;
	struct buf words;
	bool restart = false;
	size_t j;

	buf_init(&words);
	if (a != NULL && b != NULL && changes_find(a, b, &c) == 0) {
		changes_words(&c, &words);
		for (j = 0; j < c.n; j++)
			restart = restart || c.v[j].restart;
	} else
		buf_str(&words, "failed");
	ok(strcmp(buf_cstr(&words), rows[i].want) == 0 &&
		restart == rows[i].restart,
	    "%s", rows[i].name);
	if (strcmp(buf_cstr(&words), rows[i].want) != 0)
		printf("# got: %s\n", buf_cstr(&words));
	buf_fini(&words);
	site_free(a);
	site_free(b);
}

/* More than are named are counted, and a line is the new file's. */
static void
many(void)
{
	struct site *a = parse(LOGS LISTEN ONE), *b;
	struct changes c;
	struct buf text, words;
	unsigned i;

	buf_init(&text);
	buf_init(&words);
	buf_str(&text, LOGS LISTEN ONE);
	for (i = 0; i < 63; i++)
		buf_printf(&text,
		    "  - { name: n%u, transport: udp, port: %u }\n", i,
		    100 + i);
	buf_str(&text, "mail: { server: \"smtp://x\", from: a@b }\nsite: {}\n");
	b = parse(buf_cstr(&text));
	ok(changes_find(a, b, &c) == 0 && c.n == CHANGES_MAX && c.more == 1,
	    "what is too much to name is counted");
	changes_words(&c, &words);
	ok(strstr(buf_cstr(&words), " changes=65") != NULL, "and said");
	ok(c.v[0].line == 4 && strcmp(c.v[0].key, "listeners[n0]") == 0,
	    "each with its line");
	ok(!c.v[CHANGES_MAX - 1].restart, "here none needs a start");
	site_free(b);
	buf_str(&text, "user: other\n");
	b = parse(buf_cstr(&text));
	ok(changes_find(a, b, &c) == 0 && c.n == CHANGES_MAX &&
		c.v[CHANGES_MAX - 1].restart,
	    "what needs a start is named in any case");
	ok(changes_have(&c, "listeners") && changes_have(&c, "anything"),
	    "and what was not named may be anything");
	buf_fini(&text);
	buf_fini(&words);
	site_free(a);
	site_free(b);
}

int
main(void)
{
	size_t i, n = sizeof(rows) / sizeof(rows[0]);

	for (i = 0; i < n; i++)
		row(i);
	many();
	return done();
}

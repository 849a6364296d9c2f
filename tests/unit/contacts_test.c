/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/case/contacts.h"
#include "common/log.h"
#include "tests/tap.h"

static const char good[] =
    "people:\n"
    "  - {id: it, name: 山田, role: 担当, mail: it@clinic.example, "
    "phone: '210'}\n"
    "  - {id: boss, name: 院長, command: yes}\n"
    "tree:\n"
    "  serious: {order: [it, boss], answer_min: 10}\n"
    "  critical: {order: [boss, it], answer_min: 5, repeat: yes}\n";

#define PEOPLE "people: [{id: a, mail: a@b.example}]\n"

/* Each is refused at that line with those words. */
static const struct {
	const char *name, *text;
	unsigned line;
	const char *what;
} bad[] = {
	{ "not a map", "[]\n", 1, "people" },
	{ "no people", "tree: {}\n", 0, "people" },
	{ "no tree", PEOPLE, 0, "tree" },
	{ "an unknown key", PEOPLE "tree: {}\nfoo: 1\n", 3, "foo" },
	{ "an unknown person", PEOPLE "tree:\n  serious: {order: [b]}\n", 3,
	    "'b'" },
	{ "an unknown level", PEOPLE "tree:\n  loud: {order: [a]}\n", 3,
	    "loud" },
	{ "an id twice", "people: [{id: a}, {id: a}]\ntree: {}\n", 1, "twice" },
	{ "a person without id", "people: [{name: x}]\ntree: {}\n", 1, "id" },
	{ "two addresses",
	    "people: [{id: a, mail: 'a@b.example, c@d.example'}]\ntree: {}\n",
	    1, "mail address" },
	{ "a line end in an address",
	    "people: [{id: a, mail: \"a@b.example\\nBcc: x@y\"}]\ntree: {}\n",
	    1, "mail address" },
	{ "no time to answer",
	    PEOPLE "tree:\n  serious: {order: [a], answer_min: 0}\n", 3,
	    "answer_min" },
	{ "hours that are none",
	    PEOPLE "tree:\n  serious: {order: [a], hours: late}\n", 3,
	    "business" },
	{ "a list in a list in a list",
	    PEOPLE "tree:\n  serious: {order: [[[a]]]}\n", 3, "no person" },
	{ "an unknown person of deadlines",
	    PEOPLE "tree: {}\ndeadlines: [x]\n", 3, "'x'" },
	{ "somebody outside without a name",
	    PEOPLE "tree: {}\noutside: [{phone: '1'}]\n", 3, "name" },
	{ "an unknown key of somebody outside",
	    PEOPLE "tree: {}\noutside: [{name: x, fax: 1}]\n", 3, "fax" },
	{ "a person's unknown key", "people: [{id: a, fax: 1}]\ntree: {}\n", 1,
	    "fax" },
};

static struct contacts c;

static const struct contacts_ladder *
day(enum casebook_severity s)
{
	return &c.level[s].ladder[CONTACTS_DAY];
}

static const char more[] =
    "people: [{id: a, webhook: yes, other: PHS 1, hours: 夜間}, {id: b}, "
    "{id: d}]\n"
    "tree:\n"
    "  warning: {order: [a], hours: business}\n"
    "  serious: {order: [a, [b, d]], night: [d]}\n"
    "  critical: {order: [[a, b], d], night: [a], closed: [b]}\n"
    "deadlines: [d]\n"
    "outside:\n"
    "  - {name: 県警, phone: ××-××××-××××, tells: 院長}\n";

static void
further(struct arena *arena)
{
	const struct contacts_ladder *l;
	struct yaml_error err;

	ok(contacts_parse(span_str(more), "c.yml", 60, arena, &c, &err) == 0,
	    "a tree with all there is is read: %s", err.what);
	l = day(CASEBOOK_SERIOUS);
	ok(l->n == 3 && !l->with[0] && !l->with[1] && l->with[2],
	    "two are told together");
	l = c.level[CASEBOOK_SERIOUS].ladder;
	ok(l[CONTACTS_NIGHT].n == 1 && l[CONTACTS_NIGHT].order[0] == 2 &&
		l[CONTACTS_CLOSED].order[0] == 2,
	    "others at night, and on closed days the same");
	l = c.level[CASEBOOK_CRITICAL].ladder;
	ok(l[CONTACTS_CLOSED].order[0] == 1, "unless they say so");
	ok(c.level[CASEBOOK_WARNING].business &&
		!c.level[CASEBOOK_SERIOUS].business,
	    "one level waits for hours of business");
	ok(c.n_deadlines == 1 && c.deadlines[0] == 2,
	    "who is reminded of deadlines");
	ok(c.people[0].webhook && strcmp(c.people[0].other, "PHS 1") == 0,
	    "other ways to reach somebody");
	ok(c.n_outside == 1 && contacts_is_blank(c.outside[0].phone),
	    "somebody outside whose number is not filled in");
	ok(contacts_is_blank("") && contacts_is_blank("〇〇@〇〇") &&
		contacts_is_blank("****") && contacts_is_blank(" 未定"),
	    "other signs of a form");
	ok(!contacts_is_blank("03-6812-7837") && !contacts_is_blank("内線 210"),
	    "a number is none");
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct yaml_error err;
	size_t i;

	log_set_lang("en");
	ok(contacts_parse(span_str(good), "c.yml", 60, arena, &c, &err) == 0,
	    "a contact tree is read");
	ok(c.n_people == 2 &&
		strcmp(c.people[0].mail, "it@clinic.example") == 0 &&
		c.people[1].command && !c.people[0].command,
	    "with its people");
	ok(day(CASEBOOK_SERIOUS)->n == 2 &&
		c.level[CASEBOOK_SERIOUS].answer_min == 10 &&
		!c.level[CASEBOOK_SERIOUS].repeat,
	    "and its levels");
	ok(day(CASEBOOK_CRITICAL)->order[0] == 1 &&
		c.level[CASEBOOK_CRITICAL].repeat,
	    "in their order");
	ok(day(CASEBOOK_WARNING)->n == 0 &&
		c.level[CASEBOOK_WARNING].answer_min == 60,
	    "a level that is not named tells nobody");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ok(contacts_parse(span_str(bad[i].text), "c.yml", 60, arena, &c,
		       &err) == -1,
		    "%s is refused", bad[i].name);
		ok(err.line == bad[i].line &&
			strstr(err.what, bad[i].what) != NULL,
		    "at line %u: %s", err.line, err.what);
	}
	further(arena);
	arena_free(arena);
	return done();
}

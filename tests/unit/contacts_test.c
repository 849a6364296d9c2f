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
	{ "a person's unknown key", "people: [{id: a, fax: 1}]\ntree: {}\n", 1,
	    "fax" },
};

int
main(void)
{
	struct arena *arena = arena_new();
	struct yaml_error err;
	struct contacts c;
	size_t i;

	log_set_lang("en");
	ok(contacts_parse(span_str(good), "c.yml", 60, arena, &c, &err) == 0,
	    "a contact tree is read");
	ok(c.n_people == 2 &&
		strcmp(c.people[0].mail, "it@clinic.example") == 0 &&
		c.people[1].command && !c.people[0].command,
	    "with its people");
	ok(c.level[CASEBOOK_SERIOUS].n == 2 &&
		c.level[CASEBOOK_SERIOUS].answer_min == 10 &&
		!c.level[CASEBOOK_SERIOUS].repeat,
	    "and its levels");
	ok(c.level[CASEBOOK_CRITICAL].order[0] == 1 &&
		c.level[CASEBOOK_CRITICAL].repeat,
	    "in their order");
	ok(c.level[CASEBOOK_WARNING].n == 0 &&
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
	arena_free(arena);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_CONTACTS_H
#define ANALYZER_CASE_CONTACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "analyzer/case/casebook.h"
#include "common/arena.h"
#include "common/yaml.h"

/*
 * The contact tree (連絡体制): who is told, in which order, and how long an
 * answer may take, from contacts.yml of the site.
 */
#define CONTACTS_PEOPLE_MAX 64u
#define CONTACTS_STEPS_MAX 16u

struct contacts_person {
	const char *id; /* used in the tree and in the casebook */
	const char *name, *role, *phone; /* for people; may be "" */
	const char *mail;		 /* address, or "": not by mail */
	bool command;			 /* by the command channel too */
};

struct contacts_level {			  /* for one severity */
	size_t order[CONTACTS_STEPS_MAX]; /* positions in people */
	size_t n;
	unsigned answer_min; /* minutes until the next is told */
	bool repeat;	     /* begin anew after the last */
};

struct contacts {
	struct contacts_person *people;
	size_t n_people;
	struct contacts_level level[CASEBOOK_CRITICAL + 1];
};

/*
 * Load contacts.yml.  Return 0, or -1 and *err with the place.  default_min
 * stands in where a level does not say how long an answer may take.
 */
int contacts_load(const char *path, unsigned default_min, struct arena *arena,
    struct contacts *c, struct yaml_error *err);

/* As contacts_load for bytes; name is for messages. */
int contacts_parse(struct span text, const char *name, unsigned default_min,
    struct arena *arena, struct contacts *c, struct yaml_error *err);

/* The person of that id, or NULL. */
const struct contacts_person *contacts_person(const struct contacts *c,
    const char *id);

#endif

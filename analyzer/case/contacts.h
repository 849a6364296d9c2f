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
 * answer may take, from contacts.yml of the site; and those outside whom the
 * executives tell, who stand on the call sheet and are never told by konseki.
 */
#define CONTACTS_PEOPLE_MAX 64u
#define CONTACTS_STEPS_MAX 16u
#define CONTACTS_OUTSIDE_MAX 64u

struct contacts_person {
	const char *id; /* used in the tree and in the casebook */
	const char *name, *role, *phone; /* for people; may be "" */
	const char *mail;		 /* address, or "": not by mail */
	bool command;			 /* by the command channel too */
	bool webhook;			 /* by the web channel too */
	const char *other, *hours; /* other ways (PHS, fax), when; or "" */
};

/* An office, vendor or adviser outside the hospital. */
struct contacts_outside {
	const char *name, *phone, *mail; /* phone and mail may be "" */
	const char *purpose, *hours;	 /* may be "" */
	const char *confirmed;		 /* day it was last checked, or "" */
	const char *tells; /* who of the hospital calls them, or "" */
};

/* When it is at the site: hours of business, other hours of a day that has
 * some, a day without. */
enum contacts_when {
	CONTACTS_DAY,
	CONTACTS_NIGHT,
	CONTACTS_CLOSED,
	CONTACTS_WHEN_COUNT
};

struct contacts_ladder {
	size_t order[CONTACTS_STEPS_MAX]; /* positions in people */
	bool with[CONTACTS_STEPS_MAX];	  /* together with the one before */
	size_t n;
};

struct contacts_level { /* for one severity */
	struct contacts_ladder ladder[CONTACTS_WHEN_COUNT];
	unsigned answer_min; /* minutes until the next is told */
	bool repeat;	     /* begin anew after the last */
	bool business;	     /* only in hours of business; else it waits */
};

struct contacts {
	struct contacts_person *people;
	size_t n_people;
	struct contacts_level level[CASEBOOK_CRITICAL + 1];
	size_t deadlines[CONTACTS_STEPS_MAX]; /* who is reminded of them */
	size_t n_deadlines;
	struct contacts_outside *outside;
	size_t n_outside;
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

/*
 * Whether what should be a number or a name is none yet: empty, or the sign of
 * a form to fill in (××-××××-××××, ○○, 未定, ****).
 */
bool contacts_is_blank(const char *text);

/* The person of that id, or NULL. */
const struct contacts_person *contacts_person(const struct contacts *c,
    const char *id);

#endif

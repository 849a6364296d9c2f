/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/case/contacts_file.h"
#include "common/log.h"
#include "common/num.h"

/* contacts.yml: who is told at which severity, and when. */
#define ANSWER_MIN_MAX 1440u /* a day */

/* The position of the person of that id; CONTACTS_PEOPLE_MAX and *err. */
static size_t
person(struct contacts_file *l, const struct yaml_node *v)
{
	const struct contacts_person *p = v->kind == YAML_SCALAR
	    ? contacts_person(l->c, (const char *)v->text.p)
	    : NULL;

	if (p != NULL)
		return (size_t)(p - l->c->people);
	(void)yaml_fail(l->err, l->file, v,
	    tr("no person in 'people' has the id '%s'",
		"「people」に id「%s」の担当者がいません"),
	    v->kind == YAML_SCALAR ? (const char *)v->text.p : "");
	return CONTACTS_PEOPLE_MAX;
}

static int
too_many(struct contacts_file *l, const struct yaml_node *n)
{
	return yaml_fail(l->err, l->file, n,
	    tr("'%s' is a list of at most %u ids",
		"「%s」は id の一覧です（最大%u件）"),
	    n->key.p == NULL ? "" : (const char *)n->key.p,
	    CONTACTS_STEPS_MAX);
}

/* One after the other; those of a list within it together. */
static int
load_order(struct contacts_file *l, const struct yaml_node *n,
    struct contacts_ladder *ladder)
{
	const struct yaml_node *v, *w;
	size_t at;

	if (n->kind != YAML_SEQ)
		return too_many(l, n);
	for (v = n->first; v != NULL; v = v->next) {
		w = v->kind == YAML_SEQ ? v->first : v;
		for (; w != NULL; w = v->kind == YAML_SEQ ? w->next : NULL) {
			if (ladder->n == CONTACTS_STEPS_MAX)
				return too_many(l, n);
			if ((at = person(l, w)) == CONTACTS_PEOPLE_MAX)
				return -1;
			ladder->with[ladder->n] =
			    v->kind == YAML_SEQ && w != v->first;
			ladder->order[ladder->n++] = at;
		}
	}
	return 0;
}

static int
load_minutes(struct contacts_file *l, const struct yaml_node *v,
    struct contacts_level *level)
{
	uint64_t min;

	if (v->kind != YAML_SCALAR ||
	    num_parse(v->text, ANSWER_MIN_MAX, &min) != 0 || min == 0)
		return yaml_fail(l->err, l->file, v,
		    tr("'answer_min' is 1 to %u minutes",
			"「answer_min」は1〜%u分です"),
		    ANSWER_MIN_MAX);
	level->answer_min = (unsigned)min;
	return 0;
}

static int
load_hours(struct contacts_file *l, const struct yaml_node *v,
    struct contacts_level *level)
{
	level->business = v->kind == YAML_SCALAR &&
	    span_is(v->text, "business");
	if (level->business ||
	    (v->kind == YAML_SCALAR && span_is(v->text, "any")))
		return 0;
	return yaml_fail(l->err, l->file, v, "%s",
	    tr("'hours' is business (it waits for them) or any",
		"「hours」は business（業務時間まで待つ）か any です"));
}

/* One key of a level. */
static int
level_key(struct contacts_file *l, const struct yaml_node *v,
    struct contacts_level *level)
{
	static const char *const orders[CONTACTS_WHEN_COUNT] = { "order",
		"night", "closed" };
	size_t i;

	for (i = 0; i < CONTACTS_WHEN_COUNT; i++)
		if (span_is(v->key, orders[i]))
			return load_order(l, v, &level->ladder[i]);
	if (span_is(v->key, "answer_min"))
		return load_minutes(l, v, level);
	if (span_is(v->key, "hours"))
		return load_hours(l, v, level);
	if (!span_is(v->key, "repeat"))
		return yaml_fail(l->err, l->file, v,
		    tr("unknown key '%s'; a level has order, night, closed, "
		       "hours, answer_min, repeat",
			"「%s」というキーはありません。使えるのは order, "
			"night, closed, hours, answer_min, repeat です"),
		    (const char *)v->key.p);
	if (yaml_bool(v, &level->repeat) != 0)
		return yaml_fail(l->err, l->file, v, "%s",
		    tr("'repeat' is yes or no", "「repeat」は yes か no です"));
	return 0;
}

/* At night the others are told who stand there, else those of the day; on
 * closed days those of the night. */
static int
load_level(struct contacts_file *l, const struct yaml_node *n,
    struct contacts_level *level)
{
	struct contacts_ladder *ladder = level->ladder;
	const struct yaml_node *v;

	for (v = n->first; v != NULL; v = v->next)
		if (level_key(l, v, level) != 0)
			return -1;
	if (yaml_get(n, "night") == NULL)
		ladder[CONTACTS_NIGHT] = ladder[CONTACTS_DAY];
	if (yaml_get(n, "closed") == NULL)
		ladder[CONTACTS_CLOSED] = ladder[CONTACTS_NIGHT];
	return 0;
}

static int
load_tree(struct contacts_file *l, const struct yaml_node *n)
{
	const struct yaml_node *v;
	size_t i;

	if (n == NULL || n->kind != YAML_MAP)
		return yaml_fail(l->err, l->file, n, "%s",
		    tr("'tree' is missing: who is told at which severity",
			"「tree」（重大度ごとの連絡順）がありません"));
	for (v = n->first; v != NULL; v = v->next) {
		for (i = 0; i <= CASEBOOK_CRITICAL; i++)
			if (span_is(v->key,
				casebook_severity_word(
				    (enum casebook_severity)i)))
				break;
		if (i > CASEBOOK_CRITICAL || v->kind != YAML_MAP)
			return yaml_fail(l->err, l->file, v,
			    tr("'%s' is no level; levels are info, notice, "
			       "warning, serious, critical",
				"「%s」という重大度はありません。使えるのは "
				"info, notice, warning, serious, critical "
				"です"),
			    (const char *)v->key.p);
		if (load_level(l, v, &l->c->level[i]) != 0)
			return -1;
	}
	return 0;
}

/* Who is reminded of deadlines: those named, else whom what is critical
 * reaches. */
static int
load_deadlines(struct contacts_file *l, const struct yaml_node *n)
{
	const struct contacts_ladder *d =
	    &l->c->level[CASEBOOK_CRITICAL].ladder[CONTACTS_DAY];
	struct contacts_ladder named = { .n = 0 };

	if (n != NULL) {
		if (load_order(l, n, &named) != 0)
			return -1;
		d = &named;
	}
	memcpy(l->c->deadlines, d->order, sizeof(d->order));
	l->c->n_deadlines = d->n;
	return 0;
}

int
contacts_file_tree(struct contacts_file *l, const struct yaml_node *root)
{
	return load_tree(l, yaml_get(root, "tree")) != 0 ||
		load_deadlines(l, yaml_get(root, "deadlines")) != 0
	    ? -1
	    : 0;
}

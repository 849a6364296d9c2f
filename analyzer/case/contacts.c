/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/contacts.h"

#include <string.h>

#include "common/log.h"
#include "common/num.h"

#define ANSWER_MIN_MAX 1440u /* a day */

struct load {
	const char *file;
	struct arena *arena;
	struct contacts *c;
	struct yaml_error *err;
};

static int
person_key(struct load *l, const struct yaml_node *v, struct contacts_person *p)
{
	if (v->kind != YAML_SCALAR)
		return yaml_fail(l->err, l->file, v,
		    tr("'%s' takes one value", "「%s」の値は1つです"),
		    (const char *)v->key.p);
	if (span_is(v->key, "id"))
		p->id = arena_str(l->arena, v->text);
	else if (span_is(v->key, "name"))
		p->name = arena_str(l->arena, v->text);
	else if (span_is(v->key, "role"))
		p->role = arena_str(l->arena, v->text);
	else if (span_is(v->key, "phone"))
		p->phone = arena_str(l->arena, v->text);
	else if (span_is(v->key, "mail"))
		p->mail = arena_str(l->arena, v->text);
	else if (span_is(v->key, "command")) {
		if (yaml_bool(v, &p->command) != 0)
			return yaml_fail(l->err, l->file, v, "%s",
			    tr("'command' is yes or no",
				"「command」は yes か no です"));
	} else
		return yaml_fail(l->err, l->file, v,
		    tr("unknown key '%s'; a person has id, name, role, phone, "
		       "mail, command",
			"「%s」というキーはありません。使えるのは id, name, "
			"role, phone, mail, command です"),
		    (const char *)v->key.p);
	return 0;
}

/* A line end in an address or a name would reach the head of a mail. */
static bool
is_one_line(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

static int
load_person(struct load *l, const struct yaml_node *n)
{
	struct contacts_person p = { "", "", "", "", "", false };
	const struct yaml_node *v;

	if (n->kind != YAML_MAP)
		return yaml_fail(l->err, l->file, n, "%s",
		    tr("a person is {id: ..., name: ..., mail: ...}",
			"担当者は {id: ..., name: ..., mail: ...} の形です"));
	for (v = n->first; v != NULL; v = v->next)
		if (person_key(l, v, &p) != 0)
			return -1;
	if (*p.id == '\0')
		return yaml_fail(l->err, l->file, n, "%s",
		    tr("this person has no id", "id がありません"));
	if (contacts_person(l->c, p.id) != NULL)
		return yaml_fail(l->err, l->file, n,
		    tr("the id '%s' is used twice", "id「%s」が重複しています"),
		    p.id);
	if (!is_one_line(p.id) || !is_one_line(p.name) ||
	    !is_one_line(p.mail) || strpbrk(p.mail, " <>,;\"") != NULL ||
	    (*p.mail != '\0' && strchr(p.mail, '@') == NULL))
		return yaml_fail(l->err, l->file, n,
		    tr("'%s' is not one mail address on one line",
			"「%s」は1行・1件のメールアドレスではありません"),
		    p.mail);
	l->c->people[l->c->n_people++] = p;
	return 0;
}

static int
load_people(struct load *l, const struct yaml_node *n)
{
	const struct yaml_node *v;

	if (n == NULL || n->kind != YAML_SEQ || n->n == 0 ||
	    n->n > CONTACTS_PEOPLE_MAX)
		return yaml_fail(l->err, l->file, n,
		    tr("'people' must list 1 to %u persons",
			"「people」に担当者を1〜%u人書いてください"),
		    CONTACTS_PEOPLE_MAX);
	l->c->people = arena_alloc(l->arena, n->n * sizeof(*l->c->people));
	for (v = n->first; v != NULL; v = v->next)
		if (load_person(l, v) != 0)
			return -1;
	return 0;
}

static int
load_order(struct load *l, const struct yaml_node *n,
    struct contacts_level *level)
{
	const struct contacts_person *p;
	const struct yaml_node *v;

	if (n->kind != YAML_SEQ || n->n > CONTACTS_STEPS_MAX)
		return yaml_fail(l->err, l->file, n,
		    tr("'order' is a list of at most %u ids",
			"「order」は id の一覧です（最大%u件）"),
		    CONTACTS_STEPS_MAX);
	for (v = n->first; v != NULL; v = v->next) {
		p = v->kind == YAML_SCALAR
		    ? contacts_person(l->c, (const char *)v->text.p)
		    : NULL;
		if (p == NULL)
			return yaml_fail(l->err, l->file, v,
			    tr("no person in 'people' has the id '%s'",
				"「people」に id「%s」の担当者がいません"),
			    v->kind == YAML_SCALAR ? (const char *)v->text.p
						   : "");
		level->order[level->n++] = (size_t)(p - l->c->people);
	}
	return 0;
}

static int
load_level(struct load *l, const struct yaml_node *n,
    struct contacts_level *level)
{
	const struct yaml_node *v;
	uint64_t min;

	for (v = n->first; v != NULL; v = v->next) {
		if (span_is(v->key, "order")) {
			if (load_order(l, v, level) != 0)
				return -1;
		} else if (span_is(v->key, "answer_min")) {
			if (v->kind != YAML_SCALAR ||
			    num_parse(v->text, ANSWER_MIN_MAX, &min) != 0 ||
			    min == 0)
				return yaml_fail(l->err, l->file, v,
				    tr("'answer_min' is 1 to %u minutes",
					"「answer_min」は1〜%u分です"),
				    ANSWER_MIN_MAX);
			level->answer_min = (unsigned)min;
		} else if (span_is(v->key, "repeat")) {
			if (yaml_bool(v, &level->repeat) != 0)
				return yaml_fail(l->err, l->file, v, "%s",
				    tr("'repeat' is yes or no",
					"「repeat」は yes か no です"));
		} else
			return yaml_fail(l->err, l->file, v,
			    tr("unknown key '%s'; a level has order, "
			       "answer_min, repeat",
				"「%s」というキーはありません。使えるのは "
				"order, answer_min, repeat です"),
			    (const char *)v->key.p);
	}
	return 0;
}

static int
load_tree(struct load *l, const struct yaml_node *n)
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

static int
load(struct load *l, const struct yaml_node *root, unsigned default_min)
{
	const struct yaml_node *v;
	size_t i;

	*l->c = (struct contacts){ 0 };
	for (i = 0; i <= CASEBOOK_CRITICAL; i++)
		l->c->level[i].answer_min = default_min;
	if (root->kind != YAML_MAP)
		return yaml_fail(l->err, l->file, root, "%s",
		    tr("a contact tree has 'people' and 'tree'",
			"連絡体制には「people」と「tree」を書きます"));
	for (v = root->first; v != NULL; v = v->next)
		if (!span_is(v->key, "people") && !span_is(v->key, "tree"))
			return yaml_fail(l->err, l->file, v,
			    tr("unknown key '%s'; there are people and tree",
				"「%s」というキーはありません。使えるのは "
				"people と tree です"),
			    (const char *)v->key.p);
	if (load_people(l, yaml_get(root, "people")) != 0)
		return -1;
	return load_tree(l, yaml_get(root, "tree"));
}

int
contacts_parse(struct span text, const char *name, unsigned default_min,
    struct arena *arena, struct contacts *c, struct yaml_error *err)
{
	struct load l = { name, arena, c, err };
	const struct yaml_node *root = yaml_parse(text, name, arena, err);

	return root == NULL ? -1 : load(&l, root, default_min);
}

int
contacts_load(const char *path, unsigned default_min, struct arena *arena,
    struct contacts *c, struct yaml_error *err)
{
	struct load l = { path, arena, c, err };
	const struct yaml_node *root = yaml_load(path, arena, err);

	return root == NULL ? -1 : load(&l, root, default_min);
}

const struct contacts_person *
contacts_person(const struct contacts *c, const char *id)
{
	size_t i;

	for (i = 0; i < c->n_people; i++)
		if (strcmp(c->people[i].id, id) == 0)
			return &c->people[i];
	return NULL;
}

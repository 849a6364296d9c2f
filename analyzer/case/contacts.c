/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/contacts_file.h"

#include <string.h>

#include "common/log.h"

/* A key whose value is a text, and where it goes. */
struct text_key {
	const char *key;
	const char **to;
};

/* 1 it is one of them, 0 it is none, -1 and *err. */
static int
take_text(struct contacts_file *l, const struct yaml_node *v,
    const struct text_key *keys, size_t n)
{
	size_t i;

	if (v->kind != YAML_SCALAR)
		return yaml_fail(l->err, l->file, v,
		    tr("'%s' takes one value", "「%s」の値は1つです"),
		    (const char *)v->key.p);
	for (i = 0; i < n; i++)
		if (span_is(v->key, keys[i].key)) {
			*keys[i].to = arena_str(l->arena, v->text);
			return 1;
		}
	return 0;
}

static int
person_key(struct contacts_file *l, const struct yaml_node *v,
    struct contacts_person *p)
{
	const struct text_key keys[] = { { "id", &p->id },
		{ "name", &p->name }, { "role", &p->role },
		{ "phone", &p->phone }, { "mail", &p->mail },
		{ "other", &p->other }, { "hours", &p->hours } };
	int rc = take_text(l, v, keys, sizeof(keys) / sizeof(keys[0]));
	bool *flag = span_is(v->key, "command") ? &p->command
	    : span_is(v->key, "webhook")	? &p->webhook
						: NULL;

	if (rc != 0)
		return rc > 0 ? 0 : -1;
	if (flag == NULL)
		return yaml_fail(l->err, l->file, v,
		    tr("unknown key '%s'; a person has id, name, role, phone, "
		       "mail, other, hours, command, webhook",
			"「%s」というキーはありません。使えるのは id, name, "
			"role, phone, mail, other, hours, command, webhook "
			"です"),
		    (const char *)v->key.p);
	if (yaml_bool(v, flag) != 0)
		return yaml_fail(l->err, l->file, v,
		    tr("'%s' is yes or no", "「%s」は yes か no です"),
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
load_person(struct contacts_file *l, const struct yaml_node *n)
{
	struct contacts_person p = { .id = "",
		.name = "",
		.role = "",
		.phone = "",
		.mail = "",
		.other = "",
		.hours = "" };
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
	    !is_one_line(p.role) || !is_one_line(p.mail) ||
	    strpbrk(p.mail, " <>,;\"") != NULL ||
	    (*p.mail != '\0' && strchr(p.mail, '@') == NULL))
		return yaml_fail(l->err, l->file, n,
		    tr("'%s' is not one mail address on one line",
			"「%s」は1行・1件のメールアドレスではありません"),
		    p.mail);
	l->c->people[l->c->n_people++] = p;
	return 0;
}

static int
load_people(struct contacts_file *l, const struct yaml_node *n)
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

/* ---- those outside ---- */

static int
load_outsider(struct contacts_file *l, const struct yaml_node *n)
{
	struct contacts_outside o = { "", "", "", "", "", "", "" };
	const struct text_key keys[] = { { "name", &o.name },
		{ "phone", &o.phone }, { "mail", &o.mail },
		{ "purpose", &o.purpose }, { "hours", &o.hours },
		{ "confirmed", &o.confirmed }, { "tells", &o.tells } };
	const struct yaml_node *v;
	int rc;

	if (n->kind != YAML_MAP)
		return yaml_fail(l->err, l->file, n, "%s",
		    tr("somebody outside is {name: ..., phone: ...}",
			"外部の連絡先は {name: ..., phone: ...} の形です"));
	for (v = n->first; v != NULL; v = v->next) {
		rc = take_text(l, v, keys, sizeof(keys) / sizeof(keys[0]));
		if (rc == 0)
			rc = yaml_fail(l->err, l->file, v,
			    tr("unknown key '%s'; somebody outside has name, "
			       "phone, mail, purpose, hours, confirmed, tells",
				"「%s」というキーはありません。使えるのは "
				"name, phone, mail, purpose, hours, confirmed, "
				"tells です"),
			    (const char *)v->key.p);
		if (rc < 0)
			return -1;
	}
	if (*o.name == '\0' || !is_one_line(o.name))
		return yaml_fail(l->err, l->file, n, "%s",
		    tr("this one has no name of one line",
			"1行の name がありません"));
	l->c->outside[l->c->n_outside++] = o;
	return 0;
}

static int
load_outside(struct contacts_file *l, const struct yaml_node *n)
{
	const struct yaml_node *v;

	if (n == NULL)
		return 0;
	if (n->kind != YAML_SEQ || n->n > CONTACTS_OUTSIDE_MAX)
		return yaml_fail(l->err, l->file, n,
		    tr("'outside' is a list of at most %u",
			"「outside」は%u件までの一覧です"),
		    CONTACTS_OUTSIDE_MAX);
	l->c->outside =
	    arena_alloc(l->arena, (n->n + 1) * sizeof(*l->c->outside));
	for (v = n->first; v != NULL; v = v->next)
		if (load_outsider(l, v) != 0)
			return -1;
	return 0;
}

/* ---- the file ---- */

static int
check_keys(struct contacts_file *l, const struct yaml_node *root)
{
	static const char *const known[] = { "people", "tree", "deadlines",
		"outside" };
	const struct yaml_node *v;
	size_t i;

	for (v = root->first; v != NULL; v = v->next) {
		for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (span_is(v->key, known[i]))
				break;
		if (i == sizeof(known) / sizeof(known[0]))
			return yaml_fail(l->err, l->file, v,
			    tr("unknown key '%s'; there are people, tree, "
			       "deadlines and outside",
				"「%s」というキーはありません。使えるのは "
				"people, tree, deadlines, outside です"),
			    (const char *)v->key.p);
	}
	return 0;
}

static int
load(struct contacts_file *l, const struct yaml_node *root,
    unsigned default_min)
{
	size_t i;

	*l->c = (struct contacts){ 0 };
	for (i = 0; i <= CASEBOOK_CRITICAL; i++)
		l->c->level[i].answer_min = default_min;
	if (root->kind != YAML_MAP)
		return yaml_fail(l->err, l->file, root, "%s",
		    tr("a contact tree has 'people' and 'tree'",
			"連絡体制には「people」と「tree」を書きます"));
	if (check_keys(l, root) != 0 ||
	    load_people(l, yaml_get(root, "people")) != 0 ||
	    load_outside(l, yaml_get(root, "outside")) != 0)
		return -1;
	return contacts_file_tree(l, root);
}

int
contacts_parse(struct span text, const char *name, unsigned default_min,
    struct arena *arena, struct contacts *c, struct yaml_error *err)
{
	struct contacts_file l = { name, arena, c, err };
	const struct yaml_node *root = yaml_parse(text, name, arena, err);

	return root == NULL ? -1 : load(&l, root, default_min);
}

int
contacts_load(const char *path, unsigned default_min, struct arena *arena,
    struct contacts *c, struct yaml_error *err)
{
	struct contacts_file l = { path, arena, c, err };
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

bool
contacts_is_blank(const char *text)
{
	static const char *const signs[] = { "×", "✕", "○", "〇", "●",
		"＊", "未定", "未記入", "xx", "XX", "**" };
	size_t i;

	while (*text == ' ')
		text++;
	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strstr(text, signs[i]) != NULL)
			return true;
	return *text == '\0';
}

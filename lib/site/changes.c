/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The files are compared, not the structs that they were read into: a key that
 * is added to the table some day is then compared without a word here.
 */
#include "site/changes.h"

#include <stdio.h>
#include <string.h>

#include "evidence/record.h"

/* Keys whose change needs the collector to begin anew. */
static const char *const restart[] = {
#define CHANGE_RESTART(name, why) name,
#include "site/changes_tbl.h"
#undef CHANGE_RESTART
};

static bool
is_below(const char *key, const char *name)
{
	size_t len = strlen(name);

	return strncmp(key, name, len) == 0 &&
	    (key[len] == '\0' || key[len] == '.' || key[len] == '[');
}

static void
add(struct changes *c, const char *key, const struct yaml_node *at)
{
	struct change *v;
	bool begin = false;
	size_t i;

	for (i = 0; i < sizeof(restart) / sizeof(restart[0]); i++)
		begin = begin || is_below(key, restart[i]);
	if (c->n == CHANGES_MAX)
		c->more++;
	if (c->n == CHANGES_MAX && !begin)
		return;
	/* What needs a start is named in any case. */
	v = &c->v[c->n < CHANGES_MAX ? c->n++ : CHANGES_MAX - 1];
	snprintf(v->key, sizeof(v->key), "%s", key);
	v->line = at == NULL ? 0 : at->line;
	v->restart = begin;
}

static bool
same(const struct yaml_node *a, const struct yaml_node *b)
{
	if (a->kind != b->kind || a->n != b->n || !span_eq(a->key, b->key) ||
	    (a->kind == YAML_SCALAR && !span_eq(a->text, b->text)))
		return false;
	for (a = a->first, b = b->first; a != NULL; a = a->next, b = b->next)
		if (!same(a, b))
			return false;
	return true;
}

/* The name of an item of a list, or an empty span. */
static struct span
name_of(const struct yaml_node *item)
{
	const struct yaml_node *n =
	    item->kind == YAML_MAP ? yaml_get(item, "name") : NULL;

	return n == NULL || n->kind != YAML_SCALAR ? span_make(NULL, 0)
						   : n->text;
}

/* The child of other that stands for this one, or NULL. */
static const struct yaml_node *
counterpart(const struct yaml_node *child, const struct yaml_node *other)
{
	const struct yaml_node *n;

	for (n = other->first; n != NULL; n = n->next)
		if (other->kind == YAML_MAP
			? span_eq(n->key, child->key)
			: span_eq(name_of(n), name_of(child)))
			return n;
	return NULL;
}

/* Whether a list is compared item by item: all of them have names. */
static bool
has_names(const struct yaml_node *list)
{
	const struct yaml_node *n;

	for (n = list->first; n != NULL; n = n->next)
		if (name_of(n).len == 0)
			return false;
	return true;
}

static void
child_key(char *out, const char *key, const struct yaml_node *parent,
    const struct yaml_node *child)
{
	struct span s = parent->kind == YAML_MAP ? child->key : name_of(child);

	if (parent->kind == YAML_MAP)
		snprintf(out, CHANGE_KEY, "%s%s%.*s", key,
		    *key == '\0' ? "" : ".", (int)s.len, (const char *)s.p);
	else
		snprintf(out, CHANGE_KEY, "%s[%.*s]", key, (int)s.len,
		    (const char *)s.p);
}

static void
compare(struct changes *c, const char *key, const struct yaml_node *a,
    const struct yaml_node *b)
{
	static const struct yaml_node none = { .kind = YAML_MAP };
	const struct yaml_node *n, *o;
	char below[CHANGE_KEY];
	bool map = a->kind == YAML_MAP; /* a key of a map that is not there */

	if (a->kind != b->kind || a->kind == YAML_SCALAR ||
	    (a->kind == YAML_SEQ && (!has_names(a) || !has_names(b)))) {
		if (!same(a, b))
			add(c, key, b);
		return;
	}
	for (n = a->first; n != NULL; n = n->next) {
		child_key(below, key, a, n);
		o = counterpart(n, b);
		if (o == NULL && map && n->kind == YAML_MAP)
			o = &none;
		if (o == NULL)
			add(c, below, NULL);
		else
			compare(c, below, n, o);
	}
	for (n = b->first; n != NULL; n = n->next) {
		child_key(below, key, b, n);
		if (counterpart(n, a) != NULL)
			continue;
		if (map && n->kind == YAML_MAP)
			compare(c, below, &none, n);
		else
			add(c, below, n);
	}
}

int
changes_find(const struct site *before, const struct site *next,
    struct changes *out)
{
	struct arena *arena = arena_new();
	const struct yaml_node *a, *b;
	struct yaml_error err;
	int rc = -1;

	out->n = out->more = 0;
	a = yaml_parse(before->text, before->file, arena, &err);
	b = yaml_parse(next->text, next->file, arena, &err);
	if (a != NULL && b != NULL) {
		compare(out, "", a, b);
		rc = 0;
	}
	arena_free(arena);
	return rc;
}

bool
changes_have(const struct changes *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (is_below(c->v[i].key, name))
			return true;
	return c->more > 0;
}

void
changes_words(const struct changes *c, struct buf *out)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		record_word(out, "change", span_str(c->v[i].key));
	if (c->more > 0)
		record_word_u64(out, "changes", c->n + c->more);
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/placeholders.h"

#include <string.h>

#include "common/log.h"

struct entry {
	struct span name;
	struct placeholder values;
};

struct placeholders {
	struct entry *v;
	size_t n, cap;
	const struct placeholders *under;
};

static int
read_entry(const struct yaml_node *n, const char *file, struct arena *arena,
    struct entry *e, struct yaml_error *err)
{
	const struct yaml_node *v = n->kind == YAML_SEQ ? n->first : n;
	size_t cap = n->kind == YAML_SEQ ? n->n : 1;

	e->name = n->key;
	e->values.v = arena_alloc(arena, (cap + 1) * sizeof(*e->values.v));
	for (; v != NULL; v = n->kind == YAML_SEQ ? v->next : NULL) {
		if (v->kind != YAML_SCALAR)
			return yaml_fail(err, file, v,
			    tr("'%.*s' has a value or a list of values",
				"「%.*s」には値か値の一覧を書きます"),
			    (int)n->key.len, (const char *)n->key.p);
		e->values.v[e->values.n++] = v->text;
	}
	if (e->values.n > 0)
		return 0;
	return yaml_fail(err, file, n,
	    tr("an empty list fits nothing",
		"空の一覧は何にも一致しません"));
}

struct placeholders *
placeholders_parse(struct span text, const char *file, struct arena *arena,
    struct yaml_error *err)
{
	const struct yaml_node *map = yaml_parse(text, file, arena, err), *n;
	struct placeholders *ps = arena_alloc(arena, sizeof(*ps));

	if (map == NULL)
		return NULL;
	if (map->kind != YAML_MAP) {
		(void)yaml_fail(err, file, map,
		    tr("a map of names to lists of values is needed",
			"名前と値の一覧の対応表が必要です"));
		return NULL;
	}
	ps->v = arena_alloc(arena, (map->n + 1) * sizeof(*ps->v));
	for (n = map->first; n != NULL; n = n->next)
		if (read_entry(n, file, arena, &ps->v[ps->n++], err) == -1)
			return NULL;
	return ps;
}

struct placeholders *
placeholders_new(struct arena *arena)
{
	return arena_alloc(arena, sizeof(struct placeholders));
}

void
placeholders_add(struct placeholders *ps, struct span name, struct span *v,
    size_t n, struct arena *arena)
{
	struct entry *grown;

	if (ps->n == ps->cap) {
		ps->cap = ps->cap == 0 ? 32 : ps->cap * 2;
		grown = arena_alloc(arena, ps->cap * sizeof(*grown));
		if (ps->n > 0)
			memcpy(grown, ps->v, ps->n * sizeof(*grown));
		ps->v = grown;
	}
	ps->v[ps->n++] = (struct entry){ name, { v, n } };
}

void
placeholders_over(struct placeholders *ps, const struct placeholders *under)
{
	ps->under = under;
}

int
placeholders_get(const struct placeholders *ps, struct span name,
    struct placeholder *p)
{
	size_t i;

	for (; ps != NULL; ps = ps->under)
		for (i = 0; i < ps->n; i++)
			if (span_eq(ps->v[i].name, name)) {
				*p = ps->v[i].values;
				return 0;
			}
	return -1;
}

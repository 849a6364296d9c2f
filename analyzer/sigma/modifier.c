/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/modifier.h"

#include <stddef.h>

#include "common/log.h"

enum row_kind { ROW_PLACE, ROW_TEST, ROW_PART, ROW_CHANGE, ROW_FLAG };

static const struct row {
	const char *name;
	enum row_kind kind;
	size_t value; /* FLAG: where its member stands */
} rows[] = {
#define PLACE(name, id) { name, ROW_PLACE, PATTERN_##id },
#define TEST(name, id) { name, ROW_TEST, TEST_##id },
#define PART(name, id) { name, ROW_PART, PART_##id },
#define CHANGE(name, id) { name, ROW_CHANGE, CHANGE_##id },
#define FLAG(name, id) { name, ROW_FLAG, offsetof(struct modifiers, id) },
#include "analyzer/sigma/modifier_tbl.h"
#undef PLACE
#undef TEST
#undef PART
#undef CHANGE
#undef FLAG
};

static int
clash(const struct detection_reader *r, const struct yaml_node *n,
    struct span name)
{
	return DETECTION_FAIL(r, n,
	    tr("modifier '%.*s' contradicts another one beside it",
		"修飾子「%.*s」は並んでいる他の修飾子と一緒に使えません"),
	    (int)name.len, (const char *)name.p);
}

/* One modifier, as its row says; false: there is one such already. */
static bool
take(struct modifiers *m, const struct row *row)
{
	switch (row->kind) {
	case ROW_PLACE:
		if (m->placed)
			return false;
		m->placed = true;
		m->place = (enum pattern_place)row->value;
		return true;
	case ROW_TEST:
		if (m->kind != TEST_PATTERN)
			return false;
		m->kind = (enum test_kind)row->value;
		return true;
	case ROW_PART:
		if (m->part != PART_NONE)
			return false;
		m->part = (enum item_part)row->value;
		return true;
	case ROW_CHANGE:
		if (m->nchange == MODIFIER_CHANGES)
			return false;
		m->change[m->nchange++] = (enum modifier_change)row->value;
		return true;
	case ROW_FLAG:
		*(bool *)((char *)m + row->value) = true;
		break;
	}
	return true;
}

static int
read_one(const struct detection_reader *r, const struct yaml_node *n,
    struct span name, struct modifiers *m)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (span_is(name, rows[i].name))
			return take(m, &rows[i]) ? 0 : clash(r, n, name);
	return DETECTION_FAIL(r, n,
	    tr("there is no modifier '%.*s' in Sigma 2.1",
		"修飾子「%.*s」はSigma 2.1にありません"),
	    (int)name.len, (const char *)name.p);
}

/* What is none of it where something else is tested than a text. */
static bool
is_sound(const struct modifiers *m)
{
	bool text = m->kind == TEST_PATTERN && m->part == PART_NONE;
	bool number = m->kind >= TEST_EQ;

	if ((m->placed || m->cased) && !text && m->kind != TEST_FIELD)
		return false;
	if ((m->nchange > 0 || m->windash) && !text)
		return false;
	if ((m->i || m->m || m->s) && m->kind != TEST_REGEX)
		return false;
	if (m->part != PART_NONE && m->kind != TEST_PATTERN && !number)
		return false;
	return !m->all || m->kind != TEST_EXISTS;
}

int
modifiers_parse(const struct detection_reader *r, const struct yaml_node *n,
    struct span *name, struct modifiers *m)
{
	struct span rest = n->key, part;
	struct yaml_node at = *n; /* the key: its value may begin below */
	bool first = true;
	size_t i;

	at.line = n->key_line;
	at.col = n->key_col;

	*m = (struct modifiers){ .kind = TEST_PATTERN };
	for (;; rest = span_sub(rest, i + 1, rest.len)) {
		for (i = 0; i < rest.len && rest.p[i] != '|'; i++)
			;
		part = span_sub(rest, 0, i);
		if (first)
			*name = part;
		else if (read_one(r, &at, part, m) == -1)
			return -1;
		first = false;
		if (i == rest.len)
			break;
	}
	if (!is_sound(m))
		return clash(r, &at, part);
	if (m->part != PART_NONE && m->kind == TEST_PATTERN)
		m->kind = TEST_EQ;
	return 0;
}

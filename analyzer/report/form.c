/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/form.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/cells.h"
#include "common/log.h"

enum form_column {
#define COLUMN(id, required, names) FORM_##id,
#include "analyzer/report/form_tbl.h"
#undef COLUMN
	FORM_COLUMNS
};

static const struct sheet_column form_columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/report/form_tbl.h"
#undef COLUMN
};

enum item_column {
#define COLUMN(id, required, names) ITEM_##id,
#include "analyzer/report/form_item_tbl.h"
#undef COLUMN
	ITEM_COLUMNS
};

static const struct sheet_column item_columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/report/form_item_tbl.h"
#undef COLUMN
};

static const struct {
	const char *name;
	unsigned lines;
	const char *en, *ja;
} fields[] = {
#define FIELD(id, name, lines, en, ja) { name, lines, en, ja },
#include "analyzer/report/field_tbl.h"
#undef FIELD
};

struct forms {
	struct arena *arena;
	struct form *v;
	struct form_item *items;
	size_t n, n_items;
};

unsigned
field_lines(enum field f)
{
	return fields[f].lines;
}

bool
form_is_public(const struct form *f)
{
	size_t i, j;

	for (i = 0; i < f->n_items; i++)
		for (j = 0; j < f->items[i]->n_fields; j++)
			if (strncmp(fields[f->items[i]->fields[j]].name,
				"pub-", 4) == 0)
				return true;
	return false;
}

const char *
field_fill(enum field f)
{
	return tr(fields[f].en, fields[f].ja);
}

static const char *
text(const struct cells *c, size_t column)
{
	struct problem_at at = cells_at(c, column);
	struct span s = cells_text(c, column);

	if (s.len == 0)
		problems_error(c->ps, &at, "%s",
		    tr("must not be empty", "空欄にできません"));
	return arena_str(c->arena, s);
}

/* It becomes part of a file's name. */
static const char *
id(const struct cells *c)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	struct problem_at at = cells_at(c, FORM_ID);
	const char *s = text(c, FORM_ID);

	if (strspn(s, plain) != strlen(s) || strlen(s) > 40)
		problems_error(c->ps, &at, "%s",
		    tr("an id is of small letters, digits and '-'",
			"記号は英小文字・数字・「-」で記入してください"));
	return s;
}

static void
read_form(void *element, const struct cells *c)
{
	struct problem_at at = cells_at(c, FORM_DEADLINE);
	struct span rest = cells_text(c, FORM_DEADLINE), value;
	struct form *f = element;

	*f = (struct form){ .id = id(c),
		.title_ja = text(c, FORM_JA),
		.title_en = text(c, FORM_EN),
		.to_ja = text(c, FORM_TO_JA),
		.to_en = text(c, FORM_TO_EN),
		.note_ja = text(c, FORM_NOTE_JA),
		.note_en = text(c, FORM_NOTE_EN),
		.basis = text(c, FORM_BASIS),
		.checked = cells_date(c, FORM_CHECKED),
		.since = cells_date(c, FORM_SINCE),
		.until = cells_date(c, FORM_UNTIL) };
	if (f->until == INT64_MIN)
		f->until = INT64_MAX;
	while (sheet_next_value(&rest, &value)) {
		if (f->n_deadlines < FORM_DEADLINES) {
			f->deadlines[f->n_deadlines++] =
			    arena_str(c->arena, value);
			continue;
		}
		problems_error(c->ps, &at,
		    tr("at most %u deadlines", "期限は%u個までです"),
		    FORM_DEADLINES);
		return;
	}
}

static bool
parse_field(struct span s, enum field *f)
{
	size_t i;

	for (i = 0; i < FIELD_COUNT; i++)
		if (span_is(s, fields[i].name)) {
			*f = (enum field)i;
			return true;
		}
	return false;
}

static void
read_item(void *element, const struct cells *c)
{
	struct problem_at at = cells_at(c, ITEM_FIELDS);
	struct span rest = cells_text(c, ITEM_FIELDS), value;
	struct form_item *i = element;

	*i = (struct form_item){ .form = text(c, ITEM_FORM),
		.number = text(c, ITEM_NUMBER),
		.name_ja = text(c, ITEM_JA),
		.name_en = text(c, ITEM_EN) };
	while (sheet_next_value(&rest, &value)) {
		if (i->n_fields < FORM_FIELDS &&
		    parse_field(value, &i->fields[i->n_fields])) {
			i->n_fields++;
			continue;
		}
		problems_error(c->ps, &at,
		    tr("'%.*s' is no field, or more than %u: docs/reports.md "
		       "has the list",
			"「%.*s」という内容はないか、%u個を超えています。"
			"一覧はdocs/reports.mdにあります"),
		    (int)(value.len < 60 ? value.len : 60), value.p,
		    FORM_FIELDS);
	}
	if (i->n_fields == 0)
		problems_error(c->ps, &at, "%s",
		    tr("must not be empty", "空欄にできません"));
}

static const struct cells_list form_list = { form_columns, FORM_COLUMNS,
	sizeof(struct form), read_form };
static const struct cells_list item_list = { item_columns, ITEM_COLUMNS,
	sizeof(struct form_item), read_item };

/* Each item to all forms of its id: to those of other days, too. */
static void
join(struct forms *fs, const char *file, struct problems *ps)
{
	struct problem_at at = { .file = file };
	size_t i, j;
	bool any;

	for (i = 0; i < fs->n_items; i++) {
		any = false;
		for (j = 0; j < fs->n; j++) {
			struct form *f = &fs->v[j];

			if (strcmp(f->id, fs->items[i].form) != 0)
				continue;
			any = true;
			if (f->n_items < FORM_ITEMS)
				f->items[f->n_items++] = &fs->items[i];
			else
				problems_error(ps, &at,
				    tr("'%s' has more than %u items",
					"「%s」の項目が%u個を超えています"),
				    f->id, FORM_ITEMS);
		}
		if (!any)
			problems_error(ps, &at,
			    tr("item %s: there is no form '%s'",
				"項目%s：様式「%s」はありません"),
			    fs->items[i].number, fs->items[i].form);
	}
	for (j = 0; j < fs->n; j++)
		if (fs->v[j].n_items == 0)
			problems_error(ps, &at,
			    tr("the form '%s' has no items",
				"様式「%s」に項目がありません"),
			    fs->v[j].id);
}

struct forms *
forms_parse(const struct forms_text *forms, const struct forms_text *items,
    struct problems *ps)
{
	struct forms *fs = calloc(1, sizeof(*fs));
	size_t before = ps->errors;

	if (fs == NULL)
		abort();
	fs->arena = arena_new();
	fs->v = cells_read(&form_list, forms->bytes, forms->name, fs->arena,
	    ps, &fs->n);
	fs->items = cells_read(&item_list, items->bytes, items->name,
	    fs->arena, ps, &fs->n_items);
	if (fs->v != NULL && fs->items != NULL)
		join(fs, items->name, ps);
	if (fs->v == NULL || fs->items == NULL || ps->errors > before) {
		forms_free(fs);
		return NULL;
	}
	return fs;
}

void
forms_free(struct forms *fs)
{
	if (fs == NULL)
		return;
	arena_free(fs->arena);
	free(fs);
}

const struct form *
forms_find(const struct forms *fs, const char *id, int64_t day)
{
	size_t i;

	for (i = 0; i < fs->n; i++)
		if (strcmp(fs->v[i].id, id) == 0 && day >= fs->v[i].since &&
		    day <= fs->v[i].until)
			return &fs->v[i];
	return NULL;
}

const struct form *
forms_next(const struct forms *fs, size_t *at)
{
	return *at < fs->n ? &fs->v[(*at)++] : NULL;
}

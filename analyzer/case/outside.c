/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/outside.h"

#include <string.h>

#include "analyzer/ledger/cells.h"
#include "common/log.h"
#include "common/text.h"

enum column {
#define COLUMN(id, required, names) COL_##id,
#include "analyzer/case/outside_tbl.h"
#undef COLUMN
	COL_COUNT
};

static const struct sheet_column columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/case/outside_tbl.h"
#undef COLUMN
};

static const char *
text(const struct cells *c, size_t column)
{
	struct buf one;
	struct span s = cells_text(c, column);
	const char *out;
	size_t i;

	/* A cell of several lines is one here. */
	buf_init(&one);
	for (i = 0; i < s.len; i++)
		buf_byte(&one, s.p[i] < 0x20 ? ' ' : s.p[i]);
	out = arena_str(c->arena, text_trim(buf_view(&one)));
	buf_fini(&one);
	return out;
}

/* "03-6812-7837 igishitsu@mhlw.go.jp": the word with an @ is the address. */
static void
split(const struct cells *c, const char *cell, struct contacts_outside *o)
{
	struct buf phone;
	const char *at = cell;
	size_t n;

	buf_init(&phone);
	while (*at != '\0') {
		n = strcspn(at, " ");
		if (memchr(at, '@', n) != NULL && *o->mail == '\0') {
			o->mail = arena_str(c->arena, span_make(at, n));
		} else if (n > 0) {
			if (phone.len > 0)
				buf_byte(&phone, ' ');
			buf_append(&phone, at, n);
		}
		at += n + strspn(at + n, " ");
	}
	o->phone = arena_str(c->arena, buf_view(&phone));
	buf_fini(&phone);
}

/* "電子カルテ ○○社 担当" of what there is. */
static const char *
name(const struct cells *c)
{
	static const size_t parts[] = { COL_OF, COL_COMPANY, COL_NAME };
	const char *s, *out = "";
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		s = text(c, parts[i]);
		if (*s != '\0')
			out = *out == '\0'
			    ? s
			    : arena_printf(c->arena, "%s %s", out, s);
	}
	return out;
}

static void
read_row(void *element, const struct cells *c)
{
	struct contacts_outside *o = element;
	struct problem_at at = cells_at(c, COL_NAME);
	const char *other = text(c, COL_OTHER);

	*o = (struct contacts_outside){ .name = name(c),
		.mail = text(c, COL_MAIL),
		.purpose = text(c, COL_PURPOSE),
		.hours = text(c, COL_HOURS),
		.confirmed = text(c, COL_CONFIRMED),
		.tells = text(c, COL_TELLS) };
	split(c, text(c, COL_CONTACT), o);
	if (*other != '\0')
		o->phone = arena_printf(c->arena, "%s（%s）", o->phone, other);
	if (*o->name == '\0')
		problems_error(c->ps, &at, "%s",
		    tr("a row needs a name", "名称がありません"));
}

static const struct cells_list list = { columns, COL_COUNT,
	sizeof(struct contacts_outside), read_row };

int
outside_parse(struct span bytes, const char *file, struct arena *arena,
    struct problems *ps, struct contacts_outside **v, size_t *n)
{
	*v = cells_read(&list, bytes, file, arena, ps, n);
	return *v == NULL ? -1 : 0;
}

/* Double-quoted, as YAML takes any text. */
static void
member(struct buf *out, const char *key, const char *value)
{
	struct buf safe;
	size_t i;

	if (*value == '\0')
		return;
	buf_init(&safe);
	text_escape(span_str(value), &safe);
	buf_printf(out, ", %s: \"", key);
	for (i = 0; i < safe.len; i++) {
		if (safe.p[i] == '"' || safe.p[i] == '\\')
			buf_byte(out, '\\');
		buf_byte(out, safe.p[i]);
	}
	buf_byte(out, '"');
	buf_fini(&safe);
}

size_t
outside_print(const struct contacts_outside *v, size_t n, struct buf *out)
{
	struct buf row;
	size_t i, blank = 0;

	buf_init(&row);
	buf_str(out, "outside:\n");
	for (i = 0; i < n; i++) {
		row.len = 0;
		member(&row, "name", v[i].name);
		member(&row, "phone", v[i].phone);
		member(&row, "mail", v[i].mail);
		member(&row, "purpose", v[i].purpose);
		member(&row, "hours", v[i].hours);
		member(&row, "confirmed", v[i].confirmed);
		member(&row, "tells", v[i].tells);
		buf_printf(out, "  - {%s}", buf_cstr(&row) + strlen(", "));
		if (contacts_is_blank(v[i].phone) ||
		    contacts_is_blank(v[i].name)) {
			buf_str(out, tr(" # not filled in", " # 未記入"));
			blank++;
		}
		buf_byte(out, '\n');
	}
	buf_fini(&row);
	return blank;
}

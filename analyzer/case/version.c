/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/version.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/ledger/outline.h"
#include "common/hex.h"
#include "common/sha256.h"
#include "common/text.h"

/* By which columns the rows of a ledger are known: their first names. */
static const char *const keys[LEDGER_COUNT][3] = {
	[LEDGER_DEVICES] = { "管理番号" },
	[LEDGER_ACCOUNTS] = { "ユーザid", "システム" },
	[LEDGER_MAINTENANCE] = { "作業番号", "開始", "ユーザid" },
	[LEDGER_DUTY] = { "日付", "ユーザid" },
	[LEDGER_PEOPLE] = { "ユーザid", "氏名" },
	[LEDGER_EXCEPTIONS] = { "ルール", "対象" },
	[LEDGER_EXPORTED] = { "ユーザid", "システム" },
	[LEDGER_IDENTITIES] = { "ユーザid", "別id" },
	[LEDGER_NETWORKS] = { "ネットワーク" },
	[LEDGER_PATIENTS] = { "患者id" },
};

static struct span
cell_named(const struct outline *o, size_t row, const char *name)
{
	size_t c, n;

	for (c = 0; c < o->n; c++) {
		n = strcspn(o->columns[c].names, "|");
		if (span_is(span_make(o->columns[c].names, n), name))
			return o->sheet.rows[row].cells[c];
	}
	return (struct span){ NULL, 0 };
}

/* "abc", "abc/EMR"; the second of the same is "abc/EMR#2". */
static const char *
key_of(const struct outline *o, size_t row, struct index *seen,
    struct arena *arena)
{
	struct span part, key;
	struct buf b;
	uint32_t *times;
	size_t i;

	buf_init(&b);
	for (i = 0; i < 3 && keys[o->ledger][i] != NULL; i++) {
		part = cell_named(o, row, keys[o->ledger][i]);
		if (part.len > 0 && b.len > 0)
			buf_byte(&b, '/');
		text_escape(span_sub(part, 0, 128), &b);
	}
	times = index_put(seen, buf_view(&b));
	*times = *times == INDEX_NONE ? 1 : *times + 1;
	if (*times > 1)
		buf_printf(&b, "#%u", *times);
	key = arena_copy(arena, buf_view(&b));
	buf_fini(&b);
	return (const char *)key.p;
}

static const char *
digests(const struct outline *o, size_t row, struct arena *arena)
{
	char *out = arena_alloc(arena, 4 * o->n + 1);
	uint8_t sum[SHA256_LEN];
	size_t c;

	for (c = 0; c < o->n; c++) {
		sha256(o->sheet.rows[row].cells[c], sum);
		hex_print(sum, 2, out + 4 * c);
	}
	out[4 * o->n] = '\0';
	return out;
}

void
version_make(const struct outline *o, struct span bytes, struct arena *arena,
    struct version *v)
{
	static const char *const names[LEDGER_COUNT] = {
#define LEDGER(id, name, ja) [LEDGER_##id] = #name,
#include "analyzer/ledger/ledger_tbl.h"
#undef LEDGER
	};
	struct index *seen = index_new();
	uint8_t sum[SHA256_LEN];
	char *hex = arena_alloc(arena, 2 * SHA256_LEN + 1);
	size_t i, size = 0;

	sha256(bytes, sum);
	hex_print(sum, SHA256_LEN, hex);
	hex[2 * SHA256_LEN] = '\0';
	*v = (struct version){ .name = names[o->ledger],
		.file = arena_str(arena, span_str(o->sheet.file)),
		.sha256 = hex,
		.was = "",
		.n = o->sheet.n };
	v->rows = arena_alloc(arena, (o->sheet.n + 1) * sizeof(*v->rows));
	for (i = 0; i < o->sheet.n && size <= VERSION_LINES; i++) {
		v->rows[i].key = key_of(o, i, seen, arena);
		v->rows[i].cells = digests(o, i, arena);
		size += strlen(v->rows[i].key) + 4 * o->n + 8;
	}
	/* Who is a patient is for none who reads the casebook. */
	if (size > VERSION_LINES || o->ledger == LEDGER_PATIENTS)
		v->rows = NULL;
	index_free(seen);
}

/* ---- what is other ---- */

static void
name_row(struct version_rows *rows, const char *text)
{
	if (rows->n < VERSION_NAMED)
		rows->v[rows->n] = text;
	rows->n++;
}

/* "7: 状態, 設置場所" of what both have columns for; NULL: nothing differs. */
static const char *
changed_row(const struct version *v, const struct version_row *old,
    const struct version_row *row, struct arena *arena)
{
	const struct sheet_column *columns = NULL;
	size_t n = 0, c, named = 0, a = strlen(old->cells) / 4,
	       b = strlen(row->cells) / 4;
	struct span text;
	enum ledger l;
	struct buf out;

	if (ledger_parse_name(span_str(v->name), &l) == 0)
		columns = outline_columns(l, &n);
	buf_init(&out);
	buf_str(&out, row->key);
	for (c = 0; c < n && c < a && c < b; c++)
		if (memcmp(old->cells + 4 * c, row->cells + 4 * c, 4) != 0)
			buf_printf(&out, "%s%.*s", named++ == 0 ? ": " : ", ",
			    (int)strcspn(columns[c].names, "|"),
			    columns[c].names);
	text = arena_copy(arena, buf_view(&out));
	buf_fini(&out);
	return named > 0 ? (const char *)text.p : NULL;
}

void
version_compare(struct version *v, const struct version *before,
    struct arena *arena)
{
	struct index *old = index_new();
	const char *text;
	uint64_t i;
	uint32_t k;

	v->was = before == NULL ? "" : before->sha256;
	v->added = v->changed = v->removed = (struct version_rows){ .n = 0 };
	for (i = 0; before != NULL && before->rows != NULL && i < before->n;
	     i++)
		*index_put(old, span_str(before->rows[i].key)) = (uint32_t)i;
	if (before != NULL && before->rows != NULL && v->rows != NULL) {
		for (i = 0; i < v->n; i++) {
			k = index_get(old, span_str(v->rows[i].key));
			if (k == INDEX_NONE) {
				name_row(&v->added, v->rows[i].key);
				continue;
			}
			text = changed_row(v, &before->rows[k], &v->rows[i],
			    arena);
			if (text != NULL)
				name_row(&v->changed, text);
			*index_put(old, span_str(v->rows[i].key)) =
			    INDEX_NONE - 1; /* it is still there */
		}
		for (i = 0; i < before->n; i++)
			if (index_get(old, span_str(before->rows[i].key)) !=
			    INDEX_NONE - 1)
				name_row(&v->removed, before->rows[i].key);
	}
	index_free(old);
}

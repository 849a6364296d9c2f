/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/exported.h"

#include <stdlib.h>

#include "analyzer/ledger/cells.h"
#include "analyzer/ledger/date.h"
#include "common/log.h"

#define SECONDS_OF_DAY 86400

enum column {
#define COLUMN(id, required, names) COL_##id,
#include "analyzer/ledger/exported_tbl.h"
#undef COLUMN
	COL_COUNT
};

static const struct sheet_column columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/exported_tbl.h"
#undef COLUMN
};

struct exports {
	struct arena *arena;
	struct exported *v;
	size_t n;
};

/* A directory writes the time too; who never set one, nothing or 0. */
static int64_t
read_day(const struct cells *c, size_t column)
{
	struct problem_at at = cells_at(c, column);
	int64_t seconds;
	bool dated;

	if (at.value.len == 0 || span_is(at.value, "0"))
		return INT64_MIN;
	if (date_parse_time(at.value, &seconds, &dated) == 0)
		return seconds / SECONDS_OF_DAY;
	problems_error(c->ps, &at,
	    tr("not a date; write 2026/4/1",
		"日付として読めません。2026/4/1の形で記入してください"));
	return INT64_MIN;
}

static bool
read_disabled(const struct cells *c)
{
	struct problem_at at = cells_at(c, COL_STATE);
	struct span s = cells_key(c, COL_STATE);

	if (sheet_is_one_of(s, "無効|停止|使用不可|false|disabled|disable|no"))
		return true;
	if (s.len > 0 &&
	    !sheet_is_one_of(s, "有効|使用可|true|enabled|enable|yes|はい"))
		problems_notice(c->ps, &at,
		    tr("state not understood; write 有効 or 無効",
			"状態を解釈できません。有効・無効のいずれかで記入して"
			"ください"));
	return false;
}

static bool
is_admin(struct span folded)
{
	static const char *const words[] = { "admin", "管理者", "特権",
		"super", "root", "wheel" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (cells_mention(folded, words[i]))
			return true;
	return false;
}

static void
read_row(void *element, const struct cells *c)
{
	struct exported *e = element;
	struct problem_at id = cells_at(c, COL_ID);

	*e = (struct exported){ .row = c->row->number };
	e->id = id.value;
	e->key = account_key(id.value, c->arena);
	e->system = cells_text(c, COL_SYSTEM);
	e->role = cells_text(c, COL_ROLE);
	e->admin = is_admin(cells_key(c, COL_ROLE));
	e->disabled = read_disabled(c);
	e->password_set = read_day(c, COL_PASSWORD);
	e->taken = read_day(c, COL_TAKEN);
	if (e->key.len == 0)
		problems_error(c->ps, &id,
		    tr("the row has no user ID; write it or delete the row",
			"ユーザIDがありません。記入するか、行を削除してくださ"
			"い"));
}

static const struct cells_list list = { columns, COL_COUNT,
	sizeof(struct exported), read_row };

struct exports *
exports_parse(struct span bytes, const char *file, struct problems *ps)
{
	struct exports *es = calloc(1, sizeof(*es));

	if (es == NULL)
		abort();
	es->arena = arena_new();
	es->v = cells_read(&list, bytes, file, es->arena, ps, &es->n);
	if (es->v == NULL) {
		exports_free(es);
		return NULL;
	}
	return es;
}

void
exports_free(struct exports *es)
{
	if (es == NULL)
		return;
	arena_free(es->arena);
	free(es);
}

size_t
exports_count(const struct exports *es)
{
	return es->n;
}

const struct exported *
exports_at(const struct exports *es, size_t i)
{
	return i < es->n ? &es->v[i] : NULL;
}

void
exports_tell(const struct exports *es, struct accounts *as)
{
	const struct account *a;
	struct account *row;
	size_t i;

	for (i = 0; i < es->n; i++) {
		(void)accounts_find(as, es->v[i].key, &a);
		if (a == NULL || es->v[i].password_set == INT64_MIN)
			continue;
		row = accounts_row(as, a);
		if (es->v[i].password_set > row->password_set)
			row->password_set = es->v[i].password_set;
		if (es->v[i].taken > row->password_taken)
			row->password_taken = es->v[i].taken;
	}
}

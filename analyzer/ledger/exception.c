/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/exception.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/cells.h"
#include "analyzer/ledger/date.h"
#include "common/hex.h"
#include "common/log.h"
#include "common/sha256.h"

enum column {
#define COLUMN(id, required, names) COL_##id,
#include "analyzer/ledger/exception_tbl.h"
#undef COLUMN
	COL_COUNT
};

static const struct sheet_column columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/exception_tbl.h"
#undef COLUMN
};

struct exceptions {
	struct arena *arena;
	struct exception *v;
	size_t n;
};

/* One row, and whether it may be in force. */
struct row {
	struct cells in;
	struct exception x;
	bool good;
};

#define REFUSED_EN "; the row is not in force"
#define REFUSED_JA "（この行は適用しません）"

#define REFUSE(r, column, en, ja)                                              \
	refuse((r), (column), tr(en REFUSED_EN, ja REFUSED_JA))

static void
refuse(struct row *r, enum column column, const char *why)
{
	struct problem_at at = cells_at(&r->in, column);

	r->good = false;
	problems_notice(r->in.ps, &at, "%s", why);
}

static const char *
text(struct row *r, enum column column)
{
	struct span s = cells_text(&r->in, column);

	if (s.len > EXCEPTION_TEXT)
		REFUSE(r, column, "too long; 300 bytes at most",
		    "長すぎます。300バイト以内で記入してください");
	return arena_str(r->in.arena, s);
}

static int64_t
day(struct row *r, enum column column)
{
	struct span s = cells_text(&r->in, column);
	int64_t d = 0;

	if (s.len == 0)
		REFUSE(r, column, "a date is needed, as 2026/11/22",
		    "日付がありません。2026/11/22の形で記入してください");
	else if (date_parse(s, &d) == -1)
		REFUSE(r, column, "not a date; write 2026/11/22",
		    "日付として読めません。2026/11/22の形で記入してください");
	return d;
}

static int
most(struct row *r)
{
	static const char *const words[] = { "情報|info", "注意|notice",
		"警告|warning", "重大|serious", "緊急|critical" };
	struct span key = cells_key(&r->in, COL_MOST);
	int i;

	if (key.len == 0)
		return EXCEPTION_GRAVE;
	for (i = 0; i < 5; i++)
		if (sheet_is_one_of(key, words[i]))
			return i;
	REFUSE(r, COL_MOST, "one of info, notice, warning, serious, critical",
	    "情報・注意・警告・重大・緊急のいずれかを記入してください");
	return 0;
}

static void
check(struct row *r, int64_t today)
{
	struct problem_at at = cells_at(&r->in, COL_UNTIL);

	if (*r->x.owner == '\0')
		REFUSE(r, COL_OWNER, "nobody answers for it; name an owner",
		    "責任者がありません。氏名を記入してください");
	if (*r->x.reason == '\0')
		REFUSE(r, COL_REASON, "there is no reason; give one",
		    "理由がありません。理由を記入してください");
	if ((*r->x.rule == '\0' || strcmp(r->x.rule, "*") == 0) &&
	    *r->x.about == '\0')
		REFUSE(r, COL_ABOUT,
		    "it would cover everything; name a rule or what it is "
		    "about",
		    "すべてが対象になります。ルールか対象を記入してください");
	if (!r->good)
		return;
	if (r->x.until < r->x.from)
		REFUSE(r, COL_UNTIL, "it ends before it begins",
		    "期限が開始日より前です");
	else if (r->x.until - r->x.from > EXCEPTION_DAYS)
		REFUSE(r, COL_UNTIL,
		    "longer than a year; shorten it, and renew it then",
		    "1年を超えています。1年以内とし、必要なら更新してください");
	else if (r->x.until < today)
		problems_notice(r->in.ps, &at,
		    tr("it has expired: what it covered is told again; renew "
		       "it or take the row out",
			"期限が切れているため、対象を再び通知します。更新する"
			"か、行を削除してください"));
}

/* The same row elsewhere in the file is the same exception. */
static void
identify(struct exception *x)
{
	const char *const parts[] = { x->rule, x->about, x->owner, x->reason };
	const int64_t numbers[] = { x->from, x->until, x->most };
	uint8_t sum[SHA256_LEN];
	struct sha256 sha;
	uint8_t b[8];
	size_t i, k;

	sha256_init(&sha);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		sha256_update(&sha, parts[i], strlen(parts[i]) + 1);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		for (k = 0; k < sizeof(b); k++)
			b[k] = (uint8_t)((uint64_t)numbers[i] >> 8 * k);
		sha256_update(&sha, b, sizeof(b));
	}
	sha256_final(&sha, sum);
	hex_print(sum, 4, x->id);
	x->id[8] = '\0';
}

static void
read_row(struct exceptions *xs, struct row *r, int64_t today)
{
	r->good = true;
	r->x.row = r->in.row->number;
	r->x.rule = text(r, COL_RULE);
	r->x.about = text(r, COL_ABOUT);
	r->x.owner = text(r, COL_OWNER);
	r->x.reason = text(r, COL_REASON);
	r->x.from = day(r, COL_FROM);
	r->x.until = day(r, COL_UNTIL);
	r->x.most = most(r);
	check(r, today);
	if (!r->good)
		return;
	identify(&r->x);
	xs->v[xs->n++] = r->x;
}

struct exceptions *
exceptions_parse(struct span bytes, const char *file, int64_t today,
    struct problems *ps)
{
	struct exceptions *xs = calloc(1, sizeof(*xs));
	struct sheet sheet;
	size_t i;

	if (xs == NULL)
		abort();
	xs->arena = arena_new();
	if (sheet_read(bytes, file, columns, COL_COUNT, xs->arena, &sheet,
		ps) == -1) {
		exceptions_free(xs);
		return NULL;
	}
	xs->v = arena_alloc(xs->arena, (sheet.n + 1) * sizeof(*xs->v));
	for (i = 0; i < sheet.n; i++)
		read_row(xs,
		    &(struct row){ .in = { &sheet, &sheet.rows[i], xs->arena,
				       ps } },
		    today);
	return xs;
}

void
exceptions_free(struct exceptions *xs)
{
	if (xs == NULL)
		return;
	arena_free(xs->arena);
	free(xs);
}

size_t
exceptions_count(const struct exceptions *xs)
{
	return xs->n;
}

const struct exception *
exceptions_at(const struct exceptions *xs, size_t i)
{
	return i < xs->n ? &xs->v[i] : NULL;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/outline.h"

#include <string.h>

#include "analyzer/ledger/cells.h"
#include "analyzer/ledger/date.h"
#include "common/log.h"
#include "common/utc.h"

#define COLUMN(id, required, names) { names, required },

static const struct sheet_column devices[] = {
#include "analyzer/ledger/device_tbl.h"
};
static const struct sheet_column accounts[] = {
#include "analyzer/ledger/account_tbl.h"
};
static const struct sheet_column maintenance[] = {
#include "analyzer/ledger/plan_tbl.h"
};
static const struct sheet_column duty[] = {
#include "analyzer/ledger/duty_tbl.h"
};
static const struct sheet_column people[] = {
#include "analyzer/ledger/person_tbl.h"
};
static const struct sheet_column exceptions[] = {
#include "analyzer/ledger/exception_tbl.h"
};
static const struct sheet_column exported[] = {
#include "analyzer/ledger/exported_tbl.h"
};
static const struct sheet_column identities[] = {
#include "analyzer/ledger/identity_tbl.h"
};
static const struct sheet_column networks[] = {
#include "analyzer/ledger/network_tbl.h"
};
static const struct sheet_column patients[] = {
#include "analyzer/ledger/patient_tbl.h"
};

#undef COLUMN

static const struct {
	const struct sheet_column *v;
	size_t n;
} tables[LEDGER_COUNT] = {
#define LEDGER(id, name, ja) { name, sizeof(name) / sizeof((name)[0]) },
#include "analyzer/ledger/ledger_tbl.h"
#undef LEDGER
};

const struct sheet_column *
outline_columns(enum ledger l, size_t *n)
{
	*n = tables[l].n;
	return tables[l].v;
}

static size_t
count_filled(const struct outline *o)
{
	size_t i, c, n = 0;

	for (i = 0; i < o->sheet.n; i++)
		for (c = 0; c < o->n; c++)
			n += o->sheet.rows[i].cells[c].len > 0;
	return n;
}

void
outline_read(struct outline *o, enum ledger l, struct span bytes,
    const char *file, struct arena *arena, struct problems *ps)
{
	*o = (struct outline){ .ledger = l };
	o->columns = outline_columns(l, &o->n);
	(void)sheet_read(bytes, file, o->columns, o->n, arena, &o->sheet, ps);
	if (o->sheet.titles == NULL)
		o->sheet.n = 0;
	o->filled = count_filled(o);
}

static int
by_name(const char *file, enum ledger *l)
{
	const char *slash = strrchr(file, '/'), *dot;
	const char *base = slash == NULL ? file : slash + 1;

	dot = strrchr(base, '.');
	return ledger_parse_name(span_make(base,
				     dot == NULL ? strlen(base)
						 : (size_t)(dot - base)),
	    l);
}

/* Hold the header against one ledger. */
static void
try_ledger(struct outline_guess *g, enum ledger l, struct span bytes,
    const char *file)
{
	struct arena *arena = arena_new();
	size_t c, known = 0, best = g->known[g->ledger];
	struct problems ps;
	struct outline o;

	problems_init(&ps);
	outline_read(&o, l, bytes, file, arena, &ps);
	for (c = 0; o.sheet.titles != NULL && c < o.n; c++)
		known += o.sheet.titles[c].len > 0;
	g->known[l] = known;
	if (known > best) {
		g->ledger = l;
		g->tie = false;
		g->unused = o.sheet.unused;
	} else if (best > 0 && known == best)
		g->tie = true;
	problems_fini(&ps);
	arena_free(arena);
}

int
outline_guess(struct span bytes, const char *file, struct outline_guess *g)
{
	size_t i;

	*g = (struct outline_guess){ .tie = false };
	if (by_name(file, &g->ledger) == 0)
		return 0;
	for (i = 0; i < LEDGER_COUNT; i++)
		try_ledger(g, (enum ledger)i, bytes, file);
	return g->known[g->ledger] > 0 && !g->tie ? 0 : -1;
}

const char *
outline_name(const struct outline *o, size_t column, struct arena *arena)
{
	const char *names = o->columns[column].names;

	return arena_str(arena, span_make(names, strcspn(names, "|")));
}

/* ---- readings ---- */

struct cell {
	struct span text, key; /* as written; folded */
	int64_t today;
	struct arena *arena;
};

static void
put_day(int64_t day, struct buf *out)
{
	static const char *const ja[] = { "日", "月", "火", "水", "木", "金",
		"土" };
	static const char *const en[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	int year, month, dom, w = utc_weekday(day);

	utc_date(day, &year, &month, &dom);
	if (log_lang() == LOG_JA)
		buf_printf(out, "%d年%d月%d日(%s)", year, month, dom, ja[w]);
	else
		buf_printf(out, "%s %04d-%02d-%02d", en[w], year, month, dom);
}

static void
read_date(const struct cell *c, struct buf *out)
{
	int64_t day;

	if (date_parse(c->text, &day) == 0)
		put_day(day, out);
}

static void
read_moment(const struct cell *c, struct buf *out)
{
	int64_t seconds;
	bool dated;

	if (date_parse_time(c->text, &seconds, &dated) == -1)
		return;
	put_day(seconds / 86400, out);
	if (!dated)
		buf_printf(out, " %d:%02d", (int)(seconds % 86400 / 3600),
		    (int)(seconds % 3600 / 60));
}

static void
read_expiry(const struct cell *c, struct buf *out)
{
	static const struct {
		const char *en, *ja;
	} bases[] = {
		[EXPIRY_USABLE] = { "usable", "使用可" },
		[EXPIRY_DISABLED] = { "not usable", "使用不可" },
		[EXPIRY_RETIRED] = { "left", "退職" },
		[EXPIRY_LEAVE] = { "on leave", "休職など" },
		[EXPIRY_EXPIRED] = { "expired", "期限切れ" },
		[EXPIRY_UNKNOWN] = { "", "" },
	};
	struct expiry e = expiry_parse(c->text, c->today);

	if (e.doubt != EXPIRY_CLEAR)
		return;
	buf_str(out, tr(bases[e.base].en, bases[e.base].ja));
	if (e.from != EXPIRY_ALWAYS) {
		buf_str(out, tr(", from ", "、"));
		put_day(e.from, out);
		buf_str(out, tr("", "から"));
	}
	if (e.until != EXPIRY_NEVER) {
		buf_str(out, tr(", until the end of ", "、"));
		put_day(e.until, out);
		buf_str(out, tr("", "の終わりまで"));
	}
	if (e.since != EXPIRY_ALWAYS) {
		buf_str(out, tr(", since ", "、"));
		put_day(e.since, out);
		buf_str(out, tr("", "以降"));
	}
}

static void
read_addresses(const struct cell *c, struct buf *out)
{
	struct span rest = c->text, value;
	char text[ADDRESS_TEXT];
	struct address a;
	size_t n = 0;

	while (sheet_next_value(&rest, &value)) {
		if (address_parse(sheet_key(value, c->arena), &a) == -1)
			continue;
		buf_printf(out, "%s%s", n++ > 0 ? tr(", ", "、") : "",
		    address_print(&a, text));
	}
	if (n == 0 && sheet_is_one_of(c->key, "dhcp|自動|動的|なし|無し|無|-"))
		buf_str(out, tr("no fixed address", "固定のアドレスなし"));
}

/* The name without the department or title behind it in parentheses. */
static struct span
bare(struct span name)
{
	static const char *const marks[] = { "（", "(" };
	size_t i, k;

	for (i = 1; i < name.len; i++)
		for (k = 0; k < 2; k++)
			if (span_starts(span_sub(name, i, name.len),
				span_str(marks[k])))
				return span_sub(name, 0, i);
	return name;
}

static void
read_users(const struct cell *c, struct buf *out)
{
	struct span rest = c->text, value;
	size_t n = 0;

	while (sheet_next_value(&rest, &value))
		n++;
	buf_printf(out, tr("%zu: ", "%zu名: "), n);
	rest = c->text;
	for (n = 0; sheet_next_value(&rest, &value); n++) {
		buf_str(out, n > 0 ? tr(", ", "、") : "");
		buf_span(out, bare(value));
	}
}

static void
read_id(const struct cell *c, struct buf *out)
{
	buf_span(out, c->key);
}

static void
read_yes(const struct cell *c, struct buf *out)
{
	buf_str(out,
	    cells_says_yes(c->key) ? tr("yes", "はい") : tr("no", "いいえ"));
}

static void
read_role(const struct cell *c, struct buf *out)
{
	buf_str(out,
	    account_role_is_admin(c->key) ? tr("administrator", "管理者権限")
					  : tr("ordinary", "一般"));
}

static const struct {
	enum ledger ledger;
	const char *name; /* the first of the column's names */
	void (*read)(const struct cell *c, struct buf *out);
} readings[] = {
	{ LEDGER_DEVICES, "登録日", read_date },
	{ LEDGER_DEVICES, "ipアドレス", read_addresses },
	{ LEDGER_DEVICES, "利用者", read_users },
	{ LEDGER_DEVICES, "外部接続点", read_yes },
	{ LEDGER_DEVICES, "管理者ログオン", read_yes },
	{ LEDGER_ACCOUNTS, "ユーザid", read_id },
	{ LEDGER_ACCOUNTS, "権限", read_role },
	{ LEDGER_ACCOUNTS, "状態", read_expiry },
	{ LEDGER_ACCOUNTS, "発行日", read_date },
	{ LEDGER_ACCOUNTS, "接続元", read_addresses },
	{ LEDGER_MAINTENANCE, "開始", read_moment },
	{ LEDGER_MAINTENANCE, "終了", read_moment },
	{ LEDGER_MAINTENANCE, "登録日時", read_moment },
	{ LEDGER_MAINTENANCE, "作業日", read_date },
	{ LEDGER_DUTY, "日付", read_date },
	{ LEDGER_PEOPLE, "ユーザid", read_id },
	{ LEDGER_PEOPLE, "退職日", read_date },
	{ LEDGER_EXCEPTIONS, "開始日", read_date },
	{ LEDGER_EXCEPTIONS, "期限", read_date },
	{ LEDGER_EXPORTED, "ユーザid", read_id },
	{ LEDGER_EXPORTED, "パスワード変更日", read_moment },
	{ LEDGER_EXPORTED, "取得日", read_date },
};

void
outline_reading(const struct outline *o, enum ledger l, size_t row,
    size_t column, int64_t today, struct buf *out)
{
	struct cell c = { .text = o->sheet.rows[row].cells[column],
		.today = today };
	const char *names = o->columns[column].names;
	size_t i, n = strcspn(names, "|");

	if (c.text.len == 0)
		return;
	for (i = 0; i < sizeof(readings) / sizeof(readings[0]); i++)
		if (readings[i].ledger == l &&
		    span_is(span_make(names, n), readings[i].name))
			break;
	if (i == sizeof(readings) / sizeof(readings[0]))
		return;
	c.arena = arena_new();
	c.key = sheet_key(c.text, c.arena);
	n = out->len;
	readings[i].read(&c, out);
	if (span_eq(span_sub(buf_view(out), n, out->len), c.text))
		out->len = n;
	arena_free(c.arena);
}

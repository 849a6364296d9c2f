/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/expiry.h"

#include "analyzer/ledger/date.h"
#include "common/buf.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/* Longer words before those that begin them. */
static const struct {
	const char *word;
	enum expiry_base base;
} bases[] = {
	{ "使用不可", EXPIRY_DISABLED },
	{ "利用不可", EXPIRY_DISABLED },
	{ "使用可能", EXPIRY_USABLE },
	{ "利用可能", EXPIRY_USABLE },
	{ "使用可", EXPIRY_USABLE },
	{ "利用可", EXPIRY_USABLE },
	{ "使用中", EXPIRY_USABLE },
	{ "利用中", EXPIRY_USABLE },
	{ "有効", EXPIRY_USABLE },
	{ "停止中", EXPIRY_DISABLED },
	{ "停止済み", EXPIRY_DISABLED },
	{ "停止済", EXPIRY_DISABLED },
	{ "停止", EXPIRY_DISABLED },
	{ "無効", EXPIRY_DISABLED },
	{ "削除済み", EXPIRY_DISABLED },
	{ "削除済", EXPIRY_DISABLED },
	{ "削除", EXPIRY_DISABLED },
	{ "退職済み", EXPIRY_RETIRED },
	{ "退職済", EXPIRY_RETIRED },
	{ "退職", EXPIRY_RETIRED },
	{ "休職中", EXPIRY_LEAVE },
	{ "休職", EXPIRY_LEAVE },
	{ "休止中", EXPIRY_LEAVE },
	{ "休止", EXPIRY_LEAVE },
	{ "産休中", EXPIRY_LEAVE },
	{ "産休", EXPIRY_LEAVE },
	{ "育休中", EXPIRY_LEAVE },
	{ "育休", EXPIRY_LEAVE },
	{ "期限切れ", EXPIRY_EXPIRED },
	{ "期限切", EXPIRY_EXPIRED },
};

/* A wave dash is U+301C, or U+FF5E from CP932, which folds to '~'. */
static const char *const dashes[] = { "〜", "~", "-" };
static const char *const untils[] = { "末まで", "末迄", "末限り", "末", "まで",
	"迄", "限り" };
static const char *const froms[] = { "から", "より", "〜", "~" };

/* A year of two digits this far ahead may well be one of an era. */
#define CENTURY_DAYS (15 * 365)

static bool
take(struct span *s, const char *const *words, size_t n)
{
	size_t i;

	*s = text_trim(*s);
	for (i = 0; i < n; i++) {
		if (!span_starts(*s, span_str(words[i])))
			continue;
		*s = text_trim(span_sub(*s, strlen(words[i]), s->len));
		return true;
	}
	return false;
}

#define TAKE(s, words) take(s, words, sizeof(words) / sizeof((words)[0]))

/* Which parts of a limit were given. */
struct limit {
	bool from, until, alone;
	struct date first, last;
};

static bool
scan(struct span *s, struct date *d)
{
	size_t n;

	*s = text_trim(*s);
	n = date_scan(*s, d);
	*s = text_trim(span_sub(*s, n, s->len));
	return n > 0;
}

/* Read a limit; false if something is left over or no date begins it. */
static bool
parse_limit(struct span s, struct limit *l)
{
	struct date d;

	*l = (struct limit){ 0 };
	if (TAKE(&s, dashes)) {
		l->until = scan(&s, &l->last);
		(void)TAKE(&s, untils);
		return l->until && s.len == 0;
	}
	if (!scan(&s, &d))
		return false;
	if (TAKE(&s, froms)) {
		l->from = true;
		l->first = d;
		if (s.len == 0)
			return true;
		if (!scan(&s, &d))
			return false;
	}
	l->last = d;
	l->until = TAKE(&s, untils);
	if (!l->until) {
		l->alone = !l->from;
		l->until = l->from; /* from ... to ... */
		l->first = l->alone ? d : l->first;
	}
	return s.len == 0;
}

/* A month or day without a year, "4月から". */
static bool
lacks_year(struct span s)
{
	size_t i = 0;

	while (i < s.len && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	s = span_sub(s, i, s.len);
	return i > 0 && i < 3 &&
	    (span_starts(s, SPAN("月")) || span_starts(s, SPAN("/")));
}

static bool
century_doubt(const struct date *d, int64_t today)
{
	int era = d->year - 2000;

	return d->short_year && date_first(d) > today + CENTURY_DAYS &&
	    era <= 64;
}

static enum expiry_doubt
apply_limit(struct expiry *e, const struct limit *l, int64_t today)
{
	if (((l->from || l->alone) && century_doubt(&l->first, today)) ||
	    (l->until && century_doubt(&l->last, today)))
		return EXPIRY_CENTURY;
	if (e->base != EXPIRY_USABLE) {
		/* 退職（23.3.31）, 休職（2026/4/1から）: since then. */
		if (l->until && !l->from)
			return EXPIRY_LIMIT;
		e->since = date_first(&l->first);
		return EXPIRY_CLEAR;
	}
	if (l->alone)
		return EXPIRY_LIMIT;
	if (l->from)
		e->from = date_first(&l->first);
	if (l->until)
		e->until = date_last(&l->last);
	return e->from != EXPIRY_ALWAYS && e->until < e->from ? EXPIRY_ORDER
							      : EXPIRY_CLEAR;
}

static struct expiry
parse_folded(struct span s, int64_t today)
{
	struct expiry e = { EXPIRY_UNKNOWN, EXPIRY_WORD, EXPIRY_ALWAYS,
		EXPIRY_NEVER, EXPIRY_ALWAYS };
	struct limit l;
	size_t i;

	if (s.len == 0) {
		e.doubt = EXPIRY_EMPTY;
		return e;
	}
	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		if (span_starts(s, span_str(bases[i].word)))
			break;
	if (i == sizeof(bases) / sizeof(bases[0]))
		return e;
	s = text_trim(span_sub(s, strlen(bases[i].word), s.len));
	e.base = bases[i].base;
	e.doubt = EXPIRY_CLEAR;
	if (s.len == 0)
		return e;
	if (s.len < 2 || s.p[0] != '(' || s.p[s.len - 1] != ')')
		e.doubt = EXPIRY_WORD;
	else {
		s = text_trim(span_sub(s, 1, s.len - 2));
		if (parse_limit(s, &l))
			e.doubt = apply_limit(&e, &l, today);
		else
			e.doubt = lacks_year(s) ? EXPIRY_YEAR : EXPIRY_LIMIT;
	}
	/* Since when is not known: that is not "from the beginning". */
	if (e.doubt != EXPIRY_CLEAR)
		e = (struct expiry){ EXPIRY_UNKNOWN, e.doubt, EXPIRY_ALWAYS,
			EXPIRY_NEVER, EXPIRY_ALWAYS };
	return e;
}

struct expiry
expiry_parse(struct span cell, int64_t today)
{
	struct expiry e;
	struct buf b;

	buf_init(&b);
	text_fold(cell, true, &b);
	e = parse_folded(text_trim(buf_view(&b)), today);
	buf_fini(&b);
	return e;
}

enum expiry_state
expiry_on(const struct expiry *e, int64_t day)
{
	switch (e->base) {
	case EXPIRY_USABLE:
		if (day < e->from)
			return EXPIRY_IS_NOT_YET;
		return day > e->until ? EXPIRY_IS_OVER : EXPIRY_IS_USABLE;
	case EXPIRY_DISABLED:
		return day < e->since ? EXPIRY_IS_USABLE : EXPIRY_IS_DISABLED;
	case EXPIRY_RETIRED:
		/* The last day at work is still one. */
		return e->since != EXPIRY_ALWAYS && day <= e->since
		    ? EXPIRY_IS_USABLE
		    : EXPIRY_IS_DISABLED;
	case EXPIRY_LEAVE:
		return day < e->since ? EXPIRY_IS_USABLE : EXPIRY_IS_LEAVE;
	case EXPIRY_EXPIRED:
		return day < e->since ? EXPIRY_IS_USABLE : EXPIRY_IS_OVER;
	case EXPIRY_UNKNOWN:
		break;
	}
	return EXPIRY_IS_UNKNOWN;
}

const char *
expiry_doubt_text(enum expiry_doubt d)
{
	switch (d) {
	case EXPIRY_CLEAR:
		break;
	case EXPIRY_EMPTY:
		return tr("the state is empty; write 使用可, 使用不可 or a "
			  "limit",
		    "状態が空です。使用可・使用不可・期限のいずれかを記入してく"
		    "ださい");
	case EXPIRY_WORD:
		return tr("the state is not understood; write 使用可, "
			  "使用不可, "
			  "停止, 退職 or 使用可（2027年3月まで）",
		    "状態を解釈できません。使用可、使用不可、停止、退職、使用可"
		    "（2027年3月まで）などで記入してください");
	case EXPIRY_LIMIT:
		return tr("the limit is not understood; write "
			  "使用可（2027年3月まで）",
		    "期限を解釈できません。使用可（2027年3月まで）のように記入"
		    "してください");
	case EXPIRY_YEAR:
		return tr("the date has no year; write 使用可（2027年4月から）",
		    "年がありません。使用可（2027年4月から）のように年を記入し"
		    "てください");
	case EXPIRY_CENTURY:
		return tr("two digits may be a western or an era year; write "
			  "all four",
		    "西暦か和暦か判断できません。西暦4桁で記入してください");
	case EXPIRY_ORDER:
		return tr("it ends before it begins; correct the dates",
		    "終わりが始まりより前です。日付を直してください");
	}
	return "";
}

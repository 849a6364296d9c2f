/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/expiry.h"

#include "common/utc.h"
#include "tests/tap.h"

/* Days as yyyymmdd, 0 = no limit. */
static const struct {
	const char *in;
	enum expiry_base base;
	enum expiry_doubt doubt;
	int from, until, since;
} cases[] = {
	{ "使用可", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 0, 0 },
	{ " 使用可　", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 0, 0 },
	{ "使用可 (23年3月まで)", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20230331, 0 },
	{ "使用可（23年3月まで）", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20230331,
	    0 },
	{ "使用可（２３年３月まで）", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20230331,
	    0 },
	{ "使用可（令和8年3月末まで）", EXPIRY_USABLE, EXPIRY_CLEAR, 0,
	    20260331, 0 },
	{ "使用可(R8.3.31まで)", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20260331, 0 },
	{ "使用可（2026/2/28まで）", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20260228,
	    0 },
	{ "使用可(26年2月まで)", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20260228, 0 },
	{ "使用可(28年2月まで)", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20280229, 0 },
	{ "使用可(2026-03-31迄)", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20260331, 0 },
	{ "使用可(20260331限り)", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20260331, 0 },
	{ "使用可（〜2026年3月）", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20260331,
	    0 },
	{ "使用可（～2026年3月）", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20260331,
	    0 },
	{ "使用可（-2026/3/31）", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20260331, 0 },
	{ "使用可（2026年4月から）", EXPIRY_USABLE, EXPIRY_CLEAR, 20260401, 0,
	    0 },
	{ "使用可（2026年4月1日より2027年3月まで）", EXPIRY_USABLE,
	    EXPIRY_CLEAR, 20260401, 20270331, 0 },
	{ "使用可（2026/4/1〜2027/3/31）", EXPIRY_USABLE, EXPIRY_CLEAR,
	    20260401, 20270331, 0 },
	{ "使用可（2026/4/1～）", EXPIRY_USABLE, EXPIRY_CLEAR, 20260401, 0, 0 },
	{ "有効", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 0, 0 },
	{ "使用不可", EXPIRY_DISABLED, EXPIRY_CLEAR, 0, 0, 0 },
	{ "停止中", EXPIRY_DISABLED, EXPIRY_CLEAR, 0, 0, 0 },
	{ "停止", EXPIRY_DISABLED, EXPIRY_CLEAR, 0, 0, 0 },
	{ "無効", EXPIRY_DISABLED, EXPIRY_CLEAR, 0, 0, 0 },
	{ "削除済", EXPIRY_DISABLED, EXPIRY_CLEAR, 0, 0, 0 },
	{ "休職中", EXPIRY_LEAVE, EXPIRY_CLEAR, 0, 0, 0 },
	{ "休止（2026/4/1から）", EXPIRY_LEAVE, EXPIRY_CLEAR, 0, 0, 20260401 },
	{ "退職", EXPIRY_RETIRED, EXPIRY_CLEAR, 0, 0, 0 },
	{ "退職（23.3.31）", EXPIRY_RETIRED, EXPIRY_CLEAR, 0, 0, 20230331 },
	{ "退職済（令和5年3月31日）", EXPIRY_RETIRED, EXPIRY_CLEAR, 0, 0,
	    20230331 },
	{ "期限切れ", EXPIRY_EXPIRED, EXPIRY_CLEAR, 0, 0, 0 },
	{ "使用可（4月から）", EXPIRY_UNKNOWN, EXPIRY_YEAR, 0, 0, 0 },
	{ "使用可（10/1から）", EXPIRY_UNKNOWN, EXPIRY_YEAR, 0, 0, 0 },
	{ "使用可（45年3月まで）", EXPIRY_UNKNOWN, EXPIRY_CENTURY, 0, 0, 0 },
	{ "使用可（41年3月まで）", EXPIRY_USABLE, EXPIRY_CLEAR, 0, 20410331,
	    0 },
	{ "使用可（2027/4/1〜2026/3/31）", EXPIRY_UNKNOWN, EXPIRY_ORDER, 0, 0,
	    0 },
	{ "使用可（2026/2/30まで）", EXPIRY_UNKNOWN, EXPIRY_LIMIT, 0, 0, 0 },
	{ "使用可（当分の間）", EXPIRY_UNKNOWN, EXPIRY_LIMIT, 0, 0, 0 },
	{ "使用可（2026/3/31）", EXPIRY_UNKNOWN, EXPIRY_LIMIT, 0, 0, 0 },
	{ "使用可2026年3月まで", EXPIRY_UNKNOWN, EXPIRY_WORD, 0, 0, 0 },
	{ "使用可（", EXPIRY_UNKNOWN, EXPIRY_WORD, 0, 0, 0 },
	{ "停止（理由は別紙）", EXPIRY_UNKNOWN, EXPIRY_LIMIT, 0, 0, 0 },
	{ "退職（2026.13.45）", EXPIRY_UNKNOWN, EXPIRY_LIMIT, 0, 0, 0 },
	{ "退職（2026/3/31まで）", EXPIRY_UNKNOWN, EXPIRY_LIMIT, 0, 0, 0 },
	{ "休職（4月から）", EXPIRY_UNKNOWN, EXPIRY_YEAR, 0, 0, 0 },
	{ "停止（45.3.31）", EXPIRY_UNKNOWN, EXPIRY_CENTURY, 0, 0, 0 },
	{ "退職2026.3.31", EXPIRY_UNKNOWN, EXPIRY_WORD, 0, 0, 0 },
	{ "退職済み", EXPIRY_RETIRED, EXPIRY_CLEAR, 0, 0, 0 },
	{ "停止済み（2026/4/1）", EXPIRY_DISABLED, EXPIRY_CLEAR, 0, 0,
	    20260401 },
	{ "削除済み", EXPIRY_DISABLED, EXPIRY_CLEAR, 0, 0, 0 },
	{ "たぶん使える", EXPIRY_UNKNOWN, EXPIRY_WORD, 0, 0, 0 },
	{ "", EXPIRY_UNKNOWN, EXPIRY_EMPTY, 0, 0, 0 },
	{ "　", EXPIRY_UNKNOWN, EXPIRY_EMPTY, 0, 0, 0 },
};

static int64_t
day(int yyyymmdd, int64_t none)
{
	return yyyymmdd == 0
	    ? none
	    : utc_days(yyyymmdd / 10000, yyyymmdd / 100 % 100, yyyymmdd % 100);
}

static const struct {
	const char *in;
	int on;
	enum expiry_state want;
} states[] = {
	{ "使用可", 20260101, EXPIRY_IS_USABLE },
	{ "使用可(23年3月まで)", 20230331, EXPIRY_IS_USABLE },
	{ "使用可(23年3月まで)", 20230401, EXPIRY_IS_OVER },
	{ "使用可(2026年4月から)", 20260331, EXPIRY_IS_NOT_YET },
	{ "使用可(2026年4月から)", 20260401, EXPIRY_IS_USABLE },
	{ "停止(2026/4/1から)", 20260331, EXPIRY_IS_USABLE },
	{ "停止(2026/4/1から)", 20260401, EXPIRY_IS_DISABLED },
	{ "停止", 20000101, EXPIRY_IS_DISABLED },
	{ "退職(2026/3/31)", 20260331, EXPIRY_IS_USABLE },
	{ "退職(2026/3/31)", 20260401, EXPIRY_IS_DISABLED },
	{ "退職", 20260401, EXPIRY_IS_DISABLED },
	{ "休職中", 20260401, EXPIRY_IS_LEAVE },
	{ "期限切れ", 20260401, EXPIRY_IS_OVER },
	{ "?", 20260401, EXPIRY_IS_UNKNOWN },
	{ "退職（2026.13.45）", 20000101, EXPIRY_IS_UNKNOWN },
	{ "退職（2026.13.45）", 20270101, EXPIRY_IS_UNKNOWN },
	{ "期限切れ（2026.13.45）", 20270101, EXPIRY_IS_UNKNOWN },
};

int
main(void)
{
	int64_t today = utc_days(2026, 11, 20);
	struct expiry e;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		e = expiry_parse(span_str(cases[i].in), today);
		ok(e.base == cases[i].base && e.doubt == cases[i].doubt &&
			e.from == day(cases[i].from, EXPIRY_ALWAYS) &&
			e.until == day(cases[i].until, EXPIRY_NEVER) &&
			e.since == day(cases[i].since, EXPIRY_ALWAYS),
		    "'%s'", cases[i].in);
		ok((e.doubt == EXPIRY_CLEAR) ==
			(expiry_doubt_text(e.doubt)[0] == '\0'),
		    "a doubt has a sentence");
	}
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		e = expiry_parse(span_str(states[i].in), today);
		ok(expiry_on(&e, day(states[i].on, 0)) == states[i].want,
		    "'%s' on %d", states[i].in, states[i].on);
	}
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/account.h"

#include <string.h>

#include "common/buf.h"
#include "common/text.h"
#include "common/utc.h"
#include "tests/tap.h"

/* The rows of the guidance's own example. */
static const char rows[] =
    "001,システム管理,abc,def,****,abc@def,安全管理責任者,Admin,使用可\n"
    "002,A科,efg,hij,****,efg@hij,使用者,User,使用可\n"
    "003,A科,klm,nop,****,klm@nop,使用者/退職予定,User,"
    "使用可 (23年3月まで)\n"
    "004,B科,qrs,tuv,****,qrs@tuv,使用者,User,使用可\n"
    ".,.,.,.,.,.,.,.,.\n";

static const char hospital[] =
    "No.,所属部署,性,名,電話番号,ユーザID,説明,権限,状態\n";
static const char pharmacy[] =
    "No.,利用者属性,性,名,電話番号,ユーザ ID,説明,権限,状態\n";

static const char site[] = "ユーザID,氏名,状態,権限,事業者,種別,勤務,発行日\n"
			   "Tanaka,田中 一郎,使用可,User,,,夜勤,2026/4/1\n"
			   "00123,鈴木,使用可,User,,,,\n"
			   "vendor01,X社 担当,使用可,User,X社,,,\n"
			   "backup,,使用可,管理者,,システム,,\n"
			   "sato@a,佐藤,使用可,User,,,,\n"
			   "sato@b,佐藤,使用可（４月から）,User,,謎,,\n";

static const struct {
	const char *id;
	enum account_match how;
	const char *want;
} lookups[] = {
	{ "Tanaka", ACCOUNT_EXACT, "tanaka" },
	{ "ＴＡＮＡＫＡ ", ACCOUNT_EXACT, "tanaka" },
	{ "HOSPITAL\\tanaka", ACCOUNT_LOCAL, "tanaka" },
	{ "tanaka@hospital.example", ACCOUNT_LOCAL, "tanaka" },
	{ "123", ACCOUNT_ZEROS, "00123" },
	{ "0000123", ACCOUNT_ZEROS, "00123" },
	{ "sato@a", ACCOUNT_EXACT, "sato@a" },
	{ "sato", ACCOUNT_AMBIGUOUS, NULL },
	{ "sato@c", ACCOUNT_MISSING, NULL },
	{ "tanak", ACCOUNT_MISSING, NULL },
	{ "", ACCOUNT_MISSING, NULL },
};

static struct accounts *
parse(struct span csv, struct problems *ps)
{
	problems_init(ps);
	return accounts_parse(csv, "accounts.csv", utc_days(2026, 11, 20), ps);
}

static void
check_example(struct span csv, const char *what)
{
	struct problems ps;
	struct accounts *as = parse(csv, &ps);
	const struct account *a = NULL;

	ok(as != NULL && accounts_count(as) == 4 && ps.n == 0, "%s: 4 rows",
	    what);
	if (as == NULL)
		return;
	(void)accounts_find(as, SPAN("klm@nop"), &a);
	ok(a != NULL && a->row == 4 && a->leaving && !a->admin &&
		account_until(a) == utc_days(2023, 3, 31),
	    "%s: klm@nop until 2023-03-31", what);
	(void)accounts_find(as, SPAN("abc@def"), &a);
	ok(a != NULL && a->admin && span_is(a->full_name, "abcdef"),
	    "%s: abcdef is an administrator", what);
	ok(accounts_find(as, SPAN("ghi@jkl"), &a) == ACCOUNT_MISSING,
	    "%s: ghi@jkl is missing", what);
	accounts_free(as);
	problems_fini(&ps);
}

static void
check_people(struct accounts *as)
{
	static const char people[] = "氏名,ユーザID,状態,退職日\n"
				     "田中一郎,,退職,2026/9/30\n"
				     "鈴木,,在職,\n"
				     "佐藤,,退職,2026/9/30\n"
				     ",vendor01,転属,\n";
	const struct account *a;
	struct problems ps;

	problems_init(&ps);
	ok(accounts_take_people(as, span_str(people), "people.csv", &ps) == 0,
	    "people.csv is read");
	(void)accounts_find(as, SPAN("tanaka"), &a);
	ok(a != NULL &&
		account_state_on(a, utc_days(2026, 9, 30)) ==
		    EXPIRY_IS_USABLE &&
		account_state_on(a, utc_days(2026, 10, 1)) ==
		    EXPIRY_IS_DISABLED,
	    "who has left has left, by full name");
	ok(ps.notices == 2 && ps.v[0].row == 4 && ps.v[1].row == 5,
	    "two of a name and an unknown state are asked about");
	ok(accounts_take_people(as, SPAN("状態,退職日\n退職,昨日\n"), "p",
	       &ps) == -1,
	    "a bad date is refused");
	problems_fini(&ps);
}

static void
check_site(void)
{
	struct problems ps;
	struct accounts *as = parse(span_str(site), &ps);
	const struct account *a;
	enum account_match how;
	size_t i;

	ok(as != NULL && ps.notices == 2 && ps.v[0].row == 7 &&
		ps.v[1].row == 7,
	    "an unknown kind and an unclear state are notices");
	if (as == NULL)
		return;
	for (i = 0; i < sizeof(lookups) / sizeof(lookups[0]); i++) {
		how = accounts_find(as, span_str(lookups[i].id), &a);
		ok(how == lookups[i].how &&
			(a == NULL ? lookups[i].want == NULL
				   : span_is(a->key, lookups[i].want)),
		    "find '%s'", lookups[i].id);
	}
	ok(accounts_at(as, 2)->kind == ACCOUNT_VENDOR, "a vendor by company");
	ok(accounts_at(as, 3)->kind == ACCOUNT_SYSTEM &&
		accounts_at(as, 3)->admin,
	    "a system account, an administrator");
	ok(accounts_at(as, 0)->issued == utc_days(2026, 4, 1) &&
		span_is(accounts_at(as, 0)->shifts, "夜勤"),
	    "issue date and shift");
	check_people(as);
	accounts_free(as);
	problems_fini(&ps);
}

/* The base is understood, its limit is not: asked about, nothing judged. */
static void
check_unread_limit(void)
{
	struct problems ps;
	struct accounts *as =
	    parse(SPAN("ユーザID,状態\na,退職（2026.13.45）\n"), &ps);
	const struct account *a = as == NULL ? NULL : accounts_at(as, 0);

	ok(a != NULL && ps.notices == 1 && ps.v[0].row == 2,
	    "a limit that cannot be read is a notice");
	ok(a != NULL &&
		account_state_on(a, utc_days(2026, 1, 1)) ==
		    EXPIRY_IS_UNKNOWN &&
		account_state_on(a, utc_days(2027, 1, 1)) == EXPIRY_IS_UNKNOWN,
	    "and disables on no day");
	accounts_free(as);
	problems_fini(&ps);
}

int
main(void)
{
	struct problems ps;
	struct accounts *as;
	struct buf b, cp932;

	buf_init(&b);
	buf_printf(&b, "%s%s", hospital, rows);
	check_example(buf_view(&b), "hospital");
	buf_init(&cp932);
	(void)text_to_cp932(buf_view(&b), &cp932);
	check_example(buf_view(&cp932), "CP932");
	buf_fini(&cp932);
	b.len = 0;
	buf_printf(&b, "\xEF\xBB\xBF%s%s", pharmacy, rows);
	check_example(buf_view(&b), "pharmacy, UTF-8 with BOM");
	buf_fini(&b);
	check_site();
	as = parse(SPAN("ユーザID,状態\nA,使用可\nａ,停止\n"), &ps);
	ok(as == NULL && ps.v[0].row == 3, "an ID twice is refused");
	problems_fini(&ps);
	as = parse(SPAN("ユーザID,状態,システム\na,使用可,VPN\na,停止,EMR\n"),
	    &ps);
	ok(as != NULL, "an ID twice in two systems is not");
	accounts_free(as);
	problems_fini(&ps);
	check_unread_limit();
	return done();
}

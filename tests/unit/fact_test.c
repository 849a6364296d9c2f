/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/fact.h"

#include <stdlib.h>

#include "analyzer/rule/ruleset.h"
#include "analyzer/rule/usage.h"
#include "common/utc.h"
#include "tests/tap.h"

#define JST (9 * 3600)

static const char devices[] =
    "管理番号,コンピュータ名,IPアドレス,種別,リモート保守,管理者ログオン\n"
    "1,FW01,192.168.1.254,,X社,\n"
    "2,KANRI-PC,192.168.1.10,管理端末,なし,はい\n"
    "3,SV01,192.168.1.20,,,\n";
static const char accounts[] =
    "所属部署,性,名,ユーザID,説明,状態,事業者,勤務,接続元\n"
    "非常勤薬剤師,山田,太郎,yamada,,使用可,,午前,\n"
    "事務,ヤマダ,ハナコ,hanako,要注意,使用可,,,\n"
    "X社,,,vendor01,,使用可,X社,,２０３.0.113.9、198.51.100.0/28\n";
static const char maintenance[] =
    "事業者,対象機器,開始,終了\n"
    "X社,FW01,2026/11/18 9:00,2026/11/18 10:00\n";
static const char duty[] = "日付,ユーザID\n2026/11/18,hanako\n";

static const struct {
	enum fact fact;
	const char *want; /* "" = does not apply */
	const char *user, *device, *at;
	enum ecs field; /* one more */
	const char *value;
} cases[] = {
	{ FACT_ACCOUNT_KEY, "yamada", "ＹＡＭＡＤＡ", "", "10:00", 0, 0 },
	{ FACT_ACCOUNT_KEY, "nobody", "Nobody", "", "10:00", 0, 0 },
	{ FACT_ACCOUNT_KEY, "", "", "", "10:00", 0, 0 },
	{ FACT_SOURCE_KEY, "203.0.113.9", "yamada", "", "10:00", ECS_SOURCE_IP,
	    "203.0.113.9" },
	{ FACT_SOURCE_KEY, "ns-w3-07", "yamada", "", "10:00",
	    ECS_SOURCE_ADDRESS, "NS-W3-07" },
	{ FACT_SOURCE_KEY, "", "yamada", "", "10:00", 0, 0 },
	{ FACT_DEVICE_KEY, "sw99", "yamada", "SW99", "10:00", 0, 0 },
	{ FACT_DEVICE_KEY, "", "yamada", "", "10:00", 0, 0 },
	{ FACT_ACCOUNT_DEPT, "非常勤薬剤師", "yamada", "", "10:00", 0, 0 },
	{ FACT_ACCOUNT_DEPT, "", "nobody", "", "10:00", 0, 0 },
	{ FACT_ACCOUNT_NAME, "same", "yamada", "", "10:00", ECS_USER_FULL_NAME,
	    "山田　太郎" },
	{ FACT_ACCOUNT_NAME, "different", "yamada", "", "10:00",
	    ECS_USER_FULL_NAME, "山田次郎" },
	{ FACT_ACCOUNT_NAME, "", "yamada", "", "10:00", ECS_USER_FULL_NAME,
	    "ヤマダタロウ" },
	{ FACT_ACCOUNT_NAME, "", "yamada", "", "10:00", ECS_USER_FULL_NAME,
	    "Taro Yamada" },
	{ FACT_ACCOUNT_NAME, "", "hanako", "", "10:00", ECS_USER_FULL_NAME,
	    "やまだはなこ" },
	{ FACT_ACCOUNT_NAME, "", "vendor01", "", "10:00", ECS_USER_FULL_NAME,
	    "佐藤" },
	{ FACT_ACCOUNT_ROSTER, "no", "yamada", "", "10:00", 0, 0 },
	{ FACT_ACCOUNT_ROSTER, "yes", "hanako", "", "10:00", 0, 0 },
	{ FACT_ACCOUNT_WATCHED, "yes", "hanako", "", "10:00", 0, 0 },
	{ FACT_ACCOUNT_WATCHED, "no", "yamada", "", "10:00", 0, 0 },
	{ FACT_TARGET_KNOWN, "yes", "x", "", "10:00", ECS_USER_TARGET_NAME,
	    "HOSP\\yamada" },
	{ FACT_TARGET_KNOWN, "no", "x", "", "10:00", ECS_USER_TARGET_NAME,
	    "support2" },
	{ FACT_TARGET_KNOWN, "", "x", "", "10:00", ECS_USER_TARGET_NAME,
	    "CN=support2,OU=x" },
	{ FACT_TARGET_KNOWN, "", "x", "", "10:00", 0, 0 },
	{ FACT_SOURCE_MANAGER, "yes", "x", "", "10:00", ECS_SOURCE_IP,
	    "192.168.1.10" },
	{ FACT_SOURCE_MANAGER, "no", "x", "", "10:00", ECS_SOURCE_IP,
	    "192.168.1.20" },
	{ FACT_SOURCE_MANAGER, "no", "x", "", "10:00", ECS_SOURCE_IP,
	    "203.0.113.9" },
	{ FACT_SOURCE_MANAGER, "", "x", "", "10:00", ECS_SOURCE_IP,
	    "127.0.0.1" },
	{ FACT_SOURCE_MANAGER, "", "x", "", "10:00", 0, 0 },
	{ FACT_SOURCE_ALLOWED, "yes", "vendor01", "", "10:00", ECS_SOURCE_IP,
	    "203.0.113.9" },
	{ FACT_SOURCE_ALLOWED, "yes", "vendor01", "", "10:00", ECS_SOURCE_IP,
	    "198.51.100.15" },
	{ FACT_SOURCE_ALLOWED, "no", "vendor01", "", "10:00", ECS_SOURCE_IP,
	    "198.51.100.16" },
	{ FACT_SOURCE_ALLOWED, "", "yamada", "", "10:00", ECS_SOURCE_IP,
	    "198.51.100.16" },
	{ FACT_DEVICE_ADMIN, "yes", "x", "KANRI-PC", "10:00", 0, 0 },
	{ FACT_DEVICE_ADMIN, "no", "x", "SV01", "10:00", 0, 0 },
	{ FACT_DEVICE_REMOTE, "allowed", "x", "FW01", "10:00", 0, 0 },
	{ FACT_DEVICE_REMOTE, "none", "x", "KANRI-PC", "10:00", 0, 0 },
	{ FACT_DEVICE_REMOTE, "unsaid", "x", "SV01", "10:00", 0, 0 },
	{ FACT_DEVICE_REMOTE, "", "x", "NEW9", "10:00", 0, 0 },
	{ FACT_SESSION_MINUTES, "1", "x", "", "10:00", ECS_EVENT_DURATION,
	    "119000000000" },
	{ FACT_SESSION_MINUTES, "", "x", "", "10:00", 0, 0 },
	{ FACT_SESSION_NIGHT, "no", "x", "", "04:59", ECS_EVENT_DURATION,
	    "36000000000000" },
	{ FACT_SESSION_NIGHT, "yes", "x", "", "05:00", ECS_EVENT_DURATION,
	    "18000000000000" },
	{ FACT_SESSION_NIGHT, "no", "x", "", "05:00", ECS_EVENT_DURATION,
	    "17999000000000" },
	{ FACT_SESSION_NIGHT, "yes", "x", "", "01:00", ECS_EVENT_DURATION,
	    "172800000000000" },
	{ FACT_PLAN_EXCEEDED, "no", "vendor01", "FW01", "09:30", 0, 0 },
	{ FACT_PLAN_EXCEEDED, "device", "vendor01", "SV01", "09:30", 0, 0 },
	{ FACT_PLAN_EXCEEDED, "no", "vendor01", "SV01", "12:00", 0, 0 },
	{ FACT_PLAN_EXCEEDED, "time", "vendor01", "FW01", "12:00",
	    ECS_EVENT_DURATION, "7200000000000" },
	{ FACT_PLAN_EXCEEDED, "no", "vendor01", "FW01", "12:00",
	    ECS_EVENT_DURATION, "60000000000" },
	{ FACT_PLAN_EXCEEDED, "no", "yamada", "SV01", "09:30", 0, 0 },
};

static void
check_case(const struct fact_site *site, size_t i, struct arena *arena)
{
	struct event e = { 0 };
	struct facts fs;
	int64_t at;
	int zone;

	(void)utc_parse(span_str(arena_printf(arena, "2026-11-18T%s:00+09:00",
			    cases[i].at)),
	    &at, &zone);
	event_add(&e, ECS_USER_NAME, span_str(cases[i].user));
	event_add(&e, ECS_OBSERVER_NAME, span_str(cases[i].device));
	if (cases[i].value != NULL)
		event_add(&e, cases[i].field, span_str(cases[i].value));
	facts_init(&fs, site, &e, at, arena);
	ok(span_is(facts_get(&fs, cases[i].fact), cases[i].want),
	    "%s of %s %s %s: %s", fact_name(cases[i].fact), cases[i].user,
	    cases[i].device, cases[i].value == NULL ? "" : cases[i].value,
	    cases[i].want);
}

int
main(void)
{
	struct ledger_bytes in = { .devices = span_str(devices),
		.accounts = span_str(accounts),
		.maintenance = span_str(maintenance),
		.duty = span_str(duty) };
	const char *srcdir = getenv("srcdir");
	struct arena *arena = arena_new();
	struct prefixes internal = { 0 }, vpn = { 0 };
	struct fact_site site = { .internal = &internal, .vpn = &vpn };
	struct settings settings;
	struct yaml_error err;
	struct problems ps;
	size_t i;

	problems_init(&ps);
	site.calendar = calendar_default(NULL);
	site.ledgers = ledgers_parse(&in, utc_days(2026, 11, 18), JST, &ps);
	ok(site.ledgers != NULL &&
		ruleset_settings(arena_printf(arena, "%s/rules",
				     srcdir != NULL ? srcdir : "."),
		    "default", arena, &settings, &err) == 0,
	    "ledgers and settings");
	site.settings = &settings;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_case(&site, i, arena);
	ledgers_free((struct ledgers *)(uintptr_t)site.ledgers);
	calendar_free((struct calendar *)(uintptr_t)site.calendar);
	problems_fini(&ps);
	arena_free(arena);
	return done();
}

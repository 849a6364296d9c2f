/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/fact_memo.h"
#include "analyzer/rule/ruleset.h"
#include "common/utc.h"
#include "tests/tap.h"

/* What the ledger knows of the two ends of a connection. */
static const char devices[] =
    "管理番号,コンピュータ名,IPアドレス,MAC,種別,状態,登録日,利用者\n"
    "001,KARTE,192.168.10.5,00-00-5E-00-53-01,サーバ,稼働,2026/4/1,田中 "
    "一郎（内科）\n"
    "002,WARD1,192.168.10.21,00:00:5e:00:53:02,,停止,2026/12/1,\n"
    "003,WARD2,192.168.10.22,,,稼働,,田中 一郎、佐藤 花子\n"
    "004,DESK,192.168.10.23,,,稼働,,受付\n"
    "005,DESK2,192.168.10.24,,,稼働,,SATO\n";

static const struct {
	const char *source, *mac, *to, *inner, *fact, *value;
} rows[] = {
	{ "192.168.10.5", "", "", "", "source.known", "yes" },
	{ "192.168.10.9", "", "", "", "source.known", "no" },
	{ "", "", "", "", "source.known", "" },
	{ "", "00-00-5E-00-53-02", "", "", "source.known", "yes" },
	{ "192.168.10.5", "", "", "", "source.server", "yes" },
	{ "192.168.10.21", "", "", "", "source.server", "no" },
	{ "192.168.10.9", "", "", "", "source.server", "" },
	/* The address decides, the MAC only where it tells nothing. */
	{ "192.168.10.5", "00-00-5E-00-53-02", "", "", "source.state",
	    "running" },
	{ "192.168.10.9", "00-00-5E-00-53-02", "", "", "source.state",
	    "stopped" },
	{ "192.168.10.5", "", "", "", "source.registered", "yes" },
	{ "192.168.10.21", "", "", "", "source.registered", "no" },
	{ "192.168.10.5", "", "", "", "source.plan", "covered" },
	{ "192.168.10.21", "", "", "", "source.plan", "none" },
	{ "192.168.10.77", "", "", "", "source.plan", "covered" },
	{ "", "", "", "", "source.plan", "none" },
	{ "", "00-00-5E-00-53-01", "", "", "source.mac_known", "yes" },
	{ "", "00-00-5E-00-53-99", "", "", "source.mac_known", "no" },
	{ "192.168.10.5", "", "", "", "source.mac_known", "" },
	{ "", "", "203.0.113.5", "", "destination.side", "wan" },
	{ "", "", "192.168.10.5", "", "destination.side", "lan" },
	{ "", "", "10.9.0.7", "", "destination.side", "vpn" },
	{ "", "", "203.0.113.5", "192.168.10.5", "destination.side", "lan" },
	{ "", "", "www.example.jp", "", "destination.side", "" },
	{ "", "", "", "", "destination.side", "" },
};

static const struct {
	const char *host, *user, *fact, *value;
} hosts[] = {
	{ "KARTE", "tanaka", "host.user", "yes" },
	{ "KARTE", "sato", "host.user", "no" },
	{ "karte.hosp.local", "sato", "host.server", "yes" },
	{ "karte.hosp.local", "sato", "host.key", "001" },
	{ "Stranger", "sato", "host.key", "stranger" },
	{ "KARTE", "stranger", "host.user", "" },
	{ "WARD1", "sato", "host.user", "" }, /* nobody is named */
	{ "WARD2", "sato", "host.user", "" }, /* it is shared */
	{ "DESK", "sato", "host.user", "" },  /* not a person */
	{ "DESK2", "sato", "host.user", "yes" },
	{ "DESK2", "tanaka", "host.user", "no" },
	{ "NEW", "sato", "host.user", "" },
	{ "NEW", "sato", "host.server", "" },
	{ "192.168.10.5", "sato", "host.server", "yes" },
	{ "", "sato", "host.server", "no" }, /* the device that logged */
};

static struct ledgers *
make_ledgers(const char *table)
{
	static const char plan[] =
	    "事業者,対象機器,開始,終了\n"
	    "X社,KARTE、192.168.10.77,2026/11/18 9:00,2026/11/18 12:00\n"
	    "Y社,,2026/11/18 9:00,2026/11/18 12:00\n";
	static const char accounts[] = "ユーザID,氏名,状態\n"
				       "tanaka,田中 一郎,使用可\n"
				       "sato,佐藤 花子,使用可\n";
	struct ledger_bytes in = { .accounts = span_str(accounts),
		.devices = span_str(table),
		.maintenance = span_str(plan) };
	struct problems ps;
	struct ledgers *l;

	problems_init(&ps);
	l = ledgers_parse(&in, utc_days(2026, 11, 20), 9 * 3600, &ps);
	problems_fini(&ps);
	return l;
}

static struct fact_memo *memo; /* of all events with these ledgers */

/* What came before makes no difference: all facts are as without a memo. */
static void
check_memo(struct facts *fs)
{
	struct facts with;
	unsigned f, n = 0;

	facts_init(&with, fs->site, fs->event, fs->time, fs->arena);
	with.memo = memo;
	for (f = 0; f < FACT_COUNT; f++)
		n += span_eq(facts_get(fs, (enum fact)f),
		    facts_get(&with, (enum fact)f));
	ok(n == FACT_COUNT, "the same of all facts with a memo");
}

static void
check(const struct fact_site *site, size_t i, const char *value)
{
	struct arena *arena = arena_new();
	static struct event ev;
	struct facts fs;
	enum fact f;
	int64_t at = 0;
	int zone;

	event_clear(&ev);
	(void)utc_parse(SPAN("2026-11-18T10:00:00+09:00"), &at, &zone);
	event_add(&ev, ECS_SOURCE_IP, span_str(rows[i].source));
	event_add(&ev, ECS_SOURCE_MAC, span_str(rows[i].mac));
	event_add(&ev, ECS_DESTINATION_ADDRESS, span_str(rows[i].to));
	event_add(&ev, ECS_DESTINATION_NAT_IP, span_str(rows[i].inner));
	facts_init(&fs, site, &ev, at, arena);
	ok(fact_parse(span_str(rows[i].fact), &f) == 0 &&
		span_is(facts_get(&fs, f), value),
	    "%s of %s%s%s is '%s'", rows[i].fact, rows[i].source, rows[i].mac,
	    rows[i].to, value);
	check_memo(&fs);
	arena_free(arena);
}

/* A console that is no server writes of another computer. */
static void
check_host(const struct fact_site *site, size_t i)
{
	struct arena *arena = arena_new();
	static struct event ev;
	struct facts fs;
	enum fact f;

	event_clear(&ev);
	event_add(&ev, ECS_OBSERVER_NAME, SPAN("WARD1"));
	event_add(&ev, ECS_HOST_NAME, span_str(hosts[i].host));
	event_add(&ev, ECS_USER_NAME, span_str(hosts[i].user));
	facts_init(&fs, site, &ev, 0, arena);
	ok(fact_parse(span_str(hosts[i].fact), &f) == 0 &&
		span_is(facts_get(&fs, f), hosts[i].value),
	    "%s of %s on '%s' is '%s'", hosts[i].fact, hosts[i].user,
	    hosts[i].host, hosts[i].value);
	check_memo(&fs);
	arena_free(arena);
}

/* More addresses and names than there is room for, twice. */
static void
check_many(const struct fact_site *site)
{
	const struct devices *ds = site->ledgers->devices;
	char text[ADDRESS_TEXT + 64];
	const struct fact_place *p;
	struct address a;
	unsigned i, n = 0, names = 0;

	for (i = 0; i < 20000; i++) {
		snprintf(text, sizeof(text), "192.168.%u.%u", i % 100,
		    i % 10000 / 100);
		p = fact_memo_place(memo, span_str(text));
		(void)address_parse(span_str(text), &a);
		n += p->is_address && address_eq(&p->address, &a) &&
		    p->device == devices_by_address(ds, &a);
		snprintf(text, sizeof(text), "%s%u",
		    i % 2 == 0 ? "WARD" : "DESK", i % 1000);
		names += fact_memo_device(memo, span_str(text)) ==
		    devices_by_name(ds, span_str(text));
	}
	ok(n == 20000 && names == 20000, "the last ones are known as well");
	snprintf(text, sizeof(text), "%60s", "192.168.10.5");
	ok(!fact_memo_place(memo, span_str(text))->is_address &&
		!fact_memo_place(memo, SPAN(""))->is_address &&
		fact_memo_device(memo, SPAN("")) == NULL,
	    "what is too long or empty is nothing");
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	static struct prefixes internal, vpn;
	struct fact_site site = { 0 };
	struct yaml_error err;
	struct ruleset *rules;
	struct calendar *calendar;
	struct ledgers *l;
	struct prefix p;
	char dir[4096];
	size_t i;

	snprintf(dir, sizeof(dir), "%s/rules", srcdir != NULL ? srcdir : ".");
	if ((rules = ruleset_load(dir, "default", &err)) == NULL) {
		ok(0, "rules: %s", err.what);
		return done();
	}
	site.settings = &rules->settings;
	site.calendar = calendar = calendar_default(rules->holidays);
	prefixes_add_private(&internal);
	if (prefix_parse(SPAN("10.9.0.0/16"), &p) == 0)
		prefixes_add(&vpn, p);
	site.internal = &internal;
	site.vpn = &vpn;
	site.ledgers = l = make_ledgers(devices);
	memo = fact_memo_new(&site);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&site, i, rows[i].value);
	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		check_host(&site, i);
	check_many(&site);
	ledgers_free(l);
	fact_memo_free(memo);
	memo = fact_memo_new(&site);
	site.ledgers = l = make_ledgers("管理番号,コンピュータ名\n");
	check(&site, 0, "");
	check(&site, 16, "");
	fact_memo_free(memo);
	ledgers_free(l);
	prefixes_fini(&internal);
	prefixes_fini(&vpn);
	calendar_free(calendar);
	ruleset_free(rules);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/roster.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/rule/scope.h"
#include "common/utc.h"
#include "tests/tap.h"

static const char accounts[] =
    "ユーザID,権限,状態,種別,事業者,説明\n"
    "Ａdmin01,Admin,使用可,,,\n"
    "admin02@hosp,Admin,使用可,,,\n"
    "admin03,Admin,停止,,,\n"
    "vendor01,User,使用可,,X社,\n"
    "we*ird,User,使用可,共用,,\n"
    "sato,User,使用可,,,退職予定\n";
static const char identities[] = "ユーザID,別ID\nadmin01,E0001\n";
static const char devices[] =
    "管理番号,コンピュータ名,IPアドレス,種別,状態,外部通信\n"
    "1,EMR1,10.1.1.1,サーバ,稼働,なし\n"
    "2,PC1,10.1.1.2,,稼働,\n"
    "3,OLD,10.1.1.3,サーバ,停止,\n";

static struct arena *arena;
static struct placeholders *names;

/* Whether an event with that value of user.name (or host.name) fits. */
static bool
fits(const char *rule, enum ecs field, const char *value)
{
	struct detection_pool pool = { 0 };
	static struct settings settings;
	struct scope_reader s;
	struct yaml_error err = { .what = "" };
	struct yaml_node *n;
	struct detection *d;
	static struct event e;
	struct view v;
	bool any;

	n = yaml_parse(span_str(rule), "t", arena, &err);
	scope_reader_init(&s, SCOPE_FIELDS, &settings);
	s.r.arena = arena;
	s.r.file = "t";
	s.r.err = &err;
	s.r.pool = &pool;
	s.names = names;
	if (n == NULL || (d = detection_parse(n, &s.r)) == NULL) {
		printf("# %u: %s\n", err.line, err.what);
		return false;
	}
	event_clear(&e);
	event_add(&e, field, span_str(value));
	scope_view_init(&v);
	scope_view(&v, &e, NULL);
	any = detection_match(d, &v);
	view_fini(&v);
	detection_pool_fini(&pool);
	return any;
}

#define USER(name)                                                             \
	"s: {user.name|expand: '%" name "%'}\n"                                \
	"condition: s\n"
#define HOST(name)                                                             \
	"s: {host.name|expand: '%" name "%'}\n"                                \
	"condition: s\n"

static const struct {
	const char *rule, *value;
	bool fits;
} rows[] = { { USER("admins"), "admin01", true },
	{ USER("admins"), "ADMIN01", true },
	{ USER("admins"), "Ａdmin01", true },
	{ USER("admins"), "HOSP\\admin01", true },
	{ USER("admins"), "admin01@hosp.example", true },
	{ USER("admins"), "e0001", true },
	{ USER("admins"), "admin02@hosp", true },
	{ USER("admins"), "admin02", true },
	{ USER("admins"), "admin02@other", false },
	{ USER("admins"), "admin03", false }, { USER("admins"), "sato", false },
	{ USER("admins"), "xadmin01", false },
	{ USER("disabled_accounts"), "admin03", true },
	{ USER("disabled_accounts"), "admin01", false },
	{ USER("vendor_accounts"), "vendor01", true },
	{ USER("vendor_accounts"), "sato", false },
	{ USER("shared_accounts"), "we*ird", true },
	{ USER("shared_accounts"), "wexird", false },
	{ USER("leavers"), "sato", true }, { USER("accounts"), "sato", true },
	{ USER("accounts"), "x", false },
	{ USER("system_accounts"), "sato", false },
	{ "s: {user.name|exists: yes}\nn: {user.name|expand: "
	  "'%system_accounts%'}\ncondition: s and not n\n",
	    "sato", true },
	{ "s: {user.name|contains|all|expand: '%system_accounts%'}\n"
	  "condition: s\n",
	    "sato", false },
	{ HOST("servers"), "emr1", true },
	{ HOST("servers"), "emr1.hosp.example", true },
	{ HOST("servers"), "emr10", false }, { HOST("servers"), "pc1", false },
	{ HOST("servers"), "old", false },
	{ HOST("stopped_devices"), "old", true },
	{ HOST("isolated_devices"), "EMR1", true },
	{ HOST("devices"), "pc1", true },
	{ "s: {host.name|cidr|expand: '%server_addresses%'}\ncondition: s\n",
	    "10.1.1.1", true },
	{ "s: {host.name|cidr|expand: '%server_addresses%'}\ncondition: s\n",
	    "10.1.1.2", false },
	{ "s: {host.name|cidr|expand: '%vpn_networks%'}\ncondition: s\n",
	    "10.9.3.4", true },
	{ "s: {host.name|cidr|expand: '%vpn_networks%'}\ncondition: s\n",
	    "10.10.3.4", false },
	{ "s: {host.name|cidr|expand: '%internal_networks%'}\ncondition: s\n",
	    "10.9.3.4", false } };

int
main(void)
{
	struct ledger_bytes in = { .accounts = span_str(accounts),
		.identities = span_str(identities),
		.devices = span_str(devices) };
	struct prefixes vpn = { NULL, 0 };
	struct placeholder p;
	struct problems ps;
	struct ledgers *l;
	struct prefix net;
	size_t i;

	arena = arena_new();
	problems_init(&ps);
	l = ledgers_parse(&in, utc_days(2026, 11, 20), 9 * 3600, &ps);
	ok(l != NULL && prefix_parse(SPAN("10.9.0.0/16"), &net) == 0,
	    "ledgers");
	prefixes_add(&vpn, net);
	names = roster_names(l, NULL, &vpn, arena);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(fits(rows[i].rule,
		       strstr(rows[i].rule, "host") != NULL ? ECS_HOST_NAME
							   : ECS_USER_NAME,
		       rows[i].value) == rows[i].fits,
		    "%s %s %.40s", rows[i].value,
		    rows[i].fits ? "fits" : "does not fit", rows[i].rule);
	ok(roster_has(SPAN("admins")) && !roster_has(SPAN("admin")),
	    "names are known as they are written");
	ok(placeholders_get(names, SPAN("nobody"), &p) == -1,
	    "others stand for nothing");
	names = roster_names(NULL, NULL, NULL, arena);
	ok(placeholders_get(names, SPAN("admins"), &p) == 0 && p.n == 0,
	    "without ledgers a name has no values");
	ledgers_free(l);
	prefixes_fini(&vpn);
	problems_fini(&ps);
	arena_free(arena);
	return done();
}

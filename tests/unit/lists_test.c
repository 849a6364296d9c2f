/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/ledger/firmware.h"
#include "analyzer/ledger/sheet.h"
#include "analyzer/ledger/support.h"
#include "analyzer/ledger/ledger.h"
#include "common/utc.h"
#include "tests/tap.h"

/* The lists beside the ledgers: exported accounts, IDs, networks, firmware. */

#define ACCOUNTS                                                               \
	"ユーザID,状態\nsato,使用可\nsuzuki,使用可\n00123,使用可\n"

static struct ledgers *
parse(const char *exported, const char *identities, const char *networks,
    struct problems *ps)
{
	struct ledger_bytes in = { .accounts = span_str(ACCOUNTS),
		.exported = span_str(exported),
		.identities = span_str(identities),
		.networks = span_str(networks) };

	problems_init(ps);
	return ledgers_parse(&in, utc_days(2026, 11, 20), 9 * 3600, ps);
}

static const char *
who(const struct ledgers *l, const char *id)
{
	const struct account *a;
	static char text[64];

	(void)accounts_find(l->accounts, span_str(id), &a);
	if (a == NULL)
		return "";
	snprintf(text, sizeof(text), "%.*s", (int)a->key.len,
	    (const char *)a->key.p);
	return text;
}

static void
check_identities(void)
{
	static const struct {
		const char *id, *want;
	} rows[] = { { "E0001", "sato" }, { "ｅ０００１", "sato" },
		{ "HOSP\\e0001", "sato" },
		{ "k.suzuki@hosp.example", "suzuki" },
		{ "k.suzuki", "suzuki" }, { "e0002", "" }, { "sato", "sato" } };
	struct problems ps;
	struct ledgers *l;
	size_t i;

	l = parse("",
	    "ユーザID,別ID\nsato,E0001\nsuzuki,K.Suzuki@hosp.example\n", "",
	    &ps);
	ok(l != NULL && l->kept[LEDGER_IDENTITIES] && !l->kept[LEDGER_PEOPLE],
	    "the table of IDs is read");
	for (i = 0; l != NULL && i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(strcmp(who(l, rows[i].id), rows[i].want) == 0,
		    "%s is %s", rows[i].id, rows[i].want);
	ledgers_free(l);
	problems_fini(&ps);
	l = parse("", "ユーザID,別ID\nsato,suzuki\n", "", &ps);
	ok(l == NULL && ps.errors == 1 && ps.v[0].row == 2 &&
		strcmp(ps.v[0].file, "identities.csv") == 0,
	    "an ID of another person is refused, with its row");
	ledgers_free(l);
	problems_fini(&ps);
	l = parse("", "ユーザID,別ID\nsato,x\nsuzuki,x\n", "", &ps);
	ok(l == NULL && ps.errors == 1 && ps.v[0].row == 3,
	    "so is one other ID of two people");
	ledgers_free(l);
	problems_fini(&ps);
	l = parse("", "ユーザID,別ID\nmori,x\nsato,\n", "", &ps);
	ok(l == NULL && ps.errors == 2, "and what names nobody, or no ID");
	ledgers_free(l);
	problems_fini(&ps);
}

static void
check_exported(void)
{
	const struct exported *e;
	const struct account *a;
	struct problems ps;
	struct ledgers *l;

	l = parse("SamAccountName,Enabled,MemberOf,PasswordLastSet,取得日\n"
		  "SATO,True,\"CN=Domain Admins,CN=Users\",2026/5/1 9:12:33,"
		  "2026/11/1\n"
		  "HOSP\\sato,True,,2026/4/1,\n"
		  "old,False,Users,,\n",
	    "", "", &ps);
	ok(l != NULL && exports_count(l->exported) == 3, "exported accounts");
	e = exports_at(l->exported, 0);
	ok(e->admin && !e->disabled &&
		e->password_set == utc_days(2026, 5, 1) &&
		e->taken == utc_days(2026, 11, 1) &&
		span_is(e->key, "sato"),
	    "of a directory, with the time of day");
	e = exports_at(l->exported, 2);
	ok(!e->admin && e->disabled && e->password_set == INT64_MIN,
	    "a disabled one whose password nobody says");
	(void)accounts_find(l->accounts, SPAN("sato"), &a);
	ok(a->password_set == utc_days(2026, 5, 1) &&
		a->password_taken == utc_days(2026, 11, 1),
	    "the account learns the newest day");
	(void)accounts_find(l->accounts, SPAN("suzuki"), &a);
	ok(a->password_set == INT64_MIN, "others learn nothing");
	ledgers_free(l);
	problems_fini(&ps);
	l = parse("ユーザID,パスワード変更日\nx,いつか\n,\n", "", "", &ps);
	ok(l == NULL && ps.errors >= 1 && ps.v[0].row == 2 &&
		strcmp(ps.v[0].column, "パスワード変更日") == 0,
	    "a day that is none is refused, with row and column");
	ledgers_free(l);
	problems_fini(&ps);
}

static uint32_t
as_of(const struct ledgers *l, const char *text)
{
	const struct network *n;
	struct address a;

	if (address_parse(span_str(text), &a) == -1)
		return 0;
	n = networks_find(l->networks, &a);
	return n == NULL ? 0 : n->as;
}

static void
check_networks(void)
{
	static const struct {
		const char *address;
		uint32_t as;
	} rows[] = { { "203.0.113.1", 64500 }, { "203.0.113.129", 64501 },
		{ "203.0.113.255", 64501 }, { "203.0.113.127", 64500 },
		{ "203.0.114.0", 0 }, { "203.0.112.255", 0 },
		{ "198.51.100.7", 64502 }, { "198.51.100.8", 0 },
		{ "192.0.2.1", 64504 }, { "192.0.2.200", 64505 },
		{ "192.0.3.1", 0 }, { "2001:db8::1", 64503 },
		{ "2001:db9::1", 0 } };
	struct problems ps;
	struct ledgers *l;
	size_t i;

	l = parse("", "",
	    "network,asn,country\n"
	    "203.0.113.128/25,AS64501,JP\n"
	    "2001:db8::/32,64503,\n"
	    "203.0.113.0/24,64500,JP\n"
	    "198.51.100.7,64502,\n"
	    "192.0.2.0/25,64504,\n"
	    "192.0.2.0/24,64505,\n",
	    &ps);
	ok(l != NULL && networks_count(l->networks) == 6, "networks");
	for (i = 0; l != NULL && i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(as_of(l, rows[i].address) == rows[i].as, "%s is of AS %u",
		    rows[i].address, rows[i].as);
	ledgers_free(l);
	problems_fini(&ps);
	l = parse("", "", "network,asn\n203.0.113.0/33,AS1\n192.0.2.0/24,x\n",
	    &ps);
	ok(l == NULL && ps.errors == 2, "what is no network, or no number");
	ledgers_free(l);
	problems_fini(&ps);
}

static const struct network *
network(const struct ledgers *l, const char *address)
{
	static const struct network none;
	const struct network *n;
	struct address a;

	if (l == NULL || address_parse(span_str(address), &a) != 0)
		return &none;
	n = networks_find(l->networks, &a);
	return n == NULL ? &none : n;
}

static void
check_places(void)
{
	static const char *const bad[] = {
		"network,latitude,longitude\n203.0.113.0/24,35.6,\n",
		"network,latitude,longitude\n203.0.113.0/24,,139.7\n",
		"network,latitude,longitude\n203.0.113.0/24,91,0\n",
		"network,latitude,longitude\n203.0.113.0/24,0,-180.5\n",
		"network,latitude,longitude\n203.0.113.0/24,35.6.1,0\n",
		"network,latitude,longitude\n203.0.113.0/24,N35,0\n",
		"network,latitude,longitude\n203.0.113.0/24,-,0\n",
		"network,latitude,longitude,accuracy_radius\n"
		"203.0.113.0/24,1,1,-5\n",
	};
	const struct network *tokyo, *sydney;
	struct problems ps;
	struct ledgers *l;
	double km;
	size_t i;

	l = parse("", "",
	    "ネットワーク,緯度,経度,誤差,施設\n"
	    "203.0.113.0/24,35.68,139.77,20,\n"
	    "198.51.100.0/24,-33.87,151.21,30,\n"
	    "10.1.0.0/16,,,,中央 病院\n10.1.2.0/24,,,,\n"
	    "203.0.113.128/25,,,,支所\n192.0.2.0/24,,,,\n",
	    &ps);
	tokyo = network(l, "203.0.113.200");
	sydney = network(l, "198.51.100.1");
	km = network_distance(tokyo, sydney);
	ok(l != NULL && networks_have_places(l->networks) &&
		tokyo->has_place && span_is(tokyo->site, "支所"),
	    "a network is where the one around it is, unless it says so");
	ok(km > 7700 && km < 7830, "Tokyo to Sydney, less what they are off: "
	    "%.0f km", km);
	ok(network_distance(tokyo, tokyo) == 0, "no less than nothing");
	ok(span_is(network(l, "10.1.2.9")->site, "中央病院"),
	    "likewise its institution");
	ok(!network(l, "192.0.2.1")->has_place &&
		network(l, "192.0.2.1")->site.len == 0,
	    "and one that stands alone says nothing");
	ledgers_free(l);
	problems_fini(&ps);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		l = parse("", "", bad[i], &ps);
		ok(l == NULL && ps.errors == 1 && ps.v[0].row == 2 &&
			ps.v[0].column[0] != '\0',
		    "refused with row and column: %.60s", strchr(bad[i], '\n') +
		    1);
		ledgers_free(l);
		problems_fini(&ps);
	}
	l = parse("", "", "network\n192.0.2.0/24\n", &ps);
	ok(l != NULL && !networks_have_places(l->networks), "no place at all");
	ledgers_free(l);
	problems_fini(&ps);
}

static void
check_patients(void)
{
	static const char table[] =
	    "患者ID,性,氏名,住所,診療科,要配慮\n"
	    "00012,男,佐藤　太郎,見本市１,内科,著名人\n"
	    "0A1,,,,,いいえ\n12,,,,外科,\n7,,鈴木,,,\n";
	struct ledger_bytes in = { .patients = span_str(table) };
	const struct patient *p;
	struct problems ps;
	struct ledgers *l;

	problems_init(&ps);
	l = ledgers_parse(&in, utc_days(2026, 11, 20), 9 * 3600, &ps);
	ok(l != NULL && l->kept[LEDGER_PATIENTS] &&
		patients_find(l->patients, SPAN("7")) != NULL,
	    "the list of patients");
	p = patients_find(l->patients, SPAN("１２"));
	ok(p != NULL && p->row == 2 && p->care && p->next != NULL &&
		p->next->row == 4 && !p->next->care && p->next->next == NULL,
	    "all rows of one, whatever zeros and width");
	ok(span_is(p->surname, "佐藤") && span_is(p->full_name, "佐藤太郎") &&
		span_is(p->address, "見本市1"),
	    "a name up to the blank is the surname");
	p = patients_find(l->patients, SPAN("A1"));
	ok(p != NULL && !p->care, "いいえ is no");
	ok(patients_find(l->patients, SPAN("13")) == NULL &&
		patients_find(l->patients, SPAN("")) == NULL,
	    "others are not found");
	ledgers_free(l);
	problems_fini(&ps);
	problems_init(&ps);
	in.patients = SPAN("患者番号,診療科\n,内科\n");
	l = ledgers_parse(&in, utc_days(2026, 11, 20), 9 * 3600, &ps);
	ok(l == NULL && ps.errors == 1 && ps.v[0].row == 2 &&
		strcmp(ps.v[0].column, "患者番号") == 0 &&
		strcmp(ps.v[0].file, "patients.csv") == 0,
	    "a row of nobody is refused, with file, row and column");
	ledgers_free(l);
	problems_fini(&ps);
}

static void
check_firmware(void)
{
	static const char table[] = "製品,系列,修正版,脆弱性,公表日\n"
				    "FortiOS|FortiGate,7.0,7.0.14,A,2024/2/8\n"
				    "FortiOS|FortiGate,7.0,7.0.17,B,2025/1/14\n"
				    "Connect Secure,22.7,22.7R2.5,C,2025/1/8\n"
				    "Any,,3.0,D,2025/1/8\n";
	static const struct {
		const char *product, *version;
		int day; /* of 2025 */
		bool known;
		const char *lacks;
	} rows[] = { { "fortinetfortigate", "v7.0.13", 200, true, "7.0.17" },
		{ "fortios", "7.0.15", 10, true, "" },
		{ "fortios", "7.0.15", 14, true, "7.0.17" },
		{ "fortios", "7.0.17", 200, true, "" },
		{ "fortios", "7.0.100", 200, true, "" },
		{ "fortios", "7.2.1", 200, false, "" },
		{ "fortios", "70.0", 200, false, "" },
		{ "fortios", "?", 200, false, "" },
		{ "ivanticonnectsecure", "22.7r2.4", 200, true, "22.7R2.5" },
		{ "ivanticonnectsecure", "22.7r2.5", 200, true, "" },
		{ "ivanticonnectsecure", "22.7r2", 200, true, "22.7R2.5" },
		{ "any", "2.9", 200, true, "3.0" },
		{ "", "1", 200, false, "" } };
	const struct firmware_row *r;
	struct problems ps;
	struct firmware *f;
	size_t i;
	bool known;

	problems_init(&ps);
	f = firmware_parse(span_str(table), "f", &ps);
	ok(f != NULL && firmware_newest(f) == utc_days(2025, 1, 14),
	    "the table of firmware");
	for (i = 0; f != NULL && i < sizeof(rows) / sizeof(rows[0]); i++) {
		r = firmware_lacks(f, span_str(rows[i].product),
		    span_str(rows[i].version),
		    utc_days(2025, 1, 1) + rows[i].day - 1, &known);
		ok(known == rows[i].known &&
			(r == NULL ? rows[i].lacks[0] == '\0'
				   : span_is(r->fixed, rows[i].lacks)),
		    "%s %s lacks %s", rows[i].product, rows[i].version,
		    rows[i].lacks);
	}
	firmware_free(f);
	ok(firmware_parse(span_str("製品,系列,修正版,脆弱性,公表日\n"
				   "x,1,y,z,2025/1/1\n"),
	       "f", &ps) == NULL &&
		ps.errors == 1,
	    "a fix that is no version is refused");
	problems_fini(&ps);
}

/* Until when systems get updates; of names that fit the longest decides. */
static void
check_support(void)
{
	static const char table[] = "製品,終了日,出典\n"
				    "Windows 8|Win8,2016/1/12,a\n"
				    "Windows 8.1|Win8.1,2023/1/10,a\n"
				    "CentOS 7,2024/6/30,b\n";
	static const struct {
		const char *name, *system;
		unsigned row; /* 0: none */
	} rows[] = {
		{ "the system itself", "windows 8", 2 },
		{ "with its edition", "windows 8 pro", 2 },
		{ "another name of it", "win8", 2 },
		{ "a version of its own row", "windows 8.1 pro", 3 },
		{ "a later figure", "win81", 0 },
		{ "a minor version", "centos 7.9", 4 },
		{ "another major version", "centos 70", 0 },
		{ "a part of a name", "centos", 0 },
		{ "in the middle", "old windows 8", 0 },
		{ "nothing", "", 0 },
	};
	struct arena *arena = arena_new();
	const struct support_row *r;
	struct support *s;
	struct problems ps;
	size_t i;

	problems_init(&ps);
	s = support_parse(span_str(table), "f", &ps);
	ok(s != NULL && ps.errors == 0, "the table of support");
	for (i = 0; s != NULL && i < sizeof(rows) / sizeof(rows[0]); i++) {
		r = support_find(s, sheet_key(span_str(rows[i].system), arena));
		ok((r == NULL ? 0 : r->row) == rows[i].row, "%s",
		    rows[i].name);
	}
	support_free(s);
	ok(support_parse(span_str("製品,終了日\nWindows 8,soon\n"), "f",
	       &ps) == NULL &&
		ps.errors > 0,
	    "a day that is none is refused");
	problems_fini(&ps);
	arena_free(arena);
}

int
main(void)
{
	check_identities();
	check_exported();
	check_networks();
	check_places();
	check_patients();
	check_firmware();
	check_support();
	return done();
}

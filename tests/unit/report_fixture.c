/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "tests/unit/report_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/hex.h"
#include "common/utc.h"

#define ORIGIN "mihon.example/evidence"
#define BOOK "mihon.example/casebook"

static const struct row {
	uint32_t stream;
	const char *time, *kind, *outcome, *fields;
} rows[] = {
#define EVENT(stream, time, kind, outcome, fields)                             \
	{ stream, time, kind, outcome, fields },
#include "tests/unit/report_fixture_tbl.h"
#undef EVENT
};
#define FIRST 100u

#define REPLAYED(name, way, from)                                              \
	{                                                                      \
		.listener = SPAN(name), .transport = SPAN(way),                \
		.peer = SPAN(from), .replay = true                             \
	}

static const struct event_source streams[] = {
	REPLAYED("sample-tcp", "tcp", "127.0.0.1"),
	REPLAYED("sample-tcp", "tcp", "127.0.0.1"),
	REPLAYED("sample-udp", "udp", "192.168.30.1"),
	REPLAYED("sample-tls", "tls", "127.0.0.1"),
	REPLAYED("import", "import", "emr-access.csv"),
};

static const char accounts[] =
    "No.,所属部署,性,名,電話番号,ユーザID,説明,権限,状態\n"
    "001,システム管理,山田,太郎,****,fwadmin,管理,Admin,使用可\n"
    "002,外科,田中,透,****,tanaka-t,使用者,User,使用可\n"
    "003,内科,鈴木,花,****,suzuki-h,使用者,User,使用可\n";
static const char devices[] =
    "管理番号,IPアドレス,コンピュータ名,設置場所,状態,説明,外部通信\n"
    "001,192.168.20.10,emr01,サーバ室,稼働,電子カルテサーバ,なし\n"
    "002,192.168.20.20,PACS01,サーバ室,稼働,画像サーバ,限定\n"
    "004,192.168.10.1,fw01,サーバ室,稼働,外部接続点,あり\n"
    "015,192.168.10.26,IJI-01,診察室,稼働,,あり\n";

int64_t
fixture_time(const char *s)
{
	int64_t t;
	int zone;

	if (utc_parse(span_str(s), &t, &zone) != 0)
		abort();
	return t;
}

/* Of casebook record i: i in its first bytes. */
static void
set_leaf(char leaf[65], uint64_t index)
{
	uint8_t b[32];

	memset(b, 0xCD, sizeof(b));
	b[0] = (uint8_t)(index >> 8);
	b[1] = (uint8_t)index;
	hex_print(b, sizeof(b), leaf);
	leaf[64] = '\0';
}

static int64_t
site_time(const char *s)
{
	char text[64];

	snprintf(text, sizeof(text), "%s+09:00", s);
	return fixture_time(text);
}

/* Of record i: i in its first bytes. */
static void
leaf_of(uint64_t index, uint8_t leaf[32])
{
	memset(leaf, 0xAB, 32);
	leaf[0] = (uint8_t)(index >> 8);
	leaf[1] = (uint8_t)index;
}

/* The record of the first event of that kind with that outcome. */
static struct casebook_cite
cite(const char *kind, const char *outcome, size_t nth)
{
	struct casebook_cite c = { .origin = ORIGIN };
	uint8_t leaf[32];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].kind != NULL && strcmp(rows[i].kind, kind) == 0 &&
		    strcmp(rows[i].outcome, outcome) == 0 && nth-- == 0) {
			c.index = FIRST + i;
			leaf_of(c.index, leaf);
			hex_print(leaf, 32, c.leaf);
			c.time = site_time(rows[i].time);
			return c;
		}
	abort();
}

static const struct casebook_entity vpn_entities[] = {
	{ "user", "tanaka-t", "田中 透（外科）" },
	{ "ip", "198.51.100.77", "" },
};
static const struct casebook_entity admin_entities[] = {
	{ "user", "fwadmin", "山田 太郎" },
	{ "device", "fw01", "004 サーバ室" },
};
static const struct casebook_entity out_entities[] = {
	{ "host", "192.168.20.10", "001 emr01 サーバ室" },
	{ "ip", "198.51.100.77", "" },
};
static const struct casebook_number out_numbers[] = {
	{ "bytes", "40000000000", "bytes", "OUT-01" },
	{ "limit", "0", "bytes", "OUT-01" },
	{ "median_bytes", "0", "bytes", "OUT-02" },
};
static const char *const layers[] = { "OUT-01", "OUT-02" };
static const char *const t1078[] = { "T1078", "T1133" };
static const char *const t1048[] = { "T1048" };
static struct casebook_cite vpn_cite[1], admin_cite[1], out_cites[4];

static struct casebook_finding
finding(const char *id, const char *rule, const char *ja, const char *en)
{
	return (struct casebook_finding){
		.id = id,
		.rule = rule,
		.version = "1",
		.kind = "alert",
		.title_ja = ja,
		.title_en = en,
		.key = "",
		.group = "1f00aa01",
		.replay = true,
		.rules_sha256 = "8b1a9953c4611296a827abf8c47804d7e6c49c6b"
				"5d2b0d5c8b1a9953c4611296",
		.ledgers_sha256 = "c3ab8ff13720e8ad9047dd39466b3c8974e592c2"
				  "fa383d4a3960714caef0c4f2",
		.evidence_size = 128,
	};
}

static void
put_vpn(struct casebook_finding *f)
{
	vpn_cite[0] = cite("vpn-login", "success", 1);
	*f = finding("1f00aa0100000000000000000000000000000000000000000000"
		     "000000000001",
	    "ACC-01", "退職者のIDによるログイン", "Login with a leaver's ID");
	f->what_ja = "退職した tanaka-t（外科 田中 透）のIDで、198.51.100.77"
		     "（Netherlands）からVPNにログインがありました。";
	f->what_en = "The ID of tanaka-t, who has left, logged in to the VPN "
		     "from 198.51.100.77 (Netherlands).";
	f->why_ja = "台帳の状態は「退職（2026.9.30）」で、期限を53日過ぎて"
		    "います。";
	f->why_en = "The ledger says retired on 2026-09-30, 53 days earlier.";
	f->todo_ja = "本人・所属に利用の有無を確認し、IDを停止してください。";
	f->todo_en = "Ask the person and the department; disable the ID.";
	f->severity = CASEBOOK_SERIOUS;
	f->entities = vpn_entities;
	f->n_entities = 2;
	f->attack = t1078;
	f->n_attack = 2;
	f->cites = vpn_cite;
	f->n_cites = f->n_evidence = 1;
	f->first = f->from = vpn_cite[0].time;
	f->until = f->first + UTC_HOUR;
}

static void
put_admin(struct casebook_finding *f)
{
	admin_cite[0] = cite("admin-login", "success", 1);
	*f = finding("2f00aa0100000000000000000000000000000000000000000000"
		     "000000000002",
	    "ADM-01", "業務時間外の管理者ログイン",
	    "Administrator login off hours");
	f->what_ja = "fwadmin が fw01 に 11/22(日) 02:21 に "
		     "10.212.134.200 からログインしました。";
	f->what_en = "fwadmin logged in to fw01 on Sun 11-22 at 02:21 from "
		     "10.212.134.200.";
	f->why_ja = "日曜・休診日の深夜で、保守計画にありません。";
	f->why_en = "A closed Sunday at night; no maintenance is planned.";
	f->todo_ja = "管理者本人に作業の有無を確認してください。";
	f->todo_en = "Ask the administrator whether this was their work.";
	f->severity = CASEBOOK_WARNING;
	f->entities = admin_entities;
	f->n_entities = 2;
	f->attack = t1078;
	f->n_attack = 1;
	f->cites = admin_cite;
	f->n_cites = f->n_evidence = 1;
	f->first = f->from = admin_cite[0].time;
	f->until = f->first + UTC_HOUR;
}

static void
put_outbound(struct casebook_finding *f)
{
	size_t i;

	for (i = 0; i < 4; i++)
		out_cites[i] = cite("traffic", "success", 2 + i);
	*f = finding("3f00aa0100000000000000000000000000000000000000000000"
		     "000000000003",
	    "OUT-01", "外部通信なしの機器から外部への送信",
	    "Outbound transfer from an isolated device");
	f->what_ja = "emr01（001、サーバ室）から 198.51.100.77 へ 40.0 GB "
		     "送信されました（11/22 日 03:05–08:05）。";
	f->what_en = "emr01 (001, サーバ室) sent 40.0 GB to 198.51.100.77 "
		     "(Sun 11-22 03:05-08:05).";
	f->why_ja = "台帳では外部通信なしの機器です（過去8週の送信は0件）。";
	f->why_en = "The ledger says no outside traffic; none in 8 weeks.";
	f->todo_ja = "LANケーブルを抜き、電源は切らずに安全管理責任者へ連絡"
		     "してください。";
	f->todo_en = "Pull the network cable, leave the power on, call the "
		     "safety manager.";
	f->severity = CASEBOOK_CRITICAL;
	f->key = "host=192.168.20.10";
	f->layers = layers;
	f->n_layers = 2;
	f->numbers = out_numbers;
	f->n_numbers = 3;
	f->entities = out_entities;
	f->n_entities = 2;
	f->attack = t1048;
	f->n_attack = 1;
	f->cites = out_cites;
	f->n_cites = 4;
	f->n_evidence = 10;
	f->first = f->from = out_cites[0].time;
	f->until = out_cites[3].time + 1;
}

static struct casebook_finding findings[20];
static struct casebook_step steps[4];
static struct casebook_group groups[13];
static struct casebook_silence silences[] = { { "9f86d081", &steps[2], NULL,
    1 } };
static size_t positions[] = { 0, 1, 2 };
static struct contacts_person people[] = {
	{ .id = "safety",
	    .name = "佐々木 誠",
	    .role = "医療情報システム安全管理責任者",
	    .phone = "内線 101",
	    .mail = "",
	    .command = true,
	    .other = "",
	    .hours = "" },
};

/* An incident of findings 3 to 8, one of each phase. */
static void
put_phases(struct casebook_group *g)
{
	static const char *const tactics[][1] = { { "initial-access" },
		{ "discovery" }, { "lateral-movement" }, { "exfiltration" },
		{ "impact" }, { "other" } };
	static size_t six[] = { 3, 4, 5, 6, 7, 8 };
	size_t i;

	*g = (struct casebook_group){
		.id = "2e00bb02",
		.severity = CASEBOOK_CRITICAL,
		.findings = six,
		.n_findings = 6,
		.first = findings[0].first,
		.last = findings[2].until,
		.n_heard = 6,
		.score = 4050,
		.n_tactics = 6,
		.incident = true,
	};
	for (i = 0; i < 6; i++) {
		findings[six[i]].group = "2e00bb02";
		findings[six[i]].n_attack = 0;
		findings[six[i]].tactics = tactics[i];
		findings[six[i]].n_tactics = 1;
		g->phases[casebook_phase(&findings[six[i]])] =
		    (struct casebook_phase){ 1, findings[six[i]].first };
	}
}

/* Texts longer than any page: every one must be cut. */
static void
put_many(struct fixture *f)
{
	static const char filler[] = "とても長い説明文が続きます。";
	static char text[2000];
	size_t i;

	for (i = 0; i + sizeof(filler) < sizeof(text); i += sizeof(filler) - 1)
		memcpy(text + i, filler, sizeof(filler));
	for (i = 3; i < 20; i++) {
		findings[i] = findings[i % 3];
		findings[i].group = ""; /* apart from the incident */
		findings[i].what_ja = findings[i].what_en = text;
		findings[i].why_ja = findings[i].why_en = text;
		findings[i].todo_ja = findings[i].todo_en = text;
		findings[i].title_ja = findings[i].title_en = text;
		findings[i].severity = CASEBOOK_CRITICAL;
		findings[i].index = 10 + i;
		set_leaf(findings[i].leaf, findings[i].index);
	}
	put_phases(&groups[12]);
	for (i = 1; i < 12; i++) {
		groups[i] = groups[0];
		groups[i].first -= 14 * UTC_DAY;
		groups[i].last -= 14 * UTC_DAY;
		groups[i].findings = positions;
	}
	findings[17].quiet = CASEBOOK_EXCEPTED;
	findings[17].quiet_by = "1a2b3c4d 山田 太郎 2026-12-31: "
				"夜間の画像転送（遠隔読影センター）";
	findings[18].quiet = CASEBOOK_SILENCED;
	findings[18].quiet_by = silences[0].id;
	findings[19].quiet = CASEBOOK_INHIBITED;
	findings[19].quiet_by = findings[2].id;
	f->book.silences = silences;
	f->book.n_silences = 1;
	f->book.n_findings = 20;
	f->book.n_groups = 13;
	findings[0].title_ja = findings[0].title_en = text;
}

static void
put_steps(void)
{
	steps[0] = (struct casebook_step){
		.kind = CASEBOOK_SENT,
		.group = "1f00aa01",
		.who = "safety",
		.how = "command",
		.text = "<b>delivered</b>",
		.ok = true,
		.at = fixture_time("2026-11-24T08:00:03Z"),
		.origin = BOOK,
		.index = 9,
	};
	steps[1] = (struct casebook_step){
		.kind = CASEBOOK_ACK,
		.group = "1f00aa01",
		.who = "safety",
		.how = "command",
		.text = "確認します",
		.ok = true,
		.at = fixture_time("2026-11-24T08:05:00Z"),
		.origin = BOOK,
		.index = 10,
	};
	steps[2] = (struct casebook_step){
		.kind = CASEBOOK_SILENCE,
		.group = "",
		.who = "safety",
		.how = "command",
		.text = "更新作業<b>",
	};
}

static void
put_book(struct fixture *f)
{
	size_t i;

	put_vpn(&findings[0]);
	put_admin(&findings[1]);
	put_outbound(&findings[2]);
	for (i = 0; i < 3; i++) {
		findings[i].origin = BOOK;
		findings[i].index = 5 + i;
		set_leaf(findings[i].leaf, findings[i].index);
		findings[i].recorded = fixture_time("2026-11-24T08:00:01Z");
	}
	groups[0] = (struct casebook_group){
		.id = "1f00aa01",
		.severity = CASEBOOK_CRITICAL,
		.findings = positions,
		.n_findings = 3,
		.first = findings[0].first,
		.last = findings[2].until,
		.n_heard = 3,
		.score = 507, /* 27 + 9 + 3, and a second tactic */
		.n_tactics = 2,
		.incident = true,
		.phases = { [PHASE_ENTRY] = { 2, findings[0].first },
			[PHASE_EXFILTRATION] = { 1, findings[2].first } },
		.in_order = true,
		.acked = &steps[1],
		.answered = &steps[1],
	};
	put_steps();
	for (i = 0; i < 2; i++)
		set_leaf(steps[i].leaf, steps[i].index);
	f->book = (struct casebook){
		.origin = BOOK,
		.size = 12,
		.findings = findings,
		.n_findings = 3,
		.steps = steps,
		.n_steps = 2,
		.groups = groups,
		.n_groups = 1,
	};
}

static void
put_proof(struct verify_result *v, const char *origin, uint64_t size)
{
	*v = (struct verify_result){
		.verdict = VERIFY_INTACT,
		.size = size,
		.records = size,
		.sealed_time = (uint64_t)fixture_time("2026-11-24T08:06:00Z"),
		.bad_index = UINT64_MAX,
	};
	snprintf(v->origin, sizeof(v->origin), "%s", origin);
	memset(v->root, 0x5A, sizeof(v->root));
}

void
fixture_init(struct fixture *f, bool full)
{
	static struct site_net nets[] = {
		{ { [10] = 255, [11] = 255, 192, 168 }, 112 },
		{ { [10] = 255, [11] = 255, 10 }, 104 },
	};
	struct problems ps;
	struct record gap = { .kind = RECORD_GAP,
		.rx = (uint64_t)fixture_time("2026-11-24T08:00:00Z"),
		.body = SPAN("kind=kernel-drop stream=2 listener=sample-udp "
			     "count=7 bytes=0 from=1795507199000000 "
			     "until=1795507200000000") };
	uint8_t leaf[32] = { 1, 2, 3 };

	memset(f, 0, sizeof(*f));
	problems_init(&ps);
	put_book(f);
	put_proof(&f->evidence, ORIGIN, 128);
	put_proof(&f->cases, "mihon.example/casebook", 12);
	f->internal = (struct site_nets){ nets, 2 };
	f->contacts = (struct contacts){ .people = people, .n_people = 1 };
	f->r = (struct report){
		.site = "見本<病院>",
		.zone = 9 * 3600,
		.grace = 3 * UTC_DAY,
		.internal = &f->internal,
		.devices = devices_parse(span_str(devices), "devices.csv", &ps),
		.accounts = accounts_parse(span_str(accounts), "accounts.csv",
		    20000, &ps),
		.contacts = &f->contacts,
		.book = &f->book,
		.evidence = &f->evidence,
		.cases = &f->cases,
		.evidence_r = f->evidence.root,
		.cases_r = f->cases.root,
		.arena = arena_new(),
	};
	problems_fini(&ps);
	losses_init(&f->losses, &f->r);
	losses_record(&f->losses, &gap,
	    &(struct losses_place){ ORIGIN, 120, leaf });
	if (full)
		put_many(f);
}

void
fixture_fini(struct fixture *f)
{
	struct devices *ds;
	struct accounts *as;

	memcpy(&ds, &f->r.devices, sizeof(ds));
	devices_free(ds);
	memcpy(&as, &f->r.accounts, sizeof(as));
	accounts_free(as);
	arena_free(f->r.arena);
}

/* "a=b|c=d"; a value may hold "=" and "|" where no field name follows. */
static void
add_fields(struct event *e, const char *fields)
{
	const char *end, *eq;
	enum ecs field, next;

	while (*fields != '\0') {
		eq = strchr(fields, '=');
		if (ecs_parse(span_make(fields, (size_t)(eq - fields)),
			&field) != 0)
			abort();
		for (end = eq + 1; *end != '\0'; end++)
			if (*end == '|' &&
			    ecs_parse(span_make(end + 1, strcspn(end + 1, "=")),
				&next) == 0)
				break;
		event_add(e, field, span_make(eq + 1, (size_t)(end - eq - 1)));
		fields = *end == '|' ? end + 1 : end;
	}
}

static void
make(struct event *e, size_t i)
{
	const struct row *row = &rows[i];

	memset(e, 0, sizeof(*e));
	e->origin = ORIGIN;
	e->index = FIRST + i;
	leaf_of(e->index, e->leaf);
	e->stream = row->stream;
	e->source = &streams[row->stream];
	e->received =
	    fixture_time("2026-11-24T07:59:30Z") + (int64_t)i * 2 * UTC_SECOND;
	e->message = span_str("<189>raw \x1b[31m <img src=x onerror=alert(1)>"
			      " line that nobody wrote");
	e->time = site_time(row->time);
	e->clock = EVENT_CLOCK_SITE;
	e->time_text = span_str(row->time);
	if (row->kind == NULL)
		return;
	e->format = "sample";
	event_add(e, ECS_KIND, span_str(row->kind));
	event_add(e, ECS_EVENT_OUTCOME, span_str(row->outcome));
	add_fields(e, row->fields);
}

void
fixture_events(struct fixture *f,
    void (*take)(void *cookie, const struct event *e, int64_t at), void *cookie)
{
	static struct event e;
	static char name[32];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make(&e, i);
		take(cookie, &e, e.time);
	}
	for (i = 0; f->book.n_findings > 3 && i < 30; i++) {
		make(&e, 4);
		snprintf(name, sizeof(name), "switch-with-a-long-name-%02zu",
		    i);
		event_set(&e, ECS_OBSERVER_NAME, span_str(name));
		take(cookie, &e, e.time);
	}
}

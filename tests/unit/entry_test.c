/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/case/entry.h"
#include "common/utc.h"
#include "tests/tap.h"

static const char *const layers[] = { "OUT-01", "OUT-02" };
static const char *const attack[] = { "T1048" };
static const struct casebook_number numbers[] = {
	{ "bytes", "40000000000", "bytes", "OUT-01" },
};
static const struct casebook_entity entities[] = {
	{ "host", "192.168.20.10", "001 サーバ室" },
};
static const struct casebook_cite cites[] = {
	{ "clinic.example/evidence", 42,
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	    1795284000000000 },
};

static const struct casebook_finding finding = {
	.id = "ab",
	.rule = "OUT",
	.version = "1",
	.kind = "alert",
	.title_ja = "外部\"送信\"",
	.title_en = "out",
	.what_ja = "w",
	.what_en = "w",
	.why_ja = "y",
	.why_en = "y",
	.todo_ja = "t",
	.todo_en = "t",
	.severity = CASEBOOK_SERIOUS,
	.key = "host=192.168.20.10",
	.group = "ab",
	.from = 1,
	.until = 2000000,
	.first = 3,
	.layers = layers,
	.n_layers = 2,
	.attack = attack,
	.n_attack = 1,
	.numbers = numbers,
	.n_numbers = 1,
	.entities = entities,
	.n_entities = 1,
	.cites = cites,
	.n_cites = 1,
	.n_evidence = 11,
	.replay = true,
	.tactics = attack,
	.n_tactics = 1,
	.inhibited_by = layers,
	.n_inhibited_by = 2,
	.excepted = "x",
	.rules_sha256 = "r",
	.ledgers_sha256 = "l",
	.evidence_size = 99,
};

static void
there_and_back(void)
{
	struct arena *arena = arena_new();
	struct buf a, b;
	struct entry e;

	buf_init(&a);
	buf_init(&b);
	entry_print_finding(&finding, &a);
	ok(entry_parse(buf_view(&a), arena, &e) == 0, "a finding is read");
	ok(e.what == ENTRY_FINDING, "as a finding");
	entry_print_finding(&e.finding, &b);
	ok(span_eq(buf_view(&a), buf_view(&b)), "and gives the same bytes");
	ok(strcmp(e.finding.title_ja, finding.title_ja) == 0 &&
		e.finding.severity == CASEBOOK_SERIOUS &&
		e.finding.cites[0].index == 42 && e.finding.replay,
	    "with its members");
	a.len = b.len = 0;
	entry_print_step(&(struct casebook_step){ .kind = CASEBOOK_ACK,
			     .group = "ab",
			     .who = "itstaff",
			     .how = "command",
			     .text = "見ます\n",
			     .ok = true,
			     .outside = true },
	    &a);
	ok(entry_parse(buf_view(&a), arena, &e) == 0 && e.step.outside,
	    "a step is read");
	entry_print_step(&e.step, &b);
	ok(span_eq(buf_view(&a), buf_view(&b)), "and gives the same bytes");
	buf_fini(&a);
	buf_fini(&b);
	arena_free(arena);
}

/* Members that came later: an entry without them is read as before. */
static bool
is_later(const char *member)
{
	static const char *const later[] = { "tactics", "inhibited_by",
		"excepted" };
	size_t i;

	for (i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		if (strncmp(member, later[i], strlen(later[i])) == 0)
			return true;
	return false;
}

/* Each member left out in turn: nothing is guessed. */
static void
nothing_missing(void)
{
	struct arena *arena = arena_new();
	struct entry e;
	struct buf a;
	char *name, *text;

	buf_init(&a);
	entry_print_finding(&finding, &a);
	text = arena_str(arena, buf_view(&a));
	for (name = strstr(text, ",\""); name != NULL;
	     name = strstr(name + 2, ",\"")) {
		if (strncmp(name, ",\"replay", 8) == 0 ||
		    strncmp(name, ",\"withdrawn", 11) == 0)
			continue; /* a flag: absent is no */
		if (strchr(name + 2, '"')[1] != ':')
			continue; /* an element of a list */
		bool later = is_later(name + 2);

		name[2] ^= 1;
		ok(entry_parse(span_str(text), arena, &e) == (later ? 0 : -1),
		    "without %.12s it is %s finding", name + 3,
		    later ? "a" : "no");
		name[2] ^= 1;
	}
	buf_fini(&a);
	arena_free(arena);
}

static const struct casebook_step silence = {
	.kind = CASEBOOK_SILENCE,
	.group = "",
	.who = "itstaff",
	.how = "command",
	.text = "work on the firewall",
	.ok = true,
	.rule = "CFG-*",
	.about = "host=004",
	.most = CASEBOOK_SERIOUS,
	.from = 0,
	.until = CASEBOOK_SILENCE_DAYS * UTC_DAY,
};

/* Whether it is read back with the same bytes. */
static bool
is_entry(const struct casebook_step *s)
{
	struct arena *arena = arena_new();
	struct entry e;
	struct buf a, b;
	bool same;

	buf_init(&a);
	buf_init(&b);
	entry_print_step(s, &a);
	same = entry_parse(buf_view(&a), arena, &e) == 0;
	if (same) {
		entry_print_step(&e.step, &b);
		same = span_eq(buf_view(&a), buf_view(&b));
	}
	buf_fini(&a);
	buf_fini(&b);
	arena_free(arena);
	return same;
}

static void
silences(void)
{
	struct casebook_step s = silence;

	ok(is_entry(&s), "a silence of a month is an entry");
	s.until += 1000000;
	ok(!is_entry(&s), "one that is longer by a second is none");
	s = silence;
	s.who = "";
	ok(!is_entry(&s), "nor is nobody's");
	s = silence;
	s.text = "";
	ok(!is_entry(&s), "nor one without a reason");
	s = silence;
	s.until = s.from;
	ok(!is_entry(&s), "nor one that ends as it begins");
	s = silence;
	s.about = "";
	ok(is_entry(&s), "a rule alone will do");
	s.rule = "*";
	ok(!is_entry(&s), "but not all of them");
	ok(is_entry(&(struct casebook_step){ .kind = CASEBOOK_UNSILENCE,
	       .group = "",
	       .who = "it",
	       .how = "command",
	       .text = "done",
	       .silence = "0123abcd",
	       .ok = true }),
	    "the end of a silence");
	ok(is_entry(&(struct casebook_step){ .kind = CASEBOOK_JUDGE,
	       .group = "ab",
	       .who = "it",
	       .how = "normal",
	       .text = "backup",
	       .finding = "abcd",
	       .ok = true }),
	    "a judgement of one finding");
}

/* What earlier programs did not know comes back whole. */
static void
test_report(void)
{
	const struct casebook_step s = { .kind = CASEBOOK_REPORT,
		.group = "ab",
		.who = "",
		.how = "police",
		.text = "report-ab-police.html",
		.sheet = "5f",
		.before = "4e" };
	struct buf b;

	buf_init(&b);
	entry_print_step(&s, &b);
	ok(is_entry(&s) &&
		strstr(buf_cstr(&b), "\"sheet\":\"5f\",\"before\":\"4e\"") !=
		    NULL,
	    "a report that was made, its hash and that of the one before");
	buf_fini(&b);
}

static void
told(void)
{
	struct casebook_step s = { .kind = CASEBOOK_NOTE,
		.group = "ab",
		.who = "it",
		.how = "decision",
		.text = "LAN ケーブルを抜いた",
		.from = 1795000000000000,
		.ok = true };

	ok(is_entry(&s), "a note has the time that it speaks of");
	s.kind = CASEBOOK_AWARE;
	ok(is_entry(&s), "so has the time of awareness");
	s.kind = CASEBOOK_DONE;
	s.about = "ppc-quick";
	ok(is_entry(&s), "a report that was made, and which");
	s.kind = CASEBOOK_REMIND;
	s.from = 0;
	ok(is_entry(&s), "a reminder, and of which");
	test_report();
	s = (struct casebook_step){ .kind = CASEBOOK_SENT,
		.group = "ab",
		.who = "it",
		.how = "mail",
		.text = "",
		.code = "K7M29QXD" };
	ok(is_entry(&s), "a message, and what may be answered with");
	s.kind = CASEBOOK_PRESERVE;
	s.code = "";
	ok(is_entry(&s), "that evidence was kept, also if not all of it");
}

/* What a review signed is told, and is no entry without its bounds. */
static void
reviews(void)
{
	struct casebook_step s = { .kind = CASEBOOK_REVIEW,
		.group = "",
		.who = "planner",
		.how = "reviewed",
		.text = "確認",
		.ok = true,
		.from = INT64_C(1762700400000000),
		.until = INT64_C(1763305200000000),
		.items = 4,
		.sheet = "ab" };
	struct arena *arena = arena_new();
	struct entry e;
	struct buf a;

	buf_init(&a);
	entry_print_step(&s, &a);
	ok(entry_parse(buf_view(&a), arena, &e) == 0 &&
		e.step.from == s.from && e.step.until == s.until &&
		e.step.items == 4 && strcmp(e.step.sheet, "ab") == 0,
	    "a review tells its week, what there was, and the sheet");
	buf_fini(&a);
	s.until = s.from;
	ok(!is_entry(&s), "not one of no time");
	s.until = s.from + 9 * UTC_DAY;
	ok(!is_entry(&s), "nor of more than a week");
	s.until = s.from + 7 * UTC_DAY;
	s.who = "";
	ok(!is_entry(&s), "nor of nobody");
	arena_free(arena);
}

static void
refused(void)
{
	static const char *const bad[] = { "", "{", "[]", "1", "{}",
		"{\"type\":\"other\"}", "{\"type\":1}",
		"{\"type\":\"ack\",\"case\":\"a\",\"case\":\"b\"}" };
	struct arena *arena = arena_new();
	struct entry e;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(entry_parse(span_str(bad[i]), arena, &e) == -1,
		    "no entry: '%s'", bad[i]);
	arena_free(arena);
}

int
main(void)
{
	there_and_back();
	nothing_missing();
	silences();
	told();
	reviews();
	refused();
	return done();
}

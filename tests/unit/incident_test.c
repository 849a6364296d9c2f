/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/case/incident.h"
#include "common/utc.h"
#include "tests/tap.h"

/* Findings as rows: rule, severity, window in seconds, entities ("user=a
 * host=b"), which are the key, the record cited, tactics ("impact discovery").
 * They are entered in the order of the rows, a second apart. */
struct row {
	const char *rule;
	enum casebook_severity severity;
	int64_t from, until;
	const char *entities;
	uint64_t record;
	const char *tactics;
};

#define MAX 16

static struct world {
	struct arena *arena;
	struct casebook book;
	struct casebook_finding findings[MAX];
	struct casebook_step steps[MAX];
	uint64_t order;
} w;

static void
begin(void)
{
	arena_free(w.arena);
	memset(&w, 0, sizeof(w));
	w.arena = arena_new();
	w.book.findings = w.findings;
	w.book.steps = w.steps;
}

/* The words of a list, *n of them. */
static const char **
words(const char *list, size_t *n)
{
	const char **v = arena_alloc(w.arena, MAX * sizeof(*v));
	size_t len;

	for (*n = 0; *list != '\0'; list += len + (list[len] == ' ')) {
		len = strcspn(list, " ");
		v[(*n)++] = arena_str(w.arena, span_make(list, len));
	}
	return v;
}

static void
set_entities(struct casebook_finding *f, const char *list)
{
	struct casebook_entity *e;
	const char **v = words(list, &f->n_entities);
	size_t i, len;

	e = arena_alloc(w.arena, MAX * sizeof(*e));
	for (i = 0; i < f->n_entities; i++) {
		len = strcspn(v[i], "=");
		e[i].kind = arena_str(w.arena, span_make(v[i], len));
		e[i].value = v[i] + len + 1;
		e[i].label = "";
		if (strcmp(e[i].kind, "to") == 0) {
			e[i].kind = "ip";
			e[i].label = "destination";
		}
	}
	f->entities = e;
}

static struct casebook_finding *
enter(const struct row *r)
{
	struct casebook_finding *f = &w.findings[w.book.n_findings++];
	struct casebook_cite *c = arena_alloc(w.arena, sizeof(*c));
	char *id = arena_printf(w.arena, "%08zu%056d", w.book.n_findings, 0);

	*c = (struct casebook_cite){ .origin = "o", .index = r->record };
	*f = (struct casebook_finding){
		.id = id,
		.rule = r->rule,
		.kind = "alert",
		.severity = r->severity,
		.key = r->entities,
		.group = arena_str(w.arena, span_make(id, 8)),
		.from = r->from * UTC_SECOND,
		.until = r->until * UTC_SECOND,
		.first = r->from * UTC_SECOND,
		.excepted = "",
		.cites = c,
		.n_cites = 1,
		.entered = ++w.order,
		.recorded = (int64_t)w.order * UTC_SECOND,
	};
	f->tactics = words(r->tactics, &f->n_tactics);
	set_entities(f, r->entities);
	casebook_print(f->rule, f->key, f->print);
	return f;
}

static struct casebook_step *
say(enum casebook_step_kind kind, const char *group, const char *how)
{
	struct casebook_step *s = &w.steps[w.book.n_steps++];

	*s = (struct casebook_step){ .kind = kind,
		.group = group,
		.who = "it",
		.how = how,
		.text = "because",
		.ok = true,
		.order = ++w.order,
		.at = (int64_t)w.order * UTC_SECOND,
		.finding = "",
		.silence = "",
		.rule = "",
		.about = "" };
	snprintf(s->leaf, sizeof(s->leaf), "%08x", (unsigned)s->order);
	return s;
}

static const struct casebook *
build(const struct row *rows, size_t n)
{
	size_t i;

	begin();
	for (i = 0; i < n; i++)
		enter(&rows[i]);
	incident_build(&w.book, w.arena);
	return &w.book;
}

#define BUILD(rows) build(rows, sizeof(rows) / sizeof((rows)[0]))
#define DAY 86400

/* ---- what belongs together ---- */

static void
test_together(void)
{
	static const struct {
		const char *name, *a, *b;
		int64_t later; /* from the end of a to the start of b */
		size_t groups;
	} cases[] = {
		{ "one user", "user=a", "user=a", 60, 1 },
		{ "two users", "user=a", "user=b", 60, 2 },
		{ "a user and a host of one name", "user=a", "host=a", 60, 2 },
		{ "24 hours apart", "ip=192.0.2.1", "ip=192.0.2.1", DAY, 1 },
		{ "24 hours and a second", "ip=192.0.2.1", "ip=192.0.2.1",
		    DAY + 1, 2 },
		{ "two seen by one appliance", "user=a device=fw",
		    "user=b device=fw", 60, 2 },
		{ "a login on what is then a host", "user=a device=srv",
		    "host=srv", DAY, 1 },
		{ "the same a second too late", "user=a device=srv", "host=srv",
		    DAY + 1, 2 },
		{ "the other way round", "host=srv", "user=a device=srv", DAY,
		    1 },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct row rows[] = {
			{ "A-1", 2, 1000, 2000, cases[i].a, 1, "" },
			{ "B-1", 2, 2000 + cases[i].later,
			    3000 + cases[i].later, cases[i].b, 2, "" },
		};

		ok(BUILD(rows)->n_groups == cases[i].groups, "%s: %zu",
		    cases[i].name, cases[i].groups);
	}
}

static void
test_chain(void)
{
	static const struct row rows[] = {
		{ "A-1", 2, 500, 600, "user=a", 1, "" },
		{ "B-1", 2, 100, 200, "ip=192.0.2.9", 2, "" },
		{ "C-1", 2, 5 * DAY, 5 * DAY + 1, "user=a", 3, "" },
		{ "D-1", 2, 300, 400, "user=b host=h", 4, "" },
		{ "E-1", 2, 300, 400, "ip=192.0.2.9 host=h user=a", 5, "" },
	};
	const struct casebook *k = BUILD(rows);
	const struct casebook_group *g = &k->groups[0];

	ok(k->n_groups == 2 && g->n_findings == 4,
	    "what shares nothing is one case by way of a third");
	ok(strcmp(g->id, "00000001") == 0,
	    "by the id of the finding that was entered first");
	ok(g->n_others == 3 && casebook_group(k, "00000005") == g,
	    "the ids that it had lead to it, too");
	ok(!casebook_group(k, "0000000"), "a beginning of two to none");
	ok(g->findings[0] == 1 && g->findings[3] == 0,
	    "its findings stand in the order of time");
	ok(g->first == 100 * UTC_SECOND && g->last == 600 * UTC_SECOND,
	    "from the first evidence to the last window's end");
	begin();
	enter(&rows[0]);
	enter(&rows[4])->replay = true;
	incident_build(&w.book, w.arena);
	ok(w.book.n_groups == 2, "a drill is never one with what is real");
	begin();
	enter(&rows[1]);
	enter(&rows[4])->withdrawn = true;
	enter(&rows[3]);
	incident_build(&w.book, w.arena);
	ok(w.book.n_groups == 2, "what was withdrawn joins nothing");
	begin();
	enter(&rows[2]);
	enter(&rows[0])->group = "00000001";
	incident_build(&w.book, w.arena);
	ok(w.book.n_groups == 1, "what was put together stays together");
}

/* ---- how grave ---- */

static const struct {
	const char *name;
	struct row rows[12];
	unsigned score; /* tenths */
	enum casebook_severity severity;
	bool incident;
} scores[] = {
#define W(rule, record, tactics) { rule, 2, 1, 2, "user=a", record, tactics }
#define N(rule, record) { rule, 1, 1, 2, "user=a", record, "" }
#define S(rule, record, tactics) { rule, 3, 1, 2, "user=a", record, tactics }
	{ "information weighs nothing",
	    { { "A", 0, 1, 2, "user=a", 1, "" } }, 0, 0, false },
	{ "a notice one", { N("A", 1) }, 10, 1, false },
	{ "8 points are no incident",
	    { W("A", 1, ""), W("B", 2, ""), N("C", 3), N("D", 4) }, 80,
	    2, false },
	{ "9 points are",
	    { W("A", 1, ""), W("B", 2, ""), W("C", 3, "") }, 90, 2,
	    true },
	{ "one that is serious is", { S("A", 1, "impact") }, 90, 3,
	    true },
	{ "two tactics make 8.9 no incident",
	    { W("A", 1, "impact"), W("B", 2, "discovery") }, 78, 2,
	    false },
	{ "but 9.1 one",
	    { W("A", 1, "impact"), W("B", 2, "discovery"), N("C", 3) },
	    91, 2, true },
	{ "the same thing again weighs once",
	    { W("A", 1, ""), W("A", 2, ""), W("A", 3, "") }, 30, 2,
	    false },
	{ "and as at its gravest",
	    { W("A", 1, ""), S("A", 2, ""), W("A", 3, "") }, 90, 3,
	    true },
	{ "29 points are not critical",
	    { W("A", 1, ""), W("B", 2, ""), W("C", 3, ""),
		W("D", 4, ""), W("E", 5, ""), W("F", 6, ""),
		W("G", 7, ""), W("H", 8, ""), W("I", 9, ""), N("J", 10),
		N("K", 11) },
	    290, 2, true },
	{ "30 points are",
	    { W("A", 1, ""), W("B", 2, ""), W("C", 3, ""),
		W("D", 4, ""), W("E", 5, ""), W("F", 6, ""),
		W("G", 7, ""), W("H", 8, ""), W("I", 9, ""),
		W("J", 10, "") },
	    300, 4, true },
	{ "two serious ones of two rules and records are",
	    { S("A", 1, ""), S("B", 2, "") }, 180, 4, true },
	{ "of one record they are not",
	    { S("A", 1, ""), S("B", 1, "") }, 180, 3, true },
	{ "of one rule they are not",
	    { S("A", 1, ""), { "A", 3, 1, 2, "user=a host=h", 2, "" } },
	    180, 3, true },
	{ "three tactics make 28.8 of 18",
	    { S("A", 1, "impact"), S("B", 1, "discovery persistence") },
	    288, 3, true },
	{ "four make 34.2",
	    { S("A", 1, "impact execution"),
		S("B", 1, "discovery persistence") },
	    342, 4, true },
	{ "one that is critical is critical",
	    { { "A", 4, 1, 2, "user=a", 1, "impact" } }, 270, 4, true },
};

static void
test_score(void)
{
	size_t i, n;

	for (i = 0; i < sizeof(scores) / sizeof(scores[0]); i++) {
		const struct casebook_group *g;

		for (n = 0; n < 12 && scores[i].rows[n].rule != NULL; n++)
			;
		g = &build(scores[i].rows, n)->groups[0];
		ok(g->score == scores[i].score &&
			g->severity == scores[i].severity &&
			g->incident == scores[i].incident,
		    "%s: %u.%u", scores[i].name, (unsigned)g->score / 10,
		    (unsigned)g->score % 10);
	}
}

static void
test_phases(void)
{
	static const struct row rows[] = {
		{ "A", 2, 300, 301, "user=a", 1, "exfiltration" },
		{ "B", 2, 100, 101, "user=a", 2, "initial-access" },
		{ "C", 2, 150, 151, "user=a", 3, "persistence" },
		{ "D", 2, 200, 201, "user=a", 4, "lateral-movement" },
		{ "E", 2, 50, 51, "user=a", 5, "discovery" },
	};
	const struct casebook_group *g = &build(rows, 4)->groups[0];

	ok(g->phases[PHASE_ENTRY].n == 2 &&
		g->phases[PHASE_ENTRY].first == 100 * UTC_SECOND &&
		g->phases[PHASE_LATERAL].n == 1 &&
		g->phases[PHASE_DISCOVERY].n == 0,
	    "a case has its phases with their first evidence");
	ok(g->in_order, "which came in order");
	g = &BUILD(rows)->groups[0];
	ok(!g->in_order, "a search before the entry is out of it");
}

/* ---- who is quiet ---- */

static const struct row backup = { "OUT", 3, 1000, 2000,
	"host=h to=198.51.100.7", 1, "" };

static struct casebook_step *
silence(const char *rule, const char *about)
{
	struct casebook_step *s = say(CASEBOOK_SILENCE, "", "command");

	s->rule = rule;
	s->about = about;
	s->most = CASEBOOK_SERIOUS;
	s->from = 1000 * UTC_SECOND;
	s->until = 1001 * UTC_SECOND;
	return s;
}

static void
test_covers(void)
{
	static const struct {
		const char *name, *rule, *about;
		bool quiet;
	} cases[] = {
		{ "a rule", "OUT", "", true },
		{ "the beginning of one", "O*", "", true },
		{ "another rule", "OUT-1", "", false },
		{ "a host", "", "host=h", true },
		{ "a value of any kind", "", "H", true },
		{ "a user of the host's name", "", "user=h", false },
		{ "a network of what it goes to", "", "198.51.100.0/24", true },
		{ "another network", "", "198.51.101.0/24", false },
		{ "nothing at all", "", "", false },
		{ "anything", "*", "", false },
		{ "a rule about another host", "OUT", "host=i", false },
	};
	struct casebook_finding *f;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin();
		silence(cases[i].rule, cases[i].about);
		f = enter(&backup);
		incident_build(&w.book, w.arena);
		ok((f->quiet == CASEBOOK_SILENCED) == cases[i].quiet,
		    "silence about %s: %s", cases[i].name,
		    cases[i].quiet ? "quiet" : "heard");
	}
	begin();
	silence("", "198.51.100.7");
	f = enter(&backup);
	set_entities(f, "host=h to=198.51.100.7 to=203.0.113.5");
	incident_build(&w.book, w.arena);
	ok(f->quiet == CASEBOOK_HEARD,
	    "one of two destinations does not cover what went to both");
}

static void
test_silence(void)
{
	struct casebook_finding *f;
	struct casebook_step *s;

	begin();
	s = silence("OUT", "");
	f = enter(&backup);
	incident_build(&w.book, w.arena);
	ok(f->quiet == CASEBOOK_SILENCED &&
		strcmp(f->quiet_by, w.book.silences[0].id) == 0 &&
		w.book.silences[0].n == 1,
	    "it is counted by its silence");
	ok(w.book.groups[0].n_heard == 0 && w.book.groups[0].score == 0 &&
		!w.book.groups[0].incident,
	    "its case is none and tells nobody");
	s->until = 1000 * UTC_SECOND;
	s->from = 0;
	incident_build(&w.book, w.arena);
	ok(f->quiet == CASEBOOK_HEARD, "an end is not part of the silence");
	s->until = 2000 * UTC_SECOND;
	s->from = 1000 * UTC_SECOND + 1;
	incident_build(&w.book, w.arena);
	ok(f->quiet == CASEBOOK_HEARD, "what was before it is heard");
	s->from = 0;
	f->severity = CASEBOOK_CRITICAL;
	incident_build(&w.book, w.arena);
	ok(f->quiet == CASEBOOK_HEARD, "what is graver than it may be is, too");
	begin();
	f = enter(&backup);
	silence("OUT", "");
	incident_build(&w.book, w.arena);
	ok(f->quiet == CASEBOOK_HEARD,
	    "what was found before it was made stays heard");
	begin();
	silence("OUT", "");
	s = say(CASEBOOK_UNSILENCE, "", "command");
	s->silence = "00000001";
	f = enter(&backup);
	incident_build(&w.book, w.arena);
	ok(f->quiet == CASEBOOK_HEARD && w.book.silences[0].ended == s,
	    "one that somebody ended keeps nothing quiet");
}

static void
test_quiet(void)
{
	static const char *const by[] = { "CFG-*" };
	static const struct row rows[] = {
		{ "A", 2, 100, 200, "user=a", 1, "" },
		{ "B", 3, 100, 200, "user=a host=h", 2, "" },
		{ "C", 2, 100, 200, "host=h", 3, "" },
		{ "CFG-2", 3, 150, 300, "host=h", 4, "" },
	};
	struct casebook_finding *b;

	begin();
	enter(&rows[0]);
	b = enter(&rows[1]);
	enter(&rows[2]);
	b->excepted = "exceptions.csv:4";
	incident_build(&w.book, w.arena);
	ok(b->quiet == CASEBOOK_EXCEPTED && w.book.n_groups == 3,
	    "what is excepted is recorded, and joins nothing");
	begin();
	b = enter(&rows[2]);
	b->inhibited_by = by;
	b->n_inhibited_by = 1;
	enter(&rows[3]);
	incident_build(&w.book, w.arena);
	ok(b->quiet == CASEBOOK_INHIBITED &&
		strcmp(b->quiet_by, w.findings[1].id) == 0 &&
		w.book.groups[0].score == 90 && w.book.groups[0].n_heard == 1,
	    "what another finding says already adds nothing to their case");
	w.findings[1].from = 200 * UTC_SECOND;
	incident_build(&w.book, w.arena);
	ok(b->quiet == CASEBOOK_HEARD, "unless the two were not at one time");
	w.findings[1].from = 150 * UTC_SECOND;
	b->severity = CASEBOOK_CRITICAL;
	incident_build(&w.book, w.arena);
	ok(b->quiet == CASEBOOK_HEARD, "or it is the graver one");
}

/* Whose windows are long and begin early is found all the same. */
static void
test_long(void)
{
	static const char *const by[] = { "L", "S-*" };
	static const struct row rows[] = {
		{ "L", 3, 0, 90000, "host=h", 1, "" },
		{ "S-1", 3, 100, 200, "host=h", 2, "" },
		{ "A", 2, 50000, 50010, "host=h", 3, "" },
		{ "A", 2, 150, 160, "host=h", 4, "" },
		{ "A", 2, 95000, 95010, "host=h", 5, "" },
	};
	size_t i;

	begin();
	for (i = 0; i < 5; i++) {
		enter(&rows[i]);
		w.findings[i].inhibited_by = by;
		w.findings[i].n_inhibited_by = i < 2 ? 0 : 2;
	}
	incident_build(&w.book, w.arena);
	ok(w.findings[2].quiet == CASEBOOK_INHIBITED &&
		w.findings[3].quiet == CASEBOOK_INHIBITED &&
		w.findings[4].quiet == CASEBOOK_HEARD,
	    "a window of a day that began long before inhibits, too");
	ok(strcmp(w.findings[3].quiet_by, w.findings[0].id) == 0,
	    "of several the one that began first is named");
}

/* ---- people ---- */

static void
test_judged(void)
{
	static const struct row rows[] = {
		{ "A", 3, 100, 200, "user=a", 1, "impact" },
		{ "B", 2, 100, 200, "user=a", 2, "discovery" },
		{ "C", 2, 300, 400, "user=a", 3, "" },
	};
	const struct casebook_group *g;
	struct casebook_step *s;

	begin();
	enter(&rows[0]);
	enter(&rows[1]);
	s = say(CASEBOOK_JUDGE, "00000001", "normal");
	s->finding = w.findings[0].id;
	incident_build(&w.book, w.arena);
	g = w.book.groups;
	ok(w.findings[0].normal && w.findings[1].judged == NULL &&
		g->judged == NULL && g->score == 30 && g->severity == 2,
	    "a finding judged normal counts no more");
	s = say(CASEBOOK_JUDGE, "00000001", "normal");
	s->finding = w.findings[1].id;
	incident_build(&w.book, w.arena);
	g = w.book.groups;
	ok(g->judged == s && !g->incident && g->severity == 3,
	    "all of them: so is the case, as grave as it was found");
	begin();
	enter(&rows[0]);
	s = say(CASEBOOK_JUDGE, "00000001", "incident");
	enter(&rows[2])->group = "00000001";
	incident_build(&w.book, w.arena);
	ok(w.findings[0].judged == s && w.findings[1].judged == NULL,
	    "a judgement is about what was there");
}

static int64_t
news(void)
{
	incident_build(&w.book, w.arena);
	return w.book.groups[0].news;
}

static void
test_news(void)
{
	static const struct row rows[] = {
		{ "A", 2, 100, 200, "user=a", 1, "" },
		{ "A", 2, 400, 500, "user=a", 2, "" },
		{ "B", 2, 300, 400, "user=a", 3, "" },
		{ "C", 3, 300, 400, "user=a", 4, "" },
	};
	struct casebook_finding *f;

	begin();
	enter(&rows[0]);
	say(CASEBOOK_JUDGE, "00000001", "normal");
	f = enter(&rows[1]);
	ok(news() == 0 && w.book.groups[0].n_repeats == 1,
	    "the same thing again within a day is no news");
	f->recorded = w.findings[0].recorded + CASEBOOK_REPEAT - 1;
	ok(news() == 0, "to the last moment of it");
	f->recorded++;
	w.book.repeat = 2 * CASEBOOK_REPEAT;
	ok(news() == 0, "of two days, where the site says so");
	w.book.repeat = 0;
	ok(news() == f->recorded, "after a day it is");
	f = enter(&rows[2]);
	w.findings[1].recorded = w.findings[0].recorded;
	ok(news() == f->recorded,
	    "after a case was judged normal anything else is");
	begin();
	enter(&rows[0]);
	say(CASEBOOK_ACK, "00000001", "command");
	enter(&rows[2]);
	ok(news() == 0, "while somebody is at it a warning is none");
	f = enter(&rows[3]);
	ok(news() == f->recorded && w.book.groups[0].since == f->recorded,
	    "but what is serious is");
}

int
main(void)
{
	test_together();
	test_chain();
	test_score();
	test_phases();
	test_covers();
	test_silence();
	test_quiet();
	test_long();
	test_judged();
	test_news();
	arena_free(w.arena);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"
#include "tests/unit/report_fixture.h"

/* The page of a fixture; free() it. */
static char *
print(bool full, const char *lang)
{
	struct fixture f;
	struct buf out;

	log_set_lang(lang);
	fixture_init(&f, full);
	buf_init(&out);
	fixture_print(&f, "review.html", &out);
	fixture_fini(&f);
	buf_byte(&out, 0);
	return (char *)out.p;
}

static size_t
count(const char *s, const char *what)
{
	size_t n = 0;

	for (; (s = strstr(s, what)) != NULL; s += strlen(what))
		n++;
	return n;
}

static const struct {
	const char *name, *what;
} wanted[] = {
	{ "the incident comes first, with its score",
	    "<ol>\n<li class=\"inc\"><p class=\"what\">"
	    "<b class=\"sev s4\">critical</b> <b>Case 1f00aa01</b>　score "
	    "50.7　findings 3</p>" },
	{ "its phases stand in the left column, in order",
	    "<tr><th>entry</th><td class=\"d\">Sun 11-22 02:14</td><td>"
	    "serious [ACC-01] Login with a leaver&#39;s ID and 1 more" },
	{ "each with the gravest finding of it",
	    "<tr><th>exfiltration</th><td class=\"d\">Sun 11-22 03:35</td>"
	    "<td>critical [OUT-01] Outbound transfer from an isolated device" },
	{ "that it is a reading is said",
	    "The phases began in this order (a reading, no fact)." },
	{ "a finding cites its record", "mihon.example/evidence<wbr>#113" },
	{ "a source is named as the ledger knows it",
	    "<td>004 fw01 (サーバ室)</td><td class=\"n\">21</td>" },
	{ "a line nobody understood is counted for its source",
	    "<td class=\"n\">24 / 26</td><td>Sat 11-21 08:00 – Sun 11-22 07:00"
	    "</td><td class=\"n\">1</td><td><span class=\"cite\">#1" },
	{ "accounts are held against their ledger",
	    "Ledger: 3 accounts, logins of 2, none of 1 (which does not say "
	    "unused). In no ledger: 3." },
	{ "VPN logins are counted",
	    "<td>VPN</td><td class=\"n\">2</td><td class=\"n\">2</td>"
	    "<td class=\"n\">5</td><td class=\"n\">1</td><td>"
	    "<span class=\"cite\">#106–<wbr>#113</span></td></tr>" },
	{ "the log they lie in is named above them",
	    "3. Logins <span class=\"cite\">mihon.example/evidence</span>" },
	{ "a session without an end comes first",
	    "<th>sessions: 4 (no end: 2)</th>" },
	{ "it may still be open",
	    "<td>tanaka-t</td><td>198.51.100.77</td><td>Sun 11-22 02:14 –</td>"
	    "<td>no record of the end; may still be open</td>" },
	{ "a session has its length",
	    "<td>Wed 11-18 20:10 – 21:05</td><td>55 min</td>" },
	{ "what the collector lost is said", "datagrams not read in time" },
	{ "both logs are verified", "mihon.example/casebook\n12\n" },
	{ "there is room to sign", "<th>Reviewer (planning manager)</th>" },
	{ "the drill is marked", "class=\"banner\"" },
	{ "the week", "2026-11-16 (Mon) – 2026-11-22 (Sun)" },
};

static void
test_small(void)
{
	char *s = print(false, "en"), *again = print(false, "en");
	size_t i;

	ok(strcmp(s, again) == 0, "the same inputs give the same bytes");
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		ok(strstr(s, wanted[i].what) != NULL, "%s", wanted[i].name);
	ok(count(s, "<code>") == REVIEW_SAMPLES, "three sampled records");
	ok(count(s, "<svg class=\"qr\"") == 2 &&
		count(s, "\nR 5a5a5a5a5a5a5a5a") == 2,
	    "both logs have their anchor with R, and as a code");
	ok(strstr(s, "&lt;img src=x") != NULL && strstr(s, "<img") == NULL,
	    "of which none is markup");
	free(s);
	free(again);
}

static void
test_full(void)
{
	char *s = print(true, "ja");

	ok(count(s, "class=\"judge\"") == 3,
	    "two incidents take four of the five places");
	ok(strstr(s, "このほかの検出： 7　緊急 7") != NULL,
	    "the rest is counted");
	ok(strstr(s, "記録のみ（通知なし）の検出： 3　例外 1（1a2b3c4d 山田 "
		     "太郎") != NULL &&
		strstr(s, "通知停止 1（9f86d081 佐々木 誠") != NULL &&
		strstr(s, "ほかの検出に含む 1") != NULL,
	    "and what told nobody, with whose word that was");
	ok(count(s, "</th><td class=\"d\">") == 8 &&
		strstr(s, "<th>横展開</th>") != NULL &&
		strstr(s, "段階の始まりがこの順ではありません。") != NULL,
	    "with their phases");
	ok(count(s, "switch-with-a-long-name") < REVIEW_SOURCES,
	    "sources beyond the page are summed up");
	ok(strstr(s, "その他の情報源： ") != NULL, "in a row of their own");
	ok(strstr(s, "このほかの未対応： 8") != NULL, "so are old cases");
	free(s);
}

static void
take_cut(void *v, const struct event *e, int64_t at)
{
	struct event cut = *e;

	cut.message = SPAN("\x95\x61\x89\x40\x95");
	cut.encoding = TEXT_CP932;
	review_event(v, &cut, at);
}

/* A week of lines in CP932 that end within a character. */
static void
test_encoding(void)
{
	struct fixture f;
	struct review *v;
	struct buf out;

	fixture_init(&f, false);
	buf_init(&out);
	v = review_new(&f.r, fixture_time("2026-11-16T00:00:00+09:00"),
	    fixture_time("2026-11-23T00:00:00+09:00"));
	fixture_events(&f, take_cut, v);
	review_print_html(v, &f.losses, &out);
	ok(count(buf_cstr(&out), "<code>病院\uFFFD</code>") == REVIEW_SAMPLES,
	    "a sampled line is shown as text, what does not decode is marked");
	buf_fini(&out);
	fixture_fini(&f);
}

static void
take_patient(void *v, const struct event *e, int64_t at)
{
	if (event_get(e, ECS_PATIENT_ID).len > 0)
		review_event(v, e, at);
}

/* A week with nothing in it but a patient's record. */
static void
test_patient(void)
{
	struct fixture f;
	struct review *v;
	struct buf out;

	log_set_lang("en");
	fixture_init(&f, false);
	buf_init(&out);
	v = review_new(&f.r, fixture_time("2026-11-16T00:00:00+09:00"),
	    fixture_time("2026-11-23T00:00:00+09:00"));
	fixture_events(&f, take_patient, v);
	review_print_html(v, &f.losses, &out);
	ok(strstr(buf_cstr(&out), "<code>") == NULL,
	    "a patient's record is never sampled");
	ok(strstr(buf_cstr(&out), "<td>EMR (imported)</td>") != NULL,
	    "but counted");
	buf_fini(&out);
	fixture_fini(&f);
}

static void
test_weeks(void)
{
	static const struct {
		const char *name, *at, *monday;
	} rows[] = {
		{ "Sunday at night: this week", "2026-11-22T09:00:00+09:00",
		    "2026-11-16T00:00:00+09:00" },
		{ "Monday morning: last week", "2026-11-23T08:00:00+09:00",
		    "2026-11-16T00:00:00+09:00" },
		{ "Thursday morning: last week", "2026-11-26T08:00:00+09:00",
		    "2026-11-16T00:00:00+09:00" },
		{ "Friday: this week", "2026-11-27T08:00:00+09:00",
		    "2026-11-23T00:00:00+09:00" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(review_default(fixture_time(rows[i].at), 9 * 3600) ==
			fixture_time(rows[i].monday),
		    "%s", rows[i].name);
	ok(review_monday(fixture_time("2026-11-22T23:59:59+09:00"), 9 * 3600) ==
		fixture_time("2026-11-16T00:00:00+09:00"),
	    "a week ends on Sunday");
}

static void
take_live(void *v, const struct event *e, int64_t at)
{
	struct event_source source = *e->source;
	struct event live = *e;

	source.replay = false;
	source.transport = SPAN("udp");
	live.source = &source;
	review_event(v, &live, at);
}

/* All fell silent on the last day of a week that was sealed to its end. */
static void
test_silence(void)
{
	struct fixture f;
	struct review *v;
	struct buf out;

	log_set_lang("en");
	fixture_init(&f, false);
	buf_init(&out);
	v = review_new(&f.r, fixture_time("2026-11-16T00:00:00+09:00"),
	    fixture_time("2026-11-23T00:00:00+09:00"));
	fixture_events(&f, take_live, v);
	review_print_html(v, &f.losses, &out);
	ok(strstr(buf_cstr(&out), "24 / 26") == NULL &&
		strstr(buf_cstr(&out), "21 / 22") != NULL,
	    "silence lasts to the newest seal, not to the last record");
	buf_fini(&out);
	fixture_fini(&f);
}

int
main(void)
{
	test_small();
	test_full();
	test_patient();
	test_encoding();
	test_weeks();
	test_silence();
	return done();
}

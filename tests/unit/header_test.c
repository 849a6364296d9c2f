/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/header.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/format/header_word.h"
#include "common/buf.h"
#include "tests/tap.h"

/*
 * What stands in front of messages, in the order
 *	pri|stamp|zone|quality|host|app|pid|relay|message
 * as it comes out at the deepest level.
 */
static const struct {
	const char *name, *in, *want;
} cases[] = {
	{ "RFC 3164", "<34>Oct 11 22:14:15 mymachine su: 'su root' failed",
	    "34|Oct 11 22:14:15|||mymachine|su|||'su root' failed" },
	{ "with a pid", "<86>Feb  9 21:21:02 emr1 sshd[8317]: hello",
	    "86|Feb  9 21:21:02|||emr1|sshd|8317||hello" },
	{ "no priority", "Feb  9 21:21:02 emr1 sudo:  tanaka : TTY=pts/0",
	    "-1|Feb  9 21:21:02|||emr1|sudo|||tanaka : TTY=pts/0" },
	{ "an empty name", "Feb  9 21:21:47  sshd[8317]: last message",
	    "-1|Feb  9 21:21:47||||sshd|8317||last message" },
	{ "no name but a tag", "<134>Jan 27 14:29:26 nasapi[190] - log - set",
	    "134|Jan 27 14:29:26||||nasapi|190||- log - set" },
	{ "a tag with a slash", "<78>Jan 27 14:29:26 h /usr/sbin/cron[7]: x",
	    "78|Jan 27 14:29:26|||h|/usr/sbin/cron|7||x" },
	{ "nothing at all", "just words", "-1||||||||just words" },
	{ "only a priority", "<13> [INSPECT] LAN2[out][1] TCP",
	    "13||||||||[INSPECT] LAN2[out][1] TCP" },
	{ "a priority over 191", "<999>x", "-1||||||||x" },
	{ "no priority after all", "<abc>x", "-1||||||||<abc>x" },
	{ "a Cisco's counter and unset clock behind a relay's head",
	    "<189>Apr 29 13:58:40 relay 29: *Apr 29 13:58:40.411: %SYS-5-X: y",
	    "189|*Apr 29 13:58:40.411||*|relay||||%SYS-5-X: y" },
	{ "octet count left in", "29 <13>Oct 11 22:14:15 h a: b",
	    "13|Oct 11 22:14:15|||h|a|||b" },
	{ "BOM and terminators", "\xef\xbb\xbf<13>Oct 11 22:14:15 h a: b\r\n",
	    "13|Oct 11 22:14:15|||h|a|||b" },
	{ "RFC 5424",
	    "<165>1 2003-10-11T22:14:15.003Z h.example.com ev 12 "
	    "ID47 [e@1 a=\"b]\\\"\"][f] \xef\xbb\xbfthe message",
	    "165|2003-10-11T22:14:15.003Z|0||h.example.com|ev|12||the "
	    "message" },
	{ "RFC 5424, all nil", "<165>1 - - - - - - x", "165||||||||x" },
	{ "RFC 5424 with a blank in its stamp (Check Point)",
	    "<134>1 2018-03-21 17:25:25 MDS CheckPoint 13752 - [a:\"b\"]",
	    "134|2018-03-21 17:25:25|||MDS|CheckPoint|13752||[a:\"b\"]" },
	{ "epoch as a stamp (Meraki)",
	    "<134>1 1563249630.774247467 dev urls src=1",
	    "134|1563249630.774247467|0||dev|urls|||src=1" },
	{ "ASA: name and colon", "May  5 18:40:50 dev01: %ASA-2-106001: In",
	    "-1|May  5 18:40:50|||dev01||||%ASA-2-106001: In" },
	{ "ASA: blank before the colon, year behind the day",
	    "<139>Oct 06 2023 11:12:20 fw : %ASA-3-1: x",
	    "139|Oct 06 2023 11:12:20|||fw||||%ASA-3-1: x" },
	{ "ASA: a blank left from the line before",
	    " <166>Aug 08 16:58:18 fw : %ASA-6-106023: x",
	    "166|Aug 08 16:58:18|||fw||||%ASA-6-106023: x" },
	{ "a blank before what is no priority", " <a> b", "-1||||||||<a> b" },
	{ "ASA: no name", "<165>Jan 11 2023 13:34:06: %ASA-5-111007: B",
	    "165|Jan 11 2023 13:34:06|||||||%ASA-5-111007: B" },
	{ "ASA: RFC 3339", "<166>2024-06-26T01:35:42Z: %ASA-6-113008: A",
	    "166|2024-06-26T01:35:42Z|0||||||%ASA-6-113008: A" },
	{ "ASA: a name and no stamp", "<167>10.255.255.1 %ASA-7-609002: T",
	    "167||||10.255.255.1||||%ASA-7-609002: T" },
	{ "ASA: a process", "Oct 10 2018 12:34:56 h CiscoASA[9]: %ASA-6-3: T",
	    "-1|Oct 10 2018 12:34:56|||h|CiscoASA|9||%ASA-6-3: T" },
	{ "IOS: counter, name, clock never set",
	    "<189>29: foo: *Apr 29 13:58:40.411: %SYS-5-CONFIG_I: C",
	    "189|*Apr 29 13:58:40.411||*|foo||||%SYS-5-CONFIG_I: C" },
	{ "IOS: clock lost, zone named",
	    "<180>7431: m1: .Nov 18 21:03:22.631 JST: %CDP-4-X: y",
	    "180|.Nov 18 21:03:22.631 JST|32400|.|m1||||%CDP-4-X: y" },
	{ "NX-OS: year first", "<187>: 2025 Jun 25 11:27:28 GMT: %AUTH-3-X: y",
	    "187|2025 Jun 25 11:27:28 GMT|0||||||%AUTH-3-X: y" },
	{ "FortiGate without a head", "<189>date=2026-11-20 time=14:03:05",
	    "189||||||||date=2026-11-20 time=14:03:05" },
	{ "FortiGate behind a relay", "Aug 17 00:00:00 fgt date=2026-11-20",
	    "-1|Aug 17 00:00:00|||fgt||||date=2026-11-20" },
	{ "PAN-OS without a name", "Oct 30 09:46:17 1,2012/10/30 09:46:17,0",
	    "-1|Oct 30 09:46:17|||||||1,2012/10/30 09:46:17,0" },
	{ "a router's own list", "2026/11/20 13:29:47: PP[01] up",
	    "-1|2026/11/20 13:29:47||||PP|01||up" },
	{ "stacked heads",
	    "<13>Jun  7 10:00:00 relay <189>Jun  7 09:59:59 "
	    "h1 sshd[1]: hi",
	    "189|Jun  7 09:59:59|||h1|sshd|1|relay|hi" },
	{ "a relay's head before a nameless one",
	    "<13>Jun  7 10:00:00 h1 : "
	    "2025 Jun 25 11:27:28 GMT: %A-3-X: y",
	    "13|2025 Jun 25 11:27:28 GMT|0||h1||||%A-3-X: y" },
	{ "AIX", "Jun  7 10:00:00 Message forwarded from h1: su: x",
	    "-1|Jun  7 10:00:00|||h1|su|||x" },
	{ "year behind the time", "Jun  7 10:00:00 2026 h1 a: x",
	    "-1|Jun  7 10:00:00 2026|||h1|a|||x" },
	{ "weekday and year behind", "Sun Jun  7 10:00:00 2026 h1 a: x",
	    "-1|Sun Jun  7 10:00:00 2026|||h1|a|||x" },
	{ "no such day", "Feb 30 10:00:00 h1 a: x",
	    "-1||||||||Feb 30 10:00:00 h1 a: x" },
	{ "a zone that is two zones", "Jun  7 10:00:00 CST: %A-1-B: x",
	    "-1|Jun  7 10:00:00 CST|||||||%A-1-B: x" },
};

static const char *
print(const char *in)
{
	static struct buf out;
	struct header h;
	struct span *part[] = { &h.host, &h.app, &h.pid, &h.relay,
		&h.body[HEADER_TAG] };
	size_t i;

	header_parse(span_str(in), &h);
	buf_fini(&out);
	buf_init(&out);
	buf_printf(&out, "%d|%.*s|", h.pri, (int)h.stamp_text.len,
	    (const char *)h.stamp_text.p);
	if (h.has_stamp && h.stamp.has_zone)
		buf_printf(&out, "%d", h.stamp.zone);
	buf_str(&out, "|");
	if (h.has_stamp && h.stamp.quality != 0)
		buf_byte(&out, (uint8_t)h.stamp.quality);
	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		buf_str(&out, "|");
		buf_span(&out, *part[i]);
	}
	return buf_cstr(&out);
}

static void
test_levels(void)
{
	struct header h;

	header_parse(SPAN("<13>Jun  7 10:00:00 h1 a[1]: x"), &h);
	ok(span_is(h.body[HEADER_NONE], "<13>Jun  7 10:00:00 h1 a[1]: x"),
	    "the line as it is");
	ok(span_is(h.body[HEADER_PRI], "Jun  7 10:00:00 h1 a[1]: x"),
	    "without its priority");
	ok(span_is(h.body[HEADER_TIME], "h1 a[1]: x"), "without its stamp");
	ok(span_is(h.body[HEADER_HOST], "a[1]: x"), "without its host");
	ok(span_is(h.body[HEADER_TAG], "x"), "without its tag");
	header_parse(SPAN("<9>1 - h a p m [s]"), &h);
	ok(span_is(h.msgid, "m") && span_is(h.sd, "[s]") &&
		h.body[HEADER_TAG].len == 0,
	    "RFC 5424 without a message");
	header_parse(SPAN("<9>1 - h a p m [s x"), &h);
	ok(h.sd.len == 0 && span_is(h.body[HEADER_TAG], "[s x"),
	    "structured data that does not close is message");
}

/* Pairs behind a priority are told at a glance: but for a line's end alike. */
static void
test_pairs(void)
{
	static const char *const line[] = { "<189>date=2026-11-20 time=1",
		"<0>logid=0123456789", "<192>type=traffic x",
		"<999>type=traffic x", "<1891>type=traffic x",
		"<007>type=traffic x", "<>type=traffic xxx",
		"< 13>type=traffic x", "<13> type=traffic x",
		"<13>Type=traffic xx", "<13>=traffic 12345",
		"<13>type traffic x=1", "<13>a_name_of_so_many_bytes=1",
		"<13>type=a\\#015#012", "<13>type=traffic#000" };
	struct header h, want;
	char text[64];
	size_t i;
	int level;
	bool alike;

	for (i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
		snprintf(text, sizeof(text), "%s\n", line[i]);
		header_parse(span_str(line[i]), &h);
		header_parse(span_str(text), &want);
		alike = h.pri == want.pri &&
		    span_eq(h.pri_text, want.pri_text) &&
		    h.has_stamp == want.has_stamp &&
		    span_eq(h.host, want.host) && span_eq(h.app, want.app);
		for (level = 0; level < HEADER_LEVELS; level++)
			alike &= span_eq(h.body[level], want.body[level]);
		ok(alike, "with and without its end: %s", line[i]);
	}
}

/* Bytes of a key: any at any place, in texts that end at once or later. */
static void
test_keys(void)
{
	unsigned c, wrong = 0;
	size_t len, at, want;
	char text[20];

	for (len = 0; len <= sizeof(text); len++)
		for (at = 0; at <= len; at++)
			for (c = 0; c < 256; c++) {
				memset(text, 'k', sizeof(text));
				want = at < len && c != '_' &&
					(c < 'a' || c > 'z')
				    ? at
				    : len;
				if (at < len)
					text[at] = (char)c;
				wrong += header_word_key(span_make(text,
					     len)) != (want < 16 ? want : 16);
			}
	ok(wrong == 0, "where a key ends");
}

int
main(void)
{
	struct header h;
	size_t i;
	const char *have;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		have = print(cases[i].in);
		ok(strcmp(have, cases[i].want) == 0, "%s", cases[i].name);
		if (strcmp(have, cases[i].want) != 0)
			printf("# have %s\n# want %s\n", have, cases[i].want);
	}
	test_levels();
	header_parse(span_make("\0<13>a: b", 10), &h);
	ok(h.pri == 13, "a NUL left from the line before hides no priority");
	test_pairs();
	test_keys();
	return done();
}

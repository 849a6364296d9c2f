/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/convert.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/regex/regex.h"
#include "tests/tap.h"

static const struct {
	enum convert as;
	enum ecs_type type;
	const char *in, *want; /* want "": nothing comes of it */
} cases[] = {
	{ CONVERT_NONE, ECS_T_KEYWORD, "x", "x" },
	{ CONVERT_NONE, ECS_T_NUMBER, "007", "7" },
	{ CONVERT_NONE, ECS_T_NUMBER, "0", "0" },
	{ CONVERT_NONE, ECS_T_NUMBER, "-1", "" },
	{ CONVERT_NONE, ECS_T_NUMBER, "1.5", "" },
	{ CONVERT_NONE, ECS_T_NUMBER, "18446744073709551615",
	    "18446744073709551615" },
	{ CONVERT_NONE, ECS_T_NUMBER, "18446744073709551616", "" },
	{ CONVERT_HEX_NUMBER, ECS_T_NUMBER, "0x1F4", "500" },
	{ CONVERT_HEX_NUMBER, ECS_T_NUMBER, "500", "500" },
	{ CONVERT_HEX_NUMBER, ECS_T_NUMBER, "0xffffffffffffffff",
	    "18446744073709551615" },
	{ CONVERT_HEX_NUMBER, ECS_T_NUMBER, "0x1ffffffffffffffff", "" },
	{ CONVERT_HEX_NUMBER, ECS_T_NUMBER, "0xg", "" },
	{ CONVERT_HEX_NUMBER, ECS_T_NUMBER, "0x", "" },
	{ CONVERT_LABELS, ECS_T_KEYWORD, "(3)www(7)example(3)com(0)",
	    "www.example.com" },
	{ CONVERT_LABELS, ECS_T_KEYWORD, "(0)", "." },
	{ CONVERT_LABELS, ECS_T_KEYWORD, "(3)www(7)exam", "" },
	{ CONVERT_LABELS, ECS_T_KEYWORD, "(3)www", "" },
	{ CONVERT_LABELS, ECS_T_KEYWORD, "(99999999999999999999)a", "" },
	{ CONVERT_LABELS, ECS_T_KEYWORD, "www.example.com", "" },
	{ CONVERT_NONE, ECS_T_IP, "192.168.1.1", "192.168.1.1" },
	{ CONVERT_NONE, ECS_T_IP, "192.168.1.256", "" },
	{ CONVERT_NONE, ECS_T_IP, "192.168.1", "" },
	{ CONVERT_NONE, ECS_T_IP, "192.168.1.1.", "" },
	{ CONVERT_NONE, ECS_T_IP, "1.2.3.4.5", "" },
	{ CONVERT_NONE, ECS_T_IP, "emr1", "" },
	{ CONVERT_NONE, ECS_T_IP, "2001:db8::1", "2001:db8::1" },
	{ CONVERT_NONE, ECS_T_IP, "fe80::1%eth0", "fe80::1%eth0" },
	{ CONVERT_NONE, ECS_T_IP, "::", "::" },
	{ CONVERT_NONE, ECS_T_IP, ":", "" },
	{ CONVERT_NONE, ECS_T_IP, "12:34", "" },
	{ CONVERT_TRIM, ECS_T_IP, " 10.0.0.1\t", "10.0.0.1" },
	{ CONVERT_LOWER, ECS_T_KEYWORD, "HTTPS", "https" },
	{ CONVERT_UPPER, ECS_T_KEYWORD, "tcp", "TCP" },
	{ CONVERT_MAC, ECS_T_KEYWORD, "00:a0:de:00:00:0f",
	    "00-A0-DE-00-00-0F" },
	{ CONVERT_MAC, ECS_T_KEYWORD, "00a0.de00.000f", "00-A0-DE-00-00-0F" },
	{ CONVERT_MAC, ECS_T_KEYWORD, "10.20.30.40:8443", "" },
	{ CONVERT_MAC, ECS_T_KEYWORD, "192.168.100.200", "" },
	{ CONVERT_MAC, ECS_T_KEYWORD, "00a0de-00000f", "00-A0-DE-00-00-0F" },
	{ CONVERT_MAC, ECS_T_KEYWORD, "00:a0:de:00:00", "" },
	{ CONVERT_MAC, ECS_T_KEYWORD, "00:a0:de:00:00:0g", "" },
	{ CONVERT_MAC, ECS_T_KEYWORD, "00:a0:de:00:00:0f:1", "" },
	{ CONVERT_SECONDS, ECS_T_NUMBER, "61", "61000000000" },
	{ CONVERT_SECONDS, ECS_T_NUMBER, "0", "0" },
	{ CONVERT_SECONDS, ECS_T_NUMBER, "007", "7000000000" },
	{ CONVERT_SECONDS, ECS_T_NUMBER, "12345678", "12345678000000000" },
	{ CONVERT_SECONDS, ECS_T_NUMBER, "123456789", "123456789000000000" },
	{ CONVERT_SECONDS, ECS_T_NUMBER, "1234567890", "1234567890000000000" },
	{ CONVERT_SECONDS, ECS_T_NUMBER, "1x", "" },
	{ CONVERT_SECONDS, ECS_T_NUMBER, "0.25", "250000000" },
	{ CONVERT_SECONDS, ECS_T_NUMBER, "18446744074", "" },
	{ CONVERT_MS, ECS_T_NUMBER, "12", "12000000" },
	{ CONVERT_US, ECS_T_NUMBER, "12", "12000" },
	{ CONVERT_NS, ECS_T_NUMBER, "12", "12" },
	{ CONVERT_MINUTES, ECS_T_NUMBER, "2", "120000000000" },
	{ CONVERT_SECONDS, ECS_T_NUMBER, "1.x", "" },
	{ CONVERT_HMS, ECS_T_NUMBER, "0:01:07", "67000000000" },
	{ CONVERT_HMS, ECS_T_NUMBER, "92:24:20", "332660000000000" },
	{ CONVERT_HMS, ECS_T_NUMBER, "0h:32m:16s", "1936000000000" },
	{ CONVERT_HMS, ECS_T_NUMBER, "1d 2h", "93600000000000" },
	{ CONVERT_HMS, ECS_T_NUMBER, "16", "16000000000" },
	{ CONVERT_HMS, ECS_T_NUMBER, "1:", "" },
	{ CONVERT_HMS, ECS_T_NUMBER, "1d 2", "" },
	{ CONVERT_HMS, ECS_T_NUMBER, "x", "" },
	{ CONVERT_HEX, ECS_T_TEXT, "6C73002D6C00", "ls -l" },
	{ CONVERT_HEX, ECS_T_TEXT, "e382a2", "\xe3\x82\xa2" },
	{ CONVERT_HEX, ECS_T_TEXT, "6C7", "" },
	{ CONVERT_HEX, ECS_T_TEXT, "6Cxy", "" },
	{ CONVERT_HEX, ECS_T_TEXT, "", "" },
	{ CONVERT_URL_DOMAIN, ECS_T_KEYWORD, "http://u:p@www.example.com:80/a",
	    "www.example.com" },
	{ CONVERT_URL_DOMAIN, ECS_T_KEYWORD, "www.example.com/a?b",
	    "www.example.com" },
	{ CONVERT_URL_DOMAIN, ECS_T_KEYWORD, "https://[2001:db8::1]:8443/",
	    "2001:db8::1" },
	{ CONVERT_URL_DOMAIN, ECS_T_KEYWORD, "/a/b", "" },
	{ CONVERT_URL_PATH, ECS_T_KEYWORD, "https://www.example.com/a/b?c#d",
	    "/a/b" },
	{ CONVERT_URL_PATH, ECS_T_KEYWORD, "/a/b?c", "/a/b" },
	{ CONVERT_URL_PATH, ECS_T_KEYWORD, "www.example.com", "" },
	{ CONVERT_ACCOUNT, ECS_T_KEYWORD, "HOSP\\tanaka", "tanaka" },
	{ CONVERT_ACCOUNT, ECS_T_KEYWORD, "tanaka@hosp", "tanaka@hosp" },
	{ CONVERT_DOMAIN, ECS_T_KEYWORD, "HOSP\\tanaka", "HOSP" },
	{ CONVERT_DOMAIN, ECS_T_KEYWORD, "tanaka", "" },
	{ CONVERT_EPOCH, ECS_T_TIME, "1795150985", "2026-11-20T05:03:05Z" },
	{ CONVERT_EPOCH, ECS_T_TIME, "x", "" },
	{ CONVERT_NONE, ECS_T_IP, "::ffff:192.0.2.9", "192.0.2.9" },
	{ CONVERT_NONE, ECS_T_IP, "::FFFF:192.0.2.9", "192.0.2.9" },
	{ CONVERT_NONE, ECS_T_IP, "0:0:0:0:0:ffff:192.0.2.9", "192.0.2.9" },
	{ CONVERT_NONE, ECS_T_IP, "::ffff:c000:209", "::ffff:c000:209" },
	{ CONVERT_NONE, ECS_T_IP, "::1", "::1" },
	{ CONVERT_NONE, ECS_T_IP, "::ffff:192.0.2", "" },
};

/* Dotted quads against inet_pton(), which allows no leading zeros. */
static void
test_quads(void)
{
	static const char *const part[] = { "", "0", "1", "09", "10", "99",
		"100", "199", "200", "249", "250", "255", "256", "260", "300",
		"999", "1000", "1a", "-1", " 1" };
	enum { N = sizeof(part) / sizeof(part[0]) };
	unsigned i, k, at, wrong = 0, good = 0;
	struct in_addr addr;
	char text[64];
	bool is, want;

	for (at = 0; at < 4; at++)
		for (i = 0; i < N; i++)
			for (k = 0; k < N; k++) {
				snprintf(text, sizeof(text), "%s.%s.%s.%s",
				    at == 0 ? part[i] : "7",
				    at == 1 ? part[i] : part[k],
				    at == 2 ? part[i] : "12",
				    at == 3 ? part[i] : "203");
				is = convert_is_ip(span_str(text));
				want = inet_pton(AF_INET, text, &addr) == 1 ||
				    (is && strstr(text, "09") != NULL);
				wrong += is != want;
				good += is;
			}
	ok(wrong == 0 && good > 500, "addresses are what inet_pton takes");
	for (i = 0; i < 4; i++) {
		static const char *const row[] = { "1.2.3", "1.2.3.4.5",
			"1.2.3.", "1..2.3" };

		ok(!convert_is_ip(span_str(row[i])), "not %s", row[i]);
	}
}

/* Each place of numbers of all lengths, with what is next to the digits. */
static void
test_numbers(void)
{
	static const char bad[] = { '0' - 1, '9' + 1, ' ', '.', 'p', 'A',
		(char)0xB0, 0 };
	uint8_t text[24];
	size_t len, at, i, wrong = 0;

	for (len = 1; len <= 20; len++) {
		memset(text, '7', sizeof(text));
		wrong += convert_is_number(span_make(text, len)) != (len < 20);
		for (at = 0; at < len; at++) {
			for (i = 0; i < sizeof(bad); i++) {
				text[at] = (uint8_t)bad[i];
				wrong +=
				    convert_is_number(span_make(text, len));
			}
			for (i = '0'; i <= '9'; i++) {
				text[at] = (uint8_t)i;
				wrong +=
				    convert_is_number(span_make(text, len)) !=
				    (len < 20 &&
					(i > '0' || at > 0 || len == 1));
			}
			text[at] = '7';
		}
	}
	wrong += convert_is_number(span_make(text, 0));
	ok(wrong == 0, "numbers as they are printed");
}

/* Each byte at each place of texts of all lengths, against one at a time. */
static bool
turns(struct arena *a, size_t len, size_t at, unsigned c, char from)
{
	uint8_t *text = malloc(len); /* of its own: nobody reads behind it */
	struct span have;
	bool good = true;
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = i == at ? (uint8_t)c : (uint8_t)('0' + i % 10);
	have = convert_value(from == 'A' ? CONVERT_LOWER : CONVERT_UPPER,
	    ECS_T_KEYWORD, span_make(text, len), a);
	good = have.len == len;
	for (i = 0; i < len && good; i++)
		good = (have.p[i] ^ text[i]) ==
		    (text[i] >= from && text[i] < from + 26 ? 0x20u : 0);
	free(text);
	return good;
}

static void
test_letters(void)
{
	struct arena *a = arena_new();
	unsigned c, wrong = 0;
	size_t len, at;

	for (len = 1; len <= 33; len++)
		for (at = 0; at < len; at++)
			for (c = 0; c < 256; c++) {
				wrong += !turns(a, len, at, c, 'A');
				wrong += !turns(a, len, at, c, 'a');
			}
	ok(wrong == 0, "letters are turned, nothing else is");
	ok(span_is(convert_value(CONVERT_LOWER, ECS_T_KEYWORD,
		       SPAN("DESKTOP-Z\xC3\x81[1].Example"), a),
	       "desktop-z\xC3\x81[1].example"),
	    "many of them");
	arena_free(a);
}

static const struct {
	const char *regex, *text;
	int want;
} texts[] = {
	{ "^.{2}$", "病院", 1 },
	{ "^.{6}$", "病院", 0 },
	{ "^\\w+$", "病院é", 1 },
	{ "^\\d+$", "１２３", 1 },
	{ "\\bx\\b", "病x院", 0 },
	{ "[あ-ん]", "é", 0 },
	{ "[あ-ん]", "xい", 1 },
	{ "(?i)äb", "ÄB", 1 },
	{ "^xé?y", "xy", 1 }, /* no byte of what may be missing is needed */
	{ "xé?y", "axy", 1 },
	{ "\\x{75c5}", "病", 1 },
	{ "a.b", "a\nb", 0 },
	{ "(?s)a.b", "a\nb", 1 },
	{ "a\\sb", "a\u3000b", 1 },
	{ "b$", "\xE7\x97 b", 1 }, /* ill-formed before it */
	{ "^.", "\xFF", 0 },
	{ "x", "\xFFx\xFF", 1 },
};

static void
test_regex(void)
{
	struct arena *a = arena_new();
	struct regex_match *m = regex_match_new();
	struct regex *r;
	char err[128];
	const struct span *group;
	static char evil[22]; /* 2^21 ways; the default limit lets them */
	size_t offset, i;

	r = regex_new(SPAN("^ab(?<x>\\d+)(?:-(?<y>.)|=(?<y>..))?"), a, err,
	    sizeof(err), &offset);
	ok(r != NULL && regex_groups(r) == 3, "a name may occur twice");
	ok(regex_search(r, m, SPAN("ab12=yz")) == 1, "found");
	group = regex_caught(r, m);
	ok(span_is(group[0], "12"), "a group");
	ok(group[1].len + group[2].len == 2, "one of two of a name");
	ok(regex_search(r, m, SPAN("xab12")) == 0, "anchored");
	ok(regex_search(r, m, (struct span){ NULL, 0 }) == 0, "nothing");
	regex_free(r);
	r = regex_new(SPAN("^a|b"), a, err, sizeof(err), &offset);
	ok(regex_search(r, m, SPAN("xb")) == 1,
	    "the anchor of one alternative is not that of all");
	regex_free(r);
	r = regex_new(SPAN("^ab?c"), a, err, sizeof(err), &offset);
	ok(regex_search(r, m, SPAN("ac")) == 1,
	    "a literal that may be missing is not required");
	regex_free(r);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		r = regex_new_text(span_str(texts[i].regex), a, err,
		    sizeof(err), &offset);
		ok(r != NULL &&
			regex_search(r, m, span_str(texts[i].text)) ==
			    texts[i].want,
		    "in characters, '%s' %s '%s'", texts[i].regex,
		    texts[i].want ? "is in" : "is not in", texts[i].text);
		regex_free(r);
	}
	r = regex_new(SPAN("a(b"), a, err, sizeof(err), &offset);
	ok(r == NULL && offset == 3 && err[0] != '\0', "an error has a place");
	r = regex_new(SPAN("^(?:a+)+$"), a, err, sizeof(err), &offset);
	memset(evil, 'a', sizeof(evil) - 1);
	evil[sizeof(evil) - 1] = 'b';
	ok(regex_search(r, m, span_make(evil, sizeof(evil))) == -1,
	    "an expression that explodes is stopped");
	regex_free(r);
	regex_match_free(m);
	arena_free(a);
}

int
main(void)
{
	struct arena *a = arena_new();
	struct span have;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		have = convert_value(cases[i].as, cases[i].type,
		    span_str(cases[i].in), a);
		ok(span_is(have, cases[i].want), "%s of '%s'",
		    convert_name(cases[i].as), cases[i].in);
	}
	test_quads();
	test_numbers();
	test_letters();
	test_regex();
	arena_free(a);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/matcher.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/find/keyset.h"
#include "common/text.h"
#include "tests/tap.h"

/* ---- what is found where ---- */

static const struct {
	const char *name, *indicator, *type, *body;
	bool found;
} cases[] = {
	{ "an address alone", "198.51.100.7", "", "198.51.100.7", true },
	{ "in brackets", "198.51.100.7", "", "[198.51.100.7]", true },
	{ "behind an equals sign, with a port", "198.51.100.7", "",
	    "src=198.51.100.7:443", true },
	{ "with an arrow", "198.51.100.7", "", "10.0.0.1->198.51.100.7", true },
	{ "in front of one", "198.51.100.7", "", "198.51.100.7->10.0.0.1",
	    true },
	{ "at the end of a sentence", "198.51.100.7", "",
	    "from 198.51.100.7.", true },
	{ "Japanese around it", "198.51.100.7", "", "は198.51.100.7から",
	    true },
	{ "letters around it", "198.51.100.7", "", "ip198.51.100.7x", true },
	{ "zeros in front", "198.51.100.7", "", "198.051.100.007", true },
	{ "port with a dot", "198.51.100.7", "", "198.51.100.7.443 >", true },
	{ "not a longer last number", "198.51.100.7", "", "198.51.100.70",
	    false },
	{ "not a number beyond 255", "198.51.100.7", "", "198.51.100.263",
	    false },
	{ "not a longer first number", "98.51.100.7", "", "198.51.100.7",
	    false },
	{ "not behind a number", "51.100.7.1", "", "198.51.100.7.1", false },
	{ "not of six numbers", "1.2.3.4", "", "1.2.3.4.5.6", false },
	{ "two with dots between", "198.51.100.7", "",
	    "10.0.0.1..198.51.100.7", true },
	{ "IPv4 in IPv6, dotted", "198.51.100.7", "", "::ffff:198.51.100.7",
	    true },
	{ "IPv4 in IPv6, hex", "198.51.100.7", "", "x ::FFFF:c633:6407 x",
	    true },
	{ "IPv6 in full", "2001:db8::1", "",
	    "2001:0db8:0000:0000:0000:0000:0000:0001", true },
	{ "IPv6 behind a key", "2001:db8::1", "", "src:2001:db8::1 x", true },
	{ "IPv6 behind a key that ends in colons", "::1", "", "peer::1", true },
	{ "IPv6 with an arrow", "2001:db8::1", "", "2001:db8::1->x", true },
	{ "IPv6 with a zone", "fe80::1", "", "fe80::1%eth0", true },
	{ "IPv6 before a dot", "2001:db8::1", "", "2001:db8::1.", true },
	{ "IPv6 with a port in brackets", "2001:db8::1", "",
	    "[2001:DB8::1]:443", true },
	{ "IPv6 in full with a port", "2001:db8:1:2:3:4:5:6", "",
	    "2001:db8:1:2:3:4:5:6:443", true },
	{ "IPv6 with a dot and port", "2001:db8::1", "", "2001:db8::1.443",
	    true },
	{ "not a longer one", "2001:db8::1", "", "2001:db8::1:1", false },
	{ "not a time", "::12", "", "12:34:12", false },
	{ "a network", "198.51.100.0/24", "", "198.51.100.255", true },
	{ "not beside it", "198.51.100.0/24", "", "198.51.101.0", false },
	{ "an odd network", "198.51.100.64/26", "", "198.51.100.127", true },
	{ "not beside the odd one", "198.51.100.64/26", "", "198.51.100.128",
	    false },
	{ "a network of IPv6", "2001:db8::/33", "", "2001:db8:7fff::1", true },
	{ "all of IPv4, as IPv6", "::/0", "", "10.0.0.1", true },
	{ "a name", "evil.example", "", "Host: EVIL.example", true },
	{ "below it", "evil.example", "", "a.b.evil.example.", true },
	{ "with a suffix", "evil.example", "", "evil.example.clinic.local",
	    true },
	{ "not in a longer label", "evil.example", "", "notevil.example",
	    false },
	{ "nor with a hyphen", "evil.example", "", "x-evil.example", false },
	{ "nor a longer end", "evil.example", "", "evil.examples", false },
	{ "Japanese around a name", "evil.example", "", "「evil.example」",
	    true },
	{ "a name before its other place", "a.evil.example", "",
	    "evil.example a.evil.example", true },
	{ "a hash", "d41d8cd98f00b204e9800998ecf8427e", "",
	    "MD5=D41D8CD98F00B204E9800998ECF8427E,", true },
	{ "behind 0x", "d41d8cd98f00b204e9800998ecf8427e", "",
	    "0xd41d8cd98f00b204e9800998ecf8427e", true },
	{ "in a file's name", "d41d8cd98f00b204e9800998ecf8427e", "",
	    "x_d41d8cd98f00b204e9800998ecf8427e_y", true },
	{ "not in a longer one", "d41d8cd98f00b204e9800998ecf8427e", "",
	    "d41d8cd98f00b204e9800998ecf8427e00000000", false },
	{ "a word inside another", "crypt", "", "Encrypted", true },
	{ "half-width katakana", "バックアップ", "", "ﾊﾞｯｸｱｯﾌﾟ", true },
	{ "full-width letters", "admin", "", "ＡＤＭＩＮ", true },
	{ "not another word", "crypt", "", "cryp", false },
	{ "nothing", "crypt", "", "", false },
};

static size_t
look(const struct indicator *v, size_t n, enum record_kind kind,
    struct span body)
{
	struct matcher *m = matcher_new(v, n);
	struct matcher_look *l = matcher_look_new(m);
	size_t found = matcher_look_at(l, kind, body, NULL);

	matcher_look_free(l);
	matcher_free(m);
	return found;
}

static void
test_cases(struct arena *arena)
{
	struct indicator x;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (indicator_parse(span_str(cases[i].indicator),
			span_str(cases[i].type), arena,
			&x) != INDICATOR_ERR_OK) {
			ok(0, "%s: no indicator", cases[i].name);
			continue;
		}
		ok((look(&x, 1, RECORD_RECEIVED, span_str(cases[i].body)) ==
		       1) == cases[i].found,
		    "%s", cases[i].name);
	}
}

/* "病院 from evil.example" behind a character that ends in a letter. */
static const struct {
	const char *name;
	struct span body;
} encodings[] = {
	{ "UTF-8", SPAN("\xE7\x97\x85\xE9\x99\xA2\xE3\x82\xA2"
			"evil.example") },
	{ "CP932", SPAN("\x95\x61\x89\x40\x83\x41"
			"evil.example") },
	{ "EUC-JP", SPAN("\xC9\xC2\xB1\xA1\xA5\xA2"
			 "evil.example") },
	{ "ISO-2022-JP", SPAN("\x1B$BIB1!%\"\x1B(Bevil.example") },
	{ "UTF-16LE", SPAN("\xC5\x75\x62\x96\xA2\x30"
			   "e\0v\0i\0l\0.\0e\0x\0a\0m\0p\0l\0e\0") },
	{ "UTF-16BE", SPAN("\x75\xC5\x96\x62\x30\xA2"
			   "\0e\0v\0i\0l\0.\0e\0x\0a\0m\0p\0l\0e") },
	{ "UTF-16LE from its second byte on",
	    SPAN("\0\xC5\x75\x62\x96\xA2\x30"
		 "e\0v\0i\0l\0.\0e\0x\0a\0m\0p\0l\0e\0") },
	{ "CP932 beside UTF-8",
	    SPAN("\xE3\x81\xAF\xE3\x81\x84\xE3\x81\xAF "
		 "\x95\x61\x89\x40\x83\x41"
		 "evil.example") },
};

static void
test_encodings(struct arena *arena)
{
	struct indicator v[2];
	size_t i;

	(void)indicator_parse(SPAN("evil.example"), SPAN(""), arena, &v[0]);
	(void)indicator_parse(SPAN("病院"), SPAN(""), arena, &v[1]);
	for (i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++)
		ok(look(v, 2, RECORD_RECEIVED, encodings[i].body) == 2,
		    "a name and a word in %s", encodings[i].name);
}

static void
test_system(struct arena *arena)
{
	struct indicator x;

	(void)indicator_parse(SPAN("患者"), SPAN(""), arena, &x);
	ok(look(&x, 1, RECORD_STREAM,
	       SPAN("file=%E6%82%A3%E8%80%85.csv")) == 1,
	    "words of the log's own records, unescaped");
	ok(look(&x, 1, RECORD_RECEIVED,
	       SPAN("file=%E6%82%A3%E8%80%85.csv")) == 0,
	    "but a received record is its bytes");
}

/* ---- the index against reading all ---- */

#define BLOCKS 400u
#define RECORDS 12u
#define LIST 60u

static uint64_t seed = 1;

static uint32_t
dice(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % below;
}

/* Few values, so that many are in the list and in a record. */
static void
put_token(struct buf *out)
{
	static const char *const names[] = { "evil", "host-7", "a_b", "Example",
		"net", "XN--p1", "www2", "0x", "e1" };
	static const char *const between[] = { ".", " ", ":", "..", "-", "_",
		"/", "=", ",", "%", "\xE3\x81\xAF", "\x83\x41", "\x00\x01" };
	const unsigned last = sizeof(between) / sizeof(between[0]) - 1;
	unsigned i, n;

	switch (dice(7)) {
	case 0:
		buf_printf(out, "%s%u.%u.%u.%u", dice(9) == 0 ? "0" : "",
		    dice(3), dice(3), dice(3), dice(3));
		break;
	case 1:
		buf_printf(out,
		    dice(2) ? "2001:db8::%x:%x" : "2001:DB8:0:0:0:0:%x:%04X",
		    dice(3), dice(3));
		break;
	case 2:
		buf_printf(out, "::ffff:%u.%u.%u.%u", dice(3), dice(3), dice(3),
		    dice(3));
		break;
	case 3:
		n = dice(2) == 0 ? 32 : 30 + dice(6);
		for (i = 0; i < n; i++)
			buf_byte(out, dice(2) ? 'a' : 'A');
		break;
	default:
		buf_str(out, names[dice(sizeof(names) / sizeof(names[0]))]);
	}
	i = dice(last + 1); /* the last one has a NUL in it */
	buf_append(out, between[i], i == last ? 2 : strlen(between[i]));
}

/* Tokens; now and then bytes of any kind, or the whole of it in UTF-16. */
static void
put_record(struct buf *out)
{
	unsigned i, n = dice(9);
	struct buf plain;

	buf_init(&plain);
	for (i = 0; i < n; i++)
		put_token(&plain);
	if (dice(4) == 0)
		for (i = dice(6); i > 0; i--)
			buf_byte(&plain, (uint8_t)dice(256));
	n = dice(6);
	for (i = 0; i < plain.len; i++) {
		if (n == 0)
			buf_byte(out, 0);
		buf_byte(out, plain.p[i]);
		if (n == 1)
			buf_byte(out, 0);
	}
	buf_fini(&plain);
}

static size_t
make_list(struct indicator *v, struct arena *arena)
{
	struct buf text;
	size_t n = 0, tries;

	buf_init(&text);
	for (tries = 0; n < LIST && tries < 50 * LIST; tries++) {
		text.len = 0;
		put_token(&text);
		if (dice(3) == 0)
			put_token(&text);
		if (dice(5) == 0) {
			text.len = 0;
			buf_printf(&text, "%u.%u.%u.0/%u", dice(3), dice(3),
			    dice(3), 5 + dice(28));
		}
		if (text.len > 0 && dice(2))
			text.len--;
		if (indicator_parse(buf_view(&text), SPAN(""), arena, &v[n]) ==
			INDICATOR_ERR_OK &&
		    v[n].kind != INDICATOR_WORD)
			n++;
	}
	buf_fini(&text);
	return n;
}

/* What a block's filter says of one indicator alone. */
static bool
denied(const struct indicator *x, const struct buf *filter, uint32_t n)
{
	struct matcher *m = matcher_new(x, 1);
	bool may = matcher_may(m, filter->p, n);

	matcher_free(m);
	return !may;
}

static void
test_index(struct arena *arena)
{
	struct indicator *v = arena_alloc(arena, LIST * sizeof(*v));
	size_t n = make_list(v, arena), found, i, b, r, hits = 0, missed = 0;
	size_t passed = 0;
	struct matcher *m = matcher_new(v, n);
	struct matcher_look *l = matcher_look_new(m);
	struct buf body, filter;
	bool in[LIST];
	struct keyset keys;
	uint32_t pieces;

	buf_init(&body);
	buf_init(&filter);
	keyset_init(&keys);
	for (b = 0; b < BLOCKS; b++) {
		memset(in, 0, sizeof(in));
		keyset_clear(&keys);
		for (r = 0; r < RECORDS; r++) {
			body.len = 0;
			put_record(&body);
			found = matcher_look_at(l, RECORD_RECEIVED,
			    buf_view(&body), &keys);
			for (i = 0; i < found; i++)
				in[matcher_look_found(l, i)] = true;
		}
		filter.len = 0;
		pieces = keyset_print(&keys, &filter);
		for (i = 0; i < n; i++) {
			bool no = denied(&v[i], &filter, pieces);

			hits += in[i];
			passed += no;
			missed += in[i] && no;
		}
	}
	ok(n == LIST && hits > 500, "%zu hits of %zu indicators", hits, n);
	ok(passed > 500, "an index passes over: %zu", passed);
	ok(missed == 0, "and never over what is there: %zu", missed);
	keyset_fini(&keys);
	buf_fini(&body);
	buf_fini(&filter);
	matcher_look_free(l);
	matcher_free(m);
}

/* An empty filter denies what it can speak of, and nothing else. */
static void
test_denial(struct arena *arena)
{
	static const struct {
		const char *indicator;
		bool denied;
	} rows[] = { { "198.51.100.7", true }, { "198.51.100.0/24", true },
		{ "198.51.0.0/17", true }, { "198.0.0.0/8", true },
		{ "192.0.0.0/4", false }, { "::/0", false },
		{ "::/64", false },
		{ "2001:db8::1", true }, { "2001:db8::/32", true },
		{ "2001::/20", false }, { "evil.example", true },
		{ "d41d8cd98f00b204e9800998ecf8427e", true },
		{ "evil", false } };
	struct keyset keys;
	struct indicator x;
	struct buf filter;
	uint32_t n;
	size_t i;

	keyset_init(&keys);
	buf_init(&filter);
	n = keyset_print(&keys, &filter);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)indicator_parse(span_str(rows[i].indicator), SPAN(""),
		    arena, &x);
		ok(denied(&x, &filter, n) == rows[i].denied,
		    "%s: %s", rows[i].indicator,
		    rows[i].denied ? "an index may deny it"
				   : "no index speaks of it");
		ok(!denied(&x, &filter, 0), "%s: without a filter",
		    rows[i].indicator);
	}
	keyset_fini(&keys);
	buf_fini(&filter);
}

static void
test_full(void)
{
	struct keyset keys;
	struct buf filter;
	uint64_t i;

	keyset_init(&keys);
	buf_init(&filter);
	for (i = 1; i <= KEYSET_MAX; i++)
		keyset_add(&keys, i * UINT64_C(0x9e3779b97f4a7c15));
	ok(keyset_print(&keys, &filter) > 0, "as many keys as it takes");
	keyset_add(&keys, 7);
	ok(keyset_print(&keys, &filter) == 0, "more: no filter, always read");
	keyset_clear(&keys);
	filter.len = 0;
	ok(keyset_print(&keys, &filter) == 1 && !keyset_has(filter.p, 1, 7),
	    "an empty block has an empty filter");
	keyset_fini(&keys);
	buf_fini(&filter);
}

int
main(void)
{
	struct arena *arena = arena_new();
	uint64_t i;

	test_cases(arena);
	test_encodings(arena);
	test_system(arena);
	test_full();
	test_denial(arena);
	for (i = 1; i <= 5; i++) {
		seed = i;
		test_index(arena);
	}
	arena_free(arena);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "site/certname.h"
#include "site/fingerprint.h"
#include "tests/tap.h"

/* A configured name and one from a certificate. */
static const struct {
	const char *name;
	struct span configured, cert;
	bool same;
} rows[] = {
	{ "the same name", SPAN("fw1.example.jp"), SPAN("fw1.example.jp"), 1 },
	{ "in letters of any size", SPAN("FW1.example.jp"),
	    SPAN("fw1.EXAMPLE.jp"), 1 },
	{ "another", SPAN("fw1.example.jp"), SPAN("fw2.example.jp"), 0 },
	{ "its beginning", SPAN("fw1.example.jp"), SPAN("fw1.example.j"), 0 },
	{ "its end", SPAN("fw1.example.jp"), SPAN("example.jp"), 0 },
	{ "one label", SPAN("fw1"), SPAN("fw1"), 1 },
	{ "a range is configured", SPAN("*.example.jp"), SPAN("a.example.jp"),
	    1 },
	{ "a star is one label", SPAN("*.example.jp"), SPAN("a.b.example.jp"),
	    0 },
	{ "and not none", SPAN("*.example.jp"), SPAN("example.jp"), 0 },
	{ "nor an empty one", SPAN("*.example.jp"), SPAN(".example.jp"), 0 },
	{ "a range in the certificate", SPAN("a.example.jp"),
	    SPAN("*.example.jp"), 1 },
	{ "both", SPAN("*.example.jp"), SPAN("*.example.jp"), 1 },
	{ "a star alone is no name", SPAN("*"), SPAN("fw1"), 0 },
	{ "nor one for everything", SPAN("fw1"), SPAN("*"), 0 },
	{ "nor in the middle", SPAN("a.b.example.jp"), SPAN("a.*.example.jp"),
	    0 },
	{ "nor part of a label", SPAN("fw1.example.jp"), SPAN("fw*.example.jp"),
	    0 },
	{ "a NUL ends no name", SPAN("fw1.example.jp"),
	    SPAN("fw1.example.jp\0.evil.example"), 0 },
	{ "an empty name", SPAN("fw1.example.jp"), SPAN(""), 0 },
	{ "an empty label", SPAN("a..b"), SPAN("a..b"), 0 },
	{ "a blank", SPAN("a b"), SPAN("a b"), 0 },
	{ "an address is no name", SPAN("192.0.2.1"), SPAN("192.0.2.1"), 0 },
	{ "nor is a range one", SPAN("192.0.2.1"), SPAN("*.0.2.1"), 0 },
};

static const struct {
	const char *name;
	struct span configured, cert;
	bool same;
} addresses[] = {
	{ "an address", SPAN("192.0.2.1"), SPAN("\xc0\x00\x02\x01"), 1 },
	{ "another", SPAN("192.0.2.2"), SPAN("\xc0\x00\x02\x01"), 0 },
	{ "of IPv6, as it may be written", SPAN("2001:DB8:0::1"),
	    SPAN("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"), 1 },
	{ "too short", SPAN("192.0.2.1"), SPAN("\xc0\x00\x02"), 0 },
	{ "none", SPAN("192.0.2.1"), SPAN(""), 0 },
	{ "a name is no address", SPAN("fw1"), SPAN("\xc0\x00\x02\x01"), 0 },
	{ "IPv4 is not IPv6", SPAN("::ffff:192.0.2.1"),
	    SPAN("\xc0\x00\x02\x01"), 0 },
};

#define AA7 "AA:AA:AA:AA:AA:AA:AA:"
#define HEX7 "aaaaaaaaaaaaaa"
static const struct {
	const char *name, *in;
	int rc;
} prints[] = {
	{ "as RFC 5425 writes it", "sha-256:" AA7 AA7 AA7 AA7 "AA:AA:AA:AA",
	    0 },
	{ "as programs print it", "SHA256:" HEX7 HEX7 HEX7 HEX7 "AaaAaaaa", 0 },
	{ "without its kind", AA7 AA7 AA7 AA7 "AA:AA:AA:AA", -1 },
	{ "of another kind", "sha-1:" AA7 AA7 "AA:AA:AA:AA:AA:AA", -1 },
	{ "too short", "sha-256:" AA7 AA7 AA7 AA7 "AA:AA:AA", -1 },
	{ "too long", "sha-256:" AA7 AA7 AA7 AA7 "AA:AA:AA:AA:AA", -1 },
	{ "no hex", "sha-256:" AA7 AA7 AA7 AA7 "AA:AA:AA:AG", -1 },
	{ "no colon", "sha-256:" AA7 AA7 AA7 AA7 "AA:AA-AA:AA", -1 },
	{ "nothing", "", -1 },
	{ "its kind alone", "sha-256:", -1 },
};

static void
limits(void)
{
	char label[70], name[300];

	memset(label, 'a', sizeof(label));
	memset(name, 'a', sizeof(name));
	for (size_t i = 50; i < sizeof(name); i += 50)
		name[i] = '.';
	ok(certname_valid(span_make(label, 63)), "63 letters are a label");
	ok(!certname_valid(span_make(label, 64)), "64 are none");
	ok(certname_valid(span_make(name, CERTNAME_MAX)), "253 are a name");
	ok(!certname_valid(span_make(name, CERTNAME_MAX + 1)), "254 are none");
	ok(certname_valid(SPAN("*.example.jp")) &&
		certname_valid(SPAN("2001:db8::1")) &&
		certname_valid(SPAN("192.0.2.1")),
	    "ranges and addresses may be configured");
	ok(!certname_valid(SPAN("192.0.2.0/24")) && !certname_valid(SPAN("")),
	    "nothing else");
}

int
main(void)
{
	static const uint8_t want[SHA256_LEN] = { 0xaa };
	uint8_t hash[SHA256_LEN];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(certname_match(rows[i].cert, rows[i].configured) ==
			rows[i].same,
		    "%s", rows[i].name);
	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		ok(certname_match_ip(addresses[i].cert,
		       addresses[i].configured) == addresses[i].same,
		    "%s", addresses[i].name);
	limits();
	for (i = 0; i < sizeof(prints) / sizeof(prints[0]); i++) {
		memset(hash, 0, sizeof(hash));
		ok(fingerprint_parse(span_str(prints[i].in), hash) ==
			    prints[i].rc &&
			(prints[i].rc != 0 ||
			    (hash[0] == want[0] &&
				memcmp(hash, hash + 1, 31) == 0)),
		    "a fingerprint %s", prints[i].name);
	}
	return done();
}

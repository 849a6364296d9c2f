/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/address.h"

#include <string.h>

#include "tests/tap.h"

static const struct {
	const char *in, *out; /* out NULL: refused */
	bool special;
} cases[] = {
	{ "192.168.1.10", "192.168.1.10", false },
	{ "203.0.113.7", "203.0.113.7", false },
	{ "2001:DB8::1", "2001:db8::1", false },
	{ "fe80::1%eth0", "fe80::1", true },
	{ "::ffff:192.0.2.1", "192.0.2.1", false },
	{ "224.0.0.1", "224.0.0.1", true },
	{ "255.255.255.255", "255.255.255.255", true },
	{ "169.254.3.4", "169.254.3.4", true },
	{ "127.0.0.1", "127.0.0.1", true },
	{ "0.0.0.0", "0.0.0.0", true },
	{ "::1", "::1", true },
	{ "ff02::1", "ff02::1", true },
	{ "192.168.1", NULL, false },
	{ "192.168.1.256", NULL, false },
	{ "192.168.01.1", NULL, false },
	{ "192.168.1.1%eth0", NULL, false },
	{ "1.2.3.4\n", NULL, false },
	{ "", NULL, false },
};

static const struct {
	const char *prefix, *address;
	bool holds;
} prefixes[] = {
	{ "10.0.0.0/8", "10.255.0.1", true },
	{ "10.0.0.0/8", "11.0.0.1", false },
	{ "10.1.2.3/8", "10.9.9.9", true },
	{ "192.168.4.0/22", "192.168.7.255", true },
	{ "192.168.4.0/22", "192.168.8.0", false },
	{ "203.0.113.5", "203.0.113.5", true },
	{ "203.0.113.5", "203.0.113.4", false },
	{ "0.0.0.0/0", "198.51.100.1", true },
	{ "0.0.0.0/0", "2001:db8::1", false },
	{ "2001:db8::/33", "2001:db8:7fff::1", true },
	{ "2001:db8::/33", "2001:db8:8000::1", false },
};

int
main(void)
{
	static const char *const bad[] = { "10.0.0.0/33", "10.0.0.0/", "/8",
		"2001:db8::/129", "10.0.0.0/8x", "10.0.0.0/-1" };
	struct prefixes private = { NULL, 0 };
	char text[ADDRESS_TEXT];
	struct address a, net;
	struct prefix p;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rc = address_parse(span_str(cases[i].in), &a);
		ok(cases[i].out == NULL ? rc == -1
					: rc == 0 &&
			    strcmp(address_print(&a, text), cases[i].out) ==
				0 &&
			    address_is_special(&a) == cases[i].special,
		    "address '%s'", cases[i].in);
	}
	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		rc = prefix_parse(span_str(prefixes[i].prefix), &p);
		ok(rc == 0 &&
			address_parse(span_str(prefixes[i].address), &a) == 0 &&
			prefix_holds(&p, &a) == prefixes[i].holds,
		    "%s in %s", prefixes[i].address, prefixes[i].prefix);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(prefix_parse(span_str(bad[i]), &p) == -1, "no prefix '%s'",
		    bad[i]);
	(void)address_parse(SPAN("203.0.113.77"), &a);
	net = address_network(&a);
	ok(strcmp(address_print(&net, text), "203.0.113.0") == 0, "its /24");
	(void)address_parse(SPAN("2001:db8:1:2::3"), &a);
	net = address_network(&a);
	ok(strcmp(address_print(&net, text), "2001:db8:1::") == 0, "its /48");
	prefixes_add_private(&private);
	(void)address_parse(SPAN("172.31.0.1"), &a);
	ok(prefixes_hold(&private, &a), "172.31.0.1 is private");
	(void)address_parse(SPAN("172.32.0.1"), &a);
	ok(!prefixes_hold(&private, &a), "172.32.0.1 is not");
	prefixes_fini(&private);
	return done();
}

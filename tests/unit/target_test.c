/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/target.h"

#include <string.h>

#include "tests/tap.h"

static const struct {
	const char *url, *host, *port; /* host NULL: refused */
	bool relp, tls;
} urls[] = {
	{ "relp://siem.example:20514", "siem.example", "20514", true, false },
	{ "relp+tls://192.0.2.1", "192.0.2.1", "2514", true, true },
	{ "syslog+tls://[2001:db8::1]:6515", "2001:db8::1", "6515", false,
	    true },
	{ "syslog+tls://[::1]", "::1", "6514", false, true },
	{ "syslog+tls://h", "h", "6514", false, true },
	{ "syslog+tcp://h", "h", "514", false, false },
	{ "syslog+tcp://[::1]:601", "::1", "601", false, false },
	{ "syslog+udp://h", NULL, NULL, false, false },
	{ "relp:/h", NULL, NULL, false, false },
	{ "relp://", NULL, NULL, false, false },
	{ "relp://:1", NULL, NULL, false, false },
	{ "relp://h:", NULL, NULL, false, false },
	{ "relp://h:0", NULL, NULL, false, false },
	{ "relp://h:65536", NULL, NULL, false, false },
	{ "relp://h:01", NULL, NULL, false, false },
	{ "relp://h:1/", NULL, NULL, false, false },
	{ "relp://h/x", NULL, NULL, false, false },
	{ "relp://u@h", NULL, NULL, false, false },
	{ "relp://2001:db8::1", NULL, NULL, false, false },
	{ "relp://[::1", NULL, NULL, false, false },
	{ "relp://[::1]x", NULL, NULL, false, false },
	{ "", NULL, NULL, false, false },
};

static void
alarms(void)
{
	struct target t;
	bool datagram;

	ok(target_parse_alarm(SPAN("syslog+udp://siem:1514"), &t, &datagram) ==
			0 &&
		datagram && strcmp(t.host, "siem") == 0 &&
		strcmp(t.port, "1514") == 0,
	    "a copy goes over UDP");
	ok(target_parse_alarm(SPAN("syslog+udp://[2001:db8::1]"), &t,
	       &datagram) == 0 &&
		strcmp(t.port, "514") == 0,
	    "to the usual port");
	ok(target_parse_alarm(SPAN("syslog+tls://siem"), &t, &datagram) == 0 &&
		!datagram && t.tls,
	    "over TLS");
	ok(target_parse_alarm(SPAN("relp://siem"), &t, &datagram) == -1 &&
		target_parse_alarm(SPAN("syslog+udp://"), &t, &datagram) == -1,
	    "or not at all");
}

int
main(void)
{
	struct target t;
	char url[400];
	size_t i;

	for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		int rc = target_parse(span_str(urls[i].url), &t);

		ok(urls[i].host == NULL
			? rc == -1
			: rc == 0 && strcmp(t.host, urls[i].host) == 0 &&
			    strcmp(t.port, urls[i].port) == 0 &&
			    t.relp == urls[i].relp && t.tls == urls[i].tls,
		    "'%s'", urls[i].url);
	}
	memset(url, 'a', sizeof(url));
	memcpy(url, "relp://", 7);
	ok(target_parse(span_make(url, 7 + TARGET_HOST_MAX), &t) == 0,
	    "the longest name");
	ok(target_parse(span_make(url, 8 + TARGET_HOST_MAX), &t) == -1,
	    "a byte more");
	alarms();
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/target.h"

#include <string.h>

#include "common/cursor.h"
#include "common/num.h"

static const struct {
	const char *scheme;
	bool relp, tls;
	const char *port;
} schemes[] = {
	{ "relp://", true, false, TARGET_RELP_PORT },
	{ "relp+tls://", true, true, TARGET_RELP_PORT },
	{ "syslog+tls://", false, true, TARGET_TLS_PORT },
	{ "syslog+tcp://", false, false, TARGET_TCP_PORT },
};

static bool
is_host(struct span s, bool bracketed)
{
	size_t i;
	uint8_t c;

	if (s.len == 0 || s.len > TARGET_HOST_MAX)
		return false;
	for (i = 0; i < s.len; i++) {
		c = s.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '.' && c != '-' &&
		    c != '_' && !(bracketed && (c == ':' || c == '%')))
			return false;
	}
	return true;
}

/* "host", "host:port", "[address]:port" */
static int
authority(struct span s, struct target *t)
{
	struct cursor c = cursor_make(s);
	bool bracketed = s.len > 0 && s.p[0] == '[';
	const uint8_t *colon;
	struct span host;
	uint64_t port;

	if (bracketed) {
		cursor_take(&c, 1);
		host = cursor_until(&c, ']');
	} else {
		colon = s.len == 0 ? NULL : memchr(s.p, ':', s.len);
		host = cursor_take(&c,
		    colon == NULL ? s.len : (size_t)(colon - s.p));
	}
	if (c.bad || !is_host(host, bracketed))
		return -1;
	memcpy(t->host, host.p, host.len);
	t->host[host.len] = '\0';
	if (cursor_left(&c) == 0)
		return 0;
	cursor_expect(&c, SPAN(":"));
	s = span_make(c.p, cursor_left(&c));
	if (c.bad || num_parse_canonical(s, 65535, &port) != 0 || port == 0)
		return -1;
	memcpy(t->port, s.p, s.len);
	t->port[s.len] = '\0';
	return 0;
}

int
target_parse(struct span url, struct target *t)
{
	struct span scheme;
	size_t i;

	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		scheme = span_str(schemes[i].scheme);
		if (!span_starts(url, scheme))
			continue;
		*t = (struct target){ .relp = schemes[i].relp,
			.tls = schemes[i].tls };
		strcpy(t->port, schemes[i].port);
		return authority(span_sub(url, scheme.len, url.len), t);
	}
	return -1;
}

int
target_parse_alarm(struct span url, struct target *t, bool *datagram)
{
	static const char udp[] = "syslog+udp://";
	size_t n = sizeof(udp) - 1;

	*datagram = span_starts(url, SPAN("syslog+udp://"));
	if (!*datagram)
		return target_parse(url, t) == 0 && !t->relp ? 0 : -1;
	*t = (struct target){ .relp = false };
	strcpy(t->port, TARGET_TCP_PORT);
	return authority(span_sub(url, n, url.len), t);
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_TARGET_H
#define SITE_TARGET_H

#include <stdbool.h>

#include "common/span.h"

/*
 * Where records are forwarded to: relp://host:port, relp+tls://host:port,
 * syslog+tls://host:port (RFC 5425) or syslog+tcp://host:port (RFC 6587, octet
 * counts).  An IPv6 address stands in brackets.  Pure.
 */
#define TARGET_RELP_PORT "2514"
#define TARGET_TLS_PORT "6514" /* RFC 5425, 4.1 */
#define TARGET_TCP_PORT "514"  /* by custom, RFC 6587, 3.2 */
#define TARGET_HOST_MAX 253u   /* bytes, RFC 1035 */

struct target {
	bool relp; /* else syslog */
	bool tls;
	char host[TARGET_HOST_MAX + 1]; /* a name or an address */
	char port[6];
};

/* Return 0, or -1 if it is no such address. */
int target_parse(struct span url, struct target *t);

/*
 * Where a copy of what people are told is sent: syslog+udp://host:port
 * (*datagram), syslog+tcp://host:port or syslog+tls://host:port.
 */
int target_parse_alarm(struct span url, struct target *t, bool *datagram);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_ADDRESS_H
#define LEDGER_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/* IP addresses and networks; IPv4 as IPv4-mapped IPv6, so all are 16 bytes. */
struct address {
	uint8_t b[16];
};

#define ADDRESS_TEXT 46 /* the longest, NUL included */

/* Strict text form, a zone ("%eth0") allowed and ignored.  0, or -1. */
int address_parse(struct span s, struct address *a);

/* Canonical text (RFC 5952) into out[ADDRESS_TEXT]. */
char *address_print(const struct address *a, char *out);

bool address_is_v4(const struct address *a);
bool address_eq(const struct address *a, const struct address *b);

/* No host of the Internet: multicast, broadcast, link-local, loopback, ::. */
bool address_is_special(const struct address *a);

/* The /24 (IPv4) or /48 (IPv6) that holds it. */
struct address address_network(const struct address *a);

struct prefix {
	struct address address; /* host bits zero */
	unsigned bits;		/* of 128; 96 + n for IPv4 */
};

/* "10.0.0.0/8", "2001:db8::/32" or one address.  Host bits are cleared. */
int prefix_parse(struct span s, struct prefix *p);
bool prefix_holds(const struct prefix *p, const struct address *a);

/* A list of networks; zeroed is empty. */
struct prefixes {
	struct prefix *v;
	size_t n;
};

void prefixes_add(struct prefixes *ps, struct prefix p);
void prefixes_fini(struct prefixes *ps);
bool prefixes_hold(const struct prefixes *ps, const struct address *a);

/* RFC 1918, RFC 6598 and fc00::/7: what is inside when nothing is said. */
void prefixes_add_private(struct prefixes *ps);

#endif

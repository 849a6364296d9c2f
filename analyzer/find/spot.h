/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FIND_SPOT_H
#define ANALYZER_FIND_SPOT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/ledger/address.h"
#include "common/span.h"

/*
 * What can be looked up in the bytes of a record: addresses, labels of names,
 * strings of hex.  Search and skip index both see a text through this alone,
 * so the index cannot lack what the search would have found.  Pure.
 *
 * An address of IPv4 is four numbers between 0 and 255 with dots between, up
 * to three digits each, which no digit or further number stands beside; as a
 * fifth number behind may be a port (tcpdump), the first four of five count.
 * One of IPv6 is the longest run of its characters that inet_pton() takes,
 * where need be without a colon or dot at its ends, or without the last part,
 * which may be a port.  IPv4 in IPv6 (::ffff:c000:201) is IPv4.
 */
#define SPOT_LABEL_MIN 2  /* bytes; and a letter must be in it */
#define SPOT_LABEL_MAX 63 /* of a name (RFC 1035) */

enum spot_kind {
	SPOT_ADDRESS, /* address */
	SPOT_LABEL,   /* a longest run of letters, digits, '-' and '_' */
	SPOT_HEX,     /* a longest run of hex digits as long as a hash is */
};

struct spot {
	enum spot_kind kind;
	struct span text; /* of the view */
	struct address address;
};

/* Whether a hash may have so many hex digits. */
bool spot_is_hash_len(size_t digits);

/* Each spot of a text, in no particular order. */
typedef void spot_take(void *cookie, const struct spot *s);
void spot_each(struct span text, spot_take *take, void *cookie);

/*
 * The keys under which the index keeps a spot.  An address has several, for
 * networks are looked up too: itself and the /24, /16 and /8 (of IPv6 /64, /48
 * and /32) that hold it.  The letters of ASCII have no case here.
 */
#define SPOT_KEYS 4
size_t spot_keys(const struct spot *s, uint64_t key[SPOT_KEYS]);

/* The key of a network, for the widest of the above that holds it; 0 if there
 * is none: then an index says nothing of it. */
uint64_t spot_key_network(const struct prefix *p);

/* Of an address's first bits, of any width; and of the others. */
uint64_t spot_key_address(const struct address *a, unsigned bits);
uint64_t spot_key_label(struct span label);
uint64_t spot_key_hex(struct span digits);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_NETWORK_H
#define LEDGER_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/address.h"
#include "analyzer/ledger/problem.h"
#include "common/span.h"

/*
 * Whose networks are, those of the Internet and those inside: AS number,
 * country, place, institution, as a table of the site's own
 * (ledgers/networks.csv).  Optional; nobody is asked.
 */
enum network_kind {
	NETWORK_UNSAID,
	NETWORK_VENDOR,	 /* 委託先: a line of a contractor */
	NETWORK_PARTNER, /* 連携先: of another institution */
};

struct network {
	struct prefix prefix;
	uint32_t as;	     /* 0 = not said */
	struct span country; /* folded, or empty */
	enum network_kind kind;
	/* Of the network around it, where the row does not say them. */
	struct span site; /* folded: which institution of a group, or empty */
	bool has_place;
	double latitude, longitude; /* degrees */
	double radius;		    /* km that the place may be off */
};

struct networks;

/* Read it.  NULL after an error in ps. */
struct networks *networks_parse(struct span bytes, const char *file,
    struct problems *ps);
void networks_free(struct networks *ns);
size_t networks_count(const struct networks *ns);

/* The smallest network of the table that holds the address, or NULL. */
const struct network *networks_find(const struct networks *ns,
    const struct address *a);

/* Whether a row says where its network is. */
bool networks_have_places(const struct networks *ns);

/*
 * How far apart two places are at least, km along the surface, what they may
 * be off taken away; both have one.  Pure.
 */
double network_distance(const struct network *a, const struct network *b);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_OBSERVED_H
#define LEDGER_OBSERVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "analyzer/ledger/address.h"

/*
 * The accounts, devices and networks that records tell of: what ledgers are
 * held against, and begun with.  The same records give the same lists, sorted
 * by key.
 */
#define OBSERVED_MAX 50000u /* of each; more are counted */
#define OBSERVED_SYSTEMS 8  /* named of an account */

struct observed_account {
	struct span id;	       /* as it was written first */
	struct span key;       /* folded, as in struct account */
	struct span full_name; /* as written, or empty */
	struct span systems[OBSERVED_SYSTEMS]; /* where it was used */
	size_t n_systems;
	int64_t first, last; /* uses, utc usec; INT64_MIN: none but failures */
	uint64_t uses, failures;
	bool admin; /* it logged in as, or did what, administrators do */
};

struct observed_device {
	struct span key;     /* its address, else its name, folded */
	struct span address; /* as text; empty: known by its name */
	struct span name, mac, vendor, product, version;
	int64_t first, last;
	uint64_t n;  /* records */
	bool sender; /* it sends logs itself */
};

struct observed_network {
	struct address network; /* a /24 or /48 */
	size_t hosts;
	int64_t first, last;
};

struct observed;

/* internal: which addresses are the site's own; borrowed. */
struct observed *observed_new(const struct prefixes *internal);
void observed_free(struct observed *o);

/* An event, at the time by which it is judged. */
void observed_feed(struct observed *o, const struct event *e, int64_t time);

/* Sort; no more may be fed. */
void observed_finish(struct observed *o);

size_t observed_accounts(const struct observed *o);
const struct observed_account *observed_account(const struct observed *o,
    size_t i);
size_t observed_devices(const struct observed *o);
const struct observed_device *observed_device(const struct observed *o,
    size_t i);
size_t observed_networks(const struct observed *o);
const struct observed_network *observed_network(const struct observed *o,
    size_t i);

/* Records that had no room; first and last time of all records. */
uint64_t observed_beyond(const struct observed *o);
int64_t observed_first(const struct observed *o);
int64_t observed_last(const struct observed *o);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_VOLUME_H
#define RULE_VOLUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/address.h"
#include "analyzer/ledger/calendar.h"
#include "analyzer/rule/seen.h"
#include "common/span.h"

/*
 * Traffic to the outside, by host and hour of the site's clock, filled in any
 * order.  What no record speaks of is zero if its firewall had records in that
 * hour, and missing if it was silent.
 */
#define VOLUME_HOSTS 20000
#define VOLUME_CITES 50	     /* records kept of an hour: the largest */
#define VOLUME_CITES_SMALL 4 /* if they are below VOLUME_SMALL bytes */
#define VOLUME_SMALL 65536
#define VOLUME_OBSERVERS 64
#define VOLUME_TOTALS 64 /* interfaces whose sums are kept */
#define VOLUME_NEWS 2000000 /* (host, new network, hour) */

struct volume_cite {
	const char *origin;
	uint64_t index;
	uint64_t bytes; /* its share of the hour */
	int64_t time;
	struct address peer;
	uint8_t leaf[32];
};

struct volume_hour {
	uint64_t bytes;
	uint32_t sessions; /* that began */
	uint32_t blocked;  /* attempts that the firewall refused */
	uint32_t records;  /* that have a share in it */
	uint32_t carried;  /* of them, from an hour before */
	uint32_t unmeasured; /* sessions that began, without their bytes */
	bool both;	   /* some bytes are both directions together */
	bool trusted;	   /* some come on their own clock (import, replay) */
	bool replay;
	uint8_t n_cites, cap_cites;
	uint64_t index_first, index_last;
	struct volume_cite *cites; /* by bytes, largest first */
};

struct volume_day {
	int64_t day;
	struct volume_hour hours[24];
};

/* Bytes to a destination network while it was new to the site. */
struct volume_new {
	uint32_t network; /* of volume_networks */
	int64_t hour;	  /* hours since 1970 of the site's clock */
	uint64_t bytes;
};

struct volume_host {
	struct span key;	 /* 管理番号, MAC, name or address */
	uint32_t number;	 /* volume_host_at() */
	uint32_t device;	 /* row of the device ledger, or INDEX_NONE */
	uint64_t observers;	 /* bits: who has seen it */
	int64_t first;		 /* judged time of its first record */
	struct address address;	 /* the one seen first, in the order of bytes */
	struct volume_day *days; /* by day */
	size_t n, cap;
	struct volume_new *news;
	size_t n_news, cap_news;
	uint32_t *peers; /* of an isolated host: numbers in volume_peers */
	size_t n_peers, cap_peers;
	bool isolated;
	bool total;	    /* no host: all that an interface sent out */
	bool dirty;	    /* since the last judgement */
	int64_t dirty_from; /* and from which hour on */
};

struct volume;

struct volume_limits {
	int64_t new_after; /* usec without traffic that make a network new */
	int64_t new_hours; /* hours that it stays new */
};

struct volume *volume_new(const struct calendar *calendar,
    const struct volume_limits *limits);
void volume_free(struct volume *v);

/* The host of a key, made if new; NULL if there is no room. */
struct volume_host *volume_host(struct volume *v, struct span key,
    uint32_t device, bool isolated);

/* Likewise for the sum of all that one interface sent out. */
struct volume_host *volume_total(struct volume *v, struct span key);
struct volume_host *volume_host_at(struct volume *v, uint32_t i);
size_t volume_hosts(const struct volume *v);

/* A firewall had a record at that time; *h (may be NULL) was seen by it. */
void volume_observe(struct volume *v, struct span observer,
    struct volume_host *h, int64_t time);

/* Bytes of one record, spread evenly over [from, until]. */
struct volume_flow {
	int64_t from, until;
	uint64_t bytes;
	bool begins, blocked, both, trusted, replay;
	bool unmeasured; /* nobody said how many bytes */
	struct address peer;
	const char *origin;
	uint64_t index;
	uint8_t leaf[32];
};

void volume_book(struct volume *v, struct volume_host *h,
    const struct volume_flow *f, bool take_back);

/* The hour, or NULL if nothing was booked in it. */
struct volume_hour *volume_get(const struct volume_host *h, int64_t hour);

/* Whether a firewall that sees the host had records in that hour. */
bool volume_covered(const struct volume *v, const struct volume_host *h,
    int64_t hour);

/*
 * The first hour of which coverage has changed since the last call, INT64_MAX
 * if none; and forget it.
 */
int64_t volume_take_changed(struct volume *v);

/* Hour number of the site's clock, and its start as an instant. */
int64_t volume_hour_of(const struct volume *v, int64_t usec);
int64_t volume_hour_start(const struct volume *v, int64_t hour);

/* Networks of the site and peers of isolated hosts: when they were new. */
const struct seen *volume_networks(const struct volume *v);
const struct seen *volume_peers(const struct volume *v);

/* Judged time of the first record of all, INT64_MAX if there is none. */
int64_t volume_began(const struct volume *v);

/* Records of hosts that found no room. */
uint64_t volume_dropped(const struct volume *v);

#endif

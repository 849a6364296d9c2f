/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_SUBJECT_H
#define ANALYZER_REPORT_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/report/report.h"

/*
 * Whom a report is about: the hosts, users and addresses that findings name,
 * the ledger's other names for them, and the addresses that a VPN gave them
 * while they were connected.
 */
struct subject;

struct subject *subject_new(const struct report *r);

/* One: a user, or a host by address, name or number of the ledger. */
void subject_add(struct subject *s, struct span key, bool user);

/* Whether a finding names one of them. */
bool subject_is_named(const struct subject *s,
    const struct casebook_finding *f);

/* Everybody a finding names. */
void subject_add_finding(struct subject *s, const struct casebook_finding *f);

/* Learn from a VPN login or logout of one of them, at that judged time. */
void subject_learn(struct subject *s, const struct event *e, int64_t at);

/* The names in an event by which it may be about somebody. */
struct subject_names {
	struct span user, other_user, source, destination, tunnel, device;
	bool traffic; /* too many: the observing device says nothing */
};

struct subject_names subject_names(const struct event *e);
bool subject_has(const struct subject *s, const struct subject_names *n,
    int64_t at);

/* Whether an address or name is one of them at that time. */
bool subject_has_host(const struct subject *s, struct span key, int64_t at);

#endif

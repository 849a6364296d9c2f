/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_FACT_FLOW_H
#define RULE_FACT_FLOW_H

#include "analyzer/rule/fact.h"

/* For fact.c: the facts about the two ends of a connection. */
struct span fact_flow(struct facts *fs, enum fact f);

/* On which side an address lies: lan, vpn, wan. */
struct span fact_side(const struct fact_site *site, const struct address *a);

/* A text as an address, and what is known of that; by the memo, if there is. */
bool fact_address(const struct facts *fs, struct span text, struct address *a,
    struct fact_at *at);

/* The device with that name; that with that address, of which at is. */
const struct device *fact_device(const struct facts *fs, struct span name);
const struct device *fact_device_at(const struct facts *fs,
    const struct fact_at *at, const struct address *a);

/* Where it went, behind NAT; false if the record does not say. */
bool fact_destination(struct facts *fs, struct address *a);

/*
 * The computer that a record is about: a console writes of others.  Where it
 * names none, that is the device that logged.
 */
struct fact_host {
	const struct device *device; /* or NULL */
	struct span name;	     /* as the record has it; may be empty */
	struct span key;	     /* 管理番号, else the name folded */
};
struct fact_host fact_host(struct facts *fs);

#endif

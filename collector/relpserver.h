/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RELPSERVER_H
#define COLLECTOR_RELPSERVER_H

#include <stdbool.h>
#include <sys/queue.h>

#include "collector/intake.h"
#include "collector/receipt.h"
#include "collector/resent.h"

/*
 * What all RELP connections of the receiver share: the writer's receipts, who
 * waits for them, and what senders sent last.
 */
struct relpserver;

/* Somebody with records that are not receipted, and how to tell him of more. */
struct relpserver_waiter {
	void (*given)(void *arg);
	void *arg;
	bool waiting;
	TAILQ_ENTRY(relpserver_waiter) next;
};

/* Begin; receipt and resent outlive it.  NULL: there is no memory. */
struct relpserver *relpserver_new(struct intake *in, struct receipt *receipt,
    struct resent *resent);

/* No connection is left.  NULL is fine. */
void relpserver_free(struct relpserver *s);

/* Have w told, once, when something was given.  It may wait again then. */
void relpserver_wait(struct relpserver *s, struct relpserver_waiter *w);
void relpserver_forget(struct relpserver *s, struct relpserver_waiter *w);

struct receipt *relpserver_receipt(const struct relpserver *s);
struct resent *relpserver_resent(const struct relpserver *s);

#endif

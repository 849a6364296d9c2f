/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_OUTBOX_H
#define RULE_OUTBOX_H

#include "analyzer/rule/finding.h"

/*
 * What has been delivered, so that each judgement delivers only what is new,
 * has changed, or has lost its ground.  A scope is what one judgement covers
 * (a host, a window of a rule): a finding delivered under a scope and not
 * found again when that is judged anew is withdrawn.
 */
struct outbox;

typedef void outbox_deliver(void *arg, const struct finding *f);

struct outbox *outbox_new(void);
void outbox_free(struct outbox *o);

/* Begin a judgement: the findings added until outbox_flush belong to it. */
void outbox_begin(struct outbox *o);

/* The scope that is judged now; add its findings next. */
void outbox_scope(struct outbox *o, struct span scope);

/* A finding; copied, its texts must live until outbox_flush. */
void outbox_add(struct outbox *o, const struct finding *f);

/* Deliver in the order of first evidence, rule and key. */
void outbox_flush(struct outbox *o, outbox_deliver *deliver, void *arg);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_KEEP_H
#define COLLECTOR_KEEP_H

#include <stdint.h>

#include "collector/sink.h"
#include "common/span.h"
#include "evidence/submit.h"
#include "site/site.h"

/*
 * The writer's side of the anchors: it says what the newest checkpoint of a
 * log is, and keeps what others outside sign over it, as a file and as a w1 or
 * t1 record (FORMAT.md, 11).  The anchor process is not believed: checkpoint
 * and words are the writer's own, a cosignature is checked against the
 * configured keys, and a token must be over that checkpoint.  (Who signed a
 * token is for the anchor and for each verifier to judge, by certificates.)
 */
struct keep;

/* NULL and errno on failure. */
struct keep *keep_new(const struct site *site);
void keep_free(struct keep *k); /* NULL is fine */

/*
 * Remember the newest checkpoint of a log: what is kept from now on is over
 * that.  *note: it, with the cosignatures that it has; valid until the next
 * call.
 */
enum submit_err keep_newest(struct keep *k, const struct sink *s,
    struct span *note);

/*
 * Keep a cosignature line with its LF, or a response with a token (DER).
 * *index = of the record.  SUBMIT_FAULT: not now.
 */
enum submit_err keep_cosignature(struct keep *k, struct sink *s,
    struct span line, uint64_t *index);
enum submit_err keep_token(struct keep *k, struct sink *s, struct span token,
    uint64_t *index);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_REPEAT_H
#define RULE_REPEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "analyzer/rule/digest.h"

/*
 * Records that came twice: the same device said the same thing at the same
 * time of its own clock, by a datagram sent again, a second path, a relay
 * beside the device.  Compared are the fields and how the line ends; what a
 * relay may put in front (header, priority) is not, if the rest is long
 * enough.  Without a device time nothing is a repetition: two equal lines may
 * be two events.  Pure, and bounded: the oldest are forgotten.
 */
#define REPEAT_MAX (3u << 15) /* remembered at least; a table is full then */

struct repeat;

struct repeat *repeat_new(void);
void repeat_free(struct repeat *p);

/* Whether it was handed over before; else it is remembered. */
bool repeat_seen(struct repeat *p, const struct event *e);

/* What is compared, as a digest. */
void repeat_digest(const struct event *e, const struct digest_seed *seed,
    struct digest *digest);

/*
 * repeat_seen() in two steps, the first of which other threads may do: what
 * stands for an event (a 0: it is no repetition), and whether that was there.
 */
void repeat_mark(const struct repeat *p, const struct event *e,
    struct digest *mark);
bool repeat_marked(struct repeat *p, const struct digest *mark);

/*
 * What is compared, as a name that means the same in every process, for what
 * is kept on a disk; and the same question by it.  False: it has none, and is
 * no repetition.
 */
#define REPEAT_NAME 16u /* bytes */
bool repeat_name(const struct event *e, uint8_t name[REPEAT_NAME]);
bool repeat_seen_name(struct repeat *p, const uint8_t name[REPEAT_NAME]);

/* How many were. */
uint64_t repeat_count(const struct repeat *p);

#endif

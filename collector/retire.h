/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RETIRE_H
#define COLLECTOR_RETIRE_H

#include <stdint.h>

#include "collector/sink.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * Retention in one log, by its writer: takes acts of persons by the rules of
 * retention.h, and deletes closed segments that two of them gave up: each is
 * read back, its x1 is sealed, then its file is unlinked and nothing else.
 */
struct retire;

enum retire_step {
	RETIRE_DONE,	/* recorded; a deletion: done */
	RETIRE_WAITS,	/* ask again when woken */
	RETIRE_FULL,	/* the log takes nothing now: ask again soon */
	RETIRE_REFUSED, /* a sentence says why */
};

struct retire_range { /* of what was recorded */
	uint64_t first, last, n;
};

/*
 * For a log that is open; begins by reading what the log says of retention and
 * finishing what was interrupted.  wake is called from another thread.
 */
struct retire *retire_new(struct sink *s, const struct site *site,
    void (*wake)(void *cookie), void *cookie);

/* What is under way is finished at the next start.  NULL is fine. */
void retire_free(struct retire *r);

/*
 * An act that a person with that uid asks for, with these words; who: anything
 * that tells askers apart, the same at each call.
 */
enum retire_step retire_ask(struct retire *r, const void *who,
    struct span words, uint32_t uid, struct retire_range *range,
    struct buf *why);

/* That asker is gone; what it asked for goes on. */
void retire_leave(struct retire *r, const void *who);

/* Go on with what is under way. */
void retire_tick(struct retire *r);

#endif

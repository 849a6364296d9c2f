/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ESTATE_H
#define COLLECTOR_ESTATE_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ringmsg.h"
#include "common/span.h"
#include "evidence/evlog.h"

/*
 * What a writer that dies leaves to its successor: which of the receiver's
 * streams are open, how far it had come in each log, and what was counted.
 * Memory that the parent makes before it forks and that only writers use; it
 * costs what is used of it.
 */
struct estate;

struct estate_sums { /* of a log, since the collector's start */
	struct evlog_counters counters;
	/* The receiver's totals as it told them last: counters has them. */
	struct ringmsg_counters told;
	uint64_t lost, lost_bytes, lost_from, lost_until; /* to be recorded */
};

/* NULL and errno on failure. */
struct estate *estate_new(void);

/* Unmap this process's view of it. */
void estate_free(struct estate *e);

/*
 * Stream number (below RINGMSG_STREAMS) is open in that log with these words.
 * Words that are very long are kept up to a whole word that fits.
 */
void estate_open(struct estate *e, uint32_t stream, uint32_t log,
    struct span words);

/* Whether a stream is open; its log and words, valid until it ends. */
bool estate_get(const struct estate *e, uint32_t stream, uint32_t *log,
    struct span *words);

void estate_end(struct estate *e, uint32_t stream);

/* How many records a log had with the last one that was appended. */
void estate_set_size(struct estate *e, uint32_t log, uint64_t size);
uint64_t estate_size(const struct estate *e, uint32_t log);

/* The writer's to change. */
struct estate_sums *estate_sums(struct estate *e, uint32_t log);

/* Go on with the sums of another, whose receiver is gone. */
void estate_follow(struct estate *e, const struct estate *before);

#endif

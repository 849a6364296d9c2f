/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ESTATE_H
#define COLLECTOR_ESTATE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"

/*
 * What a writer that dies leaves to its successor: which of the receiver's
 * streams are open, and how far it had come in each log.  Memory that the
 * parent makes before it forks and that only writers use; it costs what is
 * used of it.
 */
struct estate;

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

#endif

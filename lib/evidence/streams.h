/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_STREAMS_H
#define EVIDENCE_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/record.h"

/*
 * The live streams of a segment or log by number, at most STREAMS_MAX, so
 * that a hostile log cannot fill the memory.  Pure but for malloc.
 */
#define STREAMS_MAX 65536u

struct stream {
	uint32_t number;
	uint16_t port; /* of the sender of its previous record, UDP */
	bool udp;
	enum record_framing framing;
	uint64_t next; /* sequence number of its next record */
	void *user;    /* for whoever reads; NULL at first */
	struct stream *chain;
};

struct streams;

struct streams *streams_new(void);
void streams_free(struct streams *t);
void streams_clear(struct streams *t);

size_t streams_count(const struct streams *t);

/* The stream of that number, or NULL; valid until it is removed. */
struct stream *streams_get(struct streams *t, uint32_t number);

/* The same; a new one, zeroed, if there is none.  NULL if the table is full. */
struct stream *streams_put(struct streams *t, uint32_t number);

void streams_remove(struct streams *t, uint32_t number);

/* Call each for all of them, in no order. */
void streams_each(const struct streams *t,
    void (*each)(void *cookie, const struct stream *s), void *cookie);

#endif

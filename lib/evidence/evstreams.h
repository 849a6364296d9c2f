/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_EVSTREAMS_H
#define EVIDENCE_EVSTREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/record.h"

/*
 * The live streams of a segment or log by number, at most EVSTREAMS_MAX, so
 * that a hostile log cannot fill the memory.  Pure but for malloc.
 */
#define EVSTREAMS_MAX 65536u

struct evstream {
	uint32_t number;
	uint16_t port; /* of the sender of its previous record, UDP */
	bool udp;
	enum record_framing framing;
	uint64_t next; /* sequence number of its next record */
	void *user;    /* for whoever reads; NULL at first */
	struct evstream *chain;
};

struct evstreams;

struct evstreams *evstreams_new(void);
void evstreams_free(struct evstreams *t);
void evstreams_clear(struct evstreams *t);

size_t evstreams_count(const struct evstreams *t);

/* The stream of that number, or NULL; valid until it is removed. */
struct evstream *evstreams_get(struct evstreams *t, uint32_t number);

/* The same; a new one, zeroed, if there is none.  NULL if the table is full. */
struct evstream *evstreams_put(struct evstreams *t, uint32_t number);

void evstreams_remove(struct evstreams *t, uint32_t number);

/* Call each for all of them, in no order. */
void evstreams_each(const struct evstreams *t,
    void (*each)(void *cookie, const struct evstream *s), void *cookie);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_HOLD_H
#define COLLECTOR_HOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/*
 * The bytes of a connection that are not whole yet.  What is read goes into a
 * buffer that all connections share, behind the few bytes that are held; only
 * a large half message has memory of its own to be read into.  So an idle
 * connection holds nothing.
 */
#define HOLD_SMALL 4096u /* bytes that are copied and not read into */
#define HOLD_GROW 65536u /* bytes to read at a time into a large one */

struct hold {
	uint8_t *p;
	size_t len, cap;
	size_t *total; /* bytes that all connections hold; kept up to date */
};

void hold_init(struct hold *h, size_t *total);

/* Give back what is held. */
void hold_forget(struct hold *h);

/* Hold p, which may lie in what is held.  false: there is no memory. */
bool hold_keep(struct hold *h, struct span p);

/*
 * Where all bytes are to lie: what is held stands there, and *room bytes may
 * be read behind its h->len.  scratch[size] is the shared buffer.  NULL: there
 * is no memory.
 */
uint8_t *hold_room(struct hold *h, uint8_t *scratch, size_t size, size_t *room);

/* n bytes were read behind what is held, at p = hold_room(): all of them. */
struct span hold_read(struct hold *h, uint8_t *p, size_t n);

static inline struct span
hold_view(const struct hold *h)
{
	return span_make(h->p, h->len);
}

#endif

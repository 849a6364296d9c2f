/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_REFUSAL_H
#define COLLECTOR_REFUSAL_H

#include <stddef.h>
#include <stdint.h>

#include "collector/conn_end.h"
#include "collector/endpoint.h"
#include "collector/listen.h"
#include "collector/wire.h"

/*
 * A sender was not let in by a TLS listener: a g1 for the evidence, and a line
 * with the reason for whoever sets the sender up (at most one a second for
 * each listener: there may be floods of them).  since: when he came (usec).
 *
 * If he spoke no TLS (CONN_END_PLAIN_ON_TLS), what he said is read and kept in
 * g1 records of its own, and is no record that anybody could take for one of a
 * sender who was let in.  There should be room for it in the ring.
 */
void refusal_tell(struct listener *l, const struct endpoint *peer,
    struct wire *w, enum conn_end why, uint64_t since);

/*
 * The line alone, for one whose bytes are in the evidence by themselves: why
 * he cannot be here, and what to do.  Likewise at most one a second.
 */
void refusal_say(struct listener *l, const struct endpoint *peer,
    const char *why);

#endif

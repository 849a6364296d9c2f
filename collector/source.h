/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_SOURCE_H
#define COLLECTOR_SOURCE_H

#include <stdint.h>
#include <sys/socket.h>

#include "collector/intake.h"
#include "collector/listen.h"

/*
 * The senders of datagrams: each address is a stream of its listener.  Anybody
 * can forge addresses, so there are at most SOURCES_MAX; the one that was
 * silent longest gives way.
 */
#define SOURCES_MAX 16384u

struct sources;

/* NULL: there is no memory. */
struct sources *sources_new(struct intake *in);

/* End all streams with that reason, and free.  NULL is fine. */
void sources_free(struct sources *s, const char *why);

/* End the streams of one listener. */
void sources_end(struct sources *s, const struct listener *l, const char *why);

/* The stream of whoever sent from there; opened if it is new. */
uint32_t sources_stream(struct sources *s, struct listener *l,
    const struct sockaddr *from, uint64_t rx);

#endif

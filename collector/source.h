/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_SOURCE_H
#define COLLECTOR_SOURCE_H

#include <stdint.h>
#include <sys/socket.h>

#include "collector/intake.h"
#include "collector/listen.h"

/*
 * The senders of datagrams: each address is a stream of its listener, and
 * on one that is bound to all addresses each pair of his and ours.  Anybody
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

/*
 * The stream of whoever sent from there to that address of ours (NULL: the
 * listener's); opened if it is new.  SOURCES_REFUSED:
 * the listener's list does not name him; RINGMSG_NO_STREAM: there is no memory.
 */
#define SOURCES_REFUSED (RINGMSG_NO_STREAM - 1)
uint32_t sources_stream(struct sources *s, struct listener *l,
    const struct sockaddr *from, const struct sockaddr *to, uint64_t rx);

/*
 * Of a listener with a rate limit: whether the sender that was asked for last
 * has had its records of this second.  sources_count() counts one.
 */
bool sources_limited(struct sources *s, uint64_t rx);
void sources_count(struct sources *s);

#endif

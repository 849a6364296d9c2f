/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_INHERIT_H
#define COLLECTOR_INHERIT_H

#include <stddef.h>
#include <stdint.h>

#include "collector/manager.h"
#include "collector/receiver.h"
#include "site/site.h"

/*
 * Sockets that were there before us, bound and listening, by sd_listen_fds(3):
 * from a service manager that opened them, or kept them for us when the program
 * before us ended.  One is a listener's if it is bound to
 * its address and port; with port 0, if it has its name.  A socket on a path is
 * one's if it is bound to the path and the path still leads to a socket.
 */
#define INHERIT_MAX (2u * SITE_LISTENERS_MAX)

struct inherit {
	int fd[INHERIT_MAX]; /* -1: it is somebody's */
	char name[INHERIT_MAX][SITE_NAME_MAX + 1];
	size_t n;
};

/* Take what was handed to us. */
void inherit_init(struct inherit *in);

/* The socket of a listener, which is the caller's then; -1: there is none. */
int inherit_socket(struct inherit *in, const struct site_listener *l);

/* Close what nobody wanted, say so, and have the manager keep it no more. */
void inherit_rest(struct inherit *in, const struct manager *m);

/*
 * How many datagrams the kernel had dropped of each socket when it was told
 * last outlives us in run/sockets: leave it, and find it again into notes
 * (receiver's, two for each slot).  Of an inherited socket of which nothing
 * was left what was dropped until now is not ours to tell.
 */
void inherit_leave(const struct site *site, const struct receiver_listener *l,
    size_t n, const uint64_t *notes);
void inherit_notes(const struct inherit *in, const struct site *site,
    const struct receiver_listener *l, size_t n, uint64_t *notes);

#endif

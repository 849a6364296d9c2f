/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_UNIXSOCK_H
#define COLLECTOR_UNIXSOCK_H

#include <stdbool.h>
#include <sys/types.h>

#include "site/site.h"

/*
 * Listeners on a path of this machine, for its own programs.  The path of a
 * dead one is taken over; one that somebody listens on, a symbolic link or any
 * other file is left as it is (EADDRINUSE, EEXIST).
 */

/*
 * Bind what conf says, with its mode from the first moment on; a stream
 * listens.  Return the descriptor, or -1 and errno.
 */
int unixsock_bind(const struct site_listener *conf);

/*
 * Give its file the mode that conf says, or (not now) see whether we could.
 * 0, or -1 and errno: a link is never followed.
 */
int unixsock_mode(const struct site_listener *conf, bool now);

/* Whether a socket is bound to conf's path; whether a socket lies there. */
bool unixsock_is_at(int fd, const struct site_listener *conf);
bool unixsock_is_there(const struct site_listener *conf);

/* The number of the file of the socket that lies there, or 0. */
ino_t unixsock_file(const struct site_listener *conf);

/* Remove the file of a socket of ours. */
void unixsock_remove(const struct site_listener *conf);

/* Who connected: 0, or -1 and errno. */
int unixsock_peer(int fd, uid_t *uid, pid_t *pid);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_UNIXSOCK_H
#define COLLECTOR_UNIXSOCK_H

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

/* Who connected: 0, or -1 and errno. */
int unixsock_peer(int fd, uid_t *uid, pid_t *pid);

#endif

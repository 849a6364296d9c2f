/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_MANAGER_H
#define COLLECTOR_MANAGER_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

/*
 * What the service manager is told (sd_notify(3): datagrams to NOTIFY_SOCKET).
 * Without one nothing is said, and nothing here can fail: a manager that does
 * not listen is no reason not to collect.
 */
struct manager {
	int fd; /* -1: there is none */
	struct sockaddr_un to;
	socklen_t len;
	int64_t watchdog; /* usec in which it wants to hear us, or 0 */
};

/* From the environment. */
void manager_init(struct manager *m);
void manager_fini(struct manager *m);

/* "READY=1". */
void manager_say(const struct manager *m, const char *what);

/* RELOADING=1 with the time, as the manager wants it. */
void manager_reloading(const struct manager *m);

/* STATUS=, one line for people. */
void manager_status(const struct manager *m, const char *text);

/* Have a socket kept for who follows us, by the listener's name; or no more. */
void manager_keep(const struct manager *m, const char *name, int fd);
void manager_drop(const struct manager *m, const char *name);

#endif

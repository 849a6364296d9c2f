/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_HOST_H
#define COLLECTOR_HOST_H

#include "collector/intake.h"
#include "collector/loss.h"
#include "collector/netstat.h"

/*
 * Datagrams that the kernel lost before any socket saw them.  It counts them
 * for the whole machine, so a g1 goes into each log that datagrams go to, and
 * says how many there were at most, and when.
 */
#define HOST_FILES 2

/* Open the kernel's counters, before files cannot be opened any more; -1 each
 * where there are none. */
void host_open(int fd[HOST_FILES]);

struct host {
	int fd[HOST_FILES];
	struct netstat seen;
	uint64_t looked;		 /* usec: when */
	struct loss loss[SITE_LOGS_MAX]; /* of logs that get datagrams */
	bool used[SITE_LOGS_MAX];
};

void host_init(struct host *h, const int fd[HOST_FILES],
    const struct site *site, uint64_t now);
/* A reload: other logs may get datagrams, too. */
void host_reconf(struct host *h, const struct site *site);

void host_fini(struct host *h);

/* Look, and put what rose; once a second. */
void host_tell(struct host *h, struct intake *in, uint64_t now);

/* Likewise at the end. */
void host_finish(struct host *h, struct intake *in, uint64_t now);

#endif

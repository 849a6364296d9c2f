/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RUNDIR_H
#define COLLECTOR_RUNDIR_H

#include <sys/types.h>

#include "collector/priv.h"
#include "collector/receiver.h"
#include "site/site.h"

/*
 * The site's run folder, for whoever looks from outside:
 *
 *	pid		of the parent; locked while it runs
 *	processes	a line for each process: name, pid
 *	listeners	a line for each that is open: name, transport, address,
 *			port; it is there when records are received
 *	confinement	a line for each wall between the processes (inforce.h):
 *			name, yes or no
 *	konseki.yml	the configuration in force, while it runs
 *	submit.sock	the writer's socket (submit.h)
 *	sockets		what the kernel had dropped of each socket (inherit.h)
 *	metrics.sock	the monitor's socket (monitor.h)
 *	empty/		a root for processes that need no file
 */

/* Make the folders that processes need.  0, or -1: it was said why. */
int rundir_make(const struct site *site, const struct priv *p);

/*
 * Take the run folder's lock and write pid.  Return the lock's descriptor,
 * to be held as long as we run, or -1: it was said why.
 */
int rundir_open(const struct site *site);

/* Remove what says that we run. */
void rundir_close(const struct site *site, int lock);

/* The listening socket for programs of this machine, or -1: it was said why. */
int rundir_submit(const struct site *site, const struct priv *p);

/* Likewise for those who ask how it is (monitor.h). */
int rundir_metrics(const struct site *site, const struct priv *p);

/* Write `listeners` or `processes`; -1: it was said why. */
int rundir_listeners(const struct site *site, const struct receiver_listener *l,
    size_t n);
int rundir_processes(const struct site *site, const char *const *names,
    const pid_t *pids, size_t n);

/* Write `sockets`, or read it; -1: it was said why, or is not there. */
int rundir_sockets(const struct site *site, struct span text);
int rundir_sockets_read(const struct site *site, struct buf *text);

/* Write `konseki.yml`; -1: it was said why. */
int rundir_config(const struct site *site, const struct priv *p);

/* Write `confinement`; -1: it was said why. */
int rundir_confinement(const struct site *site, struct span lines);

#endif

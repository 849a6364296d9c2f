/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_UPGRADE_H
#define COLLECTOR_UPGRADE_H

struct parent;

/*
 * SIGUSR2: the program that is installed now takes over.  This one seals and
 * ends as for SIGTERM, but keeps its sockets bound and hands them to its
 * successor, which is run in its place, with its process id: meanwhile
 * datagrams wait in the kernel's queue and connections to be accepted, and
 * nobody is refused.  What is installed must first find the configuration
 * good; if it does not, or cannot be run, nothing happens.
 */
void upgrade_ask(struct parent *p);

/* All has ended: run the other.  It returns, having said why, if that fails.
 */
void upgrade_run(struct parent *p);

/* Note which program we are; at the start. */
void upgrade_init(void);

#endif

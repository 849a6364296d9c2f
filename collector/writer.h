/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_WRITER_H
#define COLLECTOR_WRITER_H

#include <stddef.h>

#include "collector/estate.h"
#include "collector/gauges.h"
#include "collector/receipt.h"
#include "collector/ring.h"
#include "site/site.h"

/*
 * The writer process: the only one that writes any log of the site.  It takes
 * what the receiver put into the ring and what programs hand in at the socket,
 * and believes neither.  It has no network and no key: what it seals another
 * process signs.
 *
 * Control is a SOCK_SEQPACKET pair with the parent; one packet is one message.
 *
 *   writer: "ready"    the logs are open and recovered
 *   writer: "broken"   the receiver cannot be trusted: stop it
 *   writer: "over N break WHY", "over N renewal WHY"
 *                      log N cannot go on: it ends, have a successor made
 *   writer: "renew N"  the epochs of log N end: have a successor made ahead
 *   writer: "next"     a successor came into force: another writer, please
 *   parent: "tail", "anchor", "forward"
 *                      with a descriptor: a socket that leads to the tailer,
 *                      the anchor, the forwarder
 *   parent: "config"   with a bundle (bundle.h) that holds konseki.yml and the
 *                      words of what it names (named.h): both are in force now;
 *                      each log gets a c1 that says what changed
 *   parent: "refused=... why=..."
 *                      words of a c1: a reload was refused
 *   parent: "ping"     answer "pong"
 *   parent: "stop"     nobody puts anything in any more: take the rest, seal
 *                      for the last time, return.  A log that cannot be
 *                      written is waited for a few seconds; then what it did
 *                      not take is counted, named and recorded
 *   parent: "renewed N" with a descriptor: the description of the successor
 *                      of log N, which waits to be certified
 *   parent: "leave"    seal for the last time and return; what is in the ring
 *                      is the next writer's
 *   parent: "drop N"   likewise, but without another seal of log N
 *
 * A control socket that closes says that the parent is gone: then the writer
 * goes on until the receiver is gone too (receiver_alive), and stops.
 */
#define WRITER_CONTROL_MAX 1024u /* bytes of a message */

struct writer_options {
	const struct site *site;
	struct ring *ring; /* writer_run calls ring_taker() */
	struct estate *estate;
	struct gauges *gauges; /* to show in; may be NULL */
	struct receipt *receipt;
	const int *sign;	/* a socket to the signer for each log */
	const uint8_t *program; /* program_hash(), or NULL: not known */
	int submit;		/* listening */
	int control;
	struct span named; /* words of the first c1 of each log (named.h) */
	int receiver_alive; /* a pipe that ends with parent and receiver */
};

/* Run until stopped.  Return the process's exit status. */
int writer_run(const struct writer_options *opt);

#endif

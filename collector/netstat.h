/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_NETSTAT_H
#define COLLECTOR_NETSTAT_H

#include <stdint.h>

#include "common/span.h"

/*
 * What the kernel of this machine could not deliver, as /proc/net/snmp and
 * /proc/net/snmp6 count it: for all programs and addresses together.  Pure.
 */
struct netstat {
	uint64_t reassembly; /* packets of which fragments were missing */
	uint64_t udp_errors; /* datagrams with a wrong checksum and the like;
				those a full queue dropped are not among them:
				each socket counts its own */
};

/* Add up what the text of either file says; lines that are none are skipped. */
void netstat_add(struct span text, struct netstat *n);

#endif

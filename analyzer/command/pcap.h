/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_PCAP_H
#define ANALYZER_COMMAND_PCAP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * Received bytes as packets that Wireshark and tcpdump read: a pcap file
 * (microseconds, link type RAW) whose headers of IP, UDP and TCP are made from
 * what the evidence says of the sender.  The payload is what was received, byte
 * for byte.  Pure.
 */
struct pcap_flow { /* addresses as text, as a d1 has them */
	bool tcp;  /* else UDP */
	struct span peer, local;
	uint16_t peer_port, local_port;
};

/* Begin a file. */
void pcap_begin(struct buf *out);

/*
 * Append bytes that came at rx (usec since 1970), so many (at) behind the first
 * of the flow: as one datagram, or as segments of at most PCAP_SEGMENT bytes.
 * An address of ours that is none is taken as unspecified.  Return 0, or -1:
 * the peer's is none, or so many bytes are no datagram.
 */
#define PCAP_SEGMENT 65000u
int pcap_add(struct buf *out, const struct pcap_flow *f, uint64_t rx,
    uint64_t at, struct span body);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/pcap.h"

#include <stdlib.h>
#include <string.h>

#include "common/hex.h"
#include "tests/tap.h"

#define FILE_HEAD 24
#define PACKET_HEAD 16

/* Whether the bytes from there on are these, in hex. */
static bool
is(const struct buf *out, size_t at, const char *hex)
{
	uint8_t want[256];
	size_t len = strlen(hex) / 2;

	return hex_parse(span_str(hex), want, len) == 0 &&
	    at + len <= out->len && memcmp(out->p + at, want, len) == 0;
}

static uint32_t
own(const struct buf *out, size_t at)
{
	uint32_t n;

	memcpy(&n, out->p + at, sizeof(n));
	return n;
}

int
main(void)
{
	struct pcap_flow f = { false, SPAN("192.0.2.1"), SPAN("198.51.100.2"),
		40000, 514 };
	static uint8_t big[70000];
	struct buf out;
	size_t at;

	buf_init(&out);
	pcap_begin(&out);
	ok(out.len == FILE_HEAD && own(&out, 0) == 0xa1b2c3d4 &&
		own(&out, 20) == 101,
	    "a file of raw packets");
	ok(pcap_add(&out, &f, 1700000000123456, 0, SPAN("<13>a")) == 0 &&
		own(&out, FILE_HEAD) == 1700000000 &&
		own(&out, FILE_HEAD + 4) == 123456 &&
		own(&out, FILE_HEAD + 8) == 33 &&
		own(&out, FILE_HEAD + 12) == 33,
	    "a datagram has the time of receipt");
	ok(is(&out, FILE_HEAD + PACKET_HEAD,
	       "450000210000400040114e95" /* UDP, 33 bytes */
	       "c0000201c6336402"	  /* from, to */
	       "9c400202000d"),
	    "IPv4 and UDP say who sent it where");
	ok(is(&out, out.len - 5, "3c31333e61"), "what came is behind it");
	at = out.len;
	f = (struct pcap_flow){ true, SPAN("2001:db8::1%2"),
		SPAN("2001:db8::2"), 1024, 6514 };
	ok(pcap_add(&out, &f, 1, 5, span_make(big, sizeof(big))) == 0 &&
		own(&out, at + 8) == 40 + 20 + PCAP_SEGMENT &&
		is(&out, at + PACKET_HEAD, "60000000fdfc0640") &&
		is(&out, at + PACKET_HEAD + 40, "0400197200000006"),
	    "IPv6 and TCP, where in the stream it stands");
	at += PACKET_HEAD + 40 + 20 + PCAP_SEGMENT;
	ok(own(&out, at + 8) == 40 + 20 + 5000 &&
		is(&out, at + PACKET_HEAD + 44, "0000fdee") &&
		at + PACKET_HEAD + 60 + 5000 == out.len,
	    "a long record is more segments than one");
	at = out.len;
	f.peer = SPAN("local");
	ok(pcap_add(&out, &f, 1, 0, SPAN("x")) == -1 && out.len == at,
	    "who has no address sends no packet");
	f = (struct pcap_flow){ false, SPAN("192.0.2.1"), SPAN("-"), 1, 2 };
	ok(pcap_add(&out, &f, 1, 0, span_make(big, 65508)) == -1 &&
		out.len == at &&
		pcap_add(&out, &f, 1, 0, span_make(big, 65507)) == 0,
	    "the longest datagram");
	ok(is(&out, at + PACKET_HEAD + 16, "00000000"),
	    "an address that is not known is none");
	buf_fini(&out);
	return done();
}

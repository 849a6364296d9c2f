/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/netstat.h"
#include "tests/tap.h"

static const struct {
	const char *name, *text;
	uint64_t reassembly, udp_errors;
} rows[] = {
	{ "both protocols of one file",
	    "Ip: Forwarding ReasmReqds ReasmFails FragOKs\n"
	    "Ip: 1 9 7 0\n"
	    "Icmp: InMsgs InErrors\nIcmp: 5 5\n"
	    "Udp: InDatagrams InErrors RcvbufErrors MemErrors\n"
	    "Udp: 100 40 30 4\n"
	    "UdpLite: InDatagrams InErrors\nUdpLite: 3 3\n",
	    7, 6 },
	{ "the other file",
	    "Ip6ReasmFails                   \t3\n"
	    "Udp6InErrors                    \t12\n"
	    "Udp6RcvbufErrors                \t10\n"
	    "UdpLite6InErrors                \t9\n",
	    3, 2 },
	{ "an older kernel counts less",
	    "Udp: InErrors\nUdp: 4\nIp: ReasmFails\nIp: 1\n", 1, 4 },
	{ "more of them than errors is none",
	    "Udp: InErrors RcvbufErrors\n"
	    "Udp: 4 5\n",
	    0, 0 },
	{ "fewer numbers than names", "Ip: Forwarding ReasmFails\nIp: 1\n", 0,
	    0 },
	{ "a line without its names", "Ip: 1 2 3\n", 0, 0 },
	{ "no number", "Ip6ReasmFails x\nIp6ReasmFails\n", 0, 0 },
	{ "cut in the middle", "Ip: ReasmFails\nIp: 7", 0, 0 },
	{ "nothing", "", 0, 0 },
};

int
main(void)
{
	struct netstat n;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		n = (struct netstat){ 0 };
		netstat_add(span_str(rows[i].text), &n);
		ok(n.reassembly == rows[i].reassembly &&
			n.udp_errors == rows[i].udp_errors,
		    "%s (%llu, %llu)", rows[i].name,
		    (unsigned long long)n.reassembly,
		    (unsigned long long)n.udp_errors);
	}
	return done();
}

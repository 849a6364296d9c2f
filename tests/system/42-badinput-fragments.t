#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Where packets hold 1,500 bytes a large datagram travels in fragments. All of
# them come: it is kept whole, as large as datagrams can be, over IPv4 and IPv6.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
if [ "${KONSEKI_NETNS:-}" != yes ]; then
	unshare -n sh -c 'ip link set lo up mtu 1500' 2>/dev/null ||
	    skip_all 'no network namespace of its own to be had'
	KONSEKI_NETNS=yes
	export KONSEKI_NETNS
	rm -rf "$T"
	exec unshare -n sh "$0"
fi
ip link set lo up mtu 1500
plan 6

six=::1
ip -6 addr show dev lo 2>/dev/null | grep -q '::1' || six=127.0.0.9
site_make <<END
listeners:
  - {name: four, transport: udp, address: 127.0.0.1, port: 0}
  - {name: six, transport: udp, address: "$six", port: 0}
END
site_start
python3 - "$(port four)" "$six" "$(port six)" "$T" <<'END'
import socket, sys
for to, port, name in (('127.0.0.1', sys.argv[1], 'four'),
                       (sys.argv[2], sys.argv[3], 'six')):
    family = socket.AF_INET6 if ':' in to else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as s, \
            open('%s/%s.want' % (sys.argv[4], name), 'wb') as want:
        for n in 1400, 1480, 20000, 65507:
            data = b'<13>%d ' % n + bytes(x % 251 for x in range(n - 10))
            data = data[:n]
            want.write(data)
            s.sendto(data, (to, int(port)))
END
for name in four six; do
	wait_received $name 4
	raw $name >"$T/$name"
	same "$name: fragments are whole again, byte for byte" "$T/$name" \
	    "$T/$name.want"
done
is 'nothing was lost' "$(records g1)" ''
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Scenario: the ways of waiting for events. Where epoll is not to be had the
# event library takes poll, or select: over UDP, TCP and TLS the same messages
# come, a connection ends, and SIGTERM ends it all, whichever it is.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 23

certificates
site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
END
many=$(awk 'BEGIN { for (i = 1; i <= 200; i++) printf "<13>%d\\n", i }')
EVENT_SHOW_METHOD=1 # each process says which it has
export EVENT_SHOW_METHOD
seen=0
for way in epoll poll select; do
	unset EVENT_NOEPOLL EVENT_NOPOLL
	[ $way = epoll ] || { EVENT_NOEPOLL=1; export EVENT_NOEPOLL; }
	[ $way != select ] || { EVENT_NOPOLL=1; export EVENT_NOPOLL; }
	site_start
	is "$way: it is the way" "$(sed -n 's/^.*libevent using: //p' \
	    "$T/collector.err" | sort -u)" $way
	seen=$((seen + 200))
	python3 "$srcdir/tests/system/peer.py" "$(port tcp)" "text:$many" end
	python3 "$srcdir/tests/system/peer.py" "$(port tls)" "tls:$T/ca.pem" \
	    "text:$many" end
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("127.0.0.1", int(sys.argv[1])))
for i in range(200):
    s.send(b"<13>%d" % (i + 1))' "$(port udp)"
	for l in udp tcp tls; do
		wait_received $l $seen
		is "$way: $l" "$(messages $l | sed 's/<13>//' | sort -n |
		    uniq -c | awk '{ print $1 }' | sort -u) $(received $l)" \
		    "$((seen / 200)) $seen"
	done
	site_stop
	is "$way: nothing was lost" "$(records g1 2>/dev/null |
	    grep -v kind=down)" ''
	ok "$way: the evidence is intact" konseki-verify --pin \
	    "$S/evidence/log" "$S/evidence"
done
is 'each left its end' "$(konseki show --site "$S" 2>/dev/null |
    grep -c 'why=collector-stop')" 3
ok 'the casebook is intact' konseki-verify --pin "$S/casebook/log" \
    "$S/casebook"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A collector listens on all of its addresses. Which of them a sender reached is
# in the evidence: of a connection, of a RELP session and of each datagram; one
# sender to two addresses is two streams, to one address one stream.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
python3 -c 'import socket; socket.socket(socket.AF_INET6).bind(("::1", 0))' \
    2>/dev/null || skip_all 'no IPv6'
plan 8

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 0.0.0.0, port: 0}
  - {name: udp6, transport: udp, address: "::", port: 0}
  - {name: one, transport: udp, address: 127.0.0.1, port: 0}
  - {name: tcp, transport: tcp, address: 0.0.0.0, port: 0}
  - {name: tcp6, transport: tcp, address: "::", port: 0}
  - {name: relp, transport: relp, address: 0.0.0.0, port: 0}
END
site_start
python3 - "$S/run/listeners" <<'END'
import socket, sys
ports = {l.split()[0]: int(l.split()[3]) for l in open(sys.argv[1])}

def udp(name, family, *hosts):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.bind(('127.0.0.2' if family == socket.AF_INET else '::1', 0))
    for h in hosts:
        s.sendto(b'<13>to ' + h.encode(), (h, ports[name]))

def tcp(name, host, text):
    s = socket.create_connection((host, ports[name]))
    s.sendall(text)
    s.shutdown(socket.SHUT_WR)
    while s.recv(4096):
        pass

udp('udp', socket.AF_INET, '127.0.0.5', '127.0.0.6', '127.0.0.5', '127.0.0.6')
udp('udp6', socket.AF_INET6, '::1')
udp('one', socket.AF_INET, '127.0.0.1')
tcp('tcp', '127.0.0.7', b'<13>line\n')
tcp('tcp6', '::1', b'<13>line\n')
tcp('relp', '127.0.0.8', b'1 open 49 relp_version=0\nrelp_software=x\ncommands=syslog\n'
    b'2 syslog 8 <13>line\n3 close 0\n')
END
wait_received udp 4
for name in udp6 one tcp tcp6 relp; do
	wait_received $name 1
done
records d1 >"$T/d1"
# local NAME: the addresses that its streams came to.
local_of() {
	sed -nE "s/.* listener=$1 .* local=([^ ]+) .*/\\1/p" "$T/d1" | sort |
	    tr '\n' ' '
}
is 'a datagram: where it was sent to, each address once' "$(local_of udp)" \
    '127.0.0.5 127.0.0.6 '
is 'over IPv6 too' "$(local_of udp6)" '::1 '
is 'of one address: that' "$(local_of one)" '127.0.0.1 '
is 'a connection' "$(local_of tcp)" '127.0.0.7 '
is 'over IPv6 too' "$(local_of tcp6)" '::1 '
is 'a RELP session' "$(local_of relp)" '127.0.0.8 '
is 'with the port' "$(grep -c " local-port=$(port udp)\$" "$T/d1")" 2
site_stop

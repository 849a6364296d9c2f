#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Scenario: datagrams. A collector listens on an IPv4 address, on every one of
# IPv4 and on IPv6, two of them with one port number. What goes to each is found
# under its name and sender, nothing is taken on an address that nobody listens
# on; each length is kept as it came, and a burst beyond a small receive buffer
# is counted.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
python3 -c 'import socket
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).bind(("::1", 0))' 2>/dev/null ||
    skip_all 'no IPv6 here'
plan 14

free=$(free_port)
site_make <<END
listeners:
  - {name: one, transport: udp, address: 127.0.0.2, port: $free}
  - {name: six, transport: udp, address: "::1", port: $free}
  - {name: all, transport: udp, address: 0.0.0.0, port: 0}
  - {name: lengths, transport: udp, address: 127.0.0.1, port: 0}
  - {name: burst, transport: udp, address: 127.0.0.1, port: 0, receive_buffer: 65536}
END
site_start
# udp ADDRESS PORT TEXT...: a datagram each.
udp() {
	python3 - "$@" <<'END'
import socket, sys
to, port = sys.argv[1], int(sys.argv[2])
f = socket.AF_INET6 if ':' in to else socket.AF_INET
with socket.socket(f, socket.SOCK_DGRAM) as s:
    s.connect((to, port))
    for text in sys.argv[3:]:
        s.send(text.encode())
    try:
        s.settimeout(0.1)
        s.recv(1)
    except ConnectionRefusedError:
        print('refused')
    except OSError:
        pass
END
}

is 'the address that it listens on is open' \
    "$(udp 127.0.0.2 "$free" '<13>one a' '<13>one b')" ''
is 'another one with that port is not' \
    "$(udp 127.0.0.3 "$free" '<13>stray')" refused
udp ::1 "$free" '<13>six a' '<13>six b'
udp 127.0.0.4 "$(port all)" '<13>all a'
udp 127.0.0.5 "$(port all)" '<13>all b'
wait_received one 2
wait_received six 2
wait_received all 2
is 'IPv4: what came is there' "$(messages one)" '<13>one a
<13>one b'
is 'IPv6: likewise, at the same port' "$(messages six)" '<13>six a
<13>six b'
is 'every address of IPv4: likewise' "$(messages all)" '<13>all a
<13>all b'
like 'an IPv6 sender is named' "$(records d1)" \
    'listener=six .*local=::1 peer=::1 '

python3 - "$(port lengths)" "$(port burst)" "$T/want" <<'END'
import socket, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s, \
        open(sys.argv[3], 'wb') as want:
    s.connect(('127.0.0.1', int(sys.argv[1])))
    for n in [*range(0, 40), *range(1020, 1030), *range(2040, 2055),
              *range(8180, 8200), 65506, 65507]:
        data = (b'%d ' % n + b'x' * n)[:n]
        s.send(data)
        want.write(data)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.connect(('127.0.0.1', int(sys.argv[2])))
    for i in range(3000):
        s.send(b'<13>%d ' % i + b'x' * 900)
END
wait_received lengths 87
is 'each length is one record' "$(received lengths)" 87
raw lengths >"$T/got"
same 'of the bytes that came' "$T/got" "$T/want"
wait_for '[ $(($(received burst) + $(gap kernel-drop burst))) -ge 3000 ]'
is 'of a burst each is there or counted' \
    $(($(received burst) + $(gap kernel-drop burst))) 3000
ok 'and those that are there stand in order' sh -c "konseki show --site '$S' \
    --source burst --messages | sed 's/^<13>//' | sort -nc"
is 'nothing else was lost' "$(records g1 | grep -vc listener=burst)" 0
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Scenario: messages that nobody could take. While the collector is down a
# datagram goes nowhere and a TCP sender is refused; while the receiver stands
# still the kernel drops. None of it comes back, but the log says from when to
# when nobody listened, and how many were dropped; a sender that dials again
# goes on where it was, and SIGTERM before the count was told does not lose it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 14

udp_port=$(free_port) tcp_port=$(free_port)
site_make <<END
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: $udp_port, receive_buffer: 65536}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: $tcp_port}
END
udp() { # FIRST LAST
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(int(sys.argv[2]), int(sys.argv[3]) + 1):
    s.sendto(b"<13>%d " % i + b"d" * 900, ("127.0.0.1", int(sys.argv[1])))' \
	    "$udp_port" "$@"
}
# A sender as devices are: it dials again when it was cut off, with the line
# that it could not send.
cat >"$T/device.py" <<'END'
import socket, sys, time
i = 0
while i < 3000:
    try:
        s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
        s.settimeout(0)
        while i < 3000:
            try:
                if s.recv(10) == b'':
                    break
            except BlockingIOError:
                pass
            s.sendall(b'<13>device %d\n' % i)
            i += 1
            time.sleep(0.001)
        s.shutdown(socket.SHUT_WR)
        s.settimeout(None)
        while s.recv(10):
            pass
    except OSError:
        time.sleep(0.05)
END

site_start
udp 1 10
wait_received udp 10
start device python3 "$T/device.py" "$tcp_port"
device=$pid
wait_received tcp 100
site_stop
udp 11 20
site_start
wait_for '! running "$device"' 60
udp 21 30
wait_received udp 20
is 'what went to a closed port is not there, the rest is' \
    "$(messages udp | sed 's/<13>\([0-9]*\) .*/\1/' | tr '\n' ' ')" \
    '1 2 3 4 5 6 7 8 9 10 21 22 23 24 25 26 27 28 29 30 '
like 'the log says how long nobody listened' "$(records b1 | tail -n 1)" \
    ' down=[1-9][0-9]{4,} '
wait_for 'messages tcp | grep -q "device 2999$"'
messages tcp | sed 's/.* //' >"$T/device"
ok 'a device that dials again goes on, in order, none twice' \
    sort -nuc "$T/device"
is 'to its last message' "$(tail -n 1 "$T/device")" 2999
is 'in two connections' "$(records d1 |
    grep -c 'listener=tcp .*next=0\|next=0 listener=tcp')" 2

# --- the receiver stands still, and then it ends ---
kill -STOP "$(pid_of receiver)"
udp 1001 3000
kill -TERM "$collector"
kill -CONT "$(pid_of receiver)"
wait_for '! running "$collector"'
stop "$collector"
is 'SIGTERM ends it' "$status" 0
there=$(messages udp 2>/dev/null | grep -cE '^<13>[0-9]{4} ')
is 'each datagram is there or counted' $((there + $(gap kernel-drop udp))) 2000
ok 'some were dropped' [ "$(gap kernel-drop udp)" -gt 500 ]
like 'those that came first are there' \
    "$(messages udp 2>/dev/null | grep -m 1 -E '^<13>[0-9]{4} ')" '^<13>1001 '
n=$(gap kernel-drop udp)
site_start
like 'seals counted them' "$(records s1)" " kernel-dropped=$n "
site_stop
verified

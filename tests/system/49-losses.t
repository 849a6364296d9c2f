#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The ways to lose a record that no other test shows (docs/losses.md): a burst
# after which nobody sends any more, a flood through a small queue, a queue that
# gets full, datagrams too long for a record, fragments that never become whole, datagrams with a wrong checksum,
# the time that the collector was not there, what it could not read before it
# had to stop, a disk that gives errors, a clock that nobody sets right any
# more. Each is in the evidence, with how much and from when to when; where it
# can be counted at all, what was sent is there or counted.
#
# In a network of its own where we may have one: the kernel's counters are those
# of a whole machine.
if [ "$(id -u)" = 0 ] && [ -z "${KONSEKI_NET:-}" ] &&
    unshare --net true 2>/dev/null; then
	KONSEKI_NET=own exec unshare --net sh "$0"
fi
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 36
if [ "${KONSEKI_NET:-}" = own ]; then
	ip link set lo up || exit 99
	# A packet with a missing fragment is given up after a second.
	echo 1 >/proc/sys/net/ipv4/ipfrag_time
fi

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0, receive_buffer: 65536}
  - {name: flood, transport: udp, address: 127.0.0.1, port: 0, receive_buffer: 65536}
  - {name: high, transport: udp, address: 127.0.0.1, port: 0, receive_buffer: 1048576}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, backpressure: stall}
  - {name: local, transport: unix-dgram, path: run/log}
END
site_start
# datagrams LISTENER N
datagrams() {
	python3 - "$(port "$1")" "$2" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(('127.0.0.1', int(sys.argv[1])))
for i in range(int(sys.argv[2])):
    s.send(b'<13>%06d ' % i + b'x' * 300)
END
}

# --- a burst, and then nobody sends any more ---
kill -STOP "$(pid_of receiver)"
datagrams udp 3000
kill -CONT "$(pid_of receiver)"
wait_for '[ $(($(received udp) + $(gap kernel-drop udp count))) = 3000 ]'
is 'a loss that no datagram follows is counted' \
    $(($(received udp) + $(gap kernel-drop udp count))) 3000
ok 'some were lost' [ "$(gap kernel-drop udp count)" -gt 1000 ]
from=$(records g1 | sed -n 's/.*kind=kernel-drop.* from=\([0-9]*\) .*/\1/p' | head -n 1)
until=$(records g1 | sed -n 's/.*kind=kernel-drop.* until=\([0-9]*\).*/\1/p' | tail -n 1)
ok 'from when to when is known' [ "$until" -ge "$from" ]
is 'how many bytes nobody knows' \
    "$(records g1 | grep -c 'kind=kernel-drop .* bytes=[0-9]')" 0

# --- a flood ---
datagrams flood 60000 &
flood=$!
while running $flood; do
	kill -STOP "$(pid_of receiver)"
	sleep 0.05
	kill -CONT "$(pid_of receiver)"
	sleep 0.05
done
wait_for '[ $(($(received flood) + $(gap kernel-drop flood count))) = 60000 ]' 60
is 'of a flood each datagram is there or counted' \
    $(($(received flood) + $(gap kernel-drop flood count))) 60000
ok 'some were lost' [ "$(gap kernel-drop flood count)" -gt 0 ]
ok 'some were not' [ "$(received flood)" -gt 0 ]
diag "$(received flood) kept, $(gap kernel-drop flood count) recorded"

# --- a queue that fills, before anything is lost ---
kill -STOP "$(pid_of writer)"
datagrams high 30000 # more than the ring and half of the queue
wait_for 'grep -q "listener .high.: the kernel" "$T/collector.err"'
tap $? 'that a queue is half full is said while there is time'
kill -CONT "$(pid_of writer)"
wait_for '[ "$(gap receive-queue high count)" -gt 0 ]'
like 'a queue that is half full is told' "$(records g1)" \
    'kind=receive-queue stream=- listener=high count=[1-9][0-9]* bytes=[1-9][0-9]{5,} from=[0-9]+ until=[0-9]+ size=[1-9]'
like 'and was said in that way' "$(cat "$T/collector.err")" \
    "listener 'high': the kernel's queue is [0-9]+% full"

# --- a datagram that is too long ---
python3 - "$S/run/log" <<'END'
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
s.connect(sys.argv[1])
for n in 150005, 65536, 65537, 10:
    s.send(b'<13>' + b'x' * (n - 4))
END
wait_received local 4
wait_for '[ "$(gap truncated local count)" = 2 ]'
is 'it is cut, and that is told' "$(gap truncated local count)" 2
is 'what was sent is there or counted, to the byte' \
    $(($(raw local | wc -c) + $(gap truncated local bytes))) $((150005 + 65536 + 65537 + 10))
is 'each record that was cut says so' \
    "$(konseki --lang en show --site "$S" --source local | grep -c cut)" 2

# --- what no socket gets to see ---
if [ "${KONSEKI_NET:-}" = own ]; then
	python3 - "$(port udp)" <<'END'
import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
def packet(ident, fragment, data):
    return struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(data), ident, fragment,
                       64, 17, 0, socket.inet_aton('127.0.0.1'),
                       socket.inet_aton('127.0.0.1')) + data
port = int(sys.argv[1])
for ident in 1, 2, 3: # the first of several; the others never come
    s.sendto(packet(ident, 0x2000, struct.pack('!HHHH', 9, port, 3000, 0) + b'x' * 1000),
             ('127.0.0.1', 0))
for ident in 4, 5: # whole, and not what was sent
    s.sendto(packet(ident, 0, struct.pack('!HHHH', 9, port, 12, 0x1234) + b'<13>'),
             ('127.0.0.1', 0))
END
	wait_for '[ "$(gap reassembly - count)" = 3 ]'
	is 'packets with missing fragments are counted' "$(gap reassembly - count)" 3
	wait_for '[ "$(gap udp-error - count)" -ge 2 ]'
	is 'so are datagrams with a wrong checksum' "$(gap udp-error - count)" 2
	like 'from when to when' "$(records g1)" \
	    'kind=reassembly stream=- listener=- count=[1-3] bytes=- from=[0-9]+ until=[0-9]+'
else
	skip 3 'no network of our own'
fi

# --- a trickle: seals come before the receiver tells its counts ---
python3 - "$(port udp)" <<'END'
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(80):
    s.sendto(b'<13>drop', ('127.0.0.1', int(sys.argv[1])))
    time.sleep(0.05)
END

# --- it has to stop and could not read all ---
awk 'BEGIN { for (i = 1; i <= 60000; i++) printf "<13>%d %0390d\n", i, i }' >"$T/lines"
kill -STOP "$(pid_of writer)"
start peer python3 "$srcdir/tests/system/peer.py" "$(port tcp)" "press:$T/lines" hold
wait_for 'grep -q "held back" "$T/peer.out"'
tap $? 'a sender waits'
writer=$(pid_of writer) receiver=$(pid_of receiver)
kill -TERM "$collector"
wait_for '! running "$receiver"' 30 # it has waited for room in vain
kill -CONT "$writer"
site_stop
like 'what could not be read is told' "$(records g1)" \
    'kind=unread stream=- listener=tcp count=1 bytes=[1-9][0-9]* '
# What is neither kept nor counted nor said to be unread is still the sender's.
kept=$(raw tcp | wc -c)
ok 'with how much it was at most' \
    [ $((kept + $(gap queue-drop tcp bytes) + $(gap unread tcp bytes))) -le "$(wc -c <"$T/lines")" ]

# --- the collector was not there ---
sleep 2
site_start
wait_for 'records g1 | grep -q kind=down'
down=$(records g1 | grep kind=down)
like 'that it was not there is told' "$down" \
    'kind=down stream=- listener=- count=- bytes=- from=[0-9]+ until=[0-9]+$'
from=$(echo "$down" | sed 's/.* from=\([0-9]*\) .*/\1/')
until=$(echo "$down" | sed 's/.* until=\([0-9]*\).*/\1/')
ok 'how long' [ $((until - from)) -ge 2000000 ]
ok 'and no longer' [ $((until - from)) -le 60000000 ]
is 'not of the casebook, which receives nothing' "$(records g1 casebook | grep -c down)" 0
site_kill
site_start
wait_for '[ "$(records g1 | grep -c kind=down)" = 2 ]'
is 'after a kill as well' "$(records g1 | grep -c kind=down)" 2
kill -KILL "$(pid_of writer)"
wait_for '[ "$(records b1 | wc -l)" = 4 ]'
is 'a writer that is made again was not away: the receiver went on' \
    "$(records b1 | wc -l) $(records g1 | grep -c kind=down)" '4 2'
site_stop
verified
is 'in each seal what was received is what was taken, dropped or on its way' \
    "$(records s1 | sed -n 's/.* received=\([0-9]*\) accepted=\([0-9]*\) .* queue-dropped=\([0-9]*\) .*/\1 \2 \3/p' |
	awk '{ n++ } $1 < $2 + $3 { print } END { if (n < 5) print "few seals" }')" ''

# --- clock and disk, by the real writer with a clock and a disk of ours ---
"$builddir/tests/system/clock" "$T/lost" lost || exit 99
konseki show "$T/lost" >"$T/all"
is 'a clock that ceases to be synchronised, and is again, is told' \
    "$(sed -n 's/.*kind=clock-state.* ntp=\(.*\)/\1/p' "$T/all" | tr '\n' ' ')" 'no yes '
ok 'and that log is whole' konseki-verify --pin "$T/lost/log" "$T/lost"
"$builddir/tests/system/clock" "$T/error" error || exit 99
konseki show "$T/error" >"$T/all"
like 'a disk that gives errors is told' "$(cat "$T/all")" \
    'kind=write-error stream=- listener=- .* from=[0-9]+ until=[0-9]+'
is 'nothing is lost by it' "$(grep -cE '<13>(one|two|three|four|five|six)$' "$T/all")" 6
"$builddir/tests/system/clock" "$T/late" late || exit 99
konseki show "$T/late" >"$T/all"
like 'records that waited to be written are announced' "$(cat "$T/all")" \
    'kind=late stream=- listener=- .* from=[0-9]+ until=[0-9]+'
ok 'and accepted' konseki-verify --pin "$T/late/log" "$T/late"

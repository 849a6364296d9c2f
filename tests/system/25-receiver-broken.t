#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A receiver was taken over: what it hands to the writer breaks the rules. It
# and the ring between them are made anew, what lay in the ring is given up,
# and the log says how much that was at most. Records go on.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
[ "$(id -u)" = 0 ] || skip_all 'only root can write into a process'
command -v python3 >/dev/null || skip_all 'no python3'
plan 11

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
cat >"$T/send.py" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(int(sys.argv[2])):
    s.sendto(b'<13>message %d' % i, ('127.0.0.1', int(sys.argv[1])))
END
# ring WHAT: "head" prints how much was put into the ring; "spoil" writes over
# all that lies in it and was not taken.
cat >"$T/ring.py" <<'END'
import struct, sys
pid, what = int(sys.argv[1]), sys.argv[2]
maps = [l.split() for l in open('/proc/%d/maps' % pid) if 'konseki-ring' in l]
def at(offset):
    return int(next(m[0] for m in maps if int(m[2], 16) == offset)
               .split('-')[0], 16)
with open('/proc/%d/mem' % pid, 'r+b', buffering=0) as mem:
    def number(place):
        mem.seek(place)
        return struct.unpack('Q', mem.read(8))[0]
    head, tail = number(at(0)), number(at(0) + 64)
    if what == 'head':
        print(head)
    else:
        mem.seek(at(65536) + tail)
        mem.write(b'\xff' * (head - tail))
        print(head - tail)
END
site_start
python3 "$T/send.py" "$(port udp)" 10
wait_received udp 10
writer=$(pid_of writer) receiver=$(pid_of receiver)
kill -STOP "$writer"
head=$(python3 "$T/ring.py" "$receiver" head)
ok 'the ring can be seen' [ "$head" -gt 0 ]
python3 "$T/send.py" "$(port udp)" 20
wait_for "[ \$(python3 '$T/ring.py' $receiver head) -ge $((head + 20 * 40)) ]"
left=$(python3 "$T/ring.py" "$receiver" spoil)
ok 'twenty messages wait in it' [ "$left" -ge 800 ]
kill -CONT "$writer"
wait_for '[ "$(pid_of receiver)" != "$receiver" ] &&
    [ "$(pid_of writer)" != "$writer" ] && [ -n "$(pid_of receiver)" ]'
tap $? 'both processes are made anew'
like 'loudly' "$(cat "$T/collector.err")" \
    'ALARM: the receiver is not trusted any more'
like 'with what it held' "$(cat "$T/collector.err")" \
    'ALARM: up to [0-9]+ bytes that the receiver held are lost'
wait_for 'records g1 | grep -q kind=receiver-broken'
told=$(records g1 | sed -n 's/.*kind=receiver-broken stream=- listener=- count=- bytes=\([0-9]*\) from=[0-9]* until=[0-9]*$/\1/p')
ok 'the log says how much, at most' [ "${told:-0}" -ge "$left" ]
is 'once' "$(records g1 | grep -c kind=receiver-broken)" 1
python3 "$T/send.py" "$(port udp)" 10
wait_received udp 20
is 'records go on' "$(received udp)" 20
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Each process is killed while a client sends without a pause. Whichever it is,
# the collector says so, goes on, and the log proves to be whole: what was
# sealed before is there, the connection that only the writer's death touched
# is still open, what was lost is recorded, and the sums in the seals go on:
# nothing is counted twice or forgotten. So it is when all of them are killed at
# once and the collector starts again.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 25

site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0, allow: [192.0.2.1]}
watch:
  - {name: file, path: watched.log}
END
site_start
# Sends lines that count up until it is ended or its connection breaks; then it
# connects again and goes on.
cat >"$T/client.py" <<'END'
import socket, sys, time
n, connections, path = 0, 0, sys.argv[1]
while True:
    try:
        port = [int(l.split()[3]) for l in open(path) if l.startswith('tcp ')]
        s = socket.create_connection(('127.0.0.1', port[0]))
        connections += 1
        while True:
            s.sendall(b''.join(b'<13>%d-%d of many\n' % (connections, n + i)
                               for i in range(100)))
            n += 100
            time.sleep(0.002)
    except (OSError, IndexError):
        time.sleep(0.05)
END
start client python3 "$T/client.py" "$S/run/listeners"
client=$pid
wait_received tcp 1000
python3 - "$(port udp)" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(7):
    s.sendto(b'<13>stranger', ('127.0.0.1', int(sys.argv[1])))
END
wait_for 'records s1 | tail -n 1 | grep -q " refused=7 "'

# killed NAME: kill that process; it comes back, and records go on.
killed() {
	before=$(received tcp)
	old=$(pid_of "$1")
	kill -KILL "$old"
	wait_for "[ \"\$(pid_of $1)\" != $old ] && [ -n \"\$(pid_of $1)\" ]"
	tap $? "the $1 is made again"
	wait_received tcp $((before + 1000))
	tap $? 'and records go on'
}
killed receiver
wait_for 'records g1 | grep -q kind=receiver-lost'
tap $? 'and what died with it is recorded'
like 'its streams ended' "$(records d1)" 'end stream=.* why=receiver-restart'
wait_for '[ "$(konseki show --site "$S" --source tcp --messages |
    tail -n 1 | cut -d - -f 1)" != "<13>1" ]'
connection=$(messages tcp | tail -n 1 | cut -d - -f 1)
killed writer
like 'loudly' "$(cat "$T/collector.err")" \
    'ALARM: the writer was ended by signal 9'
is 'the connection is the one from before' \
    "$(messages tcp | tail -n 1 | cut -d - -f 1)" "$connection"
wait_for 'records g1 | grep -q kind=writer-lost'
tap $? 'what died with the writer is recorded'
killed signer
killed tailer
killed anchor
# sums: received, accepted, refused of each seal.
sums() {
	records s1 | sed -n 's/.* received=\([0-9]*\) accepted=\([0-9]*\) .* refused=\([0-9]*\) .*/\1 \2 \3/p'
}
is 'what was refused is counted once, and not forgotten' \
    "$(sums | tail -n 1 | cut -d ' ' -f 3)" 7
is 'no sum of a seal is less than in the one before' \
    "$(sums | awk '$1 < r || $2 < a || $3 < d { print } { r = $1; a = $2; d = $3 }')" ''

# All at once, the parent too.
size=$(sed -n 2p "$S/evidence/checkpoint")
# shellcheck disable=SC2046 # a list of numbers
kill -KILL "$collector" $(awk '{ print $2 }' "$S/run/processes")
wait "$collector" 2>/dev/null
ok 'after a kill of all the checkpoint stands' \
    [ "$(sed -n 2p "$S/evidence/checkpoint")" -ge "$size" ]
wait_for 'flock -n "$S/evidence/lock" true'
site_start
before=$(received tcp)
wait_received tcp $((before + 1000))
tap $? 'the collector starts again, and records go on'
stop "$client"
site_stop
# Within a connection nothing is out of order and nothing there twice.
messages tcp | awk -F '[- ]' '
    { if (($1 in last) && $2 <= last[$1]) bad++; last[$1] = $2 }
    END { exit bad > 0 }'
tap $? 'no message is there twice or out of order'
verified

# Killed over and over it gives up, and says so.
site_start
i=0
while [ $i -lt 6 ] && running "$collector"; do
	i=$((i + 1))
	old=$(pid_of receiver)
	kill -KILL "$old" 2>/dev/null
	wait_for "[ \"\$(pid_of receiver)\" != \"$old\" ] ||
	    ! running $collector"
done
wait_for '! running "$collector"'
stop "$collector"
is 'after six deaths in a minute it ends with an error' "$status" 1
like 'and says why' "$(cat "$T/collector.err")" 'ALARM: 6 processes ended'

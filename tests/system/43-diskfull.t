#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The evidence's disk runs full while a device sends. The collector says so,
# seals what it has taken in its reserve, records that the disk is full while it
# still is, and holds the sender back. Once there is room for the reserve it
# goes on: what the device sent is all there, what was sealed before still is,
# and a second time is as the first. Stopped while the disk is full it ends
# soon, seals, and says how much it did not take; so it can start; and killed it
# loses nothing that was sealed. The keys lie on the same disk.
. "${srcdir:-.}/tests/system/disk.sh"
disk_make 240m
plan 36

E=$S/$site_evidence
site_reserve=16
site_make <<'END'
keys: disk/keys
listeners:
  - {name: one, transport: tcp, address: 127.0.0.1, port: 0, backpressure: stall}
  - {name: two, transport: tcp, address: 127.0.0.1, port: 0, backpressure: stall}
  - {name: four, transport: tcp, address: 127.0.0.1, port: 0, backpressure: stall}
  - {name: three, transport: tcp, address: 127.0.0.1, port: 0, backpressure: stall}
  - {name: many, transport: tcp, address: 127.0.0.1, port: 0, backpressure: stall}
END

# lines NAME N: a file of so many that hardly compress, 400 bytes each.
lines() {
	head -c $(($2 * 291)) /dev/urandom | base64 -w 388 |
	    awk '{ printf "<134>%06d %s\n", NR, $0 }' >"$T/$1"
}
# send NAME: its lines to the listener of that name; ends when all are taken.
send() {
	start "send-$1" python3 "$srcdir/tests/system/peer.py" "$(port "$1")" \
	    "file:$T/$1" end
	sender=$pid
}
alarms() {
	grep -c 'ALARM.*disk is full' "$T/collector.err"
}
# gaps WORDS: how many of the log's own gaps of that kind are sealed.
gaps() {
	records g1 | grep -c " kind=disk-full .* $1"
}
# covered NAME: the checkpoint saved under that name still stands.
covered() {
	ok "$2" konseki-verify --pin "$E/log" --anchor "$T/$1" "$E"
}
# prefix NAME: what there is of it is the beginning of what was sent.
prefix() {
	raw "$1" >"$T/got"
	[ -s "$T/got" ] && cmp -n "$(wc -c <"$T/got")" "$T/got" "$T/$1"
}

# --- full, and room again ---
n=80000
lines one $n
# Many connections, so that the record that finds no room is the first of its
# stream.
cat >"$T/many.py" <<'END'
import socket, sys
with open(sys.argv[2], 'rb') as f:
    lines = f.read().splitlines(keepends=True)
for i in range(0, len(lines), 400):
    with socket.create_connection(('127.0.0.1', int(sys.argv[1]))) as s:
        s.sendall(b''.join(lines[i:i + 400]))
END
site_start
disk_fill 6000000
cp "$S/run/processes" "$T/processes"
start many python3 "$T/many.py" "$(port many)" "$T/one"
many=$pid
wait_for '[ "$(alarms)" -ge 1 ]' 60
send one
is 'a full disk is an alarm' "$(alarms)" 1
wait_for '[ "$(gaps reserve=used)" -ge 1 ]'
is 'that it is full is sealed while it still is' "$(gaps reserve=used)" 1
cp "$E/checkpoint" "$T/during"
wait_for '! cmp -s "$E/checkpoint" "$T/during"'
tap $? 'and sealing goes on'
same 'no process ends' "$S/run/processes" "$T/processes"
ok 'the sender waits' running "$sender"
disk_free
wait_for '! running $sender && ! running $many' 60
wait_received one $n 60
wait_received many $n 60
raw one >"$T/got"
same 'once there is room all that was sent is there' "$T/got" "$T/one"
messages many | sort >"$T/got"
same 'so is what many others sent' "$T/got" "$T/one"
like 'the log says until when nothing was taken' "$(records g1)" \
    ' kind=disk-full stream=- listener=- count=.* from=[0-9]* until=[0-9]* reserve=whole'
like 'and the end of it is told' "$(cat "$T/collector.err")" \
    'sealed again'
covered during 'what was sealed while it was full is still covered'
same 'still no process has ended' "$S/run/processes" "$T/processes"

# --- full once more ---
lines four $n
disk_fill 6000000
send four
wait_for '[ "$(gaps reserve=used)" -ge 2 ]' 60
is 'a disk that is full again is sealed in the same way' \
    "$(gaps reserve=used)" 2
ok 'the sender waits again' running "$sender"
disk_free
wait_received four $n 60
raw four >"$T/got"
same 'and all that was sent is there again' "$T/got" "$T/four"
wait_for '[ "$(gaps reserve=whole)" -ge 2 ]'
tap $? 'the reserve is whole each time'

# --- stopped while it is full ---
site_stop
verified
lines two $n
disk_fill 6000000
site_start
send two
wait_for '[ "$(alarms)" -ge 1 ]' 60
cp "$E/checkpoint" "$T/stopped"
began=$(date +%s)
site_stop
took=$(($(date +%s) - began))
ok "a stop while it is full ends soon ($took s)" [ "$took" -le 15 ]
verified
covered stopped 'what was sealed when it was stopped is still there'
like 'what was not taken is said' "$(cat "$T/collector.err")" \
    "log 'evidence': ALARM: stopped .*: [0-9]* records .* not taken"
not_taken=$(sed -n 's/.*written: \([0-9]*\) records .* not taken/\1/p' \
    "$T/collector.err")
like 'and recorded' "$(records g1)" " kind=queue-drop .* count=$not_taken "
site_start
ok 'it starts while it is full' running "$collector"
like 'and says that its reserve is not whole' "$(cat "$T/collector.err")" \
    'the reserve of 16 MiB for a full disk is not whole'
kill -TERM "$collector"
wait_for 'grep -q stopping: "$T/collector.err"'
disk_free
wait_for '! running $collector' 60
site_stop
verified
[ "$(received two)" -gt 0 ]
ok 'and nothing is there that was not sent' prefix two
site_start

# --- killed while it is full ---
lines three $n
disk_fill 6000000
send three
wait_for '[ "$(alarms)" -ge 1 ]' 60
cp "$E/checkpoint" "$T/killed"
site_kill
disk_free
site_start
covered killed 'what was sealed when it was killed is still there'
ok 'and nothing is there that was not sent' prefix three
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The evidence's disk runs full while a device sends: the collector says so,
# stays, and holds the sender back. Once there is room it goes on: what the
# device sent is all there, what was sealed before still is, and the log says
# itself that its disk was full. Nor is anything sealed lost when it is stopped
# or killed while the disk is full.
if [ "$(id -u)" = 0 ] && [ -z "${KONSEKI_UNSHARED:-}" ] &&
    unshare --mount true 2>/dev/null; then
	KONSEKI_UNSHARED=yes exec unshare --mount sh "$0"
fi
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
[ -n "${KONSEKI_UNSHARED:-}" ] ||
    skip_all 'a small file system of its own needs root and name spaces'
plan 23

disk=$S/disk
mkdir -p "$disk"
mount -t tmpfs -o size=160m,mode=755 none "$disk" ||
    skip_all 'cannot mount a tmpfs'
trap 'umount -l "$disk"; cleanup' EXIT
site_evidence=disk/evidence
E=$S/$site_evidence
site_make <<'END'
listeners:
  - {name: one, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: two, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: three, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: many, transport: tcp, address: 127.0.0.1, port: 0}
END

# lines NAME N: a file of so many that hardly compress, 400 bytes each.
lines() {
	head -c $(($2 * 291)) /dev/urandom | base64 -w 388 |
	    awk '{ printf "<134>%06d %s\n", NR, $0 }' >"$T/$1"
}
# fill: leave the disk 6 MB. free: give the rest back.
fill() {
	disk_free=$(df --output=avail -B 1 "$disk" | tail -n 1)
	head -c $((disk_free - 6000000)) /dev/zero >"$disk/ballast"
}
free() {
	rm "$disk/ballast"
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
fill
site_start
cp "$S/run/processes" "$T/processes"
start many python3 "$T/many.py" "$(port many)" "$T/one"
# shellcheck disable=SC2034 # a condition reads it
many=$pid
wait_for '[ "$(alarms)" -ge 1 ]' 60
send one
is 'a full disk is an alarm' "$(alarms)" 1
cp "$E/checkpoint" "$T/during"
same 'no process ends' "$S/run/processes" "$T/processes"
ok 'the sender waits' running "$sender"
free
wait_for '! running $sender && ! running $many' 60
wait_received one $n 60
wait_received many $n 60
raw one >"$T/got"
same 'once there is room all that was sent is there' "$T/got" "$T/one"
messages many | sort >"$T/got"
same 'so is what many others sent' "$T/got" "$T/one"
like 'the log says that its disk was full' "$(records g1)" \
    ' kind=disk-full stream=- listener=- count=.* from=[0-9]* until=[0-9]*'
like 'and the end of it is told' "$(cat "$T/collector.err")" \
    'sealed again'
covered during 'what was sealed while it was full is still covered'
same 'still no process has ended' "$S/run/processes" "$T/processes"

# --- stopped while it is full ---
site_stop
verified
lines two $n
fill
site_start
send two
wait_for '[ "$(alarms)" -ge 1 ]' 60
cp "$E/checkpoint" "$T/stopped"
kill -TERM "$collector"
wait_for 'grep -q stopping: "$T/collector.err"'
free
wait_for '! running $collector' 60
site_stop
like 'room that comes while it stops is used' "$(cat "$T/collector.err")" \
    'sealed again'
verified
site_start
covered stopped 'what was sealed when it was stopped is still there'
wait_for '[ "$(received two)" -gt 0 ]'
ok 'and nothing is there that was not sent' prefix two

# --- killed while it is full ---
lines three $n
fill
send three
wait_for '[ "$(alarms)" -ge 1 ]' 60
cp "$E/checkpoint" "$T/killed"
site_kill
free
site_start
covered killed 'what was sealed when it was killed is still there'
ok 'and nothing is there that was not sent' prefix three
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A file of this machine is followed: what is in it at first, what is added, by
# halves of lines too; through a rotation, after which the old file may still
# grow; after it was cut short; and over a stop of the collector, in which it
# grew. No line is missing, none is there twice.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 16

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
watch:
  - {name: server, path: server.log}
  - {name: later, path: later.log}
END
[ "$(id -u)" != 0 ] || chmod 755 "$S"
log=$S/server.log
printf 'one\ntwo\n' >"$log"
printf 'one\ntwo\n' >"$T/all"

# kept NAME: its bytes are those of $T/all, at last.
kept() {
	wait_for 'raw server >"$T/kept" && cmp -s "$T/kept" "$T/all"'
	same "$1" "$T/kept" "$T/all"
}
# add TEXT [FILE]
add() {
	printf '%b' "$1" >>"${2:-$log}"
	printf '%b' "$1" >>"$T/all"
}
site_start
kept 'what is there at first'
add 'three\r\nfour \000 with a NUL\n'
kept 'what is added'
add 'half a '
printf 'later\n' >"$S/later.log"
wait_for '[ "$(received later)" = 1 ]'
tap $? 'a file that is not there yet is waited for'
is 'half a line waits for its end' "$(messages server | tail -n 1 | tr -d '\0')" \
    'four  with a NUL'
add 'line\n'
kept 'and is a line then'

mv "$log" "$log.1"
add 'five, into the old file\n' "$log.1"
add 'six\n'
kept 'after a rotation: the rest of the old file, then the new one'
wait_for 'records d1 | grep -q "end .* why=rotated"'
tap $? 'the old stream has ended'
like 'a stream is a file' "$(records d1)" \
    "listener=server transport=file framing=lf replay=no file=.*/server.log"

stop "$collector"
add 'seven, while nobody looks\n'
site_start
kept 'after a stop: from where it was'
add 'eight\n'
kept 'and on'

# A line that comes alone is taken at once: its time is when it was read.
written=$(date +%s)
add 'alone\n'
kept 'a line that comes alone'
taken=$(konseki show --site "$S" --source server | tail -n 1 | awk '{ print $2 }')
ok "is taken at once ($taken)" [ \
    $(($(date -d "$taken" +%s) - written)) -le 2 ]

: >"$log"
wait_for 'records d1 | grep -q "end .* why=truncated"'
tap $? 'a file that was cut short ends its stream'
add 'nine\n'
kept 'and is read from its start'
site_stop

is 'each file that was open has one stream at a time' \
    "$(records d1 | grep -c 'listener=server')" 4

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A receiving process that ends by itself is in the evidence, whatever it had:
# nothing at all, lines on connections of which nobody knows yet how messages
# are told apart, a frame that is not whole. How much it held at most is known,
# and since when it was not seen to be well. So it is if no other follows,
# because the collector is stopped before.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 19

site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: relp, transport: relp, address: 127.0.0.1, port: 0}
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start
# lost: the g1 of receivers; lost_word N KEY: of the N-th.
lost() {
	records g1 | grep kind=receiver-lost
}
lost_word() {
	lost | sed -n "$1s/.* $2=\([^ ]*\).*/\1/p"
}
# killed: the receiver is killed; when, in usec, and when there is another.
killed() {
	old=$(pid_of receiver)
	at=$(date +%s%6N)
	kill -KILL "$old"
	wait_for '[ "$(pid_of receiver)" != "$old" ] && [ -n "$(pid_of receiver)" ]'
	then=$(date +%s%6N)
}

# unread LISTENER: whether a connection of it has bytes that were not read yet.
unread() {
	awk -v port=":$(printf %04X "$(port "$1")")" '
	    index($2, port) && $4 == "01" && $5 !~ /:00000000$/ { n++ }
	    END { exit n == 0 }' /proc/net/tcp
}

# --- it had nothing ---
killed
wait_for '[ "$(lost | wc -l)" = 1 ]'
tap $? 'the end of one that had nothing is recorded'
is 'no stream was open' "$(lost_word 1 count)" 0
is 'nothing was held' "$(lost_word 1 bytes)" 0
ok 'it had been well a moment before' \
    [ $((at - $(lost_word 1 from))) -lt 2500000 -a "$(lost_word 1 from)" -le "$at" ]
ok 'and the next began then' \
    [ "$(lost_word 1 until)" -ge "$at" -a "$(lost_word 1 until)" -le $((then + 5000000)) ]
is 'the log that it does not feed says nothing' \
    "$(records g1 casebook | grep -c receiver-lost)" 0

# --- it had what has no end, on connections without a stream ---
clients=
for i in 1 2 3 4 5; do
	start "held$i" python3 "$srcdir/tests/system/peer.py" "$(port tcp)" \
	    byte:2000 hold
	clients="$clients $pid"
done
start relp python3 "$srcdir/tests/system/peer.py" "$(port relp)" \
    'text:1 open 30 relp_version=0\ncommands=syslog\n2 syslog 100 half' hold
clients="$clients $pid"
start stream python3 "$srcdir/tests/system/peer.py" "$(port tcp)" \
    'text:<13>whole\n<13>half' hold
clients="$clients $pid"
for i in held1 held2 held3 held4 held5 relp stream; do
	wait_for "grep -q held $T/$i.out"
done
wait_received tcp 1
tap $? 'a whole line is kept'
wait_for '! unread tcp'
killed
wait_for '[ "$(lost | wc -l)" = 2 ]'
tap $? 'the end of one that had something is recorded'
is 'one stream was open' "$(lost_word 2 count)" 1
is 'what was held is known' "$(lost_word 2 bytes)" \
    $((5 * 2000 + $(printf '2 syslog 100 half<13>half' | wc -c)))
ok 'from when to when' [ "$(lost_word 2 from)" -lt "$(lost_word 2 until)" ]
like 'and it is said' "$(cat "$T/collector.err")" \
    'ALARM: up to [0-9]* bytes that the receiver held are lost'
for pid in $clients; do
	stop "$pid"
done

# --- none follows ---
start last python3 "$srcdir/tests/system/peer.py" "$(port tcp)" byte:3000 hold
wait_for "grep -q held $T/last.out"
wait_for '! unread tcp'
old=$(pid_of receiver)
last=$pid
kill -STOP "$old" # it does not hear that it is to end
kill -TERM "$collector"
wait_for 'grep -q "stopping: the rest is sealed" "$T/collector.err"'
kill -KILL "$old"
stop "$collector"
stop "$last"
is 'of one that no other follows, too' "$(lost | wc -l)" 3
is 'what it held is known' "$(lost_word 3 bytes)" 3000
ok 'and when it had been well' \
    [ "$(lost_word 3 from)" -lt "$(lost_word 3 until)" ]

# --- it ends as it should ---
site_start
site_stop
is 'one that ends as it should is none' "$(lost | wc -l)" 3
verified

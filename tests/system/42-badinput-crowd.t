#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Whoever may connect may do so very often, very slowly, or without listening.
# Ten thousand connections with half a message each need little memory and lose
# nothing; whoever connects and says nothing is no stream; senders of a byte at
# a time do not hinder others, and who begins TLS and does not go on is
# sent away after twenty seconds, which is recorded. No process ends, and at the
# end what was under way is kept.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
n=10000
# shellcheck disable=SC3045 # every sh here knows ulimit -H
most=$(ulimit -Hn)
[ "$most" = unlimited ] || [ "$most" -ge $((n + 300)) ] ||
    skip_all "only $most descriptors"
# shellcheck disable=SC3045
ulimit -n "$most"
plan 20

certificates
site_make <<'END'
listeners:
  - {name: many, transport: tcp, address: 127.0.0.1, port: 0, max_connections: 11000, max_per_source: 11000}
  - {name: scanned, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: slow, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
  - {name: mute, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
END
site_start
cp "$S/run/processes" "$T/processes"
# crowd NAME WHAT LISTENER [ARG...]: in the background.
crowd() {
	crowd_name=$1 crowd_what=$2 crowd_to=$(port "$3")
	shift 3
	start "$crowd_name" python3 "$srcdir/tests/system/crowd.py" \
	    "$crowd_what" "$crowd_to" "$@"
}
# honest LISTENER: one line from somebody else arrives at once.
honest() {
	python3 "$srcdir/tests/system/peer.py" "$(port "$1")" \
	    'text:<13>honest\n' end
	wait_for "messages $1 2>/dev/null | grep -q '^<13>honest\$'" 10
}

# --- who begins TLS and does not go on ---
crowd deaf deaf tls
crowd trickle trickle tls

# --- ten thousand ---
mkfifo "$T/go"
exec 3<>"$T/go"
many_to=$(port many)
python3 "$srcdir/tests/system/crowd.py" many "$many_to" $n <"$T/go" \
    >"$T/many.out" 2>&1 &
many=$!
wait_for 'grep -q held "$T/many.out"' 60
ok 'ten thousand are connected' grep -q held "$T/many.out"
honest many
tap $? 'one more is served at once'
memory 'they need little memory' 200
echo >&3
wait "$many"
wait_received many $((n + 1)) 60
is 'the half message of each became whole' "$(messages many |
    grep -c '^<13>[0-9]* of many$')" $n
is 'none is there twice' "$(messages many | sort -u | wc -l)" $((n + 1))
is 'none was turned away' "$(records g1 | grep -c connection-limit)" 0

# --- scans ---
python3 "$srcdir/tests/system/crowd.py" scan "$(port scanned)" 200
honest scanned
tap $? 'after four hundred probes the next sender is served'
is 'who sent nothing has no stream' "$(records d1 |
    grep -c 'listener=scanned')" 1

# --- a byte at a time ---
crowd drip drip slow 50
drip=$pid
wait_for 'grep -q held "$T/drip.out"'
honest slow
tap $? 'fifty slow ones hinder nobody'

# --- who never reads ---
python3 "$srcdir/tests/system/crowd.py" mute "$(port mute)" "$T/ca.pem"
wait_received mute 20000
is 'a sender over TLS that never reads is read to its end' \
    "$(received mute)" 20000
wait_for 'grep -q . "$T/deaf.out"' 40
is 'who answers nothing to TLS is sent away' "$(cat "$T/deaf.out")" gone
wait_for 'grep -q . "$T/trickle.out"' 40
is 'so is who takes too long over it' "$(cat "$T/trickle.out")" gone
# late: how many took too long; each may be told in a second of its own.
late() {
	records g1 |
	    sed -n 's/.*kind=tls-handshake .*listener=tls count=\([0-9]*\) .*why=tls-timeout .*/\1/p' |
	    awk '{ n += $1 } END { print n + 0 }'
}
wait_for '[ "$(late)" = 2 ]'
is 'which is recorded' "$(late)" 2

# --- all the while, and the end ---
same 'no process has ended' "$S/run/processes" "$T/processes"
is 'nobody was alarmed' "$(grep -c ALARM "$T/collector.err")" 0
site_stop
stop "$drip"
is 'what the slow ones had sent is kept' "$(messages slow |
    grep -c '^zz*$')" 50
like 'as half messages' "$(konseki show --site "$S" --source slow)" '\(partial\)'
verified

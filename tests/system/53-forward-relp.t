#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A ward's collector forwards by RELP over TLS to one that answers only what is
# on its disk and sealed. The second is killed in the middle of 60,000 records:
# everything that it answered is in its log. Then it comes back, and in the end
# it has the first's whole log, and little came twice.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/forward.sh"
plan 10

relp=$(free_port)
at "$SECOND"
certificates
both_make "transport: relp-tls, port: $relp, certificate: tls/cert.pem, key: tls/key.pem" <<END
  - {name: second, url: "relp+tls://127.0.0.1:$relp", ca: $T/ca.pem, server_name: collector.test}
END
both_start SECOND
both_start FIRST

n=60000
batch 1 $n >"$T/in.log"
send in "$T/in.log" &
sending=$!
wait_for '[ "$(sed -n 2p "$SECOND/evidence/checkpoint")" -gt 1000 ]'
both_kill SECOND
wait $sending
at "$FIRST"
wait_received in $n 60
is 'the first receives all while the second is dead' "$(received in)" $n
wait_for '[ "$(place second state)" = away ]'
stop "$first_pid"
is 'SIGTERM ends the first with 0' "$status" 0
next=$(place second next)
ok 'some was answered, not all' \
    [ "$(($(sed -n 2p "$S/evidence/checkpoint") > next && next > 0))" = 1 ]
diag "$next were answered"

both_start SECOND
wait_for "arrived | grep -q 'records 0 to'"
last=$(arrived | sed -n 's/^.* records 0 to \([0-9]*\): .*/\1/p')
like 'nothing that was answered is missing' "$(arrived)" \
    '^test.example/evidence: records 0 to .* arrived, 0 missing, '
ok 'to the last' [ "$last" -ge $((next - 1)) ]
both_start FIRST
wait_for all_arrived 60
like 'in the end nothing is missing' "$(cat "$T/arrived")" \
    ': [0-9]* arrived, 0 missing, '
again=$(sed -n 's/.* missing, \([0-9]*\) came again/\1/p' "$T/arrived")
ok 'and only what was under way came again' [ "$again" -le 16384 ]
diag "$again came again"
like 'status says so' "$(konseki status --site "$FIRST")" \
    '^forward second .* connected since '
both_stop

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Records are sent on over plain TCP, octet-counted, to a second collector that
# answers nothing. It is warned of. The second is killed with unread bytes in
# its kernel, and comes back: some records come twice, none is missing, and in
# the end the first knows that all were read. Without TLS its keys are refused.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/forward.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 12

tcp=$(free_port)
both_make "transport: tcp, port: $tcp, backpressure: stall" <<END
  - {name: second, url: "syslog+tcp://127.0.0.1:$tcp"}
END
check=$(konseki-collector --check-config --site "$S" 2>&1)
is 'the configuration is fine' "$?" 0
like 'and warned of' "$check" \
    "konseki.yml:[0-9]*: forward 'second': syslog\+tcp: .* can be read and changed"
cp "$S/konseki.yml" "$T/good.yml"
sed 's/"}$/", ca: ca.pem}/' "$T/good.yml" >"$S/konseki.yml"
like 'an authority means nothing there' \
    "$(konseki-collector --check-config --site "$S" 2>&1)" \
    "'ca' means nothing without TLS"
cp "$T/good.yml" "$S/konseki.yml"

both_start SECOND
both_start FIRST
like 'each start warns' "$(cat "$T/FIRST.err")" "forward 'second': syslog\+tcp: "
n=5000
batch 1 $n >"$T/in.log"
send in "$T/in.log"
wait_received in $n 60
wait_for all_arrived 60
like 'every record arrives once' "$(cat "$T/arrived")" \
    '^test.example/evidence: records 0 to [0-9]*: [0-9]* arrived, 0 missing, 0 came again$'
is 'octet-counted' "$(konseki show --site "$SECOND" |
    grep -c ' d1 .*listener=wards .* framing=octet')" 1
wait_for '[ "$(place second sent)" -ge $n ]' 60
tap $? 'when the second has ended the connection, too, they count'

more=60000 # more than the buffers between the two hold
batch $((n + 1)) $((n + more)) >"$T/more.log"
at "$SECOND"
kill -STOP "$(pid_of receiver)"
at "$FIRST"
send in "$T/more.log"
n=$((n + more))
wait_received in $n 60
both_kill SECOND
both_start SECOND
wait_for all_arrived 90
like 'a second that was killed misses nothing' "$(cat "$T/arrived")" \
    ': [0-9]* arrived, 0 missing, '
at "$FIRST"
wait_for '[ "$(place second state)" = up ]' 30
like 'status says that it is connected' "$(konseki status --site "$S")" \
    '^forward second .* connected since '
both_stop
ok 'konseki-verify finds the second intact' konseki-verify "$SECOND/evidence"

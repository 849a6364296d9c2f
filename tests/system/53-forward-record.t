#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A ward's collector sends everything that it has sealed to the hospital's second
# one over TLS (RFC 5425). What the second received is, record for record, the
# first's log: it gives the root that the first signed, and a single message
# proves itself. The second is killed in the middle, then the forwarder, then the
# whole first collector: some records come twice, none is missing.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/forward.sh"
plan 24

tls=$(free_port)
at "$SECOND"
certificates
both_make "transport: tls, port: $tls, certificate: tls/cert.pem, key: tls/key.pem" <<END
  - {name: second, url: "syslog+tls://127.0.0.1:$tls", ca: $T/ca.pem, server_name: collector.test}
END
both_start SECOND
both_start FIRST

n=20000
batch 1 $n >"$T/in.log"
send in "$T/in.log"
python3 - "$(port udp)" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for body in (b'', b'\n', b'\0\0', b'7 <1>abc', b'x\r\n\r\n\0', b'<13>a\nb\0c'):
    s.sendto(body, ('127.0.0.1', int(sys.argv[1])))
END
wait_received in $n 60
wait_for all_arrived 60
is 'every record arrives, system records included' "$(grep -c 'as in' "$T/arrived")" 1
like 'once each while nothing breaks' "$(cat "$T/arrived")" \
    '^test.example/evidence: records 0 to [0-9]*: [0-9]* arrived, 0 missing, 0 came again$'
at "$SECOND"
records g1 >"$T/gaps"
is 'and the second has no gap' "$(cat "$T/gaps")" ''

# The second alone, a checkpoint and the first's description from outside.
cp "$FIRST/evidence/checkpoint" "$FIRST/evidence/log" "$T"
size=$(sed -n 2p "$T/checkpoint")
wait_for 'arrived --checkpoint "$T/checkpoint" --pin "$T/log" | grep -q proved'
like 'what arrived gives the root that the first signed' \
    "$(arrived --checkpoint "$T/checkpoint" --pin "$T/log")" \
    "checkpoint $size: proved: the first $size records arrived"
ok "another log's description does not" ! \
    konseki forwarded --checkpoint "$T/checkpoint" --pin "$SECOND/evidence/log" \
    "$SECOND/evidence"

# A checkpoint that nothing here is of, and a log that it is not of.
status=0
konseki forwarded --checkpoint "$FIRST/casebook/checkpoint" \
    --pin "$FIRST/casebook/log" "$SECOND/evidence" >"$T/out" 2>"$T/err" ||
    status=$?
is 'a checkpoint of a log of which nothing arrived: could not check' $status 3
like 'and it is said' "$(cat "$T/err")" \
    "nothing arrived from 'test.example/casebook'"
status=0
arrived --origin test.example/casebook --checkpoint "$T/checkpoint" \
    --pin "$T/log" >"$T/out" 2>"$T/err" || status=$?
is 'a checkpoint that is not of the log that was named: likewise' $status 3
like 'which is said' "$(cat "$T/err")" \
    "a checkpoint of 'test.example/evidence', not of the log that --origin"

# One message, as a person takes it out of the second's log.
at "$SECOND"
konseki show --site "$S" --source wards >"$T/list"
at_second=$(grep -a ' e1 .*index="5000" ' "$T/list" | cut -d' ' -f1)
konseki show --site "$S" --messages --from "$at_second" --to "$at_second" \
    >"$T/message"
konseki forwarded --message "$T/message" >"$T/place"
konseki forwarded --message "$T/message" --raw >"$T/record"
konseki show --site "$FIRST" --raw --from 5000 --to 5000 >"$T/original"
same 'a message gives the bytes that the first received' "$T/record" \
    "$T/original"
konseki prove --site "$FIRST" --index 5000 --output "$T/proof" \
    >"$T/prove.out" 2>&1
like 'which the first proves' \
    "$(konseki --lang en prove --check "$T/proof" \
    --pin "$FIRST/evidence/log" --record "$T/record" \
    --nonce "$(sed -n 's/^nonce //p' "$T/place")" 2>&1)" \
    "^its content is $T/record$"
leaf=$(konseki show --site "$FIRST" --leaves --from 5000 --to 5000 |
    grep -aoE '[0-9a-f]{64}' | head -n 1)
is 'with the same leaf' "$(sed -n 's/^leaf //p' "$T/place")" "$leaf"

# The second dies in the middle, and comes back.
at "$FIRST"
more=60000 # more than the buffers between the two hold
batch $((n + 1)) $((n + more)) >"$T/more.log"
at "$SECOND"
kill -STOP "$(pid_of receiver)"
at "$FIRST"
send in "$T/more.log"
n=$((n + more))
wait_received in $n 60
is 'the first receives all while the second reads nothing' "$(received in)" $n
both_kill SECOND
both_start SECOND
wait_for all_arrived 90
like 'then nothing is missing' "$(cat "$T/arrived")" ': [0-9]* arrived, 0 missing, '

# The forwarder dies, then the whole first collector.
at "$FIRST"
batch $((n + 1)) $((n + 20000)) >"$T/most.log"
send in "$T/most.log" &
sending=$!
wait_received in $((n + 1000)) 60
kill -KILL "$(pid_of forwarder)"
wait $sending
n=$((n + 20000))
wait_received in $n 60
is 'receiving does not notice' "$(received in)" $n
wait_for all_arrived 90
like 'a killed forwarder is made again, and nothing is missing' \
    "$(cat "$T/arrived")" ': [0-9]* arrived, 0 missing, '
both_kill FIRST
both_start FIRST
wait_for all_arrived 90
like 'nor after the first was killed' "$(cat "$T/arrived")" \
    ': [0-9]* arrived, 0 missing, [1-9][0-9]* came again'
for which in FIRST SECOND; do
	eval "S=\$$which"
	ok "konseki-verify finds the $which intact" \
	    konseki-verify "$S/evidence"
done

# More logs than one command keeps in mind are not passed over in silence.
at "$FIRST"
for i in $(seq 65); do
	sed "s|origin=\"test.example/evidence\"|origin=\"ward$i.example/e\"|" \
	    "$T/message"
done >"$T/many.log"
send in "$T/many.log"
n=$((n + 65))
wait_received in $n 60
status=0
konseki forwarded --site "$FIRST" >"$T/many" 2>&1 || status=$?
is 'of more than 64 logs: could not check' $status 3
like 'so many records were not looked at' "$(cat "$T/many")" \
    '^1 of more than 64 logs were not looked at: name one with --origin$'
status=0
konseki forwarded --site "$FIRST" --origin ward65.example/e >"$T/many" 2>&1 ||
    status=$?
is 'one that is named is' "$status $(grep -c '^ward65.*: 1 arrived' "$T/many")" \
    '0 1'
both_stop

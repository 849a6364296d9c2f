#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The evidence's disk runs full while a sender sends over RELP. Acknowledgements
# stay away, so the sender keeps what it has; once there is room again all of it
# is acknowledged, and all of it is there, once.
. "${srcdir:-.}/tests/system/disk.sh"
command -v python3 >/dev/null || skip_all 'no python3'
disk_make 100m
plan 10

site_reserve=4
site_make <<'END'
keys: disk/keys
listeners:
  - {name: relp, transport: relp, address: 127.0.0.1, port: 0}
END
site_start
# numbers: of the messages that are sealed.
numbers() {
	messages relp | sed -n 's/^<13>relp \([0-9]*\) .*/\1/p'
}
acked() {
	wc -l <"$T/acked"
}
: >"$T/acked"
n=60000
start sender python3 "$srcdir/tests/system/relp.py" "$S/run/listeners" relp $n \
    400 "$T/acked" 300
sender=$pid
wait_for '[ "$(acked)" -gt 2000 ]'
is 'the sender is acknowledged' $? 0
disk_fill 200000
wait_for 'grep -q "ALARM.*disk is full" "$T/collector.err"' 60
is 'the disk is full' $? 0
# What was under way when the reserve came into use may still be answered.
wait_for 'old=$(acked); sleep 1; [ "$(acked)" = "$old" ]'
is 'acknowledgements stay away' $? 0
ok 'and the sender waits' running "$sender"
sort -u "$T/acked" >"$T/got"
numbers | sort >"$T/want"
is 'what was acknowledged is sealed by then' "$(comm -23 "$T/got" "$T/want")" ''
disk_free
wait_for '! running $sender' 120
stop "$sender"
is 'with room again all is acknowledged' "$status" 0
is 'each message once' "$(sort -u "$T/acked" | wc -l)" $n
numbers >"$T/got"
seq $n >"$T/want"
same 'and there, in order' "$T/got" "$T/want"
site_stop
ok 'the evidence is intact' konseki-verify --pin "$disk/evidence/log" \
    "$disk/evidence"

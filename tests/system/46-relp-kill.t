#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Senders send over RELP and note what was acknowledged. Meanwhile the writer,
# the signer, the receiver, or all processes of the collector are killed: then
# nothing that was acknowledged is missing, whatever had been under way. What
# senders sent again is kept twice, and is flagged where the receiver lived on.
# Stopped properly, the collector tells them that it ends.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 17

site_height=9
site_make <<'END'
listeners:
  - {name: relp, transport: relp, address: 127.0.0.1, port: 0}
END
E=$S/evidence
site_start
send() { # WINDOW
	start "relp$1" python3 "$srcdir/tests/system/relp.py" \
	    "$S/run/listeners" relp 0 "$1" "$T/acked$1" 600
	senders="${senders:-} $pid"
}
: >"$T/acked50"
: >"$T/acked900"
send 50
send 900

# held WINDOW: what that sender got acknowledged and the evidence has not.
held() {
	sort -u "$T/acked$1.now" >"$T/a"
	sort -u "$T/have" >"$T/b"
	comm -23 "$T/a" "$T/b"
}
lines() {
	cat "$T/acked50" "$T/acked900" 2>/dev/null | wc -l
}
# strike WHO: kill it while senders send; look at what is sealed then.
strike() {
	before=$(lines)
	wait_for "[ \"\$(lines)\" -gt $((before + 2000)) ]" 60
	if [ "$1" = all ]; then
		site_kill
		cp "$T/acked50" "$T/acked50.now"
		cp "$T/acked900" "$T/acked900.now"
		konseki-verify --pin "$E/log" "$E" >"$T/verify" 2>&1
		status=$? # 2: there are records that nothing had sealed yet
		ok "killed $1: the log is intact" [ $status = 0 -o $status = 2 ]
	else
		old_pid=$(pid_of "$1")
		kill -KILL "$old_pid"
		cp "$T/acked50" "$T/acked50.now"
		cp "$T/acked900" "$T/acked900.now"
		wait_for "[ \"\$(pid_of $1)\" != $old_pid ]"
		before=$(lines)
		wait_for "[ \"\$(lines)\" -gt $((before + 1000)) ]" 60
		is "killed $1: senders are acknowledged again" $? 0
	fi
	messages relp | sed -n 's/^<13>relp \([0-9]*\) .*/\1/p' >"$T/have"
	is 'nothing is missing that was acknowledged' "$(held 50)" ''
	is 'nor of who has a large window' "$(held 900)" ''
	[ "$1" != all ] || site_start
}
strike writer
like 'what was sent again is flagged' \
    "$(konseki show --site "$S" --source relp | grep -m 1 'duplicate?')" .
strike receiver
strike signer
strike all
# A session is ended by the next writer if that got records of it, which is not
# so each time. The collector bears five deaths in a minute.
for _ in 1 2 3 4; do
	records d1 | grep -q why=writer-restart && break
	old_pid=$(pid_of writer) before=$(lines)
	kill -KILL "$old_pid"
	wait_for '[ "$(pid_of writer)" != "$old_pid" ]'
	wait_for '[ "$(lines)" -gt $((before + 1000)) ]' 60
done
like 'a session says why it ended' "$(records d1)" 'why=writer-restart'

# --- stopped properly ---------------------------------------------------------
before=$(lines)
wait_for "[ \"\$(lines)\" -gt $((before + 1000)) ]" 60
site_stop
for pid in $senders; do
	stop "$pid"
done
cp "$T/acked50" "$T/acked50.now"
cp "$T/acked900" "$T/acked900.now"
messages relp | sed -n 's/^<13>relp \([0-9]*\) .*/\1/p' >"$T/have"
is 'nothing is missing at the end' "$(held 50)$(held 900)" ''
konseki-verify --pin "$E/log" "$E" >"$T/verify" 2>&1
is 'the log is intact' $? 0

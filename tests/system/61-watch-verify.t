#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody changes a closed part of the log below a running collector. konseki
# watch, which verifies the logs when it begins, finds it, enters it in the
# casebook as LOG-03 and says so; a second process does it, which ends with it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 10

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
site_make <<END
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start
konseki import --site "$S" "$srcdir/LICENSE" >/dev/null
site_stop
site_start # the first segment is closed
echo 'people: []' >"$S/contacts.yml"
start watch konseki watch --site "$S"
watch=$pid
matcher() { pgrep -P "$watch" -x konseki-matcher || pgrep -P "$watch" -f matcher; }
wait_for 'pgrep -P "$(matcher)" -x konseki-verify >/dev/null'
tap $? 'a process verifies'
verifier=$(pgrep -P "$(matcher)" -x konseki-verify)
like 'below the others' "$(ps -o ni= -p "$verifier")" '^ *19$'
wait_for 'grep -q "Seccomp:.2" "/proc/$verifier/status"'
tap $? 'with few calls'
broken() {
	konseki show --site "$S" --log casebook --messages 2>/dev/null |
	    grep -c '"rule":"LOG-03"'
}
is 'nothing is wrong' "$(broken)" 0
stop "$watch"
wait_for '! grep -q "State:.[SRD]" "/proc/$verifier/status" 2>/dev/null'
tap $? 'it ends with the watch'
file=$(find "$S/evidence/segments" -name '*.gz' | sort | head -n 1)
python3 - "$file" <<'END'
import sys
b = bytearray(open(sys.argv[1], 'rb').read())
b[len(b) // 2] ^= 1
open(sys.argv[1], 'r+b').write(b)
END
start watch konseki watch --site "$S"
watch=$pid
wait_for '[ "$(broken)" -gt 0 ]' 60
tap $? 'what was changed is entered in the casebook while the watch goes on'
like 'as verified by it' "$(konseki show --site "$S" --log casebook --messages |
    grep '"rule":"LOG-03"')" '"severity":"critical".*verification log=evidence file='
like 'and said' "$(cat "$T/watch.err")" "ALARM: the log 'evidence'"
stop "$watch"
site_stop

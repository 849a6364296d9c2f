#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A message whose end does not come, on a connection that stays open, is not
# held for ever: after half a minute what there is of it is a record, sealed
# like any other. The rest is the next record, whenever it comes, and both laid
# end to end are the connection. So it is of lines and of counted messages; what
# comes behind them is found as if nothing had been.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 10

site_make <<'END'
listeners:
  - {name: line, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: count, transport: tcp, address: 127.0.0.1, port: 0}
END
site_start
# peer LISTENER BEGIN REST: sends the one, and the other when $T/LISTENER says so.
peer() {
	mkfifo "$T/$1"
	python3 "$srcdir/tests/system/peer.py" "$(port "$1")" "text:$2" \
	    input "text:$3" end <"$T/$1" &
}
# flags LISTENER: of its records.
flags() {
	konseki show --site "$S" --source "$1" |
	    awk '{ printf $7 == "(cut)" ? "x" : "-" }'
}
peer line '<13>NOTERM held' ' and its end\n<13>next\n'
exec 8>"$T/line"
peer count '19 <13>half of it' ', all11 <13>another'
exec 9>"$T/count"
wait_received line 1 60
tap $? 'a line that has no end is sealed all the same'
is 'as a piece' "$(flags line) $(messages line)" 'x <13>NOTERM held'
like 'and when it was received is said' "$(records g1)" 'kind=late'
wait_received count 1 60
tap $? 'so is a counted message'
is 'as a piece, too' "$(flags count) $(messages count)" 'x <13>half of it'
echo >&8
echo >&9
exec 8>&- 9>&-
wait_received line 3
wait_received count 3
is 'the rest of the line follows, and the next one' \
    "$(flags line) $(raw line | tr '\n' '|')" \
    'x-- <13>NOTERM held and its end|<13>next|'
is 'and that of the counted message' "$(flags count) $(raw count)" \
    'x-- 19 <13>half of it, all11 <13>another'
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody sets the clock by a year, forward or back, so that what he does next
# bears another date: while the writer runs, and while it is stopped. The log
# goes on and proves to be whole, for nothing was forged; but it says itself
# where the clock jumped, from when to when, or that it was started anew. Who
# takes that record away, or moves records to another year, is found out.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
plan 18

year=31536000000000
for way in forward back; do
	rm -rf "$T/log"
	"$builddir/tests/system/clock" "$T/log" $way || exit 99
	cp "$T/log/log" "$T/pin"
	judge "$T/log"
	verdict "$way while it runs: the log is whole" 0 'INTACT'
	konseki show "$T/log" >"$T/all"
	step=$(grep 'kind=clock-step' "$T/all")
	is 'the jump is told, once' "$(echo "$step" | grep -c clock-step)" 1
	from=$(echo "$step" | sed 's/.* from=\([0-9]*\).*/\1/')
	until=$(echo "$step" | sed 's/.* until=\([0-9]*\).*/\1/')
	by=$((until - from))
	[ $way = forward ] || by=$((-by))
	ok 'it is of a year' [ $((by / 10000000)) -ge $((year / 10000000 - 1)) ]
	at=$(awk '/clock-step/ { print $1 }' "$T/all")
	ok 'and stands before the first seal of the other year' \
	    [ "$at" -lt "$(awk '/three/ { n = 1 }
		n && $3 == "s1" { print $1; exit }' "$T/all")" ]
	attack 'it cannot be taken away' "\"\$relog\" . drop=$at" \
	    1 '(segments|checkpoint)'

	rm -rf "$T/log"
	"$builddir/tests/system/clock" "$T/log" $way restart || exit 99
	cp "$T/log/log" "$T/pin"
	judge "$T/log"
	verdict "$way while it is stopped: the log is whole" 0 'INTACT'
	konseki show "$T/log" >"$T/all"
	ok 'a start stands between the two years' awk '
	/two/ { a = NR }
	$3 == "b1" { b = NR }
	/three/ { exit !(a < b && b < NR) }' "$T/all"
done

# A time of a year before, where no jump is told.
rm -rf "$T/log" "$T/keys"
attack_mklog 120 2
attack 'records of another year' "\"\$relog\" . rx=m20:$year" 1 '(segments|checkpoint)'
attack 'in the open segment' "\"\$relog\" . rx=m90:$year" 1 '(segments|checkpoint)'
attack 'seals of another year' "\"\$relog\" . rx=$(record_at s1 9):$year" \
    1 '(segments|checkpoint)'
attack 'all that in the file alone' "\"\$relog\" -f . rx=m20:$year" \
    1 '(segments|manifests)'

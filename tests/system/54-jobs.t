#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What several threads make of a log is what one makes of it, to the byte: the
# history of the samples with its tables, every line that a format has as an
# example, lines that several formats know.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 12

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
history=$srcdir/samples/incident/history
mkdir -p "$S"
cp -R "$srcdir/samples/site/ledgers" "$srcdir/samples/site/calendar.yml" "$S/"
chmod -R u+w "$S"
site_make <<END
site: {name: 見本病院, language: en}
listeners: []
analyzer: {internal: [192.168.0.0/16, 10.0.0.0/8], vpn: [10.212.134.0/24]}
END
site_start
for f in "$srcdir"/rules/formats/*.yml; do
	sed -n 's/^  - raw: *//p' "$f" | sed "s/^['\"]//; s/['\"]\$//"
done >"$T/examples.log"
import() { konseki import --replay "$@" >>"$T/said" 2>&1; }
# More records than are read ahead at once, and tables before and behind them.
fill() {
	import --source emr --encoding cp932 --mapping emr-access \
	    "$history/emr-access.csv" || return 1
	for f in "$history"/fortigate-2026-1*.log; do
		import --source fw01 "$f" || return 1
	done
	import --source all "$T/examples.log" &&
	import --source emr01 "$history/emr01-auth.log" &&
	{ cat "$history/emr-access.csv"; echo; } >"$T/emr-again.csv" &&
	import --source emr --encoding cp932 "$T/emr-again.csv"
}
ok 'files are imported' fill

by() { # by JOBS: findings, and what is said of them
	konseki analyze --print --jobs "$1" >"$T/findings.$1" 2>"$T/said.$1"
}
ok 'one thread analyses them' by 1
ok 'it found something' test -s "$T/findings.1"
for jobs in 2 5; do
	by $jobs
	same "by $jobs threads the findings are the same" "$T/findings.$jobs" \
	    "$T/findings.1"
	same 'and what is said of them' "$T/said.$jobs" "$T/said.1"
done
ok 'they are entered' konseki analyze --jobs 2
# The rows of the timeline show records of all kinds word for word.
rows() { # rows JOBS
	mkdir -p "$T/rows.$1"
	konseki timeline --jobs "$1" --from 2026-10-01 --to 2026-11-20 \
	    --output "$T/rows.$1" >/dev/null 2>&1
	cat "$T/rows.$1"/*.csv
}
rows 1 >"$T/rows1"
rows 3 >"$T/rows3"
ok 'a timeline is made' test -s "$T/rows1"
same 'by three threads it is the same' "$T/rows3" "$T/rows1"
konseki analyze --jobs 0 >/dev/null 2>"$T/err"
is 'no threads are a wrong call' "$?" 2
site_stop

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The files `checkpoint` and `epochs` hold no records, but without them nobody
# could prove any. Each is lost or spoiled while the collector is stopped, as no
# crash leaves it: the collector does not write over it but leaves the log as it
# is and goes on in a successor. What a crash does leave, a torn line, is none.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 28

# sums: what lies in the log's folder, byte for byte.
sums() {
	(cd "$S/evidence" &&
	    find . -type f ! -name lock -exec sha256sum {} + | sort -k 2)
}

site_make </dev/null
site_start
site_stop
site_start
site_stop
cp -Rp "$S" "$T/whole"

# broken WHAT COMMAND: four checks, and what site_stop checks.
broken() {
	rm -rf "$S"
	cp -Rp "$T/whole" "$S"
	(cd "$S/evidence" && eval "$2") || diag "$2"
	sums >"$T/before"
	site_start
	like "$1: an alarm" "$(cat "$T/collector.err")" \
	    "ALARM: log 'evidence' is not as it was signed"
	site_stop
	sums >"$T/after"
	same "$1: not a byte was changed" "$T/before" "$T/after"
	ok "$1: the successor is intact" \
	    konseki-verify --pin "$S/evidence.2/log" "$S/evidence.2"
}
broken 'a checkpoint that is lost' 'rm checkpoint'
broken 'a checkpoint that is no note' 'echo junk >checkpoint'
broken 'epochs that are lost' 'rm epochs'
broken 'epochs without the last' 'sed -i \$d epochs'
broken 'epochs with a line that is none' 'echo junk >>epochs'

rm -rf "$S"
cp -Rp "$T/whole" "$S"
printf 'torn' >>"$S/evidence/epochs"
site_start
site_stop
ok 'a torn line of epochs is no break' [ ! -e "$S/evidence.2" ]
like 'it is recorded' "$(records g1)" 'kind=torn-tail .*bytes=4'
is 'and kept' "$(cat "$S"/evidence/quarantine/*)" torn
verified

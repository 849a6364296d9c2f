#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A search goes over the logs that a log followed, says what was deleted at the
# end of its period, and certifies nothing where a segment is missing without a
# record of why.  One thread or several, with an index or without: the same.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 27

site_make <<'END'
END
keys=$(for name in sato abe; do
	echo "the passphrase of $name" >"$T/$name.pass"
	konseki retention --site "$S" --passphrase-file "$T/$name.pass" \
	    key $name
done)
{
	sed 's/^  evidence: {/&retention: 30d, /' "$S/konseki.yml"
	echo 'retention: {approvers: ['
	echo "$keys" | sed 's/.*/"&",/'
	echo ']}'
} >"$T/new.yml"
cp "$T/new.yml" "$S/konseki.yml"
rm -r "$S/evidence" "$S/keys/evidence"
# Eight segments, a week from one to the next, from 70 days ago on.
now=$(date +%s)
"$builddir/tests/system/mklog" "$S/evidence" "$S/keys/evidence" 400 8 \
    $(((now - 70 * 86400) * 1000000)) 7 || exit 99
[ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$S/evidence"
find() {
	konseki --lang en find --site "$S" --output "$T/pages" "$@" \
	    >"$T/out" 2>"$T/err"
	rc=$?
}
log() {		# log EXPRESSION: of the search's first log, as JSON
	tail -n 1 "$T/out" | jq -r "$1"
}
retention() {
	retention_by=$1
	shift
	konseki --lang en retention --site "$S" --by "$retention_by" \
	    --passphrase-file "$T/$retention_by.pass" "$@"
}
site_start
address=198.51.100.0/27
want=$(konseki show --site "$S" --messages |
    sed -n 's/.* dstip=198\.51\.100\.\([0-9]*\) .*/\1/p' |
    awk '$1 < 32' | wc -l)
like 'there is something to find' "$want" '^[1-9]'
find --json --jobs 1 "$address"
is 'each record that has it is found' "$(($(wc -l <"$T/out") - 1))" "$want"
head -n -1 "$T/out" >"$T/first"
is 'the first time all blocks are read' "$(log '.logs[0].blocks_passed')" 0
like 'and an index made of each segment but the newest' \
    "$(ls "$S"/cache/find-test.example-evidence | wc -l)" '^[78]$'
for jobs in 1 2 7; do
	find --json --jobs $jobs "$address"
	head -n -1 "$T/out" >"$T/again"
	same "by $jobs at a time, with the index, the same" "$T/first" "$T/again"
done
find --json --full "$address"
head -n -1 "$T/out" >"$T/again"
same 'and reading all of it' "$T/first" "$T/again"
find --json --limit 1 "$address"
is 'fewer are shown if asked' "$(wc -l <"$T/out")" 2
is 'all are counted' "$(log .hits)" "$want"
like 'and it is said' "$(cat "$T/err")" 'more hits are not shown'
from=$(date -u -d @$((now - 60 * 86400)) +%Y-%m-%dT%H:%M:%SZ)
until=$(date -u -d @$((now - 40 * 86400)) +%Y-%m-%dT%H:%M:%SZ)
find --json --from "$from" --to "$until" "$address"
like 'an interval leaves segments of other times alone' \
    "$(log '.logs[0].segments_outside')" '^[1-9]'
is 'and finds those in it' "$(($(wc -l <"$T/out") - 1))" \
    "$(jq -r --arg f "$from" --arg u "$until" \
    'select(.time >= $f and .time < $u) | .index' "$T/first" | wc -l)"

# --- deleted at the end of the period ---
retention sato delete d-1 --segments 0-1 --basis 'rule 8' >/dev/null
retention abe approve d-1 >/dev/null
find 203.0.113.250
is 'what was deleted does not hinder a certificate' $rc 0
like 'but stands in it' "$(cat "$(tail -n 1 "$T/out")")" \
    'records 0 to [0-9]+ .* are not here any more: deleted'
find --from "$from" 203.0.113.250
ok 'unless it is of another time' \
    ! grep -q 'not here any more' "$(tail -n 1 "$T/out")"

# --- another log follows ---
stop "$collector"
konseki-collector --site "$S" --rekey evidence --reason 'keys were read' \
    >"$T/rekey" 2>&1 || diag "$(cat "$T/rekey")"
echo '<13>Nov 20 10:00:00 fw a src=198.51.100.31' >"$T/new.log"
site_start
konseki import --site "$S" "$T/new.log" >/dev/null
find --json "$address"
is 'both logs are searched, the older first' \
    "$(log '[.logs[].origin] | join(" ")')" \
    'test.example/evidence test.example/evidence/2'
is 'hits are of both' "$(head -n -1 "$T/out" | jq -r .log | sort -u | wc -l)" 2
find --json --log evidence.1 "$address"
is 'one generation alone' "$(log '[.logs[].origin] | join(" ")')" \
    'test.example/evidence'
find --json --log evidence "$address"
is 'a name is all of them' "$(log '.logs | length')" 2
find --log casebook "$address"
is 'the casebook only if it is asked for: searches stand in it' "$rc" 1
find --log nothere "$address"
is 'a log that is not there' "$rc" 3

# --- missing ---
file=$(sed -n 's/^file //p' "$S/evidence/manifests/000000000003")
mv "$S/evidence/$file" "$T/segment"
find 203.0.113.250
is 'a segment that is gone: cannot be decided' $rc 3
like 'which' "$(cat "$T/err")" \
    'segment 3 is missing, and no record says that it was deleted'
find --json "$address"
is 'what is found is found all the same' \
    "$rc $(tail -n 1 "$T/out" | jq -r .result)" '1 hits'
like 'and the reason stands with it' "$(log .reason)" 'segment 3 is missing'
mv "$T/segment" "$S/evidence/$file"
find 203.0.113.250
is 'once it is back it can be' $rc 0

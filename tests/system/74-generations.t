#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A hospital's firewall log got new keys twice: what it held before lies in two
# older generations.  They are shown, verified, proved and handed over like the
# one in force, by the same names everywhere, and who asks for a time that
# another generation holds is told which.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 88

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
sed -i 's/^  evidence: {/&retention: 30d, /' "$S/konseki.yml"
rm -r "$S/evidence" "$S/keys/evidence"
# Eight segments, a week from one to the next, from 70 days ago on.
now=$(date +%s)
"$builddir/tests/system/mklog" "$S/evidence" "$S/keys/evidence" 400 8 \
    $(((now - 70 * 86400) * 1000000)) 7 || exit 99
[ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$S/evidence"
rekey() {	# rekey LOG
	konseki-collector --site "$S" --rekey "$1" --reason 'keys were read' \
	    >"$T/rekey" 2>&1 || diag "$(cat "$T/rekey")"
}
echo 'a long passphrase' >"$T/pass"
key() {		# what an approver's passphrase gives
	konseki retention --site "$S" --passphrase-file "$T/pass" key sato
}
key=$(key)
for n in second third; do
	echo "<13>1 - host app - - - $n" >"$T/$n"
	rekey evidence
	site_start
	konseki import --site "$S" "$T/$n" >/dev/null
	stop "$collector"
done
site_start

# sums: what lies in the folders of the generations that are over.
sums() {
	(cd "$S" && find evidence evidence.2 -type f -exec sha256sum {} + |
	    sort -k 2)
}
sums >"$T/before"

is 'an approver stays who it is' "$(key)" "$key"

# --- one way to name them ---
show() {
	konseki --lang en show --site "$S" "$@"
}
like 'a name alone is the log in force' "$(show --messages)" ' third$'
like 'NAME.2 is the second' "$(show --log evidence.2)" ' second$'
is 'NAME.1 is the first' "$(show --log evidence.1 | cut -d ' ' -f 5-)" \
    "$(konseki show "$S/evidence" | cut -d ' ' -f 5-)"
like 'NAME.3 is the one in force' "$(show --log evidence.3)" ' third$'
like 'one that is not there' "$(show --log evidence.4 2>&1)" \
    "no log 'evidence.4': 'evidence' has the generations evidence.1 to evidence.3"
like 'or whose number is none' "$(show --log evidence.01 2>&1)" \
    "no log 'evidence.01'"
is 'one with those before it' "$(show --log evidence.2 --all | wc -l)" \
    "$(($(show --log evidence.1 | wc -l) + $(show --log evidence.2 | wc -l)))"
like 'the look at it is recorded under that name' "$(records o1 casebook)" \
    'action=view what=show log=evidence\.1 '
for n in 1 2 3; do
	ok "verify takes the name evidence.$n" konseki verify --site "$S" \
	    --log evidence.$n --pin "$S/evidence$([ $n = 1 ] || echo .$n)/log"
done
konseki prove --site "$S" --log evidence.1 --index 5 --output "$T/proof" \
    2>/dev/null
like 'prove makes a proof of the first' "$(konseki --lang en prove \
    --check "$T/proof" --pin "$S/evidence/log")" \
    '^in the [0-9]+ records of test.example/evidence$'
ok 'which is none of the second' ! konseki prove --check "$T/proof" \
    --pin "$S/evidence.2/log"

# --- status shows each of them ---
status() {
	konseki --lang "${lang:-en}" status --site "$S" "$@"
}
at=$(date -u -d @$((now + 86400)) +%FT%TZ)
status --at "$at" >"$T/text"
is 'status: all is well' "$?" 0
like 'it says from when to when a generation is' "$(cat "$T/text")" \
    "^    evidence.1: $(TZ=JST-9 date -d @$((now - 70 * 86400)) '+%F %T') to"
like 'what lies there and until when it must be kept' "$(cat "$T/text")" \
    "^      467 records in 8 segments, [0-9]+ KiB; period ends $(TZ=JST-9 \
    date -d @$((now + 10 * 86400)) +%F)\$"
like 'which one is in force, and the total' "$(cat "$T/text")" \
    '^    in force is evidence.3, below; all together on disk: [0-9]+ KiB$'
like 'in Japanese' "$(lang=ja status --at "$at")" '保存期限20.*
    evidence.2: |^    現在はevidence.3（下記）。全世代の合計: '
is 'on a narrow terminal' "$(awk 'length > 79' "$T/text")" ''
cat >"$T/check.py" <<'END'
import datetime, glob, json, os, sys
out, site, shown = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3]
log = [l for l in out['logs'] if l['name'] == 'evidence'][0]
def usec(text):
    return datetime.datetime.fromisoformat(text).timestamp() * 1e6
now, day = usec(out['at']), 86400e6
segs = []
def case(name, good):
    print('ok' if good else 'not ok', name)
good = []
for n, (g, d) in enumerate(zip(log['generations'],
                               ('evidence', 'evidence.2', 'evidence.3'))):
    files = sorted(glob.glob(f'{site}/{d}/segments/*/*'))
    times = [usec(l.split()[1]) for l in open(f'{shown}.{d}')]
    disk = sum(map(os.path.getsize, files))
    closed = 0
    for f in sorted(glob.glob(f'{site}/{d}/manifests/*')):
        m = dict(l.rstrip('\n').split(' ', 1) for l in open(f))
        segs.append((int(m['gzip'].split()[0]), *map(int, m['time'].split())))
        closed = int(m['records'].split()[1]) + 1
    segs.append((os.path.getsize(files[-1]), min(times[closed:]),
                 max(times[closed:])))
    want = {'name': ['evidence.1', 'evidence.2', 'evidence'][n],
            'origin': 'test.example/evidence' + ['', '/2', '/3'][n],
            'generation': n + 1, 'in_force': n == 2, 'records': len(times),
            'segments': len(files), 'disk_bytes': disk, 'missing': 0,
            'deleted': 0, 'fault': None}
    got = {k: g[k] for k in want}
    if got != want or usec(g['from']) != min(times) or \
       usec(g['to']) != max(times):
        print('#', got, want, g['from'], g['to'])
        good.append(d)
case('generations', not good and len(log['generations']) == 3)
case('total', log['all_disk_bytes'] ==
     sum(g['disk_bytes'] for g in log['generations']))
def rate(days):
    frm = now - days * day
    s = sum(b * (min(hi, now) - max(lo, frm)) / (hi - lo)
            for b, lo, hi in segs if hi >= frm and lo <= now)
    return s / days
near = lambda a, b: abs(a - b) <= 1
case('growth', near(log['bytes_per_day_7'], rate(7)) and
     near(log['bytes_per_day_30'], rate(30)) and rate(30) > 0)
case('days', log['days_until_full'] == log['free_bytes'] //
     sum(max(l['bytes_per_day_7'], l['bytes_per_day_30'])
         for l in out['logs']))
END
# The log in force goes on: a seal may come between two looks at it.
tries=0
while [ $((tries += 1)) -le 5 ]; do
	status --at "$at" --json >"$T/json"
	for d in evidence evidence.2 evidence.3; do
		konseki show "$S/$d" >"$T/shown.$d"
	done
	python3 "$T/check.py" "$T/json" "$S" "$T/shown" >"$T/said" 2>&1
	grep -q '^not ok' "$T/said" || break
	sleep 0.3
done
for name in generations total growth days; do
	ok "JSON: $name" grep -q "^ok $name" "$T/said"
done
grep -v '^ok' "$T/said" | sed 's/^/# /'
site_stop

# A generation that broke is said to have; what is in force is judged.
cp "$S/evidence.2/checkpoint" "$T/checkpoint"
echo junk >"$S/evidence.2/checkpoint"
site_start
status >"$T/text"
is 'one that is over and broken is no alarm each day' "$?" 0
like 'but is said' "$(cat "$T/text")" \
    '^      FAULT: .*checkpoint: not as specified'
like 'with what can be read of it' "$(cat "$T/text")" \
    '^      [1-9][0-9]* records in 1 segments'
cp "$T/checkpoint" "$S/evidence.2/checkpoint"
site_stop

# --- and they are handed over ---
site_start
seal() {
	konseki --lang en seal --site "$S" --for 'Example Police' \
	    --why 'case 12' --authority 'warrant 34' "$@"
}
day() {		# day N: the date of N days ago, at the site
	TZ=JST-9 date -d "@$((now - $1 * 86400))" +%F
}
# sealed NAME PIN VKEY: three checks of the package that $T/made speaks of.
sealed() {
	bag=$(sed -n 's/^package //p' "$T/made")
	sh "$bag/verify.sh" --pin "$2" --handover "$S/handover/$3" >"$T/v" 2>&1
	is "$1: verify.sh" "$? $(tail -n 1 "$T/v" | cut -d / -f 1)" \
	    '0 RESULT: INTACT '
	ok "$1: konseki-verify" konseki-verify --pin "$2" \
	    --key "$(cat "$S/handover/$3")" "$bag"
	ok "$1: it is none of another generation" ! konseki-verify \
	    --pin "$S/evidence.2/log" "$bag"
}
seal --output "$T/out" >"$T/said" 2>&1
is 'a successor has no hand-over key at first' "$?" 1
like 'and it is said how to make it' "$(cat "$T/said")" \
    "handover/evidence.3.key: there is no hand-over key: run 'konseki init'"
konseki init --site "$S" >"$T/keys" 2>&1
is 'which makes them' "$? $(grep -c '^test.example/evidence/[23]/handover+' \
    "$T/keys")" '0 2'
seal --output "$T/out" >"$T/made" 2>"$T/said"
is 'then it hands over' "$?" 0
sealed 'in force' "$S/evidence.3/log" evidence.3.vkey
like 'that other generations hold more is said' "$(cat "$T/said")" \
    "another generation .*: --log evidence.1, from $(day 70) .* to $(day 21) "

seal --since "$(day 60)" --until "$(day 50)" --output "$T/none" >"$T/said" 2>&1
is 'a time that only an older one holds is not handed over in silence' \
    "$? $(find "$T/none" -name package.txt 2>/dev/null)" '1 '
like 'but it is said which' "$(cat "$T/said")" \
    'another generation .*: --log evidence.1, from'
seal --log evidence.1 --since "$(day 60)" --until "$(day 50)" \
    --output "$T/out" >"$T/made" 2>"$T/said"
is 'then it is handed over' "$? $(cat "$T/said")" '0 '
like 'just that time' "$(cat "$T/made")" '^segments 1$'
sealed 'segments of the first' "$S/evidence/log" evidence.vkey
like 'the custody says where that is recorded' \
    "$(cat "$bag/data/custody/custody.jsonl")" \
    '"origin":"test.example/evidence",.*"record":[0-9]+,"recorded-in":"test.example/evidence/3"'
like 'and there it is' "$(records o1)" \
    'action=export what=seal log=evidence\.1 level=whole '
like 'with its hash' "$(records o1)" \
    'action=handover .*origin=test.example/evidence kind=whole'
seal --log evidence.1 --since "$(day 22)" --output "$T/none" >"$T/said" 2>&1
is 'a segment that was never closed is none' "$?" 1
like 'which is said, and what to do' "$(cat "$T/said")" \
    'log evidence.1 is over .*--level excerpt has its records'
seal --log evidence.1 --since "$(day 22)" --until "$(day 19)" --level excerpt \
    --output "$T/out" >"$T/made" 2>"$T/said"
is 'its records are' "$?" 0
sealed 'an excerpt of the first' "$S/evidence/log" evidence.vkey

# --- and kept: nothing in them can go, and that is said ---
retention() {
	konseki --lang "${lang:-en}" retention --site "$S" "$@"
}
retention list >"$T/list"
is 'retention list shows them all' "$(grep -c '^log evidence' "$T/list")" 3
like 'from when on one is over' "$(cat "$T/list")" \
    "^  evidence.1 is over since $(day 0) [0-9:]* and evidence.2 follows it: it stays whole, or is removed whole"
like 'what of it is past its period' "$(cat "$T/list")" \
    '^  segments 0-5: past its period since '
like 'when the last of it will be' "$(cat "$T/list")" \
    "^  the last of it passes its period on $(day -10)\$"
is 'nobody is told to have it deleted' \
    "$(grep -c 'to have them deleted' "$T/list")" 0
like 'in Japanese' "$(lang=ja retention list --log evidence.1)" \
    'evidence.1は20.*に終了し、evidence.2が続いています。全体を残すか、全体を削除します'
for act in 'delete d-1 --segments 0-1' 'hold h-1 --from 0 --to 5' \
    'release h-1'; do
	# shellcheck disable=SC2086 # words
	retention --log evidence.1 $act --basis x --by sato >"$T/said" 2>&1
	is "${act%% *}: refused" "$?" 1
	like "${act%% *}: and why is said" "$(cat "$T/said")" \
	    'evidence.1 is over since .* would be found missing'
done
retention hold h-2 --since "$(day 60)" --until "$(day 50)" --basis x --by sato \
    >"$T/said" 2>&1
is 'a hold of a time that only an older one holds is none' "$?" 1
like 'and it is said whose it would be' "$(cat "$T/said")" \
    'this hold is not for the records of another generation'
site_stop
sums >"$T/after"
same 'nothing of all this touched what is over' "$T/before" "$T/after"

# --- a new casebook has the steps of custody of the one before ---
hash=$(sed -n 's/^sha256 \([0-9a-f]*\) .*/\1/p' "$T/made")
rekey casebook
site_start
konseki custody receipt --site "$S" --package "$hash" --from a --to b \
    --why 'case 12' --authority 'warrant 34' --place 'the ward' --condition whole \
    --from-ack seal --to-ack seal >"$T/said" 2>&1 || diag "$(cat "$T/said")"
konseki custody list --site "$S" --package "$hash" >"$T/list"
is 'custody list reads both' "$(sed -n 's/^\(casebook.1 \)*[0-9]* .* \(handover\|receipt\) .*/\1\2/p' \
    "$T/list" | tr '\n' ,)" 'casebook.1 handover,receipt,'
site_stop

# --- a folder that somebody took away makes none before it the newest ---
mv "$S/evidence.2" "$T/evidence.2"
site_start
like 'the log in force is the same' "$(show --messages)" ' third$'
like 'and what is gone is said' "$(status)" 'FAULT: .*evidence.2: No such file'
mv "$T/evidence.2" "$S/evidence.2"
site_stop

# --- what a report says of its verification is of all that it reads ---
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
# page LANG DAY: the weekly review of the week with that day.
page() {
	konseki --lang "$1" review --site "$S" --week "$2" --lang "$1" \
	    --output "$T/pages" >"$T/said" 2>&1 || diag "$(cat "$T/said")"
	cat "$(tail -n 1 "$T/said")"
}
now_day=$(day 0)
old_day=$(day 60)
page en "$now_day" >"$T/page"
like 'a review says of which generations it speaks' "$(cat "$T/page")" \
    'intact \[checked: .*evidence\.2, evidence'
page en "$old_day" >"$T/page"
like 'and which are not of its week' "$(cat "$T/page")" \
    'not of this period and not checked: evidence\.2'
verify() {
	konseki --lang "$1" verify --site "$S"
}
like 'verify without --log says what it did not check' "$(verify en)" \
    'of evidence alone.*--log evidence\.1.*: evidence\.1 evidence\.2$'
like 'in Japanese' "$(verify ja)" '未検証（判定不可）.*--log evidence\.1'
is 'of a log named nothing is added' "$(konseki --lang en verify \
    --site "$S" --log evidence.2 | grep -c 'not checked')" 0
cp -Rp "$S/evidence.2" "$T/whole"
flip "$(find "$S/evidence.2/segments" -type f | head -n 1)" 100
page en "$now_day" >"$T/page"
like 'one that was changed is named' "$(cat "$T/page")" \
    'evidence\.2: DOES NOT MATCH'
is 'and nothing says the evidence is intact' \
    "$(sed -n 's/.*Evidence log\(.*\)/\1/p' "$T/page" | grep -c '<b>intact')" 0
page ja "$now_day" >"$T/page"
like 'in Japanese, too' "$(cat "$T/page")" 'evidence\.2: 不一致'
konseki --lang en timeline --site "$S" --lang en --output "$T/pages" \
    >"$T/said" 2>&1
like 'and on the timeline' "$(cat "$T/pages"/timeline-all-en.html)" \
    'Verification: evidence\.2: DOES NOT MATCH'
rm -r "$S/evidence.2"
cp -Rp "$T/whole" "$S/evidence.2"

# --- a break is the first thing to look at ---
echo junk >"$S/evidence.3/epochs"
site_start
site_stop
page en "$now_day" >"$T/page"
like 'a break stands in section 1' "$(sed -n '/1\. Please/,/2\. What/p' \
    "$T/page")" 'needs checking.*broke off.*test.example/evidence/3'
is 'which does not say that nothing was found' \
    "$(grep -c 'Nothing found' "$T/page")" 0
page ja "$now_day" >"$T/page"
like 'nor in Japanese' "$(sed -n '/1\. 確認/,/2\. 受信/p' "$T/page")" \
    '確認が必要.*断絶'
is 'not a word of it' "$(grep -c '該当なし' "$T/page")" 0

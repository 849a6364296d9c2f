#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The reports of a site, from its logs alone: the same bytes each time and
# without a collector, in both languages; their citations lead to the records;
# what is asked for wrongly is said.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 44

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
samples=$srcdir/samples
mkdir -p "$S"
cp -R "$samples/site/ledgers" "$samples/site/calendar.yml" \
    "$samples/site/contacts.yml" "$S/"
chmod -R u+w "$S"
site_make <<END
site: {name: 見本<b>病院, language: ja}
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
analyzer: {internal: [192.168.0.0/16, 10.0.0.0/8], vpn: [10.212.134.0/24]}
END
site_start
{
	konseki import --replay --source fw01 \
	    "$samples/incident/night/fortigate.log" &&
	konseki import --replay --source emr01 "$samples/incident/night/emr01.log"
	printf 'a line that no format knows <script>alert(1)</script>\n' >"$T/odd"
	konseki import --replay --source fw01 "$T/odd"
} >"$T/imported" 2>&1
konseki --lang en report >"$T/out" 2>"$T/err"
is 'no case, no report' "$?" 1
like 'and a word on what to do' "$(cat "$T/err")" "run 'konseki analyze' first"
ok 'the night is analysed' konseki analyze
site_stop

ok 'a review is written' konseki review --week 2026-11-22
ok 'a timeline' konseki timeline
ok 'a damage report' konseki report
ok 'all three in English too' sh -c \
    'konseki review --week 2026-11-16 --lang en &&
     konseki timeline --lang en && konseki --lang en report'
is 'one file for each form and language' \
    "$(cd "$S/reports" && echo * | sed 's/[0-9a-f]\{8\}-/ID-/g')" \
    'report-ID-en.html report-ID-ja.html review-2026-11-16-en.html review-2026-11-16-ja.html timeline-all-ecs-en.jsonl timeline-all-ecs-ja.jsonl timeline-all-en.csv timeline-all-en.html timeline-all-en.jsonl timeline-all-ja.csv timeline-all-ja.html timeline-all-ja.jsonl'
konseki review --week 2026-11-18 --output "$T/again" >"$T/said" &&
    konseki timeline --output "$T/again" >>"$T/said" &&
    konseki report --output "$T/again" >>"$T/said"
like 'where they lie is said' "$(cat "$T/said")" "^$T/again/report-.*-ja.html$"
for f in "$T"/again/*; do
	same "the same bytes again: ${f##*/}" "$f" "$S/reports/${f##*/}"
done

# The guidance's headings, of the finished report.
page=$(echo "$S"/reports/report-*-ja.html)
is 'the headings of the guidance, in order' "$(sed -n \
    's/.*class="chapter"><h2 lang="ja">\([^<]*\)<.*/\1/p' "$page" | tr '\n' '|')" \
    '異常が発見された日|異常が発生している箇所や診療への影響|今後の被害拡大の可能性|攻撃元(判明する場合)|攻撃手法(判明する場合)|被害発生の変因|講じる対応策 等|'
ok 'forty gigabytes' grep -q '40.0 GB（40,000,000,000バイト）' "$page"
ok 'it is marked as a sample' grep -q '見本・訓練' "$page"
ok 'the site is no markup' grep -q '見本&lt;b&gt;病院' "$page"

# From a row of the timeline to the record and its leaf.
cite=$(sed -n '/log-disabled/d;/ログ送信・記録の停止/s/.*"\(test.example[^"]*\)".*/\1/p' \
    "$S/reports/timeline-all-ja.csv" | head -n 1)
index=${cite#*#} index=${index%% *} leaf=${cite##* }
konseki show --from "$index" --to "$index" --leaves >"$T/shown"
ok 'a citation leads to the line' grep -qF 'log.syslogd.setting' "$T/shown"
like 'with that leaf' "$(cat "$T/shown")" "$leaf"

ok 'the review counts what no format knows' grep -q \
    '<td class="n">1</td><td><span class="cite">#' "$S/reports/review-2026-11-16-ja.html"
ok 'nothing in the pages is a script' sh -c "! grep -il '<script' $S/reports/*.html"
ok 'every line of JSON is one event' sh -c \
    "! grep -v '^{\"message\":.*\"datetime\":\"2026-' $S/reports/timeline-all-ja.jsonl"

konseki --lang en report --case ffffffff >"$T/out" 2>"$T/err"
is 'a case that there is not' "$?" 1
like 'is named' "$(cat "$T/err")" "no case 'ffffffff'"
konseki --lang en timeline --from yesterday >"$T/out" 2>"$T/err"
like 'so is a time that is none' "$(cat "$T/err")" "'yesterday' is no time"
konseki --lang en timeline --from 2026-11-22 --to 2026-11-21 >"$T/out" 2>"$T/err"
like 'and a window that ends before it begins' "$(cat "$T/err")" \
    '--to 2026-11-21 is not after --from 2026-11-22'
konseki timeline --from 2026-11-22 --to 2026-11-22T09:00 >"$T/said"
like 'a window has files of its own' "$(cat "$T/said")" \
    '/timeline-all-20261122T0000-20261122T0900-ja.csv$'
# All about one, and what is none.
konseki timeline --entity host=001 --output "$T/one" >"$T/said"
like 'one device has files of its own' "$(cat "$T/said")" \
    '/timeline-host-001-ja.html$'
ok 'with what it sent' grep -q 'emr01' "$T/one/timeline-host-001-ja.html"
ok 'and nothing that is not about it' sh -c \
    "! tail -n +2 '$T/one/timeline-host-001-ja.csv' | grep -v -e emr01 -e 192.168.20.10"
ok 'ECS lines are JSON' python3 -c "
import json, sys
rows = [json.loads(l) for l in open('$T/one/timeline-host-001-ecs-ja.jsonl')]
assert rows and all('@timestamp' in r and 'event.id' in r for r in rows)"
ok 'what Timesketch asks for' python3 -c "
import datetime, json
for l in open('$S/reports/timeline-all-ja.jsonl'):
    r = json.loads(l)
    assert all(isinstance(r[k], str) and r[k] for k in ('message', 'datetime', 'timestamp_desc'))
    t = datetime.datetime.fromisoformat(r['datetime'].replace('Z', '+00:00'))
    assert abs(t.timestamp() * 1e6 - r['timestamp']) < 1"
konseki --lang en timeline --entity printer=7 >"$T/out" 2>"$T/err"
is 'who is no entity' "$?" 1
like 'is named' "$(cat "$T/err")" "--entity 'printer=7' is not host="

konseki review --monthly >"$T/out" 2>"$T/err"
is 'an option that there is not is a wrong call' "$?" 2
konseki review --case 1 >"$T/out" 2>"$T/err"
is 'so is one of another command' "$?" 2
konseki review --lang fr >"$T/out" 2>&1
is 'so is a language that it does not speak' "$?" 2
for program in 'konseki --lang fr case list' 'konseki-collector --lang fr' \
    "konseki-verify --lang fr $S/evidence"; do
	# shellcheck disable=SC2086 # words
	$program >"$T/out" 2>"$T/fr"
	like "${program%% *} says what it speaks" "$(cat "$T/fr")" \
	    'en[|]ja|en or ja'
done
like 'and what there is is shown' "$(cat "$T/err")" \
    'konseki review \[--site DIR\] \[--week YYYY-MM-DD\] .*\[--lang en\|ja\] \[--output DIR\]$'

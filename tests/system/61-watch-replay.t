#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What konseki watch finds while evidence comes in pieces - replayed lines of all
# rules' examples in disorder, lines of now, lines that come late, imported
# files, silences, a watch that is ended and one that is killed, a collector that
# was away - is in the end what one analysis of the whole finds: the same
# findings by id and content, none more, and the same cases. Of outbound volume
# alone the citations may lack what came long before it was found (docs/rules.md).
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
python3 -c 'import yaml' 2>/dev/null || skip_all 'no python3-yaml'
plan 25

cp -R "$srcdir/rules" "$T/rules"
chmod -R u+w,a+rX "$T/rules"
KONSEKI_RULES=$T/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
history=$srcdir/samples/incident/history
seed=${KONSEKI_SEED:-7}
ok "lines are made (seed $seed)" python3 "$srcdir/tests/system/varied.py" \
    "$T/rules" "$T/made" "$seed" "$(date +%s)"
cp "$T/made/varied.yml" "$T/rules/formats/"
mkdir -p "$S"
cp -R "$T/made/ledgers" "$S/"
cp "$srcdir/samples/site/calendar.yml" "$S/"
chmod -R u+w,a+rX "$S/ledgers" "$S/calendar.yml" "$T/rules"
site_make <<END
site: {language: en}
listeners:
  - {name: replay, transport: tcp, address: 127.0.0.1, port: 0, replay: yes}
  - {name: live, transport: tcp, address: 127.0.0.1, port: 0}
analyzer: {internal: [192.168.0.0/16, 10.0.0.0/8], vpn: [10.9.0.0/16, 10.212.134.0/24]}
END
site_start

played_replay=0 played_live=0
play() { # play LISTENER FILE: until all of it is sealed
	[ -s "$2" ] || return 0
	"$srcdir/samples/tools/play" tcp 127.0.0.1 "$(port "$1")" "$2" \
	    >>"$T/said" 2>&1 || return 1
	eval "played_$1=\$((played_$1 + $(wc -l <"$2")))"
	eval "wait_received $1 \$played_$1 60"
}
piece() { # piece N: what is replayed, what is of now, and what is late
	play replay "$T/made/replay.$1" && play live "$T/made/live.$1" &&
	    play replay "$T/made/late.$1"
}
import() { konseki import --replay "$@" >>"$T/said" 2>&1; }
watch_start() {
	start watch konseki --lang en watch
	watch=$pid
	wait_for 'pgrep -P "$watch" -x konseki-notify'
}
# A while without a record, until a seal has said so.
silence() {
	silence_until=$(($(date +%s) + 33))
	wait_for '[ "$(date +%s)" -ge $silence_until ]' 60
}
entered() { sed -n 2p "$S/casebook/checkpoint"; }
# Until the casebook no longer grows.
entered_all() {
	while [ "$(entered)" != "${entered_was:-}" ]; do
		entered_was=$(entered)
		entered_until=$(($(date +%s) + 6))
		wait_for '[ "$(date +%s)" -ge $entered_until ]'
	done
}

watch_start
ok 'a first piece comes' piece 0
ok 'a table is imported' import --source emr --encoding cp932 \
    --mapping emr-access "$history/emr-access.csv"
silence
entered_all
ok 'what was found so far stands in the casebook' [ "$(entered)" -gt 100 ]
ok 'more comes, without a pause' piece 1
ok 'and files of a firewall' import --source fw01 \
    "$history/fortigate-2026-10-05.log"
ok 'and of a server' import --source emr01 "$history/emr01-auth.log"
stop "$watch"
is 'the watch is ended' "$status" 0
ok 'and more comes' piece 2
watch_start
ok 'then it goes on' piece 3
kill -KILL "$watch"
stop "$watch"
site_stop
site_start
ok 'without collector and watch for a while' piece 4
watch_start
ok 'then both go on' piece 5
ok 'with an older file of the firewall' import --source fw01 \
    "$history/fortigate-2026-09-28.log"
silence
entered_all

findings() { # one a line, without its case and the size of the evidence
	sed 's/,"evidence_size".*//; s/"case":"[0-9a-f]*",//' | LC_ALL=C sort
}
# Of each id the last that was entered, unless it is withdrawn.
standing() {
	konseki show --log casebook --messages 2>/dev/null |
	    python3 -c 'import json, sys
last = {}
for line in sys.stdin:
    try:
        f = json.loads(line)
    except ValueError:
        continue
    if f.get("type") == "finding":
        last[f["id"]] = line
for line in last.values():
    if not json.loads(line).get("withdrawn"):
        sys.stdout.write(line)'
}
uncited() { # without the records of outbound volume, and what comes of these
	sed '/"rule":"OUT[^"]*"/{s/"first":"[^"]*",//;s/"evidence":\[[^]]*\]//
	    s/"what_ja":"[^"]*",//;s/"what_en":"[^"]*",//;s/"entities":\[[^]]*\],//
	}'
}
standing | findings >"$T/live.cited"
konseki analyze --print 2>"$T/analysed.err" | findings >"$T/replayed.cited"
uncited <"$T/live.cited" >"$T/live"
uncited <"$T/replayed.cited" >"$T/replayed"
differ=$(diff "$T/live.cited" "$T/replayed.cited" | grep -c '^>')
rules() { grep -o '"rule":"[^"]*"' "$T/replayed" | sort -u | wc -l; }
diag "$(wc -l <"$T/live") findings of $(rules) rules; $differ cite other records"
ok 'rules of all kinds found something' [ "$(rules)" -gt 90 ]
same 'what the casebook says is what an analysis finds' "$T/live" \
    "$T/replayed"
ok 'those that cite other records are few' [ "$differ" -lt 10 ]
analyze() { konseki --lang en analyze | sed 's/.*; \([0-9]* new\).*/\1/'; }
is 'and all that is entered by the analysis' "$(analyze)" "$differ new"
is 'which then has nothing to add or to take back' "$(analyze)" '0 new'

# The same evidence, and a casebook that begins with its analysis. Cases that
# were one while it came in stay one (what joined them may have been taken back),
# so each case of the analysis lies within one of those, and none is missing. Of
# an address that more than ten have in common it joins those that came first.
cases() { konseki --lang en case list 2>/dev/null | grep '^[0-9a-f]\{8\}  '; }
differing() { # differing LIST OTHER: cases that the other does not have so
	awk '{ text = substr($0, 11) }
	    NR == FNR { n[text]++; next }
	    n[text]-- <= 0 { print $1 }' "$2" "$1"
}
members() { # the findings of each case of the standard input, one case a line
	while read -r id; do
		konseki --lang en case show "$id" 2>/dev/null | sed -n '
		    s/.*it joins nothing)$/common/p
		    s/^ *finding \([0-9a-f]*\),.*/\1/p' | tr '\n' ' '
		echo
	done
}
cases >"$T/cases.live"
stop "$watch"
site_stop
mv "$S/casebook" "$T/casebook.live"
mv "$S/keys/casebook" "$T/keys.live"
ok 'a new casebook' konseki init --site "$S"
site_start
ok 'in which one analysis enters what it finds' konseki analyze
site_stop
cases >"$T/cases.later"
differing "$T/cases.later" "$T/cases.live" | members >"$T/members.later"
mv "$S/casebook" "$T/casebook.later"
mv "$T/casebook.live" "$S/casebook"
differing "$T/cases.live" "$T/cases.later" | members >"$T/members.live"
diag "$(wc -l <"$T/cases.live") cases, $(wc -l <"$T/cases.later") in one" \
    "analysis; differing: $(wc -l <"$T/members.live"), $(wc -l <"$T/members.later")"
ok 'nearly all are the same' \
    [ $((10 * $(wc -l <"$T/members.later"))) -lt "$(wc -l <"$T/cases.later")" ]
ok 'each of its other cases lies within one of those from before' python3 -c '
import sys
live, later = ([set(l.split()) for l in open(p)] for p in sys.argv[1:])
lost = [c for c in later
        if "common" not in c and not any(c <= d for d in live)]
all_live, all_later = (set().union(*v) - {"common"} for v in (live, later))
sys.exit(lost != [] or all_live != all_later)' \
    "$T/members.live" "$T/members.later"

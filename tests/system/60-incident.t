#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The sample incident from the wire to the people: eight weeks of history come
# in as files, the night over UDP, TCP and TLS; the findings are those that the
# generator of the samples worked out, with their numbers, each time the same
# bytes; they stand in the casebook, reach the next person until somebody takes
# the case, and come out in the reports. Then the same night is watched live.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 38

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
samples=$srcdir/samples
incident=$samples/incident
mkdir -p "$S/tls"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$S/tls/key.pem" -out "$S/tls/cert.pem" -days 2 \
    -subj /CN=sample -addext subjectAltName=IP:127.0.0.1 2>/dev/null
cp -R "$samples/site/ledgers" "$samples/site/calendar.yml" \
    "$samples/site/contacts.yml" "$samples/site/deliver" "$S/"
chmod -R u+w "$S"
site_make <<END
site: {name: 見本病院}
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0, replay: yes}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, replay: yes}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, replay: yes, certificate: tls/cert.pem, key: tls/key.pem}
analyzer: {internal: [192.168.0.0/16, 10.0.0.0/8], vpn: [10.212.134.0/24]}
escalation: {command: [$S/deliver], answer_min: 30}
END
site_start

history() {
	for f in "$incident"/history/fortigate-*.log; do
		konseki import --site "$S" --replay --source fw01 "$f" || return 1
	done >"$T/imported"
	konseki import --site "$S" --replay --source emr01 \
	    "$incident/history/emr01-auth.log" >>"$T/imported" &&
	konseki import --site "$S" --replay --source rtx \
	    "$incident/history/rtx-syslog.log" >>"$T/imported" &&
	konseki import --site "$S" --replay --source emr --encoding cp932 \
	    "$incident/history/emr-access.csv" >>"$T/imported"
}
night() {
	"$samples/tools/play" udp 127.0.0.1 "$(port udp)" \
	    "$incident/night/rtx.log" &&
	"$samples/tools/play" tcp 127.0.0.1 "$(port tcp)" \
	    "$incident/night/fortigate.log" &&
	"$samples/tools/play" tls 127.0.0.1 "$(port tls)" \
	    "$incident/night/emr01.log" "$S/tls/cert.pem"
}
quietly() { "$@" >"$T/said"; }
lines() { cat "$@" | wc -l | tr -d ' '; }

ok 'the history is imported' history
ok 'the night is played over UDP, TCP and TLS' quietly night
sent=$(lines "$incident"/night/*.log)
# shellcheck disable=SC2016 # evaluated again and again
ok 'and all of it is received' wait_for \
    'test "$(for l in udp tcp tls; do messages $l; done | wc -l)" = "$sent"' 20

# What comes out.
konseki analyze --site "$S" --print >"$T/findings"
ok 'the findings are those that must come out' sh -c \
    "'$samples/tools/compare' '$incident/expected.json' <'$T/findings' >'$T/compared' || { cat '$T/compared' >&2; exit 1; }"
konseki analyze --site "$S" --print >"$T/again"
same 'they are the same bytes a second time' "$T/again" "$T/findings"
konseki --lang ja analyze --site "$S" --print >"$T/again"
same 'and in the other language' "$T/again" "$T/findings"
# The same night as somebody else gets it: a copy of the log, without its site.
cp -R "$S/evidence" "$T/copy"
konseki analyze --site "$S" --print "$T/copy" >"$T/again"
same 'a copy of the log gives the same findings' "$T/again" "$T/findings"
konseki analyze --print "$T/copy" >"$T/alone" 2>"$T/err"
is 'without a site it is judged, too' "$?" 0
like 'what that lacks is said' "$(cat "$T/err")" 'there is no ledger'
cp -R "$srcdir/rules" "$T/rules"
chmod -R u+w "$T/rules"
find "$T/rules/detection" -name '*.yml' -exec rm {} +
konseki analyze --site "$S" --print --rules "$T/rules" >"$T/none" 2>"$T/err"
is 'other rules may be tried' "$? $(wc -c <"$T/none")" '0 0'
ok 'nothing of it goes into the casebook' ! \
    konseki analyze --site "$S" --rules "$T/rules" 2>"$T/err"

# The casebook.
konseki --lang en analyze --site "$S" >"$T/analyzed"
like 'they are entered' "$(cat "$T/analyzed")" \
    ' 0 not understood; [1-9][0-9]* new findings, 0 known'
konseki --lang en analyze --site "$S" >"$T/analyzed"
like 'and not a second time' "$(cat "$T/analyzed")" '; 0 new findings'
konseki --lang en case --site "$S" list >"$T/cases"
like 'the night is one case' "$(cat "$T/cases")" \
    '^[0-9a-f]{8} .*critical  open  \[sample\]'
is 'and the only one' "$(lines "$T/cases")" 1
id=$(cut -c1-8 "$T/cases")
konseki --lang en case --site "$S" show "$id" >"$T/case"
ok 'each finding cites its records' grep -q \
    'evidence test.example/evidence #[0-9]* leaf [0-9a-f]\{64\}' "$T/case"
# A citation leads to the line itself.
index=$(sed -n '/\[CFG-02\]/,$s/.*evidence [^ ]* #\([0-9]*\) .*/\1/p' "$T/case" |
    head -n 1)
konseki show --site "$S" --from "$index" --to "$((index + 1))" --messages \
    >"$T/cited"
ok 'and the record is the line' grep -qF 'cfgpath="log.syslogd.setting"' \
    "$T/cited"

# People.
ok 'the first person is told' konseki escalate --site "$S" 2>"$T/err"
is 'by the command, in a file, an executive together with him' \
    "$(ls "$S/outbox" | tr '\n' ' ')" \
    "001-$id-safety.txt 002-$id-director.txt "
ok 'that says it is a sample' grep -q '見本' "$S/outbox/001-$id-safety.txt"
streams=$(records d1 casebook | wc -l)
ok 'while an answer may come, nobody else' konseki escalate --site "$S"
is 'and that nobody was due leaves no record' \
    "$(records d1 casebook | wc -l)" "$streams"
is 'no further file' "$(find "$S/outbox" -name '*.txt' | wc -l | tr -d ' ')" 2
konseki --lang en case --site "$S" ack "$id" --by sato 2>"$T/err"
is 'nobody takes it who is not in the tree' "$?" 1
like 'unless by name' "$(cat "$T/err")" '--name NAME .* outside the tree'
ok 'which is no id' ! konseki case --site "$S" ack "$id" --name safety
ok 'and no escape sequence' ! konseki case --site "$S" ack "$id" \
    --name "$(printf '\033[2J')"
ok 'somebody else takes it' quietly konseki case --site "$S" ack "$id" \
    --name '佐藤 花子'
like 'and stands there as such' "$(konseki --lang en case --site "$S" \
    show "$id")" 'taken by 佐藤 花子 [(]outside the tree[)] [(]command[)]'
ok 'and judges it' quietly konseki case --site "$S" judge "$id" incident \
    --by safety --comment '事案として対応'

# Reports.
reports() {
	konseki review --site "$S" && konseki timeline --site "$S" &&
	    konseki report --site "$S"
}
ok 'the reports are made' quietly reports
ok 'the sheet is that of the night, whatever day it is today' grep -q \
    'ADM-01' "$S/reports/review-2026-11-16-ja.html"
ok 'who took it is named, from outside the tree' sh -c \
    "grep -q '佐藤 花子（連絡網外）' '$S'/reports/report-*.html &&
     grep -q '佐藤 花子（連絡網外）' '$S'/reports/timeline-*.csv"
like 'that the damage report was made stands in the casebook' \
    "$(records o1 casebook)" \
    "action=export what=report log=evidence case=[0-9a-f]{8}\$"
ok 'the timeline holds the login from abroad' grep -q 'tanaka-t' \
    "$S"/reports/timeline-*.csv
site_stop
ok 'the evidence is intact' quietly konseki-verify --pin "$S/evidence/log" \
    "$S/evidence"
ok 'and so is the casebook' quietly konseki-verify --pin "$S/casebook/log" \
    "$S/casebook"

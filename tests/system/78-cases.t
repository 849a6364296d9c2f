#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What people do with findings: the night of the samples is one incident with
# its phases in order; a row of exceptions.csv (as Excel saves it) and somebody's
# silence keep two findings of it quiet, which are recorded and counted all the
# same; wrong rows and wrong silences are refused with the reason; one finding
# is judged normal; what was judged normal twice is proposed as an exception.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 62

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
samples=$srcdir/samples
incident=$samples/incident
mkdir -p "$S"
cp -R "$samples/site/ledgers" "$samples/site/calendar.yml" \
    "$samples/site/contacts.yml" "$S/"
chmod -R u+w "$S"
iconv -f UTF-8 -t CP932 >"$S/ledgers/exceptions.csv" <<'END'
ルール,対象,責任者,理由,開始日,期限,上限
VPN-02,user=tanaka-t,山田 太郎,出張先からの接続,2026/11/01,2026/12/31,
ADM-01,,,だれの許可か不明,2026/11/01,2026/12/31,
OUT,host=1,佐藤 花子,試験,2026/01/01,2026/01/31,緊急
CFG-02,,佐藤 花子,期限なし,2026/11/01,,
END
site_make <<END
site: {name: 見本病院}
analyzer: {internal: [192.168.0.0/16, 10.0.0.0/8], vpn: [10.212.134.0/24]}
END
site_start

case_() { konseki --lang en case --site "$S" "$@"; }
quietly() { "$@" >"$T/said" 2>&1; }
lines() { wc -l <"$1" | tr -d ' '; }
import() {
	for f in "$incident"/history/fortigate-*.log "$incident/night/fortigate.log"; do
		konseki import --site "$S" --replay --source fw01 "$f" || return 1
	done >"$T/imported"
	konseki import --site "$S" --replay --source emr01 \
	    "$incident/history/emr01-auth.log" >>"$T/imported" &&
	konseki import --site "$S" --replay --source emr01 \
	    "$incident/night/emr01.log" >>"$T/imported"
}
ok 'the evidence is imported' import

# A silence needs a person, a reason, an end, and something to be silent about.
refused() { # refused NAME SENTENCE ARG...
	said_name=$1 said_want=$2
	shift 2
	case_ silence "$@" >"$T/out" 2>"$T/err"
	is "$said_name" "$?" 1
	like "it is said why ($said_name)" "$(cat "$T/err")" "$said_want"
}
before=$(records e1 casebook | wc -l)
refused 'a silence without an end' '[-]-until TIME' \
    --rule CFG-01 --by safety --comment work
refused 'about everything' '[-]-rule CODE or --about WHAT' \
    --until 2026-11-23 --from 2026-11-22 --by safety --comment work
refused 'about every rule' '[-]-rule CODE or --about WHAT' --rule '*' \
    --until 2026-11-23 --from 2026-11-22 --by safety --comment work
refused 'about a rule that there is not' "no rule 'ZZZ-99'" --rule ZZZ-99 \
    --until 2026-11-23 --from 2026-11-22 --by safety --comment work
refused 'about a family of rules that there is not' "no rule 'ZZZ-\\*'" \
    --rule 'ZZZ-*' --until 2026-11-23 --from 2026-11-22 --by safety \
    --comment work
refused 'of more than a month' 'at most 31 days' --rule CFG-01 \
    --from 2026-11-01 --until 2026-12-03 --by safety --comment work
cp "$S/konseki.yml" "$T/konseki.yml"
echo 'escalation: {silence_days: 7}' >>"$S/konseki.yml"
refused 'of more than the site allows' 'at most 7 days' --rule CFG-01 \
    --from 2026-11-01 --until 2026-11-09 --by safety --comment work
cp "$T/konseki.yml" "$S/konseki.yml"
refused 'that ends before it begins' 'ends after it begins' --rule CFG-01 \
    --from 2026-11-22 --until 2026-11-21 --by safety --comment work
refused 'until no time' 'tomorrow' --rule CFG-01 \
    --until tomorrow --by safety --comment work
refused "nobody's" 'say who you are' --rule CFG-01 \
    --from 2026-11-22 --until 2026-11-23 --comment work
refused 'of somebody unknown' "has the id 'nobody'" --rule CFG-01 \
    --from 2026-11-22 --until 2026-11-23 --by nobody --comment work
refused 'without a reason' 'a reason is needed' --rule CFG-01 \
    --from 2026-11-22 --until 2026-11-23 --by safety --comment ' '
is 'and none of them left a record' "$(records e1 casebook | wc -l)" "$before"

ok 'one that is in order is recorded' quietly case_ silence --rule 'CFG-01' \
    --about user=FWADMIN --from 2026-11-22 --until 2026-11-23 --by safety \
    --comment '設定の更新作業'
case_ silences >"$T/silences"
like 'and listed, with what it covers and whose it is' \
    "$(cat "$T/silences")" \
    '^[0-9a-f]{8}  (over|in force)  .* serious  CFG-01 user=FWADMIN  0 finding\(s\)  safety: 設定の更新作業'
silence=$(cut -c1-8 "$T/silences")

# The ledger, with its wrong rows.
konseki --lang en analyze --site "$S" >"$T/analyzed" 2>"$T/err"
is 'wrong rows of the ledger do not keep it from being analysed' "$?" 0
like 'a row without an owner is refused, with its place' "$(cat "$T/err")" \
    'exceptions.csv: row 3, column 責任者.*nobody answers for it.*not in force'
like 'so is one without an end' "$(cat "$T/err")" \
    'exceptions.csv: row 5, column 期限.*a date is needed.*not in force'
like 'one that has expired is said' "$(cat "$T/err")" \
    "exceptions.csv: row 4, column 期限 .[A-Z]+4., '2026/01/31'.*it has expired"

# The incident.
case_ list >"$T/cases" 2>"$T/counted"
grep ', incident' "$T/cases" >"$T/incidents"
is 'the night is one incident' "$(lines "$T/incidents")" 1
like 'with its phases in order' "$(cat "$T/incidents")" \
    'critical  open  \[sample\].*, incident  entry > exfiltration > destruction$'
id=$(cut -c1-8 "$T/incidents")
case_ show "$id" >"$T/case"
like 'which is said' "$(cat "$T/case")" 'The phases began in this order'
grep -oE '^(entry|lateral|exfiltration|destruction)  20.*\[[A-Z0-9a-z-]+\]' \
    "$T/case" | sed 's/ .*\[/ /; s/\]//' >"$T/order"
is 'its findings stand in the order of time' \
    "$(tr '\n' ',' <"$T/order")" \
    'entry ACC-01-failure,entry ACC-01,entry VPN-02,entry ADM-01,entry CFG-01,entry ADM-01,exfiltration OUT-08,exfiltration OUT,destruction CFG-02,'
like 'what tells nobody is counted' "$(cat "$T/counted")" \
    'findings that tell nobody: 3 '
case_ quiet >"$T/quiet"
like 'one by the row of the ledger, with who answers for it' \
    "$(cat "$T/quiet")" \
    '\[VPN-02\].*excepted [0-9a-f]{8} 山田 太郎 2026-12-31: 出張先からの接続'
like 'one by the silence' "$(cat "$T/quiet")" "\[CFG-01\].*silenced $silence"
like 'one that another finding says already' "$(cat "$T/quiet")" \
    "\[OUT-08\].*inhibited by $(sed -n 's/.*finding \([0-9a-f]\{16\}\).*, casebook.*/\1/p' \
    "$T/case" | sed -n 8p)"
like 'the silence counts its own' "$(case_ silences)" '1 finding\(s\)'
ok 'both are in the casebook' sh -c \
    "konseki show --site '$S' --log casebook --messages >'$T/book' &&
     grep -q '\"rule\":\"VPN-02\".*\"excepted\":\"' '$T/book' &&
     grep -q '\"rule\":\"CFG-01\"' '$T/book'"
like 'what is critical is not silent by it' "$(cat "$T/case")" \
    'critical  \[ADM-01\]'

# The same once more.
konseki analyze --site "$S" --print 2>/dev/null >"$T/one"
konseki analyze --site "$S" --print 2>/dev/null >"$T/two"
same 'findings are the same bytes a second time' "$T/one" "$T/two"
like 'and nothing of it is new' "$(konseki --lang en analyze --site "$S" \
    2>/dev/null)" '; 0 new findings'
case_ list >"$T/again"
same 'nor are the cases others' "$T/again" "$T/cases"

# One finding is judged.
out=$(sed -n 's/.*finding \([0-9a-f]*\), casebook.*/\1/p' "$T/case" | sed -n 8p)
ok 'a finding is judged by itself' quietly case_ judge "$(echo "$out" |
    cut -c1-16)" normal --by safety --comment '夜間の転送'
case_ list >"$T/judged"
like 'its case goes on without it' "$(grep "^$id" "$T/judged")" \
    'open .*entry > destruction$'
like 'which it says' "$(case_ show "$out")" \
    'judged: judged normal by safety 夜間の転送'
ok 'a finding that there is not is refused' ! case_ judge ffffffffffff normal \
    --by safety --comment x
ok 'and no judgement without a reason' ! case_ judge "$id" normal --by safety

# The silence ends.
ok 'a silence that there is not cannot end' ! case_ unsilence 00000000 \
    --by safety --comment x
ok 'somebody ends the silence' quietly case_ unsilence "$silence" \
    --name '佐藤 花子' --comment '作業終了'
like 'it is ended, and what it kept quiet stays counted' \
    "$(case_ silences)" "^$silence  ended .*1 finding"

# The weekly review.
konseki --lang ja review --site "$S" --week 2026-11-16 >"$T/said" 2>"$T/err"
page=$S/reports/review-2026-11-16-ja.html
ok 'the review begins with the incident, its phases on the left' sh -c \
    "grep -q 'class=\"inc\".*事案 $id' '$page' &&
     grep -q '<tr><th>侵入</th>' '$page' && grep -q '<tr><th>破壊</th>' '$page'"
like 'and says who told nobody' "$(grep 'class="src hush"' "$page")" \
    "記録のみ（通知なし）の検出： 3　例外 1（.*山田 太郎.*通知停止 1（$silence"

# What is normal again and again is proposed, and no more than that.
case_ exceptions >"$T/none" 2>"$T/err"
is 'one judgement proposes nothing' "$(lines "$T/none")" 0
twice() {
	for n in 1 2; do
		f=$(printf "$n%063d" 0)
		"$builddir/tests/system/submit_finding" "$S" "$f" 3 || return 1
		case_ judge "$f" normal --by safety --comment '=定期の"転送"' || return 1
	done
}
ok 'the same thing is judged normal twice' quietly twice
case_ exceptions >"$T/proposed"
like 'it is proposed as a row, no formula in it' "$(cat "$T/proposed")" \
    '^"outbound-volume","host=192.168.20.10","safety","'"'"'=定期の""転送""","20[0-9/]+","20[0-9/]+","serious","judged normal 2 of 2 times"'
tail -n 1 "$T/proposed" | cut -d, -f1-7 |
    (echo 'ルール,対象,責任者,理由,開始日,期限,上限'; cat) \
    >"$S/ledgers/exceptions.csv"
konseki --lang en analyze --site "$S" >"$T/said" 2>"$T/err"
is 'and the row is one that the ledger takes' \
    "$? $(grep -c 'exceptions.csv:' "$T/err")" '0 0'
ok 'a family of rules that there is can be silent' quietly case_ silence \
    --rule 'CFG-*' --until 2026-11-23 --from 2026-11-22 --by safety \
    --comment work
site_stop

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Before an access log is imported one looks at what konseki would make of it:
# --preview shows the first records column by column, the time and the fields
# that the analysis would have, and what it would not understand and why, in
# Japanese and English. It needs no collector and writes nothing.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 48
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
printf 'ユーザーID,氏名,時刻,予備欄,操作情報\r\nabc,"山田\r\n太郎",2026/11/20 8:30:00,x,ログイン\r\ndef,,きのう,,閲覧\r\n,x,2026/11/20 8:30:00,,閲覧\r\na,b\r\n' >"$T/typed"
find "$S" -type f -exec sha256sum {} + >"$T/before"
# look LANG ARG...: the preview in $T/said.
look() {
	lang=$1
	shift
	konseki --lang "$lang" import --site "$S" --preview "$@" >"$T/said" 2>"$T/err"
}
iconv -f UTF-8 -t CP932 "$T/typed" >"$T/emr.csv"
ok 'a preview' look en --mapping emr-access "$T/emr.csv"
said=$(cat "$T/said")
like 'encoding, unit and mapping' "$said" 'emr.csv: cp932, records: csv, mapping: emr-access'
like 'what the columns mean' "$said" '^    3 時刻 -> time$'
like 'a column that means nothing' "$said" '^    4 予備欄 -> \(kept, not analysed\)$'
like 'a cell by its column' "$said" '^    1 ユーザーID \(user_id\): abc$'
like 'a cell of two lines' "$said" '^    2 氏名 \(name\): 山田\\x0d\\x0a太郎$'
like 'what the analysis will have' "$said" \
    '= emr-access @timestamp=2026-11-20T08:30:00\+09:00 .*user.name=abc .*konseki.operation=ログイン'
like 'a time that is none' "$said" '! its time was not understood'
like 'a user who is not named' "$said" '! not understood: a column that must be filled is empty'
like 'cells that are not there' "$said" '! 2 cells, but 5 titles'
like 'the sum' "$said" '^5 records shown: 2 understood, 1 name the columns, 2 not understood. Nothing was imported.$'
look ja --rows 2 "$T/emr.csv"
like 'the same in Japanese, two records, the format found' "$(cat "$T/said")" \
    '^2件を表示: 解釈できた記録1件、見出し行1件、解釈できない記録0件。取り込みはしていません。$'
like 'and the columns' "$(cat "$T/said")" '書式 emr-access による'
for e in UTF-8 EUC-JP ISO-2022-JP UTF-16; do
	iconv -f UTF-8 -t "$e" "$T/typed" >"$T/$e.csv"
	look en "$T/$e.csv"
	like "$e is read by itself" "$(cat "$T/said")" '^5 records shown: 2 understood, 1 name'
done
{ printf '\357\273\277'; cat "$T/typed"; } >"$T/bom.csv"
look en "$T/bom.csv"
like 'a byte order mark is no part of the first title' "$(cat "$T/said")" '1 ユーザーID -> user_id'
sed 1d "$T/typed" >"$T/headless.csv"
look en --mapping emr-access "$T/headless.csv"
like 'without titles it is said what is missing' "$(cat "$T/said")" \
    '! not understood: no record so far names the columns'
printf '<13>Nov 20 08:30:00 host sshd[12]: Accepted password for x from 192.0.2.4 port 22 ssh2\nzzz\n' >"$T/a.log"
look en "$T/a.log"
like 'a log of lines' "$(cat "$T/said")" '= linux-auth .*user.name=x source.ip=192.0.2.4'
like 'and a line of no format' "$(cat "$T/said")" '! no format knows it'
printf 'a\033[2J\nb\n' >"$T/esc.log"
look en "$T/esc.log"
ok 'a terminal is not driven' ! grep -q "$(printf '\033')" "$T/said"
ok 'a format that there is not' ! look en --mapping nothing "$T/a.log"
ok 'no rows are no preview' ! look en --rows 0 "$T/a.log"
ok 'a file that is not there' ! look en "$T/nothing"
if command -v python3 >/dev/null; then
	(cd "$T" && python3 -m zipfile -c two.zip emr.csv a.log)
	ok 'a ZIP file' look en "$T/two.zip"
	is 'each member' "$(grep -c ' records shown: ' "$T/said")" 2
else
	skip 2 'no python3'
fi
gzip -c "$T/emr.csv" | head -c 60 >"$T/cut.csv.gz"
ok 'what is damaged is said' ! look en "$T/cut.csv.gz"
like 'and why' "$(cat "$T/err")" 'the packed data ends too early'

# What is not understood of the command itself: which option, what it takes.
while read -r args want; do
	# shellcheck disable=SC2046 # options, one a word
	konseki --lang en import --site "$S" $(echo "$args" | tr , ' ') \
	    "$T/emr.csv" >"$T/said" 2>"$T/err"
	is "a wrong call ($args)" "$?" 2
	like 'is said as such' "$(cat "$T/err")" "$want"
done <<'END'
--encoding,foo --encoding does not take 'foo': it takes auto|utf-8|cp932
--records,foo --records does not take 'foo': it takes auto|line|csv
--preview,--rows,abc --rows does not take 'abc': it takes a number from 1 to 1000
--preview,--rows,0 --rows does not take '0'
--rows,5 --rows is for --preview
END
konseki --lang en devices --site "$S" --json --csv >"$T/said" 2>"$T/err"
is 'two forms of a list at once' "$?" 2
like 'are said to be so' "$(cat "$T/err")" '--json and --csv do not go together'

find "$S" -type f -exec sha256sum {} + >"$T/after"
same 'nothing was written' "$T/before" "$T/after"
site_start
for e in UTF-16 ISO-2022-JP; do
	ok "$e is imported" konseki import --site "$S" --replay --source emr01 "$T/$e.csv"
done
ok 'and the analysis takes it' konseki --lang en analyze --site "$S"
site_stop
verified

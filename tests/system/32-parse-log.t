#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# An investigator wants the events of a log: as documents, as a table for Excel,
# as lines to read; each with the record that it was read from.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 19
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES

site_make <<'END'
listeners: []
END
site_start
cat >"$T/fw.log" <<'END'
<189>date=2026-11-20 time=14:03:05 devname="FW1" devid="FG1" logid="0000000013" type="traffic" subtype="forward" srcip=10.0.0.5 dstip=203.0.113.9 dstport=443 proto=6 action="deny"
=HYPERLINK("http://203.0.113.66/") is a line that no format knows
END
printf 'ユーザーID,氏名,時刻,カテゴリ,操作情報\r\nabc@def,a,2023/5/16 8:30:00,管理メニュー,ログイン\r\n' |
    iconv -f UTF-8 -t CP932 >"$T/emr.csv"
konseki import --site "$S" "$T/fw.log" "$T/emr.csv" >"$T/said" 2>&1 ||
    diag "$(cat "$T/said")"

konseki parse --site "$S" >"$T/json"
is 'a document for each record' "$(wc -l <"$T/json" | tr -d ' ')" 4
like 'with the record and the time of its receipt' "$(sed -n 1p "$T/json")" \
    '"created":"[0-9T:.-]+Z","id":"test\.example/evidence#[0-9]+"'
is 'and {} for a line that no format knows' "$(sed -n 2p "$T/json")" '{}'
index=$(sed -n '1s/.*evidence#\([0-9]*\)".*/\1/p' "$T/json")
like 'the number is that of konseki show' \
    "$(konseki show --site "$S" --from "$index" --to "$index")" 'devname="FW1"'
konseki parse "$S" >"$T/same"
same 'the folder of the site is enough' "$T/json" "$T/same"
konseki parse "$S/evidence" >"$T/same"
same 'so is that of the log' "$T/json" "$T/same"
like 'dotted names' "$(konseki parse --output flat "$S" | sed -n 1p)" \
    '"source\.ip":"10\.0\.0\.5"'

konseki parse --output csv "$S" >"$T/csv"
is 'a table with BOM and CRLF' "$(head -c 3 "$T/csv" | od -An -tx1 |
    tr -d ' \n') $(grep -c "$(printf '\r')$" "$T/csv")" 'efbbbf 5'
like 'with who, where and what' "$(sed -n 2p "$T/csv")" \
    '^"test\.example/evidence#[0-9]+",".*Z","2026-11-20T14:03:05\+09:00","FW1",.*"traffic-denied",.*"10\.0\.0\.5".*"fortigate"'
like 'a line that a spreadsheet would run is text' "$(sed -n 3p "$T/csv")" \
    ",\"'=HYPERLINK"
is 'columns as they are asked for' "$(konseki parse --output csv \
    --columns 'user.name,konseki.menu,raw' "$S" | tail -n 1 | tr -d '\r')" \
    '"abc@def","管理メニュー","abc@def,a,2023/5/16 8:30:00,管理メニュー,ログイン"'
is 'lines for people' "$(konseki parse --output text "$S" | sed -n 1p)" \
    "$index  2026-11-20T14:03:05+09:00  FW1  traffic-denied success  10.0.0.5 -> 203.0.113.9:443 tcp  [fortigate]"
is 'show has them beside the record' "$(konseki show --site "$S" --events |
    awk -v i="$index" '$1 == i' | sed 's/.*(imported) //')" \
    '2026-11-20T14:03:05+09:00  FW1  traffic-denied success  10.0.0.5 -> 203.0.113.9:443 tcp  [fortigate]'
last=$(konseki show --site "$S" --source emr.csv | tail -n 1 | cut -d ' ' -f 1)
like 'a row is read by the titles before it' \
    "$(konseki show --site "$S" --events --from "$last" --to "$last")" \
    'user=abc@def .*\[emr-access\]$'
is 'unknown lines of the log, by source' \
    "$(konseki formats unknown "$S" | sed -n '1p;3p')" \
    'fw.log: 1 of 2 lines are not understood
     *) is a line that no format knows'
is 'that somebody read it is recorded' "$(records o1 casebook |
    grep -c 'action=export what=parse log=evidence')" 7

# --- by several threads: titles and rows of a table in different batches, and
# lines of an encoding that the one before them shows
awk 'BEGIN { for (i = 0; i < 5000; i++) {
	printf "<189>date=2026-11-20 time=14:03:05 devname=\"FW1\" devid=\"FG1\""
	printf " logid=\"0000000013\" type=\"traffic\" subtype=\"forward\""
	printf " srcip=10.0.%d.%d action=\"deny\"\n", i / 250, i % 250
	if (i % 7 == 0) print "a line that no format knows " i
} }' >"$T/big.log"
{
	sed -n 1p "$T/emr.csv"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		awk -v i="$i" 'NR == 2 { for (k = 0; k < 300; k++) print }' \
		    "$T/emr.csv"
	done
} >"$T/emr2.csv"
konseki import --site "$S" "$T/big.log" "$T/emr2.csv" >"$T/said" 2>&1 ||
    diag "$(cat "$T/said")"
konseki parse "$S" >"$T/one"
konseki parse --jobs 3 "$S" >"$T/three"
same 'three threads print what one does' "$T/one" "$T/three"
is 'with every row of the table' "$(grep -c '"menu":"管理メニュー"' "$T/three")" \
    3001
site_stop

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Files in the encodings of Japanese hospitals become records at the right
# places and stay what they are, byte for byte: a byte inside a character is no
# line end, a quoted cell of several lines is one record, an event that Windows
# exported is one record, with or without a root element, in UTF-16 too. What
# was detected is recorded.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 56
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start

# file NAME ENCODING BOM: what is typed, in that encoding, as $T/NAME.
file() {
	printf '%b' "$3" >"$T/$1"
	python3 -c 'import sys; sys.stdout.buffer.write(
	    sys.stdin.buffer.read().decode().encode(sys.argv[1]))' "$2" >>"$T/$1"
}
# import NAME RECORDS UNIT ENCODING [OPTION...]: three checks; the stream is
# $stream.
import() {
	name=$1 want=$2 how="unit=$3 encoding=$4"
	shift 4
	konseki --lang en import --site "$S" "$@" "$T/$name" >"$T/said" 2>"$T/err"
	is "$name is imported" "$? $(cat "$T/err")" '0 '
	like "$name: $want records, $how" "$(cat "$T/said")" " records=$want .* $how\$"
	stream=$(sed -n 's/.* stream=\([0-9]*\) .*/\1/p' "$T/said")
	konseki show --site "$S" --raw --stream "$stream" >"$T/kept"
	same "$name is there byte for byte" "$T/kept" "$T/$name"
}
# body N: the n-th record of the stream, in hex.
body() {
	konseki show --site "$S" --stream "$stream" | awk -v n="$1" 'NR == n { print $1 }' |
	    xargs -I{} konseki show --site "$S" --raw --from {} --to {} | od -An -tx1 | tr -d ' \n'
}

text='利用者,操作\r\nabc,表示、予約\r\n上 ਊ,終\r\n'
for e in utf-8:utf-8: cp932:cp932: euc-jp:euc-jp: iso-2022-jp:iso-2022-jp: \
    utf-16-le:utf-16le:'\0377\0376' utf-16-be:utf-16be:'\0376\0377' \
    utf-8:utf-8:'\0357\0273\0277'; do
	python=${e%%:*} rest=${e#*:}
	case $python in utf*) t=$text ;; *) t='利用者,操作\r\nabc,表示、予約\r\n上,終\r\n' ;; esac
	n=$((n + 1))
	printf '%b' "$t" | file "t$n-${rest%%:*}.txt" "$python" "${rest#*:}"
	import "t$n-${rest%%:*}.txt" 3 line "${rest%%:*}"
done
like 'UTF-16 has no framing of one byte' \
    "$(records d1 | grep encoding=utf-16le)" ' framing=none .* unit=line'
# U+0A0A in the third line is two bytes 0x0A, and no end of it.
is 'the third line of UTF-16' "$(stream=$(records d1 |
    sed -n 's/.* stream=\([0-9]*\) .*encoding=utf-16le.*/\1/p') &&
    body 3)" 0a4e20000a0a2c00427d0d000a00
printf '<13>one\r\n<13>two\r\n' | file nobom.txt utf-16-le ''
import nobom.txt 2 line utf-16le

# The quotes of ISO-2022-JP are halves of characters: "," in the middle too.
printf 'ユーザーID,氏名,時刻\r\nabc,"予約、会計\r\n「終」",2026/11/20 8:30:00\r\ndef,"山田 ""太郎""",2026/11/20 8:31:00\r\n' \
    >"$T/typed"
for e in cp932 euc-jp iso-2022-jp utf-8; do
	file "access-$e.csv" "$e" '' <"$T/typed"
	import "access-$e.csv" 3 csv "$e" --mapping emr-access --replay
done
mapping=$(sha256sum "$srcdir/rules/formats/emr-access.yml" | cut -d ' ' -f 1)
like 'mapping and its hash are recorded' "$(records d1 | grep access-cp932)" \
    "mapping=emr-access mapping-sha256=$mapping unit=csv"
printf 'a,"never closed\nb,c\nd,e\n' >"$T/open.csv"
konseki --lang en import --site "$S" "$T/open.csv" >"$T/said" 2>"$T/err"
like 'a quote that never closes swallows nothing' "$(cat "$T/said")" ' records=3 '
like 'and that is said' "$(cat "$T/err")" '1 lines begin a quote that never closes'

event() {
	printf "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>%s</EventID></System><EventData><Data>ログオン\r\n&lt;/Event&gt;</Data></EventData></Event>" "$1"
}
{ event 4624; event 4625; event 4634; } | file wevtutil.xml utf-8 ''
import wevtutil.xml 3 event utf-8
{
	printf '<?xml version="1.0" encoding="utf-16" standalone="yes"?>\r\n<Events>'
	event 4624
	event 4672
	printf '</Events>'
} | file viewer.xml utf-16-le '\0377\0376'
import viewer.xml 4 event utf-16le
printf 'レベル,日付と時刻,ソース,イベント ID,タスクのカテゴリ\r\n情報,2026/11/20 8:30:00,Microsoft-Windows-Security-Auditing,4624,Logon,"アカウントが正常にログオンしました。\r\n\r\nサブジェクト:\r\n\tセキュリティ ID:\t\tSYSTEM"\r\n情報,2026/11/20 8:31:00,Microsoft-Windows-Security-Auditing,4634,Logoff,"アカウントがログオフしました。\r\n"\r\n' |
    file events.csv utf-8 '\0357\0273\0277'
import events.csv 3 csv utf-8

# All of the first MiB is ASCII but half a character, its last byte.
{
	awk 'BEGIN { for (i = 0; i < 65535; i++) print "<13>some line."
		printf "%015d", 0 }'
	printf '約\n予約あり\n' | iconv -f UTF-8 -t CP932
} >"$T/late.log"
import late.log 65537 line cp932
site_stop
verified

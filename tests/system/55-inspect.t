#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What an on-site inspection asks to see, in one folder: in the order of the
# guidance, from the records, and nothing that is not known made up.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 33

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
history=$srcdir/samples/incident/history
mkdir -p "$S"
cp -R "$srcdir/samples/site/ledgers" "$srcdir/samples/site/calendar.yml" \
    "$srcdir/samples/site/contacts.yml" "$S/"
chmod -R u+w "$S"
site_make <<END
site: {name: 見本病院, language: ja}
listeners: []
analyzer: {internal: [192.168.0.0/16, 10.0.0.0/8], vpn: [10.212.134.0/24]}
END
site_start

# A vendor's session of the plan, one that no plan covers, and a line that would
# be markup.
grep -h vendor01 "$history/fortigate-2026-11-16.log" >"$T/fw.log"
grep -h vendor01 "$history/fortigate-2026-11-16.log" |
    sed 's/2026-11-18 time=2/2026-11-19 time=2/; s/eventtime=[0-9]*/eventtime=0/;
	s/tunnelid=487829078/tunnelid=487829079/' >>"$T/fw.log"
cat >>"$T/fw.log" <<'END'
<189>date=2026-11-19 time=21:30:00 devname="fw01" devid="FGT60FTK26000001" tz="+0900" logid="0100032001" type="event" subtype="system" level="information" vd="root" logdesc="Admin login successful" user="<script>alert(1)</script>" ui="https(192.168.10.50)" method="https" srcip=192.168.10.50 dstip=192.168.10.1 action="login" status="success" reason="none" msg="x"
END
printf 'ユーザーID,氏名,時刻,カテゴリ,操作情報,患者ID\r\nsato-k,佐藤健,2026/11/19 9:00:00,入力メニュー,カルテ参照,P-771\r\n' \
    >"$T/emr.csv"
{
	konseki import --replay --source fw01 "$T/fw.log" &&
	konseki import --replay --source emr "$T/emr.csv" &&
	konseki analyze
} >"$T/said" 2>&1

konseki inspect --output "$T/out" >"$T/said"
D=$(sed -n 's,/index.html$,,p' "$T/said")
ok 'it says where it is' test -s "$D/index.html"
is 'and how many files there are' "$(ls "$D" | wc -l | tr -d ' ')" \
    "$(sed -n 's/全\([0-9]*\)ファイル/\1/p' "$T/said")"
# cells PAGE: its text, a line for each cell.
cells() {
	sed 's/<[^>]*>/\n/g' "$D/$1" | grep -v '^ *$'
}
is 'the index has the order of the guidance' \
    "$(cells index.html | grep -xE '2-①|3-①|3-③|4|アクセスログ' | tr '\n' ' ')" \
    '2-① 3-① 3-③ 4 アクセスログ '
like 'the plan for continuity is asked for, not made up' \
    "$(cells index.html)" '施設で策定した現物を添えてください'
for page in $(sed -n 's/.*href="\([^"]*\)".*/\1/p' "$D/index.html"); do
	echo "$page"
done | sort -u >"$T/linked"
is 'each paper is linked' "$(wc -l <"$T/linked" | tr -d ' ')" 9
ok 'and there' sh -c "cd '$D' && xargs ls <'$T/linked'"

like 'a device of the ledger without logs' \
    "$(grep -A1 PACS01 "$D/01-ledgers.html")" 'PACS01.*受信なし'
like 'an account, and when it was used last' "$(cells 01-ledgers.html |
    grep -A7 vendor01 | tr '\n' ' ')" 'vendor01 .* 2 11/19'
like 'one that is in no ledger' "$(cells 01-ledgers.html)" \
    '^&lt;script&gt;alert\(1\)&lt;/script&gt;$'
like 'the tree has its numbers' "$(cells 02-contacts.html | tr '\n' ' ')" \
    '安全管理責任者 佐々木 誠 内線 101'
like 'what nobody filled in is a blank' \
    "$(cells 02-contacts.html | tr '\n' ' ')" '外部有識者 未記入'
is 'the ministry stands there once, by the tree' \
    "$(cells 02-contacts.html | grep -c 03-6812-7837)" 1
like 'whom the tree lacks the dated table has' "$(cells 02-contacts.html)" \
    '個人情報保護委員会'
like 'clauses have the settings' "$(cells 03-rules.html | tr '\n' ' ')" \
    '週の終わりから 3 日を過ぎても署名がない.* 7 日を過ぎた'
like 'what is not set is said' "$(cells 03-rules.html)" '承認者2名：未設定'

is 'the sample is as received' "$(wc -l <"$D/05-sample.txt" | tr -d ' ')" 4
ok 'byte for byte' sh -c \
    "grep -Fxq -f '$T/fw.log' '$D/05-sample.txt' && ! grep -vFx -f '$T/fw.log' '$D/05-sample.txt' | grep -qv ユーザーID"
ok 'a record about a patient is left out' ! grep -q 'P-771' -r "$D"
like 'and said to be' "$(cat "$D/05-sample.csv")" '患者に関する記録'
is 'CSV for Excel' "$(head -c 3 "$D/05-sample.csv" | od -An -tx1)" ' ef bb bf'
ok 'no page has a script' ! grep -qi '<script' "$D"/*.html

like 'sessions against plans' "$(cells 07-maintenance.html)" \
    '接続 2件：計画あり 1件（うち事後登録 0件）、計画外 1件'
like 'what no plan covers comes first' \
    "$(cells 07-maintenance.html | grep -xE '計画外|計画あり' | head -1)" 計画外
like 'with its record' "$(grep '計画外</b>' "$D/07-maintenance.html")" \
    'evidence<wbr>#[0-9]+<wbr> <b>[0-9a-f]{16}'
like 'plans that nobody came for' "$(cells 07-maintenance.html)" \
    '接続の記録がない作業計画: 7'
is 'nothing is ticked' "$(grep -c ☑ "$D/08-checklist.html")" 0
is 'all 18 items' "$(grep -c 'class="yn"' "$D/08-checklist.html")" 18
like 'the letter names where to send to and what comes already' \
    "$(cells 09-vendor.html | tr '\n' ' ')" 'FortiGate .*収集機のIP.*受信あり'
site_stop

konseki review --month 2026-11 --output "$T/out" >"$T/said"
like 'the month for the executives' "$(sed 's/<[^>]*>/\n/g' "$(cat "$T/said")" |
    grep -v '^ *$' | tr '\n' ' ')" \
    '月次報告.*事案（疑いを含む） .* 外部への通信量 .* 安全管理責任者'
konseki --lang en review --month 2026-11-01 >"$T/out.txt" 2>"$T/err"
like 'what is no month' "$(cat "$T/err")" 'no month'

konseki --lang en inspect --day 2020-01-01 --output "$T/out" >"$T/said" 2>"$T/err"
is 'a day outside the period' "$?" 1
rm "$S/ledgers/accounts.csv"
printf 'x\n' >"$S/ledgers/accounts.csv"
konseki --lang en inspect --output "$T/out" >"$T/said" 2>"$T/err"
like 'a ledger that cannot be read leaves its table empty and says so' \
    "$(cat "$T"/out/*-en/01-ledgers.html)" 'account ledger could not be read'

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What is told to whom: the executives, the ministry, the commission, the
# police, the common form, the public. Items come from dated tables; each report
# is a step in the casebook with the hash of its file and of the one before it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 50

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
samples=$srcdir/samples
mkdir -p "$S"
cp -R "$samples/site/ledgers" "$samples/site/calendar.yml" \
    "$samples/site/contacts.yml" "$S/"
chmod -R u+w "$S"
site_make <<END
site: {name: "=見本<b>病院", language: ja}
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
analyzer: {internal: [192.168.0.0/16, 10.0.0.0/8], vpn: [10.212.134.0/24]}
END
site_start
{
	konseki import --replay --source fw01 \
	    "$samples/incident/night/fortigate.log" &&
	konseki import --replay --source emr01 "$samples/incident/night/emr01.log"
} >"$T/imported" 2>&1
ok 'the night is analysed' konseki analyze
# The gravest: that of the server that sent 40 GB.
konseki report --output "$T/first" >"$T/said" 2>"$T/err"
case=$(sed -n 's|.*/report-\([0-9a-f]*\)-ja.html|\1|p' "$T/said")
like 'a report names its case' "$case" '^[0-9a-f]{8}$'
ok 'somebody knew' konseki case aware "$case" --at 2026-11-20T09:00 --name 佐藤
ok 'and wrote it down' konseki case note "$case" --name 佐藤 \
    --at 2026-11-20T09:10 --comment '=HYPERLINK("x") バックアップを切り離した'
ok 'with a patient in it' konseki case note "$case" --name 佐藤 \
    --at 2026-11-20T09:20 --comment '患者ID 12345678 の印刷を止めた。患者番号：00123456'
konseki find 203.0.113.250 >"$T/found" 2>&1

forms='executives mhlw ppc-first ppc-final police common public'
for form in $forms; do
	konseki report --for $form >"$T/said" 2>"$T/err"
	is "a report for $form: page and workbook" \
	    "$? $(sed 's|.*/||' "$T/said" | tr '\n' ' ')" \
	    "0 report-$case-$form-ja.html report-$case-$form-ja.xlsx "
done
R=$S/reports
items() {
	sed -n 's/.*class="item">\([^<]*\)<.*/\1/p' "$1" | tr '\n' '|'
}
like 'for the executives: the headings of the guidance, in order' \
    "$(items "$R/report-$case-executives-ja.html")" \
    '^異常が発見された日\|異常が発生している箇所や診療への影響\|今後の被害拡大の可能性\|攻撃元\(判明する場合\)\|攻撃手法\(判明する場合\)\|被害発生の変因\|講じる対応策 等\|'
like 'with what the guidance says of paying' \
    "$(cat "$R/report-$case-executives-ja.html")" \
    '金銭の支払いは、犯罪組織に対して支援を行うことと同義であり、厳に慎むこと'
konseki --lang en report --for executives --output "$T/en" >"$T/said" 2>"$T/err"
like 'in English, too' "$(cat "$T/en/report-$case-executives-en.html")" \
    'To pay a ransom is the same as to support a criminal organisation'
is 'for the public: those of the plan, in order' \
    "$(items "$R/report-$case-public-ja.html")" \
    '知覚日時|現象|被害範囲|想定される攻撃経路|1次対応|患者対応|復旧状況|事後対策|'
is 'for the commission: nine items' \
    "$(grep -o '<td class="i">([0-9])' "$R/report-$case-ppc-final-ja.html" | wc -l)" 9
ok 'the public reads no address' ! sh -c \
    "sed 's/<span class=\"src\">.*//' '$R/report-$case-public-ja.html' | grep -E '[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+|emr01'"


# What names a patient leaves the IT room masked, on page and in workbook.
for f in "$R"/report-"$case"-*.xlsx; do
	mkdir "$T/open" && (cd "$T/open" && python3 -m zipfile -e "$f" . && cat xl/*/*.xml)
	rm -r "$T/open"
done >"$T/books"
is 'no patient is named' \
    "$(cat "$T/books" "$R"/report-"$case"-*.html | grep -c '12345678\|00123456')" 0
like 'the page has it masked' "$(cat "$R/report-$case-executives-ja.html")" \
    '患者ID \*\*\*\*78 の印刷を止めた。患者番号：\*\*\*\*56'
is 'and so have items and timeline of the workbooks' \
    "$(grep -o '患者ID \*\*\*\*78' "$T/books" | wc -l)" 12
page=$R/report-$case-ppc-first-ja.html
ok 'the time of awareness is that of the casebook' grep -q \
    '覚知日時（事案簿の記録）： 2026年11月20日(金) 09:00:00' "$page"
ok 'the days of the preliminary report' grep -q \
    '2026年11月22日(日) ～ 2026年11月24日(火)' "$page"
ok 'of the final one: an open day' grep -q '2026年12月21日(月)' \
    "$R/report-$case-ppc-final-ja.html"
ok 'and with an improper purpose' grep -q '2027年1月18日(月)' \
    "$R/report-$case-ppc-final-ja.html"
ok 'who is meant stays open' grep -q '本人の数（概数）と数え方' "$page"
ok 'the amount is a range with its derivation' sh -c \
    "grep -q '外部への送信量（幅）' '$page' && grep -q '上限：' '$page' && grep -q '下限：' '$page'"
ok 'a search that found nothing, with what it covered' grep -q \
    '該当なし：指標1件、受信 .*不検出証明書 search-' "$page"
ok 'contradictions have their place' grep -q '食い違い' "$page"

konseki report --output "$T/second" >"$T/said" 2>&1
ok 'the damage report says when it was known' grep -q \
    '覚知日時（事案簿の記録）： 2026年11月20日(金) 09:00:00' \
    "$T/second/report-$case-ja.html"

# The chain: the second names the hash of the first.
one=$R/report-$case-police-ja.html
like 'the first has none before it' "$(cat "$one")" '前の報：なし'
hash=$(sha256sum <"$one" | cut -d ' ' -f 1)
konseki report --for police >"$T/said" 2>&1
like 'the second is the second' "$(cat "$one")" '第2報'
ok 'and names the first by its hash' grep -q "$hash" "$one"
hash2=$(sha256sum <"$one" | cut -d ' ' -f 1)
konseki show --log casebook >"$T/book"
ok 'both are steps of the casebook' sh -c \
    "grep -aq '\"sheet\":\"$hash\",\"before\":\"\"' '$T/book' &&
     grep -aq '\"sheet\":\"$hash2\",\"before\":\"$hash\"' '$T/book'"

# The workbook, read by somebody else's program.
cat >"$T/xlsx.py" <<'END'
import sys, zipfile
import xml.etree.ElementTree as ET
N = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
names = z.namelist()
for part in ('[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml',
             'xl/_rels/workbook.xml.rels', 'xl/styles.xml'):
    ET.fromstring(z.read(part))
book = ET.fromstring(z.read('xl/workbook.xml'))
sheets = [s.get('name') for s in book.iter(N + 'sheet')]
cells = []
for i in range(len(sheets)):
    t = ET.fromstring(z.read('xl/worksheets/sheet%d.xml' % (i + 1)))
    assert not list(t.iter(N + 'f'))
    for c in t.iter(N + 'c'):
        assert c.get('t') == 'inlineStr'
        cells.append(''.join(x.text or '' for x in c.iter(N + 't')))
print(len(sheets), len(cells) > 100)
print(any(c.startswith(('=', '+', '-', '@')) for c in cells))
print([c for c in cells if c.startswith("'=")])
print([c for c in cells if '覚知日時' in c][:1])
END
python3 "$T/xlsx.py" "$R/report-$case-common-ja.xlsx" >"$T/cells" 2>&1
is 'three sheets of texts' "$(sed -n 1p "$T/cells")" '3 True'
is 'no cell begins like a formula' "$(sed -n 2p "$T/cells")" False
like 'but with an apostrophe' "$(sed -n 3p "$T/cells")" "'=見本<b>病院"
like 'the items of the form are in it' "$(sed -n 4p "$T/cells")" '覚知日時'
python3 "$T/xlsx.py" "$R/report-$case-public-ja.xlsx" >"$T/cells" 2>&1
is 'the workbook for the public has no timeline' \
    "$(sed -n 1p "$T/cells" | cut -d ' ' -f 1)" 2
is 'and no address in it' "$(
	mkdir "$T/open" && cd "$T/open" &&
	    python3 -m zipfile -e "$R/report-$case-public-ja.xlsx" . &&
	    cat xl/worksheets/*.xml | grep -c '192[.]168[.]\|10[.]212[.]'
)" 0
if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then
	ok 'every page is sound in a browser' python3 \
	    "$srcdir/tests/system/browser.py" 390 "$R"/report-"$case"-*-ja.html
else
	skip 1 'chromium is not installed'
fi

# A connection of a device is no device of its own.
"$builddir/tests/system/submit_finding" "$S" "$(printf '%064d' 0 | tr 0 9)" 4 \
    192.168.20.10 fw01/wan1 FGT60FTK26000001/wan1 >"$T/said" 2>&1
konseki report --for public --case 99999999 >"$T/said" 2>&1
konseki report --for executives --case 99999999 >"$T/said" 2>&1
like 'devices count, connections do not' \
    "$(cat "$R/report-99999999-public-ja.html")" '可能性のある機器： 2台'
like 'but belong to their device' \
    "$(grep -o '<li><span>00[0-9] [a-z0-9]*' \
    "$R/report-99999999-executives-ja.html" | sed 's/.*>//' | tr '\n' ',')" '001 emr01,004 fw01,'

konseki --lang en report --for nobody >"$T/out" 2>"$T/err"
is 'a form that there is not' "$?" 1
like 'is named' "$(cat "$T/err")" "there is no form 'nobody' of that day; there are:"
like 'with those that there are' "$(cat "$T/err")" 'ppc-first  Preliminary report to the PPC'

# Tables are data: what is wrong with them is told with row and column.
mkdir "$T/rules"
for d in "$srcdir"/rules/*; do
	[ "${d##*/}" = data ] || ln -s "$d" "$T/rules/"
done
cp -R "$srcdir/rules/data" "$T/rules/data"
chmod -R u+w "$T/rules/data"
sed -i '3s/where;care/where;carpet/' "$T/rules/data/form-items.csv"
KONSEKI_RULES=$T/rules konseki --lang en report --for executives >"$T/out" 2>"$T/err"
like 'an item of no meaning' "$(cat "$T/err")" \
    "form-items.csv: row 3, column 内容.*'carpet' is no field"
sed -i '3s/carpet/care/' "$T/rules/data/form-items.csv"
sed -i 's/^executives,.*/&2020\/1\/1/' "$T/rules/data/forms.csv"
KONSEKI_RULES=$T/rules konseki --lang en report --for executives >"$T/out" 2>"$T/err"
like 'a table that is over' "$(cat "$T/err")" "no form 'executives' of that day"

site_stop
konseki report --for public --output "$T/out1" >"$T/said" 2>"$T/err"
like 'without a collector it is written, and says that it is not recorded' \
    "$(cat "$T/out1/report-$case-public-ja.html")" '事案簿に未記録'

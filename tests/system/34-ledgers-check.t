#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody who keeps the ledgers in Excel looks at them before they count.
. "${srcdir:-.}/tests/lib.sh"
plan 43

python3 -c '' 2>/dev/null || skip_all 'no python3'
xlsx() { python3 "$srcdir/tests/system/xlsx.py" "$@"; }
check() { konseki --lang "$l" ledgers check "$@" >"$T/out" 2>"$T/err"; }
l=en

# The columns of the guidance, as a hospital and a pharmacy have them.
cat >"$T/devices.csv" <<'X'
管理番号,メーカー,OS,ソフトウェア,IPアドレス,コンピュータ名,設置場所,利用者,登録日,状態,説明
001,A社,Win11,○○電子カルテ,192.168.○.○,PC1,Room1,a医師（内科）,2020/12/1,稼働,
002,A社,Win8,〇〇電子カルテ,10.0.0.2,PC2,Room1,"a医師（内科）、b医師（外科）",d:44166,停止,メンテナンス
X
cat >"$T/accounts.csv" <<'X'
No.,利用者属性,性,名,電話番号,ユーザ ID,説明,権限,状態
001,薬剤師,山田,太郎,090-0000-0000,Yamada@X,使用者,Admin,使用可 (23年3月まで)
002,事務,鈴木,花子,****,suzuki,使用者/退職予定,User,使用可（R8.3.31まで）
X
xlsx "$T/devices.xlsx" 表紙="$T/accounts.csv" 機器台帳="$T/devices.csv" \
    '!旧台帳'="$T/devices.csv"
check "$T/devices.xlsx"
is 'a good workbook is good' "$?" 0
like 'the sheet that is read is named' "$(cat "$T/out")" \
    'Devices: devices.xlsx .機器台帳.$'
like 'rows and cells are counted' "$(cat "$T/out")" \
    '2 rows, 21 cells with a value; 1 cell with something to look at'
like 'a masked address is said at its cell' \
    "$(grep -A1 'IPアドレス: 192' "$T/out")" '! the address is masked'
like 'several users of a cell are told apart' "$(cat "$T/out")" \
    'b医師（外科） = 2: a医師, b医師$'
like 'a date cell is a date' "$(cat "$T/out")" \
    '登録日: 2020/12/1 = Tue 2020-12-01$'
like 'a hidden sheet is not read, which is said' "$(cat "$T/out")" \
    "devices.xlsx, '旧台帳': this sheet is hidden and is not read"

check --as accounts "$T/devices.xlsx"
like 'another sheet of it is the other ledger' "$(cat "$T/out")" \
    'Accounts: devices.xlsx .表紙.$'
like 'a limit is said with its day' "$(cat "$T/out")" \
    '23年3月まで. = usable, until the end of Fri 2023-03-31$'
like 'one of an era too' "$(cat "$T/out")" \
    'R8.3.31まで） = usable, until the end of Tue 2026-03-31$'
like 'a telephone number is not shown' "$(grep 電話 "$T/out")" 'not shown'

# What is wrong is named cell by cell, in the user's language.
cat >"$T/bad.csv" <<'X'
機器の一覧,,,
管理番号,設置場所,登録日,状態
z:1,Room1,2026/2/30,稼働
z:1,"<script>alert(1)</script>",R8.3.31,うごいている
z:3,#REF!,=TODAY(),稼働
!z:4,,e:46112,=x|停止
merge B6:B7
X
xlsx "$T/bad.xlsx" 台帳="$T/bad.csv"
l=ja
check --as devices "$T/bad.xlsx"
is 'a bad one is not' "$?" 1
l=en
for want in \
    '登録日: 2026/2/30!! 日付として読めません' \
    '管理番号: 001!! 3行目と同じ番号です' \
    '設置場所: #REF!!! エラー値のセルです' \
    '登録日:!! 値が保存されていない数式です' \
    '登録日: R8.3.31 = 2026年3月31日(火)' \
    '状態: うごいている! 状態を解釈できません'
do
	n=$(tr -d '\n' <"$T/out" | sed 's/      *!/!/g' | grep -cF "$want")
	is "said: $want" "$n" 1
done
like 'and nothing is taken' "$(tail -1 "$T/out")" \
    '^誤り4件、確認3件。誤りを直すまで台帳は反映されません'

# A page for paper, in which a cell is a text whatever it holds.
konseki --lang ja ledgers check --html --output "$T/pages" --as devices \
    "$T/bad.xlsx" >"$T/out" 2>&1
page=$(cat "$T/out")
like 'a page is written' "$page" 'ledgers-check.html$'
ok 'with all of it' grep -q '【誤り】 3行目と同じ番号です' "$page"
ok 'what looks like markup is none' ! grep -q '<script' "$page"

# What is not read, and what to do instead.
{ printf '\320\317\021\340\241\261\032\341'; head -c 600 /dev/zero; } \
    >"$T/old.xls"
check --as devices "$T/old.xls"
cat "$T/out" >>"$T/err"
like 'the old format' "$(cat "$T/err")" 'Excel 97-2003.*save it in Excel as'
truncate -s 200000000 "$T/huge.xlsx"
check --as devices "$T/huge.xlsx"
like 'a workbook of 200 MB' "$(cat "$T/err")" \
    'huge.xlsx: 200.0 MB; a ledger has at most 16 MB'
printf 'a,b\n1,2\n' >"$T/other.csv"
check "$T/other.csv"
like 'a table that is no ledger' "$(cat "$T/err")" \
    'no ledger has such a header'

# A site: all of it together.

mkdir "$T/site" "$T/site/ledgers"
printf 'logs: {evidence: {origin: h.example/e}, casebook: {origin: h.example/c}}\n' \
    >"$T/site/konseki.yml"
cp "$T/devices.csv" "$T/accounts.csv" "$T/site/ledgers"
cat >"$T/site/ledgers/people.csv" <<'X'
ユーザID,氏名,状態,退職日
yamada@x,山田次郎,在職,
suzuki,鈴木花子,退職,2026/3/31
suzuki,鈴木花子,在職,
X
check --site "$T/site" --rows 0
like 'an ID that the personnel office has for somebody else is said' \
    "$(cat "$T/out")" "column 氏名 .B2., '山田次郎': the account ledger has"
like 'two rows for one ID too' "$(cat "$T/out")" \
    "column 状態 .C4., '在職': row 3 says another state of the same person"

# A file of nothing is no ledger that is not kept.
rm "$T/site/ledgers/"*
for f in accounts.csv people.xlsx
do
	: >"$T/site/ledgers/$f"
	check --site "$T/site"
	is "an empty $f is refused" "$?" 1
	like 'which is said, and what to do' "$(cat "$T/err")" \
	    "$f: the file is empty .0 bytes.; save the ledger again, or remove"
	cp "$T/accounts.csv" "$T/site/ledgers/accounts.csv"
done
rm "$T/site/ledgers/people.xlsx"
check --site "$T/site"
is 'a ledger that is not there is fine' "$?" 0

# A workbook of which no sheet has all columns: the one that nearly does.
near() {
	xlsx "$T/$1.xlsx" 表紙="$T/other.csv" 一覧="$T/near.csv"
	check "$T/$1.xlsx"
	like "$1.xlsx without a column: the sheet, the row and it are named" \
	    "$(cat "$T/out")" \
	    "!! $1.xlsx .一覧.: row 1: this row looks like .* no column $2;"
}
printf 'ユーザID,氏名,権限\ny1,山田,User\n' >"$T/near.csv"
near accounts 状態
printf 'ユーザID,氏名,退職日\ny1,山田,2026/3/31\n' >"$T/near.csv"
near people 状態
printf '事業者,開始,作業内容\nA社,2026/3/31 10:00,点検\n' >"$T/near.csv"
near maintenance 終了
check --html --output "$T/near" "$T/accounts.xlsx"
like 'on the page too' "$(cat "$(cat "$T/out")")" \
    'accounts.xlsx .一覧.: row 1: .* no column 状態;'
printf 'ユーザID,氏名,退職日\ny1,山田,2026/3/31\n' \
    >"$T/site/ledgers/people.csv"
check --site "$T/site" "$T/devices.xlsx"
like 'an error of a ledger that is only read along has a line' \
    "$(cat "$T/out")" '!! people.csv: row 1: this row looks like'

# Which ledger a file is, where its name does not say it, is a guess.
printf '職員番号,氏名,ユーザID,部署,退職日\n1,山田,y1,内科,2026/3/31\n' \
    >"$T/p1.csv"
check "$T/p1.csv"
like 'columns that the ledger does not use are said, with --as' \
    "$(cat "$T/out")" \
    '! p1.csv: read as exported, which does not use 4 columns .* with --as'
printf 'ユーザID,氏名,状態,退職日\ny1,山田,退職,2026/3/31\n' >"$T/p2.csv"
check "$T/p2.csv"
like 'the ledger is taken that knows most columns; others are named' \
    "$(cat "$T/out")" \
    '! p2.csv: read as people; the header fits accounts, exported too'
printf 'ユーザID,氏名,状態\ny1,山田,退職\n' >"$T/p3.csv"
check "$T/p3.csv"
is 'of two that know as many none is taken' "$?" 1
like 'which is said' "$(cat "$T/err")" \
    'p3.csv: the header fits accounts, people alike; name the ledger with --as'
check --as people "$T/p3.csv"
ok 'one that is named is not doubted' ! grep -q 'read as' "$T/out"

# One is one.
mkdir "$T/one"
printf 'ユーザID,状態\ny1,2026/2/30\ny1,使用可\n' \
    >"$T/one/accounts.csv"
check "$T/one/accounts.csv"
like 'one error is no errors' "$(cat "$T/out")" '^1 error, '

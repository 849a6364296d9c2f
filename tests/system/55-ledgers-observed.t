#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A hospital that kept no ledgers begins them with what was observed; a year
# later somebody holds ledger, personnel office, devices and records together.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 45

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
mkdir -p "$S/ledgers"
site_make <<END
site: {name: 見本病院, language: ja}
listeners: []
analyzer: {internal: [192.168.0.0/16]}
END
site_start

python3 - >"$T/fw.log" <<'END'
import datetime as d
def line(day, hour, rest):
    t = d.datetime(2026, 11, day, hour)
    print('date=%s time=%s devname="fw01" devid="FG1" tz="+0900" logid="01" %s'
          % (t.strftime('%Y-%m-%d'), t.strftime('%H:%M:%S'), rest))
adm = 'type="event" subtype="system" level="information" '
vpn = 'type="event" subtype="vpn" level="information" '
for day in range(1, 6):
    line(day, 9, adm + 'action="login" status="success" user="netadmin" ui="https(192.168.1.9)" method="https" srcip=192.168.1.9')
    line(day, 20, vpn + 'action="tunnel-up" tunneltype="ssl-tunnel" remip=203.0.113.5 tunnelip=10.212.134.200 user="sato" group="vpn"')
line(3, 3, adm + 'action="login" status="failed" user="hacker" ui="https(203.0.113.7)" method="https" srcip=203.0.113.7')
line(4, 3, adm + 'action="login" status="success" user="leaver" ui="https(192.168.2.7)" method="https" srcip=192.168.2.7')
line(4, 4, adm + 'action="login" status="success" user="=cmd\'|calc" ui="https(192.168.1.9)" method="https" srcip=192.168.1.9')
line(4, 5, adm + 'action="login" status="success" user="\U0001f600guest" ui="https(192.168.1.9)" method="https" srcip=192.168.1.9')
line(5, 5, adm + 'action="login" status="success" user="ghost" ui="https(192.168.1.9)" method="https" srcip=192.168.1.9')
END
konseki import --replay "$T/fw.log" >"$T/import" 2>&1 || diag "$(cat "$T/import")"

# --- ledgers to begin with -------------------------------------------------------
konseki --lang en ledgers start >"$T/out" 2>"$T/err"
is 'ledgers to begin with are written' "$?" 0
d=$S/reports/ledgers-start
for f in devices accounts networks; do
	ok "there is $f.csv" [ -s "$d/$f.csv" ]
	ok 'and its twin' [ -s "$d/$f-cp932.csv" ]
done
is 'UTF-8 begins with a mark that Excel wants' \
    "$(head -c 3 "$d/accounts.csv" | od -An -tx1 | tr -d ' ')" efbbbf
like 'the columns are those of the guidance' "$(head -1 "$d/accounts.csv")" \
    '"No.","所属部署","性","名","電話番号","ユーザID","説明","権限","状態"'
iconv -f CP932 -t UTF-8 "$d/accounts-cp932.csv" >"$T/twin"
like 'the twin says the same' "$(cat "$T/twin")" \
    '"sato","観測 2026/11/1～2026/11/5（5件）、システム: fw01"'
like 'who administers is said' "$(grep netadmin "$T/twin")" '管理操作あり'
ok 'who never got in is no account' ! grep -q hacker "$d/accounts.csv"
like 'a formula is none' "$(grep cmd "$d/accounts.csv")" "\"'=cmd"
like 'a character that CP932 lacks is shown as missing' \
    "$(grep guest "$T/twin")" '〓guest'
like 'and the cell is named' "$(cat "$T/out")" '^F[0-9]*: .*guest$'
like 'a device that sends' "$(cat "$d/devices.csv")" \
    '"仮00[0-9]","Fortinet",.*"fw01".*"syslog"'
like 'one that was seen' "$(cat "$d/devices.csv")" \
    '"192.168.2.7",.*"2026/11/4","稼働","観測 2026/11/4～2026/11/4'
ok 'one of the Internet is none of ours' \
    ! grep -q '203\.0\.113' "$d/devices.csv"
like 'a network with how many devices' "$(cat "$d/networks.csv")" \
    '"192.168.1.0/24","","","観測 .*機器1台）"'

# They are read again as they are, the formula as what it was.
konseki --lang en ledgers check "$d/devices.csv" "$d/accounts.csv" \
    "$d/networks.csv" --rows 20 >"$T/check"
is 'ledgers to begin with are ledgers' "$?" 0
like 'an ID is what was observed' "$(cat "$T/check")" "ユーザID: =cmd'|calc\$"
like 'what a person must fill in is asked for' "$(cat "$T/check")" \
    'the state is empty; write 使用可'

# --- a year later ----------------------------------------------------------------
cat >"$S/ledgers/accounts.csv" <<END
No.,所属部署,性,名,電話番号,ユーザID,説明,権限,状態
1,情報,管理,太郎,,netadmin,,Admin,使用可
2,内科,佐藤,花子,,sato,,User,使用可（2026年11月2日まで）
3,外科,森,一,,mori,,User,使用可
4,医事,退職,者,,leaver,,User,使用可
END
cat >"$S/ledgers/people.csv" <<END
ユーザID,氏名,状態,退職日
netadmin,管理太郎,在職,
sato,佐藤花子,在職,
leaver,退職者,退職,2026/10/31
,新人一,在職,
END
cat >"$S/ledgers/exported.csv" <<END
SamAccountName,Enabled,MemberOf,機器
netadmin,True,Domain Admins,DC1
sato,True,Domain Admins,DC1
leaver,True,Users,DC1
svc-old,True,Users,DC1
END
konseki --lang ja ledgers reconcile >"$T/out" 2>"$T/err"
is 'the lists are held against each other' "$?" 0
has() {
	like "$1" "$(grep -A1 "^$2" "$T/out" | tr -d '\n')" "$3"
}
has 'who has left and logged in since' leaver '退職日より後の使用あり'
has 'and is still enabled' leaver '退職者のIDが機器で有効'
has 'who is over and went on' sato '期限切れの後の使用あり'
has 'who is more on a device than by the ledger' sato \
    '機器では管理者権限.*（1件、有効1件）、管理者権限'
has 'who is in no ledger but logs in' ghost '台帳外IDの使用あり'
has 'who is in no ledger but on a device' svc-old '台帳にないIDが機器にある'
has 'who works here and has no account' '（新人一）' '在籍しているが台帳にID'
has 'who was never seen, and is on no device' mori \
    '人事の一覧にない、台帳にあるが、機器の一覧にない、記録期間中の使用なし'
ok 'who agrees is none to look at' ! grep -q '^netadmin' "$T/out"
like 'and is counted' "$(cat "$T/out")" '一覧が一致しているもの1件'
like 'a page and two tables are written' "$(ls "$S/reports" | tr '\n' ' ')" \
    'reconcile-cp932.csv reconcile.csv reconcile.html'
like 'the table begins with the gravest' "$(sed -n 2p "$S/reports/reconcile.csv")" \
    '^"leaver"'
konseki show --log casebook >"$T/book" 2>&1
like 'that it was looked at is recorded' "$(cat "$T/book")" \
    'action=export what=ledgers'

# --- which version of a ledger findings went by ----------------------------------
konseki --lang en analyze >"$T/out" 2>"$T/err"
konseki --lang en ledgers changes >"$T/out"
is 'each ledger that an analysis went by is recorded' \
    "$(grep -c 'the first that was used' "$T/out")" 3
like 'with its file, rows and hash' "$(cat "$T/out")" \
    "accounts.csv  4 rows  sha256=$(sha256sum <"$S/ledgers/accounts.csv" | cut -c 1-64)"
konseki analyze >/dev/null 2>&1
is 'the same again is not' "$(konseki --lang en ledgers changes | grep -c rows)" 3
sed -i '/,leaver,/d; s/,sato,,User,.*/,sato,,User,使用不可/' "$S/ledgers/accounts.csv"
echo '5,医事,新人,一,,shinjin,,User,使用可' >>"$S/ledgers/accounts.csv"
konseki --lang en analyze >"$T/out" 2>"$T/err"
like 'a new version is said' "$(cat "$T/err")" \
    'accounts.csv is new: 4 rows, 1 added, 1 changed, 1 removed'
konseki --lang en ledgers changes accounts | tail -4 >"$T/out"
like 'with the row that is new' "$(cat "$T/out")" 'added 1: shinjin$'
like 'the one that changed, and in what' "$(cat "$T/out")" \
    'changed 1: sato: 状態$'
like 'the one that is gone' "$(cat "$T/out")" 'removed 1: leaver$'
like 'and its place in the casebook' "$(cat "$T/out")" \
    '(test.example/casebook#[0-9]*)'
ok 'no cell stands in the casebook' \
    ! sh -c 'konseki show --log casebook --raw | grep -o "\"type\":\"ledger\"[^}]*}" | grep -q 医事'

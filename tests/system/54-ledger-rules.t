#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Five months of a small hospital's logins, with the ledgers that people
# keep beside: who has left by the personnel office, what the directory exports,
# which IDs are one person's, whose networks are. Rules that rest on them find
# what they must, say that they cannot say where a list or the records are
# missing, and |expand takes its names from the same ledgers.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 36

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
mkdir -p "$S/ledgers"
site_make <<END
site: {name: 見本病院, language: ja}
listeners: []
analyzer: {internal: [192.168.0.0/16], vpn: [10.212.134.0/24]}
END
site_start

# --- the ledgers, one of them as a spreadsheet in Japan saves it ---------------
cat >"$S/ledgers/accounts.csv" <<END
No.,氏名,ユーザID,説明,権限,状態,二要素,パスワード,種別
1,管理 太郎,netadmin,,Admin,使用可,,,
2,特権 次郎,root2,,Admin,使用可,はい,,
3,佐藤 花子,sato,,User,使用可,,,
4,退職 予定,leaver,使用者/退職予定,User,使用可,,,
5,森 一,mori,,User,使用可,,,
6,業者,vendor01,,User,使用可,,14,事業者
END
cat >"$S/ledgers/devices.csv" <<END
管理番号,メーカー,OS,IPアドレス,コンピュータ名,種別,状態
001,Fortinet,FortiOS 7.0.14,192.168.1.1,fw01,,稼働
002,Fortinet,FortiOS 7.6.6,192.168.1.2,fw02,,稼働
003,A社,Debian 12,192.168.1.10,emr1,サーバ,稼働
END
people() {
	cat <<END
氏名,状態,退職日
森一,退職,2026/9/30
佐藤花子,在職,
END
}
people | iconv -f UTF-8 -t CP932 >"$S/ledgers/people.csv"
cat >"$S/ledgers/exported.csv" <<END
SamAccountName,Enabled,MemberOf,PasswordLastSet,取得日,機器
NETADMIN,True,Domain Admins,2026/1/10 9:00:00,2026/11/1,DC1
E0003,True,Users,2026/10/1 9:00:00,2026/11/1,DC1
ghost,True,Users,,2026/11/1,DC1
ghostadmin,True,Domain Admins,,2026/11/1,DC1
HOSP\mori,False,Users,,2026/11/1,DC1
END
printf 'ユーザID,別ID\nsato,E0003\n' >"$S/ledgers/identities.csv"

# --- what happened ------------------------------------------------------------
python3 - >"$T/fw.log" <<'END'
import datetime as d
def line(t, rest):
    print('date=%s time=%s devname="fw01" devid="FG1" tz="+0900" logid="01" %s' % (t.strftime('%Y-%m-%d'), t.strftime('%H:%M:%S'), rest))
vpn = 'type="event" subtype="vpn" level="information" '
adm = 'type="event" subtype="system" level="information" '
day = d.datetime(2026, 7, 1)
while day < d.datetime(2026, 11, 26):
    line(day.replace(hour=9, minute=5), adm + 'action="login" status="success" user="netadmin" ui="https(192.168.1.9)" method="https" srcip=192.168.1.9')
    line(day.replace(hour=20), vpn + 'action="tunnel-up" tunneltype="ssl-tunnel" remip=203.0.113.5 tunnelip=10.212.134.200 user="sato" group="vpn"')
    big = 4000000000 if day == d.datetime(2026, 11, 24) else 2000000
    line(day.replace(hour=20, minute=40), vpn + 'action="tunnel-down" tunneltype="ssl-tunnel" remip=203.0.113.5 tunnelip=10.212.134.200 user="sato" duration=2400 sentbyte=%d rcvdbyte=5000' % big)
    day += d.timedelta(days=1)
# An hour at which the administrator never comes, on a working day.
line(d.datetime(2026, 11, 25, 15, 0), adm + 'action="login" status="success" user="netadmin" ui="https(192.168.1.9)" method="https" srcip=192.168.1.9')
# One ID from two providers within the hour.
line(d.datetime(2026, 11, 25, 21, 0), vpn + 'action="tunnel-up" tunneltype="ssl-tunnel" remip=198.51.100.7 tunnelip=10.212.134.201 user="sato" group="vpn"')
END
python3 - >"$T/emr.log" <<'END'
import datetime as d
def line(t, rest):
    print('<86>1 %s+09:00 emr1 %s' % (t.strftime('%Y-%m-%dT%H:%M:%S'), rest))
# By VPN since 20:00, and at the console of the server in the same minutes.
t = d.datetime(2026, 11, 20, 20, 10)
line(t, 'sshd 1 - - Accepted password for E0003 from 192.168.1.77 port 5 ssh2')
line(d.datetime(2026, 11, 20, 9, 0), 'passwd 7 - - pam_unix(passwd:chauthtok): password changed for mori')
END
ok 'the logs are imported' konseki import --replay --source fw "$T/fw.log"
ok 'of the server too' konseki import --replay --source emr "$T/emr.log"

find() { konseki analyze --print 2>"$T/err" >"$T/findings"; }
of() { grep "\"rule\":\"$1\"" "$T/findings"; }
n() { of "$1" | wc -l | tr -d ' '; }
ok 'they are analysed' find

# --- ledgers alone --------------------------------------------------------------
is 'ACC-13: one person has left and may still log in' "$(n ACC-13)" 1
like 'it is the one of the list in CP932' "$(of ACC-13)" '"kind":"sheet".*"key":"user=mori"'
is 'ACC-12: an ID of the directory that the ledger lacks' "$(n ACC-12)" 1
like 'not the other ID of somebody known' "$(of ACC-12)" '"key":"user=ghost system=DC1"'
like 'ACC-12-admin: and an administrator' "$(of ACC-12-admin)" '"severity":"warning".*"key":"user=ghostadmin'
is 'ACC-09-list: the old password of one administrator' "$(n ACC-09-list)" 1
like 'whom two factors do not excuse' "$(of ACC-09-list)" '"key":"user=netadmin"'
is 'CFG-05-ledger: one device with old firmware' "$(n CFG-05-ledger)" 1
like 'with the version that mends it' "$(of CFG-05-ledger)" '"key":"device=001".*7\.0\.18'

# --- records and ledgers --------------------------------------------------------
is 'ADM-02: one login at an unusual hour' "$(n ADM-02)" 1
like 'by the figures of its own past' "$(of ADM-02)" '"name":"same_hour","value":"0".*"name":"share","value":"0\.22"'
is 'VPN-07: one evening with far more than usual' "$(n VPN-07)" 1
like 'with amount and median' "$(of VPN-07)" '"key":"user=sato".*"name":"amount"'
is 'ACC-14: by VPN and in the house under another ID' "$(n ACC-14)" 1
like 'whose person the table of IDs knows' "$(of ACC-14)" '"key":"user=sato"'
like 'ACC-14-as: without a table nothing can be said' "$(of ACC-14-as)" '"kind":"unknown".*判定できません。'
like 'VPN-05: no record shows a second factor' "$(of VPN-05)" '"kind":"unknown".*判定できません。'

# --- what cannot be said, and then can --------------------------------------------
cp "$T/findings" "$T/before"
rm "$S/ledgers/people.csv"
printf 'ネットワーク,AS番号\n203.0.113.0/24,AS64500\n198.51.100.0/24,AS64501\n' \
    >"$S/ledgers/networks.csv"
ok 'with other lists' find
like 'ACC-13 says that it cannot say' "$(of ACC-13)" '"kind":"unknown".*people\.csv'
like 'ACC-14-as tells of two providers' "$(of ACC-14-as)" '"kind":"alert".*"key":"user=sato"'
rm "$S/ledgers/networks.csv"
people | iconv -f UTF-8 -t CP932 >"$S/ledgers/people.csv"
ok 'with those from before' find
ok 'the same findings, byte for byte' cmp "$T/before" "$T/findings"

# --- a list that is wrong, and names for |expand ----------------------------------
printf 'ユーザID,別ID\nsato,mori\n' >"$S/ledgers/identities.csv"
find
is 'an ID of two people is refused' "$?" 1
like 'with file, row and column' "$(cat "$T/err")" 'identities\.csv.*2.*別ID.*mori'
printf 'ユーザID,別ID\nsato,E0003\n' >"$S/ledgers/identities.csv"
mkdir "$T/rules"
cat >"$T/rules/a.yml" <<'END'
title: a
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
logsource: {product: x}
detection:
  s: {User|expand: '%admins%'}
  condition: s
END
sed 's/%admins%/%nobody%/; s/6fcc/6fcd/' "$T/rules/a.yml" >"$T/rules/b.yml"
konseki rules check "$T/rules" --site "$S" >"$T/check" 2>&1
like 'an unknown name is refused with its place' "$(cat "$T/check")" \
    'b\.yml:5:[0-9]*: .*%nobody%'
like 'and the other is not' "$(tail -n 1 "$T/check")" '2 files: 1 loaded, 1 refused'
printf '%s\n' '{"User":"CORP\\netadmin"}' '{"User":"sato"}' >"$T/events"
is 'the administrators are those of the ledger' "$(konseki rules match \
    --rules "$T/rules" --site "$S" --events "$T/events" 2>/dev/null)" \
    '{"event":0,"id":"929a690e-bef0-4204-a928-ef5e620d6fcc","path":"a.yml"}'

# --- coverage that a rule of one's own states -------------------------------------
cat >"$T/own.yml" <<'END'
title: Backup server used after a quiet time
id: 0b5f53a4-1111-4a39-9a53-0d8b7f5f6c01
logsource: {product: konseki}
detection: {use: {konseki.kind: login, host.name: bk1}, condition: use}
level: low
x-konseki:
  code: OWN-01
  version: "1"
  title: 久しぶりの使用
  first: operator
  key: [device]
  coverage: {days: account.unused_days, percent: account.coverage, records: {konseki.kind: scheduled-task}}
  unknown: {ja: "判定不可（{coverage}、欠測{missing}日）。", en: "Cannot be said ({coverage}, {missing} missing)."}
  what: {ja: "{device}", en: "{device}"}
  why: {ja: w, en: w}
  do: {ja: d, en: d}
  examples:
    - name: 30日間すべてバックアップの記録がある
      events:
        - {at: 2026-03-02T10:00:00+09:00, repeat: 30, every: 1d, fields: {konseki.kind: scheduled-task, host.name: bk1}}
        - {at: 2026-04-01T10:00:00+09:00, fields: {konseki.kind: login, user.name: a, host.name: bk1}}
      finds: [{kind: alert, level: low, numbers: {coverage: 100.0}}]
    - name: 記録が足りなければ判定不可
      events:
        - {at: 2026-03-02T10:00:00+09:00, repeat: 27, every: 1d, fields: {konseki.kind: scheduled-task, host.name: bk1}}
        - {at: 2026-04-01T10:00:00+09:00, fields: {konseki.kind: login, user.name: a, host.name: bk1}}
      finds: [{kind: unknown, level: informational}]
    - name: ほかの記録は数えない
      events:
        - {at: 2026-03-02T10:00:00+09:00, repeat: 30, every: 1d, fields: {konseki.kind: login, user.name: a, host.name: x}}
        - {at: 2026-04-01T10:00:00+09:00, fields: {konseki.kind: login, user.name: a, host.name: bk1}}
      finds: [{kind: unknown}]
END
ok 'coverage of records that the rule names' konseki rules test "$T/own.yml"
sed '/^  unknown:/d' "$T/own.yml" >"$T/mute.yml"
is 'a rule that may be unable to say needs words for it' \
    "$(konseki rules test "$T/mute.yml" 2>&1 | grep -c 'mute.yml:.*unknown')" 1

# Names of the ledgers in a rule of one's own, by the ledgers of its examples.
sed '/^  coverage:/d; /^  unknown:/d; /^  examples:/,$d; s/^  key:.*/  key: [user]\
  when: {d: {user.name|expand: "%admins%"}, condition: d}/' "$T/own.yml" \
    >"$T/named.yml"
cat >>"$T/named.yml" <<'END'
  examples:
    - name: 管理者
      ledgers: {accounts: "ユーザID,権限,状態\nroot2,Admin,使用可\n"}
      events: [{at: 2026-04-01T10:00:00+09:00, fields: {konseki.kind: login, user.name: 'X\ROOT2', host.name: bk1}}]
      finds: [{key: user=root2}]
    - name: ほかの人
      ledgers: {accounts: "ユーザID,権限,状態\nroot2,User,使用可\n"}
      events: [{at: 2026-04-01T10:00:00+09:00, fields: {konseki.kind: login, user.name: root2, host.name: bk1}}]
      finds: none
END
ok 'names of ledgers, by those of the examples' \
    konseki rules test "$T/named.yml"
like 'and by those of the site' "$(konseki rules explain "$T/named.yml" \
    --site "$S" --event '{"konseki.kind":"login","user.name":"netadmin","host.name":"bk1"}' 2>&1)" \
    'fits'
like 'which does not have everybody' "$(konseki rules explain "$T/named.yml" \
    --site "$S" --event '{"konseki.kind":"login","user.name":"sato","host.name":"bk1"}' 2>&1)" \
    'does not fit'
site_stop

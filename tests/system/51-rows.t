#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A hospital's ledgers against its logs: a system without updates, a computer
# that was left out of an update, a maintenance that was planned and left no
# trace, one that left an administrator behind; and three of four servers that
# fall silent on a night while the firewall goes on.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 12

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
mkdir -p "$S/ledgers"
cat >"$S/ledgers/devices.csv" <<'END'
管理番号,メーカー,OS,ソフトウェア,ソフトウェアバージョン,IPアドレス,コンピュータ名,種別,状態
001,D社,FortiOS 7.2,,,192.168.1.1,fw01,,稼働
011,A社,Debian 12,,,192.168.1.11,sv1,サーバ,稼働
012,A社,Debian 12,,,192.168.1.12,sv2,サーバ,稼働
013,A社,Debian 12,,,192.168.1.13,sv3,サーバ,稼働
014,A社,Debian 12,,,192.168.1.14,sv4,サーバ,稼働
021,B社,Win11,電子カルテ,2.0,192.168.1.21,pc1,,稼働
022,B社,Win8,電子カルテ,1.2,192.168.1.22,pc2,,稼働
023,B社,Win8,電子カルテ,2.0,192.168.1.23,pc3,,停止
END
cat >"$S/ledgers/accounts.csv" <<'END'
ユーザID,状態,権限,種別,事業者
vendor1,使用可,管理者,事業者,D社
fwadmin,使用可,管理者,,
END
cat >"$S/ledgers/maintenance.csv" <<'END'
作業番号,事業者,対象機器,開始,終了,内容
1,D社,fw01,2026/11/9 10:00,2026/11/9 12:00,更新
2,D社,fw01,2026/11/10 10:00,2026/11/10 12:00,点検
END
site_make <<END
site: {name: 見本病院, language: ja}
listeners: []
analyzer: {internal: [192.168.0.0/16]}
END
site_start

python3 - "$T" <<'END'
import sys, datetime
t = sys.argv[1]
start = datetime.datetime(2026, 11, 2)
def fw(at, rest):
    return 'date=%s time=%s devname="fw01" devid="FGT60FTK26000001" tz="+0900" type="event" subtype="system" level="information" %s\n' % (
        at.strftime('%Y-%m-%d'), at.strftime('%H:%M:%S'), rest)
def login(user):
    return 'logid="0100032001" action="login" status="success" user="%s" ui="https(192.168.1.9)" method="https" srcip=192.168.1.9 dstip=192.168.1.1' % user
lines = []
for day in range(11): # somebody works each day
    lines.append((start + datetime.timedelta(days=day, hours=9), login('fwadmin')))
work = datetime.datetime(2026, 11, 9, 10, 30)
lines.append((work, login('vendor1')))
lines.append((work + datetime.timedelta(minutes=5),
    'logid="0100044547" logdesc="Object attribute configured" user="vendor1" ui="GUI(192.168.1.9)" action="Add" cfgtid=1 cfgpath="system.admin" cfgobj="tmpadmin" cfgattr="accprofile[super_admin]" msg="Add system.admin tmpadmin"'))
for i in range(11 * 288):
    lines.append((start + datetime.timedelta(minutes=5 * i, seconds=7),
        'logid="0100040704" action="perf-stats" cpu=1 mem=40 msg="Performance statistics"'))
lines.sort(key=lambda x: x[0])
open(t + '/fw.log', 'w').writelines(fw(*l) for l in lines)
end = {'sv1': 10 * 720 + 30, 'sv2': 10 * 720 + 31, 'sv3': 10 * 720 + 33, 'sv4': 11 * 720}
for name, n in end.items():
    with open('%s/%s.log' % (t, name), 'w') as f:
        for i in range(n):
            at = start + datetime.timedelta(minutes=2 * i)
            f.write('<30>%s %s systemd[1]: Started session %d of user app.\n' % (at.strftime('%b %e %H:%M:%S'), name, i))
END
for f in fw sv1 sv2 sv3 sv4; do
	konseki import --replay --source $f "$T/$f.log" >>"$T/said" 2>&1 ||
	    diag "$(cat "$T/said")"
done
konseki analyze --print >"$T/findings" 2>"$T/err"
konseki analyze --print >"$T/again" 2>"$T/err"
same 'twice the same' "$T/again" "$T/findings"
ok 'they are analysed' konseki analyze
site_stop

about() { # about RULE: what its findings are about
	grep "\"rule\":\"$1\"" "$T/findings" |
	    sed 's/.*"key":"\([^"]*\)".*/\1/' | sort | tr '\n' ' '
}
is 'a running computer has a system without updates' "$(about DEV-04)" \
    'device=022 '
like 'it is said which, and since when' \
    "$(grep '"rule":"DEV-04"' "$T/findings")" \
    '"kind":"sheet".*Win8、Windows 8は2016/1/12で終了'
is 'and an older version than the others' "$(about DEV-05)" 'device=022 '
is 'the second maintenance left no trace' "$(about MNT-03)" 'plan=3 '
like 'whose it was to be, and what' "$(grep '"rule":"MNT-03"' "$T/findings")" \
    '[dD]社、対象: fw01、点検'
is 'the first left an administrator behind' "$(about MNT-05)" 'device=001 '
like 'who is named' "$(grep '"rule":"MNT-05"' "$T/findings")" 'tmpadmin'
is 'servers fell silent at once' "$(about RAN-04)" 'site=all '
like 'how many of how many, and their last records' \
    "$(grep '"rule":"RAN-04"' "$T/findings")" \
    '"severity":"serious".*サーバ4台のうち3台.*"evidence_n":3,'

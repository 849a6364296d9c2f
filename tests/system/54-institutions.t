#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Two institutions send to one collector, each with a firewall that is called
# fw01: what one address does at both is one finding, and where each record
# came from is told by its network. A list of patients as a spreadsheet in
# Japan saves it says who of the staff looked at whose record. A vendor leaves a
# rule of a firewall behind, and an ID comes from two ends of the country.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 20

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
mkdir -p "$S/ledgers"
site_make <<END
site: {name: 見本グループ, language: ja}
listeners:
  - {name: udp, transport: udp, address: 0.0.0.0, port: 0}
analyzer: {internal: [192.168.0.0/16, 127.0.0.0/8], profile: group}
END
site_start

cat >"$S/ledgers/networks.csv" <<END
ネットワーク,施設,緯度,経度
127.0.0.2,中央病院,,
127.0.0.3,東病院,,
203.0.113.0/24,,35.68,139.77
198.51.100.0/24,,33.59,130.40
END
cat >"$S/ledgers/accounts.csv" <<END
氏名,ユーザID,所属部署,状態,種別,事業者
佐藤花子,sato,外科病棟,使用可,,
森一郎,mori,内科,使用可,,
業者,vendor1,,使用可,事業者,A社
END
cat >"$S/ledgers/maintenance.csv" <<END
作業番号,事業者,対象機器,開始,終了,内容
1,A社,fw09,2026-11-02 10:00,2026-11-02 12:00,更新
END

# --- at the same time, at both ------------------------------------------------
python3 - "$S/run/listeners" <<'END'
import socket, sys, datetime
port = {l.split()[0]: int(l.split()[3]) for l in open(sys.argv[1])}['udp']
now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9)))
head = '<190>date=%s time=%s devname="fw01" devid="FG" tz="+0900" logid="01" ' % (now.strftime('%Y-%m-%d'), now.strftime('%H:%M:%S'))
for peer, what in (('127.0.0.2', 'remip=203.0.113.9'), ('127.0.0.3', 'remip=203.0.113.9'), ('127.0.0.3', 'remip=192.0.2.77'), ('127.0.0.3', 'remip=192.0.2.77')):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((peer, 0))
    s.sendto((head + 'type="event" subtype="vpn" level="information" action="tunnel-up" tunneltype="ssl-tunnel" %s user="sato" group="vpn"' % what).encode(), ('127.0.0.1', port))
    s.sendto((head + 'type="event" subtype="system" level="information" action="Add" user="admin" cfgpath="system.admin" cfgobj="support2" cfgattr="accprofile[super_admin]"').encode(), ('127.0.0.1', port))
END
wait_received udp 8

# --- what the EMR and a firewall wrote -----------------------------------------
python3 - >"$T/emr.csv" <<'END'
import datetime as d
print('ユーザーID,氏名,時刻,患者ID,操作情報')
day = d.datetime(2026, 10, 1, 10, 0)
for n in range(20):
    t = day + d.timedelta(days=n)
    print('sato,佐藤花子,%s,00001,カルテ参照' % t.strftime('%Y/%m/%d %H:%M:%S'))
for n in range(12):
    t = d.datetime(2026, 10, 21, 10, n)
    print('sato,佐藤花子,%s,%05d,カルテ参照' % (t.strftime('%Y/%m/%d %H:%M:%S'), 100 + n))
print('mori,森一郎,2026/10/22 9:00:00,00900,カルテ参照')
print('sato,佐藤花子,2026/10/22 9:10:00,00900,カルテ参照')
print('sato,佐藤花子,2026/10/22 9:20:00,00901,カルテ参照')
END
{
	echo '患者ID,診療科,要配慮,職員ID'
	echo '1,外科病棟,,'
	n=100
	while [ $n -lt 112 ]; do
		echo "$n,内科,,"
		n=$((n + 1))
	done
	echo '900,内科,職員,sato'
	echo '901,眼科,なし,'
} | iconv -f UTF-8 -t CP932 >"$S/ledgers/patients.csv"
cat >"$T/fw09.log" <<'END'
date=2026-11-02 time=10:30:00 devname="fw09" devid="FG9" tz="+0900" logid="0100044547" type="event" subtype="system" level="information" user="vendor1" ui="GUI(10.0.0.1)" action="Add" cfgpath="firewall.policy" cfgobj="12" cfgattr="srcaddr[all]"
date=2026-11-02 time=10:31:00 devname="fw09" devid="FG9" tz="+0900" logid="0100044547" type="event" subtype="system" level="information" user="vendor1" ui="GUI(10.0.0.1)" action="Add" cfgpath="firewall.policy" cfgobj="13" cfgattr="srcaddr[all]"
date=2026-11-02 time=11:50:00 devname="fw09" devid="FG9" tz="+0900" logid="0100044547" type="event" subtype="system" level="information" user="vendor1" ui="GUI(10.0.0.1)" action="Delete" cfgpath="firewall.policy" cfgobj="12"
date=2026-11-05 time=20:00:00 devname="fw09" devid="FG9" tz="+0900" logid="01" type="event" subtype="vpn" level="information" action="tunnel-up" tunneltype="ssl-tunnel" remip=203.0.113.5 user="mori" group="vpn"
date=2026-11-05 time=20:30:00 devname="fw09" devid="FG9" tz="+0900" logid="01" type="event" subtype="vpn" level="information" action="tunnel-up" tunneltype="ssl-tunnel" remip=198.51.100.5 user="mori" group="vpn"
END
ok 'the EMR is imported' konseki import --replay --source emr "$T/emr.csv"
ok 'the firewall too' konseki import --replay --source fw09 "$T/fw09.log"

find() { konseki analyze --print 2>"$T/err" >"$T/findings"; }
of() { grep "\"rule\":\"$1\"" "$T/findings"; }
keys() { of "$1" | sed 's/.*"key":"\([^"]*\)".*/\1/' | tr '\n' ' '; }
ok 'they are analysed' find
is 'X-01: one address at two institutions, not one at one' "$(keys X-01)" \
    'source=203.0.113.9 '
like 'which is said' "$(of X-01)" '"severity":"serious".*東病院'
is 'X-03: an administrator of one name at both' "$(keys X-03)" 'site=all '
like 'by name' "$(of X-03)" 'support2'
is 'X-02 and failures: nothing' "$(keys X-02)$(keys X-01-failures)" ''
is 'EMR-01: patients of others, far more than usual' "$(keys EMR-01)" 'user=sato '
like 'with the figures' "$(of EMR-01)" '"name":"amount","value":"12"'
is 'EMR-02: her own record, not that of who treats her' "$(keys EMR-02)" 'user=sato '
is 'no name or number of a patient is told' \
    "$(grep -cE '"(rule)":"EMR-0[12]".*(009|0010)[0-9]' "$T/findings")" 0
is 'MNT-05-policy: one rule is left behind' "$(keys MNT-05-policy)" 'device=fw09 '
like 'and one was deleted' "$(of MNT-05-policy)" '"name":"count","value":"1"'
is 'ACC-14-distance: Tokyo and Fukuoka in half an hour' \
    "$(keys ACC-14-distance)" 'user=mori '

# --- a cell that is wrong, and no list ------------------------------------------
cp "$T/findings" "$T/before"
cp "$S/ledgers/patients.csv" "$T/patients.csv"
printf '患者ID,診療科\n1,外科病棟\n,内科\n' >"$S/ledgers/patients.csv"
find
is 'a row without a patient is refused' "$?" 1
like 'with file, row and column' "$(cat "$T/err")" 'patients\.csv.*3.*患者ID'
rm "$S/ledgers/patients.csv"
like 'without the list coverage says what is missing' \
    "$(konseki --lang ja rules coverage | grep -A 1 '^EMR-02')" '台帳がありません: .*患者の一覧'
cp "$T/patients.csv" "$S/ledgers/patients.csv"
find
ok 'the same findings again, byte for byte' cmp "$T/before" "$T/findings"
site_stop

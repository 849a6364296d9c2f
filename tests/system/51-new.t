#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Three weeks of a firewall's lines in which the same connections come each
# day; then a server is asked for a port that it never had, a contractor's line
# is used for RDP, and a partner is tried in a dozen ways.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 8

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
site_make <<END
site: {name: 見本病院, language: en}
listeners: []
analyzer: {internal: [192.168.0.0/16]}
END
mkdir -p "$S/ledgers"
printf '管理番号,コンピュータ名,IPアドレス,種別\n008,EMR,192.168.20.5,サーバ\n' \
    >"$S/ledgers/devices.csv"
printf 'ネットワーク,区分\n192.168.90.0/24,委託先\n10.200.0.0/16,連携先\n' \
    >"$S/ledgers/networks.csv"
site_start

n=0
flow() { # flow DAY TIME FROM TO PORT
	n=$((n + 1))
	printf 'date=2026-11-%02d time=%s devname="fw01" devid="FGT60FTK26000001" tz="+0900" logid="0000000013" type="traffic" subtype="forward" srcip=%s srcport=50123 srcintf="a" dstip=%s dstport=%d dstintf="b" sessionid=%d proto=6 action="close" policyid=1 service="X" duration=1 sentbyte=60 rcvdbyte=40\n' \
	    "$1" "$2" "$3" "$4" "$5" $n
}
day=1
while [ $day -le 21 ]; do
	flow $day 09:00:00 192.168.10.7 192.168.20.5 443
	flow $day 09:01:00 192.168.90.3 192.168.20.9 443
	flow $day 09:02:00 192.168.10.7 10.200.1.1 443
	day=$((day + 1))
done >"$T/fw.log"
{
	flow 22 10:00:00 192.168.10.8 192.168.20.5 443 # another PC, a known port
	flow 22 10:01:00 192.168.10.8 192.168.20.5 4444
	flow 22 10:02:00 192.168.10.9 192.168.20.5 4444
	flow 22 10:03:00 192.168.90.3 192.168.20.9 3389
	for port in 21 22 23 25 80 135 139 445 1433 3306 3389 5985; do
		flow 22 10:10:00 192.168.10.7 10.200.1.1 $port
	done
} >>"$T/fw.log"
konseki import --replay --source fw "$T/fw.log" >"$T/said" 2>&1 ||
    diag "$(cat "$T/said")"
konseki analyze --print >"$T/findings" 2>"$T/err"
is 'it is analysed' $? 0
site_stop

found() { # found RULE: key and severity of its findings
	grep "\"rule\":\"$1\"" "$T/findings" |
	    sed 's/.*"severity":"\([^"]*\)".*"key":"\([^"]*\)".*/\2 \1/'
}
is 'a new port of a server, once' "$(found SVC-01)" 'site=all notice'
like 'it is said which' "$(grep '"rule":"SVC-01"' "$T/findings")" \
    '192.168.20.5:4444 was accepted for the first time'
is 'RDP from a contractor weighs more' "$(found NET-04)" \
    'source=192.168.90.3 serious'
is 'a partner is tried' "$(found NET-06)" 'site=all notice'
like 'in so many ways' "$(grep '"rule":"NET-06"' "$T/findings")" \
    '12 new connections to partners'
is 'nothing came from outside' "$(found SVC-01-wan)" ''

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What rules that count hosts and records make of real lines: a machine that
# tries all of a segment, one that reaches for a few servers, a server that
# answers many, a port that flaps on a switch which writes of each time twice, a
# demand for ransom that comes out of the printers.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 10

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
site_make <<END
site: {name: 見本病院, language: en}
listeners: []
analyzer: {internal: [192.168.0.0/16]}
END
site_start

flow() { # flow MINUTE SECOND FROM PORT TO PORT ACTION
	printf 'date=2026-11-24 time=10:%02d:%02d devname="fw01" devid="FGT60FTK26000001" tz="+0900" logid="0000000013" type="traffic" subtype="forward" srcip=%s srcport=%d srcintf="lan" dstip=%s dstport=%d dstintf="srv" sessionid=%d proto=6 action="%s" policyid=1 service="X" duration=1 sentbyte=60 rcvdbyte=40\n' \
	    "$1" "$2" "$3" "$4" "$5" "$6" "$1$2" "$7"
}
i=0
while [ $i -lt 50 ]; do
	m=$((i / 6)) s=$((i % 6 * 10))
	flow $m $s 192.168.10.21 50123 "192.168.20.$((i + 1))" 135 deny
	flow $m $((s + 1)) 192.168.20.5 445 "192.168.10.$((i + 1))" 50123 close
	flow $m $((s + 2)) 192.168.10.22 50123 "192.168.20.$((i % 7 + 1))" 445 close
	flow $m $((s + 3)) 192.168.10.23 50123 "192.168.20.$((i % 8 + 1))" 3389 close
	flow $m $((s + 4)) 192.168.10.24 50123 "203.0.113.$((i + 1))" 443 close
	flow $m $((s + 5)) 192.168.10.25 50123 192.168.20.9 $((i + 1)) deny
	flow $m $((s + 6)) 192.168.10.25 50123 192.168.20.9 $((i + 101)) deny
	i=$((i + 1))
done >"$T/fw.log"
flap() { # flap SECOND PORT
	printf '<187>Nov 24 11:00:%02d sw1 101: Nov 24 11:00:%02d.123 JST: %%LINK-3-UPDOWN: Interface GigabitEthernet0/%d, changed state to down\n' "$1" "$1" "$2"
	printf '<189>Nov 24 11:00:%02d sw1 102: Nov 24 11:00:%02d.223 JST: %%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/%d, changed state to down\n' "$1" "$1" "$2"
	printf '<187>Nov 24 11:00:%02d sw1 103: Nov 24 11:00:%02d.323 JST: %%LINK-3-UPDOWN: Interface GigabitEthernet0/%d, changed state to up\n' "$1" "$1" "$2"
}
for i in 1 2 3 4 5 6 7 8 9; do
	flap $i 1
	flap $i 2
done >"$T/sw.log"
flap 10 1 >>"$T/sw.log"
for i in 1 2 3 4 5; do
	printf '{"EventID":307,"Channel":"Microsoft-Windows-PrintService/Operational","SourceName":"Microsoft-Windows-PrintService","Hostname":"PRN1","EventTime":"2026-11-24 12:0%d:00","Message":"Document %d, README owned by admin01 on \\\\\\\\WARD1 was printed on PRN-%d through port 192.168.10.5%d.  Size in bytes: 1234. Pages printed: 1. No user action is required."}\n' \
	    $((i - 1)) $i $i $i
done >"$T/prn.log"
for f in fw sw prn; do
	konseki import --replay --source $f "$T/$f.log" >>"$T/said" 2>&1 ||
	    diag "$(cat "$T/said")"
done
ok 'they are analysed' konseki analyze
konseki analyze --print >"$T/findings"
site_stop

keys() { # keys RULE: what its findings are about
	grep "\"rule\":\"$1\"" "$T/findings" |
	    sed 's/.*"key":"\([^"]*\)".*/\1/' | sort | tr '\n' ' '
}
is 'fifty hosts were tried' "$(keys NET-01)" 'source=192.168.10.21 '
is 'a hundred ports were' "$(keys NET-01-ports)" 'source=192.168.10.25 '
is 'eight servers were reached for by RDP, not seven by SMB' \
    "$(keys NET-02)" 'source=192.168.10.23 '
is 'a port went down ten times, another nine' \
    "$(grep -c '"rule":"NET-08-flaps"' "$T/findings")" 1
like 'it is said which' "$(grep '"rule":"NET-08-flaps"' "$T/findings")" \
    'GigabitEthernet0/1'
is 'one document came out of five printers' "$(keys RAN-03)" 'user=admin01 '
like 'it is said whose and where' "$(grep '"rule":"RAN-03"' "$T/findings")" \
    'README.*admin01.*PRN-5'
is 'nothing else was counted' \
    "$(grep -cE '"rule":"(AV-01-many|AV-02-family|RAN-02|SYS-01|BKP-02-files|IDS-01-accepted|DEV-01)' "$T/findings")" 0

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# What goes out, in lines of real devices over twelve weeks: a PC from which
# each day more is taken than it used to send, a job that runs on Tuesdays, one
# that fills the line at night, and a router that does not say how much.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 11

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
site_make <<END
site: {name: 見本病院, language: en}
listeners: []
analyzer: {internal: [192.168.0.0/16]}
END
site_start

python3 - "$T" <<'END'
import datetime, sys
out = sys.argv[1]
start = datetime.datetime(2026, 8, 31)
FLOW = ('date=%s time=%s devname="fw01" devid="FGT60FTK26000001" tz="+0900" '
        'logid="0000000013" type="traffic" subtype="forward" srcip=%s '
        'srcport=50123 srcintf="lan" dstip=198.51.100.9 dstport=443 '
        'dstintf="wan1" sessionid=%d proto=6 action="close" policyid=1 '
        'service="HTTPS" duration=60 sentbyte=%d rcvdbyte=400\n')
RTX = ('%s rtx1 [INSPECT] PP[01][out][101099] TCP 192.168.20.7:%d > '
       '203.0.113.9:443 (%s)\n')
n = 0
with open(out + '/fw.log', 'w') as fw, open(out + '/rtx.log', 'w') as rtx:
    for hour in range(12 * 168):
        t = start + datetime.timedelta(hours=hour, minutes=30)
        day, of_day = divmod(hour, 24)
        sent = [('192.168.10.1', 2000)]
        if of_day == 10:
            sent.append(('192.168.10.7', 400000000))
        if of_day == 11 and 70 <= day < 78:
            sent.append(('192.168.10.7', 700000000))
        if day % 7 == 1 and of_day == 22:
            sent.append(('192.168.10.8', 9000000000))
        if day == 80 and of_day == 3:
            sent += [('192.168.10.%d' % i, 90000000) for i in range(20, 60)]
        for ip, size in sent:
            n += 1
            fw.write(FLOW % (t.strftime('%Y-%m-%d'), t.strftime('%H:%M:%S'),
                             ip, n, size))
        for i in range(400 if (day, of_day) == (75, 14) else 3):
            u = t + datetime.timedelta(seconds=4 * i)
            rtx.write(RTX % (u.strftime('<134>%b %e %H:%M:%S'), 1024 + i,
                             u.strftime('%Y/%m/%d %H:%M:%S')))
END
for f in fw rtx; do
	konseki import --replay --source $f "$T/$f.log" >>"$T/said" 2>&1 ||
	    diag "$(cat "$T/said")"
done
konseki analyze --print >"$T/findings"
is 'it is analysed' $? 0
konseki analyze --print >"$T/again"
ok 'again it is the same' cmp -s "$T/findings" "$T/again"
site_stop

keys() { # keys RULE: what its findings are about
	grep "\"rule\":\"$1\"" "$T/findings" |
	    sed 's/.*"key":"\([^"]*\)".*/\1/' | sort | tr '\n' ' '
}
is 'who sent a little more each day' "$(keys OUT-05)" 'host=192.168.10.7 '
like 'by both reckonings' "$(grep '"rule":"OUT-05"' "$T/findings")" \
    'OUT-05-week.*OUT-05-drift'
is 'it is one finding' "$(grep -c '"rule":"OUT-05"' "$T/findings")" 1
is 'not who did so every Tuesday' \
    "$(grep -c 'host=192.168.10.8' "$T/findings")" 0
is 'what all sent together' "$(keys OUT-08)" 'interface=FGT60FTK26000001/wan1 '
like 'with its sum' "$(grep '"rule":"OUT-08"' "$T/findings")" '3\.6 GB'
is 'how often, where nobody says how much' "$(keys OUT-06)" \
    'host=192.168.20.7 '
like 'and that nobody does' "$(grep '"rule":"OUT-06"' "$T/findings")" \
    'bytes are not logged'

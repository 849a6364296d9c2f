#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What the logs tell of themselves: a firewall that sent every two minutes for
# ten days and then fell silent for hours, while a switch went on; backups that
# came daily and stopped; records turned away or dropped by the collector; and
# a byte of the sealed log that somebody changed.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 14

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
site_make <<END
site: {name: 見本病院, language: en}
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, rate_limit: 5}
analyzer: {internal: [192.168.0.0/16]}
END
site_start

python3 - "$T" <<'END'
import sys, datetime
t = sys.argv[1]
start = datetime.datetime(2026, 11, 2, 0, 0)
def line(name, at, text, pri=134):
    return '<%d>%s %s kernel: %s\n' % (pri, at.strftime('%b %e %H:%M:%S'), name, text)
fw, sw = [], []
for i in range(10 * 720 + 200):
    at = start + datetime.timedelta(minutes=2 * i)
    if not 7300 <= i < 7390: # 12 Nov 03:20 to 06:20
        fw.append(line('fw01', at, 'link is up %d' % i))
    sw.append(line('sw01', at, 'port %d is up' % (i % 24)))
open(t + '/fw.log', 'w').writelines(fw)
open(t + '/sw.log', 'w').writelines(sw)
bk = []
for day in range(2, 8):
    at = datetime.datetime(2026, 11, day, 2, 0)
    bk.append(line('nas01', at, 'Backup job completed'))
bk.append(line('nas01', datetime.datetime(2026, 11, 10, 9, 0), 'fan is fine'))
open(t + '/bk.log', 'w').writelines(bk)
END
for f in fw sw bk; do
	konseki import --replay --source $f "$T/$f.log" >>"$T/said" 2>&1 ||
	    diag "$(cat "$T/said")"
done
i=0
while [ $i -lt 60 ]; do
	echo "<14>Nov 24 10:00:00 pc1 app: flood $i"
	i=$((i + 1))
done >"$T/flood"
python3 - "$(port tcp)" "$T/flood" <<'END'
import socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(open(sys.argv[2], 'rb').read())
s.close()
END
wait_for 'konseki show 2>/dev/null | grep -q kind=rate-limit'

about() { # about RULE: key and numbers of its findings
	grep "\"rule\":\"$1\"" "$T/findings" |
	    sed 's/.*"key":"\([^"]*\)".*"numbers":\[\(.*\)\],"entities".*/\1 \2/' |
	    sed 's/{"name":"\([^"]*\)","value":"\([^"]*\)"[^}]*}/\1=\2/g'
}
ok 'they are analysed' konseki analyze
konseki analyze --print >"$T/findings"
konseki analyze --print >"$T/again"
same 'twice the same' "$T/again" "$T/findings"
like 'the firewall was silent for three hours' "$(about LOG-01)" \
    '^device=fw01 silent=182,limit=30,median=12[0-9]\..*ended=1$'
is 'nobody else was' "$(about LOG-01 | wc -l | tr -d ' ')" 1
like 'it is said in both languages' \
    "$(grep '"rule":"LOG-01"' "$T/findings")" \
    'fw01からの記録が.*03:1.*途絶えました.*Nothing came from fw01 from Thu 2026-11-12'
like 'and cites the last record before' \
    "$(grep '"rule":"LOG-01"' "$T/findings")" '"evidence_n":1,'
like 'the daily backup stopped' "$(about BKP-01-missing)" '^host=nas01 count=1'
like 'its last success is what is cited' \
    "$(grep '"rule":"BKP-01-missing"' "$T/findings")" '"first":"2026-11-06T17:00:00'
like 'the collector dropped some' "$(about LOG-06)" '^site=all count='
like 'and says of whom' "$(grep '"rule":"LOG-06"' "$T/findings")" \
    'rate-limit listener=tcp count=[0-9]*.* peer=127\.0\.0\.1'
is 'the log is as it was signed' "$(about LOG-03)" ''
site_stop

# Somebody changes a byte of what was sealed.
segment=$(find "$S/evidence/segments" -name '*.gz' | sort | head -n 1)
python3 - "$segment" <<'END'
import sys
f = open(sys.argv[1], 'r+b')
f.seek(2000)
b = f.read(1)
f.seek(2000)
f.write(bytes([b[0] ^ 1]))
END
konseki analyze --print >"$T/findings" 2>"$T/err"
is 'who analyses it is told' "$?" 1
like 'by a finding too' "$(grep '"rule":"LOG-03"' "$T/findings")" \
    '"severity":"critical".*"key":"site=all".*log=evidence file=segments/'

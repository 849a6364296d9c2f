#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The person in charge points three devices at the collector and looks whether
# they are there. Each shows with its first message: address, way, framing, how
# much. The table outlives a restart and goes on counting. Weeks later one of
# them has been silent for longer than it ever was: it stands first and is
# marked. Nobody looks, and the collector says so by itself, once for each
# silence; a device that was plugged in, sent for a minute and is gone is missed
# after a day. A table that somebody spoilt is named, and made anew.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
command -v curl >/dev/null || skip_all 'no curl'
plan 47

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
END
status=0
konseki --lang en devices --site "$S" >"$T/out" 2>&1 || status=$?
is 'before the first start there is nothing' "$status" 1
like 'and it says whose work it is' "$(cat "$T/out")" \
    'cache/sources.*collector writes it'
site_start

# from ADDRESS N: N datagrams from there.
from() {
	python3 - "$(port udp)" "$1" "$2" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[2], 0))
for i in range(int(sys.argv[3])):
    s.sendto(b'<13>datagram %04d' % i, ('127.0.0.1', int(sys.argv[1])))
END
}
# field LISTENER PEER KEY: of --json.
field() {
	konseki devices --site "$S" --json >"$T/json"
	python3 - "$@" <<END 2>/dev/null
import json, sys
for s in json.load(open('$T/json'))['sources']:
    if s['listener'] == sys.argv[1] and s['peer'] == sys.argv[2]:
        print(s[sys.argv[3]])
END
}
from 127.0.0.2 1
wait_for '[ "$(field udp 127.0.0.2 records)" = 1 ]'
is 'a device is there with its first message' "$(field udp 127.0.0.2 records)" 1
# Whoever comes after the table was written is not kept waiting for the next.
before=$(date +%s)
for n in 11 12; do
	from 127.0.1.$n 1
	wait_for '[ "$(field udp 127.0.1.$n records)" = 1 ]'
done
took=$(($(date +%s) - before))
# Both would need ten seconds each.
ok "and so are two that follow, each at once ($took s)" [ $took -le 12 ]
from 127.0.0.2 99
from 127.0.0.3 10
python3 "$srcdir/tests/system/peer.py" "$(port tcp)" \
    'text:<13>one\n<13>two\n' end
wait_for '[ "$(field tcp 127.0.0.1 records)" = 2 ] &&
    [ "$(field udp 127.0.0.2 records)" = 100 ]'
is 'all that it sent is counted' "$(field udp 127.0.0.2 records)" 100
is 'to the byte' "$(field udp 127.0.0.2 bytes)" 1700
is 'of each one by itself' "$(field udp 127.0.0.3 records)" 10
is 'the way it came is said' "$(field tcp 127.0.0.1 transport)" tcp
is 'and how messages are told apart' "$(field tcp 127.0.0.1 framing)" lf
is 'and of a day' "$(field udp 127.0.0.2 last_day)" 100
is 'after a minute nobody is called silent' "$(field udp 127.0.0.2 state)" learning
konseki devices --site "$S" --csv >"$T/csv"
is 'a table for Excel begins with its mark' \
    "$(head -c 3 "$T/csv" | od -An -tx1 | tr -d ' ')" efbbbf
is 'has a row for each sender' "$(grep -c '127\.0\.0\.' "$T/csv")" 3
is 'and CR LF' "$(tr -cd '\r' <"$T/csv" | wc -c)" "$(wc -l <"$T/csv")"
like 'Japanese is spoken' "$(konseki --lang ja devices --site "$S")" \
    '学習中 +127\.0\.0\.2 .* udp '
like 'and English' "$(konseki --lang en devices --site "$S")" \
    '^5 senders; counted since '
site_stop

# --- it outlives the collector ---
like 'a collector that does not run is said' \
    "$(sed -i 's/saved=[0-9]*/saved=1767225600000000/' "$S/cache/sources"
	konseki --lang en devices --site "$S")" '^the collector is not running: as of 2026-01-01'
site_start
from 127.0.0.2 5
wait_for '[ "$(field udp 127.0.0.2 records)" = 105 ]'
is 'a restart forgets nobody' "$(field udp 127.0.0.2 records)" 105
site_stop

# --- weeks later ---
# 127.0.0.2 was heard every ten minutes for a week, 127.0.0.3 once a day.
python3 - "$S/cache/sources" <<'END'
import re, sys
path = sys.argv[1]
lines = open(path).read().splitlines()
day = 86400 * 10**6
for i, line in enumerate(lines):
    last = re.search(r' last=(\d+)', line)
    for peer, quiet in ('127.0.0.2', 600 * 10**6), ('127.0.0.3', day):
        if last and ' peer=%s ' % peer in line:
            line = re.sub(r' first=\d+', ' first=%d' % (int(last[1]) - 7 * day), line)
            lines[i] = re.sub(r' quiet=[\d,]+', ' quiet=' + ','.join([str(quiet)] * 8), line)
open(path, 'w').write('\n'.join(lines) + '\n')
END
last=$(sed -n 's/.* peer=127\.0\.0\.2 .* last=\([0-9]*\).*/\1/p' "$S/cache/sources")
at() {
	date -u -d "@$((last / 1000000 + $1))" +%Y-%m-%dT%H:%M:%SZ
}
status=0
konseki --lang en devices --site "$S" --at "$(at 1190)" >"$T/out" || status=$?
is 'twenty minutes are no silence for either' "$status" 0
status=0
konseki --lang en devices --site "$S" --at "$(at 1260)" >"$T/out" || status=$?
is 'later one is missed' "$status" 3
like 'and stands first' "$(sed -n 2p "$T/out")" '^  SILENT, look into it +127\.0\.0\.2 '
like 'the other is as ever' "$(cat "$T/out")" '^  ok +127\.0\.0\.3 '
like 'marked in Japanese' "$(konseki --lang ja devices --site "$S" --at "$(at 1260)")" \
    '^  確認が必要（途絶） +127\.0\.0\.2 '

status=0
konseki --lang en devices --site "$S" --at "$(at 86000)" >"$T/out" || status=$?
like 'who sent for a minute is not missed before a day' "$(cat "$T/out")" \
    '^  learning +127\.0\.1\.11 '
konseki --lang en devices --site "$S" --at "$(at 87000)" >"$T/out"
like 'but after one' "$(cat "$T/out")" '^  SILENT, look into it +127\.0\.1\.11 '

# --- nobody asks ---
# was PEER SECONDS: it was heard last so long ago, while we were there.
was() {
	python3 - "$S/cache/sources" "$@" <<'END'
import re, sys, time
path, peer, ago = sys.argv[1:]
now = time.time_ns() // 1000
lines = open(path).read().splitlines()
for i, line in enumerate(lines):
    if ' peer=%s ' % peer in line:
        last = int(re.search(r' last=(\d+)', line)[1])
        first = int(re.search(r' first=(\d+)', line)[1])
        then = now - int(ago) * 10**6
        line = re.sub(r' last=\d+', ' last=%d' % then, line)
        lines[i] = re.sub(r' first=\d+', ' first=%d' % (then - (last - first)), line)
lines[0] = re.sub(r'saved=\d+', 'saved=%d' % now, lines[0])
open(path, 'w').write('\n'.join(lines) + '\n')
END
}
# alarms PEER: how often its silence was said since the last start.
alarms() {
	grep -c "listener 'udp': ALARM: $1 fell silent" "$T/collector.err"
}
metric() {
	curl -s --max-time 10 --http1.0 --unix-socket "$S/run/metrics.sock" \
	    http://localhost/metrics | awk -v n="$1" '$1 == n { print $2 }'
}
was 127.0.0.2 1800
was 127.0.0.3 1800
was 127.0.1.11 90000
was 127.0.1.12 80000
site_start
wait_for '[ "$(alarms 127.0.0.2)" -gt 0 ] && [ "$(alarms 127.0.1.11)" -gt 0 ]'
is 'who is silent is said' "$(alarms 127.0.0.2)" 1
is 'and who was never known well' "$(alarms 127.0.1.11)" 1
is 'not who often is so long silent' "$(alarms 127.0.0.3)" 0
is 'nor who may be for a day' "$(alarms 127.0.1.12)" 0
wait_for '[ "$(metric konseki_sources_silent)" = 2 ]'
is 'monitoring sees it' "$(metric konseki_sources_silent)" 2
like 'of each sender' "$(curl -s --http1.0 --unix-socket "$S/run/metrics.sock" \
    http://localhost/metrics | grep konseki_source_silent)" \
    'source="127\.0\.0\.2",listener="udp",transport="udp",log="evidence"} 1$'
site_stop
was 127.0.1.12 90000
site_start
wait_for '[ "$(alarms 127.0.1.12)" -gt 0 ]'
is 'after a restart another is silent' "$(alarms 127.0.1.12)" 1
is 'of who was said already nothing is' "$(alarms 127.0.0.2)$(alarms 127.0.1.11)" 00
from 127.0.0.2 1
wait_for 'grep -q "127.0.0.2, which was silent, is heard again" "$T/collector.err"' 60
ok 'who is heard again is said' grep -q '127.0.0.2, which was silent, is heard again' "$T/collector.err"
wait_for '[ "$(field udp 127.0.0.2 state)" = ok ]'
is 'and is as ever' "$(field udp 127.0.0.2 state)" ok
site_stop
# It was stopped for two days: nobody was heard, and nobody was silent.
was 127.0.0.3 172800
sed -i '1s/saved=[0-9]*/saved=1767225600000000/' "$S/cache/sources"
had=$(field udp 127.0.0.2 records)
site_start
from 127.0.0.2 1
wait_for '[ "$(field udp 127.0.0.2 records)" = $((had + 1)) ]' # written after the look
is 'while the collector was stopped nobody is silent' "$(alarms 127.0.0.3)" 0
site_stop
last=$(sed -n 's/.* peer=127\.0\.0\.2 .* last=\([0-9]*\).*/\1/p' "$S/cache/sources")

# --- a table that somebody spoilt ---
sed -i -e '2i one' -e '2i two' "$S/cache/sources"
echo three >>"$S/cache/sources"
konseki --lang en devices --site "$S" --at "$(at 1190)" >"$T/out" 2>"$T/err"
is 'a line that is none of a sender is no error' "$?" 0
like 'but each is named' "$(tr '\n' ' ' <"$T/err")" \
    "sources:2: not the line of a sender.*sources:3: .*sources:$(wc -l <"$S/cache/sources"): "
like 'and the others are shown' "$(cat "$T/out")" '^  ok +127\.0\.0\.3 '
echo 'no table' >"$S/cache/sources"
ok 'what is no table is not shown' ! konseki devices --site "$S"
site_start
from 127.0.0.2 3
wait_for '[ "$(field udp 127.0.0.2 records)" = 3 ]'
is 'and is made anew' "$(field udp 127.0.0.2 records)" 3
site_stop

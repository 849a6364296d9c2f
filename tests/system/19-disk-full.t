#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The disk fills up while records come over TCP. The collector says so, keeps
# what is sealed, holds the senders back, and goes on when there is room: every
# line is there, in order, and that there was no room is recorded.
. "${srcdir:-.}/tests/system/disk.sh"
disk_make 4m
site_look=1 # at its room each second
plan 12

site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
END
site_start
konseki import --site "$S" "$srcdir/LICENSE" >/dev/null
sealed=$(sed -n 2p "$disk/evidence/checkpoint")
disk_fill 500000
wait_for 'records g1 | grep -q kind=disk-low'
tap $? 'that little room is left is recorded'
KONSEKI_RULES=$srcdir/rules konseki analyze --site "$S" --print >"$T/findings" 2>"$T/err"
like 'and told' "$(grep '"rule":"LOG-06"' "$T/findings")" \
    '"severity":"warning".*disk-low.*size=4194304'
rm "$disk/ballast"
disk_fill 0
# Lines that do not compress.
cat >"$T/client.py" <<'END'
import hashlib, socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
for i in range(40000):
    s.sendall(b'<13>%05d %s\n' % (i, hashlib.sha256(b'%d' % i).hexdigest().encode()))
s.close()
END
start client python3 "$T/client.py" "$(port tcp)"
client=$pid
wait_for 'grep -q ALARM "$T/collector.err"'
like 'a full disk raises an alarm' "$(cat "$T/collector.err")" \
    "log 'evidence': ALARM: .*disk is full"
ok 'the collector goes on' running "$collector"
ok 'what was sealed is there' konseki show --site "$S" --to $((sealed - 1))
ok 'who asks for a seal is told' ! konseki import --site "$S" "$srcdir/NEWS.md"
disk_free
wait_received tcp 40000 60
messages tcp | awk '$1 != sprintf("<13>%05d", NR - 1) { bad++ }
    END { exit bad > 0 || NR != 40000 }'
tap $? 'with room again every line is there, in order'
wait_for 'records g1 | grep -q kind=disk-full'
tap $? 'and that there was none is recorded'
like 'the alarm is taken back' "$(cat "$T/collector.err")" 'sealed again'
stop "$client"
site_stop
verified

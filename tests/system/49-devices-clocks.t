#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Two servers and a switch send. One server's clock is seven minutes behind, the
# switch's was never set. The person in charge asks how far their clocks are
# off: the worst stands first, and what the switch says of itself goes along.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 9
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start
# Nine lines of each, their times by the site's zone, +09:00.
python3 - "$(port udp)" <<'END'
import socket, sys, time
def stamp(behind): return time.strftime('%b %d %H:%M:%S', time.gmtime(time.time() + 9 * 3600 - behind))
def send(address, line):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((address, 0))
    for i in range(9):
        s.sendto(line.encode(), ('127.0.0.1', int(sys.argv[1])))
login = '<86>%s %s sshd[1]: Accepted password for tanaka from 192.0.2.7 port 1 ssh2'
send('127.0.0.2', login % (stamp(0), 'emr1'))
send('127.0.0.2', login % (stamp(420), 'emr2'))
send('127.0.0.3', '<38>sshd[1]: Accepted password for tanaka from 192.0.2.7 port 1 ssh2')
END
wait_for '[ "$(konseki devices --site "$S" --json | python3 -c "
import json, sys
print(sum(s[\"records\"] for s in json.load(sys.stdin)[\"sources\"]))")" = 27 ]'
clocks() {
	konseki --lang en devices --site "$S" --clocks "$@"
}
wait_for '[ "$(clocks | grep -c "events: 9")" = 3 ]'
clocks >"$T/out"
like 'the worst stands first' "$(sed -n 1p "$T/out")" \
    '^OFF, look into it  127\.0\.0\.2  emr2$'
like 'how far it is off' "$(grep -A2 emr2 "$T/out" | tr '\n' ' ')" \
    'clock: 7 m.* behind'
like 'the other behind the same address is right' \
    "$(grep -A2 emr1 "$T/out" | tr '\n' ' ')" '^ok .*clock: right'
like 'one that tells no time is there' "$(grep 127.0.0.3 "$T/out")" '^no time'
clocks --json >"$T/json"
is 'for machines' "$(python3 - "$T/json" <<'END'
import json, sys
for c in json.load(open(sys.argv[1]))['clocks']:
    print(c['peer'], c['name'], c['state'], c['events'], c['rule'], c['quality'], None if c['skew_s'] is None
          else 419 <= c['skew_s'] <= 440)
END
)" '127.0.0.2 emr2 off 9 site year-inferred True
127.0.0.2 emr1 ok 9 site year-inferred False
127.0.0.3  no-time 9   None'
like 'for Excel' "$(clocks --csv | sed -n 2p)" '"emr2","9","4[123]'
like 'in Japanese' "$(konseki --lang ja devices --site "$S" --clocks)" \
    '7分.*遅れ'
clocks --at 2026-01-01T00:00:00+09:00 2>/dev/null
is 'no other time goes with it' $? 2
site_stop

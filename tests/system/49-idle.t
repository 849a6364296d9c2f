#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Ten thousand connections stand and say nothing, each with half a line: as many
# as a hospital group's terminals. All processes of the collector together need
# no more than 200 MiB for it (PSS), a line over one more connection is taken as
# ever, and when all of them go what they had said is there to the last byte.
# shellcheck disable=SC2016,SC2034,SC3045 # conditions; every sh here has ulimit -n
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
n=10000
[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge $((n + 200)) ] ||
    skip_all "fewer than $n descriptors for a process"
[ -r /proc/self/smaps_rollup ] || skip_all 'no smaps_rollup'
ulimit -n "$(ulimit -Hn)"
plan 9

site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, max_connections: 12000, max_per_source: 12000}
END
site_start
cat >"$T/crowd.py" <<'END'
import signal, socket, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
peers = []
for i in range(int(sys.argv[2])):
    s = socket.socket()
    s.bind(('127.0.%d.%d' % (1 + i // 250, 1 + i % 250), 0))
    s.connect(('127.0.0.1', int(sys.argv[1])))
    s.sendall(b'<13>half a line of %05d' % i)
    peers.append(s)
print('open', flush=True)
signal.sigwait({signal.SIGUSR1})
for s in peers:
    s.close()
END
start crowd python3 "$T/crowd.py" "$(port tcp)" $n
crowd=$pid
wait_for 'grep -q open "$T/crowd.out" || ! running $crowd' 120
ok 'ten thousand connections are open' grep -q open "$T/crowd.out"
connections() {
	konseki status --site "$S" --json | python3 -c 'import json, sys
print(json.load(sys.stdin)["live"]["listeners"][0]["konseki_listener_connections"])'
}
wait_for '[ "$(connections)" -ge $n ]' 60
tap $? 'and all are served'
printf '<13>among them\n' >"$T/line"
ok 'one more is served' python3 "$srcdir/tests/system/peer.py" "$(port tcp)" \
    "file:$T/line" end
wait_for 'messages tcp | grep -q "among them"'
tap $? 'its line is taken'
memory 'all processes together take at most 200 MiB' 200
ticks() {
	awk '{ print $2 }' "$S/run/processes" | while read -r p; do
		awk '{ print $14 + $15 }' "/proc/$p/stat"
	done | awk '{ n += $1 } END { print n }'
}
before=$(ticks)
sleep 5
spent=$(($(ticks) - before))
diag "of 5 s, $spent hundredths were spent"
ok 'and next to no time while nobody says anything' \
    [ "$before" -gt 0 -a "$spent" -le 25 ]
kill -USR1 "$crowd"
wait_for '! running $crowd' 60
wait_received tcp $((n + 1)) 90
is 'each half line is there when they have gone' \
    "$(konseki show --site "$S" --source tcp --messages | sort -u | grep -c 'half a line of')" $n
site_stop
ok 'the evidence is intact' konseki-verify --pin "$S/evidence/log" "$S/evidence"

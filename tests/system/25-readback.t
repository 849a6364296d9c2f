#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A closed segment is read back from the disk. Enough is imported to close one;
# while the collector is down a bit of it turns. The collector, started again,
# says so aloud, puts it into the log, once, and goes on. Healed, it is silent.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 16

site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
END
E=$S/evidence
python3 -c 'for _ in range(270): print("x" * 1000000)' >"$T/big.log"
site_start
ok 'more than a segment holds' konseki import --site "$S" "$T/big.log"
wait_for '[ -e "$E/manifests/000000000000" ]'
tap $? 'one is closed'
stop "$collector"
ok 'nothing is said of what is whole' ! grep -q ALARM "$T/collector.err"

file=$(sed -n 's/^file //p' "$E/manifests/000000000000")
want=$(sed -n 's/^gzip [0-9]* //p' "$E/manifests/000000000000")
# harm: turn one bit in the middle of it.
harm() {
	python3 - "$E/$file" <<'END'
import os, sys
with open(sys.argv[1], 'r+b') as f:
    at = os.path.getsize(sys.argv[1]) // 2
    f.seek(at)
    b = f.read(1)[0]
    f.seek(at)
    f.write(bytes([b ^ 1]))
    os.fsync(f.fileno())
END
}
harm
found=$(sha256sum "$E/$file" | cut -d ' ' -f 1)
site_start
wait_for 'grep -q ALARM "$T/collector.err"'
like 'a bit that turned is told' "$(cat "$T/collector.err")" \
    "log 'evidence': ALARM: .*$file .*expected $want, found $found"
pid=$(pid_of writer)
for id in "/proc/$pid/task/"*; do
	chrt -p "${id##*/}" 2>/dev/null
done >"$T/policies"
like 'who reads waits for everybody else' "$(cat "$T/policies")" SCHED_IDLE
size=$(sed -n 2p "$E/checkpoint") # before it nothing can be read
python3 - "$(port tcp)" <<'END'
import socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'<13>hello\n')
s.close()
END
wait_for 'konseki show --site "$S" --messages --from "$size" | grep -qx "<13>hello"'
tap $? 'collecting goes on'
ok 'what is damaged is not touched' \
    [ "$(sha256sum "$E/$file" | cut -d ' ' -f 1)" = "$found" ]
site_stop
ok 'konseki-verify finds the bit as well' \
    ! konseki-verify --pin "$E/log" "$E"
harm
like 'the log says it' "$(records g1)" \
    "kind=readback .* file=$file expected=$want found=$found length=[0-9]* errno=-"
is 'once' "$(records g1 | grep -c kind=readback)" 1

site_start
wait_received tcp 1
site_stop
ok 'healed, nothing is said' ! grep -q ALARM "$T/collector.err"
is 'nor recorded' "$(records g1 | grep -c kind=readback)" 1
verified

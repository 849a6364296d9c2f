#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The configuration is changed while the disk is full: it comes into force all
# the same, listeners and followed files with it. The tailer that begins then
# has to wait for its log, as often as it begins, and collecting goes on; once
# there is room all is there, the record of the change too.
. "${srcdir:-.}/tests/system/disk.sh"
disk_make 60m
plan 10

site_reserve=16
site_make <<'END'
watch:
  - {name: one, path: one.log}
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, backpressure: stall}
END
awk 'BEGIN { for (i = 1; i <= 3; i++) print "line", i }' >"$S/two.log"
# Lines that hardly compress: more than the reserve holds.
head -c 30000000 /dev/urandom | base64 -w 388 |
    awk '{ printf "<134>%06d %s\n", NR, $0 }' >"$T/lines"
site_start
said() { grep -c "$1" "$T/collector.err"; }

disk_fill 6000000
start sender python3 "$srcdir/tests/system/peer.py" "$(port tcp)" \
    "file:$T/lines" end
sender=$pid
wait_for '[ "$(said "disk is full")" -ge 1 ]' 60

sed -i -e 's/name: one, path: one/name: two, path: two/' "$S/konseki.yml"
echo '  - {name: fresh, transport: tcp, address: 127.0.0.1, port: 0}' \
    >>"$S/konseki.yml"
tailer=$(pid_of tailer)
kill -HUP "$collector"
wait_for '[ "$(said "reloaded; changed")" -ge 1 ]' 30
like 'it is reloaded' "$(cat "$T/collector.err")" \
    'reloaded; changed: watch\[one\], watch\[two\], listeners\[fresh\]'
wait_for '[ -n "$(pid_of tailer)" ] && [ "$(pid_of tailer)" != "$tailer" ]'
tailer=$(pid_of tailer)
sleep 2 # it looks four times a second
is 'the tailer waits' "$(pid_of tailer)" "$tailer"
is 'nobody ended' "$(said 'ended with')" 0
like 'a new listener is there' "$(port fresh)" '^[0-9]+$'

disk_free
wait_for '[ "$(said "is sealed again")" -ge 1 ]' 60
wait_for '! running "$sender"' 60
wait_received two 3 60
is 'what was to be followed is there' "$(messages two)" "$(cat "$S/two.log")"
wait_received tcp "$(wc -l <"$T/lines")" 60
raw tcp >"$T/got"
same 'and what was sent' "$T/got" "$T/lines"
wait_for '[ "$(records c1 | wc -l)" = 2 ]'
like 'the change is recorded' "$(records c1 | tail -n 1)" 'change=listeners\[fresh\]'
site_stop
verified

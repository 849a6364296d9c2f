#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# For eight seconds, in a long check for an hour, the collector gets half of
# what it can take, over connections that end and begin anew, while segments
# are closed and the configuration is read again. All that was sent is kept, and
# its memory does not grow.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
seconds=8
[ -z "${KONSEKI_LONG:-}" ] || seconds=${KONSEKI_SOAK:-3600}
plan 9

site_height=9
site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, max_connections: 100, backpressure: stall}
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start
python3 "$srcdir/tests/system/soak.py" "$S" "$seconds" 20 >"$T/soak" 2>"$T/err"
is 'the sender came to its end' $? 0
diag "$(cat "$T/soak" "$T/err")"
word() {
	awk -v w="$1" -v n="$2" '$1 == w { print $n }' "$T/soak"
}
site_stop
# The counters of the last seal, which is the last record; the log is too long
# to be read.
seal=$(konseki show --site "$S" \
    --from $(($(sed -n 2p "$S/evidence/checkpoint") - 1)))
last() {
	echo "$seal" | sed -n "s/.* s1 .* $1=\\([0-9]*\\).*/\\1/p"
}
lost=$(last kernel-dropped)
diag "$lost datagrams lost, and recorded"
is 'all that was sent is kept, or recorded as lost' \
    $(($(last accepted) + lost)) $(($(word sent 2) + $(word sent 3)))
is 'nothing else was lost' "$(last queue-dropped) $(last refused)" '0 0'
is 'the configuration was read again' \
    "$(grep -c 'reloaded; changed: .*max_connections' "$T/collector.err")" \
    "$(word reloads 2)"
ok 'segments were closed' \
    [ "$(find "$S/evidence/manifests" -type f | wc -l)" -ge 1 ]
first=$(word memory 2) last=$(word memory 3)
ok 'memory is flat' [ "$last" -le $((first + first / 10 + 4096)) ]
verified

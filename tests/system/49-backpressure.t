#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The disk does not take anything for a while. A Cisco ASA whose log server does
# not read lets no traffic through the hospital: so a plain TCP connection is
# read on after a second of waiting, and what there is no room for is counted
# and recorded with the stream that it is missing from: what was sent is there
# or counted, to the byte. Where the site asked for it, and over TLS, the sender
# waits instead and loses nothing.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 17

certificates
site_make <<'END'
listeners:
  - {name: asa, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: wait, transport: tcp, address: 127.0.0.1, port: 0, backpressure: stall}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
END
site_start
awk 'BEGIN { for (i = 1; i <= 100000; i++)
	printf "<13>%d %0390d\n", i, i }' >"$T/lines"
size=$(wc -c <"$T/lines")

# --- who must not be stalled ---
kill -STOP "$(pid_of writer)"
before=$(date +%s)
start asa python3 "$srcdir/tests/system/peer.py" "$(port asa)" "file:$T/lines" \
    hold
asa=$pid
wait_for 'grep -q held "$T/asa.out"' 60
tap $? 'all is taken from the sender while nothing is written'
diag "within $(($(date +%s) - before)) seconds"
kill -CONT "$(pid_of writer)"
wait_for '[ "$(gap queue-drop asa count)" -gt 0 ]'
stop "$asa"
wait_for '[ $(($(received asa) + $(gap queue-drop asa count))) = 100000 ]' 60
is 'each line is there or counted' $(($(received asa) + $(gap queue-drop asa count))) 100000
raw asa >"$T/got"
is 'and each byte' $(($(wc -c <"$T/got") + $(gap queue-drop asa bytes))) "$size"
ok 'some were kept' [ "$(received asa)" -gt 1000 ]
is 'those that came first' "$(messages asa | head -n 1 | cut -c1-6)" '<13>1 '
like 'the stream is named' "$(records g1)" \
    'kind=queue-drop stream=[0-9]+ listener=asa count=[0-9]+ bytes=[0-9]+ from=[0-9]+ until=[0-9]+ peer=127\.0\.0\.1 offset=[0-9]+ end=[0-9]+$'
ok 'what is kept is whole lines' \
    ! sh -c "grep -qvE '^<13>[0-9]+ 0*[0-9]+\$' '$T/got'"
wait_for 'records s1 | tail -n 1 | grep -q " queue-dropped=$(gap queue-drop asa count) "'
tap $? 'the seals count them, too'
like 'and what was received' "$(records s1 | tail -n 1)" ' received=100000 accepted='
printf '<13>afterwards\n' >"$T/after"
python3 "$srcdir/tests/system/peer.py" "$(port asa)" "file:$T/after" end
wait_for 'messages asa | grep -q afterwards'
tap $? 'afterwards all is as ever'

# --- who may wait ---
for l in wait tls; do
	kill -STOP "$(pid_of writer)"
	[ "$l" = wait ] || set -- "tls:$T/ca.pem"
	start "$l" python3 "$srcdir/tests/system/peer.py" "$(port $l)" "$@" \
	    "press:$T/lines" end
	wait_for "grep -q 'held back' '$T/$l.out'"
	tap $? "the sender is held back ($l)"
	kill -CONT "$(pid_of writer)"
	wait_for '! running $pid' 60
	wait_received $l 100000 60
	raw $l >"$T/got"
	same "and loses nothing ($l)" "$T/got" "$T/lines"
done
site_stop
verified

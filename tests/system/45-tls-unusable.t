#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody copies the wrong file over a certificate, and a week later the machine
# is started again. What the other listeners receive is received: only the one
# whose certificate, key, authority or revocation list cannot be used is closed,
# its port too, so that nothing is taken there in the clear. An alarm names file
# and reason, monitoring sees it, the log says from when to when. It is tried
# again by itself, and at a reload; a configuration with such a file is refused
# as before. The same when the receiving process had to begin anew.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tls.sh"
command -v openssl >/dev/null || skip_all 'no openssl'
command -v python3 >/dev/null || skip_all 'no python3'
plan 38

certificates
authority clinic
cp "$P/clinic.pem" "$S/tls/clients.pem"
list clinic "$S/tls/clients.crl"
cp -r "$S/tls" "$T/good"
tls=$(free_port) relp=$(free_port)
site_make <<END
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: tls, transport: tls, address: 127.0.0.1, port: $tls, certificate: tls/cert.pem, key: tls/key.pem}
  - {name: relp, transport: relp-tls, address: 127.0.0.1, port: $relp, certificate: tls/cert2.pem, key: tls/key2.pem, client_ca: tls/clients.pem, crl: tls/clients.crl}
END
cp "$S/tls/cert.pem" "$S/tls/cert2.pem"
cp "$S/tls/key.pem" "$S/tls/key2.pem"
cp -r "$S/tls/." "$T/good"

# closed PORT: whether nobody listens there.
closed() {
	python3 -c 'import socket, sys
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
except ConnectionRefusedError:
    sys.exit(0)
sys.exit(1)' "$1"
}
# datagram TEXT
datagram() {
	printf %s "$1" | python3 -c 'import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(
    sys.stdin.buffer.read(), ("127.0.0.1", int(sys.argv[1])))' "$(port udp)"
}
# open_gauge LISTENER: what monitoring sees.
open_gauge() {
	curl -s --unix-socket "$S/run/metrics.sock" http://localhost/metrics |
	    sed -n "s/^konseki_listener_open{listener=\"$1\",.*} //p"
}
# alarms LISTENER: how many.
alarms() {
	grep -c "ALARM: listener '$1' is closed" "$T/collector.err"
}
# gaps LISTENER: the g1 of it, one a line.
gaps() {
	records g1 | grep "kind=listener-closed .*listener=$1 "
}

# --- a start ---
echo junk >"$S/tls/cert.pem"
konseki-collector --check-config --site "$S" >"$T/check" 2>&1
is 'such a configuration is wrong' $? 1
site_start
wait_for '[ "$(alarms tls)" = 1 ]'
like 'an alarm names file and reason' "$(cat "$T/collector.err")" \
    "konseki.yml:[0-9]+: ALARM: listener 'tls' is closed, .*certificate: '.*/tls/cert.pem' is no PEM certificate"
datagram one
wait_received udp 1
is 'the others receive' "$(messages udp)" one
ok 'its port is closed' closed "$tls"
ok 'another is not' ! closed "$relp"
is 'nor is it among those that receive' "$(port tls)" ''
wait_for '[ "$(open_gauge tls) $(open_gauge relp)" = "0 1" ]'
is 'monitoring sees it' "$(open_gauge tls) $(open_gauge relp) $(open_gauge udp)" '0 1 1'
like 'in the status, too' "$(curl -s --unix-socket "$S/run/metrics.sock" \
    http://localhost/status)" '"name":"tls","konseki_listener_open":0'
like 'which people read' "$(konseki --lang en status --site "$S" 2>&1)" \
    'tls +ALARM: it is closed'
like 'in Japanese' "$(konseki --lang ja status --site "$S" 2>&1)" \
    'tls +警報: 閉じており'
wait_for '[ -n "$(gaps tls)" ]'
like 'the log has it' "$(gaps tls)" \
    'kind=listener-closed stream=- listener=tls count=- bytes=- from=[0-9]+ until=[0-9]+ reason=certificate'

# --- it is put right ---
cp "$T/good/cert.pem" "$S/tls/cert.pem"
wait_for '[ -n "$(port tls)" ]' 60
is 'once it is put right it is opened' "$(port tls)" "$tls"
like 'which is said' "$(cat "$T/collector.err")" "listener 'tls' is open"
say tls '<134>in' ''
wait_received tls 1
is 'and receives' "$(messages tls)" '<134>in'
wait_for '[ "$(open_gauge tls)" = 1 ]'
is 'monitoring sees that' "$(open_gauge tls)" 1
wait_for '[ "$(gaps tls | wc -l)" = 2 ]'
is 'and the log from when to when' "$(gaps tls | tail -n 1 |
    sed -E 's/.* from=([0-9]+) until=([0-9]+) .*/\1 \2/' |
    awk '{ print ($2 > $1) }')" 1
is 'it was alarmed of once' "$(alarms tls)" 1

# --- the receiving process begins anew ---
# anew: it is killed, and made again.
anew() {
	anew_pid=$(pid_of receiver)
	kill -KILL "$anew_pid"
	wait_for '[ "$(pid_of receiver)" != "$anew_pid" ] &&
	    [ -n "$(pid_of receiver)" ]'
}
# broken FILE: it is no good, and the receiver begins anew; a reload puts an end
# to that.
broken() {
	broken_n=$(alarms relp)
	echo junk >"$S/tls/$1"
	anew
	wait_for "[ \"\$(alarms relp)\" -gt $broken_n ]"
	like "a receiver that begins anew without $1" \
	    "$(grep ALARM "$T/collector.err" | tail -n 1)" \
	    "'relp' is closed, .*/tls/$1'"
	ok 'does not open it' closed "$relp"
	broken_got=$(received udp)
	datagram "without $1"
	wait_received udp $((broken_got + 1))
	is 'and the others receive' "$(messages udp | tail -n 1)" "without $1"
}
for file in key2.pem clients.pem clients.crl cert2.pem; do
	broken $file
	site_reload 'NOT reloaded'
	ok 'a reload with it is refused, and it stays closed' closed "$relp"
	if [ $file = cert2.pem ]; then
		anew
		cp "$T/good/$file" "$S/tls/$file"
		break
	fi
	cp "$T/good/$file" "$S/tls/$file"
	site_reload ': reloaded; changed: '
	wait_for '! closed "$relp"'
done
wait_for '! closed "$relp"' 60
ok 'it comes back by itself' ! closed "$relp"
is 'nobody gave up' "$(grep -c 'collecting stops' "$T/collector.err")" 0
site_stop
verified

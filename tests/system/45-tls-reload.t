#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The collector's certificate is renewed while senders are connected. On SIGHUP
# the new one is in force for who comes then, and who is connected goes on with
# not a byte lost. A certificate renewed without its key, a file that is gone:
# the old ones stay in force, all of them, and the message names the file. A
# sender that is revoked is turned away from then on. When the configuration asks
# for other senders than before, connections end, and who may come does so
# again: nobody goes on whom the new words would not let in. The key is root's
# alone.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tls.sh"
command -v openssl >/dev/null || skip_all 'no openssl'
plan 37

certificates
authority clinic
client clinic fw1 ''
client clinic fw2 ''
cp "$P/clinic.pem" "$S/tls/clients.pem"
list clinic "$S/tls/clients.crl"
cp "$S/tls/cert.pem" "$S/tls/cert2.pem"
cp "$S/tls/key.pem" "$S/tls/key2.pem"
chmod 600 "$S/tls/key.pem" "$S/tls/key2.pem"
chmod 700 "$S/tls"
tls='transport: tls, address: 127.0.0.1, port: 0'
site_make <<END
listeners:
  - {name: first, $tls, certificate: tls/cert.pem, key: tls/key.pem, client_ca: tls/clients.pem, crl: tls/clients.crl}
  - {name: second, $tls, certificate: tls/cert2.pem, key: tls/key2.pem}
  - {name: plain, transport: tcp, address: 127.0.0.1, port: 0}
END
site_start
grep -v ^monitor "$S/run/processes" >"$T/processes"

# renew: another certificate and key of the same authority.
renew() {
	# shellcheck disable=SC2086 # options
	tls_quiet openssl req $tls_key -keyout "$S/tls/key.pem" \
	    -out "$T/cert.csr" -subj /CN=collector.test
	tls_quiet openssl x509 -req -in "$T/cert.csr" -CA "$T/ca.pem" \
	    -CAkey "$T/ca.key" -CAcreateserial -days 30 \
	    -extfile "$T/cert.ext" -out "$S/tls/cert.pem"
}
# live NAME LISTENER [SENDER]: a connection that stays, fed by $T/NAME.in.
live() {
	live_name=$1 live_to=$(port "$2")
	mkfifo "$T/$1.in"
	set -- ${3:+-cert "$P/$3.pem" -key "$P/$3.key"}
	start "$live_name" sh -c 'exec <"$0"; exec "$@"' "$T/$live_name.in" \
	    openssl s_client -quiet -no_ign_eof -nocommands \
	    -connect "127.0.0.1:$live_to" -CAfile "$T/ca.pem" "$@"
}
# served LISTENER: the serial number of the certificate that is shown there.
served() {
	openssl s_client -connect "127.0.0.1:$(port "$1")" </dev/null \
	    2>/dev/null | openssl x509 -noout -serial
}

live one first fw1
exec 3>"$T/one.in"
live two second
exec 4>"$T/two.in"
echo '<134>one 1' >&3
echo '<134>two 1' >&4
wait_received first 1
wait_received second 1
before1=$(served first) before2=$(served second)

# --- a new certificate with its key ---
cp "$S/tls/key2.pem" "$T/key2.pem"
renew
chmod 600 "$S/tls/key.pem"
site_reload ': reloaded; changed: '
ok 'who comes now sees the new certificate' [ "$(served first)" != "$before1" ]
is 'of the other listener the one it had' "$(served second)" "$before2"
echo '<134>one 2' >&3
echo '<134>two 2' >&4
wait_received first 2
wait_received second 2
is 'who is connected goes on' "$(messages first)" '<134>one 1
<134>one 2'
is 'on every listener' "$(messages second)" '<134>two 1
<134>two 2'
say first '<134>by the new one' fw2
wait_received first 3
is 'and who comes is received' "$(messages first | tail -n 1)" \
    '<134>by the new one'

# --- a certificate without its key ---
now1=$(served first)
cp "$S/tls/cert.pem" "$T/cert.new"
cp "$S/tls/cert2.pem" "$S/tls/cert.pem"
site_reload 'NOT reloaded'
like 'a key that does not fit is named' "$(cat "$T/collector.err")" \
    "konseki.yml:[0-9]+: key: '.*/tls/key.pem' is no PEM private key .* that fits the certificate"
is 'the old certificate stays' "$(served first)" "$now1"
cp "$T/cert.new" "$S/tls/cert.pem"

# --- all of them or none ---
rm "$S/tls/key2.pem"
renew
site_reload 'NOT reloaded'
like 'a file that is gone is named' "$(cat "$T/collector.err")" \
    "konseki.yml:[0-9]+: key: '.*/tls/key2.pem': No such file"
is 'and nothing changes elsewhere' "$(served first)" "$now1"
cp "$S/tls/key.pem" "$S/tls/key2.pem"
site_reload 'NOT reloaded'
is 'nor does it when the key of another listener does not fit' \
    "$(served first)" "$now1"
cp "$T/key2.pem" "$S/tls/key2.pem"
cp "$S/tls/clients.pem" "$T/clients.pem"
echo 'no certificate' >"$S/tls/clients.pem"
site_reload 'NOT reloaded'
like 'an authority that is none is named' "$(cat "$T/collector.err")" \
    "konseki.yml:[0-9]+: client_ca: '.*/clients.pem' has no PEM certificates"
is 'and changes nothing' "$(served first)" "$now1"
say first '<134>still who may' fw2
wait_received first 4
say first '<134>nobody' ''
refused 'nor does it let everybody in' first no-certificate
cp "$T/clients.pem" "$S/tls/clients.pem"
site_reload ': reloaded; changed: '
ok 'once all is right again it is taken' [ "$(served first)" != "$now1" ]

# --- a sender is revoked ---
revoke clinic fw2
list clinic "$S/tls/clients.crl"
say first '<134>before the list was read' fw2
wait_received first 5
site_reload ': reloaded; changed: '
say first '<134>after' fw2
refused 'who is revoked is turned away' first revoked fw2
echo '<134>one 3' >&3
wait_received first 6
is 'others go on' "$(messages first | tail -n 1)" '<134>one 3'
list clinic "$S/tls/clients.crl" -crl_lastupdate 20200101000000Z \
    -crl_nextupdate 20200108000000Z
site_reload 'past its next update'
say first '<134>after' fw1
refused 'when the list is old nobody gets in' first crl-expired fw1

# --- other conditions on senders ---
list clinic "$S/tls/clients.crl"
cp "$S/konseki.yml" "$T/first.yml"
# changed SED: the second listener's line is changed so; who is connected there
# ends.
changed() {
	live ends second fw1
	exec 5>"$T/ends.in"
	changed_n=$(received second)
	echo '<134>before' >&5
	wait_received second $((changed_n + 1))
	sed -i "/name: second/$1" "$S/konseki.yml"
	site_reload ': reloaded; changed: listeners'
	wait_for '! running $pid'
	ok "who was connected does not go on: ${1%%:*}" ! running "$pid"
	exec 5>&-
	rm "$T/ends.in"
}
changed 's|}|, client_ca: tls/clients.pem}|'
say second '<134>nobody' ''
refused 'without a certificate nobody gets in' second no-certificate
changed 's|}|, crl: tls/clients.crl}|'
changed 's|}|, client_fingerprints: ["sha-256:'"$(openssl x509 -in "$P/fw1.pem" -noout -fingerprint -sha256 | cut -d = -f 2)"'"]}|'
changed 's|}|, tls_profile: legacy}|'
changed 's|}|, client_names: [fw1]}|'
echo '<134>one 4' >&3
wait_received first 7
is 'on another listener they do' "$(messages first | tail -n 1)" '<134>one 4'

# --- a key that everybody may read ---
chmod 644 "$S/tls/key.pem"
site_reload 'everybody on this machine can read it'
like 'is warned of when it is taken over' "$(cat "$T/collector.err")" \
    "key: '.*/tls/key.pem': everybody on this machine can read it \(mode 0644\)"
chmod 600 "$S/tls/key.pem"

# --- and the start, and --check-config ---
exec 3>&- 4>&-
wait_for '[ "$(records d1 | grep -c " end .*why=peer-closed")" -ge 2 ]'
grep -v ^monitor "$S/run/processes" >"$T/processes2"
same "no process has ended, but who shows numbers" "$T/processes2" "$T/processes"
is 'nobody was alarmed' "$(grep -c ALARM "$T/collector.err")" 0
site_stop
chmod 644 "$S/tls/key.pem"
: >"$T/collector.err"
site_start
like 'and at the start' "$(cat "$T/collector.err")" \
    "listener 'first': key: '.*/tls/key.pem': everybody on this machine can read it"
site_stop
chmod 600 "$S/tls/key.pem"
ok 'a list that is old is fine to start with' konseki-collector \
    --check-config --site "$S"
cp "$S/tls/cert.pem" "$T/cert.new"
cp "$S/tls/cert2.pem" "$S/tls/cert.pem"
konseki-collector --check-config --site "$S" 2>"$T/check" >&2
is 'a key that does not fit is not' $? 1
like 'and named' "$(cat "$T/check")" \
    'konseki.yml:[0-9]*: key: .*/tls/key.pem. is no'
cp "$T/cert.new" "$S/tls/cert.pem"
echo 'nothing' >"$S/tls/clients.crl"
konseki-collector --check-config --site "$S" 2>"$T/check" >&2
is 'nor is a list that is none' $? 1
LC_ALL=ja_JP.UTF-8 konseki-collector --lang ja --check-config --site "$S" \
    2>"$T/check" >&2
like 'in Japanese, too' "$(cat "$T/check")" '失効リスト'
verified

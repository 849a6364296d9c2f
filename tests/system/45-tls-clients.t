#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A hospital has an authority for its appliances, pins one appliance that can
# make only a self-signed certificate, and has lost one whose key must not be
# believed any more. Who may send gets in, and the evidence says who he proved
# to be; who may not is refused, and the evidence says why: no certificate, an
# unknown authority, expired, not valid yet, revoked, a revocation list that is
# missing or old, a name or fingerprint that is not listed, a certificate for
# something else, no TLS at all. A hostile name in a certificate stays a name.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tls.sh"
command -v openssl >/dev/null || skip_all 'no openssl'
command -v python3 >/dev/null || skip_all 'no python3'
plan 43

certificates
authority clinic
authority stranger
client clinic fw1 DNS:other.example.jp,DNS:FW1.example.jp
client clinic fw2 DNS:fw2.example.jp
client clinic emr DNS:emr.ward.example.jp
client clinic deep DNS:a.b.ward.example.jp
client clinic star DNS:'*.example.jp'
client clinic switch IP:192.0.2.7
client clinic nameless ''
client clinic old '' -startdate 20200101000000Z -enddate 20200201000000Z
client clinic early '' -startdate 20480101000000Z -enddate 20490101000000Z
client clinic lost ''
client_usage=serverAuth client clinic web ''
client_subject="/O=院内 x=1 replay=yes%20/CN=a b
end" client clinic hostile ''
client stranger guest DNS:fw1.example.jp
selfsigned pinned
selfsigned unpinned
revoke clinic lost
mkdir -p "$S/tls"
cp "$P/clinic.pem" "$S/tls/clients.pem"
list clinic "$S/tls/good.crl"
list clinic "$S/tls/old.crl" -crl_lastupdate 20200101000000Z \
    -crl_nextupdate 20200108000000Z
list stranger "$S/tls/other.crl"
{
	tls='transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem'
	echo 'listeners:'
	echo "  - {name: open, $tls}"
	echo "  - {name: quiet, $tls}"
	tls="$tls, client_ca: tls/clients.pem"
	echo "  - {name: ca, $tls}"
	echo "  - {name: names, $tls, client_names: [fw1.example.jp, '*.ward.example.jp', 192.0.2.7]}"
	echo "  - {name: both, $tls, client_fingerprints: ['$(fingerprint fw1)']}"
	for l in good old other; do
		echo "  - {name: $l, $tls, crl: tls/$l.crl}"
	done
	tls=${tls%, client_ca*}
	echo "  - {name: pins, $tls, client_fingerprints: ['$(fingerprint pinned)', 'sha256:$(hash fw2)']}"
} >"$T/listeners"
site_make <"$T/listeners"
site_start
like 'an old revocation list is told at the start' \
    "$(cat "$T/collector.err")" "warning: listener 'old': crl: '.*/old.crl' is past"
cp "$S/run/processes" "$T/processes"
# One who connects and says nothing, to the end of his time.
start quiet python3 "$srcdir/tests/system/peer.py" "$(port quiet)" hold

# --- who may send ---
# Each list is gone through twice: all say something, then it is looked for.
from() {	# NAME LISTENER SENDER
	say "$2" "<134>from $3" "$3"
}
welcome() {	# NAME LISTENER SENDER
	wait_for "messages $2 | grep -q 'from $3\$'"
	is "$1" "$(messages "$2" | grep -c "from $3\$")" 1
}
for look in from welcome; do
	$look 'an authority is enough' ca nameless
	$look 'a name, in letters of any size' names fw1
	$look 'a name of a range' names emr
	$look 'a certificate for any name of a range' names star
	$look 'an address' names switch
	$look 'a certificate of nobody, by its fingerprint' pins pinned
	$look 'a fingerprint as programs print it' pins fw2
	$look 'authority and fingerprint' both fw1
	$look 'not revoked' good fw1
	$look 'a hostile name' ca hostile
done
like 'the stream says whose certificate it was' "$(records d1)" \
    "listener=ca .* framing=lf tls=$(hash nameless) name=CN=nameless replay=no .*version=TLSv1.3"
like 'and which name it went by' "$(records d1)" \
    "listener=names .*tls=$(hash fw1) name=CN=fw1 replay=.* san=fw1.example.jp "
like 'a hostile name is one word of the evidence' "$(records d1)" \
    "listener=ca .* tls=$(hash hostile) name=O=%E9%99%A2%E5%86%85%20x=1%20replay=yes%2520,CN=a%20b[^ ]*end replay=no"
say open '<134>from none' ''
wait_for "messages open | grep -q 'from none\$'"
is 'where no certificate is asked for none is needed' "$(messages open)" \
    '<134>from none'
like 'and nothing is said of one' "$(records d1)" \
    'listener=open .*framing=lf replay=no'

# --- who may not ---
try() {		# NAME LISTENER CAUSE SENDER
	say "$2" '<134>not to be' "$4"
}
for look in try refused; do
	$look 'no certificate' ca no-certificate ''
	$look 'an authority that nobody knows' ca unknown-ca guest
	$look 'its own authority' ca unknown-ca pinned
	$look 'expired' ca expired old
	$look 'not valid yet' ca not-yet-valid early
	$look 'a server that sends' ca purpose web
	$look 'another name' names name fw2
	$look 'two labels for one star' names name deep
	$look 'no name' names name nameless
	$look 'another fingerprint' pins fingerprint unpinned
	$look 'no certificate where one is pinned' pins no-certificate ''
	$look 'the right authority, another fingerprint' both fingerprint fw2
	$look 'the right name, another authority' names unknown-ca guest
	$look 'revoked' good revoked lost
	$look 'a revocation list that is out of date' old crl-expired fw1
	$look 'a revocation list of somebody else' other crl-missing fw1
done
say open '<134>not to be' '' -tls1_2 -cipher AES128-SHA:@SECLEVEL=0
refused 'a cipher without forward secrecy' open cipher
python3 "$srcdir/tests/system/peer.py" "$(port ca)" \
    'text:<134>in the clear\n' gone
refused 'no TLS at all' ca 'plain-text offset=0 data=<134>in%20the%20clear%0A'

python3 "$srcdir/tests/system/peer.py" "$(port open)" end
refused 'nothing at all' open closed
say open '<134>not to be' '' -CAfile "$P/stranger.pem"
refused 'a sender that does not trust us' open distrusted
wait_for 'records g1 | grep -q "listener=quiet .* cause=timeout"'
refused 'one that says nothing for 20 seconds' quiet timeout

is 'nothing of theirs is a record' \
    "$(konseki show --site "$S" --messages | grep -c 'not to be\|clear')" 0
like 'people are told' "$(cat "$T/collector.err")" \
    "listener 'names': 127.0.0.1 was refused: the sender's certificate has none of client_names"
same 'no process has ended' "$S/run/processes" "$T/processes"
site_stop
verified

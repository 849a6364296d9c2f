#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# A time-stamping authority stamps a site's checkpoints: the tokens lie in the
# log, t1 records name them, and OpenSSL alone proves them. What is not a good
# token is not kept, is said once, with the reason, and collecting goes on.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tsa.sh"
plan 26

{
	tsa_make && tsa_cert past critical,timeStamping \
	    -startdate 20200101000000Z -enddate 20210101000000Z &&
	mv "$A/past.pem" "$A/expired.pem" && mv "$A/past.key" "$A/expired.key" &&
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$A/other.key" \
	    -out "$A/other.pem" -days 30 -subj '/O=Test/CN=other' \
	    -addext extendedKeyUsage=critical,timeStamping
} >"$T/openssl.err" 2>&1 || { diag "$(cat "$T/openssl.err")"; exit 99; }
echo good >"$A/mode"
start tsa python3 "$srcdir/tests/system/tsa.py" "$A"
tsa=$pid
wait_for '[ -s "$T/tsa.out" ]' || exit 99
port=$(cat "$T/tsa.out")
mkdir "$T/ca"
cp "$A/ca.pem" "$T/ca/ca.pem"
chmod 755 "$T/ca"
site_make <<END
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
anchor:
  tsa:
    - {url: "http://127.0.0.1:$port/tsa", ca: $T/ca/ca.pem, every_s: 1, policy: 1.2.3.4.1}
END
site_start
wait_for '[ "$(records t1 | wc -l)" -ge 2 ] &&
    [ "$(records t1 casebook | wc -l)" -ge 1 ]'
tap $? 'both logs get tokens, again and again'
line=$(records t1 | head -n 1)
like 'a t1 record says of what, when, by whom' "$line" \
    ' size=[0-9]+ sha256=[0-9a-f]{64} time=[0-9]{16} tsa=CN=good,O=Test policy=1\.2\.3\.4\.1$'
word() {
	echo "$line" | sed "s/.* $1=\([^ ]*\).*/\1/"
}
size=$(printf '%012d' "$(word size)")
token=$S/evidence/tokens/$size-$(word sha256 | cut -c1-16).tsr
is 'the token lies in the log' "$(sha256sum <"$token" | cut -c1-64)" \
    "$(word sha256)"
head -n 3 "$S/evidence/checkpoints/$size" >"$T/text"
ok 'OpenSSL proves it over the three lines' openssl ts -verify -in "$token" \
    -data "$T/text" -CAfile "$A/ca.pem" -attime "$(($(word time) / 1000000))"
sed -i 1s/e/f/ "$T/text"
ok 'and over no others' ! openssl ts -verify -in "$token" -data "$T/text" \
    -CAfile "$A/ca.pem"
is 'the time is now' "$(($(date +%s) - $(word time) / 1000000 < 60))" 1

# bad MODE REASON: the authority does that; then it is good again.
bad() {
	: >"$T/collector.err"
	echo "$1" >"$A/mode"
	wait_for "grep -q 'evidence.*ALARM: no anchor from .*$2' \
	    '$T/collector.err'" 20
	tap $? "$1: it is said"
	is 'once' "$(grep -c 'evidence.*ALARM' "$T/collector.err")" 1
	ls "$S/evidence/tokens" >"$T/before"
	n=$(records t1 | wc -l)
	echo good >"$A/mode"
	wait_for "[ \"\$(records t1 | wc -l)\" -gt $n ]" 80
}
bad imprint 'other bytes'
bad nonce 'another request'
bad expired 'not trusted'
bad other 'not trusted'
bad flood 'rit'
bad busy 'HTTP 503'
wait_for 'grep -q "anchors from .*again" "$T/collector.err"'
tap $? 'and that it works again'

stop "$tsa"
wait_for 'grep -q "casebook.*ALARM: no anchor" "$T/collector.err"'
konseki import --site "$S" "$srcdir/LICENSE" >/dev/null
is 'without it records come in' "$?" 0
site_stop
verified

# One that takes the question and says nothing.
start again python3 "$srcdir/tests/system/tsa.py" "$A"
wait_for '[ -s "$T/again.out" ]'
sed -i "s|127.0.0.1:$port/tsa|127.0.0.1:$(cat "$T/again.out")|" \
    "$S/konseki.yml"
echo hang >"$A/mode"
site_start
wait_for '[ -e "$A/hangs" ]'
tap $? 'an authority that does not answer'
site_stop
konseki-verify "$S/evidence" >"$T/out"
ok 'tokens are no strange files to the verifier' ! grep -q tokens "$T/out"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Time-stamp tokens of OpenSSL's own authority. A good one is good, also when
# its certificate has expired since; one for other bytes or another request, by
# somebody else, by a certificate for another purpose or of another time, or
# without the name of its signer in it is refused, each for its own reason.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/tsa.sh"
plan 24

tsa_make >"$T/openssl.err" 2>&1 || { diag "$(cat "$T/openssl.err")"; exit 99; }
check=$builddir/tests/system/tsa_check
nonce=00112233445566ff
printf 'hospital.example/evidence\n9\nroot\n' >"$T/text"
printf 'another\n' >"$T/other"

ok 'a request' sh -c "'$check' --request '$T/text' $nonce >'$T/query'"
like 'is one to OpenSSL' "$(openssl ts -query -in "$T/query" -text 2>&1)" \
    'Nonce: 0x112233445566FF'
ok 'it is answered' tsa_reply "$T/query" "$T/good.tsr"
like 'the token is good' \
    "$("$check" "$T/text" "$T/good.tsr" "$A/ca.pem" $nonce)" \
    '^OK [0-9]{16} 1\.2\.3\.4\.1 CN=good,O=Test$'
ok 'and to OpenSSL' openssl ts -verify -in "$T/good.tsr" -data "$T/text" \
    -CAfile "$A/ca.pem"
like 'but not for other bytes' \
    "$("$check" "$T/other" "$T/good.tsr" "$A/ca.pem" $nonce)" '^WRONG_IMPRINT'
like 'nor for another request' \
    "$("$check" "$T/text" "$T/good.tsr" "$A/ca.pem" 0011223344556600)" \
    '^WRONG_NONCE'
like 'later the request is not needed' \
    "$("$check" "$T/text" "$T/good.tsr" "$A/ca.pem")" '^OK'
like 'another policy' \
    "$("$check" "$T/text" "$T/good.tsr" "$A/ca.pem" - 1.2.3.4.5)" \
    '^WRONG_POLICY'

# A policy that is asked for, and one that is not had.
"$check" --request "$T/text" $nonce 1.2.3.4.5 >"$T/query5"
tsa_reply "$T/query5" "$T/five.tsr" >/dev/null 2>&1
like 'a policy that was asked for' \
    "$("$check" "$T/text" "$T/five.tsr" "$A/ca.pem" $nonce 1.2.3.4.5)" '^OK'
"$check" --request "$T/text" $nonce 1.2.3.9 >"$T/query9"
tsa_reply "$T/query9" "$T/nine.tsr" >/dev/null 2>&1
like 'and one that is rejected' \
    "$("$check" "$T/text" "$T/nine.tsr" "$A/ca.pem" $nonce)" '^REJECTED'

# Bytes.
head -c 600 "$T/good.tsr" >"$T/cut"
like 'a response that is cut' \
    "$("$check" "$T/text" "$T/cut" "$A/ca.pem")" '^BAD_RESPONSE'
{ cat "$T/good.tsr"; echo; } >"$T/long"
like 'a byte behind it' \
    "$("$check" "$T/text" "$T/long" "$A/ca.pem")" '^BAD_RESPONSE'
# The last byte belongs to the signature.
size=$(wc -c <"$T/good.tsr")
{ head -c $((size - 1)) "$T/good.tsr"; printf '\000'; } >"$T/flip"
cmp -s "$T/flip" "$T/good.tsr" &&
    { head -c $((size - 1)) "$T/good.tsr"; printf '\001'; } >"$T/flip"
like 'a signature with another byte' \
    "$("$check" "$T/text" "$T/flip" "$A/ca.pem")" '^BAD_SIGNATURE'

# Who signs.
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$A/x.key" -days 30 \
    -out "$A/x.pem" -subj '/O=Test/CN=test CA' >/dev/null 2>&1
like 'another CA of the same name' \
    "$("$check" "$T/text" "$T/good.tsr" "$A/x.pem")" '^UNTRUSTED'
like 'no CA' "$("$check" "$T/text" "$T/good.tsr" "$T/text")" '^BAD_CA'
{
	tsa_cert server critical,serverAuth
	tsa_cert both critical,timeStamping,serverAuth
	tsa_cert lax timeStamping
	tsa_cert past critical,timeStamping -startdate 20200101000000Z \
	    -enddate 20210101000000Z
	for name in server both lax past; do
		tsa_forge "$T/good.tsr" "$T/$name.tsr" $name -cades
	done
	tsa_forge "$T/good.tsr" "$T/noess.tsr" good
	tsa_forge "$T/good.tsr" "$T/again.tsr" good -cades
	tsa_reply "$T/query" "$T/sha1.tsr" good sha1.cnf
} >"$T/openssl.err" 2>&1
like 'what we sign anew as the authority is good' \
    "$("$check" "$T/text" "$T/again.tsr" "$A/ca.pem")" '^OK'
like 'a certificate for servers' \
    "$("$check" "$T/text" "$T/server.tsr" "$A/ca.pem")" '^UNTRUSTED'
like 'one for two purposes' \
    "$("$check" "$T/text" "$T/both.tsr" "$A/ca.pem")" '^UNTRUSTED'
like 'one whose purpose is not critical' \
    "$("$check" "$T/text" "$T/lax.tsr" "$A/ca.pem")" '^UNTRUSTED'
like 'one that had expired then' \
    "$("$check" "$T/text" "$T/past.tsr" "$A/ca.pem")" '^UNTRUSTED'
like 'a token that does not name its signer' \
    "$("$check" "$T/text" "$T/noess.tsr" "$A/ca.pem")" '^NO_ESS'
like 'one that names it by SHA-1' \
    "$("$check" "$T/text" "$T/sha1.tsr" "$A/ca.pem")" '^NO_ESS'

# A certificate of a few seconds.
end=$(($(date +%s) + 3))
{
	tsa_cert brief critical,timeStamping \
	    -enddate "$(date -u -d "@$end" +%Y%m%d%H%M%SZ)"
	tsa_reply "$T/query" "$T/brief.tsr" brief
} >"$T/openssl.err" 2>&1 || diag "$(cat "$T/openssl.err")"
wait_for "[ \$(date +%s) -gt $end ]"
like 'one that expired since is still good' \
    "$("$check" "$T/text" "$T/brief.tsr" "$A/ca.pem")" '^OK'

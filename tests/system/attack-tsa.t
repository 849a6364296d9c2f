#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody makes time-stamp tokens of his own for a log: by a certificate that had
# expired at the time that the token names, by one for servers, by an authority
# that nobody trusts, over another checkpoint. He brings them from outside, where
# they prove nothing, or puts them in the place of those in the log, which is
# tampering. One whose certificate expired since is as good as on its day.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
. "$srcdir/tests/system/tsa.sh"
plan 16

{
	tsa_make && tsa_cert past critical,timeStamping \
	    -startdate 20200101000000Z -enddate 20210101000000Z &&
	    tsa_cert server critical,serverAuth &&
	    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$A/own.key" \
		-out "$A/own.pem" -days 30 -subj '/O=Test/CN=good' \
		-addext extendedKeyUsage=critical,timeStamping
} >"$T/openssl.err" 2>&1 || { diag "$(cat "$T/openssl.err")"; exit 99; }
echo good >"$A/mode"
start tsa python3 "$srcdir/tests/system/tsa.py" "$A"
wait_for '[ -s "$T/tsa.out" ]' || exit 99
site_make <<END
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
anchor: {tsa: [{url: "http://127.0.0.1:$(cat "$T/tsa.out")/", ca: $A/ca.pem, every_s: 1}]}
END
site_start
attack_send one
wait_for '[ "$(records t1 | wc -l)" -ge 2 ]'
site_stop
attack_take
{
	token=$(cd "$T/log" && echo tokens/* | cut -d ' ' -f 1)
	other=$(cd "$T/log" && echo tokens/* | cut -d ' ' -f 2)
}
judge "$T/log" --tsa "$A/ca.pem"
verdict 'with the certificates of the authority it holds' 0 'time-stamp token of'

# From outside: over the log's newest lines.
query() {	# query FILE: a request without a nonce
	openssl ts -query -data "$1" -sha256 -no_nonce -cert -out "$T/query"
}
head -n 3 "$T/log/checkpoint" >"$T/lines"
echo else >"$T/else"
{
	query "$T/lines" && tsa_reply "$T/query" "$T/good.tsr" &&
	    tsa_reply "$T/query" "$T/own.tsr" own &&
	    tsa_forge "$T/good.tsr" "$T/past.tsr" past -cades &&
	    tsa_forge "$T/good.tsr" "$T/server.tsr" server -cades &&
	    query "$T/else" && tsa_reply "$T/query" "$T/else.tsr"
} >"$T/openssl.err" 2>&1 || { diag "$(cat "$T/openssl.err")"; exit 99; }
outside() {	# outside NAME WANT ERE TOKEN: as an anchor for the log
	judge "$T/log" --anchor "$T/$4" --tsa "$A/ca.pem"
	verdict "$1" "$2" "$3"
}
outside 'a good token is an anchor' 0 'an outside anchor says so' good.tsr
untrusted='signature does not lead to the certificates given, for time-stamping, at its time'
outside 'one by a certificate that had expired then' 3 "$untrusted" past.tsr
outside 'one by a certificate for servers' 3 "$untrusted" server.tsr
outside 'one by an authority of the same name' 3 "$untrusted" own.tsr
outside 'one over something else' 3 'over no checkpoint of this log' else.tsr
judge "$T/log" --anchor "$T/good.tsr"
verdict 'one that nobody can judge' 3 'without its authority'

# In the log, in the place of its own.
named='not the token that record [0-9]+ names'
attack 'in the log: one that had expired' 'cp "$T/past.tsr" $token' 1 "$named"
attack 'in the log: one by somebody else' 'cp "$T/own.tsr" $token' 1 "$named"
attack 'in the log: one for another checkpoint' 'cp "$other" $token' 1 "$named"
attack 'in the log: none' 'rm $token' 1 'tokens/'
judge "$T/log" --tsa "$A/own.pem"
verdict 'none of them is by another authority' 1 "$untrusted"

# A certificate of a few seconds.
end=$(($(date +%s) + 3))
{
	tsa_cert brief critical,timeStamping \
	    -enddate "$(date -u -d "@$end" +%Y%m%d%H%M%SZ)" &&
	    query "$T/lines" && tsa_reply "$T/query" "$T/brief.tsr" brief
} >"$T/openssl.err" 2>&1 || { diag "$(cat "$T/openssl.err")"; exit 99; }
wait_for "[ \$(date +%s) -gt $end ]"
ok 'a certificate that expired since' ! openssl verify -CAfile "$A/ca.pem" \
    "$A/brief.pem"
outside 'its token is good' 0 'an outside anchor says so' brief.tsr
outside 'and the log is as it was' 0 'INTACT' good.tsr

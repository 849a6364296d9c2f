#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A time-stamp token over a checkpoint came another way than the log. It proves that
# the log stood so at that time, whoever owns the machine; a token of an authority
# that nobody trusts, for another purpose, without the attribute that binds it to
# its certificate, or over something else proves nothing, and that is said. --chain
# shows how one file of the log leads to the other.
. "${srcdir:-.}/tests/lib.sh"
plan 17

"$builddir/tests/system/mklog" "$T/log" "$T/keys" 3000 3 || exit 99
cd "$T" || exit 99
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem \
    -subj /CN=ca -days 30 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem \
    -subj /CN=other -days 30 2>/dev/null
signer() {	# signer NAME EKU
	openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" \
	    -subj "/CN=$1" 2>/dev/null
	echo "extendedKeyUsage=$2" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key \
	    -CAcreateserial -days 30 -extfile "$1.ext" -out "$1.pem" \
	    2>/dev/null
}
signer tsa critical,timeStamping
cat >ts.cnf <<END
[ts]
default_tsa=tsa
[tsa]
serial=$T/serial
digests=sha256
default_policy=1.2.3.4
signer_digest=sha256
END
token() {	# token FILE ESS LINES...: of the tsa, over those lines
	echo 01 >serial
	cp ts.cnf ts-now.cnf
	echo "ess_cert_id_alg=$2" >>ts-now.cnf
	openssl ts -query -data "$3" -sha256 -no_nonce -cert \
	    -out query 2>/dev/null
	openssl ts -reply -config ts-now.cnf -section tsa -queryfile query \
	    -signer tsa.pem -inkey tsa.key -out "$1" 2>/dev/null
}
head -n 3 log/checkpoint >lines
token good.tsr sha256 lines
token sha1.tsr sha1 lines
echo else >else
token else.tsr sha256 else
openssl ts -verify -data lines -in good.tsr -CAfile ca.pem >/dev/null 2>&1
is 'OpenSSL takes the token too' $? 0

verify() {	# verify NAME STATUS ERE ARG...
	name=$1 want=$2 like=$3
	shift 3
	konseki-verify --pin log/log "$@" log >out 2>&1
	is "$name" $? "$want"
	like "$name: what is said" "$(cat out)" "$like"
}
verify 'a token' 0 'an outside anchor says so, at 20' --anchor good.tsr \
    --tsa ca.pem
verify 'without the authority' 3 'certificates' --anchor good.tsr
verify 'of another authority' 3 "does not lead" --anchor good.tsr \
    --tsa other.pem
verify 'bound by SHA-1 only' 3 'ESSCertIDv2' --anchor sha1.tsr --tsa ca.pem
verify 'over something else' 3 'no checkpoint of this log' --anchor else.tsr \
    --tsa ca.pem
verify 'a token and the lines' 0 'says so, at 20' --anchor lines \
    --anchor good.tsr --tsa ca.pem

# The chain, as a reader sees it: what is printed as a manifest's hash is named
# by the segment behind it, and is the hash of the file.
konseki-verify --chain log >chain
want=$(sha256sum <log/manifests/000000000000 | cut -d ' ' -f 1)
like 'a segment names its manifest' "$(cat chain)" \
    "segment 0 to record [0-9]+: its manifest is $want"
like 'so does the one behind it' "$(cat chain)" \
    "segment 1 from record [0-9]+: its m1 names manifest $want"
like 'a seal names the checkpoint before it' "$(cat chain)" \
    'seal of record [0-9]+: names the checkpoint of size [0-9]+'
like 'checkpoints are signed' "$(cat chain)" \
    'checkpoint: size [0-9]+, epoch [0-9]+, signed by both keys'

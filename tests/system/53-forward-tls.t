#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Records are sent only to who the target should be. A certificate of another
# authority, of another name, with another fingerprint: each is refused with a
# sentence that says what is wrong, and nothing is sent. The right fingerprint
# needs no authority. Files that cannot be used are found by --check-config, and
# stop one target, not the collector.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/forward.sh"
plan 17

tls=$(free_port)
at "$SECOND"
certificates
cert=$SECOND/tls/cert.pem
right=$(openssl x509 -in "$cert" -noout -fingerprint -sha256 | sed 's/.*=//')
wrong=$(echo "$right" | sed 's/^..:/00:/; t; s/^00/11/')
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$T/other.key" -out "$T/other.pem" -days 30 \
    -subj '/CN=another CA' 2>"$T/openssl.err"

url="syslog+tls://127.0.0.1:$tls"
both_make "transport: tls, port: $tls, certificate: tls/cert.pem, key: tls/key.pem" <<END
  - {name: ca, url: "$url", ca: $T/other.pem}
  - {name: name, url: "$url", ca: $T/ca.pem, server_name: other.test}
  - {name: print, url: "$url", ca: $T/ca.pem, fingerprint: "$wrong"}
  - {name: both, url: "$url", ca: $T/other.pem, fingerprint: "$right"}
  - {name: system, url: "$url"}
  - {name: file, url: "$url", ca: $T/nowhere.pem}
  - {name: key, url: "$url", ca: $T/ca.pem, certificate: $cert, key: $T/other.key}
  - {name: pinned, url: "$url", fingerprint: "$right"}
END
[ "$(id -u)" != 0 ] || chmod 644 "$T/ca.pem" "$T/other.pem"
check=$(konseki-collector --check-config --site "$S" 2>&1)
is 'files that cannot be used are found before' "$?" 1
like 'a file that is not there' "$check" \
    "konseki.yml:[0-9]*: forward 'file': .*/nowhere.pem: No such file"
like "a key of another certificate" "$check" \
    "konseki.yml:[0-9]*: forward 'key': key: cannot be used, or is not the cert"
is 'and no other' "$(echo "$check" | grep -c forward)" 2

both_start SECOND
both_start FIRST
printf '<13>one\n<13>two\n' >"$T/in.log"
send in "$T/in.log"
wait_received in 2
said() {
	grep "target '$1' " "$T/FIRST.err"
}
wait_for '[ "$(cut -d" " -f3 "$T/FIRST.err" | sort -u | grep -c "^.[a-z]*.$")" -ge 7 ]'
is 'receiving does not mind' "$(received in)" 2
like 'another authority' "$(said ca)" \
    "ALARM: .*the certificate of '127.0.0.1' is not accepted: unable to get local issuer"
like 'another name' "$(said name)" \
    "the certificate of 'other.test' is not accepted: hostname mismatch"
like 'another fingerprint' "$(said print)" 'its certificate has another fingerprint'
like 'a fingerprint does not make up for an authority' "$(said both)" \
    'is not accepted: unable to get local issuer'
like "nor do the system's know ours" "$(said system)" \
    'is not accepted: (unable to get local issuer|self-signed)'
like 'a file' "$(said file)" 'nowhere.pem: No such file'
like 'a key' "$(said key)" 'key: cannot be used'
wait_for all_arrived 30
tap $? 'the one with the right fingerprint gets everything'
is 'and no other anything' "$(konseki show --site "$SECOND" | grep -c 'd1 .*listener=wards')" 1
is 'it says nothing' "$(said pinned)" ''
both_stop

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# openssl s_client sends raw bytes over TLS: text in CP932, NUL in the middle
# of a line, every byte value, no line end at the end. The bytes of the
# connection are in the evidence as they were, under TLS 1.3 and 1.2.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v openssl >/dev/null || skip_all 'no openssl'
plan 12

certificates
site_make <<'END'
listeners:
  - {name: new, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
  - {name: old, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
  - {name: ancient, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
END
site_start

{
	printf '<134>Nov 22 02:14:07 emr \203\215\203O\203C\203\223 \216\270\224s\n'
	printf '<134>NUL \000 in the middle \000\000 of a line\r\n'
	printf 'Q\nR\n\n'
	awk 'BEGIN { for (i = 0; i < 256; i++) printf "\\%03o", i }' |
	    xargs -0 printf
	printf '<134>no line end'
} >"$T/sent"

# s_client LISTENER OPTION...
s_client() {
	s_client_to=$(port "$1")
	shift
	openssl s_client -connect "127.0.0.1:$s_client_to" -quiet -no_ign_eof \
	    -nocommands -CAfile "$T/ca.pem" -verify_return_error \
	    -verify_ip 127.0.0.1 "$@" <"$T/sent" 2>"$T/s_client.err"
}

ok 's_client trusts the certificate and ends' s_client new -tls1_3
ok 'so it does with TLS 1.2' s_client old -tls1_2
wait_received new 7
wait_received old 7
raw new >"$T/new"
same 'TLS 1.3: every byte is there' "$T/new" "$T/sent"
raw old >"$T/old"
same 'TLS 1.2: every byte is there' "$T/old" "$T/sent"
is 'in lines, the last of them partial' "$(konseki show --site "$S" \
    --source new | grep -n '(partial)' | cut -d : -f 1)" 7
like 'the stream says which TLS it was' "$(records d1)" \
    'listener=new .*framing=lf .*version=TLSv1\.3 cipher=TLS_'
like 'and the older, too' "$(records d1)" 'listener=old .*version=TLSv1\.2'

ok 'TLS 1.1 is not spoken' ! s_client ancient -tls1_1 -cipher ALL:@SECLEVEL=0
wait_for 'records g1 | grep -q kind=tls-handshake'
like 'and that somebody tried is recorded' "$(records g1)" \
    'kind=tls-handshake .*listener=ancient count=1 .*peer=127.0.0.1'
site_stop
verified

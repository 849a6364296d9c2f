#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody follows docs/site.md to the letter: the commands that make an
# authority, certificates and a revocation list, and the listener that uses
# them. The sender that was made gets in, the one that was revoked does not.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tls.sh"
command -v openssl >/dev/null || skip_all 'no openssl'
plan 9

# chapter LANGUAGE: the first block in that language below the chapter's head.
chapter() {
	awk -v fence="\`\`\`$1" '/^## /{ on = /^## TLS: / }
		on && $0 == "```" && in_it { exit }
		in_it { print }
		on && $0 == fence { in_it = 1 }' "$srcdir/docs/site.md"
}
chapter sh >"$T/commands"
chapter yaml | sed 's/port: 6514/address: 127.0.0.1, port: 0/' >"$T/listener"
ok 'the page has commands' [ "$(grep -c '^	*openssl ' "$T/commands")" = 7 ]
mkdir -p "$P" "$S/tls"
(cd "$P" && sh -e "$T/commands") >"$T/commands.out" 2>&1
is 'which can be run as they stand' $? 0
cp "$P/cert.pem" "$P/key.pem" "$P/ca.pem" "$P/crl.pem" "$S/tls"
cp "$P/ca.pem" "$T/ca.pem"
site_make <"$T/listener"
site_start
say appliances '<134>as the page says' fw1 -verify_hostname \
    collector.hospital.example
wait_received appliances 1
is 'a sender gets in' "$(messages appliances)" '<134>as the page says'
like 'and is named' "$(records d1)" \
    "tls=$(hash fw1) name=CN=fw1 .* san=[*].hospital.example"
say appliances '<134>not to be' relay1
refused 'one that is revoked does not' appliances revoked relay1
is 'nor is it a record' "$(messages appliances)" '<134>as the page says'
site_stop
verified

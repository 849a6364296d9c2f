#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Whoever can put another file in the place of an authority decides who may send,
# and konseki.yml stays the same to the byte. So what certificates, authorities
# and revocation lists have in them is recorded, by its hash: all of them at a
# start, and what changed at a reload, or when a receiver that begins anew reads
# them. Nothing that helps to guess a key is. That a reload was refused is
# recorded, too: of which configuration, and in which step.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tls.sh"
command -v openssl >/dev/null || skip_all 'no openssl'
plan 23

certificates
authority clinic
authority other
cp "$P/clinic.pem" "$S/tls/clients.pem"
list clinic "$S/tls/clients.crl"
cp "$T/ca.pem" "$S/tls/target ca.pem"
site_make <<END
listeners:
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem, client_ca: tls/clients.pem, crl: tls/clients.crl}
  - {name: relp, transport: relp-tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
forward:
  - {name: away, url: "relp+tls://127.0.0.1:1", ca: "tls/target ca.pem"}
END
cp "$S/konseki.yml" "$T/first.yml"
site_start

hash_of() { sha256sum "$1" | cut -d ' ' -f 1; }
# uses [LOG]: what the last c1 says of files, one a line, without the folder.
uses() {
	records c1 "${1:-evidence}" | tail -n 1 | tr ' ' '\n' |
	    sed -n '/^uses/s/.*[=/]//p' | paste - -
}
# n_c1: how many there are.
n_c1() { records c1 | wc -l; }
# one_more: there is one more than the last time.
c1=1
one_more() {
	c1=$((c1 + 1))
	wait_for "[ \"\$(n_c1)\" = $c1 ]"
	is "$1" "$(n_c1)" $c1
}
tab=$(printf '\t')
all() {
	echo "cert.pem$tab$(hash_of "$S/tls/cert.pem")"
	echo "clients.pem$tab$(hash_of "$S/tls/clients.pem")"
	echo "clients.crl$tab$(hash_of "$S/tls/clients.crl")"
	echo "target%20ca.pem$tab$(hash_of "$S/tls/target ca.pem")"
}
for log in evidence casebook; do
	is "the first c1 of the $log has every file, once" "$(uses $log)" "$(all)"
done
is 'and no key' "$(records c1 | grep -c "key.pem\|$(hash_of "$S/tls/key.pem")")" 0

# --- another authority under the same name ---
site_reload ': reloaded; changed: nothing'
is 'the same once more is nothing to record' "$(n_c1)" 1
cp "$P/other.pem" "$S/tls/clients.pem"
rm "$S/tls/clients.crl"
list other "$S/tls/clients.crl"
site_reload ': reloaded; changed: .*/tls/clients.pem, .*/tls/clients.crl$'
one_more 'another authority is recorded'
is 'with its hash, and the list; nothing else' "$(uses)" "clients.pem$tab$(hash_of "$S/tls/clients.pem")
clients.crl$tab$(hash_of "$S/tls/clients.crl")"
is 'the configuration is the same' "$(records c1 | tail -n 1 | grep -c 'before=\|change=')" 0
sed -i 's/name: relp,/name: relp, max_connections: 7,/' "$S/konseki.yml"
cp "$P/clinic.pem" "$S/tls/target ca.pem"
site_reload ': reloaded; changed: listeners.*, .*/tls/target'
one_more 'with a key that changed it is one record'
like 'of both' "$(records c1 | tail -n 1)" \
    "before=$(hash_of "$T/first.yml") change=listeners\\[relp\\].max_connections uses=.* uses-sha256=$(hash_of "$S/tls/target ca.pem")"

# --- refused ---
echo junk >"$S/tls/clients.pem"
site_reload 'NOT reloaded'
one_more 'a refused reload is recorded'
like 'of which, and why' "$(records c1 | tail -n 1)" \
    " refused=$(hash_of "$S/konseki.yml") why=check"
cp "$P/other.pem" "$S/tls/clients.pem"
cp "$S/konseki.yml" "$T/second.yml"
echo 'nonsense: {' >>"$S/konseki.yml"
site_reload 'NOT reloaded'
cp "$T/second.yml" "$S/konseki.yml"
one_more 'and what cannot be read'
like 'is said to be that' "$(records c1 | tail -n 1)" ' refused=- why=parse'
sed 's/^user: .*/user: daemon/' "$T/second.yml" >"$S/konseki.yml"
site_reload 'NOT reloaded'
one_more 'and what needs a start'
like 'likewise' "$(records c1 | tail -n 1)" \
    " refused=$(hash_of "$S/konseki.yml") why=start"
cp "$T/second.yml" "$S/konseki.yml"
is 'the configuration in force is named' "$(records c1 | tail -n 3 |
    grep -c " sha256=$(hash_of "$S/konseki.yml") file=- refused=")" 3

# --- nobody said so, but it is read ---
cp "$P/clinic.pem" "$S/tls/clients.pem"
kill -KILL "$(pid_of receiver)"
one_more 'what a receiver that begins anew reads is recorded'
is 'with its hash' "$(uses)" "clients.pem$tab$(hash_of "$S/tls/clients.pem")"
kill -KILL "$(pid_of writer)"
one_more 'a writer that begins anew begins with all'
is 'as they are now' "$(uses)" "$(all)"
site_stop
verified

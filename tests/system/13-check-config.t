#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A configuration that is wrong is named with its file, line and column and
# with what is allowed, in either language; nothing is changed, and the
# collector does not start on it. What others on the machine could change or
# read is warned of.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 38

site_make </dev/null
ok 'a good one is fine' konseki-collector --check-config --site "$S"
grep -v "^writer:" "$S/konseki.yml" >"$T/good"

# loose MODE FILE ERE JA-ERE: with that mode the site is fine, but warned of.
loose() {
	loose_mode=$(stat -c %a "$2")
	chmod "$1" "$2"
	konseki-collector --lang en --check-config --site "$S" >"$T/out" 2>&1
	tap $? "a mode of $1 is no error"
	like 'but said' "$(cat "$T/out")" "$3"
	like 'in Japanese' "$(konseki-collector --lang ja --check-config \
	    --site "$S" 2>&1)" "$4"
	chmod "$loose_mode" "$2"
}
loose 777 "$S" \
    "warning: .*/site: everybody on this machine can change it \(mode 0777\).* run 'chmod go-w " \
    '全員が書き換えられ.*（モード0777）'
loose 755 "$S/keys" \
    "warning: .*/keys: the folder of the signing keys is not private \(mode 0755\): run 'chmod 0700 " \
    '署名鍵のフォルダーを他の利用者が見られます（モード0755）'
(cd "$S" && find . -type f ! -name konseki.yml -exec sha256sum {} + |
    sort) >"$T/before"

# wrong NAME TEXT ERE: the good one with TEXT behind it is refused like that.
wrong() {
	{
		cat "$T/good"
		printf '%s\n' "$2"
	} >"$S/konseki.yml"
	if konseki-collector --check-config --site "$S" >"$T/out" 2>&1; then
		tap 1 "$1: it was taken"
	else
		like "$1" "$(cat "$T/out")" "$3"
	fi
}
wrong 'an unknown key' 'lisseners: []' \
    "konseki.yml:6:1: .*'lisseners': is 'listeners' meant"
wrong 'a wrong value' 'writer: {workers: many}' \
    "konseki.yml:6:[0-9]+: 'workers' needs a number from 0 to 16"
wrong 'a key that is missing' 'listeners: [{name: a, transport: udp}]' \
    "konseki.yml:6:[0-9]+: 'listeners\[\].port' is missing"
wrong 'no YAML' 'listeners: [' 'konseki.yml:[0-9]+:'
wrong 'a watch of no log' 'watch: [{name: a, path: a.log, log: nowhere}]' \
    "konseki.yml:6:.*log 'nowhere'"
wrong 'a watch of many files' 'watch:
  - {name: a, path: /var/log/*.log}' \
    "konseki.yml:7: watch 'a': path '/var/log/\*.log': wildcards are not known here"
wrong 'likewise' 'watch: [{name: a, path: "app-[0-9].log"}]' \
    'wildcards are not known here'
: >"$S/app-[0-9].log"
printf '%s\nwatch: [{name: a, path: "app-[0-9].log"}]\n' "$(cat "$T/good")" \
    >"$S/konseki.yml"
ok 'a file that has such a name is one' konseki-collector --check-config \
    --site "$S"
rm "$S/app-[0-9].log"
# An address for documentation, which no machine has.
{
	cat "$T/good"
	cat <<-'END'
	listeners:
	  - {name: here, transport: udp, address: 127.0.0.1, port: 5514}
	  - {name: away, transport: tcp, address: 192.0.2.7, port: 5514}
	  - {name: six, transport: udp, address: "2001:db8::7", port: 5514}
	END
} >"$S/konseki.yml"
konseki-collector --lang en --check-config --site "$S" >"$T/out" 2>&1
tap $? 'an address that the machine lacks is no error: it may come'
like 'but said' "$(cat "$T/out")" \
    "konseki.yml:[0-9]+: listener 'away': this machine does not have the address 192.0.2.7 now"
is 'of those alone' "$(grep -c "'here'" "$T/out")" 0
like 'in Japanese' "$(konseki-collector --lang ja --check-config --site "$S" \
    2>&1)" '受信口「away」: このマシンには現在アドレス192.0.2.7がありません'
wrong 'a port that another has at all addresses' 'listeners:
  - {name: a, transport: tcp, port: 514}
  - {name: b, transport: tcp, port: 514, address: 192.0.2.1}' \
    "konseki.yml:8:[0-9]+: listener 'a' in line 7 has this address and port"
wrong 'a certificate that is not there' 'listeners:
  - {name: a, transport: tls, port: 1, certificate: no.pem, key: no.pem}' \
    "konseki.yml:7: certificate: '.*no.pem': No such file"
echo nothing >"$S/no.pem"
wrong 'a certificate that is none' 'listeners:
  - {name: a, transport: tls, port: 1, certificate: no.pem, key: no.pem}' \
    'konseki.yml:7: certificate: .*no.pem. is no PEM'
rm "$S/no.pem"
if command -v openssl >/dev/null; then
	# careless NAME ERE JA-ERE: taken, but warned of in both languages.
	careless() {
		konseki-collector --lang en --check-config --site "$S" \
		    >"$T/out" 2>&1
		tap $? "$1: it is taken"
		like 'but said' "$(cat "$T/out")" "$2"
		like 'in Japanese' "$(konseki-collector --lang ja \
		    --check-config --site "$S" 2>&1)" "$3"
	}
	certificates
	{
		cat "$T/good"
		echo 'listeners:'
		echo '  - {name: a, transport: tls, port: 1, certificate: tls/cert.pem, key: tls/key.pem}'
	} >"$S/konseki.yml"
	chmod 600 "$S/tls/key.pem"
	is 'a certificate and a key as they should be' \
	    "$(konseki-collector --check-config --site "$S" 2>&1 >/dev/null)" ''
	chmod 644 "$S/tls/key.pem"
	careless 'a key for everybody' \
	    "konseki.yml:7: key: '.*/tls/key.pem': everybody on this machine can read it \(mode 0644\): run 'chmod o= " \
	    'key: .*全員が読み取れます（モード0644）'
	chmod 602 "$S/tls/key.pem"
	cat >"$T/ca.cnf" <<-END
	[ca]
	default_ca = a
	[a]
	database = $T/index
	serial = $T/serial
	new_certs_dir = $T
	default_md = sha256
	policy = p
	[p]
	commonName = supplied
	END
	: >"$T/index"
	echo 01 >"$T/serial"
	openssl ca -batch -notext -config "$T/ca.cnf" -cert "$T/ca.pem" \
	    -keyfile "$T/ca.key" -in "$T/cert.csr" -out "$S/tls/cert.pem" \
	    -startdate 20200101000000Z -enddate 20200201000000Z \
	    >"$T/openssl.err" 2>&1 || diag "$(cat "$T/openssl.err")"
	careless 'an expired certificate and a key that anybody can change' \
	    "everybody on this machine can change it \(mode 0602\).*; certificate: '.*/tls/cert.pem' has expired \(2020-02-01\)" \
	    '全員が書き換えられます.*期限が切れています（2020-02-01）'
	rm -r "$S/tls"
else
	skip 7 'no openssl'
fi
printf 'a: &a [x]\nb: *a\n' >"$S/konseki.yml"
ok 'an alias' ! konseki-collector --check-config --site "$S"
ok 'the collector does not start on it' \
    ! konseki-collector --site "$S" --foreground
konseki-collector --lang ja --check-config --site "$S" \
    >"$T/out" 2>&1
like 'in Japanese' "$(cat "$T/out")" 'konseki.yml:[0-9]+:[0-9]+: アンカー'
cp "$T/good" "$S/konseki.yml"
(cd "$S" && find . -type f ! -name konseki.yml -exec sha256sum {} + |
    sort) >"$T/after"
same 'nothing was changed' "$T/before" "$T/after"

rm -r "$S/casebook"
konseki-collector --check-config --site "$S" >"$T/out" 2>&1
like 'a log that was not made' "$(cat "$T/out")" \
    "log 'casebook': there is no log in '.*': run 'konseki init'"
ok 'the collector does not start without it' \
    ! konseki-collector --site "$S" --foreground
ok 'no site' ! konseki-collector --check-config --site "$T/nowhere"
ok 'an unknown option' ! konseki-collector --frobnicate
ok 'help is help' konseki-collector --help

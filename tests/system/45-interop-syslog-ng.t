#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A relay with syslog-ng forwards a hundred thousand messages by its drivers
# network() and syslog(), over TCP, TLS and UDP. Over each but UDP all of them
# are found, byte for byte and in order; of the datagrams each is found or
# counted.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
peer=$builddir/peers/syslog-ng-core/usr
[ -x "$peer/sbin/syslog-ng" ] || skip_all "no $peer/sbin/syslog-ng"
modules=$(find "$peer/lib" -type d -name '3*' | head -n 1)
unpacked() {
	LD_LIBRARY_PATH=$(dirname "$modules") "$peer/sbin/syslog-ng" "$@"
}
unpacked --module-path "$modules" --version >"$T/version" 2>&1 ||
    skip_all "syslog-ng does not run: $(head -n 1 "$T/version")"
version=$(sed -n 's/^syslog-ng.*(\([0-9]*\.[0-9]*\).*/\1/p' "$T/version")
plan 14

certificates
{
	echo 'listeners:'
	for l in network syslog; do
		echo "  - {name: $l, transport: tcp, address: 127.0.0.1, port: 0}"
		echo "  - {name: $l-tls, transport: tls, address: 127.0.0.1," \
		    'port: 0, certificate: tls/cert.pem, key: tls/key.pem}'
	done
	echo '  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}'
} >"$T/listeners"
site_make <"$T/listeners"
site_start

n=100000
awk -v n=$n 'BEGIN { for (i = 1; i <= n; i++)
	printf "No.%d 電子カルテ 利用者=%d\t%0*d\n", i, i % 97, 1 + i % 150, i }' \
    >"$T/in.log"
head='<134>2026-11-20T10:00:00+09:00 host app: '
tls="tls(ca-file(\"$T/ca.pem\") peer-verify(required-trusted))"
to() { # LISTENER DRIVER OPTION...
	to_name=$1 to_driver=$2
	shift 2
	cat <<-END
	destination d_$to_name { $to_driver("127.0.0.1" port($(port "$to_name"))
	    $* ); };
	log { source(s); destination(d_$to_name); flags(flow-control); };
	END
}
{
	cat <<-END
	@version: $version
	options { stats-freq(0); use-dns(no); keep-hostname(yes);
	    log-msg-size(16384); };
	source s { file("$T/in.log" flags(no-parse) follow-freq(0.1)
	    log-fetch-limit(1000) log-iw-size(10000)); };
	template t { template("$head\${MSG}\n"); };
	END
	to network network 'transport("tcp") template(t)'
	to network-tls network "transport(\"tls\") template(t) $tls"
	to syslog syslog 'transport("tcp")'
	to syslog-tls syslog "transport(\"tls\") $tls"
	to udp network 'transport("udp") template(t)'
} >"$T/conf"
start syslog-ng env LD_LIBRARY_PATH="$(dirname "$modules")" \
    "$peer/sbin/syslog-ng" -F --no-caps --module-path "$modules" -f "$T/conf" \
    -R "$T/persist" -p "$T/pid" -c "$T/ctl"
peer_pid=$pid
wait_sealed $((n * 4)) 90
for l in network network-tls syslog syslog-tls; do
	wait_received $l $n
done
wait_for '[ $(($(received udp) + $(gap kernel-drop udp))) -ge $n ]'
stop "$peer_pid"
grep -v -e WARNING -e 'module path' "$T/syslog-ng.err" | sed 's/^/# /'

sed "s/^/$head/" "$T/in.log" >"$T/want"
for l in network network-tls; do
	messages $l >"$T/$l"
	same "$l: all are there, in order, byte for byte" "$T/$l" "$T/want"
done
for l in syslog syslog-tls; do
	messages $l | grep . >"$T/$l" # each ends in LF inside its count
	sed 's/^<13>1 [^ ]* [^ ]* - - - \[meta sequenceId="[0-9]*"\] //' \
	    "$T/$l" >"$T/$l.said"
	same "$l: all are there, in order, byte for byte" "$T/$l.said" \
	    "$T/in.log"
	is "$l: each with its head" \
	    "$(grep -c '^<[0-9]*>1 20..-..-..T' "$T/$l")" $n
	like "$l: with counts" "$(records d1)" "listener=$l .*framing=octet "
done
is 'udp: each is there or counted' $(($(received udp) + $(gap kernel-drop udp))) $n
messages udp | grep . >"$T/udp"
ok 'udp: what is there is as it was sent, in order' \
    some_of "$T/udp" "$T/want"
is 'nothing else was lost' "$(records g1 | grep -vc listener=udp)" 0
site_stop
verified

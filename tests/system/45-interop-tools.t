#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The tools that people try a collector with send a hundred thousand messages
# each way: util-linux's logger over TCP in lines and with octet counts and over
# UDP, syslog-ng's loggen over ten TCP connections at once and over TLS. All of
# them are found, in order for each connection; of the datagrams each is found
# or counted. Vector and Fluent Bit would be next, but Debian has neither, and
# the tests fetch nothing from elsewhere.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
peer=$builddir/peers/syslog-ng-core/usr
logger --help 2>/dev/null | grep -q octet-count ||
    skip_all "no logger of util-linux"
plan 12

certificates
{
	echo 'listeners:'
	for l in lines counts many; do
		echo "  - {name: $l, transport: tcp, address: 127.0.0.1, port: 0}"
	done
	echo '  - {name: tls, transport: tls, address: 127.0.0.1, port: 0,' \
	    'certificate: tls/cert.pem, key: tls/key.pem}'
	echo '  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}'
} >"$T/listeners"
site_make <"$T/listeners"
site_start
n=100000

# --- logger ---
awk -v n=$n 'BEGIN { for (i = 1; i <= n; i++)
	printf "No.%d 受付 %0*d\n", i, 1 + i % 150, i }' >"$T/in.log"
for way in lines counts udp; do
	case $way in
	lines) how=--tcp ;;
	counts) how='--tcp --octet-count' ;;
	udp) how=--udp ;;
	esac
	# shellcheck disable=SC2086 # a list of options
	logger --server 127.0.0.1 --port "$(port $way)" $how -s -t test \
	    -f "$T/in.log" 2>"$T/$way.said"
done
wait_received lines $n
wait_received counts $n
wait_for '[ $(($(received udp) + $(gap kernel-drop udp))) -ge $n ]'
messages lines >"$T/lines"
same 'logger, lines: all are there, in order' "$T/lines" "$T/lines.said"
messages counts >"$T/counts"
sed 's/^[0-9]* //' "$T/counts.said" >"$T/counts.want"
same 'logger, counts: all are there, in order' "$T/counts" "$T/counts.want"
is 'logger, udp: each is there or counted' \
    $(($(received udp) + $(gap kernel-drop udp))) $n
messages udp >"$T/udp"
ok 'what is there is as it was sent, in order' some_of "$T/udp" "$T/udp.said"

# --- loggen ---
if [ -x "$peer/bin/loggen" ]; then
	libraries=$(find "$peer/lib" -name 'libloggen_helper*' | head -n 1)
	loggen() {
		LD_LIBRARY_PATH=${libraries%/*} SYSLOGNG_PREFIX=$peer \
		    "$peer/bin/loggen" --quiet "$@" >>"$T/loggen.out" 2>&1 ||
		    diag "$(tail -n 3 "$T/loggen.out")"
	}
	loggen --inet --stream --number $((n / 10)) --rate 1000000 --size 300 \
	    --active-connections 10 127.0.0.1 "$(port many)"
	loggen --use-ssl --number $((n / 2)) --rate 1000000 --size 300 \
	    --active-connections 2 --syslog-proto 127.0.0.1 "$(port tls)"
	wait_received many $n
	wait_received tls $n
	for way in many tls; do
		messages $way | sed -n \
		    's/.*seq: 0*\([0-9][0-9]*\), thread: \([0-9]*\),.*/\2 \1/p' |
		    awk '{ if ($2 != n[$1] + 0) wrong++; n[$1]++; all++ }
			END { print all, wrong + 0 }' >"$T/seen"
		is "loggen, $way: each connection's are there, in order" \
		    "$(cat "$T/seen")" "$n 0"
	done
	is 'loggen, many: whole' "$(raw many | wc -c)" $((n * 300))
	is 'loggen, tls: whole, with counts' "$(raw tls | wc -c)" $((n * 304))
else
	skip 4 'no loggen'
fi
is 'nothing else was lost' "$(records g1 | grep -vc listener=udp)" 0
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A hospital's rsyslog forwards a hundred thousand messages: over TCP in lines,
# over TCP with octet counts, over TLS, and over UDP. Over each but UDP all of
# them are found, byte for byte and in order; of the datagrams each is found or
# counted.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
PATH=$PATH:/usr/sbin
command -v rsyslogd >/dev/null || skip_all 'no rsyslogd'
ossl=$(find /usr/lib -name lmnsd_ossl.so 2>/dev/null | head -n 1)
plan 14

certificates
site_make <<'END'
listeners:
  - {name: lines, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: counts, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start

n=100000
awk -v n=$n 'BEGIN { for (i = 1; i <= n; i++)
	printf "No.%d 電子カルテ 利用者=%d\t%0*d\n", i, i % 97, 1 + i % 150, i }' \
    >"$T/in.log"
forward() { # NAME PROTOCOL [PARAMETER...]
	printf 'action(type="omfwd" template="t" target="127.0.0.1"\n'
	printf '    port="%s" protocol="%s"\n' "$(port "$1")" "$2"
	shift 2
	printf '    action.resumeRetryCount="-1" %s)\n' "$*"
}
head='<134>1 2026-11-20T10:00:00+09:00 host app - - - %msg%'
{
	cat <<-END
	global(workDirectory="$T" maxMessageSize="16k" net.enableDNS="off"
	    defaultNetstreamDriverCAFile="$T/ca.pem")
	module(load="imfile" mode="inotify")
	main_queue(queue.type="linkedList" queue.size="20000"
	    queue.workerThreads="1")
	template(name="t" type="string" string="$head")
	input(type="imfile" file="$T/in.log" tag="app:" ruleset="out")
	ruleset(name="out") {
	END
	forward lines tcp 'TCP_Framing="traditional"'
	forward counts tcp 'TCP_Framing="octet-counted"'
	forward udp udp
	[ -z "$ossl" ] || forward tls tcp 'TCP_Framing="octet-counted"' \
	    'streamDriver="ossl" streamDriverMode="1"' \
	    'streamDriverAuthMode="x509/name"' \
	    'streamDriverPermittedPeers="collector.test"'
	echo '}'
} >"$T/rsyslog.conf"
sed 's/^/<134>1 2026-11-20T10:00:00+09:00 host app - - - /' "$T/in.log" \
    >"$T/want"
start rsyslogd rsyslogd -n -f "$T/rsyslog.conf" -i "$T/rsyslog.pid"
rsyslog=$pid
ways=2
[ -z "$ossl" ] || ways=3
wait_sealed $((n * ways)) 90
wait_received lines $n
wait_received counts $n
[ -z "$ossl" ] || wait_received tls $n
wait_for '[ $(($(received udp) + $(gap kernel-drop udp))) -ge $n ]'
stop "$rsyslog"

for way in lines counts tls; do
	if [ $way = tls ] && [ -z "$ossl" ]; then
		skip 2 'no rsyslog-openssl'
		continue
	fi
	messages $way >"$T/$way"
	same "$way: all are there, in order, byte for byte" "$T/$way" "$T/want"
	is "$way: in one connection" \
	    "$(records d1 | grep -c "next=0 listener=$way ")" 1
done
raw lines >"$T/raw"
same 'lines: with the line ends that came' "$T/raw" "$T/want"
raw counts | wc -c >"$T/size"
is 'counts: with the counts' "$(cat "$T/size")" \
    "$(LC_ALL=C awk '{ n += length($0) + length(length($0)) + 1 }
	END { print n }' "$T/want")"
is 'udp: each is there or counted' $(($(received udp) + $(gap kernel-drop udp))) $n
messages udp >"$T/udp"
ok 'udp: what is there is as it was sent, in order' \
    some_of "$T/udp" "$T/want"
is 'nothing else was lost' "$(records g1 | grep -vc listener=udp)" 0
site_stop
verified

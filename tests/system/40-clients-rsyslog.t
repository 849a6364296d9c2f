#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# rsyslog follows a file and forwards it over TCP in lines, over TCP with octet
# counts, and over TLS with a CA of its own: what it also writes to a file of
# its own is what the evidence has, in order, byte for byte.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
PATH=$PATH:/usr/sbin
command -v rsyslogd >/dev/null || skip_all 'no rsyslogd'
ossl=$(find /usr/lib -name lmnsd_ossl.so 2>/dev/null | head -n 1)
plan 11

certificates
site_make <<'END'
listeners:
  - {name: lines, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: counts, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
END
site_start

n=2000
awk -v n=$n 'BEGIN {
	for (i = 1; i <= n; i++) {
		printf "No.%d 電子カルテ ユーザー=山田%d\t操作=参照", i, i
		for (j = i % 100 == 0 ? 2000 : i % 17; j > 0; j--)
			printf " 患者番号%06d", j
		print i % 3 == 0 ? " \"引用\" \\ 100%s" : ""
	}
}' >"$T/in.log"

forward() { # NAME FRAMING [PARAMETER...]
	printf 'action(type="omfwd" template="t" target="127.0.0.1"\n'
	printf '    port="%s" protocol="tcp" TCP_Framing="%s"\n' \
	    "$(port "$1")" "$2"
	shift 2
	printf '    action.resumeRetryCount="-1" %s)\n' "$*"
}
head='<134>1 %timegenerated:::date-rfc3339% host app - - - %msg%'
{
	cat <<-END
	global(workDirectory="$T" maxMessageSize="128k" net.enableDNS="off"
	    defaultNetstreamDriverCAFile="$T/ca.pem")
	module(load="imfile" mode="inotify")
	template(name="t" type="string" string="$head")
	template(name="f" type="string" string="$head\\n")
	input(type="imfile" file="$T/in.log" tag="app:" ruleset="out")
	ruleset(name="out") {
	action(type="omfile" file="$T/want" template="f")
	END
	forward lines traditional
	forward counts octet-counted
	[ -z "$ossl" ] || forward tls octet-counted \
	    'streamDriver="ossl" streamDriverMode="1"' \
	    'streamDriverAuthMode="x509/name"' \
	    'streamDriverPermittedPeers="collector.test"'
	echo '}'
} >"$T/rsyslog.conf"
start rsyslogd rsyslogd -n -f "$T/rsyslog.conf" -i "$T/rsyslog.pid"
rsyslog=$pid
wait_received lines $n 60
wait_received counts $n 60
[ -z "$ossl" ] || wait_received tls $n 60
stop "$rsyslog"
is 'rsyslog ends' "$status" 0

sed 's/^[^ ]* [^ ]* host app - - - //' "$T/want" >"$T/sent"
same 'it sent what the file has' "$T/sent" "$T/in.log"
messages lines >"$T/lines"
same 'TCP in lines: every message is there, in order' "$T/lines" "$T/want"
raw lines >"$T/lines"
same 'with the line ends that came' "$T/lines" "$T/want"
messages counts >"$T/counts"
same 'TCP with counts: every message is there, in order' "$T/counts" "$T/want"
if [ -n "$ossl" ]; then
	messages tls >"$T/tls"
	same 'TLS: every message is there, in order' "$T/tls" "$T/want"
	like 'and the stream says that it was TLS' "$(records d1)" \
	    'listener=tls .*version=TLSv1\.[23] '
else
	skip 2 'no rsyslog-openssl'
fi
is 'nothing was lost' "$(records g1)" ''
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A hospital has a SIEM behind rsyslog. What the collector has sealed it sends
# on, as it came, by RELP and by TLS (RFC 5425, with a certificate that rsyslog
# asks for): 20,000 messages arrive byte for byte, in order. While rsyslog is
# away receiving goes on, and when it comes back it gets the rest. A message
# that is longer than rsyslog takes is not sent, and a record says so.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/forward.sh"
PATH=$PATH:/usr/sbin
command -v rsyslogd >/dev/null || skip_all 'no rsyslogd'
ossl=$(find /usr/lib -name lmnsd_ossl.so 2>/dev/null | head -n 1)
relp=$(find /usr/lib -name imrelp.so 2>/dev/null | head -n 1)
[ -n "$ossl" ] || skip_all 'no rsyslog-openssl'
[ -n "$relp" ] || skip_all 'no rsyslog-relp'
plan 15

certificates
relp_port=$(free_port) tls_port=$(free_port)
site_make <<END
listeners:
  - {name: in, transport: tcp, address: 127.0.0.1, port: 0}
forward:
  - {name: siem, url: "relp://127.0.0.1:$relp_port", form: plain, max_message: 100000}
  - {name: tls, url: "syslog+tls://127.0.0.1:$tls_port", form: plain, max_message: 100000, ca: $T/ca.pem, certificate: tls/cert.pem, key: tls/key.pem}
END

cat >"$T/rsyslog.conf" <<END
global(workDirectory="$T" maxMessageSize="128k" net.enableDNS="off"
    parser.escapeControlCharactersOnReceive="off"
    defaultNetstreamDriverCAFile="$T/ca.pem"
    defaultNetstreamDriverCertFile="$S/tls/cert.pem"
    defaultNetstreamDriverKeyFile="$S/tls/key.pem")
module(load="imrelp")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1"
    streamDriver.authMode="x509/name" permittedPeer="collector.test")
template(name="raw" type="string" string="%rawmsg%\\n")
input(type="imrelp" port="$relp_port" address="127.0.0.1" ruleset="relp"
    maxDataSize="128k")
input(type="imtcp" port="$tls_port" address="127.0.0.1" ruleset="tls")
ruleset(name="relp") { action(type="omfile" file="$T/relp.got" template="raw") }
ruleset(name="tls") { action(type="omfile" file="$T/tls.got" template="raw") }
END
rsyslog_start() {
	start rsyslogd rsyslogd -n -f "$T/rsyslog.conf" -i "$T/rsyslog.pid"
	rsyslog=$pid
}

n=20000
awk -v n=$n 'BEGIN {
	for (i = 1; i <= n; i++) {
		printf "<%d>No.%d 電子カルテ ユーザー=山田%d\t操作=参照", i % 192, i, i
		for (j = i % 1000 == 0 ? 2000 : i % 17; j > 0; j--)
			printf " 患者番号%06d", j
		print i % 3 == 0 ? " \"引用\" \\ 100%s" : ""
	}
}' >"$T/in.log"
lines() { # FILE N: it has so many.
	[ "$(wc -l <"$1" 2>/dev/null || echo 0)" -ge "$2" ]
}

rsyslog_start
site_start
send in "$T/in.log"
wait_received in $n 60
wait_for 'lines "$T/relp.got" $n' 60
wait_for 'lines "$T/tls.got" $n' 60
same 'RELP: all messages, byte for byte, in order' "$T/relp.got" "$T/in.log"
same 'TLS: all messages, byte for byte, in order' "$T/tls.got" "$T/in.log"
wait_for '[ "$(place siem sent)" = $n ]'
is 'each was acknowledged' "$(place siem sent)" $n
like 'status says so' "$(konseki status --site "$S")" \
    "^forward siem .* connected since .*; 0 records behind; $n sent"
wait_for '[ "$(place tls sent)" = $n ]' 60
is 'without acknowledgements it is known a little later' \
    "$(place tls sent)" $n

stop "$rsyslog"
wait_for '[ "$(place siem state)" = away ]'
{
	echo '<13>while rsyslog is away'
	printf '<13>too long '
	head -c 100001 /dev/zero | tr '\0' x
	printf '\n<13>behind it\n'
} >"$T/more.log"
send in "$T/more.log"
wait_received in $((n + 3))
is 'receiving goes on while the target is away' "$(received in)" $((n + 3))
like 'status says that it is away' "$(konseki status --site "$S")" \
    "^forward siem .* AWAY since .*: Connection refused; [1-9][0-9]* records behind \(the oldest [0-9]+ s old\)"
like 'and so does a message' "$(cat "$T/collector.err")" \
    "target 'siem' .*: ALARM: records are not forwarded: Connection refused"
grep -v 'too long' "$T/more.log" >>"$T/in.log"
cp "$T/relp.got" "$T/relp.old"
cp "$T/tls.got" "$T/tls.old"
rsyslog_start
wait_for 'lines "$T/relp.got" $((n + 2))'
wait_for 'lines "$T/tls.got" $((n + 2))'
same 'it gets the rest when it is back: RELP' "$T/relp.got" "$T/in.log"
same 'and TLS' "$T/tls.got" "$T/in.log"
wait_for '[ "$(not_forwarded siem)" = 1 ]'
like 'what is too long is recorded' "$(records o1)" \
    "action=not-forwarded target=siem .* count=1 .* why=too-big"
like 'and counted' "$(konseki status --site "$S")" '^forward siem .*, 1 never sent'
site_stop
verified
stop "$rsyslog"

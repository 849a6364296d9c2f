#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# rsyslog forwards a hundred thousand messages over RELP, and some over RELP in
# TLS: what it also writes to a file of its own is what the evidence has, in
# order, byte for byte, none of them twice. A sender that ends its session
# properly is answered so; what is no RELP is kept and recorded, and never
# acknowledged.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
PATH=$PATH:/usr/sbin
command -v rsyslogd >/dev/null || skip_all 'no rsyslogd'
find /usr/lib -name omrelp.so 2>/dev/null | grep -q . ||
    skip_all 'no rsyslog-relp'
plan 27

certificates
site_make <<'END'
listeners:
  - {name: relp, transport: relp, address: 127.0.0.1, port: 0}
  - {name: secure, transport: relp-tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
  - {name: raw, transport: relp, address: 127.0.0.1, port: 0, max_frame: 1000}
END
site_start

# --- rsyslog ------------------------------------------------------------------
n=100000
awk -v n=$n 'BEGIN {
	for (i = 1; i <= n; i++) {
		printf "No.%d 電子カルテ ユーザー=山田%d\t操作=参照", i, i
		for (j = i % 1000 == 0 ? 2000 : i % 9; j > 0; j--)
			printf " 患者番号%06d", j
		print i % 3 == 0 ? " \"引用\" \\ 100%s" : ""
	}
}' >"$T/in.log"
head='<134>1 %timegenerated:::date-rfc3339% host app - - - %msg%'
cat >"$T/rsyslog.conf" <<END
global(workDirectory="$T" maxMessageSize="128k" net.enableDNS="off")
main_queue(queue.workerThreads="1" queue.size="100000"
    queue.dequeueBatchSize="2000")
module(load="imfile" mode="inotify")
module(load="omrelp" tls.tlslib="openssl")
template(name="t" type="string" string="$head")
template(name="f" type="string" string="$head\\n")
input(type="imfile" file="$T/in.log" tag="app:" ruleset="out")
ruleset(name="out") {
action(type="omfile" file="$T/want" template="f")
action(type="omrelp" template="t" target="127.0.0.1" port="$(port relp)"
    windowSize="2000" action.resumeRetryCount="-1")
if \$msg contains "000 電子" then
action(type="omrelp" template="t" target="127.0.0.1" port="$(port secure)"
    tls="on" tls.caCert="$T/ca.pem" tls.authMode="name"
    tls.permittedPeer=["collector.test"] action.resumeRetryCount="-1")
}
END
start rsyslogd rsyslogd -n -f "$T/rsyslog.conf" -i "$T/rsyslog.pid"
rsyslog=$pid
wait_for '[ "$(sed -n 2p "$S/evidence/checkpoint")" -gt $n ]' 180
wait_received relp $n 30
wait_received secure 100 60
stop "$rsyslog"
is 'rsyslog ends' "$status" 0
messages relp >"$T/got"
same 'every message is there, in order' "$T/got" "$T/want"
grep '000 電子' "$T/want" >"$T/few"
messages secure >"$T/got"
same 'and over TLS' "$T/got" "$T/few"
streams=$(records d1)
like 'the stream says what it was' "$streams" \
    'listener=relp transport=tcp .*framing=none .*protocol=relp'
like 'and what it ran over' "$streams" \
    'listener=secure transport=tls .*version=TLSv1\.[23] .*protocol=relp'
is 'no message was taken for a duplicate' \
    "$(konseki show --site "$S" --source relp | grep -c 'duplicate?')" 0
is 'nothing was lost' "$(records g1)" ''

# --- by hand ------------------------------------------------------------------
# say WORDS...: what the collector answers to these bytes, up to its end.
say() {
	python3 - "$(port raw)" "$@" <<'END'
import socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])), 20)
s.sendall(eval("b'" + ''.join(sys.argv[2:]) + "'"))
got = b''
while True:
    try:
        part = s.recv(65536)
    except OSError as e:
        part = b''
    if not part:
        break
    got += part
print(got.decode().replace('\n', '|'))
END
}
open='1 open 30 relp_version=0\ncommands=syslog\n'
opened='1 rsp 59 200 OK|relp_version=0|relp_software=konseki|commands=syslog|'
is 'a session: opened, one message, closed' \
    "$(say "$open" '2 syslog 5 <13>a\n3 close 0\n')" \
    "${opened}2 rsp 6 200 OK|3 rsp 6 200 OK|0 serverclose 0|"
is 'an unknown command is answered with 500, in its order' \
    "$(say "$open" '2 syslog 5 <13>b\n3 starttls 0\n4 close 0\n')" \
    "${opened}2 rsp 6 200 OK|3 rsp 19 500 unknown command|4 rsp 6 200 OK|0 serverclose 0|"
is 'opening twice does no harm' \
    "$(say "$open" '2 open 14 relp_version=1\n3 close 0\n')" \
    "${opened}2 rsp 16 200 already open|3 rsp 6 200 OK|0 serverclose 0|"
is 'without a version nothing is opened' \
    "$(say '1 open 15 commands=syslog\n')" '1 rsp 14 500 no-version|'
is 'without the command syslog neither' \
    "$(say '1 open 30 relp_version=1\ncommands=event_\n')" \
    '1 rsp 13 500 no-syslog|'
is 'a message before the opening is not acknowledged' \
    "$(say '1 syslog 8 <13>soon\n')" '1 rsp 12 500 not-open|'
is 'what is no frame ends the session, after what it had' \
    "$(say "$open" '2 syslog 5 <13>c\n<13>no frame\n')" \
    "${opened}2 rsp 6 200 OK|"
is 'a frame that is too long to be believed' \
    "$(say "$open" '2 syslog 999999999 <13>huge\n')" "$opened"
long=$(printf %02500d 7)
is 'a large message is acknowledged once, when all its pieces are there' \
    "$(say "$open" "2 syslog 2500 $long" '\n3 close 0\n')" \
    "${opened}2 rsp 6 200 OK|3 rsp 6 200 OK|0 serverclose 0|"
wait_for "konseki show --site '$S' --source raw | grep -q 'no frame'"
messages raw >"$T/got"
is 'its pieces lie end to end' "$(grep '^00*7*$' "$T/got" | tr -d '\n')" "$long"
is 'in pieces of 1000 bytes' "$(grep -c '^00*7*$' "$T/got")" 3
for kept in '1 syslog 8 <13>soon' '<13>no frame' '2 syslog 999999999 <13>huge' \
    '1 open 15 commands=syslog'; do
	ok "kept as it came: $kept" grep -qF "$kept" "$T/got"
done
wait_for 'records g1 | grep -q kind=relp-error'
like 'a g1 says what was wrong and whose' "$(records g1)" \
    'kind=relp-error .*listener=raw .*peer=127.0.0.1 why=[a-z-]+$'
like 'and the stream why it ended' "$(records d1)" 'why=relp-error'
site_stop
verified

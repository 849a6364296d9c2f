#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# In one second several senders are turned away by TLS, each for a reason of his
# own, and several send what RELP does not have. The evidence names each of them
# with his reason, not the last one only. A crowd of strangers does not fill the
# log: beyond 64 a second they share a record that says how many they were; the
# sum is exact. Who sets a device up finds it, and why it is not let in, in the
# messages and in `konseki devices`.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
command -v openssl >/dev/null || skip_all 'no openssl'
plan 31

certificates
site_make <<'END'
listeners:
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
  - {name: relp, transport: relp, address: 127.0.0.1, port: 0}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
END
site_start
tls=$(port tls)
# gaps KIND SENDER: what the g1 of that sender say.
gaps() {
	records g1 | grep -E " kind=$1 .* peer=$2 "
}
cat >"$T/senders.py" <<'END'
import socket, ssl, warnings
warnings.simplefilter('ignore')
def dial(port, peer):
    s = socket.socket()
    s.bind((peer, 0))
    s.connect(('127.0.0.1', int(port)))
    s.settimeout(20)
    return s
def over(s):
    try:
        while s.recv(4096):
            pass
    except OSError:
        pass
    s.close()
END

# --- TLS ---
PYTHONPATH=$T python3 - "$tls" <<'END'
import sys
from senders import *
for peer, kind in (('127.0.0.2', 'old'), ('127.0.0.3', 'closed'), ('127.0.0.4', 'distrusted'),
                   ('127.0.0.4', 'distrusted'), ('127.0.0.4', 'old'), ('127.0.0.5', 'closed')):
    s = dial(sys.argv[1], peer)
    if kind == 'closed':
        s.send(b'\x16')
        s.shutdown(socket.SHUT_WR)
        over(s)
        continue
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    c.check_hostname = False
    if kind == 'old':
        c.verify_mode = ssl.CERT_NONE
        c.set_ciphers('ALL:@SECLEVEL=0')
        c.minimum_version = c.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        c.wrap_socket(s).close()
    except OSError:
        pass
    over(s)
END
wait_for '[ "$(gap tls-handshake tls)" = 6 ]'
is 'all are counted' "$(gap tls-handshake tls)" 6
like 'each is named: one with an old TLS' "$(gaps tls-handshake 127.0.0.2)" \
    'count=1 .* port=[1-9][0-9]* why=tls-refused reason=[^ ]+ cause=version$'
like 'one who went away' "$(gaps tls-handshake 127.0.0.3)" 'count=1 .* cause=closed$'
like 'one who does not trust us' "$(gaps tls-handshake 127.0.0.4)" \
    'count=[12] .* cause=distrusted'
like 'and has another reason, too' "$(gaps tls-handshake 127.0.0.4)" \
    'count=1 .* cause=version'
like 'another who went away' "$(gaps tls-handshake 127.0.0.5)" 'count=1 .* cause=closed$'
is 'nobody had to share' "$(records g1 | grep -c senders=)" 0

# --- RELP: kind=relp-error ---
PYTHONPATH=$T python3 - "$(port relp)" <<'END'
import sys
from senders import *
OPEN = b'1 open 30 relp_version=0\ncommands=syslog\n'
for peer, what in (('127.0.0.2', b'1 syslog 3 abc\n'), ('127.0.0.3', b'no frame\n'),
                   ('127.0.0.4', b'1 open 15 commands=syslog\n'),
                   ('127.0.0.5', OPEN + b'2 syslogx 12 <13>not lost'
                    b'\n3 close 0\n'),
                   ('127.0.0.6', OPEN + b'2 syslog 5 <13>a\n2 syslog 5 <13>b\n'
                    b'7 close 0\n')):
    s = dial(sys.argv[1], peer)
    s.send(what)
    s.shutdown(socket.SHUT_WR)
    over(s)
END
wait_for '[ "$(gap relp-error relp)" = 5 ]'
like 'one who did not open' "$(gaps relp-error 127.0.0.2)" 'count=1 .* why=not-open$'
like 'one who speaks no RELP' "$(gaps relp-error 127.0.0.3)" 'count=1 .* why=no-frame$'
like 'one who offers too little' "$(gaps relp-error 127.0.0.4)" 'count=1 .* why=no-version$'

like 'one who has another command' "$(gaps relp-error 127.0.0.5)" \
    'count=1 bytes=26 .* why=unknown-command$'
wait_for '[ "$(raw relp | grep -c "2 syslogx 12 <13>not lost")" = 1 ]'
tap $? 'whose bytes are kept'
like 'one whose frames do not count up, once' \
    "$(gaps relp-error 127.0.0.6)" 'count=1 bytes=17 .* why=txnr$'
wait_for '[ "$(raw relp | grep -c "<13>a<13>b")" = 1 ]'
tap $? 'and whose messages are kept'

# --- what people see ---
# said TEXT: once it is in the messages.
said() {
	wait_for "grep -q \"$1\" \"\$T/collector.err\""
}
# hello PORT PEER: TLS to a port without it.
cat >"$T/hello.py" <<'END'
import sys
from senders import *
s = dial(sys.argv[1], sys.argv[2])
s.send(b'\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03')
s.shutdown(socket.SHUT_WR)
over(s)
END
hello() {
	PYTHONPATH=$T python3 "$T/hello.py" "$@"
}
hello "$(port tcp)" 127.0.0.6
ok 'TLS on a plain port is told' said "listener 'tcp': 127.0.0.6 was refused: the sender speaks TLS to a port without it: set it to plain TCP, or"
said "listener 'relp': 127.0.0.[234] was refused"
# A line of another in the same second would be left out.
wait_for 'hello "$(port relp)" 127.0.0.7
	grep -q "127.0.0.7 was refused" "$T/collector.err"'
ok 'so it is on the RELP port' said "listener 'relp': 127.0.0.7 was refused: the sender speaks TLS to a RELP port without it"
cat >"$T/plain.py" <<'END'
import sys
from senders import *
s = dial(sys.argv[1], sys.argv[2])
s.send(b'<13>plain text\n')
s.shutdown(socket.SHUT_WR)
over(s)
END
for at in relp tls; do
	wait_for 'PYTHONPATH=$T python3 "$T/plain.py" "$(port $at)" 127.0.0.8
		grep -q "listener .$at.: 127.0.0.8 was refused" "$T/collector.err"'
done
ok 'and plain text there' said "listener 'relp': 127.0.0.8 was refused: the sender speaks no RELP: set it to RELP"
ok 'and on the TLS port' said "listener 'tls': 127.0.0.8 was refused: the sender speaks no TLS: set it to TLS"

# seen PEER LISTENER: its row of the table.
seen() {
	konseki --lang en devices --site "$S" --json | python3 -c '
import json, sys
for s in json.load(sys.stdin)["sources"]:
    if s["peer"] == sys.argv[1] and s["listener"] == sys.argv[2]:
        print(s["state"], s["transport"], s["why"], s["records"])' "$@"
}
wait_for '[ -n "$(seen 127.0.0.8 tls)" ] && [ -n "$(seen 127.0.0.6 tcp)" ]'
is 'the table has who speaks TLS where there is none' "$(seen 127.0.0.6 tcp)" \
    'refused refused tls-on-plain 1'
is 'who went away' "$(seen 127.0.0.3 tls)" 'refused refused tls-closed 1'
is 'who has too old a TLS' "$(seen 127.0.0.2 tls)" 'refused refused tls-version 1'
like 'who speaks no TLS' "$(seen 127.0.0.8 tls)" '^refused refused tls-plain-text [0-9]+$'
like 'who speaks no RELP, and as nothing else' "$(seen 127.0.0.8 relp)" \
    '^refused refused relp-no-frame [0-9]+$'
is 'but not who is taken although he counts wrongly' \
    "$(seen 127.0.0.6 relp | grep -c refused)" 0
like 'in words, too' "$(konseki --lang ja devices --site "$S")" \
    '拒否（tls-on-plain） +127\.0\.0\.6 '

# --- a crowd ---
# crowd: how many of it the g1 count.
crowd() {
	records g1 | sed -n 's/.* kind=tls-handshake .* count=\([0-9]*\) .* peer=127\.0\.1\..*/\1/p' |
	    awk '{ n += $1 } END { print n + 0 }'
}
kill -STOP "$(pid_of receiver)"
start crowd env PYTHONPATH="$T" python3 -c '
import sys
from senders import *
all = []
for i in range(150):
    s = dial(sys.argv[1], "127.0.1.%d" % (i + 1))
    s.send(b"\x16")
    s.shutdown(socket.SHUT_WR)
    all.append(s)
print("there", flush=True)
for s in all:
    over(s)' "$tls"
wait_for 'grep -q there "$T/crowd.out"'
kill -CONT "$(pid_of receiver)"
wait_for '[ "$(crowd)" = 150 ]'
is 'of a crowd everybody is counted' "$(crowd)" 150
shared=$(records g1 | grep -E 'kind=tls-handshake .* senders=' | tail -n 1)
like 'who is beyond the limit shares a record' "$shared" \
    'count=[1-9][0-9]* .* peer=127\.0\.1\.[0-9]+ .* senders=[1-9][0-9]*$'
is 'that says how many they are' "$(echo "$shared" | sed 's/.* senders=//')" \
    "$(echo "$shared" | sed 's/.* count=\([0-9]*\) .*/\1/')"
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Scenario: TLS. Senders speak TLS 1.2 and 1.3, over IPv4 and IPv6, with many
# lines in one TLS record and one line in many. One ends in order, one is cut,
# one breaks off: the evidence tells them apart. Who speaks plain text to the
# port for TLS, before or instead of a handshake, never becomes a record. Who has
# to show a certificate, and with which he is let in: 45-tls-senders.t.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
python3 -c 'import socket
socket.socket(socket.AF_INET6).bind(("::1", 0))' 2>/dev/null ||
    skip_all 'no IPv6 here'
plan 18

certificates
{
	echo 'listeners:'
	for l in old new parts order cut error plain lengths; do
		echo "  - {name: $l, transport: tls, address: 127.0.0.1," \
		    'port: 0, certificate: tls/cert.pem, key: tls/key.pem}'
	done
	echo '  - {name: six, transport: tls, address: "::1",' \
	    'port: 0, certificate: tls/cert.pem, key: tls/key.pem}'
} >"$T/listeners"
site_make <"$T/listeners"
site_start

cat >"$T/tls.py" <<'END'
import socket, ssl, sys
port = {}
with open(sys.argv[1]) as f:
    for line in f:
        words = line.split()
        port[words[0]] = int(words[3])

def dial(name, to='127.0.0.1', version=None):
    c = ssl.create_default_context(cafile=sys.argv[2])
    c.check_hostname = to == '127.0.0.1'
    if version:
        c.minimum_version = c.maximum_version = version
    s = socket.create_connection((to, port[name]))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return c.wrap_socket(s, server_hostname='127.0.0.1')

def finish(s):
    """TLS ends in order; the other side need not answer to that."""
    try:
        s.unwrap()
    except (ssl.SSLError, OSError):
        pass
    s.close()

for name, v in ('old', ssl.TLSVersion.TLSv1_2), ('new', ssl.TLSVersion.TLSv1_3):
    s = dial(name, version=v)
    s.sendall(b''.join(b'<13>line %d\n' % i for i in range(2000)))
    finish(s)
s = dial('six', '::1')
s.sendall(b'<13>six\n')
finish(s)
s = dial('parts')
for byte in b'<13>one line in many records\n':
    s.sendall(bytes([byte]))
finish(s)
s = dial('order')
s.sendall(b'<13>whole\n<13>half')
finish(s)
s = dial('cut')
s.sendall(b'<13>whole\n<13>half')
s.close()
for text in b'<13>plain text\n', b'20 <13>counted in plain', b'\n' * 50:
    s = socket.create_connection(('127.0.0.1', port['plain']))
    try:
        s.sendall(text)
        while s.recv(1000):
            pass
    except ConnectionError:
        pass
    s.close()
# A handshake, and then plain text beside it.
c = ssl.create_default_context(cafile=sys.argv[2])
s = socket.create_connection(('127.0.0.1', port['plain']))
t = c.wrap_socket(s.dup(), server_hostname='127.0.0.1')
t.sendall(b'<13>by TLS\n')
raw = socket.socket(fileno=t.detach())
raw.sendall(b'<13>beside TLS\n')
raw.shutdown(socket.SHUT_WR)
try:
    while raw.recv(1000):
        pass
except ConnectionError:
    pass
raw.close()
s = dial('lengths')
with open(sys.argv[3], 'wb') as want:
    for n in [*range(1, 30), *range(16370, 16400), *range(65530, 65540),
              1048576]:
        line = (b'%d ' % n + b'y' * n)[:n - 1] + b'\n'
        s.sendall(line)
        want.write(line)
finish(s)
END
breaks_off error "tls:$T/ca.pem" 'text:<13>whole\n'
python3 "$T/tls.py" "$S/run/listeners" "$T/ca.pem" "$T/want" 2>&1
wait_received lengths 70
wait_for '[ "$(records d1 | grep -c " end ")" -ge 9 ]'
wait_for 'records g1 | grep -q listener=plain'
is 'TLS 1.2: all lines' "$(messages old | sort -u | wc -l)" 2000
is 'TLS 1.3: all lines' "$(messages new | sort -u | wc -l)" 2000
like 'the stream says which it was' "$(records d1)" \
    'listener=old .*version=TLSv1\.2 '
like 'and the cipher' "$(records d1)" \
    'listener=new .*version=TLSv1\.3 cipher=TLS_'
is 'IPv6' "$(messages six)" '<13>six'
is 'a line in many TLS records is one' "$(messages parts)" \
    '<13>one line in many records'
is 'an orderly end' "$(why order)" why=peer-closed
is 'with half a line' "$(raw order)" '<13>whole
<13>half'
is 'an end without TLS saying so' "$(why cut)" why=tls-cut
is 'with half a line' "$(raw cut)" '<13>whole
<13>half'
is 'one who broke off' "$(why error)" why=peer-reset
is 'what he had sent is there' "$(messages error)" '<13>whole'
is 'plain text never becomes a record' "$(messages plain)" '<13>by TLS'
is 'each time is recorded' "$(records g1 |
    sed -n 's/.*kind=tls-handshake .*listener=plain count=\([0-9]*\) .*/\1/p' |
    awk '{ n += $1 } END { print n }')" 3
raw lengths >"$T/got"
same 'each length, byte for byte' "$T/got" "$T/want"
site_stop
verified

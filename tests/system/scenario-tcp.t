#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Scenario: connections. A collector listens over TCP on IPv4 and IPv6. Many
# lines in one write and one line in many writes come out as lines; a sender may
# close early, break off, or leave half a line; one connection more than allowed
# is turned away until another closes; each length is kept. SIGTERM in the
# middle of a stream keeps what had come, whole and in order.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
site_ring=32 # the default
command -v python3 >/dev/null || skip_all 'no python3'
python3 -c 'import socket
socket.socket(socket.AF_INET6).bind(("::1", 0))' 2>/dev/null ||
    skip_all 'no IPv6 here'
plan 18

{
	echo 'listeners:'
	for l in lines chunks close error lengths stream; do
		echo "  - {name: $l, transport: tcp, address: 127.0.0.1, port: 0}"
	done
	echo '  - {name: six, transport: tcp, address: "::1", port: 0}'
	echo '  - {name: any, transport: tcp, port: 0}'
	echo '  - {name: twenty, transport: tcp, address: 127.0.0.1, port: 0,' \
	    'max_connections: 20}'
} >"$T/listeners"
site_make <"$T/listeners"
site_start
breaks_off error 'text:<13>before\n'
cat >"$T/tcp.py" <<'END'
import socket, sys, time
port = {}
with open(sys.argv[1]) as f:
    for line in f:
        words = line.split()
        port[words[0]] = int(words[3])

def dial(name, to='127.0.0.1'):
    return socket.create_connection((to, port[name]))

def finish(s):
    s.shutdown(socket.SHUT_WR)
    while s.recv(100):
        pass
    s.close()

for name, to in ('six', '::1'), ('any', '127.0.0.77'):
    s = dial(name, to)
    s.sendall(b'<13>%s\n' % name.encode())
    finish(s)
s = dial('lines')
s.sendall(b''.join(b'<13>line %d\n' % i for i in range(3000)))
finish(s)
s = dial('chunks')
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
text = b'<13>one line in many parts ' + b'0123456789' * 30 + b'\n'
for i in range(0, len(text), 4):
    s.sendall(text[i:i + 4])
    time.sleep(0.002)
finish(s)
s = dial('close')
s.sendall(b'<13>whole\n<13>not who')
s.close()
# Twenty and one; then one in the place of another.
twenty = [dial('twenty') for _ in range(20)]
for i, s in enumerate(twenty):
    s.sendall(b'<13>caller %d\n' % i)
s = dial('twenty')
try:
    s.sendall(b'<13>one too many\n')
    print('turned away' if s.recv(100) == b'' else 'answered')
except ConnectionError:
    print('turned away')
finish(twenty.pop())
s = dial('twenty')
s.sendall(b'<13>caller 20\n')
twenty.append(s)
for s in twenty:
    finish(s)

s = dial('lengths')
with open(sys.argv[2], 'wb') as want:
    for n in [*range(1, 30), *range(1020, 1030), *range(2040, 2055),
              *range(8180, 8200), *range(65530, 65540), 1048575, 1048576,
              1048577, 2097152]:
        line = (b'%d ' % n + b'y' * n)[:n - 1] + b'\n'
        s.sendall(line)
        want.write(line)
finish(s)
END
is 'one connection more than allowed is turned away' \
    "$(python3 "$T/tcp.py" "$S/run/listeners" "$T/want")" 'turned away'
wait_received lengths 90
wait_for '[ -n "$(why error)" ]'
is 'IPv6' "$(messages six)" '<13>six'
is 'every address of IPv4' "$(messages any)" '<13>any'
like 'which one it was is told' "$(records d1)" 'listener=any .*local=127\.0\.0\.77 '
is 'three thousand lines of one write' "$(messages lines | sort -u | wc -l)" 3000
is 'one line of many writes' "$(received chunks)" 1
is 'half a line when the sender closes' "$(raw close)" '<13>whole
<13>not who'
is 'he closed' "$(why close)" why=peer-closed
is 'one who broke off' "$(messages error) $(why error)" \
    '<13>before why=peer-reset'
is 'each of twenty callers, and who came later' \
    "$(messages twenty | sort -u | grep -c caller)" 21
wait_for 'records g1 | grep -q connection-limit'
like 'who was turned away is recorded' "$(records g1)" \
    'kind=connection-limit .*listener=twenty count=1 '
raw lengths >"$T/got"
same 'each length, byte for byte' "$T/got" "$T/want"
is 'of which two are longer than a record' \
    "$(konseki show --site "$S" --source lengths | grep -c '(cut)')" 2

# A sender that does not stop, and a collector that must.
start stream python3 -c 'import socket, sys, time
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
i = 0
try:
    while True:
        s.sendall(b"".join(b"<13>%d stream\n" % (i + k) for k in range(50)))
        i += 50
        time.sleep(0.002)
except OSError:
    pass' "$(port stream)"
wait_received stream 2000
site_stop
messages stream 2>/dev/null >"$T/stream"
ok 'SIGTERM: what had come is there, in order, none twice' \
    awk '{ if ($0 != "<13>" NR - 1 " stream") { if (bad++) exit 1 } }' \
    "$T/stream"
is 'and the stream says why it ended' "$(why stream)" why=collector-stop
verified

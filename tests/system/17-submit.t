#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Programs of this machine hand records to the writer. One that breaks the
# rules is told so and sent away, and nothing of it is kept that is no record;
# none can say who it is, the kernel does; who is not in the group is not let
# in; too many at once are turned away; and all the while others are served.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 28

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start
cat >"$T/client.py" <<'END'
import socket, sys
def connect():
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.settimeout(20)
    s.connect(sys.argv[1])
    return s
def part(body, flags=0):
    return bytes([flags]) + len(body).to_bytes(3, 'big') + body
def talk(*messages):
    s = connect()
    for m in messages[:-1]:
        s.send(m)
        if m[:1] == b'O':
            s.recv(70000)
    s.send(messages[-1])
    try:
        return s.recv(70000)
    except ConnectionResetError:
        return b'gone'
OPEN = b'Oevidence\nlistener=test transport=local framing=none'
n = 0
def case(name, got, want):
    print('%s %s: %r' % ('ok' if got.startswith(want) else 'not ok', name, got[:60]))

case('garbage', talk(b'\x00\xff'), b'xbad-message\n')
case('no such log', talk(b'Onowhere\nlistener=a'), b'xno-log\n')
case('a path as a log', talk(b'O../evidence\nlistener=a'), b'xbad-message\n')
case('records of no stream', talk(b'R' + part(b'x')), b'xno-stream\n')
case('a uid of its own', talk(OPEN + b' uid=0'), b'xbad-words\n')
case('a transport that is not its', talk(
    b'Oevidence\nlistener=a transport=udp framing=none'), b'xbad-words\n')
case('a line end in a word', talk(OPEN + b' file=a\nb'), b'xbad-words\n')
case('a cut part', talk(OPEN, b'R\0\0\0\5abc'), b'xbad-message\n')
case('a message that is too long', talk(OPEN, b'R' + part(b'x' * 65600)),
     b'xbad-message\n')
big = [b'R' + part(b'x' * 60000, 0x80)] * 18
case('a record that is too long', talk(OPEN, *big), b'xtoo-big\n')
case('an operator without an action', talk(b'Pcasebook\nuid=0'), b'xbad-words\n')

case('what is the anchor process to ask', talk(b'Nevidence'),
     b'xnot-allowed\n')
case('or to hand in', talk(b'Wevidence\nx\n'), b'xnot-allowed\n')
case('nor is a file of the tailer that is lost', talk(b'Gevidence\nlistener=x'),
     b'xnot-allowed\n')

body = bytes(range(256)) * 4096
pieces = [b'R' + part(body[i:i + 65000], 0x80)
          for i in range(0, len(body) - 65000, 65000)]
at = 65000 * len(pieces)
got = talk(OPEN + b' name=whole', *pieces, b'R' + part(body[at:]) + part(b'end'),
           b'Sevidence')
case('a record of just the longest', got, b's')
print('ok note' if b'\ntest.example/evidence\n' in got else 'not ok note')
print('n', got.split()[2].decode())
case('an operator record', talk(b'Pcasebook\naction=custody what=%E7%97%95',
     b'Scasebook'), b's')
case('a seal of nothing', talk(b'Scasebook'), b's0 0 0 ')
case('a segment is closed', talk(b'Cevidence'), b's0 0 0 ')
case('and the next', talk(b'Cevidence', b'Sevidence'), b's0 0 0 ')
crowd = [connect() for i in range(32)]
one = connect()
case('the crowd', one.recv(100), b'xfull\n')
crowd[0].send(OPEN)
case('and those inside are served', crowd[0].recv(100), b'o')
END
python3 "$T/client.py" "$S/run/submit.sock" >"$T/said" 2>&1
for name in garbage 'no such log' 'a path as a log' 'records of no stream' \
    'a uid of its own' 'a transport that is not its' 'a line end in a word' \
    'a cut part' 'a message that is too long' 'a record that is too long' \
    'an operator without an action' 'what is the anchor process to ask' \
    'or to hand in' 'nor is a file of the tailer that is lost' 'a record of just the longest' note \
    'an operator record' 'a seal of nothing' 'a segment is closed' \
    'and the next' 'the crowd' \
    'and those inside are served'; do
	ok "$name" grep -q "^ok $name" "$T/said"
done
ok 'it has its manifest' [ -f "$S/evidence/manifests/000000000000" ]
grep '^not ok\|Error\|File' "$T/said" | sed 's/^/# /'
is 'both records of one client' "$(awk '/^n/ { print $2 }' "$T/said")" 2
like 'the user is who the kernel says' "$(records d1 | grep name=whole)" \
    " uid=$(id -u)$"
like 'of an operator record too' "$(records o1 casebook)" \
    "uid=$(id -u) action=custody what=%E7%97%95"
if [ "$(id -u)" = 0 ]; then
	chmod 755 "$S" "$S/run"
	ok 'who is not in the group is not let in' ! setpriv --reuid 12345 \
	    --regid 12345 --clear-groups python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect(sys.argv[1])' "$S/run/submit.sock"
else
	is 'the socket is for its group' \
	    "$(stat -c %a "$S/run/submit.sock")" 660
fi
site_stop

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Scenario: framing. One port takes connections with octet counts and with line
# ends of each kind; one that changes from counts to lines, one whose counts
# break, and messages far longer than a record lose nothing, and the message
# behind the trouble is found. A device that is not told apart gets a framing of
# its own; the evidence says who decided.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 24

site_make <<'END'
listeners:
  - name: port
    transport: tcp
    address: 127.0.0.1
    port: 0
    max_frame: 8192
    sources:
      - {addresses: [127.4.0.0/30], framing: octet}
      - {addresses: [127.4.0.0/24], framing: lf}
      - {addresses: [127.4.1.7], framing: nul}
  - {name: counted, transport: tcp, address: 127.0.0.1, port: 0, framing: octet}
END
site_start

python3 - "$(port port)" "$(port counted)" <<'END'
import socket, sys
def send(peer, data, port=sys.argv[1]):
    with socket.socket() as s:
        s.bind((peer, 0))
        s.connect(('127.0.0.1', int(port)))
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
        while s.recv(100):
            pass
send('127.5.0.1', b''.join(b'%d %s' % (len(m), m)
                           for m in (b'<13>a', b'<14>b\n', b'<15>c\nd')))
send('127.5.0.2', b'<13>lf\n<13>crlf\r\n<13>nul and lf\0\n<13>end\n')
send('127.5.0.3', b'<13>one\0<13>two\0<13>three\0')
send('127.5.0.4', b'6 <13>aa6 <13>bb<13>line\n<13>other\n6 <13>cc')
send('127.5.0.5', b'6 <13>aaxyz 6 <13>bb\n6 <13>cc')
send('127.5.0.6', b'<13>' + b'l' * 20000 + b'\n<13>next\n')
send('127.5.0.7', b'20004 <13>' + b'c' * 20000 + b'8 <13>next')
send('127.4.0.1', b'5 plain3 {}\n')
send('127.4.0.9', b'13 <not a count>\n5 <b>\n')
send('127.4.1.7', b'<13>x\ny\0<13>z\0')
send('127.5.0.8', b'5 plain\n6 behind', sys.argv[2])
END
# peer N: messages of that sender; flags: of its records; decided: by whom.
peer() {
	messages "127.$1"
}
flags() {
	konseki show --site "$S" --source "127.$1" | awk '{
		printf "%s", $7 == "(cut)" ? "x" : $7 == "(partial)" ? "f" : "-" }'
}
decided() {
	records d1 | sed -n "s/.* peer=127\\.$1 .*framing=\\([a-z]*\\) .*decided=/\\1 /p"
}
stray() {
	records g1 | grep -c 'kind=resync .*listener='"$1"
}
wait_for '[ "$(records d1 | grep -c " end ")" -ge 11 ]'

is 'counts' "$(peer 5.0.1)" '<13>a
<14>b

<15>c
d'
is 'are told apart' "$(decided 5.0.1)" 'octet auto'
is 'line ends of each kind' "$(peer 5.0.2 | tr -d '\0')" '<13>lf
<13>crlf
<13>nul and lf
<13>end'
is 'are told apart' "$(decided 5.0.2)" 'lf auto'
is 'NUL' "$(peer 5.0.3)" '<13>one
<13>two
<13>three'
is 'is told apart' "$(decided 5.0.3)" 'nul auto'
is 'lines behind counted messages' "$(peer 5.0.4 | grep -v '^$')" '<13>aa
<13>bb
<13>line
<13>other
<13>cc'
is 'counts that break: the next message is found' "$(peer 5.0.5 |
    grep -v '^$')" '<13>aa
xyz 
<13>bb
<13>cc'
is 'and no byte is missing' "$(raw 127.5.0.5 | tr '\n' .)" \
    '6 <13>aaxyz 6 <13>bb.6 <13>cc'
is 'both are recorded' "$(stray port)" 2
is 'a line of twenty thousand bytes is in pieces' "$(flags 5.0.6)" 'xx--'
is 'so is such a counted message' "$(flags 5.0.7)" 'xx--'
is 'no byte of them is missing' "$(raw 127.5.0.6 | wc -c) $(raw 127.5.0.7 |
    wc -c)" '20014 20020'
is 'the message behind each is found' "$(peer 5.0.6 | tail -n 1) $(peer \
    5.0.7 | tail -n 1)" '<13>next <13>next'
is 'a source with counts, though none looks like one' "$(peer 4.0.1)" 'plain
{}'
is 'as its configuration says' "$(decided 4.0.1)" 'octet source'
is 'a source with lines that look like counts' "$(peer 4.0.9)" \
    '13 <not a count>
5 <b>'
is 'as its own says' "$(decided 4.0.9)" 'lf source'
is 'a source with NUL' "$(decided 4.1.7) $(received 127.4.1.7)" 'nul source 2'
is 'a listener with counts' "$(decided 5.0.8)" 'octet listener'
is 'whose messages need not look like syslog' "$(peer 5.0.8 | grep -v '^$')" \
    'plain
behind'
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Only the appliances may send. What others send is refused, before a byte of
# it is looked at, and each of them is named with how often he tried, but not
# more often than once a minute, however fast he is. A device that runs wild is
# cut to its limit, and what is beyond is counted to the last datagram; so is
# one over TCP that must not wait, however many connections it has. One that may
# wait does, and loses nothing, and gets no more by a second connection.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 33

# --- what cannot be meant ---
# refused YAML: what is said about a listener that goes on so.
refused() {
	mkdir -p "$T/wrong"
	printf '%s\n' 'logs:' '  evidence: {origin: a/e}' '  casebook: {origin: a/c}' \
	    'listeners:' "  - {name: a, port: 0, $1}" >"$T/wrong/konseki.yml"
	konseki-collector --lang en --site "$T/wrong" --check-config 2>&1
}
like 'an empty list would refuse everybody' \
    "$(refused 'transport: udp, allow: []')" ":5:.*'allow' needs a list of blocks"
like 'a block has no bits beyond its length' \
    "$(refused 'transport: udp, allow: [10.0.0.1/8]')" ":5:.*'allow' needs"
like 'a datagram has nobody who could wait' \
    "$(refused 'transport: udp, backpressure: stall')" ":5:.*'backpressure' means nothing for transport udp"

certificates
site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0, allow: [127.0.0.2, 127.0.1.0/24]}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, allow: [127.0.0.2/32]}
  - {name: wild, transport: udp, address: 127.0.0.1, port: 0, rate_limit: 100, receive_buffer: 4194304}
  - {name: slow, transport: tcp, address: 127.0.0.1, port: 0, rate_limit: 100, backpressure: stall}
  - {name: fast, transport: tcp, address: 127.0.0.1, port: 0, rate_limit: 100}
  - {name: slow-tls, transport: tls, address: 127.0.0.1, port: 0, rate_limit: 100, certificate: tls/cert.pem, key: tls/key.pem}
END
site_start
# datagrams LISTENER ADDRESS N
datagrams() {
	python3 - "$(port "$1")" "$2" "$3" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[2], 0))
for i in range(int(sys.argv[3])):
    s.sendto(b'<13>%04d' % i, ('127.0.0.1', int(sys.argv[1])))
END
}

# --- datagrams ---
datagrams udp 127.0.0.3 400
datagrams udp 127.0.0.2 10
datagrams udp 127.0.1.77 10
wait_for '[ "$(gap refused-source udp count)" -gt 0 ]'
wait_received udp 20
is 'and none of it is taken' "$(received udp)" 20
like 'he is named' "$(records g1)" 'kind=refused-source stream=- listener=udp .* peer=127\.0\.0\.3$'
datagrams udp 127.0.0.3 50
datagrams udp 127.0.0.4 7
wait_for '[ "$(gap refused-source udp count 127.0.0.4)" -gt 0 ]'
tap $? 'another is named at once'
is 'the first not again within a minute' \
    "$(records g1 | grep -c 'kind=refused-source .*peer=127\.0\.0\.3')" 1
wait_for 'records s1 | tail -n 1 | grep -q " refused=457 "'
like 'the seals count them all' "$(records s1 | tail -n 1)" ' refused=457 '

# --- connections ---
python3 - "$(port tcp)" >"$T/tcp" <<'END'
import socket, sys
for peer in '127.0.0.2', '127.0.0.9':
    s = socket.socket()
    s.bind((peer, 0))
    s.connect(('127.0.0.1', int(sys.argv[1])))
    try:
        s.sendall(b'<13>from %s\n' % peer.encode())
        s.shutdown(socket.SHUT_WR)
        s.recv(1)
    except OSError:
        pass
END
wait_received tcp 1
is 'who is on the list is heard' "$(messages tcp)" '<13>from 127.0.0.2'
wait_for '[ "$(gap refused-source tcp count)" = 1 ]'
is 'a connection of another is closed and named' \
    "$(gap refused-source tcp count 127.0.0.9)" 1

# --- more than may come ---
datagrams wild 127.0.0.5 5000
wait_received wild 100
wait_for '[ "$(gap rate-limit wild)" -gt 0 ]'
tap $? 'that there were more is recorded at once'
is 'what comes first is what is kept' "$(messages wild | head -n 100 | tail -n 1)" '<13>0099'

# --- a connection that must not wait ---
# Ten connections of one sender at once, then ten after each other.
python3 - "$(port fast)" <<'END'
import socket, sys
def dial(peer):
    s = socket.socket()
    s.bind((peer, 0))
    s.connect(('127.0.0.1', int(sys.argv[1])))
    return s
def end(s):
    s.shutdown(socket.SHUT_WR)
    while s.recv(4096):
        pass
    s.close()
all = [dial('127.0.0.6') for i in range(10)]
for i in range(200):
    for s in all:
        s.sendall(b'<13>%04d\n' % i)
for s in all:
    end(s)
for i in range(10):
    s = dial('127.0.0.6')
    s.sendall(b'<13>%04d\n' % i * 300)
    end(s)
s = dial('127.0.0.7')
s.sendall(b'<13>0000\n' * 50)
end(s)
END
wait_for '[ "$(gap rate-limit fast)" -gt 0 ]'
wait_received fast 150

# --- a connection waits instead ---
awk 'BEGIN { for (i = 1; i <= 600; i++) printf "<13>%04d\n", i }' >"$T/lines"
before=$(date +%s)
start peer python3 "$srcdir/tests/system/peer.py" "$(port slow)" "file:$T/lines" end
start other python3 "$srcdir/tests/system/peer.py" "$(port slow)" "file:$T/lines" end
start tls python3 "$srcdir/tests/system/peer.py" "$(port slow-tls)" \
    "tls:$T/ca.pem" "file:$T/lines" end
wait_received slow 1200 60
# The second is read on when both are in time: after more than eight seconds.
ok 'they are read no faster than one may send' [ $(($(date +%s) - before)) -ge 7 ]
messages slow | sort >"$T/got"
sort "$T/lines" "$T/lines" >"$T/want"
same 'and loses nothing' "$T/got" "$T/want"
wait_received slow-tls 600 60
raw slow-tls >"$T/got"
same 'by TLS as well' "$T/got" "$T/lines"
is 'and no process has ended' "$(grep -c ALARM "$T/collector.err")" 0
wait_for 'records g1 | grep -q "kind=reading-paused .* listener=slow .*why=rate-limit"'
like 'that it had to wait is recorded' "$(records g1)" \
    'kind=reading-paused stream=- listener=slow count=[1-9].* why=rate-limit'
site_stop
konseki --lang en devices --site "$S" --json >"$T/devices"
like 'who is refused stands among the senders, with how often he tried' \
    "$(tr '{' '\n' <"$T/devices")" \
    '"state":"refused","peer":"127\.0\.0\.3",.*"listener":"udp",.*"records":450,"bytes":3600,'
like 'and so does who is taken' "$(tr '{' '\n' <"$T/devices")" \
    '"state":"learning","peer":"127\.0\.0\.2",.*"listener":"udp",.*"records":10,'
like 'in Japanese too' "$(konseki --lang ja devices --site "$S")" \
    '拒否（許可リスト外） +127\.0\.0\.9 '
taken=$(received wild) came=$((5000 - $(gap kernel-drop wild)))
ok 'a second has its hundred' [ "$taken" -ge 100 ]
ok 'and not many seconds went by' [ "$taken" -le 1000 ]
is 'each datagram beyond the limit is counted, at the latest at the end' \
    "$(gap rate-limit wild count 127.0.0.5)" $((came - taken))
is 'with its bytes' "$(gap rate-limit wild bytes)" $((8 * (came - taken)))
taken=$(($(received fast) - 50)) # those of another, who has a limit of his own
ok 'over TCP a second has its hundred' [ "$taken" -ge 100 ]
ok 'however many connections there are' [ "$taken" -le 1000 ]
is 'each record beyond it is counted' "$(gap rate-limit fast count 127.0.0.6)" \
    $((5000 - taken))
is 'with its bytes' "$(gap rate-limit fast bytes)" $((9 * (5000 - taken)))
is 'and nobody else has lost one' "$(gap rate-limit fast)" $((5000 - taken))
is 'each datagram of a stranger is counted, at the latest at the end' \
    "$(gap refused-source udp count 127.0.0.3)" 450
is 'to the byte' "$(gap refused-source udp bytes 127.0.0.3)" 3600
is 'of everybody by himself' "$(gap refused-source udp count 127.0.0.4)" 7

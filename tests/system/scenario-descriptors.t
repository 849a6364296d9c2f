#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Scenario: descriptors run out. Idle connections take all that the receiver may
# have. Datagrams and the connections that stand are served all the while; new
# ones, over TCP and TLS, wait and are served once there is room, and that they
# waited is recorded. On the port for TLS plain text is never taken, neither
# then nor afterwards.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 14

certificates
site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
END
mkdir "$T/bin"
cat >"$T/bin/konseki-collector" <<END
#!/bin/sh
ulimit -n 80
exec $builddir/konseki-collector "\$@"
END
chmod 755 "$T/bin/konseki-collector"
PATH=$T/bin:$PATH
site_start
cp "$S/run/processes" "$T/processes"

cat >"$T/crowd.py" <<'END'
import socket, sys
idle = [socket.create_connection(('127.0.0.1', int(sys.argv[1])))
        for _ in range(90)]
idle[0].sendall(b'<13>stands\n')
print('full', flush=True)
for line in sys.stdin:
    if line == 'say\n':
        idle[0].sendall(b'<13>still stands\n')
    else:
        break
for s in idle:
    s.close()
print('gone', flush=True)
END
mkfifo "$T/tell"
exec 3<>"$T/tell"
crowd_to=$(port tcp)
python3 "$T/crowd.py" "$crowd_to" <"$T/tell" >"$T/crowd.out" 2>&1 &
crowd=$!
wait_for 'records g1 | grep -q kind=accept-deferred'
tap $? 'it is recorded that connections wait'

# late NAME PORT: plain text; lets us know when he was answered or sent away.
cat >"$T/plain.py" <<'END'
import socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'<13>plain text\n')
print('sent', flush=True)
try:
    s.recv(1000)
    print('answered', flush=True)
except ConnectionError:
    print('sent away', flush=True)
END
start plain python3 "$T/plain.py" "$(port tls)"
plain=$pid
start secret python3 "$srcdir/tests/system/peer.py" "$(port tls)" \
    "tls:$T/ca.pem" 'text:<13>by TLS\n' end
secret=$pid
start late python3 "$srcdir/tests/system/peer.py" "$(port tcp)" \
    'text:<13>late\n' end
late=$pid
wait_for 'grep -q sent "$T/plain.out"'
logger --server 127.0.0.1 --port "$(port udp)" --udp 'a datagram' 2>/dev/null ||
    python3 -c 'import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"<13>a datagram",
    ("127.0.0.1", int(sys.argv[1])))' "$(port udp)"
wait_received udp 1
is 'datagrams are taken' "$(received udp)" 1
echo say >&3
wait_for 'messages tcp | grep -q "still stands"'
tap $? 'a connection that stands is served'
is 'new ones over TCP wait' "$(messages tcp | grep -c late)" 0
is 'new ones over TLS wait' \
    "$(konseki show --site "$S" --source tls 2>/dev/null | wc -l)" 0
ok 'nobody was sent away' running "$secret"

echo end >&3
wait "$crowd"
wait_for 'messages tcp | grep -q late'
tap $? 'once there is room: TCP is served'
wait_for 'messages tls 2>/dev/null | grep -q "by TLS"'
tap $? 'TLS is served'
wait_for '! running "$plain"'
is 'plain text never becomes a record' "$(messages tls)" '<13>by TLS'
wait_for 'records g1 | grep -q tls-handshake'
like 'it is recorded that somebody tried' "$(records g1)" \
    'kind=tls-handshake .*listener=tls '
stop "$late"
same 'no process has ended' "$S/run/processes" "$T/processes"
site_stop
verified

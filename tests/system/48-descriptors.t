#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# More connections come than there are descriptors. Who comes too late waits,
# and is served when somebody goes; the log says that some had to wait. Datagrams
# come in all the while, and a reload that needs descriptors is refused or done
# as a whole. And a TLS listener, while descriptors are out and when there are
# some again, is a TLS listener: what is said to it in the clear is never a
# record. (In another syslogd such a listener was afterwards one for plain
# text.)
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
# shellcheck disable=SC3045 # every sh here has it
( ulimit -n 64 2>/dev/null ) || skip_all 'descriptors cannot be limited'
plan 15

certificates
site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
mkdir "$T/bin"
cat >"$T/bin/konseki-collector" <<END
#!/bin/sh
ulimit -n 64
exec '$builddir/konseki-collector' "\$@"
END
chmod +x "$T/bin/konseki-collector"
PATH=$T/bin:$PATH
site_start
soft=$(awk '/^Max open files/ { print $4 }' "/proc/$(pid_of receiver)/limits")
is 'the receiver has few descriptors' "$soft" 64

cat >"$T/many.py" <<'END'
import select, socket, ssl, sys, time
tcp, tls, udp, ca = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
def step(what):
    print(what, flush=True)
    return sys.stdin.readline()
held = [socket.create_connection(('127.0.0.1', tcp)) for _ in range(90)]
for i, s in enumerate(held):
    s.sendall(b'line %d\n' % i)
# In the clear, to the TLS listener that cannot accept now.
plain = [socket.create_connection(('127.0.0.1', tls)) for _ in range(5)]
for s in plain:
    s.sendall(b'<13>in the clear\n' * 3)
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(20):
    u.sendto(b'datagram %d' % i, ('127.0.0.1', udp))
step('full')
for s in held[:60]:
    s.close()
step('some went')
for s in held[60:]:
    s.close()
# And again: to one that is its old self.
for s in plain:
    s.settimeout(20)
    try:
        while s.recv(100):
            pass
    except OSError:
        pass
late = socket.create_connection(('127.0.0.1', tls))
late.sendall(b'<13>in the clear again\n')
late.settimeout(20)
try:
    while late.recv(100):
        pass
except OSError:
    pass
c = ssl.create_default_context(cafile=ca)
good = c.wrap_socket(socket.create_connection(('127.0.0.1', tls)),
                     server_hostname='127.0.0.1')
good.sendall(b'<13>by TLS\n')
good.close()
step('done')
END
mkfifo "$T/go"
start many sh -c "exec python3 '$T/many.py' $(port tcp) $(port tls) $(port udp) '$T/ca.pem' <'$T/go'"
many=$pid
exec 9>"$T/go"
wait_for 'grep -q full "$T/many.out"'
wait_for '[ "$(gap accept-deferred tcp)" -gt 0 ]'
tap $? 'that connections wait is recorded'
wait_for '[ "$(gap accept-deferred tls)" -gt 0 ]'
tap $? 'of each listener'
wait_received udp 20
is 'datagrams come in' "$(received udp)" 20
some=$(received tcp)
ok 'those who found a descriptor are served' [ "$some" -gt 10 ]
ok 'and not more' [ "$some" -lt 64 ]
is 'nothing in the clear is a record' "$(received tls)" 0

# --- a reload now
echo '  - {name: more, transport: udp, address: 127.0.0.1, port: 0}' >>"$S/konseki.yml"
kill -HUP "$collector"
wait_for 'grep -q "reloaded" "$T/collector.err"'
ok 'a reload is done whole, or refused' sh -c "grep -q ': reloaded; changed: listeners.more' '$T/collector.err' || { grep -q 'not all descriptors arrived' '$T/collector.err' && ! grep -q '^more' '$S/run/listeners'; }"

echo >&9
wait_for 'grep -q "some went" "$T/many.out"'
wait_received tcp 90 30
is 'who waited is served, with what they said meanwhile' \
    "$(messages tcp | sort | cksum)" \
    "$(awk 'BEGIN { for (i = 0; i < 90; i++) print "line " i }' | sort | cksum)"
echo >&9
wait_for 'grep -q done "$T/many.out"' 60
echo >&9
wait_for '! running "$many"'
exec 9>&-
wait_received tls 1
is 'TLS is spoken, and nothing else' "$(messages tls)" '<13>by TLS'
is 'what was said in the clear is nowhere' "$(konseki show --site "$S" --messages | grep -c clear)" 0
wait_for '[ "$(records g1 | grep -c "kind=tls-handshake .*listener=tls ")" -ge 1 ]'
like 'but that it was tried is recorded' "$(records g1)" 'kind=tls-handshake .*listener=tls '
site_stop
verified

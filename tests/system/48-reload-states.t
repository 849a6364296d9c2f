#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A reload changes who may send to every listener, and finds connections in
# every state: half a line, half a count, half a TLS hello, TLS that stands, a
# RELP message of which half is here, one that was acknowledged, one who reads
# no answers. What came is in the evidence, halves too; each stream says that
# its listener went, so does each handshake, and nobody is blamed for it; RELP
# senders are told. Two reloads more and a stop at once, while some still leave,
# take nothing from those who came after.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 18

certificates
site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
  - {name: relp, transport: relp, address: 127.0.0.1, port: 0, max_frame: 480}
END
site_start

cat >"$T/odd.py" <<'END'
import socket, ssl, sys
tcp, tls, relp = (int(p) for p in sys.argv[1:4])
def dial(port, first=b''):
    s = socket.create_connection(('127.0.0.1', port), 20)
    s.settimeout(20)
    s.sendall(first)
    return s
opened = b'1 open 30 relp_version=0\ncommands=syslog\n'
all = {
    'line': dial(tcp, b'a whole line\nhalf a line'),
    'count': dial(tcp, b'8 <1>count20 <1>half a c'),
    'silent': dial(tcp),
    'hello': dial(tls, b'\x16\x03\x01\x02'),
    'mute': dial(tls),
    'secure': ssl.create_default_context(cafile=sys.argv[4]).wrap_socket(
        dial(tls), server_hostname='127.0.0.1'),
    'head': dial(relp, opened + b'2 sysl'),
    'piece': dial(relp, opened + b'2 syslog 900 ' + b'p' * 700),
    'acked': dial(relp, opened + b'2 syslog 5 <1>ok\n'),
    'unread': dial(relp, opened + b'2 x 0\n' * 40000),
    'unopened': dial(relp),
}
all['secure'].sendall(b'over tls\nhalf over tls')
heard = b''
while b'2 rsp 6 200 OK\n' not in heard:
    heard += all['acked'].recv(4096)
print('there', flush=True)
sys.stdin.readline()
for name, s in all.items():
    heard = b''
    try:
        while part := s.recv(65536):
            heard += part
    except ConnectionResetError:
        pass
    print(name, heard[-40:].replace(b'\n', b'|').decode('latin-1'), flush=True)
END
mkfifo "$T/tell"
start odd sh -c "exec python3 '$T/odd.py' $(port tcp) $(port tls) $(port relp) '$T/ca.pem' <'$T/tell'"
exec 9>"$T/tell"
wait_for 'grep -q there "$T/odd.out"' 30
wait_received tls 1
wait_received tcp 2
receiver=$(pid_of receiver)

# only_from BLOCK: a reload; only from there may anybody send.
only_from() {
	sed -i -e 's/ allow: [^,]*,//' -e "s|, address: 127|, allow: [$1], address: 127|" \
	    "$S/konseki.yml"
	site_reload reloaded
}
only_from 127.0.0.0/8
echo >&9
wait_for 'grep -q "^unopened" "$T/odd.out"' 60
is 'all were ended' "$(grep -c . "$T/odd.out")" 12
is 'by the receiver that there was' "$(pid_of receiver)" "$receiver"
heard() { sed -n "s/^$1 //p" "$T/odd.out"; }
for who in head piece acked unopened; do
	like "RELP, $who: told so" "$(heard $who)" '0 serverclose 0\|$'
done
ends() { records d1 | grep -c ' end .*why=listener-removed'; }
wait_for '[ "$(ends)" -ge 6 ]'
is 'each stream has ended' "$(ends)" 6
is 'and says why' "$(why tcp) $(why tls) $(why relp)" \
    'why=listener-removed why=listener-removed why=listener-removed'
is 'halves are kept' "$(messages tcp | sort | tr '\n' '|')" \
    '<1>count|<1>half a c|a whole line|half a line|'
is 'over TLS too' "$(messages tls | tr '\n' '|')" 'over tls|half over tls|'
is 'what was acknowledged is there' "$(messages relp | grep -c '^<1>ok$')" 1
refused() {
	records g1 | sed -n 's/.*kind=tls-handshake .* count=\([0-9]*\) .* why=\([a-z-]*\) .*cause=\([a-z-]*\).*/\1 \2 \3/p'
}
wait_for '[ -n "$(refused)" ]'
is 'a handshake is no failure of TLS' "$(refused)" '2 listener-removed listener-removed'
is 'of which nobody is accused' "$(grep -c 'was refused' "$T/collector.err")" 0

# --- again, and a stop while they leave
start late python3 -c '
import socket, sys
s = [socket.create_connection(("127.0.0.1", int(sys.argv[1])))
     for i in range(20)]
for c in s:
    c.sendall(b"late\nhalf")
print("there", flush=True)
s[0].recv(1)' "$(port tcp)"
wait_for 'grep -q there "$T/late.out"'
only_from 127.0.0.1/32
only_from 127.0.0.0/16
site_stop
is 'who came late is there' "$(messages tcp | grep -c '^late$')" 20
is 'and their halves' "$(messages tcp | grep -c '^half$')" 20
verified

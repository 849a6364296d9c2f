#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A new device arrives, and nobody wants to stop collecting for it: konseki.yml
# is changed and the collector told so (SIGHUP). What did not change keeps its
# sockets and its connections; what is gone takes what it has, and ends; what
# is new listens. The log says which keys changed and from which configuration
# to which. A file with an error in it, a port that another program has, a key
# that only a start can change: nothing at all happens, and the messages say
# file, line and key.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 41

certificates
site_make <<'END'
mail: {server: "smtp://127.0.0.1:25", from: a@test.example}
listeners:
  - {name: stays, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: moves, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
END
# A large ring, which the parent has mapped, is no memory of whoever parses the
# file; and the site is where the file is found, be it a link to elsewhere.
sed -i 's/ring_mib: 4/ring_mib: 128/' "$S/konseki.yml"
mkdir "$T/elsewhere"
mv "$S/konseki.yml" "$T/elsewhere/"
ln -s "$T/elsewhere/konseki.yml" "$S/konseki.yml"
cp "$S/konseki.yml" "$T/first.yml"
site_start
hash_of() { sha256sum "$1" | cut -d ' ' -f 1; }
first=$(hash_of "$S/konseki.yml")

# A sender that says a line whenever it is told to, and notices its end.
cat >"$T/talk.py" <<'END'
import socket, ssl, sys
out = []
for port, tls in ((int(sys.argv[1]), 0), (int(sys.argv[2]), 0),
                  (int(sys.argv[3]), 1)):
    s = socket.create_connection(('127.0.0.1', port))
    if tls:
        c = ssl.create_default_context(cafile=sys.argv[4])
        s = c.wrap_socket(s, server_hostname='127.0.0.1')
    out.append(s)
names = ('stays', 'moves', 'tls')
for line in sys.stdin:
    word = line.split()
    if word[0] == 'say':
        for n, s in zip(names, out):
            if n in word[2:]:
                s.sendall((n + ' ' + word[1] + '\n').encode())
    elif word[0] == 'ended':
        s = out[names.index(word[1])]
        s.settimeout(10)
        print('ended', word[1], s.recv(1) == b'', flush=True)
END
mkfifo "$T/tell"
start talk sh -c "exec python3 '$T/talk.py' $(port stays) $(port moves) $(port tls) '$T/ca.pem' <'$T/tell'"
exec 9>"$T/tell"
udp() { printf %s "$1" | python3 -c '
import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(
    sys.stdin.buffer.read(), ("127.0.0.1", int(sys.argv[1])))' "$2"; }

echo 'say one stays moves tls' >&9
udp 'udp one' "$(port udp)"
for l in stays moves tls udp; do wait_received $l 1; done
is 'all four receive' "$(received stays) $(received moves) $(received tls) $(received udp)" '1 1 1 1'
receiver=$(pid_of receiver) writer=$(pid_of writer)
stays=$(port stays) udp=$(port udp) tls=$(port tls)

# --- one goes, one comes, one gets another certificate, one other limits
sed -e '/name: moves/d' -e 's/25", from/26", from/' \
    -e 's/name: stays, transport: tcp,/name: stays, max_connections: 7, transport: tcp,/' \
    "$T/first.yml" >"$S/konseki.yml"
echo '  - {name: fresh, transport: tcp, address: 127.0.0.1, port: 0}' \
    >>"$S/konseki.yml"
echo 'say two moves' >&9
cp "$S/tls/cert.pem" "$T/cert1.pem"
certificates
second=$(hash_of "$S/konseki.yml")
site_reload reloaded
like 'it was reloaded' "$(cat "$T/collector.err")" 'konseki.yml: reloaded; changed: '
is 'what stays has its ports' "$(port stays) $(port udp) $(port tls)" "$stays $udp $tls"
is 'and what is gone has none' "$(port moves)" ''
is 'the same processes do it' "$(pid_of receiver) $(pid_of writer)" "$receiver $writer"
echo 'say three stays tls' >&9
udp 'udp three' "$udp"
python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1]))).sendall(b"fresh\n")' \
    "$(port fresh)"
for l in stays tls udp; do wait_received $l 2; done
wait_received fresh 1
is 'connections that stay go on' "$(messages stays; messages tls)" 'stays one
stays three
tls one
tls three'
is 'in the streams that they had' "$(konseki show --site "$S" | awk '$3 == "d1" && / listener=stays / && !/ end /' | wc -l)" 1
is 'the new one receives' "$(messages fresh)" fresh
echo 'ended moves' >&9
wait_for 'grep -q ended "$T/talk.out"'
is 'the one that is gone ends' "$(cat "$T/talk.out")" 'ended moves True'
is 'with all that it had' "$(messages moves)" 'moves one
moves two'
wait_for '[ -n "$(records d1 | grep why=listener-removed)" ]'
like 'and says why' "$(records d1)" 'end .*why=listener-removed'
is 'new connections get the new certificate' "$(openssl s_client -connect "127.0.0.1:$tls" </dev/null 2>/dev/null | openssl x509 -noout -fingerprint)" \
    "$(openssl x509 -noout -fingerprint -in "$S/tls/cert.pem")"
ok 'which is another' ! cmp -s "$T/cert1.pem" "$S/tls/cert.pem"
for log in evidence casebook; do
	wait_for "[ \"\$(records c1 $log | wc -l)\" = 2 ]"
	c1=$(records c1 $log | tail -n 1)
	like "the $log has the new configuration" "$c1" "sha256=$second"
	like 'and the one before' "$c1" " file=- before=$first change="
	is 'with the keys that changed' "$(printf '%s\n' "$c1" | tr ' ' '\n' | grep change= | sort)" 'change=listeners[fresh]
change=listeners[moves]
change=listeners[stays].max_connections
change=mail.server'
	is 'and no value of them' "$(printf '%s\n' "$c1" | grep -c smtp)" 0
done
wait_for '[ -n "$(records s1 | tail -n 1 | grep "config=$second")" ]'
like 'the next seal is of the new one' "$(records s1 | tail -n 1)" "config=$second"

# --- all or nothing
# refused TEXT ERE: that configuration is not taken, for that reason.
refused() {
	printf '%s\n' "$1" >"$S/konseki.yml"
	refused_at=$(wc -l <"$T/collector.err")
	site_reload 'NOT reloaded'
	like "refused: $2" "$(tail -n "+$((refused_at + 1))" "$T/collector.err")" "$2"
}
good=$(sed -e '/name: moves/d' "$T/first.yml")
refused "$(printf '%s' "$good" | sed 's/name: udp, transport: udp/name: udp, transprot: udp/')" \
    "konseki.yml:[0-9]+:[0-9]+: .*transprot.*is 'transport' meant"
refused "$(printf '%s' "$good" | sed 's/^user: .*/user: daemon/')" \
    "konseki.yml:[0-9]+: 'user' cannot change while the collector runs"
refused "$(printf '%s' "$good" | sed 's|origin: test.example/evidence|origin: test.example/other|')" \
    "'logs.evidence.origin' cannot change"
start taken python3 -c 'import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
print(s.getsockname()[1], flush=True); time.sleep(60)'
wait_for '[ -s "$T/taken.out" ]'
refused "$good
  - {name: first, transport: udp, address: 127.0.0.1, port: 0}
  - {name: second, transport: tcp, address: 127.0.0.1, port: $(cat "$T/taken.out")}" \
    "konseki.yml:[0-9]+: listener 'second': cannot listen on"
echo nonsense >"$S/tls/bad.pem"
refused "$(printf '%s' "$good" | sed 's|tls/key.pem|tls/bad.pem|')" \
    'konseki.yml:[0-9]+: key: .*bad.pem'
refused "$(printf '%s' "$good" | sed 's|tls/key.pem|tls/absent.pem|')" \
    "konseki.yml:[0-9]+: key: '.*absent.pem': No such file"
is 'nothing of these is in force' "$(port first)$(port second)" ''
wait_for '[ "$(records c1 | grep -c " refused=")" = 6 ]'
is 'nor recorded to be, only that it was refused' "$(records c1 | wc -l)" 8
echo 'say four stays tls' >&9
wait_received stays 3
wait_received tls 3
is 'those who are connected did not notice' "$(messages stays | tail -n 1)$(messages tls | tail -n 1)" \
    'stays fourtls four'

# What cannot change is what the page says.
keys=$(sed -n 's/^CHANGE_RESTART("\([a-z.]*\)",.*/\1/p' "$srcdir/lib/site/changes_tbl.h")
page=$(grep '^These need a start' "$srcdir/docs/site.md")
is 'the page names the keys that need a start' "$(for k in ${keys:-none}; do
	printf '%s' "$page" | grep -qF "\`$k\`" || echo "$k"; done)" ''

# --- many times, while somebody sends
start flood python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(20000):
    s.sendall(b"flood %d\n" % i)
    if i % 20 == 0:
        u.sendto(b"flood %d" % i, ("127.0.0.1", int(sys.argv[2])))' "$stays" "$udp"
flood=$pid
i=0
while [ $i -lt 20 ]; do
	i=$((i + 1))
	printf '%s\n' "$good" | sed "s/26\", from/$i\", from/" >"$S/konseki.yml"
	echo "  - {name: fresh$((i % 3)), transport: udp, address: 127.0.0.1, port: 0}" >>"$S/konseki.yml"
	site_reload reloaded
done
wait_for '! running $flood' 60
wait_received stays 20003
is 'every line of a sender is there, in order' "$(messages stays | tail -n +4 | cksum)" \
    "$(awk 'BEGIN { for (i = 0; i < 20000; i++) print "flood " i }' | cksum)"
wait_received udp 1002
is 'and every datagram' "$(received udp)" 1002
# --- another name for a socket that is being sent to
free=$(free_port)
name_it() {
	{ printf '%s\n' "$good"
	  echo "  - {name: $1, transport: udp, address: 127.0.0.1, port: $free}"
	} >"$S/konseki.yml"
	site_reload reloaded
}
name_it first
start dgrams python3 -c '
import socket, sys, time
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(4000):
    u.sendto(b"renamed %d" % i, ("127.0.0.1", int(sys.argv[1])))
    time.sleep(0.0005)' "$free"
dgrams=$pid
for name in second first second; do
	name_it $name
	is "the socket is the $name one's now" "$(port $name)" "$free"
done
wait_for '! running $dgrams' 60
renamed() { { messages first; messages second; } | grep renamed; }
wait_for '[ "$(renamed | wc -l)" -ge 4000 ]'
is 'no datagram was lost by it' "$(renamed | sort | cksum)" \
    "$(awk 'BEGIN { for (i = 0; i < 4000; i++) print "renamed " i }' | sort | cksum)"
exec 9>&-
site_stop
verified

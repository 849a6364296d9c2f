#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Whoever may reach the ports may send anything. TLS and HTTP to the plain port,
# half messages, a line of ten million bytes, counts of four gigabytes, NUL,
# silence, broken connections, too many of them: all bytes that came are kept as
# they came, what was refused is recorded, and no process ends.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 39

certificates
{
	echo 'listeners:'
	for way in hello http half halfline long vast later nul silent killed \
	    reset; do
		echo "  - {name: $way, transport: tcp, address: 127.0.0.1, port: 0}"
	done
	echo '  - {name: few, transport: tcp, address: 127.0.0.1, port: 0,' \
	    'max_connections: 2}'
	for way in tcp relp; do
		echo "  - {name: own-$way, transport: $way," \
		    'address: 127.0.0.1, port: 0, max_per_source: 2}'
	done
	for way in plain cut; do
		echo "  - {name: $way, transport: tls, address: 127.0.0.1," \
		    'port: 0, certificate: tls/cert.pem, key: tls/key.pem}'
	done
	echo '  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}'
} >"$T/listeners"
site_make <"$T/listeners"
site_start
cp "$S/run/processes" "$T/processes"

# peer LISTENER STEP...: see peer.py. held NAME LISTENER STEP...: one that holds
# the connection then; its process id is $pid.
peer() {
	peer_to=$(port "$1")
	shift
	python3 "$srcdir/tests/system/peer.py" "$peer_to" "$@"
}
held() {
	held_name=$1 held_to=$(port "$2")
	shift 2
	start "$held_name" python3 "$srcdir/tests/system/peer.py" "$held_to" \
	    "$@" hold
	wait_for "grep -q held $T/$held_name.out"
}
# stream LISTENER: framing of its one stream, and why it ended.
stream() {
	records d1 | awk -v l="listener=$1" '
		$6 == l { on = 1; n = $4; for (i = 7; i <= NF; i++)
			if ($i ~ /^framing=/) framing = $i }
		on && $4 == "end" && $5 == n { on = 0; why = $NF }
		END { print framing, why }'
}
# ends LISTENER: how many of its streams have ended.
ends() {
	records d1 | awk -v l="listener=$1" '$6 == l { live[$4] = 1 }
		$4 == "end" && live[$5] { live[$5] = 0; n++ }
		END { print n + 0 }'
}
# flags LISTENER: how many records in a row are whole, cut (x) or partial (f).
flags() {
	konseki show --site "$S" --source "$1" | awk '{
		print $7 == "(cut)" ? "x" : $7 == "(partial)" ? "f" : "-" }' |
	    uniq -c | tr -s ' \n' ' '
}

# --- all of it is sent ---
held silent silent
silent=$pid
openssl s_client -connect "127.0.0.1:$(port hello)" </dev/null \
    >"$T/s_client.out" 2>&1
peer http 'text:GET / HTTP/1.1\r\nHost: x\r\n\r\n' end
peer half 'text:8 <13>whol100 <13>half' end
peer halfline 'text:<13>whole\n<13>half' end
peer vast 'text:4294967296 <13>vast\n<13>next\n' end
peer later 'text:5 <13>a4294967296 <13>vast\n6 <13>ok' end
peer nul 'text:<13>a\0<13>b \n c\0<13>\0' end
held killed killed 'text:<13>whole\n<13>half'
stop "$pid" KILL
held reset reset 'text:<13>whole\n'
reset=$pid
peer cut "tls:$T/ca.pem" 'text:<13>whole\n<13>half'
peer plain 'text:GET / HTTP/1.0\r\n\r\n' gone
held few1 few 'text:<13>first\n'
few1=$pid
held few2 few 'text:<13>second\n'
few2=$pid
peer few 'text:<13>third\n' gone
stop "$few1"
wait_for '[ "$(ends few)" = 1 ]'
peer few 'text:<13>fourth\n' end
stop "$few2"
# The third of one address is closed at once, the first of another is not.
python3 - "$(port own-tcp)" "$(port own-relp)" >"$T/own" <<'END'
import socket, sys
for to in sys.argv[1:]:
    held = [socket.create_connection(('127.0.0.1', int(to))) for i in range(2)]
    for n, host in (3, '127.0.0.1'), (1, '127.0.0.9'):
        s = socket.create_connection(('127.0.0.1', int(to)), 10, (host, 0))
        s.settimeout(20 if n == 3 else 0.3)
        try:
            print(n, 'of', host, 'closed' if s.recv(1) == b'' else 'answered')
        except TimeoutError:
            print(n, 'of', host, 'open')
END
python3 - "$(port udp)" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(('127.0.0.1', int(sys.argv[1])))
for m in b'', b'\0\n\0', b'<13>' + b'u' * 65503, b'e1 1 1 - 5\nforge':
    s.send(m)
END
peer reset 'text:<13>torn' reset
peer long 'text:<13>' byte:10000000 'text:\n<13>next\n' end
wait_received udp 4
wait_received long 11
wait_for '[ "$(records d1 | grep -c " end ")" -ge 14 ]'
wait_for '[ "$(records g1 | wc -l)" -ge 5 ]'

# --- what is no syslog at all ---
is 'TLS on the plain port is told apart' "$(stream hello)" \
    'framing=raw why=tls-on-plain'
raw hello >"$T/hello"
is 'and kept' "$(od -An -tx1 -N 2 "$T/hello")" ' 16 03'
ok 'and the sender is sent away' grep -q -e 'errno=' -e 'unexpected eof' \
    "$T/s_client.out"
raw http >"$T/http"
printf 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' >"$T/http.want"
same 'an HTTP request is kept' "$T/http" "$T/http.want"
is 'as lines' "$(stream http)" 'framing=lf why=peer-closed'
like 'HTTP on the TLS port is recorded' "$(records g1)" \
    'kind=tls-handshake stream=- listener=plain count=1 .*cause=plain-text offset=0 data=GET%20/%20HTTP/1.0%0D%0A%0D%0A$'

# --- half messages ---
is 'half a counted message is partial' "$(flags half)" ' 1 - 1 f '
is 'and is there' "$(raw half)" '8 <13>whol100 <13>half'
is 'under the reason of its end' "$(stream half)" \
    'framing=octet why=peer-closed'
is 'half a line is partial' "$(flags halfline)" ' 1 - 1 f '
is 'and is there' "$(raw halfline)" '<13>whole
<13>half'
is 'half a message over TLS is partial' "$(flags cut)" ' 1 - 1 f '
is 'and that TLS did not end by itself is told' "$(stream cut)" \
    'framing=lf why=tls-cut'

# --- sizes ---
{
	printf '<13>'
	head -c 10000000 /dev/zero | tr '\0' x
	printf '\n<13>next\n'
} >"$T/long.want"
raw long >"$T/long"
same 'a line of ten million bytes is kept' "$T/long" "$T/long.want"
is 'in pieces that say so' "$(flags long)" ' 9 x 2 - '
is 'a count of 4 GB is not believed' "$(stream vast)" \
    'framing=lf why=peer-closed'
is 'and what follows is read' "$(messages vast)" '4294967296 <13>vast
<13>next'
is 'nor later in a connection' "$(raw later)" '5 <13>a4294967296 <13>vast
6 <13>ok'
is 'what follows is read again' "$(messages later | tail -n 1)" '<13>ok'
like 'and that there was a mess is recorded' "$(records g1)" \
    'kind=resync stream=[0-9]* listener=later count=1 bytes=20 .* offset=7 end=27$'

# --- NUL ---
is 'NUL ends messages' "$(stream nul)" 'framing=nul why=peer-closed'
is 'and the line ends in them stay' "$(messages nul)" '<13>a
<13>b 
 c
<13>'
is 'and no byte is lost' "$(raw nul | od -An -c | tr -d ' \n')" \
    '<13>a\0<13>b\nc\0<13>\0'

# --- broken connections, and too many ---
is 'a sender that is killed ends its stream' "$(stream killed)" \
    'framing=lf why=peer-closed'
is 'and leaves the half of its message' "$(flags killed)" ' 1 - 1 f '
like 'one that breaks off is told apart' "$(records d1)" ' why=peer-reset$'
like 'one connection too many is recorded' "$(records g1)" \
    'kind=connection-limit stream=- listener=few count=1 bytes=- .*peer=127.0.0.1 most=127.0.0.1 held=2$'
one='3 of 127.0.0.1 closed
1 of 127.0.0.9 open'
is 'one sender gets no more than his part, others theirs' "$(cat "$T/own")" \
    "$one
$one"
for way in tcp relp; do
	like "and is named ($way)" "$(records g1)" \
	    "kind=connection-limit stream=- listener=own-$way count=1 bytes=- .*peer=127.0.0.1\$"
done
is 'once one has gone the next is taken' "$(messages few | sort)" \
    '<13>first
<13>fourth
<13>second'

# --- datagrams ---
raw udp >"$T/udp"
{
	printf '\0\n\0<13>'
	head -c 65503 /dev/zero | tr '\0' u
	printf 'e1 1 1 - 5\nforge'
} >"$T/udp.want"
same 'an empty datagram, NUL, the largest, a forged record: kept' \
    "$T/udp" "$T/udp.want"

# --- and all the while ---
is 'a peer that says nothing has no stream' "$(records d1 |
    grep -c listener=silent)" 0
ok 'and is not turned away' running "$silent"
same 'no process has ended' "$S/run/processes" "$T/processes"
is 'nobody was alarmed' "$(grep -c ALARM "$T/collector.err")" 0
site_stop
stop "$silent"
stop "$reset"
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Programs of this machine log to sockets on paths, datagrams and streams: all
# of it is there, byte for byte, and of a stream who sent it. The files have the
# mode that was asked for. What a dead collector left is taken over; a link,
# another file, or a socket that is in use is not. A reload gives the files
# another mode and makes one that went anew; one that is refused leaves none.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 34

mkdir -p "$S"
site_make <<'END'
listeners:
  - {name: log, transport: unix-dgram, path: run/log, mode: "0666"}
  - {name: stream, transport: unix-stream, path: run/stream}
END
site_start
is 'the file is for everybody' "$(stat -c %a "$S/run/log")" 666
is 'the other is for the group' "$(stat -c '%a %u:%g' "$S/run/stream")" \
    "660 $site_ids"
like 'run/listeners has the path' "$(cat "$S/run/listeners")" \
    "^log unix-dgram .*/run/log 0\$"

# send KIND N: so many messages.
send() {
	python3 - "$S/run/$1" "$2" <<'END'
import socket, sys
dgram = sys.argv[1].endswith('log')
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM if dgram else socket.SOCK_STREAM)
s.connect(sys.argv[1])
for i in range(int(sys.argv[2])):
    s.send(b'<13>unix %d %s' % (i, b'x' * (i % 300)) + (b'' if dgram else b'\n'))
END
}
awk 'BEGIN { for (i = 0; i < 20000; i++) {
	printf "<13>unix %d ", i
	for (j = i % 300; j > 0; j--)
		printf "x"
	print "" } }' >"$T/want"
send log 20000
send stream 20000
ok 'logger sends too' logger -u "$S/run/log" --id=77 -t app 'from logger'
wait_received log 20001
wait_received stream 20000
messages log | head -n 20000 >"$T/got"
same 'datagrams: every one is there, in order' "$T/got" "$T/want"
raw stream >"$T/got"
same 'a stream: every byte' "$T/got" "$T/want"
like 'what logger said' "$(messages log | tail -n 1)" 'app\[77\]: from logger$'
streams=$(records d1)
like 'a stream has who sent it' "$streams" \
    "listener=stream transport=unix local=[^ ]*/run/stream peer=local .*peer-uid=$(id -u) peer-pid=[0-9]+( |\$)"
like 'datagrams have where they came' "$streams" \
    'listener=log transport=unix local=[^ ]*/run/log peer=local port=0 framing=none'
is 'nothing was lost' "$(records g1)" ''

# --- what lies there at the start ---------------------------------------------
site_kill
ok 'a dead one leaves its socket' test -S "$S/run/log"
site_start
send log 1
wait_received log 20002
is 'which is taken over' "$(received log)" 20002

# --- a reload
mkfifo "$T/tell"
start talk python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
for line in open(sys.argv[2]):
    s.sendall(line.encode())' "$S/run/stream" "$T/tell"
talk=$pid
exec 9>"$T/tell"
echo 'before the reload' >&9
wait_received stream 20001
cp "$S/konseki.yml" "$T/first.yml"
sed -e 's/mode: "0666"/mode: "0600"/' \
    -e 's|path: run/stream|&, mode: "0666"|' "$T/first.yml" >"$S/konseki.yml"
site_reload ': reloaded; changed: listeners'
is 'the files have the new modes' "$(stat -c %a "$S/run/log" "$S/run/stream")" '600
666'
echo 'after the reload' >&9
wait_received stream 20002
is 'who is connected goes on' "$(messages stream | tail -n 2)" 'before the reload
after the reload'
send log 1
wait_received log 20003
is 'so do datagrams' "$(received log)" 20003
cp "$S/konseki.yml" "$T/second.yml"

rm "$S/run/log" "$S/run/stream"
site_reload ': reloaded; changed: nothing'
is 'a file that went is there again, with its mode' \
    "$(stat -c '%F %a %u' "$S/run/log" "$S/run/stream")" \
    "socket 600 ${site_ids%:*}
socket 666 ${site_ids%:*}"
send log 2
send stream 1
wait_received log 20005
is 'datagrams are heard there' "$(received log)" 20005
wait_received stream 20003
is 'and streams' "$(messages stream | tail -n 1)" '<13>unix 0 '
wait_for '[ -n "$(records d1 | grep why=listener-removed)" ]'
like 'those of the old one end, which is said' "$(records d1)" 'end .*why=listener-removed'
exec 9>&-
stop "$talk"

# uses PATH: another program has a socket there; its process id is $other.
uses() {
	start other python3 -c 'import signal, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
signal.pause()' "$1"
	other=$pid
	wait_for "test -S '$1'"
}

# What is refused leaves nothing: another listener that comes later fails.
uses "$S/used"
{
	sed 's/mode: "0600"/mode: "0666"/' "$T/second.yml"
	echo '  - {name: fresh, transport: unix-dgram, path: run/fresh}'
	echo '  - {name: used, transport: unix-dgram, path: used}'
} >"$S/konseki.yml"
site_reload 'NOT reloaded'
like 'a path in use is refused, which is said' "$(cat "$T/collector.err")" \
    "konseki.yml:[0-9]+: listener 'used': cannot listen on .*/used: Address already in use"
ok 'nothing is left of the other new one' ! test -e "$S/run/fresh"
ok 'what is in use is still there' test -S "$S/used"
is 'and no mode has changed' "$(stat -c %a "$S/run/log")" 600
stop "$other"
site_reload ': reloaded; changed: '
is 'once it is free it is taken' "$(stat -c '%F %a' "$S/run/log" "$S/run/fresh" "$S/used")" 'socket 666
socket 660
socket 660'
cp "$T/first.yml" "$S/konseki.yml"
site_reload ': reloaded; changed: '
send log 1
wait_received log 20006
is 'and all goes on' "$(received log)" 20006
site_stop
verified

# refused NAME: the collector does not start, and says why.
refused() {
	start refused konseki-collector --site "$S" --foreground
	wait_for "! running $pid"
	stop "$pid"
	is "$1: the collector does not start" "$status" 1
	like 'and says which path' "$(cat "$T/refused.err")" \
	    "konseki.yml:[0-9]+: listener 'log': cannot listen on .*/run/log: $2"
}
rm -f "$S/run/log"
echo secret >"$T/other"
ln -s "$T/other" "$S/run/log"
refused 'a link' 'File exists'
is 'what it leads to is as it was' "$(cat "$T/other" "$S/run/log" | sort -u)" secret
rm "$S/run/log"
uses "$S/run/log"
refused 'one in use' 'Address already in use'
ok 'it is still the other one' running "$other"
stop "$other"

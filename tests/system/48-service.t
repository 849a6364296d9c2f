#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A service manager opens the sockets, starts the collector with them and hears
# from it: that it is ready, that it reads its configuration anew, that it
# stops, and, as long as receiver and writer answer, that all is well. When the
# receiver hangs it hears nothing more, and a reload that is not over when the
# collector stops is not told as an end of it. It keeps the sockets when the collector
# is restarted, those on paths too: what was sent meanwhile is there. A socket
# that is no listener's is not used, and that is said; a path of which another
# kind of socket was handed over, or whose file is gone, is bound anew.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 36

udp=$(free_port) tcp=$(free_port)
site_make <<END
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: $udp}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: $tcp}
  - {name: own, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: dgram, transport: unix-dgram, path: run/dgram}
  - {name: stream, transport: unix-stream, path: run/stream}
  - {name: given, transport: unix-stream, path: given, mode: "0666"}
  - {name: kind, transport: unix-dgram, path: kind}
  - {name: gone, transport: unix-dgram, path: gone}
END
# local_send KIND PATH TEXT: a line to a path; prints what went wrong.
local_send() { python3 -c '
import socket, sys
try:
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM
                      if sys.argv[1] == "stream" else socket.SOCK_DGRAM)
    s.connect(sys.argv[2])
    s.sendall(sys.argv[3].encode() + b"\n" * (sys.argv[1] == "stream"))
except OSError as e:
    print(e.strerror)' "$@" 2>&1; }
send() { python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.argv[2:]:
    s.sendto(line.encode(), ("127.0.0.1", int(sys.argv[1])))' "$udp" "$@"; }
connect() { python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.sendall(sys.argv[2].encode() + b"\n")' "$tcp" "$1"; }
told() { grep -c "$1" "$T/manager.out"; }

start manager env "SOCKETS=udp,udp,127.0.0.1,$udp tcp,tcp,127.0.0.1,$tcp other,udp,127.0.0.1,0 given,unix-stream,$S/given,0 kind,unix-stream,$S/kind,0" \
    WATCHDOG_USEC=900000 KEPT=1 python3 "$srcdir/tests/system/notify.py" \
    "$T/notify" konseki-collector --site "$S" --foreground
manager=$pid
wait_for '[ "$(told READY=1)" -ge 1 ]'
collector=$(sed -n 's/^pid //p' "$T/manager.out")
is 'it has the sockets that it was given' "$(port udp) $(port tcp)" "$udp $tcp"
like 'what is nobody'"'"'s it does not take' "$(cat "$T/manager.err")" \
    "the socket 'other' .* is no listener's"
like 'it hands over what it opened itself' "$(cat "$T/manager.out")" 'FDSTORE=1 FDNAME=own'
ok 'it says that it is ready when it listens' [ -s "$S/run/listeners" ]
like 'and what it does' "$(cat "$T/manager.out")" 'STATUS=collecting'
like 'nor what is of another kind' "$(cat "$T/manager.err")" \
    "the socket 'kind' \(.*/kind 0\) .* is no listener's"
like 'which nobody keeps any more' "$(cat "$T/manager.out")" 'FDSTOREREMOVE=1 FDNAME=kind'
is 'a path that it was given has its mode' "$(stat -c '%a %u' "$S/given")" "666 ${site_ids%:*}"
is 'and is heard' "$(local_send stream "$S/given" one; local_send dgram "$S/kind" one)" ''
wait_received given 1
wait_received kind 1
is 'as is one that was bound anew' "$(messages given) $(messages kind)" 'one one'
send one
connect one
wait_received udp 1
wait_received tcp 1
is 'both receive' "$(messages udp) $(messages tcp)" 'one one'

wait_for '[ "$(told WATCHDOG=1)" -ge 4 ]'
like 'all is well, it says often' "$(told WATCHDOG=1)" '^([4-9]|..+)$'
like 'more often than it must' "$(awk '/WATCHDOG/ { if (n++ && $1 - t > 0.85) bad++; t = $1 } END { print bad + 0 }' "$T/manager.out")" '^[01]$'
kill -HUP "$collector"
wait_for 'grep -q reloaded "$T/manager.err"'
like 'a reload is announced, with the time' "$(cat "$T/manager.out")" 'RELOADING=1 MONOTONIC_USEC=[0-9]+'
wait_for '[ "$(told READY=1)" -ge 2 ]'
is 'and its end' "$(told READY=1)" 2

# --- who hangs is not alive
kill -STOP "$(pid_of receiver)"
wait_for 'grep -q "the receiver does not answer" "$T/manager.err"'
like 'a receiver that hangs is noticed' "$(cat "$T/manager.err")" 'ALARM: the receiver does not answer'
fed=$(told WATCHDOG=1)
send two
sleep 1.2 # longer than the manager would wait
is 'and nothing is well' "$(told WATCHDOG=1)" "$fed"
kill -CONT "$(pid_of receiver)"
wait_for '[ "$(told WATCHDOG=1)" -gt "$fed" ]'
ok 'until it answers' [ "$(told WATCHDOG=1)" -gt "$fed" ]
kill -STOP "$(pid_of writer)"
wait_for 'grep -q "the writer does not answer" "$T/manager.err"'
like 'and so is a writer' "$(cat "$T/manager.err")" 'ALARM: the writer does not answer'
kill -CONT "$(pid_of writer)"
wait_received udp 2

# --- the manager keeps the sockets over a restart
own=$(port own)
kill -STOP "$manager" # so that there is a time without a collector
kill -TERM "$collector"
wait_for '[ ! -e "$S/run/listeners" ]'
wait_for 'grep -q "konseki-collector: stopped" "$T/manager.err"'
send three four
connect three
is 'paths can be sent to meanwhile' "$(local_send dgram "$S/run/dgram" kept
	local_send stream "$S/run/stream" kept; local_send stream "$S/given" kept
	local_send dgram "$S/kind" kept)" ''
rm "$S/gone"
kill -CONT "$manager"
wait_for '[ "$(told READY=1)" -ge 3 ]'
like 'the end is announced' "$(cat "$T/manager.out")" 'STOPPING=1'
is 'it begins with the sockets that were kept' "$(port udp) $(port tcp) $(port own)" "$udp $tcp $own"
wait_received udp 4
wait_received tcp 2
for l in dgram stream; do
	wait_received $l 1
	is "of a path of kind $l, too" "$(messages $l)" kept
done
wait_received given 2
wait_received kind 2
is 'and those that were given or bound anew' "$(messages given | tail -n 1) $(messages kind | tail -n 1)" 'kept kept'
is 'a path whose file went is there again' "$(local_send dgram "$S/gone" back)" ''
wait_received gone 1
is 'and heard' "$(messages gone)" back
is 'datagrams of the meantime are there' "$(messages udp)" 'one
two
three
four'
is 'and connections' "$(messages tcp)" 'one
three'
is 'and no loss is recorded that was none' "$(records g1 | grep -c kernel-drop)" 0

# --- it ends before a reload is over
collector=$(cat "$S/run/pid")
sed -i 's/name: own,/name: other,/' "$S/konseki.yml"
ready=$(told READY=1)
receiver=$(pid_of receiver)
kill -STOP "$receiver"
kill -HUP "$collector"
wait_for '[ "$(told RELOADING=1)" -ge 2 ]'
kill -TERM "$manager"
wait_for '[ "$(told STOPPING=1)" -ge 2 ]'
kill -CONT "$receiver"
wait_for '! running "$manager"'
like 'what was changed is in force' "$(cat "$T/manager.err")" 'reloaded; changed: listeners\[own\], listeners\[other\]'
is 'but who stops does not say that it is ready' "$(told READY=1)" "$ready"
like 'it ends with 0' "$(tail -n 1 "$T/manager.out")" 'ended 0'
is 'with no alarm but those two' "$(grep -c ALARM "$T/manager.err")" 2
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A new version is installed while devices send, and the service is restarted:
# the service manager keeps the sockets bound in between. Datagrams wait in the
# kernel's queue, connections to be accepted. A sender of 2,000 datagrams a
# second loses none of them, nobody who connects is refused, and the log knows of
# no loss but those that there were. When the receiver alone dies the sockets
# stay as well.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 18

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: small, transport: udp, address: 127.0.0.1, port: 0, receive_buffer: 65536}
END
mkdir "$T/bin"
cp "$builddir/konseki-collector" "$T/bin/"
start manager env KEPT=4 python3 "$srcdir/tests/system/notify.py" "$T/notify" \
    "$T/bin/konseki-collector" --site "$S" --foreground
manager=$pid
told() { grep -c "$1" "$T/manager.out"; }
# restart: and wait until it receives again.
restart() {
	before=$(told READY=1)
	kill -TERM "$(pid_of parent)"
	wait_for '[ "$(told READY=1)" -gt "$before" ]'
}
wait_for '[ "$(told READY=1)" = 1 ]'
udp=$(port udp) tcp=$(port tcp)

# udp N: that many datagrams, 2,000 a second. tcp N: that many connections, 100
# a second, each with one line; says how many were refused or broken off.
cat >"$T/send.py" <<'END'
import socket, sys, time
kind, port, n, rate = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
refused, broken, t0 = 0, [], time.monotonic()
for i in range(n):
    wait = t0 + i / rate - time.monotonic()
    if wait > 0:
        time.sleep(wait)
    if kind == 'udp':
        try:
            u.sendto(b'%d' % i, ('127.0.0.1', port))
        except OSError:
            refused += 1
        continue
    try:
        s = socket.create_connection(('127.0.0.1', port), 30)
    except OSError:
        refused += 1
        continue
    try:
        s.sendall(b'%d\n' % i)
        s.shutdown(socket.SHUT_WR)
        s.recv(1)
    except OSError:
        broken.append(i)
print('refused', refused, 'broken', len(broken), flush=True)
END
start udp python3 "$T/send.py" udp "$udp" 12000 2000
udp_pid=$pid
start tcp python3 "$T/send.py" tcp "$tcp" 400 100
tcp_pid=$pid
for n in 1 2 3; do
	wait_for '[ "$(received udp)" -gt $((n * 1000)) ]'
	old=$(pid_of writer)
	# As a package manager does it: another file by the same name.
	cp "$builddir/konseki-collector" "$T/bin/next"
	mv "$T/bin/next" "$T/bin/konseki-collector"
	restart
	is "another writer took over, $n" "$([ "$(pid_of writer)" != "$old" ] && echo yes)" yes
done
if [ "$(id -u)" = 0 ]; then # nobody can look into what cannot be traced
	is 'it is the new file that runs' "$(stat -Lc %i "/proc/$(pid_of parent)/exe")" "$(stat -c %i "$T/bin/konseki-collector")"
else
	skip 1 'not root'
fi
is 'with the same sockets' "$(port udp) $(port tcp)" "$udp $tcp"
wait_for '! running $udp_pid && ! running $tcp_pid' 60
is 'no datagram was refused' "$(cat "$T/udp.out")" 'refused 0 broken 0'
like 'no connection was refused' "$(cat "$T/tcp.out")" '^refused 0 '
wait_received udp 12000 60
is 'no datagram was lost' "$(messages udp | cksum)" "$(seq 0 11999 | cksum)"
broken=$(awk '{ print $4 }' "$T/tcp.out")
wait_received tcp $((400 - broken))
ok 'every connection that was not broken off is there' [ "$(received tcp)" -ge $((400 - broken)) ]
is 'no loss is recorded that was none' "$(records g1 | grep -c kernel-drop)" 0
like 'each time it sealed for the last time before' "$(records s1 | grep -c final=1)" '^[3-9]'

# --- what the kernel did drop is told once, whoever tells it
kill -STOP "$(pid_of receiver)"
python3 "$T/send.py" udp "$(port small)" 5000 1000000 >/dev/null
kill -CONT "$(pid_of receiver)"
wait_for '[ "$(gap kernel-drop small)" -gt 0 ]'
lost=$(gap kernel-drop small)
ok 'a queue that is full drops datagrams' [ "$lost" -gt 0 ]
restart
sleep 1.2 # it is told once a second, before what comes then
kept=$(received small)
python3 "$T/send.py" udp "$(port small)" 1 1 >/dev/null
wait_received small $((kept + 1))
is 'sent = kept + recorded, with a restart in between' \
    "$(($(received small) + $(gap kernel-drop small)))" 5001

# --- the receiver alone dies: the parent has the sockets
receiver=$(pid_of receiver)
kill -KILL "$receiver"
python3 "$T/send.py" udp "$udp" 1000 100000 >/dev/null
wait_received udp 13000
is 'the sockets outlive the receiver' "$(received udp)" 13000
is 'with their ports' "$(port udp)" "$udp"
ok 'and it is another' [ "$(pid_of receiver)" != "$receiver" ]
kill -TERM "$manager"
wait_for '! running "$manager"'
verified

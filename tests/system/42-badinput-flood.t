#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# More comes than can be taken. Datagrams that the kernel had to drop are
# counted to the last one; a sender over TCP is held back while the writer does
# not get on, and loses nothing; when descriptors run out, connections wait.
# Each of it is recorded.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 15

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0, receive_buffer: 65536}
  - {name: slow, transport: tcp, address: 127.0.0.1, port: 0, backpressure: stall}
  - {name: many, transport: tcp, address: 127.0.0.1, port: 0}
END
# With few descriptors for the collector alone.
mkdir "$T/bin"
cat >"$T/bin/konseki-collector" <<END
#!/bin/sh
ulimit -n 64
exec $builddir/konseki-collector "\$@"
END
chmod 755 "$T/bin/konseki-collector"
PATH=$T/bin:$PATH
site_start
cp "$S/run/processes" "$T/processes"

# --- datagrams that nobody reads in time ---
kill -STOP "$(pid_of receiver)"
python3 - "$(port udp)" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(('127.0.0.1', int(sys.argv[1])))
for i in range(5000):
    s.send(b'<13>%d ' % i + b'x' * 500)
END
kill -CONT "$(pid_of receiver)"
wait_for '[ $(($(received udp) + $(gap kernel-drop udp))) -ge 5000 ]'
is 'each datagram is there or counted' \
    $(($(received udp) + $(gap kernel-drop udp))) 5000
ok 'some were dropped' [ "$(gap kernel-drop udp)" -gt 1000 ]
like 'those that came first are there' "$(messages udp | head -n 1)" '^<13>0 '
wait_for 'records s1 | tail -n 1 |
    grep -q " kernel-dropped=$(gap kernel-drop udp) "'
tap $? 'the seals count them, too'

# --- a writer that does not get on ---
awk 'BEGIN { for (i = 1; i <= 60000; i++)
	printf "<13>%d %0390d\n", i, i }' >"$T/slow"
kill -STOP "$(pid_of writer)"
start slow python3 "$srcdir/tests/system/peer.py" "$(port slow)" \
    "press:$T/slow" end
wait_for 'grep -q "held back" "$T/slow.out"'
tap $? 'while the writer is behind the sender is held back'
kill -CONT "$(pid_of writer)"
wait_for '! running $pid'
wait_received slow 60000
raw slow >"$T/got"
same 'and loses nothing' "$T/got" "$T/slow"
wait_for 'records g1 | grep -q kind=reading-paused'
like 'that it had to wait is recorded' "$(records g1)" \
    'kind=reading-paused stream=- listener=slow count=[1-9]'

# --- no descriptors left ---
python3 - "$(port many)" >"$T/many.out" <<'END' &
import signal, socket, sys
for s in signal.SIGUSR1, signal.SIGUSR2:
    signal.pthread_sigmask(signal.SIG_BLOCK, {s})
peers = []
for i in range(100):
    peers.append(socket.create_connection(('127.0.0.1', int(sys.argv[1]))))
    peers[-1].sendall(b'<13>peer %d\n' % i)
print('open', flush=True)
signal.sigwait({signal.SIGUSR1})
for p in peers[:60]:
    p.close()
signal.sigwait({signal.SIGUSR2})
END
many=$!
tap_pids="$tap_pids $many"
wait_for '[ "$(gap accept-deferred many)" -gt 0 ]'
tap $? 'connections that must wait are recorded'
ok 'not all are served' [ "$(received many)" -lt 100 ]
kill -USR1 $many
wait_received many 100
is 'and when others have gone the rest are' "$(messages many | sort -u |
    grep -c '^<13>peer [0-9]*$')" 100
kill -USR2 $many

same 'no process has ended' "$S/run/processes" "$T/processes"
is 'nobody was alarmed' "$(grep -c ALARM "$T/collector.err")" 0
site_stop
verified

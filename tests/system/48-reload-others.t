#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What a changed configuration asks of others than the receiver. A monitor that
# cannot be made is no reason to stop collecting, and is there as soon as it
# can be. A tailer that does not end for its new list of files is ended. A path
# that is not listened on any more is gone, unless another program has it by
# now; one that is to take connections where it took datagrams has to be left
# first.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 18

site_make <<'END'
watch:
  - {name: one, path: one.log}
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: ours, transport: unix-dgram, path: ours}
  - {name: moved, transport: unix-dgram, path: moved}
  - {name: taken, transport: unix-dgram, path: taken}
END
echo 'one of one' >"$S/one.log"
echo 'one of two' >"$S/two.log"
site_start
said() { grep -c "$1" "$T/collector.err"; }
send() { python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1]))).sendall(
    sys.argv[2].encode() + b"\n")' "$(port tcp)" "$1"; }
# files no: the parent may open no more descriptors; files yes: it may again.
files() { python3 -c 'import os, resource, sys
pid, n = int(sys.argv[1]), resource.RLIMIT_NOFILE
soft, hard = resource.prlimit(pid, n)
had = set(map(int, os.listdir("/proc/%d/fd" % pid)))
free = min(set(range(hard)) - had)
resource.prlimit(pid, n, (free if sys.argv[2] == "no" else hard, hard))' "$collector" "$1"; }

# --- who cannot be made
if [ "$(id -u)" != 0 ]; then # nobody can look into what cannot be traced
	skip 3 'not root'
else
monitor=$(pid_of monitor)
kill -KILL "$monitor"
wait_for '[ "$(said "monitor was ended by signal")" -ge 1 ]'
files no
wait_for '[ "$(said "cannot start the monitor")" -ge 1 ]' 30
like 'a monitor that cannot be made is told of' "$(cat "$T/collector.err")" \
    'cannot start the monitor: Too many open files'
send one
wait_received tcp 1
is 'and records go on' "$(messages tcp)" one
files yes
wait_for '[ "$(pid_of monitor)" != "$monitor" ] && [ -n "$(pid_of monitor)" ]' 30
ok 'it is made as soon as it can be' [ "$(pid_of monitor)" != "$monitor" ]
fi

# --- who does not end, and paths that are left
tailer=$(pid_of tailer)
kill -STOP "$tailer"
rm "$S/taken"
start other python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("bound", flush=True)
print(s.recv(100).decode(), flush=True)
time.sleep(300)' "$S/taken"
wait_for '[ -s "$T/other.out" ]'
sed -i -e '/name: ours/d' -e '/name: taken/d' -e 's/name: moved/name: renamed/' \
    -e 's/name: one, path: one/name: two, path: two/' "$S/konseki.yml"
kill -HUP "$collector"
wait_for '[ "$(said "reloaded; changed")" -ge 1 ]' 30
ok 'a path that is not listened on any more is gone' [ ! -e "$S/ours" ]
ok 'one that has another name is there' [ -S "$S/moved" ]
is 'and is heard' "$(python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"moved", sys.argv[1])' "$S/moved" 2>&1)" ''
wait_received renamed 1
is 'by its new one' "$(messages renamed)" moved
is 'and one that another program has is its own' "$(python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"others", sys.argv[1])' "$S/taken" 2>&1)" ''
wait_for 'grep -q others "$T/other.out"'
like 'which hears what is sent there' "$(cat "$T/other.out")" others
wait_received two 1 60
like 'a tailer that does not end is ended' "$(cat "$T/collector.err")" \
    'ALARM: the tailer does not end for the changed configuration'
is 'and the one that follows it reads the new files' "$(messages two)" 'one of two'

# --- another kind of socket at the same path
cp "$S/konseki.yml" "$T/good.yml"
line=$(grep -n 'name: renamed' "$S/konseki.yml" | cut -d : -f 1)
sed -i 's/name: renamed, transport: unix-dgram/name: other, transport: unix-stream/' "$S/konseki.yml"
kill -HUP "$collector"
wait_for '[ "$(said "NOT reloaded")" -ge 1 ]' 30
like 'it cannot have the path at once' "$(cat "$T/collector.err")" \
    "konseki.yml:$line: listener 'other' cannot take the place of 'renamed', .* take that out and reload first"
cp "$S/konseki.yml" "$T/next.yml"
sed '/name: renamed/d' "$T/good.yml" >"$S/konseki.yml"
kill -HUP "$collector"
wait_for '[ "$(said "reloaded; changed")" -ge 2 ]' 30
ok 'the path is gone' [ ! -e "$S/moved" ]
cp "$T/next.yml" "$S/konseki.yml"
kill -HUP "$collector"
wait_for '[ "$(said "reloaded; changed")" -ge 3 ]' 30
is 'then it is there' "$(python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(b"by a connection\n")' "$S/moved" 2>&1)" ''
wait_received other 1
is 'and heard' "$(messages other)" 'by a connection'
site_stop
verified

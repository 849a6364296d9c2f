#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Something is wrong with the processes that follow files, keep witnesses, show
# numbers and forward: each of them ends over and over. Receiving and sealing go
# on through all of it. Each is made again, later each time, and that it ends
# again and again is alarmed of once.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 12

site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
watch:
  - {name: file, path: watched.log}
forward:
  - {name: away, url: "relp://127.0.0.1:1"}
END
site_start
helpers='tailer anchor monitor forwarder'
wait_for '[ -n "$(pid_of forwarder)" ]'
trunk=$(pid_of receiver)/$(pid_of writer)/$(pid_of signer)

# kill_all: each once; it is gone.
kill_all() {
	for name in $helpers; do
		old=$(pid_of $name)
		kill -KILL "$old"
		wait_for '! running "$old"'
	done
}
kill_all
wait_for 'grep -q "forwarder was ended" "$T/collector.err"'
send_to=$(port tcp)
python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1]))).sendall(b"on\n")' \
    "$send_to"
wait_received tcp 1
is 'without them records are received and sealed' "$(messages tcp)" on
for round in 2 3; do
	for name in $helpers; do
		wait_for "[ -n \"\$(pid_of $name)\" ]" 60
	done
	kill_all
done
wait_for '[ "$(grep -c "ends again and again" "$T/collector.err")" = 4 ]'
for name in $helpers; do
	is "the $name is alarmed of once" "$(grep -c \
	    "ALARM: the $name ends again and again" "$T/collector.err")" 1
done
python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1]))).sendall(b"still\n")' \
    "$send_to"
wait_received tcp 2
is 'twelve deaths later, too' "$(messages tcp | tail -n 1)" still
is 'by the same processes' \
    "$(pid_of receiver)/$(pid_of writer)/$(pid_of signer)" "$trunk"
is 'which were not made anew' "$(grep -c 'collecting stops' "$T/collector.err")" 0
wait_for '[ -n "$(pid_of tailer)" ]' 60
ok 'and they come back' [ -n "$(pid_of tailer)" ]
site_stop
verified

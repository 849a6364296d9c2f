# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Helpers for tests of forwarding; read after tests/system/site.sh.
# shellcheck disable=SC2154 # S: site.sh

# free_port: one that nobody listens on now.
free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# send NAME FILE: its bytes to a TCP listener.
send() {
	python3 "$srcdir/tests/system/peer.py" "$(port "$1")" "file:$2" end
}

# place TARGET WORD: a figure of how far it has the records; state: up or away.
place() {
	if [ "$2" = state ]; then
		tail -n 1 "$S/cache/forward-$1" | cut -d' ' -f1
	else
		sed -n "s/^$2 //p" "$S/cache/forward-$1"
	fi
}

# not_forwarded TARGET: how many records say that something was not sent.
not_forwarded() {
	records o1 | grep -c "action=not-forwarded target=$1 "
}

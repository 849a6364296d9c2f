# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Helpers for tests of forwarding; read after tests/system/site.sh.
# shellcheck disable=SC2154 # S: site.sh

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

# Two collectors: at FIRST or SECOND the functions of site.sh speak of that site.
FIRST=$T/first SECOND=$T/second
first_pid='' second_pid=''
at() {
	S=$1
}

# both_start WHICH: like site_start; what it says is in $T/WHICH.err.
both_start() {
	eval "S=\$$1"
	rm -f "$S/run/listeners"
	start "$1" konseki-collector --site "$S" --foreground
	eval "$(echo "$1" | tr '[:upper:]' '[:lower:]')_pid=$pid"
	wait_for 'test -e "$S/run/listeners" || ! running "$pid"' 30
	[ -e "$S/run/listeners" ] || { diag "$(cat "$T/$1.err")"; exit 99; }
}

# both_kill WHICH: SIGKILL to all its processes at once.
both_kill() {
	eval "S=\$$1 collector=\$$(echo "$1" | tr '[:upper:]' '[:lower:]')_pid"
	site_kill
}

# arrived: what `konseki forwarded` says of the second collector's log.
arrived() {
	konseki forwarded --site "$SECOND" "$@"
}

# all_arrived: nothing is missing up to the first's newest record.
all_arrived() {
	arrived --against "$FIRST/evidence" >"$T/arrived" 2>&1 &&
	    grep -q "as in $FIRST/evidence: \([0-9]*\) records of \1$" \
	    "$T/arrived"
}

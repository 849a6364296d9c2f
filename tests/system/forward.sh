# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Helpers for tests of forwarding; read after tests/system/site.sh.
# shellcheck disable=SC2154 # S: site.sh

# send NAME FILE: its bytes to a TCP listener.
send() {
	python3 "$srcdir/tests/system/peer.py" "$(port "$1")" "file:$2" end
}

# batch FIRST LAST: lines with those numbers, some with bytes that are no text.
batch() {
	awk -v a="$1" -v b="$2" 'BEGIN {
		for (i = a; i <= b; i++)
			printf "<%d>%d \"]\\ \001\377\200 電子カルテ%s\n", i % 200,
			    i, i % 1000 ? "" : "\r"
	}'
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

# both_make LISTENER: the second, with that one, "wards"; and the first, with "in"
# (TCP) and "udp", which sends to the targets of the standard input.
both_make() {
	at "$SECOND"
	site_make <<-END
	listeners:
	  - {name: wards, address: 127.0.0.1, $1}
	END
	at "$FIRST"
	{
		cat <<-END
		listeners:
		  - {name: in, transport: tcp, address: 127.0.0.1, port: 0}
		  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
		forward:
		END
		cat
	} >"$T/first.yml"
	site_make <"$T/first.yml"
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

# both_stop: two checks that SIGTERM ends each with 0.
both_stop() {
	stop "$first_pid"
	is 'SIGTERM ends the first with 0' "$status" 0
	stop "$second_pid"
	is 'and the second' "$status" 0
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

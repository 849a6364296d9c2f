# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Witnesses of our own; read after tests/lib.sh and tests/system/site.sh.
# shellcheck disable=SC2154 # T, S, pid, status: tests/lib.sh, site.sh

# witness_make NAME: a witness in $T/NAME; its key in $T/NAME/vkey.
witness_make() {
	konseki-witness init --dir "$T/$1" --name "$1.example" \
	    >"$T/$1.init" 2>&1 || { diag "$(cat "$T/$1.init")"; exit 99; }
}

# witness_knows NAME: it knows the logs of the site.
witness_knows() {
	sed -n 's/^key //p' "$S/evidence/log" "$S/casebook/log" \
	    >"$T/$1/logs"
}

# witness_start NAME [PORT]: its address is $url, its process $pid.
witness_start() {
	start "$1" konseki-witness serve --dir "$T/$1" \
	    --listen "127.0.0.1:${2:-0}"
	wait_for "[ -s '$T/$1.out' ]" || { diag "$(cat "$T/$1.err")"; exit 99; }
	witness_port=$(awk '{ print $2 }' "$T/$1.out")
	url=http://127.0.0.1:$witness_port
}

# size_at URL ORIGIN: of the last checkpoint that a witness shows.
size_at() {
	python3 "$srcdir/tests/system/webask.py" GET \
	    "$1/$(printf %s "$2" | sha256sum | cut -c1-64)/checkpoint" |
	    sed -n 3p
}

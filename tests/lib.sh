# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Helpers for the .t files; POSIX sh.  A test begins with
#
#	. "${srcdir:-.}/tests/lib.sh"
#	plan 3
#
# Then $T is a folder of its own, removed at the end (kept with KONSEKI_KEEP=1),
# $srcdir and $builddir are absolute, and the built programs come first in the
# path.  What start() started is ended, whatever happens.

LC_ALL=C.UTF-8
TZ=UTC
export LC_ALL TZ
srcdir=$(CDPATH='' cd -- "${srcdir:-.}" && pwd) || exit 99
builddir=$(CDPATH='' cd -- "${builddir:-.}" && pwd) || exit 99
PATH=$builddir:$PATH
T=$(mktemp -d "${TMPDIR:-/tmp}/konseki.XXXXXX") || exit 99
tap_n=0
tap_pids=

# plan N: how many checks follow.  skip_all WHY: none, for this reason.
plan() {
	echo "1..$1"
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

# tap STATUS NAME: one line of TAP.
tap() {
	tap_n=$((tap_n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_n - $2"
	else
		echo "not ok $tap_n - $2"
	fi
}

# diag TEXT: lines that a reader of a failure needs.
diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# ok NAME COMMAND [ARG...]: the command ends with 0; its output shows if not.
# Use "ok NAME ! COMMAND" for one that must fail.
ok() {
	tap_name=$1
	shift
	tap_want=0
	if [ "$1" = '!' ]; then
		tap_want=1
		shift
	fi
	tap_status=0
	"$@" >"$T/.ok" 2>&1 || tap_status=1
	if [ $tap_status = $tap_want ]; then
		tap 0 "$tap_name"
		return
	fi
	tap 1 "$tap_name"
	diag "$*"
	tail -n 20 "$T/.ok" | sed 's/^/# /'
}

# is NAME GOT WANT: two strings are the same.
is() {
	if [ "$2" = "$3" ]; then
		tap 0 "$1"
		return
	fi
	tap 1 "$1"
	diag "got:  $2"
	diag "want: $3"
}

# like NAME TEXT ERE: some line of the text matches.
like() {
	if printf '%s\n' "$2" | grep -qE -e "$3"; then
		tap 0 "$1"
		return
	fi
	tap 1 "$1"
	diag "got:     $2"
	diag "want: /$3/"
}

# same NAME FILE FILE: the two hold the same bytes.
same() {
	ok "$1" cmp -- "$2" "$3"
}

# skip N WHY: that many checks cannot be made here.
skip() {
	tap_left=$1
	shift
	while [ "$tap_left" -gt 0 ]; do
		tap_n=$((tap_n + 1)) tap_left=$((tap_left - 1))
		echo "ok $tap_n # SKIP $*"
	done
}

# wait_for CONDITION [SECONDS]: evaluate it until it is true, twenty times a
# second, 30 seconds unless told otherwise: a busy machine is slow.  Returns 1
# if it never was.
wait_for() {
	tap_until=$(($(date +%s) + ${2:-30}))
	until eval "$1" >/dev/null 2>&1; do
		if [ "$(date +%s)" -gt "$tap_until" ]; then
			diag "not within ${2:-30} seconds: $1"
			return 1
		fi
		sleep 0.05
	done
}

# running PID: it is there and no zombie.
running() {
	[ -r "/proc/$1/stat" ] && ! grep -q ') Z ' "/proc/$1/stat" 2>/dev/null
}

# start NAME COMMAND [ARG...]: in the background, with its output in
# $T/NAME.out and $T/NAME.err and its process id in $pid.
start() {
	tap_name=$1
	shift
	# A child that inherits our handlers loses a signal that comes early.
	trap - HUP INT TERM
	"$@" >"$T/$tap_name.out" 2>"$T/$tap_name.err" </dev/null &
	pid=$!
	tap_traps
	tap_pids="$tap_pids $pid"
}

# stop PID [SIGNAL]: end it, TERM unless told otherwise, and wait; $status is
# what it ended with, 137 if it had to be killed.
stop() {
	kill -"${2:-TERM}" "$1" 2>/dev/null
	wait_for "! running $1" 10 || kill -KILL "$1" 2>/dev/null
	status=0
	wait "$1" 2>/dev/null || status=$?
	tap_rest=
	for tap_p in $tap_pids; do
		[ "$tap_p" = "$1" ] || tap_rest="$tap_rest $tap_p"
	done
	tap_pids=$tap_rest
}

# cleanup: end all children, remove the folder.
cleanup() {
	for tap_p in $tap_pids; do
		kill -TERM "$tap_p" 2>/dev/null
	done
	for tap_p in $tap_pids; do
		stop "$tap_p"
	done
	if [ -n "${KONSEKI_KEEP:-}" ]; then
		diag "kept: $T"
	else
		chmod -R u+rwx "$T" 2>/dev/null
		rm -rf "$T"
	fi
}

tap_traps() {
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}
trap cleanup EXIT
tap_traps

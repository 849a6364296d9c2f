#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Each program runs below its unit as it runs without: made to start, to work,
# to read its configuration anew and to stop with the capabilities that the
# unit leaves it, it makes no call that the unit's SystemCallFilter= refuses;
# and if it does, it gets the unit's answer, which shows what comes of it. The
# sets behind the names are those of the systemd that is installed.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
for tool in systemd-analyze strace setpriv python3; do
	command -v "$tool" >/dev/null || skip_all "no $tool"
done
[ "$(id -u)" = 0 ] || skip_all 'not root'
strace -D -o /dev/null true || skip_all 'nothing can be traced here'
grep -q '^MODE_CFLAGS = .*-fsanitize' "$builddir/Makefile" &&
    skip_all 'sanitizers trace processes themselves'
systemd-analyze --no-pager syscall-filter >"$T/sets" 2>/dev/null
grep -q '^@known' "$T/sets" || skip_all 'systemd-analyze names no sets'
plan 14

# refused UNIT: the calls that its filter leaves out, with commas. Lines with
# "~" take away, in their order.
cat >"$T/refused.awk" <<'AWK'
function expand(name, list, in_it,   i, n, v) {
	if (name ~ /^@/) {
		n = split(member[name], v, " ")
		for (i = 1; i <= n; i++)
			expand(v[i], list, in_it)
	} else if (in_it)
		list[name] = 1
	else
		delete list[name]
}
FNR == 1 { file++ }
file == 1 && /^@/ { set = $1 }
file == 1 && /^ +[@a-z]/ { member[set] = member[set] " " $1 }
file == 2 && sub(/^SystemCallFilter=/, "") {
	if (!n++)
		expand("@default", left, 1)
	in_it = !sub(/^~/, "")
	for (i = 1; i <= NF; i++)
		expand($i, left, in_it)
}
END {
	expand("@known", known, 1)
	for (name in known)
		if (!(name in left))
			printf "%s?%s", comma++ ? "," : "", name
}
AWK
# below UNIT PROGRAM [OPTION...]: in the path the program now runs as below that
# unit, after setpriv with these options; what it was refused is noted.
below() {
	unit=$builddir/packaging/systemd/konseki-$1.service program=$2
	calls=$(awk -f "$T/refused.awk" "$T/sets" "$unit")
	error=$(sed -n 's/^SystemCallErrorNumber=//p' "$unit")
	note=$T/$1.refused
	shift 2
	mkdir -p "$T/bin"
	cat >"$T/bin/$program" <<-END
	#!/bin/sh
	exec setpriv --no-new-privs $* strace -D -f -qqq -o '$note' \\
	    -e 'trace=$calls' -e 'inject=$calls:error=$error' -e signal=none \\
	    '$builddir/$program' "\$@"
	END
	chmod +x "$T/bin/$program"
	: >"$note"
	chmod 666 "$note"
}
# nothing_refused UNIT: a check that nothing was.
nothing_refused() {
	is "the $1 makes no call that its unit refuses" \
	    "$(sed 's/^[0-9]* *//' "$T/$1.refused")" ''
}

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
mkdir -p "$S"
cp -R "$srcdir/samples/site/ledgers" "$srcdir/samples/site/calendar.yml" "$S/"
cat >"$S/contacts.yml" <<'END'
people:
  - {id: first, name: 山田, mail: first@test.example}
tree:
  warning: {order: [first], answer_min: 60}
  serious: {order: [first], answer_min: 60}
  critical: {order: [first], answer_min: 60}
END
site_make <<END
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0, receive_buffer: 524288}
END
real=$PATH
PATH=$T/bin:$PATH
capabilities=$(sed -n 's/^CapabilityBoundingSet=//p' \
    "$builddir/packaging/systemd/konseki-collector.service" |
    tr ' A-Z' ',a-z' | sed 's/cap_/+/g')
below collector konseki-collector --bounding-set="-all,$capabilities"
site_start
ok 'the collector takes a line' python3 -c '
import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1]))).sendall(b"one\n")
' "$(port tcp)"
wait_received tcp 1
is 'and it is sealed' "$(received tcp)" 1
kill -HUP "$collector"
ok 'it reads its configuration anew' \
    wait_for 'grep -q "reloaded; changed" "$T/collector.err"'
# shellcheck disable=SC2034 # the condition reads it
names='anchor monitor parent receiver signer tailer writer '
ok 'and has all its processes' wait_for '[ "$(cut -d" " -f1 "$S/run/processes" |
    sort | tr "\n" " ")" = "$names" ]'

# The other two begin as an ordinary account, without capabilities.
account="--reuid=$site_user --regid=$site_group --clear-groups --bounding-set=-all"
below watch konseki "$account"
start watch konseki watch --site "$S"
watch=$pid
confined() { # confined PID: it has given up what it does not need
	wait_for "grep -q 'Seccomp:.2' /proc/$1/status"
}
wait_for 'matcher=$(pgrep -P "$watch" -x konseki-matcher)'
wait_for 'notifier=$(pgrep -P "$watch" -x konseki-notify)'
ok 'the watch gives its rights up' confined "$watch"
ok 'and so does its matcher' confined "$matcher"
ok 'and who can reach people' confined "$notifier"
stop "$watch"
is 'SIGTERM ends it with 0' "$status" 0
nothing_refused watch
PATH=$real
site_stop
nothing_refused collector

mkdir "$T/w"
chown "$site_user" "$T/w"
PATH=$T/bin:$PATH
below witness konseki-witness "$account"
konseki-witness init --dir "$T/w" --name witness.example/w >"$T/vkey"
start witness konseki-witness serve --dir "$T/w" --listen 127.0.0.1:0
witness=$pid
ok 'the witness gives its rights up' confined "$witness"
stop "$witness"
is 'SIGTERM ends it with 0' "$status" 0
nothing_refused witness

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The programs beside the collector are confined as it is: of konseki watch the
# matcher, which reads hostile bytes, the notifier, which can reach people, and
# the keeper, which makes both; konseki import, which unpacks what somebody
# brings; and the witness, which answers anybody. Made to read, to reach out and
# to run something, each gets what its work needs and no more. A matcher that was
# ended by the kernel is an alarm. As the collector is, so is each by an
# ordinary account.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
escape=$builddir/tests/system/escape
inject=$builddir/tests/system/inject
[ -x "$escape" ] || skip_all 'the helper is not built'
kernel=$("$escape")
[ "${kernel% *}" = 1 ] || skip_all 'this kernel filters no calls'
plan 31

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
mkdir -p "$S"
cp -R "$srcdir/samples/site/ledgers" "$srcdir/samples/site/calendar.yml" "$S/"
chmod -R u+w "$S"
cat >"$S/contacts.yml" <<'END'
people:
  - {id: first, name: 山田, command: yes}
tree:
  warning: {order: [first], answer_min: 60}
  serious: {order: [first], answer_min: 60}
  critical: {order: [first], answer_min: 60}
END
site_make <<END
escalation: {command: [/bin/true]}
END
site_start
start watch konseki watch --site "$S"
watch=$pid
wait_for 'pgrep -P "$watch" -x konseki-matcher'
matcher=$(pgrep -P "$watch" -x konseki-matcher)
notifier() { pgrep -P "$watch" -x konseki-notify; }
wait_for 'notifier'
konseki-witness init --dir "$T/w" --name witness.example/w >"$T/vkey"
start witness konseki-witness serve --dir "$T/w" --listen 127.0.0.1:0
witness=$pid
wait_for '[ -s "$T/witness.out" ]'
echo brought >"$T/brought.log"
kill -STOP "$(pid_of writer)" # who waits for it can be made to do things
importing() { # konseki import, until it waits
	start import konseki import --site "$S" "$T/brought.log"
	import=$pid
	wait_for 'grep -q "Seccomp:.2" "/proc/$import/status" &&
	    grep -q "State:.S" "/proc/$import/status"'
}
importing
confined() { # confined NAME PID
	wait_for "grep -q 'Seccomp:.2' /proc/$2/status"
	is "the $1 has a filter and can gain nothing" "$(awk '
	    /^(Seccomp|NoNewPrivs):/ { printf "%s ", $2 }' "/proc/$2/status")$(
	    awk '/^Max core/ { print $5, $6 }' "/proc/$2/limits")" '1 2 0 0'
}
confined matcher "$matcher"
is 'the matcher has not the way to who runs the program' \
    "$(find "/proc/$matcher/fd" -lname 'socket:*' | wc -l)" 0
confined notifier "$(notifier)"
confined keeper "$watch"
confined witness "$witness"
confined import "$import"
"$inject" 0 read /dev/null >/dev/null 2>&1
if [ $? = 77 ] || grep -q '^MODE_CFLAGS = .*-fsanitize' "$builddir/Makefile"; then
	skip 25 'not root, not x86-64, or a build with sanitizers'
	kill -CONT "$(pid_of writer)"
	exit
fi
try() { # try PID TRY [PATH]: what comes of it, once it waits for something
	n=0
	while got=$("$inject" "$@" 2>&1)
	[ "$got" = 'it is not in a system call' ] && [ $((n += 1)) -lt 50 ]; do
		sleep 0.2
	done
	case $2 in write) rm -f "$3" ;; esac
	echo "$got"
}
if [ "${kernel#* }" = 0 ]; then
	skip 14 'this kernel has no Landlock'
else
is 'the matcher reads the log' "$(try "$matcher" read "$S/evidence/log")" 'done'
is 'but no key' "$(try "$matcher" read "$S/keys/evidence/key")" EACCES
is 'and nothing else' "$(try "$matcher" read /etc/passwd)" EACCES
is 'of the site either' "$(try "$matcher" read "$S/konseki.yml") $(
    try "$matcher" read "$S/contacts.yml")" 'EACCES EACCES'
is 'it writes nothing' "$(try "$matcher" write "$S/cache/x")" EACCES
is 'the notifier reads contacts' "$(try "$(notifier)" read "$S/contacts.yml")" 'done'
is 'but no key' "$(try "$(notifier)" read "$S/keys/evidence/key")" EACCES
is 'it writes nothing' "$(try "$(notifier)" write "$S/x")" EACCES
is 'the witness has its folder' "$(try "$witness" write "$T/w/x")" 'done'
is 'and no other to write' "$(try "$witness" write "$T/x")" EACCES
is 'or read' "$(try "$witness" read /etc/passwd)" EACCES
is 'the import reads its file' "$(try "$import" read "$T/brought.log")" 'done'
is 'and nothing else' "$(try "$import" read "$S/konseki.yml") $(
    try "$import" read "$S/keys/evidence/key")" 'EACCES EACCES'
is 'it writes nothing' "$(try "$import" write "$T/x")" EACCES
fi
is 'the import calls nobody' "$(try "$import" tcp)" killed
importing
is 'and runs nothing' "$(try "$import" run /bin/true)" killed
kill -CONT "$(pid_of writer)"
is 'the witness calls nobody' "$(try "$witness" tcp)" killed
is 'the notifier may' "$(try "$(notifier)" tcp)" 'done'
is 'but brings no raw packets' "$(try "$(notifier)" packets)" EAFNOSUPPORT
is 'the matcher calls nobody' "$(try "$matcher" tcp)" killed
wait_for '! running "$watch"'
like 'which is an alarm' "$(cat "$T/watch.err")" \
    'ALARM: the matcher was ended by the kernel'
for what in 'run /bin/true' end-others; do
	start watch konseki watch --site "$S"
	watch=$pid
	wait_for 'grep -q "Seccomp:.2" "/proc/$(notifier)/status"'
	# shellcheck disable=SC2086 # two words
	is "the notifier does not: $what" "$(try "$(notifier)" $what)" killed
	wait_for '! running "$watch"'
	like 'which is one, too' "$(cat "$T/watch.err")" \
	    'ALARM: the notifier was ended by the kernel'
done

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The running processes, seen from outside and tried from within: the kernel
# says that each has a filter and can gain nothing; made to open files, each
# gets those of its own work; made to end others, it is ended, the parent
# says which it was and starts it anew, and the evidence holds. What is not in
# force here was said at the start. A place that cannot be looked at, as a disk
# of the network may be, keeps nobody from the rest.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
escape=$builddir/tests/system/escape
inject=$builddir/tests/system/inject
[ -x "$escape" ] || skip_all 'the helper is not built'
kernel=$("$escape")
[ "${kernel% *}" = 1 ] || skip_all 'this kernel filters no calls'
plan 32

W=$T/watched
mkdir "$W"
echo 'a line' >"$W/server.log"
ln -s loop "$W/loop"
site_make <<END
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
watch:
  - {name: server, path: $W/server.log}
  - {name: away, path: $W/loop/disk/server.log}
END
site_start
names='receiver writer signer tailer anchor'
field() { # of /proc/PID/status
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$(pid_of "$1")/status"
}
for name in parent $names; do
	is "the $name has a filter and can gain nothing" \
	    "$(field "$name" Seccomp) $(field "$name" NoNewPrivs) $(awk \
	    '/^Max core/ { print $5, $6 }' "/proc/$(pid_of "$name")/limits")" \
	    '2 1 0 0'
done
is 'status says what is in force: calls' "$(konseki --lang en status \
    --site "$S" | sed -n 's/^  *calls  *//p')" 'in force'
is 'and files' "$(konseki --lang en status --site "$S" |
    sed -n 's/^  *files  *//p')" "$(if [ "${kernel#* }" = 0 ]; then
	echo 'NOT in force'
else
	echo 'in force'
fi)"

"$inject" 0 read /dev/null >/dev/null 2>&1
if [ $? = 77 ] || grep -q '^MODE_CFLAGS = .*-fsanitize' "$builddir/Makefile"; then
	skip 24 'not root, not x86-64, or a build with sanitizers'
	exit
fi

# Files: a row for each, of receiver, writer, signer, tailer, anchor.
try() { # try VERB PATH
	row=
	for name in $names; do
		case $("$inject" "$(pid_of "$name")" "$1" "$2" 2>&1) in
		done) row="$row yes" ;;
		E*) row="$row no" ;;
		*) row="$row ?" ;;
		esac
		case $1 in write) rm -f "$2" ;; esac
	done
	echo "${row# }"
}
if [ "${kernel#* }" = 0 ]; then
	skip 9 'this kernel has no Landlock'
else
is 'the configuration is nobody'"'"'s' "$(try read "$S/konseki.yml")" \
    'no no no no no'
is 'who reads the logs' "$(try read "$S/evidence/log")" 'no yes no no yes'
is 'who writes them' "$(try write "$S/evidence/new")" 'no yes no no no'
is 'who reads the keys' "$(try read "$S/keys/evidence/key")" 'no no no no no'
is 'who reads what is watched' "$(try read "$W/server.log")" \
    'no no no yes no'
is 'who writes it' "$(try write "$W/new")" 'no no no no no'
is 'who writes the cache' "$(try write "$S/cache/new")" 'no yes no yes yes'
is 'who writes beside the logs' "$(try write "$S/new")" 'no no no no no'
is 'who reads the system'"'"'s files' "$(try read /etc/passwd)" \
    'no no no no yes'
fi

for name in receiver tailer anchor writer signer; do
	old=$(pid_of "$name")
	# The parent may: so it is the process's own table that ends it.
	is "the $name is ended when it would end others" \
	    "$("$inject" "$old" end-others)" killed
	ok 'and it is started anew' wait_for "new=\$(pid_of $name) &&
	    [ -n \"\$new\" ] && [ \"\$new\" != $old ] && running \"\$new\"" 20
	case $name in anchor) site_stop; site_start ;; esac # too often is too much
	[ "$name" != receiver ] || like 'the parent says which it was' \
	    "$(cat "$T/collector.err")" 'ALARM: the receiver was ended by the kernel'
done
wait_for '[ "$(konseki show --site "$S" --source server | wc -l)" -ge 1 ]'
site_stop
verified

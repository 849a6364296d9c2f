#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What each process of the collector has, and has not: no network for the
# writer, no files for the receiver, keys for the signer alone; no capability,
# no new privilege and no core dump for any of them; and, started as root, who
# they have become. In the background the program returns when records are
# received.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 28

certificates
site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
END
ok 'it goes into the background' konseki-collector --site "$S"
ok 'and receives by then' [ -s "$S/run/listeners" ]
[ -s "$S/run/listeners" ] || exit 99
collector=$(cat "$S/run/pid")
tap_pids="$tap_pids $collector"

# fds NAME: what a process has open, sockets with their families.
fds() {
	find "/proc/$(pid_of "$1")/fd" -mindepth 1 -printf '%l\n' |
	    while read -r what; do
		case $what in
		socket:*)
			inode=${what#socket:[} inode=${inode%]}
			for family in tcp tcp6 udp udp6; do
				awk -v i="$inode" -v f=inet \
				    '$10 == i { print f }' /proc/net/$family
			done
			awk -v i="$inode" '$7 == i { print "unix", $8 }' \
			    /proc/net/unix ;;
		*) echo "$what" ;;
		esac
	done | sort
}
# field NAME KEY: of /proc/PID/status.
field() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$(pid_of "$1")/status" |
	    tr '\t' ' '
}
if [ "$(id -u)" != 0 ]; then # nobody can look into what cannot be traced
	skip 12 'not root'
else
is 'the receiver has the network' "$(fds receiver | grep -c inet)" 2
is 'and nothing of the site' "$(fds receiver | grep -F "$S" |
    grep -v 'collector.log$')" ''
is 'the writer has no network' "$(fds writer | grep -c inet)" 0
is 'and no key' "$(fds writer | grep -c "$S/keys")" 0
like 'it has the logs' "$(fds writer)" "^$S/evidence"
is 'the signer has no network' "$(fds signer | grep -c inet)" 0
is 'and no log' "$(fds signer | grep -c "$S/evidence\|$S/casebook")" 0
like 'it has the keys' "$(fds signer)" "^$S/keys/evidence"
for name in tailer anchor; do
	is "the $name has neither" "$(fds $name | grep -F "$S" |
	    grep -v 'collector.log$'; fds $name | grep inet)" ''
done
is 'the monitor has no network and no key' \
    "$(fds monitor | grep "inet\|$S/keys")" ''
is 'and of the logs it can only ask how full their disk is (O_PATH)' "$(
    monitor=$(pid_of monitor)
    for fd in "/proc/$monitor/fd/"*; do
	case $(readlink "$fd") in
	"$S/evidence"*|"$S/casebook"*)
		awk '/^flags/ { print substr($2, 1, 3) }' \
		    "/proc/$monitor/fdinfo/${fd##*/}" ;;
	esac
    done | sort -u)" 012
fi
for name in receiver writer signer tailer anchor monitor; do
	is "the $name can gain nothing" "$(field $name CapEff) $(field $name \
	    CapPrm) $(field $name NoNewPrivs)" '0000000000000000 0000000000000000 1'
done
is 'none dumps core' "$(for name in receiver writer signer tailer anchor monitor; do
	awk '/^Max core/ { print $5, $6 }' "/proc/$(pid_of $name)/limits"
done | sort -u)" '0 0'
if [ "$(id -u)" = 0 ]; then
	is 'the writer is the site'"'"'s user' "$(field writer Uid |
	    cut -d ' ' -f 1)" "$(id -u nobody)"
	is 'nothing can be gained by its children' "$(field writer CapBnd)" \
	    0000000000000000
	is 'the signer sees an empty folder' \
	    "$(readlink "/proc/$(pid_of signer)/root")" "$S/run/empty"
	is 'and so does the receiver' \
	    "$(readlink "/proc/$(pid_of receiver)/root")" "$S/run/empty"
	is 'the keys are root'"'"'s' "$(stat -c %u:%a "$S/keys/evidence")" 0:700
else
	skip 5 'not root'
fi
kill -TERM "$collector"
wait_for '! running "$collector"'
like 'what it said is in its log' "$(cat "$S/run/collector.log")" 'stopped'
is 'which its group may read' \
    "$(stat -c '%g %a' "$S/run/collector.log")" "${site_ids#*:} 640"

# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Helpers for attacks on a log; read after tests/system/site.sh. $T/log is a log
# and $T/pin its description, kept outside; each attack is made on a copy of it,
# $T/x. Verdicts are those of the program konseki-verify.
# shellcheck disable=SC2016,SC2034,SC2154 # conditions; what the tests read

relog=$builddir/tests/system/relog

# attack_site: a collector's log of three starts, each an epoch of its own with
# two received records (m0 to m5 for relog), the last one still running: the
# key of epoch 2 is in use. $T/keys is a copy of the keys of that moment.
attack_site() {
	site_make <<-'END'
	listeners:
	  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
	END
	for attack_i in 1 2 3; do
		site_start
		attack_send "$attack_i a" "$attack_i b"
		[ "$attack_i" = 3 ] || stop "$collector"
	done
	attack_take
}

# attack_send TEXT...: these lines, by one connection; ends when they are sealed.
attack_send() {
	for attack_line in "$@"; do
		printf '<13>line %s\n' "$attack_line"
	done >"$T/line"
	python3 "$srcdir/tests/system/peer.py" "$(port tcp)" "file:$T/line" end
	wait_for "messages tcp | grep -qx '<13>line $attack_line'"
}

# attack_sound: what is done to a log shows nothing unless it holds before.
attack_sound() {
	judge "$T/log"
	[ "$verdict" = 0 ] || { diag "$(cat "$T/said")"; exit 99; }
}

# attack_take: log, pin and keys as they are now. $kept is the name of the
# checkpoint at the end of epoch 1, $size1 the size of the log then.
attack_take() {
	rm -rf "$T/log" "$T/keys"
	cp -Rp "$S/evidence" "$T/log"
	cp -Rp "$S/keys/evidence" "$T/keys"
	cp "$S/evidence/log" "$T/pin"
	kept=$(find "$T/log/checkpoints" -type f | sort | sed -n '2s/.*\///p')
	size1=$(echo "$kept" | sed 's/^0*//')
	attack_sound
}

# attack_digits N: as the names of files have it.
attack_digits() {
	printf %012d "$1"
}

# attack_mklog RECORDS SEGMENTS: a log of many segments, a record a second and
# an epoch a minute, closed. $second and $third are the first indexes of these
# segments, $final is the size at the end of epoch 1; twelve digits.
attack_mklog() {
	MKLOG_USEC=1000000 "$builddir/tests/system/mklog" "$T/log" "$T/keys" \
	    "$1" "$2" || exit 99
	second=$(attack_digits "$(record_at m1 2)")
	third=$(attack_digits "$(record_at m1 3)")
	final=$(attack_digits $(($(konseki show "$T/log" |
	    awk '/ epoch=1 final=1/ { print $1 }') + 1)))
	cp "$T/log/log" "$T/pin"
	attack_sound
}

# judge FOLDER [ARG...]: its verdict is $verdict, what was said in $T/said. No
# writer is at work, and the files say so: the verifier need not wait for one.
judge() {
	attack_dir=$1
	shift
	find "$attack_dir" -type f -exec touch -h -d @1000000000 {} +
	verdict=0
	konseki-verify --lang en --pin "$T/pin" "$@" "$attack_dir" \
	    >"$T/said" 2>&1 || verdict=$?
}

# verdict NAME WANT ERE: the last judgement was that, and says this.
verdict() {
	attack_said=no
	grep -qE -e "$3" "$T/said" && attack_said=yes
	is "$1" "$verdict $attack_said" "$2 yes"
	[ "$verdict $attack_said" = "$2 yes" ] || diag "/$3/: $(cat "$T/said")"
}

# attack NAME COMMAND WANT ERE [ARG...]: run it in a copy of the log; exit
# status and what is said (the file blamed, mostly) must be those.
attack() {
	attack_name=$1 attack_command=$2 attack_want=$3 attack_ere=$4
	shift 4
	rm -rf "$T/x"
	cp -Rp "$T/log" "$T/x"
	if ! (cd "$T/x" && eval "$attack_command") >"$T/attack.out" 2>&1; then
		tap 1 "$attack_name"
		diag "the attack itself failed: $(cat "$T/attack.out")"
		return
	fi
	if diff -r "$T/log" "$T/x" >/dev/null 2>&1; then
		tap 1 "$attack_name"
		diag 'the attack changed nothing'
		return
	fi
	judge "$T/x" "$@"
	verdict "$attack_name" "$attack_want" "$attack_ere"
}

# record_at KIND N: the index of the Nth system record of that kind in $T/log.
record_at() {
	konseki show "$T/log" | awk -v k="$1" -v n="$2" '
	$3 == k && ++i == n { print $1; exit }'
}

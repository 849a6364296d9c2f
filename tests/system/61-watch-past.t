#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# konseki watch keeps what the weekly sheet needs of each segment as soon as it
# is closed, so that the first sheet reads its week alone: a process below the
# others, with few rights, which ends with it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 9

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
site_make <<END
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
kept=$S/cache/past-test.example-evidence
files() {
	find "$kept" -name '*.past' 2>/dev/null | wc -l
}
# What the watch reads meanwhile is never root's, not for a moment.
as_owner() {
	if [ "$(id -u)" = 0 ]; then
		chown -R nobody:nogroup "$S/evidence" "$S/keys/evidence"
		chmod 711 "$S/keys"
		setpriv --reuid nobody --regid nogroup --clear-groups "$@"
	else
		"$@"
	fi
}
# days FROM: two days of a log, each of them a closed segment
days() {
	{
		echo "t $((1792335600 + $1 * 86400))000000"
		echo 'd 1 listener=tcp transport=tcp local=10.2.0.20:514 peer=10.2.0.1 port=0 framing=lf replay=no tls=% name=%'
		for day in "$1" $(($1 + 1)); do
			echo "t $((1792339200 + day * 86400))000000"
			echo 'r 1 <13>a line'
			echo 'n x'
		done
	} | as_owner "$builddir/tests/system/storylog" "$S/evidence" \
	    "$S/keys/evidence" || diag 'no story'
}
manifests() {
	find "$S/evidence/manifests" -type f | wc -l
}
days 0
first=$(manifests)
echo 'people: []' >"$S/contacts.yml"
start watch konseki watch --site "$S"
watch=$pid
matcher() { pgrep -P "$watch" -x konseki-matcher; }
wait_for '[ "$(files)" = "$first" ]' 60
tap $? 'what is closed is summed up'
summing=$(pgrep -P "$(matcher)" -x konseki-summing)
like 'below the others' "$(ps -o ni= -p "$summing")" '^ *19$'
ok 'with few calls' grep -q "Seccomp:.2" "/proc/$summing/status"
is 'and none of the ways of the matcher' \
    "$(find "/proc/$summing/fd" -lname 'socket:*' | wc -l)" 0
days 3
wait_for '[ "$(manifests)" -gt "$first" ] && [ "$(files)" = "$(manifests)" ]' 60
tap $? 'the next is, when it is closed'
(cd "$kept" && sha256sum ./*) >"$T/kept"
ok 'a sheet is made' konseki --lang en review --site "$S" --output "$T/a"
is 'with what was kept' "$(cd "$kept" && sha256sum ./*)" "$(cat "$T/kept")"
stop "$watch"
wait_for '! grep -q "State:.[SRD]" "/proc/$summing/status" 2>/dev/null'
tap $? 'it ends with the watch'
ok 'nothing went wrong' ! grep -i summar "$T/watch.err"

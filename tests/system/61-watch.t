#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The night of the samples, watched live: konseki watch sees the lines as they
# are sealed, enters the findings, tells people (the second at once, as the
# first has no way to be told; the list of them was put in the place of another
# one when watching had begun), and ends up with what a later analysis finds,
# although the attacker switched the log off and nothing comes after it. It
# ends when it is told to, also when the collector is gone.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 14

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
samples=$srcdir/samples
incident=$samples/incident
mkdir -p "$S"
cp -R "$samples/site/ledgers" "$samples/site/calendar.yml" \
    "$samples/site/deliver" "$S/"
chmod -R u+w "$S"
people() { # people ORDER: contacts.yml
	cat <<-END
	people:
	  - {id: first, name: 不在}
	  - {id: second, name: 山田, command: yes}
	tree:
	  warning: {order: [$1], answer_min: 60}
	  serious: {order: [$1], answer_min: 60}
	  critical: {order: [$1], answer_min: 60}
	END
}
people first >"$S/contacts.yml"
site_make <<END
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, replay: yes}
analyzer: {internal: [192.168.0.0/16, 10.0.0.0/8], vpn: [10.212.134.0/24]}
escalation: {command: [$S/deliver]}
END
site_start

quietly() { "$@" >"$T/said" 2>&1; }
history() {
	for f in "$incident"/history/fortigate-*.log; do
		konseki import --site "$S" --replay --source fw01 "$f" || return 1
	done
}
ok 'the history is imported' quietly history
start watch konseki watch --site "$S"
watch=$pid
notifier() { pgrep -P "$watch" -x konseki-notify; }
wait_for 'grep -q "Seccomp:.2" "/proc/$(notifier)/status"'
people 'first, second' >"$S/contacts.new"
mv "$S/contacts.new" "$S/contacts.yml"
play() {
	"$samples/tools/play" tcp 127.0.0.1 "$(port tcp)" \
	    "$incident/night/fortigate.log"
}
ok 'the night is played' quietly play
# shellcheck disable=SC2016 # evaluated again and again
ok 'the second person is told while it goes on' wait_for \
    'ls "$S"/outbox/*-second.txt >/dev/null 2>&1' 40
ok 'as the first could not be' sh -c \
    "konseki --lang en case --site '$S' list >'$T/cases' &&
    id=\$(tail -n 1 '$T/cases' | cut -c1-8) &&
    konseki --lang en case --site '$S' show \"\$id\" |
    grep -q 'told first (none, failed)'"
# 40 GB are only known when the silence has lasted for half a minute.
whole() {
	konseki show --site "$S" --log casebook --messages |
	    grep '"rule":"OUT"' | tail -n 1 |
	    grep -q '"name":"bytes","value":"40000000000","unit":"bytes","layer":""'
}
ok 'the outbound volume is complete after the silence' wait_for whole 75
konseki analyze --site "$S" --print |
    sed 's/,"evidence_size".*//' | LC_ALL=C sort >"$T/replayed"
is 'what was found live' "$(konseki --lang en analyze --site "$S" |
    grep -o '[0-9]* new findings')" '0 new findings'
ok 'is what an analysis finds' test -s "$T/replayed"
matcher=$(pgrep -P "$watch" -x konseki-matcher)
ok 'of its processes one matches, without a capability' \
    grep -q 'CapEff:.0000000000000000' "/proc/$matcher/status"
case $(id -u) in
0) little=0000000000000002 ;; # CAP_DAC_OVERRIDE
*) little=0000000000000000 ;;
esac
is 'one tells people, with next to none' \
    "$(awk '/^Cap(Prm|Eff|Inh)/ { print $2 }' "/proc/$(notifier)/status" | sort -u |
    grep -v '^0*$')" "$(echo $little | grep -v '^0*$')"
is 'and one runs the program that tells people' \
    "$(pgrep -P "$watch" -x konseki-caller -c)" 1
kill -TERM "$watch"
ok 'told to, it ends' wait_for '! running "$watch"'

# Without a collector nothing can be entered: it says so and ends.
site_stop
quietly_watch() { timeout 20 konseki watch --site "$S" >"$T/said" 2>"$T/err"; }
quietly_watch
is 'without a collector it ends by itself' "$?" 1
like 'and says why' "$(cat "$T/err")" 'konseki-collector'

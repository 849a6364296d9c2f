#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A log of eight segments is to be forwarded; one file is gone, and one is
# damaged. The rest arrives, whole; what is not to be had is recorded as not
# forwarded, each once, also when the forwarder begins anew; and the log goes on
# being forwarded when another follows it (a rekey). Who becomes a target when
# older generations were removed gets all that is there, and they are recorded.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/forward.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 21

relp=$(free_port) late=$(free_port)
site_make <<END
listeners:
  - {name: in, transport: tcp, address: 127.0.0.1, port: 0}
forward:
  - {name: second, url: "relp://127.0.0.1:$relp"}
  - {name: late, url: "relp://127.0.0.1:$late", from: now, form: plain}
END
rm -r "$S/evidence" "$S/keys/evidence"
now=$(date +%s)
"$builddir/tests/system/mklog" "$S/evidence" "$S/keys/evidence" 400 8 \
    $(((now - 70 * 86400) * 1000000)) 7 || exit 99
[ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$S/evidence"
manifest() { # NUMBER KEY: a line of a segment's manifest
	sed -n "s/^$2 //p" "$S/evidence/manifests/$(printf %012d "$1")"
}
gone=$(manifest 2 records) bad=$(manifest 4 records)
origin=$(sed -n 's/^origin //p' "$S/evidence/log")
rm "$S/evidence/$(manifest 2 file)"
size=$(stat -c %s "$S/evidence/$(manifest 4 file)")
flip "$S/evidence/$(manifest 4 file)" $((size / 2))

start relpd python3 "$srcdir/tests/system/relpd.py" "$relp" "$T/got"
start late python3 "$srcdir/tests/system/relpd.py" "$late" "$T/late"
wait_for 'grep -q listening "$T/relpd.out" && grep -q listening "$T/late.out"'
site_start
# said: the records that say what was not forwarded; show stops where the log
# is damaged.
said() {
	konseki show --site "$S" --from $((${bad#* } + 1)) 2>/dev/null |
	    grep 'o1 .*action=not-forwarded'
}
# indexes: of the envelopes that came, sorted, each once.
indexes() {
	sed -n "s|.*konseki@32473 origin=\"$1\" index=\"\([0-9]*\)\".*|\1|p" \
	    "$T/got" | sort -nu
}
newest() {
	sed -n 2p "$S/evidence/checkpoint"
}
has_newest() {
	indexes "$origin" | grep -qx "$(($(newest) - 1))"
}
wait_for has_newest 60
tap $? 'the newest record arrives'
like 'what is gone is recorded' "$(said)" \
    "action=not-forwarded target=second origin=$origin first=${gone% *} last=${gone#* } count=$((${gone#* } - ${gone% *} + 1)) bytes=- from=- until=- why=gone"
like 'and what cannot be read' "$(said)" \
    "action=not-forwarded target=second .* last=${bad#* } .* why=gone"
is 'each once' "$(said | wc -l)" 2
first_bad=$(said | sed -n "s/.* first=\([0-9]*\) last=${bad#* } .*/\1/p")
ok 'of the damaged one what is before the damage arrives' \
    [ "$first_bad" -ge "${bad% *}" ]
{
	seq 0 $((${gone% *} - 1))
	seq $((${gone#* } + 1)) $((first_bad - 1))
	seq $((${bad#* } + 1)) "$(($(newest) - 1))"
} >"$T/want"
wait_for '[ "$(indexes "$origin" | wc -l)" -ge "$(wc -l <"$T/want")" ]'
indexes "$origin" | awk -v n="$(wc -l <"$T/want")" 'NR <= n' >"$T/indexes"
same 'all others are there' "$T/indexes" "$T/want"

is 'who came later has nothing of it' "$(wc -c <"$T/late")" 0
printf '<13>for both\n' >"$T/in.log"
send in "$T/in.log"
wait_for 'grep -aqx "<13>for both" "$T/late"'
tap $? 'but what comes from now on'

kill -KILL "$(pid_of forwarder)"
wait_for 'grep -q "forwarder was ended" "$T/collector.err"'
printf '<13>again\n' >"$T/in.log"
send in "$T/in.log"
wait_for 'grep -aqx "<13>again" "$T/late" && grep -aq "] <13>again" "$T/got"'
is 'a forwarder that begins anew does not record it again' \
    "$(said | wc -l)" 2
ok 'nor sends all again' [ "$(grep -ac 'index="0"' "$T/got")" = 1 ]

site_stop
konseki-collector --rekey evidence --reason 'a test' --site "$S" 2>"$T/rekey" ||
    diag "$(cat "$T/rekey")"
site_start
printf '<13>of the next\n' >"$T/in.log"
send in "$T/in.log"
wait_for 'grep -aqx "<13>of the next" "$T/late" && grep -aq "] <13>of the next" "$T/got"'
tap $? 'the log that follows is forwarded'
old=$(sed -n 2p "$S/evidence/checkpoint")
is 'and the old one to its end' "$(indexes "$origin" | tail -n 1)" $((old - 1))
is 'the place is in the new one' "$(sed -n 's/^generation //p' \
    "$S/cache/forward-second")" 2
wait_for 'indexes "$origin/2" | grep -qx 0'
is 'from its first record on' "$(indexes "$origin/2" | head -n 1)" 0
site_stop

# Two of three generations are gone when somebody becomes a target.
konseki-collector --rekey evidence --reason 'a test' --site "$S" 2>"$T/rekey" ||
    diag "$(cat "$T/rekey")"
rm -r "$S/evidence" "$S/evidence.2"
third=$(free_port)
cat >>"$S/konseki.yml" <<END
  - {name: third, url: "relp://127.0.0.1:$third"}
END
start third python3 "$srcdir/tests/system/relpd.py" "$third" "$T/third"
wait_for 'grep -q listening "$T/third.out"'
site_start
printf '<13>for the third\n' >"$T/in.log"
send in "$T/in.log"
wait_for 'grep -aq "] <13>for the third" "$T/third"' 30
tap $? 'a target that is new when generations were removed gets what is there'
is 'of the log in force all, and nothing else' "$(sed -n \
    's|.*konseki@32473 origin="\([^"]*\)" index="\([0-9]*\)".*|\1 \2|p' \
    "$T/third" | head -n 1; grep -c origin= "$T/third")" \
    "$origin/3 0
$(grep -c "origin=\"$origin/3\"" "$T/third")"
is 'what is gone is recorded, once each' \
    "$(records o1 | sed -n 's/.*target=third \(.*\)/\1/p')" \
    "origin=$origin first=0 last=- count=- bytes=- from=- until=- why=gone
origin=$origin/2 first=0 last=- count=- bytes=- from=- until=- why=gone"
like 'no alarm: they were removed' "$(grep -c 'ALARM.*third' "$T/collector.err")" '^0$'
site_stop

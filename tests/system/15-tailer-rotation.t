#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Rotation in all its kinds, while the collector runs and while it does not:
# the file is renamed, copied and cut short, packed, written anew under the
# same name and number, rotated three times in a night without a collector.
# Each line that was in a file that can still be found is there once, in order;
# a file that is nowhere any more is a gap on record, and so is the rest of one
# that cannot be read: packed and damaged, packed and cut short, not allowed. Of
# more files than anybody rotates in a night none is left out. A file in UTF-16 is
# followed by its own lines, over a stop too.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 35

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
watch:
  - {name: server, path: server.log}
  - {name: wide, path: wide.log}
  - {name: told, path: told.log, encoding: utf-16be}
END
[ "$(id -u)" != 0 ] || chmod 755 "$S"
log=$S/server.log
: >"$T/all"

# kept NAME [SOURCE]: its bytes are those of $T/all, at last.
kept() {
	source=${2:-server}
	wait_for 'raw "$source" >"$T/kept" && cmp -s "$T/kept" "$T/all"' 40
	same "$1" "$T/kept" "$T/all"
}
# add FILE TEXT
add() {
	printf '%s\n' "$2" >>"$1"
	printf '%s\n' "$2" >>"$T/all"
}
ended() {
	wait_for "records d1 | grep -c 'end .* why=$1' | grep -qx $2" 40
	tap $? "a stream ended: $1"
}
add "$log" 'the first line, long enough to tell a file by'
add "$log" 'two'
site_start
kept 'from the start'

# copytruncate, with a line between the last look and the cut: a stopped
# tailer does not look.
kill -STOP "$(pid_of tailer)"
add "$log" 'three, which only the copy has'
cp "$log" "$log.1"
: >"$log"
add "$log" 'four, in the file that was cut short'
kill -CONT "$(pid_of tailer)"
kept 'cut short: the rest is read from the copy'
ended truncated 1

# The same, and the file is longer than before when it is looked at.
kill -STOP "$(pid_of tailer)"
add "$log" 'five, which only the copy has'
cp "$log" "$log.1"
: >"$log"
for i in 6 7 8 9 10; do
	add "$log" "$i, in a file that has grown longer than the one before was"
done
kill -CONT "$(pid_of tailer)"
kept 'and if it has grown longer meanwhile'
ended replaced 1

# Renamed and packed at once, while the collector runs: the open file is read.
add "$log" 'eleven'
kill -STOP "$(pid_of tailer)"
add "$log" 'twelve, before the rename'
mv "$log" "$log.1"
gzip -f "$log.1"
add "$log" 'thirteen, in the new file'
kill -CONT "$(pid_of tailer)"
kept 'renamed and packed: the rest of it, then the new file'

# A night without a collector, and three rotations in it; the last two packed.
stop "$collector"
rm -f "$log".*
add "$log" 'fourteen, while nobody looks'
mv "$log" "$log.1"
add "$log" 'fifteen, all of a file that nobody saw'
mv "$log.1" "$log.2"
sleep 0.02
mv "$log" "$log.1"
touch "$log.1"
gzip "$log.2"
add "$log" 'sixteen, in a third file'
printf 'no log\n' >"$log.bak"
site_start
kept 'rotated twice and packed while stopped: all of it, in order'
add "$log" 'seventeen'
kept 'and on'
like 'it is said where it went on' "$(cat "$T/collector.err")" 'going on in .*server.log.2.gz'
stop "$collector"
site_start
add "$log" 'eighteen'
kept 'after another start nothing is there twice'

# Renamed, not packed, while stopped.
stop "$collector"
add "$log" 'nineteen'
mv "$log" "$log-20261126"
add "$log" 'twenty'
site_start
kept 'renamed while stopped'

# Many rotations without a collector; some are packed, one while nobody looks.
stop "$collector"
rm -f "$log".* "$log"-*
for i in $(seq 70); do
	add "$log" "rotated $i"
	touch -d "$((i - 100)) sec" "$log"
	mv "$log" "$log-$((20260000 + i))"
done
gzip "$log-20260011" "$log-20260070"
gzip -c "$log-20260012" | head -c 20 >"$log-20260012.gz" # not done yet
add "$log" 'after seventy rotations'
site_start
kept 'seventy rotations while stopped: no file is left out, none read twice'

# Packed, and damaged: what can be read of it, and that the rest cannot.
noise() { # N: lines that hardly pack
	awk -v n="$1" 'BEGIN { srand(n); for (i = 0; i < n; i++)
		printf "%d %.9f%.9f%.9f%.9f\n", i, rand(), rand(), rand(), rand() }'
}
gaps() {
	records g1 | grep kind=watch-lost
}
stop "$collector"
rm -f "$log".* "$log"-*
add "$log" 'before the damage'
mv "$log" "$log.3"
noise 20000 >"$log.2"
gzip "$log.2"
flip "$log.2.gz" $(($(stat -c %s "$log.2.gz") / 2))
noise 3000 >"$log.1"
gzip "$log.1"
truncate -s -100 "$log.1.gz"
touch -d '-3 sec' "$log.3"
touch -d '-2 sec' "$log.2.gz"
touch -d '-1 sec' "$log.1.gz"
echo secret >"$log.0"
touch -d '-1 sec' "$log.0"
chmod 0 "$log.0"
printf 'after the damage\n' >"$log"
site_start
wait_for 'messages server | grep -qx "after the damage"' 40
tap $? 'a damaged file does not keep the next from being read'
wait_for '[ "$(gaps | wc -l)" = 3 ]'
like 'what cannot be read of it is a gap' "$(gaps | head -n 1)" \
    'listener=server count=- bytes=- from=[0-9]+ until=[0-9]+ file=.*/server.log.2.gz taken=[0-9]+$'
like 'and of one that was cut short' "$(gaps | sed -n 2p)" \
    'from=[0-9]+ until=[0-9]+ file=.*/server.log.1.gz taken=[1-9][0-9]+$'
like 'and of one that may not be read' "$(gaps | tail -n 1)" \
    'file=.*/server.log.0 taken=0$'
is 'the streams of the others end with that' \
    "$(records d1 | grep -c 'end .* why=read-error')" 2
raw server >"$T/kept"
noise 3000 >"$T/noise"
taken=$(gaps | sed -n 2p | sed 's/.*taken=//')
tail -c +$(($(wc -c <"$T/kept") - taken - 16)) "$T/kept" | head -c "$taken" \
    >"$T/part"
head -c "$taken" "$T/noise" >"$T/want"
same 'what it has before that is here' "$T/part" "$T/want"
ok 'all of it but the last block' [ "$taken" -gt 65536 ]
like 'it is said' "$(cat "$T/collector.err")" \
    'server.log.2.gz: cannot be read behind byte [0-9]*: Bad message'
cp "$T/kept" "$T/all"

# The same number, another file: overwritten in place while stopped.
stop "$collector"
printf 'a file that is longer than the one before, written over it in its place by somebody, and then some more text, and then some, and still more, until it is longer\n' >"$T/new"
cat "$T/new" "$T/new" "$T/new" "$T/new" "$T/new" >"$log"
cat "$T/new" "$T/new" "$T/new" "$T/new" "$T/new" >>"$T/all"
rm -f "$log".* "$log"-*
before=$(($(date +%s) * 1000000))
site_start
kept 'written over while stopped: from its start'
gap=$(gaps | sed 1,3d)
like 'what was in it before may be lost, and that is a gap' "$gap" \
    'kind=watch-lost stream=- listener=server count=- bytes=- from=[0-9]+ until=[0-9]+ file=.*/server.log taken=[0-9]+$'
like 'it is said' "$(cat "$T/collector.err")" 'the file that was followed is gone'
ok 'up to now' [ "$(echo "$gap" | sed -n 's/.* until=\([0-9]*\) .*/\1/p')" -ge "$before" ]
is 'from when it was sealed last' "$(echo "$gap" | wc -l)" 1
add "$log" 'the end'
kept 'and on with it'

# UTF-16: a byte 0x0A inside a character is no line end.
wide() { # hex of "a", U+0A0A, line end, in UTF-16LE
	printf 'a\000\012\012\015\000\012\000'
}
: >"$T/all"
{ printf '\377\376'; wide; } | tee -a "$T/all" >"$S/wide.log"
kept 'UTF-16 is followed' wide
printf 'b\000' | tee -a "$T/all" >>"$S/wide.log"
stop "$collector"
printf '\012\000' | tee -a "$T/all" >>"$S/wide.log"
wide | tee -a "$T/all" >>"$S/wide.log"
site_start
kept 'over a stop too' wide
is 'by its own lines' "$(received wide)" 3
like 'and the encoding is recorded' "$(records d1 | grep listener=wide)" 'framing=none .* encoding=utf-16le'
printf '\000x\000\012\000y\000\012' >"$S/told.log"
wait_received told 2
tap $? 'an encoding that is told needs no mark'
like 'and is recorded' "$(records d1 | grep listener=told)" 'encoding=utf-16be'
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Under load the writer, the signer, the receiver or all processes at once are
# killed at moments that nobody chose. After each time the log proves to be
# intact and to hold what the last checkpoint before the kill covered; what was
# not covered yet is named where the log goes on. So is a half block that a
# power failure leaves, and a log that lost what was signed is not gone on with.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
rounds=12
[ -z "${KONSEKI_LONG:-}" ] || rounds=200
plan $((rounds + 18))

site_height=9
site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, backpressure: stall}
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
E=$S/evidence
site_start
start load python3 "$srcdir/tests/system/load.py" "$S/run/listeners" tcp udp
load=$pid

size() {
	sed -n 2p "$E/checkpoint"
}
# grown N: wait until the file of the open segment has N bytes more, which is
# at no particular moment of what the writer does.
grown() {
	python3 - "$E/segments" "$1" <<'END'
import glob, os, sys, time
def size():
    return sum(os.path.getsize(x) for x in glob.glob(sys.argv[1] + '/*/*'))
end, until = size() + int(sys.argv[2]), time.monotonic() + 30
while size() < end and time.monotonic() < until:
    time.sleep(0.0005)
END
}
# strike WHO: kill it at some moment; wait until records are sealed again.
strike() {
	grown $(($(od -An -tu2 -N 2 /dev/urandom)))
	cp "$E/checkpoint" "$T/seen"
	old=$(size)
	if [ "$1" = all ]; then
		site_kill
		wait_for 'flock -n "$E/lock" true'
		site_start
	else
		old_pid=$(pid_of "$1")
		kill -KILL "$old_pid"
		wait_for "[ \"\$(pid_of $1)\" != $old_pid ]"
	fi
	wait_for "[ \"\$(size)\" -gt $((old + 1000)) ]"
}

# The collector bears five deaths in a minute, so a new one begins each round.
i=0
while [ $i -lt "$rounds" ]; do
	i=$((i + 1))
	case $((i % 4)) in
	1) who=writer ;;
	2) who=signer ;;
	3) who=receiver ;;
	0) who=all ;;
	esac
	strike "$who"
	ok "round $i, $who: what was covered is there, all is intact" \
	    konseki-verify --pin "$E/log" --anchor "$T/seen" "$E"
done

# --- a power failure leaves half a block ---
site_kill
wait_for 'flock -n "$E/lock" true'
cp "$E/checkpoint" "$T/seen"
torn=$(find "$E/segments" -type f | sort | tail -n 1)
before=$(find "$E/quarantine" -type f | wc -l)
head -c 1000 "$torn" >"$T/torn"
cat "$T/torn" >>"$torn"
site_start
wait_for "[ \"\$(size)\" -gt $(($(sed -n 2p "$T/seen") + 1000)) ]"
ok 'half a block is no obstacle' \
    konseki-verify --pin "$E/log" --anchor "$T/seen" "$E"
is 'it lies in quarantine' "$(find "$E/quarantine" -type f | wc -l)" \
    $((before + 1))
tail -c 1000 "$(find "$E/quarantine" -type f | sort | tail -n 1)" >"$T/kept"
same 'byte for byte' "$T/kept" "$T/torn"

stop "$load"
site_stop
verified

# --- what the log says about all that ---
konseki show --site "$S" >"$T/all"
# Each start names what stood after the last checkpoint: from the size that was
# signed last to itself.
awk '$3 == "m1" { m = 1; next }
$3 == "b1" {
	for (i = 4; i <= NF; i++) {
		split($i, w, "=")
		v[w[1]] = w[2]
	}
	split(v["unsealed"], u, "-")
	if (v["unsealed"] != "-" && (u[1] != v["recovered"] || u[2] + 1 != $1))
		print "unsealed", $0
	if (v["unsealed"] == "-" && v["recovered"] != $1 - m)
		print "not named", $0
	n++
}
{ m = 0 }
END { print (n > 1) }' "$T/all" >"$T/starts"
is 'each start names exactly what was not covered' "$(cat "$T/starts")" 1
records g1 | sed -n 's/.*kind=torn-tail .*bytes=\([0-9]*\) .*file=\([^ ]*\) sha256=\([^ ]*\)$/\1 \2 \3/p' |
    sort >"$T/torn.told"
(cd "$E/quarantine" && for f in *; do
	echo "$(wc -c <"$f") $f $(sha256sum <"$f" | cut -d ' ' -f 1)"
done | sort) >"$T/torn.kept"
same 'each torn tail is told, and in quarantine' "$T/torn.told" "$T/torn.kept"
like 'a writer that died is told' "$(records g1)" \
    'kind=writer-lost .* count=[0-9]* bytes=- from=- until=[0-9]*$'
like 'a receiver, too' "$(records g1)" kind=receiver-lost
# A connection's lines are there in order, none twice; one that outlived the
# writer may lack what was lost with it, which is counted.
messages tcp | awk '{
	if ($1 in last && $2 <= last[$1]) print "twice", $0
	if ($1 in last) lost += $2 - last[$1] - 1
	last[$1] = $2
} END { print lost + 0 }' >"$T/lost"
is 'no message is there twice or out of order' "$(grep -c twice "$T/lost")" 0
told=$(records g1 | sed -n 's/.*kind=writer-lost .*count=\([0-9]*\) .*/\1/p' |
    awk '{ n += $1 } END { print n + 0 }')
diag "$(tail -n 1 "$T/lost") lost, at most $told told"
ok 'no more is missing than the log says was lost' \
    [ "$(tail -n 1 "$T/lost")" -le "$told" ]

# --- a log that lost what was signed ---
segment=$(find "$E/segments" -type f | sort | tail -n 1)
cp -p "$segment" "$T/whole"
truncate -s -2000 "$segment"
cp "$segment" "$T/short"
site_start
site_stop
ok 'a log that lost what was signed is followed by another' \
    [ -s "$E.2/log" ]
like 'it says why' "$(cat "$T/collector.err")" 'shorter than'
same 'and changes nothing' "$segment" "$T/short"
ok 'nor does konseki-verify take it' ! konseki-verify --pin "$E/log" "$E"
ok 'the one that follows holds' konseki-verify --pin "$E.2/log" "$E.2"

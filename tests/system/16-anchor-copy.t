#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# A log of several closed segments is copied to a folder outside and to a
# konseki-witness on another machine: each copy proves itself like the log. A
# copy that became something else is not replaced, but is an alarm; one that is
# lost is made again. A secret that is replaced while it runs is the one in
# force. Without the secret, or with a name or bytes that do not
# fit, the other machine keeps nothing.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/witness.sh"
. "$srcdir/tests/system/tsa.sh"
plan 57

web="python3 $srcdir/tests/system/webask.py"
mkdir "$T/outside"
printf 'a secret of the two machines\n' >"$T/secret"
tsa_make >"$T/openssl.err" 2>&1 || { diag "$(cat "$T/openssl.err")"; exit 99; }
echo good >"$A/mode"
start tsa python3 "$srcdir/tests/system/tsa.py" "$A"
wait_for '[ -s "$T/tsa.out" ]' || exit 99
cp "$A/ca.pem" "$T/ca.pem"
witness_make store
witness_start store
port_store=$witness_port
stop "$pid"
site_make <<END
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
anchor:
  copy: $T/outside
  every_s: 1
  relay: {url: "http://127.0.0.1:$port_store", secret_file: $T/secret}
  tsa:
    - {url: "http://127.0.0.1:$(cat "$T/tsa.out")", ca: $T/ca.pem, every_s: 86400}
END
# A log that has lived for a while stands in for the new one.
rm -r "$S/evidence" "$S/keys/evidence"
ok 'a log of several segments' "$builddir/tests/system/mklog" "$S/evidence" \
    "$S/keys/evidence" 20000 3
if [ "$(id -u)" = 0 ]; then
	chown -R nobody:nogroup "$S/evidence" "$T/outside" "$T/secret" "$T/ca.pem"
fi
segments=$(cd "$S/evidence" && find segments -name '*.gz' | sort)
# files DIR: how many; newest DIR: the last by name.
files() {
	find "$1" -type f | wc -l
}
newest() {
	find "$1" -type f | sort | tail -n 1
}
[ "$(files "$S/evidence/manifests")" -ge 2 ]
tap $? 'of which some are closed'
origin=$(sed -n 's/^origin //p' "$S/evidence/log")
hex=$(printf %s "$origin" | sha256sum | cut -c1-64)
witness_knows store
cp "$T/secret" "$T/store/secret"
witness_start store "$port_store"
url_store=$url
copy=$T/outside/evidence
store=$T/store/store/$hex

# whole DIR: it has what is closed, and the log's other files.
whole() {
	for tap_m in "$S/evidence/manifests"/*; do
		cmp -s "$tap_m" "$1/manifests/${tap_m##*/}" || return 1
		tap_f=$(sed -n 's/^file //p' "$tap_m")
		cmp -s "$S/evidence/$tap_f" "$1/$tap_f" || return 1
	done
	cmp -s "$S/evidence/log" "$1/log" && [ -s "$1/epochs" ] &&
	    [ -n "$(ls "$1/tokens" 2>/dev/null)" ]
}
verify() {	# verify DIR OPTION...: $verdict, and $T/said
	verify_dir=$1 verdict=0
	shift
	konseki-verify --lang en --pin "$S/evidence/log" "$@" "$verify_dir" \
	    >"$T/said" 2>&1 || verdict=$?
}
site_start
wait_for 'whole "$copy"'
tap $? 'closed segments, manifests, epochs and tokens are copied'
wait_for 'whole "$store"'
tap $? 'and to the other machine'
is 'there is no open segment among them' \
    "$(files "$copy/segments")" "$(files "$copy/manifests")"
finished() {
	[ -z "$(find "$copy" "$store" -name '*.tmp' -o -name '*.part')" ]
}
ok 'and nothing stays unfinished' wait_for finished
site_stop
for name in "$copy" "$store"; do
	same 'the newest checkpoint' "$name/checkpoint" "$S/evidence/checkpoint"
	same 'the epochs' "$name/epochs" "$S/evidence/epochs"
	is 'all kept checkpoints' "$(ls "$name/checkpoints")" \
	    "$(ls "$S/evidence/checkpoints")"
	# It ends with the last closed segment: so does what is proved.
	end=$(($(sed -n 's/^records [0-9]* //p' \
	    "$(newest "$name/manifests")") + 1))
	size=$(sed -n 2p "$name/checkpoint")
	verify "$name" --copy --anchor "$name/checkpoints/$(printf %012d $end)"
	is 'it is incomplete' $verdict 2
	like 'which is said' "$(cat "$T/said")" "records from $end on are not here"
	like 'it is proved up to there' "$(cat "$T/said")" \
	    "proved complete up to record $((end - 1)), sealed 20"
	like 'and anchored' "$(cat "$T/said")" "no rollback before size $end:"
	verify "$name" --copy --anchor "$name/checkpoint"
	is 'an anchor of what is not here changes nothing' $verdict 2
	like 'and proves nothing' "$(cat "$T/said")" \
	    "the anchor of size $size is not of the records"
	verify "$name" --anchor "$name/checkpoint"
	is 'as a log it would have been cut' $verdict 1
	like 'and who sees that learns of the option' "$(cat "$T/said")" '--copy'
done

# changed NAME WANT ERE COMMAND: a copy after that, checked as one.
changed() {
	rm -rf "$T/x"
	cp -Rp "$copy" "$T/x"
	(cd "$T/x" && eval "$4") || diag "could not: $4"
	verify "$T/x" --copy
	is "$1" "$verdict $(grep -oE -e "$3" "$T/said" | head -n 1)" \
	    "$2 $3"
	[ "$verdict" = "$2" ] || diag "$(cat "$T/said")"
}
last=$(cd "$copy" && newest segments)
before=$(basename "$last" .ev1.gz | sed 's/^0*//')
changed 'none is closed yet' 2 'records from 0 on are not here' \
    'rm -r segments manifests'
changed 'a segment that is still on its way' 2 \
    "records from $before on are not here" "rm $last"
changed 'a segment cut' 1 'the segment has a manifest but is not whole' \
    "truncate -s -30 $last"
changed 'a copy that has the beginning of an open one' 1 \
    'the segment is not closed' \
    "rm manifests/* && truncate -s -30 $(echo "$segments" | head -n 1)"
changed 'one that is not here' 2 \
    'the segment that begins with record 0 is not here' \
    "rm $(echo "$segments" | head -n 1)"
changed 'a checkpoint that was carried before the segments' 2 \
    'behind the newest checkpoint are not sealed' \
    'cp "$(find checkpoints -type f | sort | head -n 1)" checkpoint'
changed 'a checkpoint under another name' 1 'signature lines are not' \
    "sed -i 1s/./x/ checkpoint"
changed 'a later one that nobody signed' 1 'the signature does not verify' \
    "cp checkpoint checkpoints/$(printf %012d $((end + 1)));
    sed -i '2s/.*/$((end + 1))/' checkpoints/$(printf %012d $((end + 1)))"

# Later.
first=$(echo "$segments" | head -n 1)
second=$(echo "$segments" | sed -n 2p)
third=$(echo "$segments" | sed -n 3p)
rm "$copy/$first" "$store/$first" "$copy/$third"
printf x >>"$copy/$second"
: >"$T/collector.err"
site_start
wait_for 'cmp -s "$S/evidence/$first" "$store/$first"'
tap $? 'a copy that was lost is made again there'
wait_for 'cmp -s "$S/evidence/$first" "$copy/$first"'
tap $? 'and here'
wait_for 'grep -q "ALARM: .$second. is not what was copied" "$T/collector.err"'
tap $? 'one that became something else is an alarm'
wait_for 'cmp -s "$S/evidence/$third" "$copy/$third"'
tap $? 'the others go on'
ok 'and stays' ! cmp -s "$S/evidence/$second" "$copy/$second"
wait_for '[ "$(sed -n 2p "$copy/checkpoint")" = "$(sed -n 2p \
    "$S/evidence/checkpoint")" ]'
tap $? 'and checkpoints are still copied'
is 'it was said once' "$(grep -c "is not what was copied" "$T/collector.err")" 1
# What an editor does: another file in the place of the one that was there.
cp -p "$T/secret" "$T/secret.new"
mv "$T/secret.new" "$T/secret"
end=$(sed -n 2p "$S/evidence/checkpoint")
python3 -c '
import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(
    b"more", ("127.0.0.1", int(sys.argv[1])))' "$(port udp)"
wait_for '[ "$(sed -n 2p "$store/checkpoint")" -gt "$end" ]' 40
tap $? 'a secret that was replaced is read'
stop "$collector"

# By hand.
auth() {
	printf 'konseki-hmac-sha256 %s' "$(printf 'PUT\n%s\n%s\n' "$1" \
	    "$(sha256sum <"$2" | cut -c1-64)" |
	    openssl dgst -sha256 -hmac "$(cat "$T/secret")" | sed 's/.*= //')"
}
put() {
	$web PUT "$url_store/$1" "$2" "${3:-$(auth "$1" "$2")}" | head -n 1 |
	    cut -d' ' -f1
}
closed=$(files "$store/manifests")
next=$(printf '%012d' "$closed")
log=$S/evidence/log
is 'the same once more is fine' "$(put "$hex/log" "$log")" 200
is 'without the secret: 403' "$(put "$hex/log" "$log" \
    "konseki-hmac-sha256 $(printf %064d 0)")" 403
is 'another log: 404' "$(put "$(printf %064d 0)/log" "$log")" 404
is 'another name: 404' "$(put "$hex/lock" "$log")" 404
is 'a manifest that is none: 422' "$(put "$hex/manifests/$next" "$log")" 422
sed "s/^segment .*/segment $closed/" "$S/evidence/manifests/000000000000" \
    >"$T/manifest"
is 'one that does not follow: 422' "$(put "$hex/manifests/$next" \
    "$T/manifest")" 422
is 'another manifest in the place of one: 409 or 422' \
    "$(put "$hex/manifests/000000000000" "$T/manifest")" 422
rm "$store/$first"
size=$(wc -c <"$S/evidence/$first")
head -c "$size" /dev/zero >"$T/zeros"
is 'a segment that is not what its manifest says: 422' \
    "$(put "$hex/segments/000000000000/0" "$T/zeros")" 422
ok 'and it is not there' ! test -e "$store/$first"
ok 'nor a part of it' ! test -e "$store/$first.part"
head -c 2000000 /dev/zero >"$T/large"
is 'a body too long: 413' "$(put "$hex/epochs/0" "$T/large" 2>&1 |
    grep -o '413\|reset\|pipe\|Broken' | head -n 1 | sed 's/[^0-9].*/413/')" 413
is 'an older checkpoint: 409' "$(put "$hex/checkpoint" \
    "$(find "$S/evidence/checkpoints" -type f | sort | head -n 1)")" 409

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Two witnesses cosign a site's logs: their lines stand in the kept checkpoints,
# and w1 records name them. One goes away and comes back: collecting goes on.
# Then somebody puts an old copy of the whole log back, keys and all, and lets
# it grow: the witnesses show what they have cosigned, and that is an alarm. A
# stranger with the same origin and another key gets nothing.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/witness.sh"
. "$srcdir/tests/system/go.sh"
plan 54

http="python3 $srcdir/tests/system/webask.py"
site_height=8
witness_make one
witness_make two
# Their ports are not known before they run, and the logs not before the site.
S=$T/first
for name in one two; do
	witness_start $name
	eval "port_$name=$witness_port"
	stop "$pid"
	is "witness $name ends when told" "$status" 0
done
S=$T/site
conf() {
	cat <<-END
	listeners:
	  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
	anchor:
	  witnesses:
	    - {url: "http://127.0.0.1:$port_one", vkey: "$(cat "$T/one/vkey")", every_s: 1}
	    - {url: "http://127.0.0.1:$port_two/", vkey: "$(cat "$T/two/vkey")", every_s: 1}
	END
}
conf | site_make
for name in one two; do
	witness_knows $name
	eval "witness_start $name \$port_$name"
	eval "url_$name=$url pid_$name=$pid"
done
ok 'a second one does not serve the same folder' ! konseki-witness serve \
    --dir "$T/one" --listen 127.0.0.1:0
ok 'nor is its key written over' ! konseki-witness init --dir "$T/one" \
    --name other.example

site_start
wait_for '[ "$(records w1 | grep -c " name=one")" -ge 2 ] &&
    [ "$(records w1 | grep -c " name=two")" -ge 2 ] &&
    records w1 casebook | grep -q " name=one"'
tap $? 'both cosign, again and again, both logs'
like 'a w1 record says who, when, over what' "$(records w1)" \
    ' size=[0-9]+ time=[0-9]+ name=one\.example key=[0-9a-f]{8} sha256=[0-9a-f]{64}'
line=$(records w1 | grep ' name=one' | tail -n 1)
size=$(printf '%012d' "$(echo "$line" | sed 's/.* size=\([0-9]*\) .*/\1/')")
kept=$S/evidence/checkpoints/$size
grep '^— one.example ' "$kept" >"$T/line"
is 'its line is in the kept checkpoint' "$(sha256sum <"$T/line" | cut -c1-64)" \
    "$(echo "$line" | sed 's/.* sha256=\([0-9a-f]*\).*/\1/')"
is 'which still begins as it was signed' "$(sed -n 5,6p "$kept" | cut -d' ' -f2 |
    sed 's|/e[0-9]*$||' | sort -u)" test.example/evidence
if go_there; then
	mkdir -p "$T/golog/segments"
	cp "$S/evidence/log" "$T/golog"
	cat >"$T/note.go" <<-'END'
	package main

	import (
		"fmt"
		"os"

		"golang.org/x/mod/sumdb/note"
	)

	func main() {
		text, _ := os.ReadFile(os.Args[1])
		v, err := note.NewVerifier(os.Args[2])
		if err != nil {
			panic(err)
		}
		n, err := note.Open(text, note.VerifierList(v))
		if err != nil {
			panic(err)
		}
		fmt.Println(len(n.Sigs), len(n.UnverifiedSigs) >= 2)
	}
	END
	is "Go's sumdb/note opens it and leaves the cosignatures alone" \
	    "$(go_build "$T/note" "$T/note.go" 2>&1 && "$T/note" "$kept" \
	    "$(sed -n 's/^key //p' "$S/evidence/log")" 2>&1)" '1 true'
else
	skip 1 'no Go with golang.org/x/mod'
fi

# One goes away.
stop "$pid_two"
wait_for 'grep -q "ALARM: no anchor from" "$T/collector.err"'
tap $? 'a witness that is gone is an alarm'
before=$(records w1 | grep -c ' name=one')
wait_for '[ "$(records w1 | grep -c " name=one")" -gt $((before + 2)) ]'
tap $? 'the other goes on'
is 'it was said once for each log' \
    "$(grep -c "ALARM: no anchor from" "$T/collector.err")" 2
witness_start two "$port_two"
pid_two=$pid
wait_for 'grep -q "anchors from .*$port_two" "$T/collector.err"'
tap $? 'it comes back, with what it knew, and that is said'
before=$(records w1 | grep -c ' name=two')
wait_for '[ "$(records w1 | grep -c " name=two")" -gt "$before" ]'
tap $? 'and cosigns'
cp -Rp "$S/evidence" "$T/old"
cp -Rp "$S/keys/evidence" "$T/old-keys"
wait_for '[ "$(size_at "$url_one" test.example/evidence)" -gt "$(sed -n 2p \
    "$T/old/checkpoint")" ]'
tap $? 'the witness knows more than a copy that somebody took'
site_stop
verified

# By hand: each answer of the protocol.
ask() {
	$http POST "$url_one/add-checkpoint" "$T/body"
}
known=$(size_at "$url_one" test.example/evidence)
{ printf 'old %s\n\n' "$known"; cat "$S/evidence/checkpoint"; } >"$T/body"
is 'no proof: 422' "$(ask | head -n 1 | cut -d' ' -f1)" 422
{ printf 'old %s\n%s\n\n' "$known" "$(printf %32s x | base64)"
    cat "$S/evidence/checkpoint"; } >"$T/body"
is 'a wrong proof: 422' "$(ask | head -n 1 | cut -d' ' -f1)" 422
{ printf 'old 0\n\n'; cat "$S/evidence/checkpoint"; } >"$T/body"
is 'another old size: 409 and the size' "$(ask | tr '\n' ' ')" \
    "409 text/x.tlog.size $known "
{ printf 'old 999999\n\n'; cat "$S/evidence/checkpoint"; } >"$T/body"
is 'an old size beyond the new: 400' "$(ask | head -n 1 | cut -d' ' -f1)" 400
{ printf 'old 0\n\n'; sed 1s/evidence/other/ "$S/evidence/checkpoint"; } \
    >"$T/body"
is 'a log that it does not know: 404' "$(ask | head -n 1 | cut -d' ' -f1)" 404
{ printf 'old 0\n\n'; sed '2s/.*/999999/' "$S/evidence/checkpoint"; } \
    >"$T/body"
is 'a forged size: 403' "$(ask | head -n 1 | cut -d' ' -f1)" 403
echo nonsense >"$T/body"
is 'what is no request: 400' "$(ask | head -n 1 | cut -d' ' -f1)" 400
is 'none of it moved the witness' \
    "$(size_at "$url_one" test.example/evidence)" "$known"
is 'another method: 405' "$($http GET "$url_one/add-checkpoint" |
    head -n 1 | cut -d' ' -f1)" 405
is 'a path that is none: 404' "$($http GET "$url_one/../key" |
    head -n 1 | cut -d' ' -f1)" 404

# Rolled back, and more records on it than before.
rm -r "$S/evidence" "$S/keys/evidence"
cp -Rp "$T/old" "$S/evidence"
cp -Rp "$T/old-keys" "$S/keys/evidence"
ok 'a log that was rolled back whole holds alone' konseki-verify "$S/evidence"
site_start
wait_for 'grep -q "evidence.*ALARM: its checkpoint\|evidence.*ALARM: it has" \
    "$T/collector.err"'
tap $? 'but the witnesses know better'
stop "$collector"
is 'nothing of it was cosigned' \
    "$(size_at "$url_one" test.example/evidence)" "$known"
same 'nor signed: it is as it was put back' "$S/evidence/checkpoint" \
    "$T/old/checkpoint"
ok 'another log follows it' konseki-verify --pin "$S/evidence.2/log" \
    "$S/evidence.2"
like 'and says why' "$(records g1)" \
    'kind=log-break .*origin=test.example/evidence .*outside'

# The record of the break has what proved it, and the note lies beside.
outside=$S/evidence.2/outside
sed '1,/^$/d' "$outside" >"$T/note"
word() {	# word NAME: of the break
	records g1 | sed -n "s/.* outside-$1=\([^ ]*\).*/\1/p"
}
is 'of what size' "$(word size)" "$known"
is 'with which root' "$(word root)" \
    "$(sed -n 3p "$T/note" | base64 -d | od -An -v -tx1 | tr -d ' \n')"
like 'shown by whom' "$(word from)" '^http://127.0.0.1:[0-9]+/?$'
is 'the note itself is in a file that the record names by its hash' \
    "$(word sha256)" "$(sha256sum <"$T/note" | cut -d' ' -f1)"
is 'with the origin of the log that is over' "$(sed -n 1,2p "$T/note" |
    tr '\n' ' ')" "test.example/evidence $known "
ok 'it convicts that log' ! konseki-verify --anchor "$T/note" "$S/evidence"
like 'the file says where it comes from' "$(sed -n 1,2p "$outside")" \
    '^from=http://127.0.0.1:'
like 'and the predecessor says it too' "$(tail -n 1 "$S/evidence.2/predecessor")" \
    "size%20$known,%20root%20$(word root),%20from%20http://127"

# Once more, and it grew where no witness was asked: there are two logs.
rm -r "$S/evidence" "$S/evidence.2" "$S/keys/evidence" "$S/keys/evidence.2"
cp -Rp "$T/old" "$S/evidence"
cp -Rp "$T/old-keys" "$S/keys/evidence"
cp "$S/konseki.yml" "$T/konseki.yml"
sed '/^anchor:/,$d' "$T/konseki.yml" >"$S/konseki.yml"
i=0
while [ "$(sed -n 2p "$S/evidence/checkpoint")" -le "$known" ] && [ $i -lt 40 ]
do
	site_start
	konseki import --site "$S" "$srcdir/LICENSE" >/dev/null
	stop "$collector"
	i=$((i + 1))
done
cp "$T/konseki.yml" "$S/konseki.yml"
site_start
wait_for 'grep -q "ALARM: its checkpoint of size $known" "$T/collector.err"'
tap $? 'one that has grown beyond is found as well'
wait_for 'test -s "$S/evidence.2/log"'
tap $? 'and followed by another'
# A witness learns of the new log's key without being stopped.
line=$(sed -n 's/^key //p' "$S/evidence.2/log")
wait_for 'grep -q "no anchor from .*HTTP 404.*" "$T/collector.err"'
tap $? 'which the witnesses do not know'
like 'the alarm says what to do' "$(grep 'HTTP 404' "$T/collector.err" |
    grep -F "$line")" 'follows another.*DIR/logs.*SIGHUP'
{ cat "$T/one/logs"; echo 'a slip'; } >"$T/good" && cp "$T/good" "$T/one/logs"
kill -HUP "$pid_one"
wait_for 'grep -q "the logs are those of before" "$T/one.err"'
tap $? 'a slip in its list changes nothing'
echo "$line" >>"$T/two/logs"
kill -HUP "$pid_two"
wait_for 'grep -q "logs was read again: 3 logs" "$T/two.err"'
tap $? 'with the new line in it it is read'
wait_for 'records w1 | grep -q " name=two"'
tap $? 'and the new log is cosigned'
stop "$collector"

# A stranger.
S=$T/stranger
conf | site_make
: >"$T/collector.err"
site_start
wait_for 'grep -q "evidence.*ALARM: no anchor from .*$port_one.*HTTP 403" \
    "$T/collector.err"' 20
tap $? 'another key with the same origin: 403'
ok 'and that proves nothing about its log' ! grep -q 'rolled back\|two logs' \
    "$T/collector.err"
like 'what the witness shows is not its own' "$(cat "$T/collector.err")" \
    'not signed by it'
site_stop
sed -i 's/vkey: "one/vkey: "won/' "$S/konseki.yml"
ok 'a key that is none is found before the start' ! konseki-collector \
    --check-config --site "$S"
stop "$pid_one"
stop "$pid_two"

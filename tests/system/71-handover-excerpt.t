#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A hospital hands over what one firewall said in one hour, and nothing of its
# patients. What is not handed over stands as hashes, what may not be read as leaf
# lines; a program written from FORMAT.md alone finds the checkpoint's root in each
# excerpt, and none of the words that were withheld. Then the package goes from hand
# to hand, and each step is in both logs.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 71

site_make <<'END'
listeners:
  - {name: fw, transport: udp, address: 127.0.0.1, port: 0}
  - {name: emr, transport: udp, address: 127.0.0.1, port: 0}
END
site_start
send() {	# send LISTENER FILE: each line a datagram
	python3 -c 'import socket, sys
s = socket.socket(type=socket.SOCK_DGRAM)
for line in open(sys.argv[2], "rb").read().split(b"\n")[:-1]:
    s.sendto(line, ("127.0.0.1", int(sys.argv[1])))' "$(port "$1")" "$2"
}
seal() {	# seal NAME ARGUMENT...: an excerpt below $T/NAME, its folder $bag
	out=$T/$1
	shift
	konseki seal --site "$S" --for Police --why 'case 1' --authority law \
	    --level excerpt --output "$out" "$@" >"$T/made" 2>"$T/err"
	status=$?
	bag=$(sed -n 's/^package //p' "$T/made")
	evx=$bag/data/excerpt/excerpt.evx
}
said() {	# said WORD: of what seal printed
	sed -n "s/^$1 //p" "$T/made"
}
proves() {	# proves NAME: two checks of the excerpt in $bag
	python3 "$srcdir/tests/system/evx.py" "$evx" \
	    "$bag/data/log/checkpoint" >"$T/evx" 2>&1
	is "$1: its root is the checkpoint's" "$? $(grep -v '^[0-9 ]*$' \
	    "$T/evx")" '0 '
	sh "$bag/verify.sh" --pin "$S/evidence/log" --handover \
	    "$S/handover/evidence.vkey" >"$T/v" 2>&1
	is "$1: verify.sh" "$? $(tail -n 1 "$T/v" | cut -d / -f 1)" \
	    '0 RESULT: INTACT '
}
counted() {	# counted shown|withheld: of the range of the package
	python3 "$srcdir/tests/system/evx.py" "$evx" \
	    "$bag/data/log/checkpoint" "$1" |
	    awk -v range="$(said records)" 'BEGIN { split(range, r, " ") }
		$1 >= r[1] && $1 <= r[2] { n++ } END { print n + 0 }'
}
shown() {	# shown [withheld]: indexes of received records
	python3 "$srcdir/tests/system/evx.py" "$evx" \
	    "$bag/data/log/checkpoint" "${1:-shown}" |
	    awk '$2 == "e1" { printf "%s ", $1 }'
}
indexes() {	# indexes ERE: of the log's received records that match
	konseki show --site "$S" 2>/dev/null | grep ' e1 ' | grep -E "$1" |
	    awk '{ printf "%s ", $1 }'
}

# Three segments; patients in UTF-8 and in CP932, and NUL bytes.
printf '%s\n' '<13>deny 192.0.2.7' '<13>allow 10.0.0.5' >"$T/fw"
{
	printf '<14>patient 山田 太郎 opened\n'
	printf '<14>patient 山田 太郎 closed\n' | iconv -t CP932
	printf '<14>nul \000 deny\n'
} >"$T/emr"
for round in 1 2 3; do
	send fw "$T/fw"
	send emr "$T/emr"
	wait_received fw $((2 * round))
	wait_received emr $((3 * round))
	seal "close$round"
	[ "$round" = 2 ] && middle=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)
done

seal all
is 'an excerpt of everything' "$status" 0
proves 'everything'
is 'shows every record' "$(shown)" "$(indexes '')"
ok 'with its bytes' grep -aq "$(printf '<14>nul')" "$evx"

ok 'README says how an excerpt is read, and nothing of segments' sh -c \
    'cd "$1" && grep -q evx README.en.txt && grep -q evx README.ja.txt &&
    ! grep -q "zcat\|@[A-Z]*@" README.??.txt' - "$bag"

seal source --source fw
proves 'by source'
is 'shows what came from it' "$(shown)" "$(indexes ' fw/udp ')"
is 'and says how many are in its range, the log'"'"'s own included' \
    "$(said shown) $(said withheld)" "$(counted shown) 0"
ok 'no word of others' ! grep -aq patient "$evx"
ok 'no salt leaves the house' ! sh -c "zcat '$S'/evidence/segments/*/*.gz |
    sed -n 's/^evseg1 .* salt=//p' | grep -f - -r '$bag'"
for kind in m1 d1 s1; do
	like "with the $kind records that it needs" \
	    "$(python3 "$srcdir/tests/system/evx.py" "$evx" \
	    "$bag/data/log/checkpoint" shown)" " $kind\$"
done
is 'no d1 of another source' "$(grep -ac 'listener=emr' "$evx")" 0

seal search --search '山田'
proves 'by a word'
is 'found in UTF-8 and in CP932' "$(shown)" \
    "$(indexes 'patient')"
like 'the package says what was looked for' \
    "$(cat "$bag/data/custody/custody.jsonl")" '"search":\["山田"\]'
is 'the log only that something was' "$(records o1 |
    grep 'searches=1 ' | grep -vc %E5%B1%B1)" 1

seal words --search allow --search 'nul '
is 'either of two words' "$(shown)" "$(indexes 'allow|nul')"

from=$(indexes allow | cut -d ' ' -f 2)
seal index --first "$from" --last $((from + 2))
proves 'by index'
is 'shows those' "$(shown)" "$(seq "$from" $((from + 2)) |
    grep -xF "$(indexes '' | tr ' ' '\n')" | tr '\n' ' ')"
like 'its name' "${bag##*/}" "^test.example-evidence-$from-$((from + 2))\$"

seal since --source fw --since "$middle"
proves 'by time'
is 'shows what came later' "$(shown)" \
    "$(indexes ' fw/udp ' | cut -d ' ' -f 5-)"
seal until --source fw --until "$middle"
is 'or before' "$(shown)" "$(indexes ' fw/udp ' | cut -d ' ' -f -4) "

seal rest --source fw --level withheld
proves 'with the leaf lines of the rest'
is 'shows what was chosen' "$(shown)" "$(indexes ' fw/udp ')"
is 'and the existence of all others' "$(shown withheld)" \
    "$(indexes ' emr/udp ')"
ok 'not their words' ! grep -aq patient "$evx"
ok 'nor who they are from' ! grep -aq listener=emr "$evx"

is 'and says how many of each' "$(said shown) $(said withheld)" \
    "$(counted shown) $(counted withheld)"
like 'as README does' "$(cat "$bag/README.en.txt")" \
    "^What .*\($(said shown) records with their content, $(said withheld) without\)"

seal withhold --withhold '山田' --source emr
proves 'without what names a patient'
is 'shows the others' "$(shown)" "$(indexes ' emr/udp .*nul')"
is 'and that there are some more' "$(shown withheld)" "$(indexes patient)"
ok 'no name, in no encoding' ! sh -c "iconv -f CP932 -t UTF-8 -c '$evx' |
    cat - '$evx' | grep -aq 山田"
seal none --search 'no such word'
is 'nothing that matches is no package' "$status $(find "$T" -name none)" '1 '

# Whole segments by time: the first ones are not among them.
seal whole --level whole --since "$middle"
first=$(said records | cut -d ' ' -f 1)
ok 'whole segments by time' [ "$first" -gt 0 ]
ok 'with what came then' sh -c "zcat '$bag'/data/log/segments/*/*.gz |
    grep -aq 'allow 10.0.0.5'"
sh "$bag/verify.sh" --pin "$S/evidence/log" >"$T/v" 2>&1
is 'they are intact' $? 0

# From hand to hand.
custody() {	# custody STEP FROM TO
	konseki custody "$1" --site "$S" --package "$T/withhold/"test*[0-9] \
	    --from "$2" --to "$3" --why 'case 1' --authority 'law 9' \
	    --place 'room 3 別館' --condition 'sealed bag 17' \
	    --from-ack 'signature' --to-ack 'seal 印'
}
ok 'a receipt' custody receipt 'Dr. A' 'Officer B'
ok 'a transfer' custody transfer 'Officer B' 'Lab C'
ok 'a return' custody return 'Lab C' 'Dr. A'
last() {	# the newest step in the casebook
	records o1 casebook | grep ' at=[0-9]* from=' | tail -n 1
}
like 'which say that it is ours, and intact' "$(last)" \
    'action=return .* known=yes verified=intact$'
cp -R "$T/withhold" "$T/copy"
custody_of() {	# custody_of PACKAGE: a receipt; its status is $status
	konseki custody receipt --site "$S" --package "$1" --from a --to b \
	    --why c --authority d --place e --condition f --from-ack g \
	    --to-ack h >"$T/said" 2>"$T/err"
	status=$?
}
# The payload changed, the tag manifest is the same.
printf x >>"$(echo "$T/copy/"test*[0-9])/data/log/log"
custody_of "$T/copy/"test*[0-9]
is 'a package that was changed is recorded, not as if it were fine' \
    "$status $(grep -c '^recorded ' "$T/said")" '3 2'
like 'but as what it is' "$(last)" 'known=yes verified=tampered$'
like 'which is said' "$(cat "$T/said" "$T/err")" 'is not intact .*data/log/log'
custody_of "$(printf a | sha256sum | cut -c 1-64)"
is 'so is one that was never handed over' \
    "$status $(grep -c '^recorded ' "$T/said")" '3 2'
like 'as unmatched' "$(last)" 'known=no$'
like 'with a warning' "$(cat "$T/err")" 'no hand-over of this package'
custody_of "$(sha256sum <"$(echo "$T/search/"test*[0-9])/tagmanifest-sha256.txt" |
    cut -c 1-64)"
is 'by its hash alone it is only known' "$status $(last | sed 's/.* to-ack=//')" \
    '0 h known=yes'
ok 'not without an acknowledgement' ! konseki custody return --site "$S" \
    --package "$T/withhold/"test*[0-9] --from a --to b --why c --authority d \
    --place e --condition f --from-ack g
hash=$(sha256sum <"$(echo "$T/withhold/"test*[0-9])/tagmanifest-sha256.txt" |
    cut -c 1-64)
for at in "$(date -d '+1 day' +%F)T00:00:00Z:in the future" \
    '2020-01-01T00:00:00Z:before the package was made'; do
	konseki --lang en custody receipt --site "$S" --package "$hash" \
	    --from a --to b --why c --authority d --place e --condition f \
	    --from-ack g --to-ack h --at "${at%:*}" >"$T/said" 2>"$T/err"
	is "nothing is recorded as done ${at##*:}" \
	    "$? $(grep -c '^recorded ' "$T/said")" '1 0'
	like 'and it is said why' "$(cat "$T/err")" "--at lies ${at##*:}"
done
konseki custody list --site "$S" --package "$hash" >"$T/list"
is 'the list has all steps' "$(awk '/^[0-9]/ { print $3 }' "$T/list" |
    tr '\n' ' ')" 'handover receipt transfer return receipt '
like 'with what was found' "$(cat "$T/list")" '^  verified +tampered$'
like 'with who, and how it was acknowledged' "$(cat "$T/list")" \
    '^  to-ack +seal 印$'
is 'in the evidence too' "$(records o1 | grep -c "package=$hash")" 5
site_stop
ok 'without a collector no step is recorded' ! custody receipt a b
verified

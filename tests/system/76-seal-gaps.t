#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A hold keeps the oldest segment of a log, and the two behind it are deleted at
# the end of their period. What is on hold can be handed over whole all the same,
# alone and with what follows; each package says what is gone of what was asked
# for, since when and on what basis, and proves it; and the numbers of records
# with and without a body are the same wherever they stand.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 71

passphrase() {
	echo "the passphrase of $1" >"$T/$1.pass"
	echo "$T/$1.pass"
}
site_make <<'END'
site: {name: 第一病院}
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
keys=$(for name in sato abe; do
	konseki retention --site "$S" --passphrase-file "$(passphrase $name)" \
	    key $name
done)
{
	sed 's/^  evidence: {/&retention: 30d, /' "$S/konseki.yml"
	echo 'retention: {approvers: ['
	echo "$keys" | sed 's/.*/"&",/'
	echo ']}'
} >"$T/new.yml"
cp "$T/new.yml" "$S/konseki.yml"
rm -r "$S/evidence" "$S/keys/evidence"
now=$(date +%s)
"$builddir/tests/system/mklog" "$S/evidence" "$S/keys/evidence" 400 6 \
    $(((now - 70 * 86400) * 1000000)) 7 || exit 99
[ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$S/evidence"
first() {	# record of a segment
	sed -n 's/^records \([0-9]*\) .*/\1/p' \
	    "$S/evidence/manifests/$(printf %012d "$1")"
}
last() {
	sed -n 's/^records [0-9]* //p' \
	    "$S/evidence/manifests/$(printf %012d "$1")"
}
by() {	# by NAME ARGUMENT...
	by_name=$1
	shift
	konseki --lang en retention --site "$S" --by "$by_name" \
	    --passphrase-file "$T/$by_name.pass" "$@" >/dev/null
}
seal() {	# seal NAME ARGUMENT...: below $T/NAME, its folder $bag
	out=$T/$1
	shift
	konseki --lang en seal --site "$S" --for Police --why 'case 1' \
	    --authority law --output "$out" "$@" >"$T/made" 2>"$T/err"
	status=$?
	bag=$(sed -n 's/^package //p' "$T/made")
	[ "$status" = 0 ] || diag "$(cat "$T/err")"
}
script() {	# script NAME STATUS ERE: what verify.sh in $bag says, two checks
	sh "$bag/verify.sh" --pin "$S/evidence/log" --handover \
	    "$S/handover/evidence.vkey" >"$T/v" 2>&1
	is "verify.sh: $1" $? "$2"
	like "verify.sh: $1, as it says" "$(cat "$T/v")" "$3"
}
verify() {	# verify NAME STATUS: one check
	konseki-verify --pin "$S/evidence/log" --key \
	    "$(cat "$S/handover/evidence.vkey")" "$bag" >"$T/v" 2>&1
	is "$1" $? "$2"
	[ "$(grep -c "$3" "$T/v")" = 0 ] && diag "$(cat "$T/v")"
}
site_start
by sato hold police --log evidence --from 0 --to 5 --basis '県警の要請 123'
by sato delete old --segments 1-2 --basis '運用管理規程 第8条'
by abe approve old
ok 'the segments behind the hold are gone' wait_for \
    '[ "$(find "$S/evidence/segments" -name "*.gz" | wc -l)" = 5 ]'
gone="$(first 1)-$(last 2)"
day="($(date -u +%F)|$(date -u -d '+9 hours' +%F))"
x1=$(records x1 | awk '{ printf "%s ", $1 }')

# The segment on hold, alone.
seal held --first 0 --last "$(last 0)"
is 'what is on hold is handed over whole' "$status" 0
is 'its one segment' "$(sed -n 's/^segments //p' "$T/made")" 1
is 'with the proof of the next that is here' \
    "$(cd "$bag/data/proofs" && echo ./*)" \
    './m1-000000000003.nonce ./m1-000000000003.tlog-proof'
verify 'and proved' 0 INTACT
script 'and proved' 0 '^RESULT: INTACT'
is 'of what was not asked for nothing is said' \
    "$(grep -c '^gone' "$bag/data/package.txt")" 0
cp -R "$bag" "$T/held.bag"

# A range that ends in what is gone, one that begins there, and all.
seal ends --first 0 --last "$(first 2)"
is 'a range that ends in the gap' "$(sed -n 's/^records //p' "$T/made")" \
    "0 $(last 0)"
like 'says what is gone' "$(cat "$T/made")" "^deleted $gone $day.* 運用管理規程"
script 'is proved' 0 "records $(first 2)-$(last 2) were deleted"
verify 'is proved' 0 INTACT
like 'and so is the deletion' "$(cat "$T/v")" \
    "records $(first 1) to $(last 2), deleted $day.*運用管理規程 第8条"
seal begins --first "$(first 2)" --last "$(last 3)"
is 'a range that begins in the gap' "$(sed -n 's/^records //p' "$T/made")" \
    "$(first 3) $(last 3)"
verify 'is proved' 0 INTACT
like 'and so is the deletion' "$(cat "$T/v")" \
    "records $(first 2) to $(last 2), deleted $day"
for range in "--last $(last 4)" ''; do
	# shellcheck disable=SC2086 # two words or none
	seal "over$range" $range
	is "a range over the gap ($range)" "$status" 0
	like 'says it to who makes it' "$(cat "$T/made")" "^deleted $gone $day"
	like 'in English' "$(cat "$bag/README.en.txt")" \
	    "^Deleted +records $gone, $day.*: 運用管理規程 第8条"
	like 'in Japanese' "$(cat "$bag/README.ja.txt")" \
	    "^削除済み +記録$gone、$day.*: 運用管理規程 第8条"
	is 'package.txt has each segment' "$(grep -c '^gone [12] ' \
	    "$bag/data/package.txt")" 2
	verify 'is proved' 0 INTACT
	like 'with the deletion' "$(cat "$T/v")" \
	    "records $(first 1) to $(last 2), deleted $day.*運用管理規程"
	script 'is proved' 0 "records $(first 1)-$(last 1) were deleted"
	is 'all of it is there or gone' "$(grep -c '欠番' "$T/v")" 0
done
cp -R "$bag" "$T/all.bag"

# Excerpts.
seal excerpt --level excerpt --first 0 --last "$(last 3)"
is 'an excerpt over the gap' "$status" 0
like 'says it' "$(cat "$T/made")" "^deleted $gone $day.* 運用管理規程"
like 'in its README' "$(cat "$bag/README.en.txt")" "^Deleted +records $gone"
for i in $x1; do
	like "record $i, which says so, is shown" \
	    "$(grep -ac "^r [0-9a-f]* x1 $i " "$bag/data/excerpt/excerpt.evx")" 1
done
verify 'is proved' 0 INTACT
like 'with the deletion' "$(cat "$T/v")" \
    "records $(first 1) to $(last 2), deleted $day.*運用管理規程"
script 'is proved' 0 "records $(first 2)-$(last 2) were deleted"
cp -R "$bag" "$T/excerpt.bag"
seal nothing --level excerpt --first "$(first 1)" --last "$(last 1)"
is 'of what is gone nothing is made' "$status" 1
like 'and it is said why' "$(cat "$T/err")" "records $(first 1)-$(last 1).* deleted $day"

# One count.
sums() {	# of the excerpt in $bag: with and without body
	a=$(sed -n 's/^records \([0-9]*\) .*/\1/p' "$bag/data/package.txt")
	b=$(sed -n 's/^records [0-9]* //p' "$bag/data/package.txt")
	LC_ALL=C awk -v a="$a" -v b="$b" '
	    /^r [0-9a-f]+ [a-z]1 [0-9]+ [0-9]+ [0-9]+:/ && $4 >= a && $4 <= b { r++ }
	    /^w [a-z]1 [0-9]+ / && $3 >= a && $3 <= b { w++ }
	    END { print r + 0, w + 0 }' "$bag/data/excerpt/excerpt.evx"
}
seal withheld --level withheld --source udp --search 'no such' --first 0 \
    --last "$(last 3)"
seal counts --level withheld --search 'policyid=1' --first 3 --last "$(last 3)"
is 'bodies are withheld' "$status" 0
counts=$(sums)
hidden=$(($(last 3) - 3 + 1 - ${counts% *} - ${counts#* } - \
    ($(last 2) - $(first 1) + 1)))
like 'of many' "$counts" '^[1-9][0-9]* [1-9][0-9]+$'
is 'seal says how many' "$(sed -n 's/^shown //p' "$T/made") $(sed -n \
    's/^withheld //p' "$T/made")" "$counts"
is 'package.txt' "$(sed -n 's/^bodies //p' "$bag/data/package.txt")" "$counts"
like 'README' "$(cat "$bag/README.en.txt")" \
    "^What .*${counts% *} records with their content, ${counts#* } without"
like 'README in Japanese' "$(cat "$bag/README.ja.txt")" \
    "^内容 .*本文あり${counts% *}件、本文なし${counts#* }件"
is 'all of the range is accounted for' "$hidden" 0
verify 'the verifier' 0 INTACT
like 'counts the same' "$(cat "$T/v")" \
    "${counts% *} records are here .*, ${counts#* } without"
seal source --level excerpt --search 'policyid=1' --first 3 --last "$(last 0)"
counts=$(sums)
like 'of those left out README says how many' "$(cat "$bag/README.en.txt")" \
    "^What .*${counts% *} records with their content, 0 without, $(($(sed -n \
    's/^records [0-9]* //p' "$bag/data/package.txt") - $(sed -n \
    's/^records \([0-9]*\) .*/\1/p' "$bag/data/package.txt") + 1 - ${counts% *})) only"
site_stop

# Somebody with the hand-over key.
again() {	# again NAME STATUS ERE BAG COMMAND
	rm -rf "$T/copy"
	cp -R "$T/$4" "$T/copy"
	(cd "$T/copy" && eval "$5")
	python3 "$srcdir/tests/system/bag.py" again "$T/copy" "$T/key.pem"
	konseki-verify --pin "$S/evidence/log" "$T/copy" >"$T/v" 2>&1
	is "$1" "$? $(grep -cE "$3" "$T/v")" "$2 1"
	sh "$T/copy/verify.sh" --pin "$S/evidence/log" >"$T/v" 2>&1
	is "$1, by verify.sh" $? "$2"
}
openssl genpkey -algorithm ed25519 -out "$T/key.pem" 2>/dev/null
again 'nothing' 0 '^INTACT' held.bag true
again 'no proof' 1 'no proof that the manifest' held.bag 'rm data/proofs/*'
again 'the manifest of what is gone changed' 1 'fault: data/log/manifests/000000000002' held.bag \
    'sed -i "s/^members ./members 9/" data/log/manifests/000000000001'
again 'a gap that nothing explains' 2 'records are not here' all.bag \
    'rm -r data/excerpt; sed -i "/^gone/d" data/package.txt;
    rm data/log/segments/*/"$(printf %012d '"$(first 4)"')".ev1.gz \
    data/proofs/m1-000000000005.*' ||
    diag "$(cat "$T/v")"
again 'a deletion that was not' 2 'are not here' excerpt.bag \
    "sed -i 's/^gone 2 .*/gone 4 $(first 4) $(last 4) 3/' data/package.txt"
again 'another count' 1 'package.txt' excerpt.bag \
    'sed -i "s/^bodies [0-9]*/bodies 1/" data/package.txt'

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# An inspector wants one record of one night and a proof that it was there. He
# gets four short texts and believes none of our programs: another library
# (Go's golang.org/x/mod/sumdb) accepts the proofs and walks the exported tree,
# and refuses what was changed by one character.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/go.sh"
go_there || skip_all "no Go with golang.org/x/mod"
plan 67

bytes() {	# of hex digits
	tr a-f A-F | tr -d '\n' | basenc -d --base16
}

ok "a log of several segments and epochs" \
	"$builddir/tests/system/mklog" "$T/log" "$T/keys" 140000 3
log=$T/log
cp "$log/log" "$T/pin"
size=$(sed -n 2p "$log/checkpoint")

# What the program says of itself.
ok "a record" konseki prove --index 77777 --output "$T/p" "$log"
line=$(sed -n 's/^extra //p' "$T/p" | base64 -d)
like "its leaf line" "$line" '^e1 77777 [0-9]+ [1-4]:[0-9]+ - [0-9]+ [0-9a-f]{64}$'
is "it is the leaf that is hashed" \
	"$(printf '\000%s' "$line" | sha256sum | cut -d' ' -f1)" \
	"$(konseki show --leaves --from 77777 --to 77777 "$log" |
		grep -Eo '[0-9a-f]{64}')"
ok "the proof has at most 4096 bytes" [ "$(wc -c <"$T/p")" -le 4096 ]
like "it can be checked without the log" \
	"$(konseki prove --check "$T/p" --pin "$T/pin")" "^proved: $line"
like "without the pin it says so" "$(konseki prove --check "$T/p")" \
	'signature was not checked'
like "in Japanese" "$(konseki --lang ja prove --check "$T/p")" '証明済み'
nonce=$(konseki prove --index 77777 "$log" 2>&1 >/dev/null |
	sed 's/.*: //')
konseki show --raw --from 77777 --to 77777 "$log" >"$T/body"
is "nonce and body make the commitment" \
	"$({ printf %s "$nonce" | bytes
		sha256sum <"$T/body" | cut -c1-64 | bytes
	} | sha256sum | cut -d' ' -f1)" "${line##* }"
# Who has all four needs no log: proof, pin, nonce and body.
checked() {	# checked ARG...: what --check says, and its status
	konseki prove --check "$@" --pin "$T/pin" 2>&1
	echo "status $?"
}
like "who has nonce and body is told that they are the record's" \
	"$(checked "$T/p" --record "$T/body" --nonce "$nonce" | tr '\n' ' ')" \
	"^proved: $line its content is $T/body in the $size records.* status 0 "
{ cat "$T/body"; echo; } >"$T/body2"
like "a body with one byte more is not" \
	"$(checked "$T/p" --record "$T/body2" --nonce "$nonce" | tr '\n' ' ')" \
	'body2, with this nonce, is not the record that is proved status 1'
like "nor is another nonce's" "$(checked "$T/p" --record "$T/body" \
	--nonce "$(echo "$nonce" | tr 0-9 1-90)")" 'status 1'
like "a nonce has 32 digits" "$(checked "$T/p" --record "$T/body" \
	--nonce 12)" '32 digits'
like "one goes with the other" "$(checked "$T/p" --record "$T/body")" \
	'go together'
like "in Japanese" "$(konseki --lang ja prove --check "$T/p" --record \
	"$T/body" --nonce "$nonce")" '本文は.*一致します'
konseki prove --index 77777 --log "$log" >"$T/p2" 2>/dev/null
same "it is the same on standard output" "$T/p" "$T/p2"
ok "there is no record beyond the checkpoint" \
	! konseki prove --index "$size" "$log"
ok "nor a checkpoint" ! konseki prove --from $((size + 1)) "$log"
ok "nothing is proved from nothing" ! konseki prove --from 0 "$log"
konseki prove "$log" >/dev/null 2>&1
is "a call that asks nothing" $? 2
konseki prove --index 1 --from 1 "$log" >/dev/null 2>&1
is "or two things" $? 2
konseki prove --range 5-4 "$log" >/dev/null 2>&1
is "or a range that ends before it begins" $? 2

# A range: its leaves between the subtrees before and behind.
konseki prove --range 1000-1299 "$log" >"$T/range"
is "300 records in a row" "$(grep -c '^leaf ' "$T/range")" 300
is "as they stand in the log" \
	"$(sed -n 's/^leaf [a-z0-9]* \([0-9]*\) .*/\1/p' "$T/range")" \
	"$(seq 1000 1299)"
is "behind what stands before" \
	"$(sed -n 's/^before \([0-9]*\) .*/\1/p' "$T/range" | tr '\n' ' ')" \
	"9 8 7 6 5 3 "

like "the range is checked without the log" \
	"$(checked "$T/range" | tr '\n' ' ')" \
	"^proved: the records 1000 to 1299, .* in the $size records of .* status 0"
for i in '1,1s/1000/1001/' '2,2s/[0-9a-f]$/x/' '20d' '20p' '20{h;d};21G' \
	'20s/ - / x /' '/^after/{d;q}' '/^before/d' 's/^evrange1 1000 1299/evrange1 1000 1298/'; do
	sed "$i" "$T/range" >"$T/range2"
	like "not with $i" "$(checked "$T/range2")" 'status 1'
done
sed '20s/\(.*\)[0-9a-f]/\1x/' "$T/range" >"$T/range2"
like "that is not these records, it says" "$(checked "$T/range2")" \
	'it does not prove these records'
sed 's/^key .*/key a+00000000+AYqI4910CfGV\/VLbLTy6XXLKZwm\/HZQSG\/N0iAG0D29c/' \
	"$T/pin" >"$T/pin2"
konseki prove --check "$T/range" --pin "$T/pin2" >/dev/null 2>&1
is "not with another pin" $? 1
like "a range is not one record" "$(checked "$T/range" --record "$T/body" \
	--nonce "$nonce")" 'not the proof of one record'
konseki prove --range 0-$((size - 1)) --output "$T/all" "$log"
like "the whole log is a range too" "$(checked "$T/all")" 'status 0'

# What another library says.
ok "the other reader builds" go_build "$T/prove" "$srcdir/tests/system/prove.go"
go() {
	"$T/prove" "$T/pin" "$@" 2>&1
}
for i in 0 1 255 256 65535 65536 77777 $((size - 1)); do
	konseki prove --index $i --output "$T/p" "$log" 2>/dev/null
	is "it accepts record $i" "$(go inclusion "$T/p")" "ok $i $size"
done
sed 's/^index .*/index 77776/' "$T/p2" >"$T/p3"
like "not at another index" "$(go inclusion "$T/p3")" 'invalid'
ok "nor do we" ! konseki prove --check "$T/p3" --pin "$T/pin"
old=$(find "$log/checkpoints" -type f -printf '%f\n' | sort | sed -n 2p)
n=$(echo "$old" | sed 's/^0*//')
konseki prove --from "$n" --output "$T/c" "$log"
is "the log extends the checkpoint of $n records" \
	"$(go consistency "$T/c" "$log/checkpoints/$old")" "ok $n $size"
head -n 3 "$log/checkpoints/$old" >"$T/paper"
like "so do we, with the checkpoint that was kept" \
	"$(checked "$T/c" --old "$log/checkpoints/$old" | tr '\n' ' ')" \
	"^proved: the $n records of .* stand unchanged in the $size records.*status 0"
like "or its three lines" "$(checked "$T/c" --old "$T/paper")" 'status 0'
like "without one nothing is compared" "$(checked "$T/c")" \
	'name that with --old FILE'
sed 3s/./X/ "$T/paper" >"$T/paper2"
like "another log of that size is not extended" \
	"$(checked "$T/c" --old "$T/paper2")" 'it does not prove that this log grew'
sed 1s/^/x/ "$T/paper" >"$T/paper2"
like "nor one of another name" "$(checked "$T/c" --old "$T/paper2")" 'status 1'
sed "3s/./X/" "$log/checkpoints/$old" >"$T/paper2"
like "nor a note that the log did not sign" \
	"$(checked "$T/c" --old "$T/paper2")" 'not a checkpoint of this log'
sed "s/^old .*/old $((n - 1))/" "$T/c" >"$T/c2"
like "and not another" "$(go consistency "$T/c2" "$log/checkpoints/$old")" \
	'invalid'
konseki prove --from "$size" "$log" >"$T/c"
is "it extends itself, without a hash" \
	"$(go consistency "$T/c" "$log/checkpoint")" "ok $size $size"

# The whole tree.
ok "the tree as tiles" konseki prove --tiles "$T/tiles" "$log"
is "every record and the root are in them" "$(go tiles "$T/tiles")" "ok $size"
same "they have our tiles in them" "$T/tiles/tile/1/001" "$log/tile/1/001"
ok "a folder that is there is left alone" \
	! konseki prove --tiles "$T/tiles" "$log"

# Without tiles, and with wrong ones, it takes longer and is the same.
mv "$log/tile" "$T/away"
konseki prove --index 77777 "$log" 2>/dev/null >"$T/p"
same "without tiles" "$T/p" "$T/p2"
mkdir -p "$log/tile/1" "$log/tile/2"
head -c 8192 /dev/urandom | tee "$log/tile/1/000" "$log/tile/2/000" \
	>"$log/tile/1/001"
konseki prove --index 77777 "$log" 2>/dev/null >"$T/p"
same "with wrong tiles" "$T/p" "$T/p2"
konseki-verify --pin "$T/pin" "$log" >"$T/out"
is "the verifier does not look at them" $? 0
is "and knows their name" "$(grep -c tile "$T/out")" 0

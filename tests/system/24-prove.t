#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# An inspector wants one record of one night and a proof that it was there. He
# gets four short texts and believes none of our programs: another library
# (Go's golang.org/x/mod/sumdb) accepts the proofs and walks the exported tree,
# and refuses what was changed by one character.
. "${srcdir:-.}/tests/lib.sh"

mod=${KONSEKI_GOPATH:-/usr/share/gocode}
command -v go >/dev/null || skip_all "no go"
[ -d "$mod/src/golang.org/x/mod/sumdb" ] ||
	skip_all "no golang-golang-x-mod-dev"
plan 41

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

# What another library says.
HOME=$T GO111MODULE=off GOPATH=$mod GOCACHE=$T/go GOFLAGS=
export HOME GO111MODULE GOPATH GOCACHE GOFLAGS
ok "the other reader builds" go build -o "$T/prove" "$srcdir/tests/system/prove.go"
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

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The police ask for a hospital's firewall log. One command makes a package of
# whole segments; somebody who has never heard of konseki checks it with the
# programs that every Linux has, under three shells, and with other people's
# BagIt, CMS and tar. Nothing is overwritten, nothing half-made is seen, and that
# it was handed over stands in both logs.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tsa.sh"
. "$srcdir/tests/system/go.sh"
plan 66

# Whose certificate signs, and for whom it is encrypted.
certificate() {	# certificate NAME: a CA-signed one, below $T
	openssl req -new -newkey rsa:2048 -nodes -keyout "$T/$1.key" \
	    -out "$T/$1.csr" -subj "/CN=$1" 2>/dev/null &&
	    openssl x509 -req -in "$T/$1.csr" -CA "$T/ca.pem" \
		-CAkey "$T/ca.key" -CAcreateserial -days 30 -out "$T/$1.pem" \
		2>/dev/null
}
certificates
certificate hospital
certificate police
tsa_make >"$T/openssl.err" 2>&1 || diag "$(cat "$T/openssl.err")"
echo good >"$A/mode"
start tsa python3 "$srcdir/tests/system/tsa.py" "$A"
wait_for '[ -s "$T/tsa.out" ]'
site_make <<END
anchor: {tsa: [{url: "http://127.0.0.1:$(cat "$T/tsa.out")/", ca: $A/ca.pem}]}
site: {name: 第一病院}
handover: {certificate: $T/hospital.pem, key: $T/hospital.key}
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
cp "$S/evidence/log" "$T/pin"
cp "$S/handover/evidence.vkey" "$T/vkey"

seal() {	# seal ARGUMENT...: with what must be said
	konseki seal --site "$S" --for 'Example Police' --why 'case 12' \
	    --authority 'warrant 34' "$@"
}
ok 'a hand-over that cannot be recorded is not made' ! seal --output "$T/none"
is 'and leaves nothing' "$(ls "$T/none" 2>/dev/null)" ''
site_start

# CP932, NUL bytes, a forged head, no line end.
{
	printf '<13>plain\n<13>nul \000 and \377\376\n<13>\203e\203X\203g\r\n'
	printf 'x\ne1 1795000000000000 1 - 3\nabc\n\nno line end'
} >"$T/fw.log"
konseki import --site "$S" "$T/fw.log" >"$T/said"
port=$(port udp)
printf '<13>by UDP \203e\203X\203g \000' >"$T/udp"
logger_udp() {
	python3 -c 'import socket, sys
socket.socket(type=socket.SOCK_DGRAM).sendto(
    open(sys.argv[2], "rb").read(), ("127.0.0.1", int(sys.argv[1])))' \
	    "$port" "$T/udp"
}
logger_udp
wait_received udp 1

out="$T/to hand over 引渡し"
ok 'a package is made' sh -c 'exec >"$1"; shift; exec "$@"' - "$T/made" \
    konseki seal --site "$S" --for 'Example Police' --why 'case 12' \
    --authority 'warrant 34' --output "$out" --encrypt-to "$T/police.pem"
bag=$(sed -n 's/^package //p' "$T/made")
hash=$(sed -n 's/^sha256 \([0-9a-f]*\) .*/\1/p' "$T/made")
is 'where it was told to' "${bag%/*}" "$out"
like 'its name is origin and range' "${bag##*/}" \
    '^test\.example-evidence-0-[0-9]+$'
is 'what is printed is the hash of the tag manifest' "$hash" \
    "$(sha256sum <"$bag/tagmanifest-sha256.txt" | cut -d ' ' -f 1)"
is 'beside it the encrypted copy, the custody form and nothing else' \
    "$(find "$out" -mindepth 1 -maxdepth 1 | wc -l)" 3

# What everybody has.
(cd "$bag" && sha256sum --strict -c tagmanifest-sha256.txt \
    manifest-sha256.txt) >"$T/sums" 2>&1
is 'sha256sum finds all files' $? 0
is 'and no other lies in data' "$(cd "$bag" && find data -type f | sort)" \
    "$(cut -c 67- "$bag/manifest-sha256.txt" | sort)"
for f in bagit.txt bag-info.txt manifest-sha256.txt README.ja.txt \
    README.en.txt verify.sh; do
	ok "$f is in the tag manifest" grep -q "  $f\$" \
	    "$bag/tagmanifest-sha256.txt"
done
file=$(echo "$bag"/data/log/segments/*/*.gz)
ok 'zcat shows the bodies' sh -c "zcat '$file' | grep -aq 'no line end'"
same 'the segment is the log'"'"'s own' "$file" \
    "$S/evidence/${file#*/data/log/}"
for sh in dash bash 'busybox sh'; do
	command -v "${sh%% *}" >/dev/null || { skip 3 "no $sh"; continue; }
	# shellcheck disable=SC2086 # two words
	$sh "$bag/verify.sh" --pin "$T/pin" --handover "$T/vkey" \
	    --ca "$T/ca.pem" --tsa "$A/ca.pem" >"$T/v" 2>&1
	is "verify.sh under $sh" "$? $(grep -c '^ok' "$T/v")" '0 25'
	is "$sh: nothing but ok" "$(grep -v '^ok' "$T/v" |
	    cut -d / -f 1)" 'note  times, seals and what else data holds are for konseki-verify 
RESULT: INTACT '
	# shellcheck disable=SC2086
	(cd / && $sh "$bag/verify.sh" >"$T/v" 2>&1)
	is "$sh: without a pin it says so" "$? $(tail -n 1 "$T/v" |
	    cut -d : -f 2 | cut -d ';' -f 1)" '2  consistent'
done
# busybox with nothing but its own tools, and openssl.
if command -v busybox >/dev/null; then
	mkdir "$T/bb"
	for a in $(busybox --list); do
		ln -s "$(command -v busybox)" "$T/bb/$a"
	done
	ln -sf "$(command -v openssl)" "$T/bb/openssl"
	ok 'verify.sh with the tools of busybox' env PATH="$T/bb" \
	    "$T/bb/sh" "$bag/verify.sh" --pin "$T/pin"
else
	skip 1 'no busybox'
fi
ok 'its length' [ "$(wc -l <"$bag/verify.sh")" -lt 270 ]

# Other people's programs.
ok 'openssl cms' openssl cms -verify -binary -inform DER \
    -in "$bag/tagmanifest-sha256.txt.p7s" -CAfile "$T/ca.pem" -purpose any \
    -content "$bag/tagmanifest-sha256.txt" -out /dev/null
ok 'openssl ts' openssl ts -verify -data "$bag/tagmanifest-sha256.txt" \
    -in "$bag/tagmanifest-sha256.txt.tsr" -CAfile "$A/ca.pem"
like 'the time was said' "$(cat "$T/made")" '^timestamp 20.*Z$'
openssl cms -decrypt -inform DER -in "$bag.tar.cms" -recip "$T/police.pem" \
    -inkey "$T/police.key" -out "$T/bag.tar"
is 'openssl opens the encrypted copy' $? 0
mkdir "$T/open" && tar -C "$T/open" -xf "$T/bag.tar"
is 'tar unpacks it' $? 0
ok 'it is the same folder' diff -r "$bag" "$T/open/${bag##*/}"
is 'its hash was said' "$(sed -n 's/^encrypted \([0-9a-f]*\) .*/\1/p' \
    "$T/made")" "$(sha256sum <"$bag.tar.cms" | cut -d ' ' -f 1)"
if python3 -c 'import bagit' 2>/dev/null; then
	ok 'the Library of Congress validator' python3 -m bagit --validate \
	    "$bag"
else
	skip 1 'no Python module bagit'
fi
if go_there; then # whether Go's own library takes the hand-over note
	cat >"$T/note.go" <<'END'
package main

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

func main() {
	vkey, _ := os.ReadFile(os.Args[1])
	msg, _ := os.ReadFile(os.Args[2])
	v, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	if err == nil {
		var n *note.Note
		if n, err = note.Open(msg, note.VerifierList(v)); err == nil {
			fmt.Print(n.Text)
			return
		}
	}
	fmt.Println(err)
	os.Exit(1)
}
END
	go_build "$T/reader" "$T/note.go" >"$T/note" 2>&1 && "$T/reader" \
	    "$T/vkey" "$bag/tagmanifest-sha256.txt.note" >"$T/note" 2>&1
	is 'Go opens the note' "$(sed -n 3p "$T/note")" "$hash"
else
	skip 1 'no Go with golang.org/x/mod'
fi

# For people.
like 'README: filled in' "$(cat "$bag/README.en.txt")" '^For +Example Police$'
like 'in Japanese' "$(cat "$bag/README.ja.txt")" '^提出元 +第一病院$'
like 'how long a key of an epoch is in use' "$(cat "$bag/README.en.txt")" \
    ' key for 600 seconds only'
like 'what the script ends with' "$(cat "$bag/README.ja.txt")" \
    '^    3   検証できない'
ok 'how a segment is read, and nothing of excerpts' sh -c \
    'cd "$1" && grep -q zcat README.en.txt && grep -q zcat README.ja.txt &&
    ! grep -q "evx\|抜粋の" README.??.txt' - "$bag"
is 'no gap is left' "$(grep -c '@[A-Z]*@' "$bag/README.en.txt" \
    "$bag/README.ja.txt" | cut -d : -f 2 | sort -u)" 0
like 'package.txt' "$(cat "$bag/data/package.txt")" '^authority warrant 34$'
like 'who else vouches for it' "$(cat "$bag/data/keys/policy")" \
    '^tsa http://127.0.0.1:'
like 'custody so far' "$(cat "$bag/data/custody/custody.jsonl")" \
    '^\{"step":"export".*"for":"Example Police".*"record":[0-9]+\}$'

# It is a step of custody, in both logs.
for log in evidence casebook; do
	like "the $log has its hash" "$(records o1 $log)" \
	    "uid=$(id -u) action=handover package=$hash "
done
like 'and that it was asked for' "$(records o1)" \
    'action=export what=seal log=evidence level=whole .* for=Example%20Police'

# Never over anything, and never half.
last=${bag##*-}
cp -R "$bag" "$T/copy"
ok 'the same again is refused' ! seal --output "$out" --last "$last"
ok 'the first is as it was' diff -r "$bag" "$T/copy"
printf 'no key\n' >"$T/no.pem"
ok 'a key that is none' ! seal --output "$T/broken" --last "$last" \
    --certificate "$T/no.pem" --key "$T/no.pem"
is 'leaves nothing behind' "$(ls -A "$T/broken")" ''
echo busy >"$A/mode"
ok 'without a token, when no authority answers' seal --output "$T/unstamped" \
    --last "$last"
like 'and it says so' "$(seal --output "$T/unstamped2" --last "$last" 2>&1)" \
    'no time stamp of http://127.0.0.1:.*: HTTP 503'
ok 'verify.sh misses it, if it is asked to' ! sh "$T/unstamped"/test*/verify.sh \
    --tsa "$A/ca.pem"
ok 'no such segment' ! seal --output "$T/broken" --first 99999999
ok 'whole segments are not filtered' ! seal --source udp
ok 'a reason must be given' ! konseki seal --site "$S" --for x --authority y

# Killed at some moment: the final name is there whole or not at all.
i=0 half=0
while [ $i -lt 12 ]; do
	i=$((i + 1))
	seal --output "$T/kill" --last "$last" >/dev/null 2>&1 &
	p=$!
	python3 -c "import time; time.sleep($i * 0.004)"
	kill -KILL $p 2>/dev/null
	wait $p 2>/dev/null
	for b in "$T"/kill/test*[0-9]; do
		[ ! -d "$b" ] || sh "$b/verify.sh" --pin "$T/pin" >/dev/null ||
		    half=1
		rm -rf "$b"
	done
done
is 'a killed seal leaves no half package' $half 0
site_stop
seal --unrecorded --output "$T/alone" >"$T/made" 2>"$T/err"
is 'without a collector, if told to' $? 0
like 'it says what it could not do' "$(cat "$T/err")" \
    'could not be recorded: the collector is not running'
alone=$(sed -n 's/^package //p' "$T/made")
is 'the package says so too, and is sound' "$(grep -c '"record":null' \
    "$alone/data/custody/custody.jsonl") $(sh "$alone/verify.sh" \
    --pin "$T/pin" | tail -n 1 | cut -d / -f 1)" '1 RESULT: INTACT '
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What the script in a package says is what konseki-verify says: evidence does not
# spoil when certificates expire, and nothing that was not looked at is called
# intact. The insider has the hospital's hand-over key and makes all hashes and
# signatures anew; who needs no key lays pipes and devices in the place of files.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tsa.sh"
plan 55

certificates
tsa_make >"$T/openssl.err" 2>&1 || diag "$(cat "$T/openssl.err")"
site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start
for round in 1 2 3; do
	seq 1 20 | sed "s/^/<13>line $round /" >"$T/in"
	printf '<13>nul \000 in round %s\n\n' $round >>"$T/in"
	konseki import --site "$S" "$T/in" >/dev/null
	konseki seal --site "$S" --for Police --why x --authority y \
	    --output "$T/$round" >"$T/made"
done
konseki seal --site "$S" --for Police --why x --authority y --level withheld \
    --search 'line 2' --search nul --withhold 'line 2 7' --output "$T/part" >"$T/made"
konseki seal --site "$S" --for Police --why x --authority y --first 60 \
    --output "$T/late" >"$T/made"
mv "$T/3/"test*[0-9] "$T/whole"
mv "$T/late/"test*[0-9] "$T/later"
mv "$T/part/"test*[0-9] "$T/excerpt"
pin=$S/evidence/log
vkey=$S/handover/evidence.vkey
is 'there are three segments' "$(find "$T/whole" -name '*.gz' | wc -l)" 3
{
	echo 302e020100300506032b657004220420 | tr a-f A-F | basenc -d --base16
	cut -d + -f 5- "$S/handover/evidence.key" | base64 -d | tail -c 32
} >"$T/key.der"
openssl pkey -inform DER -in "$T/key.der" -out "$T/key.pem"

judge() {	# judge [ARGUMENT...]: $status and $T/v of verify.sh in $T/x
	timeout 60 sh "$T/x/verify.sh" --pin "$pin" --handover "$vkey" "$@" \
	    >"$T/v" 2>&1
	status=$?
}
same_verdict() {	# same_verdict NAME STATUS WORDS: as konseki-verify's
	judge
	konseki-verify --pin "$pin" --key "$(cat "$vkey")" "$T/x" >"$T/kv" 2>&1
	if [ "$status $?" = "$2 $2" ] && grep -q "$3" "$T/v"; then
		tap 0 "$1"
	else
		tap 1 "$1"
		diag "status $status, want $2: $3" "$(cat "$T/v" "$T/kv")"
	fi
}
bag() {	# bag PACKAGE COMMAND: a copy in $T/x, changed
	rm -rf "$T/x"
	cp -Rp "$T/$1" "$T/x"
	(cd "$T/x" && eval "$2") || diag "could not: $2"
}
anew() {
	python3 "$srcdir/tests/system/bag.py" again "$T/x" "$T/key.pem"
}
insider() {	# insider PACKAGE NAME STATUS WORDS COMMAND
	bag "$1" "$5"
	anew
	same_verdict "$2" "$3" "$4"
}
on_the_way() {	# on_the_way NAME WORDS COMMAND: without any key
	bag whole "$3"
	same_verdict "$1" 1 "$2"
}

# The excerpt: what stands in it, and nothing else, leads to the checkpoint.
evx=data/excerpt/excerpt.evx
edit() {	# edit EXPRESSION: of Python, over the bytes b
	python3 -c 'import re, sys
b = open(sys.argv[1], "rb").read()
n = eval(sys.argv[2])
assert n != b
open(sys.argv[1], "wb").write(n)' $evx "$1"
}
wrong='^FAIL  excerpt'
insider excerpt 'an excerpt as it was made' 0 '^ok    excerpt' true
for sh in bash 'busybox sh'; do
	command -v "${sh%% *}" >/dev/null || { skip 1 "no $sh"; continue; }
	# shellcheck disable=SC2086 # two words
	is "under $sh" "$($sh "$T/x/verify.sh" --pin "$pin" --handover "$vkey" |
	    grep -v '^note' | tail -n 1 | cut -d / -f 1)" 'RESULT: INTACT '
done
like 'what it holds is counted' "$(cat "$T/v")" \
    'excerpt: [1-9][0-9]* records, and [1-9][0-9]* without body'
insider excerpt 'a body changed' 1 "$wrong" \
    'edit "b.replace(b\"line 2 9\", b\"line 2 8\")"'
insider excerpt 'a NUL taken out' 1 "$wrong" \
    'edit "b.replace(b\"nul \\0 in\", b\"nul  in\")"'
insider excerpt 'a NUL put into a line' 1 "$wrong" \
    'edit "re.sub(rb\"\\nw e1 \", b\"\\nw e1\\0 \", b, count=1)"'
insider excerpt 'a time changed' 1 "$wrong" \
    'edit "re.sub(rb\"(\\nw e1 \\d+ \\d{15})\\d\", rb\"\\g<1>x\", b, count=1)"'
insider excerpt 'a line that is none' 1 "$wrong" \
    'edit "b + b\"h 0 0 0\\n\""'
insider excerpt 'the end cut off' 1 "$wrong" 'edit "b[:-70]"'
insider excerpt 'a record left out' 1 "$wrong" \
    'edit "re.sub(rb\"\\nw [^\\n]*\", b\"\", b, count=1)"'
insider excerpt 'numbers no shell counts with' 1 "$wrong" \
    'edit "re.sub(rb\"\\nh \\d+ \\d+\", b\"\\nh 08 0\", b, count=1) + b\"h 08 09 0\\n\""'
insider excerpt 'no excerpt in it' 1 'an excerpt and nothing else' "rm $evx"

# Whole segments: all of them, or the hole is said.
second='$(find data/log/segments -name "*.gz" | sort | sed -n 2p)'
insider whole 'as it was made' 0 'INTACT' true
insider whole 'a segment and its proof taken out' 2 'RESULT: .*are not here' \
    "rm $second data/proofs/m1-000000000002*"
insider whole 'all of them taken out' 1 '^FAIL.*with its proof' \
    'rm -r data/log/segments data/proofs'
insider later 'the manifest of a segment that is not here' 1 \
    '^FAIL  each manifest' 'sed -i "s/^time ./time 9/" \
    data/log/manifests/000000000000'
insider whole 'a kind that is none' 1 '^FAIL  kind' \
    'sed -i "s/^kind .*/kind part/" data/package.txt'
insider whole 'a checkpoint of another size' 1 '^FAIL  package.txt' \
    'sed -i "s/^size .*/&0/" data/package.txt'
insider whole 'a line behind the checkpoint' 1 '^FAIL  the checkpoint' \
    'echo more >>data/log/checkpoint'
insider whole 'a line behind a proof' 1 '^FAIL  proof of' \
    'echo more >>data/proofs/m1-000000000002.tlog-proof'
bag whole 'sed "s/^file .*/file ..\/..\/..\/..\/..\/..\/dev\/zero/" \
    data/log/manifests/000000000002 >y && mv y data/log/manifests/000000000002'
anew
judge
is 'a manifest that leads out of the package' \
    "$status $(grep -c '^FAIL    bytes of - ' "$T/v")" '1 1'
bag whole 'echo "$(printf %064d 0)  ../../../../../../dev/zero" \
    >>manifest-sha256.txt'
judge
is 'and such a line of a list' "$status" 1

# Beside the files: what nobody signed.
stray='^FAIL  nothing else beside data'
on_the_way 'another file' "$stray" 'echo read me first >README.txt'
on_the_way 'one that is called like a signature' "$stray" \
    'echo >tagmanifest-sha256.txt.no'
on_the_way 'another folder' "$stray" 'mkdir extra'
on_the_way 'a file in it' "$stray" 'mkdir extra && echo >extra/x'
on_the_way 'a name of two lines' "$stray" 'echo >"verify.sh
data"'
on_the_way 'a text behind the signature' '^FAIL  it is over this bag' \
    'echo "and more" >>tagmanifest-sha256.txt.note'
on_the_way 'another line in the form of a signature' '^FAIL  it is over' \
    'printf "— x y\n" >>tagmanifest-sha256.txt.note'
on_the_way 'another key id' '^FAIL  signature of' \
    'sed "s|^\(— [^ ]* \).|\1/|" tagmanifest-sha256.txt.note >"$T/y" &&
    mv "$T/y" tagmanifest-sha256.txt.note'
on_the_way 'a note of 2 GB' '^FAIL  no file is too large' \
    'truncate -s 2G tagmanifest-sha256.txt.note'

bag whole 'printf "x\nRESULT: INTACT \033[8m+1+x\n" >data/keys/handover.vkey'
timeout 60 sh "$T/x/verify.sh" --pin "$pin" >"$T/v" 2>&1
is 'a name that forges a line' "$? $(grep -c '^RESULT' "$T/v") $(tr -cd '\033' \
    <"$T/v" | wc -c)" '1 1 0'

# In the place of a file: a pipe, which nobody writes to, or a device.
for f in bagit.txt tagmanifest-sha256.txt tagmanifest-sha256.txt.note \
    manifest-sha256.txt data/log/checkpoint data/log/log data/keys/policy; do
	on_the_way "a pipe for $f" '^FAIL  files and folders only' \
	    "rm $f && mkfifo $f"
done
on_the_way 'a device for bagit.txt' '^FAIL  files and folders only' \
    'ln -sf /dev/zero bagit.txt'

# Certificates of some seconds, and such as had expired when they signed.
end=$(($(date +%s) + 10))
past='-startdate 20200101000000Z -enddate 20210101000000Z'
brief="-startdate 20200101000000Z -enddate $(date -u -d "@$end" +%Y%m%d%H%M%SZ)"
vouch() {	# vouch: by the certificates $T/tsa/tsa-x.pem and cms-x.pem
	openssl ts -query -data tagmanifest-sha256.txt -sha256 -cert \
	    -out "$T/query" &&
	tsa_reply "$T/query" tagmanifest-sha256.txt.tsr "tsa-$1" &&
	openssl cms -sign -binary -in tagmanifest-sha256.txt -outform DER \
	    -signer "$A/cms-$1.pem" -inkey "$A/cms-$1.key" \
	    -out tagmanifest-sha256.txt.p7s
}
# shellcheck disable=SC2086 # several options
{
	tsa_cert tsa-brief critical,timeStamping $brief &&
	    tsa_cert cms-brief emailProtection $brief &&
	    bag whole 'vouch brief' && mv "$T/x" "$T/brief"
	tsa_cert tsa-past critical,timeStamping $past &&
	    tsa_cert cms-past emailProtection $past
} >"$T/openssl.err" 2>&1 || diag "$(cat "$T/openssl.err")"
wait_for "[ \$(date +%s) -gt $end ]"
ok 'a certificate that expired since' ! openssl verify -CAfile "$A/ca.pem" \
    "$A/cms-brief.pem"
bag brief true
judge --ca "$A/ca.pem" --tsa "$A/ca.pem"
is 'its signature is as good as on its day' \
    "$status $(grep -c '^ok    .* at the time stamp' "$T/v")" '0 1'
judge --ca "$A/ca.pem"
is 'without a token that was checked on the day that the package names' \
    "$status $(grep -c '^ok    CMS .* at the time in package.txt' "$T/v")" '0 1'
bag brief 'printf x >>tagmanifest-sha256.txt.tsr
    printf x >>tagmanifest-sha256.txt.p7s'
judge
is 'bytes behind token and signature' \
    "$status $(grep -c '^FAIL  time stamp is\|^FAIL  CMS' "$T/v")" '1 2'
bag brief 'vouch past' >"$T/openssl.err" 2>&1
judge --ca "$A/ca.pem" --tsa "$A/ca.pem"
is 'certificates that had expired when they signed' \
    "$status $(grep -c '^FAIL  time stamp, \|^FAIL  CMS' "$T/v")" '1 2'
konseki-verify --pin "$pin" --cert "$A/ca.pem" "$T/x" >"$T/kv" 2>&1
is 'for konseki-verify too' "$? $(grep -c 'p7s' "$T/kv")" '1 1'
bag brief 'rm tagmanifest-sha256.txt.tsr'
judge --tsa "$A/ca.pem"
konseki-verify --pin "$pin" --tsa "$A/ca.pem" "$T/x" >"$T/kv" 2>&1
is 'no token though its authority was named' "$status $?" '2 2'
bag brief true
konseki-verify --pin "$pin" --cert "$A/ca.pem" "$T/x" >"$T/kv" 2>&1
is 'konseki-verify looks at the day of signing, not at today' $? 0
echo other >"$T/other"
openssl ts -query -data "$T/other" -sha256 -cert -out "$T/query"
tsa_reply "$T/query" "$T/x/tagmanifest-sha256.txt.tsr" 2>/dev/null
judge
is 'a token over something else, whoever is trusted' \
    "$status $(grep -c '^FAIL  time stamp is over' "$T/v")" '1 1'
# The first segment is gone, and nothing says that it was deleted.
first=$(find "$S/evidence/segments" -name 000000000000.ev1.gz)
mv "$first" "$T/first.gz"
konseki seal --site "$S" --for Police --why x --authority y \
    --output "$T/without" >"$T/made" 2>&1
mv "$T/first.gz" "$first"
rm -rf "$T/x"
mv "$T/without/"test*[0-9] "$T/x"
same_verdict 'a first segment that is not here' 2 'are not here'
site_stop
verified

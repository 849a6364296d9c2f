#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A package made by another program, from the pages of the format alone, is proved:
# whole segments and an excerpt. Then somebody changes it on the way, or has the
# hand-over key and makes all hashes and signatures anew: what the log did not sign
# is not proved. Whatever hostile files lie in it, the verdict is clear and quick.
. "${srcdir:-.}/tests/lib.sh"
plan 78

key=$T/handover.pem
"$builddir/tests/system/mklog" "$T/log" "$T/keys" 3000 3 || exit 99
cp "$T/log/log" "$T/pin"
bag=$srcdir/tests/system/bag.py
python3 "$bag" whole "$T/log" 0 1 "$T/whole" "$key"
python3 "$bag" whole "$T/log" 1 1 "$T/middle" "$key"
python3 "$bag" excerpt "$T/log" 700 950 "$T/part" "$key"
vkey=$(cat "$T/whole/data/keys/handover.vkey")

verify() {	# verify BAG [ARG...]: $status and $out
	timeout 20 konseki-verify --pin "$T/pin" --key "$vkey" "$@" \
	    >"$T/out" 2>&1
	status=$?
}
for b in whole middle part; do
	verify "$T/$b"
	is "$b: intact" $status 0
	[ $status = 0 ] || diag "$(cat "$T/out")"
	verify --anchor "$T/log/checkpoint" "$T/$b"
	like "$b: an anchor fits" "$(cat "$T/out")" 'an outside anchor says so'
	awk 'NR == 2 { $0 += 10 } NR < 4' "$T/log/checkpoint" >"$T/later"
	verify --anchor "$T/later" "$T/$b"
	is "$b: one that was made later cannot be compared" \
	    "$status $(grep -c 'only a proof of the log' "$T/out")" '2 1'
done
like 'what is withheld is counted' "$(cat "$T/out")" \
    '168 records are here .*, 83 without'
konseki-verify "$T/part" >"$T/out"
like 'without pins it says so' "$(cat "$T/out")" 'not pinned.*'
verify --json "$T/whole"
like 'as JSON' "$(cat "$T/out")" '"package":"whole".*"key_pinned":true'
verify --lang ja "$T/part"
like 'in Japanese' "$(cat "$T/out")" '本文を伏せた記録83件'

openssl req -x509 -newkey ed25519 -nodes -keyout "$T/ca.key" -out "$T/ca.pem" \
    -subj /CN=ca 2>/dev/null
verify --tsa "$T/ca.pem" "$T/whole"
is 'a token was asked for and there is none: incomplete' $status 2
like 'and it is said' "$(cat "$T/out")" 'no time-stamp token'
# What cannot be used to check with says nothing of the package.
for a in "--key $T/whole/data/keys/handover.vkey" "--key ${vkey%?}" \
    "--policy $T/whole/data/keys/policy" "--policy $T/whole/data/log/log" \
    "--cert $T/none" "--cert $T/pin" "--tsa $T/none" "--tsa $T/pin" \
    "--pin $T/none" "--pin $T/ca.pem" "--anchor $T/none" "--anchor $T/pin"; do
	# shellcheck disable=SC2086 # two words
	verify $a "$T/whole"
	is "${a%% *} $(basename "${a#* }"): could not be checked" \
	    "$status $(grep -o -e "${a%% *}: " "$T/out")" "3 ${a%% *}: "
done

changed() {	# changed BAG NAME STATUS ERE COMMAND: run in a copy
	rm -rf "$T/copy"
	cp -R "$T/$1" "$T/copy"
	(cd "$T/copy" && eval "$5") || diag "could not: $5"
	[ -z "$again" ] || python3 "$bag" again "$T/copy" "$key"
	verify "$T/copy"
	is "$2" "$status $(grep -qE "$4" "$T/out" && echo said)" "$3 said"
	grep -qE "$4" "$T/out" || diag "$(cat "$T/out")"
}
flip() {	# flip FILE: one bit in its middle
	python3 -c 'import sys
b = bytearray(open(sys.argv[1], "rb").read())
b[len(b) // 2] ^= 1
open(sys.argv[1], "wb").write(b)' "$1"
}
# Each file once, on the way.
again=
n=0 bad=
for f in $(cd "$T/whole" && find . -type f | sed 's|^\./||') \
    $(cd "$T/part" && find data/excerpt -type f); do
	b=whole
	[ -e "$T/$b/$f" ] || b=part
	rm -rf "$T/copy"
	cp -R "$T/$b" "$T/copy"
	flip "$T/copy/$f"
	verify "$T/copy"
	n=$((n + 1))
	[ $status = 1 ] || bad="$bad $f:$status"
done
is "each of $n files changed by a bit" "$bad" ''
like 'there were some' "$n" '^[1-9][0-9]'
changed whole 'a file that no manifest lists' 1 'data/x$' 'echo >data/x'
changed whole 'a name that drives a terminal' 1 'data/x.x1b.xe2.x80.xae' \
    'echo >"data/x$(printf "\\033\\342\\200\\256")"'
changed whole 'a tag file that no manifest lists' 1 ' x$' 'echo >x'
changed whole 'a file removed' 1 'custody' 'rm data/custody/*'
changed whole 'a file renamed' 1 'fault: ' 'mv README.en.txt README'
changed whole 'a file enlarged' 1 'package.txt' 'echo x >>data/package.txt'
changed whole 'a file cut' 1 'epochs' 'truncate -s 100 data/log/epochs'
changed whole 'a link in the place of a file' 1 'a link' \
    'mv README.en.txt ../r; ln -s ../r README.en.txt'
changed whole 'a link in the place of a folder' 1 'a link|data' \
    'mv data ../copy-data; ln -s ../copy-data data'
changed whole 'a FIFO' 1 'a link, folder or device' \
    'rm README.en.txt; mkfifo README.en.txt'
changed whole 'a note of 2 GB' 1 'longer than' \
    'truncate -s 2G tagmanifest-sha256.txt.note'
changed whole 'a note with 10,000 lines' 1 '64 lines|longer than' \
    'yes "$(tail -n 1 tagmanifest-sha256.txt.note)" | head -n 10000 >x;
    cat x >>tagmanifest-sha256.txt.note; rm x'
changed whole 'a path that leads out' 1 'leads out' \
    'sed -i "1s|  .*|  data/../../log/log|" manifest-sha256.txt'
changed whole 'a path from the root' 1 'leads out' \
    'sed -i "1s|  .*|  /etc/passwd|" manifest-sha256.txt'
changed whole 'a line of a megabyte' 1 'not as BagIt' \
    'head -c 1000000 /dev/zero | tr "\0" a >>manifest-sha256.txt'
changed whole 'a file listed twice' 1 'twice' \
    'sed -n 1p manifest-sha256.txt >>manifest-sha256.txt'
changed whole 'no note' 1 'note.*' 'rm tagmanifest-sha256.txt.note'
changed whole 'another encoding' 1 'encoding' \
    'sed -i s/UTF-8/UTF-16/ bagit.txt'
changed whole 'files to be fetched' 1 'fetch' \
    'echo "http://192.0.2.1/ - data/x" >fetch.txt'

# An insider with the hand-over key.
again=1
seg='$(ls data/log/segments/*/*.gz | sed -n 1p)'
changed whole 'nothing' 0 'INTACT' true
changed whole 'a record changed' 1 'segments/|manifests/' \
    "g=$seg; zcat \$g | sed '9s/policyid=./policyid=x/' | gzip -n >x; mv x \$g"
changed whole 'another number of records' 1 'package.txt|records' \
    'sed -i "s/^records .*/records 0 2999/" data/package.txt'
changed whole 'a line behind the last' 1 'package.txt' \
    'echo x >>data/package.txt'
changed whole 'no end of the last' 1 'package.txt' \
    'truncate -s -1 data/package.txt'
changed whole 'epochs that end inside a line' 1 'data/log/epochs' \
    'echo 99 >>data/log/epochs'
changed whole 'a key file that is empty' 1 'data/keys/log.vkey' \
    ': >data/keys/log.vkey'
changed whole 'or has something in the place of its line end' 1 'epoch-root' \
    'truncate -s -1 data/keys/epoch-root; printf x >>data/keys/epoch-root'
changed whole 'a segment left out' 1 'not here' "rm $seg"
changed middle 'the only one left out' 1 'not here' "rm $seg"
changed whole 'two segments exchanged' 1 'not that of its file name' \
    'set -- data/log/segments/*/*.gz; mv $1 x; mv $2 $1; mv x $2'
changed whole 'a proof changed' 1 'does not prove' \
    'sed -i "4s/^..../AAAA/" data/proofs/m1-000000000001.tlog-proof'
changed whole 'a proof of another segment' 1 'does not prove' \
    'cp data/proofs/m1-000000000002.tlog-proof \
    data/proofs/m1-000000000001.tlog-proof'
changed whole 'a proof missing' 1 'missing' 'rm data/proofs/*2.tlog-proof'
changed whole 'a nonce changed' 1 'does not prove' \
    'sed -i "s/^..../0000/" data/proofs/m1-000000000001.nonce'
changed whole 'another root' 1 'signature' \
    'sed -i "3s/^..../AAAA/" data/log/checkpoint'
changed whole 'no epoch line' 1 'signature lines' \
    'sed -i "/evidence.e[0-9]/d" data/log/checkpoint'
changed whole 'another epoch key' 1 'pinned root' \
    'sed -i "1s/^0 ..../0 AAAA/" data/log/epochs'
changed whole 'a manifest missing' 1 'not as specified|missing' \
    'rm data/log/manifests/000000000000'
changed whole 'another description' 1 'differs from the pinned' \
    'sed -i s/created\ ./created\ 2/ data/log/log'
changed whole 'a bomb' 1 'segments/' \
    "head -c 30000000 /dev/zero | gzip -n >x; mv x $seg"
changed part 'a body changed' 1 'not as specified' \
    'sed -i "s/policyid=1/policyid=2/" data/excerpt/excerpt.evx'
changed part 'a leaf changed' 1 'does not give the root' \
    'sed -i "/^w /s/ - / x /" data/excerpt/excerpt.evx'
changed part 'a subtree changed' 1 'does not give the root' \
    'sed -i "s/^\(h [0-9]* [0-9]*\) ..../\1 0000/" data/excerpt/excerpt.evx'
changed part 'an item left out' 1 'not as specified' \
    'sed -i 0,/^w/{/^w/d} data/excerpt/excerpt.evx'
changed part 'a subtree too many' 1 'not as specified' \
    'tail -n 1 data/excerpt/excerpt.evx >>data/excerpt/excerpt.evx'
changed part 'a huge subtree' 1 'not as specified' \
    'sed -i "2s/.*/h 40 0 $(printf %064d 0)/" data/excerpt/excerpt.evx'
changed part 'of a larger log' 1 'not as specified' \
    'sed -i "1s/[0-9]*$/999999999999/" data/excerpt/excerpt.evx'
python3 "$bag" whole "$T/log" 0 1 "$T/other" "$T/other.pem"
verify --key "$(cat "$T/other/data/keys/handover.vkey")" "$T/whole"
is 'another hand-over key' $status 1

# The bomb again: what was needed at most.
if grep -q __asan_init "$builddir/konseki-verify"; then
	echo 'ok 75 # SKIP sanitizers need memory of their own'
else
	ok 'it holds at most 64 MiB' python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
sys.exit(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 65536)' \
	    konseki-verify --jobs 2 --pin "$T/pin" "$T/whole"
fi

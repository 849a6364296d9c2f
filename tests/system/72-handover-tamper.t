#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody on the way changes a package. Each of its files once, and the hashes
# left alone: the manifests tell. Then an insider who has the hand-over key and makes
# all hashes and signatures anew: what he changed does not lead to the checkpoint
# that the log itself signed, and the words say what is wrong.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tsa.sh"

certificates
tsa_make >"$T/openssl.err" 2>&1 || diag "$(cat "$T/openssl.err")"
echo good >"$A/mode"
start tsa python3 "$srcdir/tests/system/tsa.py" "$A"
wait_for '[ -s "$T/tsa.out" ]'
site_make <<END
anchor: {tsa: [{url: "http://127.0.0.1:$(cat "$T/tsa.out")/", ca: $A/ca.pem}]}
handover: {certificate: $S/tls/cert.pem, key: $S/tls/key.pem}
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start
for round in 1 2; do
	seq 1 200 | sed "s/^/<13>line $round /" >"$T/in"
	konseki import --site "$S" "$T/in" >/dev/null
	konseki seal --site "$S" --for Police --why x --authority y \
	    --output "$T/$round" >"$T/made"
done
# The second has both segments; the third is of another log of the site.
konseki seal --site "$S" --for Police --why x --authority y --log casebook \
    --output "$T/other" >"$T/made"
bag=$(echo "$T"/2/test*[0-9])
other=$(echo "$T"/other/test*[0-9])
pin=$S/evidence/log
vkey=$S/handover/evidence.vkey
files=$(cd "$bag" && find . -type f | sed 's|^\./||' | sort)
plan $((30 + $(echo "$files" | wc -l)))

check() {	# check BAG: what verify.sh says with everything pinned
	sh "$1/verify.sh" --pin "$pin" --handover "$vkey" --ca "$T/ca.pem" \
	    --tsa "$A/ca.pem" >"$T/v" 2>&1
	status=$?
}
check "$bag"
is 'as it was made it is intact' "$status $(grep -c '^FAIL' "$T/v")" '0 0'
like 'README has each reason for status 2' \
    "$(tr -s ' \n' ' ' <"$bag/README.en.txt")" \
    ' 2 nothing is wrong, but .* no time stamp though --tsa was given 3 '
like 'in Japanese' "$(tr -d ' \n' <"$bag/README.ja.txt")" \
    '--tsaを指定したのにタイムスタンプがない3'
is 'it has two segments' "$(find "$bag" -name '*.gz' | wc -l)" 2

# One byte of each file, in the middle.
flip() {	# flip FILE
	python3 -c 'import sys
b = bytearray(open(sys.argv[1], "rb").read())
b[len(b) // 2] ^= 1
open(sys.argv[1], "wb").write(b)' "$1"
}
for f in $files; do
	cp -p "$bag/$f" "$T/kept"
	flip "$bag/$f"
	# A script that was changed says nothing: the bag's own hashes do.
	[ "$f" = verify.sh ] && cp "$T/kept" "$T/verify.sh" &&
	    sed "s|^cd .*|cd '$bag' \&\& t=\$(mktemp -d) \|\| exit 3|" \
		"$T/kept" >"$T/verify.sh"
	if [ "$f" = verify.sh ]; then
		sh "$T/verify.sh" --pin "$pin" >"$T/v" 2>&1
		status=$?
	else
		check "$bag"
	fi
	case $f in
	data/*) want='hashes of manifest-sha256.txt' ;;
	tagmanifest-sha256.txt) want='it is over this bag' ;;
	tagmanifest-sha256.txt.note) want='signature of' ;;
	tagmanifest-sha256.txt.p7s) want='CMS signature' ;;
	tagmanifest-sha256.txt.tsr) want='time stamp' ;;
	*) want='hashes of tagmanifest-sha256.txt' ;;
	esac
	if [ $status = 1 ] && grep -q "^FAIL  $want" "$T/v" &&
	    tail -n 1 "$T/v" | grep -q 'NOT INTACT'; then
		tap 0 "$f"
	else
		tap 1 "$f"
		diag "status $status, want: $want" "$(cat "$T/v")"
	fi
	cp -p "$T/kept" "$bag/$f"
done
check "$bag"
is 'put back it is intact again' "$status" 0

# An insider: all that the hand-over key can do, done again over what he changed.
cat >"$T/again.py" <<'END'
import base64, hashlib, os, subprocess, sys
bag, key = sys.argv[1:3]
def sha(path):
    return hashlib.sha256(open(path, 'rb').read()).hexdigest()
def manifest(name, paths):
    with open(os.path.join(bag, name), 'w') as f:
        for p in sorted(paths):
            f.write('%s  %s\n' % (sha(os.path.join(bag, p)), p))
tags, payload = [], []
for d, _, names in os.walk(bag):
    for n in names:
        p = os.path.relpath(os.path.join(d, n), bag)
        if p.startswith('data/'):
            payload.append(p)
        elif not p.startswith('tagmanifest'):
            tags.append(p)
manifest('manifest-sha256.txt', payload)
manifest('tagmanifest-sha256.txt', tags)
note = os.path.join(bag, 'tagmanifest-sha256.txt.note')
text = open(note).read().split('\n\n')[0].split('\n')
text[2] = sha(os.path.join(bag, 'tagmanifest-sha256.txt'))
text = '\n'.join(text) + '\n'
_, _, name, ident, secret = open(key).read().strip().split('+', 4)
der = bytes.fromhex('302e020100300506032b657004220420') + \
    base64.b64decode(secret)[1:]
open(bag + '.der', 'wb').write(der)
open(bag + '.text', 'w').write(text)
sig = subprocess.run(['openssl', 'pkeyutl', '-sign', '-keyform', 'DER',
    '-inkey', bag + '.der', '-rawin', '-in', bag + '.text'],
    check=True, capture_output=True).stdout
with open(note, 'w') as f:
    f.write('%s\n— %s %s\n' % (text, name,
        base64.b64encode(bytes.fromhex(ident) + sig).decode()))
END
insider() {	# insider NAME WORDS COMMAND: run in a copy of the bag
	rm -rf "$T/copy"
	cp -R "$bag" "$T/copy"
	(cd "$T/copy" && eval "$3") || diag "could not: $3"
	rm -f "$T/copy/tagmanifest-sha256.txt.p7s" \
	    "$T/copy/tagmanifest-sha256.txt.tsr"
	python3 "$T/again.py" "$T/copy" "$S/handover/evidence.key"
	sh "$T/copy/verify.sh" --pin "$pin" --handover "$vkey" >"$T/v" 2>&1
	status=$?
	if [ $status = 1 ] && grep -q "^FAIL  $2" "$T/v" &&
	    ! grep '^FAIL' "$T/v" | grep -q 'hashes\|signature of'; then
		tap 0 "$1"
	else
		tap 1 "$1"
		diag "status $status, want: $2" "$(cat "$T/v")"
	fi
}
last_gz='$(find data/log/segments -name "*.gz" | sort | tail -n 1)'
regzip="gz=$last_gz; zcat \$gz | sed 's/line 2 7/line 2 8/' | gzip -n >x; mv x \$gz"
insider 'a record changed' '  bytes of segments/' "$regzip"
insider 'and the manifest with it' '  the leaf names its manifest' "$regzip
	m=data/log/manifests/000000000001
	sed \"s/^gzip .*/gzip \$(wc -c <\$gz) \$(sha256sum <\$gz | cut -c 1-64)/
	    s/^\\(stream [0-9]*\\) .*/\\1 \$(zcat \$gz | sha256sum | cut -c 1-64)/\" \
	    \$m >x; mv x \$m"
insider 'a segment left out' '  bytes of segments/' "rm $last_gz"
insider 'and its proof' 'they are the records of package.txt' \
    "rm $last_gz data/proofs/m1-000000000002*"
insider 'two segments swapped' '  bytes of segments/' \
    'set -- data/log/segments/*/*.gz; mv $1 x; mv $2 $1; mv x $2'
insider 'a nonce changed' '  the leaf names its manifest' \
    'echo 00000000000000000000000000000000 >data/proofs/m1-000000000001.nonce'
insider 'a proof changed' '  the leaf is in the checkpoint' \
    'p=data/proofs/m1-000000000001.tlog-proof
	sed "4s/^..../AAAA/" $p >x; mv x $p'
insider 'the index of a proof is not trusted' '  the leaf names its manifest' \
    'p=data/proofs/m1-000000000001.tlog-proof
	leaf=$(sed -n "s/^extra //p" $p | base64 -d | sed "s/^m1 [0-9]*/m1 1/")
	sed "s/^extra .*/extra $(printf %s "$leaf" | base64 -w 0)/" $p >x; mv x $p'
insider 'another root' 'log key on the checkpoint' \
    'c=data/log/checkpoint; sed 3s/^..../AAAA/ $c >x; mv x $c'
insider 'a checkpoint without the epoch key' 'key of epoch' \
    'c=data/log/checkpoint; sed "/evidence.e[0-9]/d" $c >x; mv x $c'
insider 'another epoch key' 'key of epoch' \
    'e=data/log/epochs; sed "s/^\(0 \)..../\1AAAA/" $e >x; mv x $e'
insider 'the checkpoint of another log' 'the checkpoint is of this log' \
    "cp '$other/data/log/checkpoint' data/log/checkpoint"
insider 'the description of another log' 'the description is the pinned one' \
    "cp '$other/data/log/log' data/log/log"

added() {	# added NAME WORDS COMMAND: nothing is made anew
	rm -rf "$T/copy"
	cp -R "$bag" "$T/copy"
	(cd "$T/copy" && eval "$3")
	check "$T/copy"
	is "$1" "$status $(grep '^FAIL' "$T/v" | cut -d / -f "$4" | head -n 1)" \
	    "1 FAIL  $2"
}
added 'a file that no manifest names' \
    'hashes of manifest-sha256.txt ' 'echo >data/log/more' 1
added 'a link' 'files and folders only ' 'ln -s /etc/passwd link' 1

# No package is made that would not verify, and none of a range that is none.
seal() {	# seal NAME ARGUMENT...
	name=$1
	shift
	konseki --lang en seal --site "$S" --for Police --why x --authority y \
	    --output "$T/$name" "$@" >"$T/made" 2>"$T/err"
	status=$?
}
seal reversed --level whole --first 50 --last 40
is 'a range that ends before it begins is refused' \
    "$status $(find "$T/reversed" 2>/dev/null | wc -l)" '2 0'
like 'and it is said why' "$(cat "$T/err")" '--last is below --first'
seal backwards --since 2026-02-01 --until 2026-01-01
is 'so is one of time' "$status $(find "$T/backwards" 2>/dev/null | wc -l)" '1 0'
segment=$(find "$S/evidence/segments" -name '*.gz' | sort | head -n 1)
cp "$segment" "$T/kept"
chmod u+w "$segment"
python3 -c 'import struct, sys, zlib
old, new = open(sys.argv[1], "rb").read(), b""
while old: # each member anew: the same records, other bytes
    head, z = old[:10], zlib.decompressobj(31)
    text = z.decompress(old)
    old, z = z.unused_data, zlib.compressobj(1, wbits=-15)
    new += head + z.compress(text) + z.flush() + struct.pack("<II",
        zlib.crc32(text), len(text))
open(sys.argv[1], "wb").write(new)' "$segment"
before=$(records o1 | grep -c 'action=handover')
seal tampered
is 'of a log whose closed segment was changed nothing is handed over' \
    "$status $(find "$T/tampered" -mindepth 1 | wc -l)" '1 0'
like 'and it is said where' "$(cat "$T/err")" \
    "would not verify.*data/log/.*run 'konseki verify'"
is 'nor printed' "$(wc -c <"$T/made")" 0
is 'nor recorded as handed over' "$(records o1 | grep -c 'action=handover')" \
    "$before"
cat "$T/kept" >"$segment"
site_stop
verified

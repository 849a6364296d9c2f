#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Two things done to packages. Keys are exchanged in one: those that lie in it for
# others, and all hashes and signatures made anew by somebody with a key of his own
# or with the hospital's hand-over key. And a redaction: what was withheld can be
# proved and shown later, as it was and not otherwise; and whoever withholds more,
# on the way, is found. Verdicts are those of konseki-verify and of verify.sh.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
plan 39

site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
END
site_start
attack_send 'of patient A' 'of nobody' 'of patient B'
seal() {	# seal NAME ARGUMENT...: a package $T/NAME
	seal_name=$1
	shift
	konseki seal --site "$S" --for Police --why x --authority y \
	    --output "$T/out-$seal_name" "$@" >"$T/made" 2>&1 ||
	    { diag "$(cat "$T/made")"; exit 99; }
	mv "$T/out-$seal_name/"test*[0-9] "$T/$seal_name"
}
seal whole
seal part --level excerpt --withhold patient
seal casebook --log casebook
attack_send 'of later'
stop "$collector"
attack_take
vkey=$(cat "$S/handover/evidence.vkey")

# The hospital's own hand-over key, as OpenSSL takes it, and one of his own.
secret=$(cut -d + -f 5- "$S/handover/evidence.key")
{
	printf '302e020100300506032b657004220420' | tr a-f A-F |
	    basenc -d --base16
	echo "$secret" | base64 -d | tail -c 32
} >"$T/hospital.der"
openssl pkey -inform DER -in "$T/hospital.der" -out "$T/hospital.pem"
again() {	# again KEY [keep]: all that a hand-over key can do, in $T/x
	again_key=$1
	shift
	rm -f "$T/x/tagmanifest-sha256.txt.p7s" "$T/x/tagmanifest-sha256.txt.tsr"
	python3 "$srcdir/tests/system/bag.py" again "$T/x" "$T/$again_key.pem" "$@"
}
both() {	# both NAME WANT ERE WANT ERE: of konseki-verify, of verify.sh
	judge "$T/x" --key "$vkey"
	verdict "$1" "$2" "$3"
	verdict=0
	sh "$T/x/verify.sh" --pin "$T/pin" --handover \
	    "$S/handover/evidence.vkey" >"$T/said" 2>&1 || verdict=$?
	verdict "$1, for verify.sh" "$4" "$5"
}
package() {	# package BAG NAME WANT ERE WANT ERE COMMAND
	rm -rf "$T/x"
	cp -Rp "$T/$1" "$T/x"
	(cd "$T/x" && eval "$7") >"$T/attack.out" 2>&1 ||
	    diag "the attack itself failed: $(cat "$T/attack.out")"
	both "$2" "$3" "$4" "$5" "$6"
}
for bag in whole part; do
	package $bag "$bag, as it was made" 0 INTACT 0 INTACT true
	package $bag "$bag, made anew with the same key" 0 INTACT 0 INTACT \
	    'again hospital'
done

# Keys exchanged.
package whole 'the hand-over key is his' 1 'tagmanifest' 1 'FAIL .*signature of' \
    'again own'
judge "$T/x"
verdict 'who pins no key is told so' 0 'the key that signed the package is its own'
verdict=0
sh "$T/x/verify.sh" --pin "$T/pin" >"$T/said" 2>&1 || verdict=$?
verdict 'by verify.sh too' 0 "hand-over key is only the package's own"
package whole 'the hand-over key for the log key' 1 'data/keys' 1 \
    'FAIL .*hashes' 'cp data/keys/log.vkey data/keys/handover.vkey'
package whole 'log and keys of another log of the site' 1 \
    'differs from the pinned' 1 'FAIL .*the description is the pinned one' \
    'cp "$T/casebook/data/log/log" data/log/log;
    cp "$T/casebook/data/keys/"* data/keys; again hospital'
package whole 'the log key among the keys' 1 'data/keys/log.vkey' 1 \
    'FAIL .*keys in data/keys' \
    'cp "$T/casebook/data/keys/log.vkey" data/keys; again hospital'
package whole 'the root of the epoch keys' 1 'data/keys/epoch-root' 1 \
    'FAIL .*keys in data/keys' \
    'cp "$T/casebook/data/keys/epoch-root" data/keys; again hospital'
package whole 'the hand-over key there' 1 'data/keys/handover.vkey' 1 \
    'FAIL .*keys in data/keys' \
    'cp "$T/casebook/data/keys/handover.vkey" data/keys; again hospital keep'
package whole 'its epoch keys' 1 'epochs|does not lead to the pinned root' 1 \
    'FAIL .*key of epoch' \
    'cp "$T/casebook/data/log/epochs" data/log/epochs; again hospital'
package whole 'its checkpoint' 1 'checkpoint' 1 \
    'FAIL .*the checkpoint is of this log' \
    'cp "$T/casebook/data/log/checkpoint" data/log/checkpoint; again hospital'

# A redaction. What is withheld can be proved in the log and shown later.
evx=$T/part/data/excerpt/excerpt.evx
withheld=$(LC_ALL=C sed -n 's/^w e1 \([0-9]*\) .*/\1/p' "$evx")
is 'two bodies are withheld' "$(echo "$withheld" | wc -l)" 2
index=$(echo "$withheld" | head -n 1)
leaf=$(LC_ALL=C sed -n "s/^w \(e1 $index .*\)/\1/p" "$evx")
konseki prove --index "$index" --output "$T/proof" "$T/log" 2>"$T/nonce"
is 'the proof of one is of the line in the excerpt' \
    "$(konseki prove --check "$T/proof" --pin "$T/pin" | head -n 1)" \
    "proved: $leaf"
commit() {	# commit FILE: that of a body, with the nonce that was given
	{
		sed 's/.*: //' "$T/nonce" | tr a-f A-F | tr -d '\n' |
		    basenc -d --base16
		sha256sum <"$1" | cut -c 1-64 | tr a-f A-F | tr -d '\n' |
		    basenc -d --base16
	} | sha256sum | cut -c 1-64
}
konseki show --raw --from "$index" --to "$index" "$T/log" >"$T/body"
is 'nonce and body make it' "$(commit "$T/body")" "${leaf##* }"
sed s/A/C/ "$T/body" >"$T/body2"
ok 'another body does not' ! [ "$(commit "$T/body2")" = "${leaf##* }" ]
size=$(sed -n 2p "$T/part/data/log/checkpoint")
ok 'the log extends what the excerpt was made of' sh -c \
    'konseki prove --from "$1" "$2" >"$3"' - "$size" "$T/log" "$T/extends"

# Whoever withholds more, on the way or with the key; or writes a line of his own.
cat >"$T/redact.py" <<'END'
# Withhold the shown record with the given text: r, its nonce and its body go.
import re, sys
path, text = sys.argv[1], sys.argv[2].encode()
data = open(path, 'rb').read()
new = re.sub(rb'r [0-9a-f]{32} (e1 [^\n]*)\n[^\n]*' + text + rb'[^\n]*\n\n',
             rb'w \1\n', data)
assert new != data
open(path, 'wb').write(new)
END
redact='python3 "$T/redact.py" data/excerpt/excerpt.evx nobody'
package part 'more withheld on the way' 1 'excerpt.evx' 1 'FAIL .*hashes' \
    "$redact"
package part 'more withheld than the package says' 1 'other numbers' 1 'FAIL .*package.txt' \
    "$redact; again hospital"
recount='awk "/^bodies/ { \$2--; \$3++ } 1" data/package.txt >x &&
    mv x data/package.txt'
package part 'more withheld with the key' 0 '3 without' 0 INTACT \
    "$redact && $recount; again hospital"
package part 'a withheld line altered with the key' 1 \
    'does not give the root' 1 'FAIL .*excerpt' \
    'LC_ALL=C sed -i "s/^\(w e1 $index [0-9]*\)[0-9] /\10 /;s/^\(w e1 $index \)1/\12/" \
    data/excerpt/excerpt.evx; again hospital'

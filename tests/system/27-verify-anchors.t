#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A time-stamp token over a checkpoint came another way than the log. It proves that
# the log stood so at that time, whoever owns the machine; a token of an authority
# that nobody trusts, for another purpose, without the attribute that binds it to
# its certificate, or over something else proves nothing, and that is said. A policy
# (C2SP tlog-policy) says which witnesses must have cosigned it; the log may have
# kept their lines itself. --chain shows how one file of the log leads to the other.
. "${srcdir:-.}/tests/lib.sh"
plan 59

"$builddir/tests/system/mklog" "$T/log" "$T/keys" 3000 3 || exit 99
"$builddir/tests/system/mklog" "$T/log2" "$T/keys2" 10 || exit 99
cd "$T" || exit 99
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem \
    -subj /CN=ca -days 30 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem \
    -subj /CN=other -days 30 2>/dev/null
signer() {	# signer NAME EKU
	openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" \
	    -subj "/CN=$1" 2>/dev/null
	echo "extendedKeyUsage=$2" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key \
	    -CAcreateserial -days 30 -extfile "$1.ext" -out "$1.pem" \
	    2>/dev/null
}
signer tsa critical,timeStamping
cat >ts.cnf <<END
[ts]
default_tsa=tsa
[tsa]
serial=$T/serial
digests=sha256
default_policy=1.2.3.4
signer_digest=sha256
END
token() {	# token FILE ESS LINES...: of the tsa, over those lines
	echo 01 >serial
	cp ts.cnf ts-now.cnf
	echo "ess_cert_id_alg=$2" >>ts-now.cnf
	openssl ts -query -data "$3" -sha256 -no_nonce -cert \
	    -out query 2>/dev/null
	openssl ts -reply -config ts-now.cnf -section tsa -queryfile query \
	    -signer tsa.pem -inkey tsa.key -out "$1" 2>/dev/null
}
head -n 3 log/checkpoint >lines
token good.tsr sha256 lines
token sha1.tsr sha1 lines
echo else >else
token else.tsr sha256 else
openssl ts -verify -data lines -in good.tsr -CAfile ca.pem >/dev/null 2>&1
is 'OpenSSL takes the token too' $? 0

verify() {	# verify NAME STATUS ERE ARG...
	name=$1 want=$2 like=$3
	shift 3
	konseki-verify --pin log/log "$@" log >out 2>&1
	is "$name" $? "$want"
	like "$name: what is said" "$(cat out)" "$like"
}
verify 'a token' 0 'an outside anchor says so, at 20' --anchor good.tsr \
    --tsa ca.pem
verify 'without the authority' 3 'certificates' --anchor good.tsr
verify 'of another authority' 3 "does not lead" --anchor good.tsr \
    --tsa other.pem
verify 'bound by SHA-1 only' 3 'ESSCertIDv2' --anchor sha1.tsr --tsa ca.pem
verify 'over something else' 3 'no checkpoint of this log' --anchor else.tsr \
    --tsa ca.pem
verify 'a token and the lines' 0 'says so, at 20' --anchor lines \
    --anchor good.tsr --tsa ca.pem
verify 'of one of two authorities' 0 'says so, at 20' --anchor good.tsr \
    --tsa other.pem --tsa ca.pem

# A sheet's lines as an editor or a phone writes them, and its fourth line.
sheet() {	# sheet NAME STATUS ERE COMMAND: of the lines that it writes
	eval "$4" >sheet
	verify "$1" "$2" "$3" --anchor sheet
}
fits='no rollback before size [0-9]+: an outside anchor says so'
r=$(sed -n 's/^epochs .* //p' log/log)
sheet 'lines that end in CR LF' 0 "$fits" "sed 's/\$/\\r/' lines"
sheet 'no end of the last' 0 "$fits" 'printf %s "$(cat lines)"'
sheet 'a BOM in front' 0 "$fits" 'printf "\357\273\277" && cat lines'
sheet 'blanks behind' 0 "$fits" "sed 's/\$/ \\t/' lines"
sheet 'its line R' 0 "$fits" "cat lines && printf 'R %s' $r"
sheet 'another R' 1 '--anchor: its line R' 'cat lines && printf "R %064d\n" 0'
sheet 'another line' 0 "$fits" 'cat lines && echo seen by us'
sheet 'blanks in front' 3 'three lines' "sed 's/^./ &/' lines"

# Three witnesses; their keys and lines are made as C2SP tlog-cosignature says.
bytes() {	# bytes HEX
	echo "$1" | tr a-f A-F | basenc --base16 -d
}
for name in a b c; do
	openssl genpkey -algorithm ed25519 -out $name.key 2>/dev/null
	openssl pkey -in $name.key -pubout -outform DER | tail -c 32 >$name.pub
	{
		printf '%s.example\n\004' $name
		cat $name.pub
	} | sha256sum | cut -c 1-8 >$name.id
	{
		printf '\004'
		cat $name.pub
	} | base64 -w 0 | sed "s/^/$name.example+$(cat $name.id)+/" >$name.vkey
done
cosign() {	# cosign NAME SECONDS FILE: one line more
	{
		printf 'cosignature/v1\ntime %s\n' "$2"
		head -n 3 "$3"
	} >text
	openssl pkeyutl -sign -inkey "$1.key" -rawin -in text -out sig
	bytes "$(cat "$1.id")$(printf %016x "$2")" | cat - sig |
	    base64 -w 0 | sed "s/^/— $1.example /" >line
	{
		cat line
		echo
	} >>"$3"
}
cat >policy <<END
# who watches this log
log $(sed -n 's/^key //p' log/log) https://log.example/
witness	A $(cat a.vkey)
 witness B $(cat b.vkey) https://b.example/
witness C $(cat c.vkey)

group two 2 A B C
quorum two
END
cp log/checkpoint note
cosign a 1795100000 note
verify 'one witness of two' 3 "without the cosignatures that the policy's quorum" \
    --policy policy --anchor note
verify 'lines that nobody signed' 3 'without the cosignatures' --policy policy --anchor lines
cosign c 1795300000 note
cosign b 1795200000 note
verify 'two witnesses: when the second had signed' 0 \
    'cosigned as the policy asks up to size [0-9]+, at 2026-11-20T18:40:00Z$' \
    --policy policy --anchor note
verify 'and it is an anchor' 0 \
    'an outside anchor says so, at 2026-11-20T18:40:00Z$' --policy policy \
    --anchor note
sed 's/A B C/C/; s/two 2/two any/' policy >later
verify 'another quorum, another time' 0 ', at 2026-11-21T22:26:40Z$' \
    --policy later --anchor note
verify 'nothing here is cosigned' 2 'neither an anchor nor a checkpoint' \
    --policy policy
is 'in Japanese' "$(konseki-verify --lang ja --pin log/log --policy policy log |
    grep -c '定足数を満たす共同署名')" 2
{
	sed /^quorum/d policy
	echo quorum none
} >nobody
verify 'a policy that asks for nobody' 0 'INTACT' --policy nobody --anchor lines
sed "s|^log .*|log other.example+$(cat a.id)+$(cut -d + -f 3- a.vkey)|" policy >bad
verify 'a line that is no key of a log' 3 'line 2 is not as' --policy bad
grep -v '^ witness B' policy >bad
verify 'a member that nobody is' 3 'line 6 is not as' --policy bad
sed "s|^log .*|log $(sed -n 's/^key //p' log2/log)|" policy >bad
verify 'the policy of another log' 3 'names other logs' --policy bad

# The log keeps the lines of its witnesses.
kept=$(find log/checkpoints -type f | sort | tail -n 1)
cosign b 1795200000 "$kept"
cosign c 1795300000 "$kept"
verify 'a checkpoint of the log that two cosigned' 0 \
    "up to size $(sed -n 2p "$kept"), at 2026-11-21T22:26:40Z$" --policy policy
like 'as JSON' "$(konseki-verify --json --policy policy log)" \
    "\"witnessed_size\":$(sed -n 2p "$kept"),\"witnessed_time\":1795300000000000,"

# The chain, as a reader sees it: what is printed as a manifest's hash is named
# by the segment behind it, and is the hash of the file.
konseki-verify --chain log >chain
want=$(sha256sum <log/manifests/000000000000 | cut -d ' ' -f 1)
like 'a segment names its manifest' "$(cat chain)" \
    "segment 0 to record [0-9]+: its manifest is $want"
like 'so does the one behind it' "$(cat chain)" \
    "segment 1 from record [0-9]+: its m1 names manifest $want"
like 'a seal names the checkpoint before it' "$(cat chain)" \
    'seal of record [0-9]+: names the checkpoint of size [0-9]+'
like 'checkpoints are signed' "$(cat chain)" \
    'checkpoint: size [0-9]+, epoch [0-9]+, signed by both keys'

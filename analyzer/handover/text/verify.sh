#!/bin/sh
# Checks the package in whose folder it lies, with nothing but sha256sum, gunzip,
# base64, od and OpenSSL 3; no network. It does not look into records.
#
#	sh verify.sh [--pin LOG] [--handover VKEY] [--ca CA.pem] [--tsa CA.pem]
#
# LOG and VKEY reached you another way than this package: the log's description and
# the hand-over key. CA.pem: whom you trust for CMS and time stamp.
# Exit status: 0 intact; 1 something is wrong; 2 nothing is wrong, but the log's key
# is only the package's own; 3 could not check.
export LC_ALL=C
pin='' hand='' ca='' tsa='' lo='' n=0 bad=0
say() { printf '%-5s %s\n' "$1" "$2"; }
fail() { say FAIL "$1"; bad=1; }
check() { if [ "$2" = "$3" ]; then say ok "$1"; else fail "$1"; fi; }
stop() { say STOP "$1" >&2; exit 3; }
whole() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }
while [ $# -gt 0 ]; do
	{ [ $# -gt 1 ] && [ -r "$2" ]; } || stop "$1: no such file / ファイルがありません"
	case $1 in
	--pin) pin=$(whole "$2") ;; --handover) hand=$(whole "$2") ;;
	--ca) ca=$(whole "$2") ;; --tsa) tsa=$(whole "$2") ;;
	*) stop "unknown option $1 / 不明なオプション" ;; esac
	shift 2
done
for tool in sha256sum gunzip base64 openssl od; do
	command -v $tool >/dev/null || stop "$tool is not there / がありません"
done
cd "$(dirname "$0")" && t=$(mktemp -d) || exit 3
trap 'rm -rf "$t"' EXIT
# bytes HEX: as bytes. sha: SHA-256 of the input. node L R: of two hashes in hex.
# shellcheck disable=SC2046 # one argument a byte
bytes() { printf %b "$(printf '\\0%o' $(echo "$1" | sed 's/../0x& /g'))"; }
sha() { sum=$(sha256sum); echo "${sum%% *}"; }
node() { bytes "01$1$2" | sha; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
word() { sed -n "s/^$1 //p" "$2" | head -n 1; }
# num TEXT: the number; 0 for what is none, so that nothing else is computed with.
num() { case $1 in *[!0-9]* | '' | 0?* | ????????????????*) echo 0 ;; *) echo "$1" ;; esac; }
# der BASE64 FILE: an Ed25519 public key, the last 32 bytes, for openssl.
der() { { bytes 302a300506032b6570032100; echo "$1" | base64 -d | tail -c 32; } >"$2"; }
# signed NOTE NAME: whether that key (in $t/key) signed the note (C2SP signed-note).
signed() {
	sed '/^$/,$d' "$1" >"$t/text" && rm -f "$t/sig"
	sed '1,/^$/d' "$1" | while read -r dash name sig; do
		[ "$dash $name" != "— $2" ] || { echo "$sig" | base64 -d | tail -c 64 >"$t/sig"; break; }
	done
	openssl pkeyutl -verify -pubin -keyform DER -inkey "$t/key" -rawin \
	    -in "$t/text" -sigfile "$t/sig" >/dev/null 2>&1
}

# 1. The bag: every file is as its manifest says, and there is no other.
for m in tagmanifest manifest; do
	sha256sum -c "$m-sha256.txt" >"$t/out" 2>&1
	check "hashes of $m-sha256.txt / ハッシュ値" $? 0
	grep -v ': OK$' "$t/out" | sed 's/^/      /'
done
check 'nothing in data/ that no manifest names / 目録にないファイルがない' \
    "$(find data -type f | wc -l)" "$(wc -l <manifest-sha256.txt)"
check 'files and folders only / リンク等がない' "$(find . ! -type f ! -type d)" ''

# 2. The hand-over: who signed the bag's manifest.
own=data/log/log
[ -z "$pin" ] || check 'the description is the pinned one / ログの記述が控えと一致' \
    "$(sha <"$pin")" "$(sha <$own)"
log=${pin:-$own} vkey=${hand:-data/keys/handover.vkey}
origin=$(word origin "$log" | tr -cd 'a-z0-9./-') signer=$(sed 's/+.*//' "$vkey")
der "$(sed 's/^[^+]*+[^+]*+//' "$vkey")" "$t/key"
signed tagmanifest-sha256.txt.note "$signer"
check "signature of $signer / 引渡し鍵の署名" $? 0
check 'it is over this bag of this log / 署名の対象' "$(sed -n 1,3p "$t/text")" "konseki package
$origin
$(sha <tagmanifest-sha256.txt)"
[ -n "$hand" ] || say note 'the hand-over key is only the package'"'"'s own / 引渡し鍵は同梱の写し'
if [ -f tagmanifest-sha256.txt.p7s ]; then
	openssl cms -verify -binary -inform DER -in tagmanifest-sha256.txt.p7s -purpose any \
	    -content tagmanifest-sha256.txt ${ca:+-CAfile} "${ca:--noverify}" -out "$t/out" 2>"$t/err"
	check "CMS signature${ca:+ and its certificate} / CMS署名" $? 0
	[ -n "$ca" ] || say note 'whose certificate it is was not checked: --ca / 証明書は未検証'
elif [ -n "$ca" ]; then fail 'there is no CMS signature / CMS署名がない'
else say note 'there is no CMS signature / CMS署名はない'; fi
if [ ! -f tagmanifest-sha256.txt.tsr ]; then
	if [ -n "$tsa" ]; then fail 'there is no time stamp / タイムスタンプがない'
	else say note 'there is no time stamp / タイムスタンプはない'; fi
elif [ -n "$tsa" ]; then
	openssl ts -verify -data tagmanifest-sha256.txt -in tagmanifest-sha256.txt.tsr \
	    -CAfile "$tsa" >"$t/out" 2>&1
	check "time stamp, $(openssl ts -reply -in tagmanifest-sha256.txt.tsr -text 2>/dev/null |
	    sed -n 's/^Time stamp: //p') / タイムスタンプ" $? 0
else
	say note 'the time stamp was not checked: --tsa / タイムスタンプは未検証'
fi

# 3. The checkpoint: signed by the log key and an epoch key whose path ends in R.
point=data/log/checkpoint
size=$(num "$(sed -n 2p $point)") root=$(sed -n 3p $point | base64 -d | hex)
check 'the checkpoint is of this log / チェックポイントの対象' "$(sed -n 1p $point)" "$origin"
der "$(word key "$log" | sed 's/^[^+]*+[^+]*+//')" "$t/key" && signed $point "$origin"
check "log key on the checkpoint of $size records / ログ鍵の署名" $? 0
epoch=$(sed -n "s|^— $origin/e\([0-9]*\) .*|\1|p" $point | head -n 1)
line=$(grep "^${epoch:-none} " data/log/epochs | head -n 1) at=$(num "$epoch")
key=${line#* } path=$(echo "${line##* }" | tr , ' ')
key=${key%% *} h=$({ printf '\0'; echo "$key" | base64 -d; } | sha)
for p in $path; do
	if [ $((at % 2)) = 1 ]; then h=$(node "$p" "$h"); else h=$(node "$h" "$p"); fi
	at=$((at / 2))
done
check "key of epoch ${epoch:-?} leads to R / 期間鍵とR" "$h" "$(word epochs "$log" | sed 's/.* //')"
der "$key" "$t/key" && signed $point "$origin/e$epoch"
check 'epoch key on the checkpoint / 期間鍵の署名' $? 0
check 'the keys in data/keys are these / 同梱の鍵の写し' "$(cat data/keys/log.vkey data/keys/epoch-root data/keys/handover.vkey)" \
    "$(word key "$log" && word epochs "$log" | sed 's/.* //' && cat "$vkey")"

# 4. Segments: bytes as the manifest says, which a record m1 below the checkpoint names.
for proof in data/proofs/m1-*.tlog-proof; do
	[ -f "$proof" ] || continue
	n=$((n + 1)) next=${proof#data/proofs/m1-}
	next=$(($(num "1${next%.tlog-proof}") - 1000000000000))
	man=data/log/manifests/$(printf %012d $((next - 1)))
	file=data/log/$(word file "$man")
	check "bytes of ${file#data/log/} / セグメント" "$(sha <"$file")" "$(word gzip "$man" | sed 's/.* //')"
	check '  inflated / 展開後' "$(gunzip -c "$file" | sha)" "$(word stream "$man" | sed 's/.* //')"
	range=$(word records "$man") lo=${lo:-${range% *}}
	[ $n = 1 ] || [ "${range% *}" = $((last + 1)) ] || say note "  no records $((last + 1)) up to ${range% *} / 欠番"
	body="segment=$next previous=$(sha <"$man")" last=$(num "${range#* }")
	want=$(bytes "$(cat "${proof%.tlog-proof}.nonce")$(printf %s "$body" | sha)" | sha)
	leaf=$(word extra "$proof" | base64 -d) hashes=$(sed -n '4,/^$/p' "$proof")
	check '  the leaf names its manifest / リーフと目録' \
	    "${leaf%% *} $(echo "$leaf" | cut -d ' ' -f 2,4-)" "m1 $((last + 1)) 0:0 - ${#body} $want"
	i=$((last + 1)) s=$((size - 1)) h=$({ printf '\0'; printf %s "$leaf"; } | sha)
	for p in $hashes; do
		p=$(echo "$p" | base64 -d | hex)
		if [ $((i % 2)) = 1 ] || [ $i = $s ]; then
			h=$(node "$p" "$h")
			while [ $i != 0 ] && [ $((i % 2)) = 0 ]; do i=$((i / 2)) s=$((s / 2)); done
		else h=$(node "$h" "$p"); fi
		i=$((i / 2)) s=$((s / 2))
	done
	check '  the leaf is in the checkpoint / リーフとチェックポイント' "$h $s" "$root 0"
done
[ $n = 0 ] || check 'they are the records of package.txt / 引渡し範囲' "$lo $last" "$(word records data/package.txt)"
check "all segments ($n) have their proof / 全セグメントに証明がある" "$n" "$(find data/log -name '*.ev1.gz' | wc -l)"
if [ -f data/excerpt/excerpt.evx ]; then
	check 'the excerpt is of this checkpoint / 抜粋の対象' "$(head -n 1 data/excerpt/excerpt.evx)" "evx1 $origin $size"
	say note 'its records are for konseki-verify / 抜粋の記録は konseki-verify で検証'
fi
[ $bad = 0 ] || { echo 'RESULT: NOT INTACT / 結果: 異常あり'; exit 1; }
[ -n "$pin" ] || { echo 'RESULT: consistent; the key is not pinned (--pin) / 結果: 整合。鍵は控えと未照合'; exit 2; }
echo 'RESULT: INTACT / 結果: 異常なし'

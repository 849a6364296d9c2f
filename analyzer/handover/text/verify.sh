#!/bin/sh
# Checks the package in whose folder it lies, with nothing but a POSIX shell and its
# usual tools, sha256sum, gunzip, base64 and OpenSSL 3; no network.
#
#	sh verify.sh [--pin LOG] [--handover VKEY] [--ca CA.pem] [--tsa CA.pem]
#
# LOG and VKEY reached you another way than this package: the log's description and
# the hand-over key. CA.pem: whom you trust for CMS and time stamp.
# Exit status: 0 intact; 1 something is wrong; 2 nothing is wrong, but records are
# missing, or the time stamp asked for, or the log's key is only the package's own; 3
# could not check.
export LC_ALL=C
pin='' hand='' ca='' tsa='' lo='' last='' hole='' lack='' said='' gone='' due='' more='' n=0 bad=0 shown=0 withheld=0
tags=tagmanifest-sha256.txt trust='-partial_chain -auth_level 2'
# say WORD TEXT: a line, whatever stands in the text.
say() { printf '%-5s %s' "$1" "$2" | tr -d '\000-\037\177'; echo; }
fail() { say FAIL "$1"; bad=1; }
check() { if [ "$2" = "$3" ]; then say ok "$1"; else fail "$1"; fi; }
stop() { say STOP "$1" >&2; exit 3; }
result() { echo "RESULT: $2"; said=1; exit "$1"; }
wrong() { result 1 'NOT INTACT / 結果: 異常あり'; }
whole() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }
while [ $# -gt 0 ]; do
	{ [ $# -gt 1 ] && [ -r "$2" ]; } || stop "$1: no such file / ファイルがありません"
	case $1 in
	--pin) pin=$(whole "$2") ;; --handover) hand=$(whole "$2") ;;
	--ca) ca=$(whole "$2") ;; --tsa) tsa=$(whole "$2") ;;
	*) stop "unknown option $1 / 不明なオプション" ;; esac
	shift 2
done
for tool in sha256sum gunzip base64 openssl od awk cmp dd; do
	command -v $tool >/dev/null || stop "$tool is not there / がありません"
done
cd "$(dirname "$0")" && t=$(mktemp -d) || exit 3
trap 'rm -rf "$t"; [ -n "$said" ] || exit 3' EXIT
trap 'exit 3' HUP INT TERM
# bytes HEX: as bytes. sha: SHA-256 of the input. node L R: of two hashes in hex.
# leaf LINE: of a leaf. same FILE: whether the input is the file, byte for byte.
# shellcheck disable=SC2046 # one argument a byte
bytes() { printf %b "$(printf '\\0%o' $(echo "$1" | sed 's/../0x& /g'))"; }
sha() { sum=$(sha256sum); echo "${sum%% *}"; }
node() { bytes "01$1$2" | sha; }
leaf() { { printf '\0'; printf %s "$1"; } | sha; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
same() { cmp -s - "$1"; }
row() { sed -n "$1p" "$2"; }
word() { sed -n "s/^$1 //p" "$2" | head -n 1; }
# num TEXT: the number; 0 for what is none, so that nothing else is computed with.
num() { case $1 in *[!0-9]* | '' | 0?* | ????????????????*) echo 0 ;; *) echo "$1" ;; esac; }
# der BASE64: an Ed25519 public key, the last 32 bytes, for openssl.
der() { { bytes 302a300506032b6570032100; echo "$1" | base64 -d | tail -c 32; } >"$t/key"; }
# signed NOTE N NAME: whether line N is NAME's (key in $t/key; C2SP signed-note).
signed() {
	sed '/^$/,$d' "$1" >"$t/text"
	row "$2" "$1" | sed 's/.* //' | base64 -d 2>/dev/null | tail -c 64 >"$t/sig"
	id=$({ printf '%s\n\001' "$3"; tail -c 32 "$t/key"; } | sha | cut -c 1-8)
	[ "$(row "$2" "$1")" = "— $3 $({ bytes "$id"; cat "$t/sig"; } | base64 | tr -d '\n')" ] &&
	    openssl pkeyutl -verify -pubin -keyform DER -inkey "$t/key" -rawin \
	    -in "$t/text" -sigfile "$t/sig" >/dev/null 2>&1
}
# alone FILE: whether one DER object is all of it.
alone() {
	openssl asn1parse -inform DER -in "$1" 2>/dev/null >"$t/asn1"
	[ "$(($(sed -n '1s/.*hl=\([0-9]*\) *l= *\([0-9]*\) .*/\1 + \2/p' "$t/asn1") + 0))" = "$(($(wc -c <"$1")))" ]
}

# 1. The bag. Nothing is read before it is sure to be a file, and of bounded size.
check 'files and folders only / リンク等がない' "$(find . ! -type f ! -type d)" ''
check 'nothing else beside data / 余分なファイルがない' "$(find . ! -name . -prune ! -name data \
    ! -name 'README.[ej][na].txt' ! -name bagit.txt ! -name bag-info.txt ! -name verify.sh \
    ! -name manifest-sha256.txt ! -name $tags ! -name $tags.note ! -name $tags.p7s ! -name $tags.tsr)" ''
check 'no file is too large / 大きすぎるファイルがない' "$(find . -type f -size +128 ! -name '*.ev1.gz' \
    ! -name excerpt.evx ! -name package.txt ! -name epochs ! -name custody.jsonl ! -name manifest-sha256.txt)" ''
[ $bad = 0 ] || wrong
sha256sum README.en.txt README.ja.txt bag-info.txt bagit.txt manifest-sha256.txt verify.sh >"$t/$tags" 2>&1
find data -type f -exec sha256sum {} + 2>&1 | sort -k 2 >"$t/manifest-sha256.txt"
for m in $tags manifest-sha256.txt; do
	same "$m" <"$t/$m"
	check "hashes of $m / ハッシュ値" $? 0
	sort "$m" "$t/$m" | uniq -u | cut -c 67- | sort -u | while read -r p; do say '' "$p"; done
done

# 2. The hand-over: who signed the bag's manifest, and when.
own=data/log/log package=data/package.txt point=data/log/checkpoint evx=data/excerpt/excerpt.evx
[ -z "$pin" ] || check 'the description is the pinned one / ログの記述が控えと一致' \
    "$(sha <"$pin")" "$(sha <$own)"
log=${pin:-$own} vkey=${hand:-data/keys/handover.vkey}
origin=$(word origin "$log" | tr -cd 'a-z0-9./-') signer=$(sed 's/+.*//' "$vkey")
created=$(word created $package) kind=$(word kind $package)
der "$(sed 's/^[^+]*+[^+]*+//' "$vkey")"
signed $tags.note 6 "$signer"
check "signature of $signer / 引渡し鍵の署名" $? 0
printf 'konseki package\n%s\n%s\n%s\n\n%s\n' "$origin" "$(sha <$tags)" "$created" "$(row 6 $tags.note)" | same $tags.note
check 'it is over this bag of this log / 署名の対象' $? 0
[ -n "$hand" ] || say note 'the hand-over key is only the package'"'"'s own / 引渡し鍵は同梱の写し'
at=$(num "${created%??????}") when='at the time in package.txt'
if [ -f $tags.tsr ]; then
	openssl ts -reply -in $tags.tsr -text >"$t/ts" 2>/dev/null && alone $tags.tsr
	check 'time stamp is over this bag / タイムスタンプの対象' "$? $(sed -n \
	    's/^ *[0-9a-f]* - \(.\{47\}\).*/\1/p' "$t/ts" | tr -d ' \n-')" "0 $(sha <$tags)"
	stamp=$(word 'Time stamp:' "$t/ts")
fi
if [ -n "$tsa" ] && [ -f $tags.tsr ]; then
	gen=$(echo "$stamp" | awk '{ split($3, h, ":"); y = $4
		m = (index("MarAprMayJunJulAugSepOctNovDecJanFeb", $1) - 1) / 3
		if (m > 9) y--
		d = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m + 2) / 5) + $2 - 719469
		printf "%.0f\n", d * 86400 + h[1] * 3600 + h[2] * 60 + int(h[3]) }')
	# shellcheck disable=SC2086 # several options
	openssl ts -verify -data $tags -in $tags.tsr -CAfile "$tsa" -attime "$gen" $trust >"$t/out" 2>&1
	check "time stamp, $stamp / タイムスタンプ" $? 0
	at=$gen when='at the time stamp'
elif [ -n "$tsa" ]; then lack=1 && say note 'there is no time stamp / タイムスタンプがない'
elif [ -f $tags.tsr ]; then say note 'the time stamp was not checked: --tsa / タイムスタンプは未検証'
else say note 'there is no time stamp / タイムスタンプはない'; fi
if [ -f $tags.p7s ]; then
	# shellcheck disable=SC2086 # several options
	openssl cms -verify -binary -inform DER -in $tags.p7s -purpose any -content $tags -attime "$at" $trust \
	    ${ca:+-CAfile} "${ca:--noverify}" -out "$t/out" 2>"$t/err" && alone $tags.p7s
	check "CMS signature${ca:+ and its certificate, $when} / CMS署名" $? 0
	[ -n "$ca" ] || say note 'whose certificate it is was not checked: --ca / 証明書は未検証'
elif [ -n "$ca" ]; then fail 'there is no CMS signature / CMS署名がない'
else say note 'there is no CMS signature / CMS署名はない'; fi

# 3. The checkpoint: signed by the log key and an epoch key whose path ends in R.
size=$(num "$(row 2 $point)") root=$(row 3 $point | base64 -d | hex)
{ printf '%s\n%s\n%s\n\n' "$origin" "$size" "$(row 3 $point)"; row 5,6 $point
sed 1,6d $point | grep '^— [!-~]* [A-Za-z0-9+/]*=*$'; } | same $point
check 'the checkpoint is of this log / チェックポイントの対象' $? 0
der "$(word key "$log" | sed 's/^[^+]*+[^+]*+//')" && signed $point 5 "$origin"
check "log key on the checkpoint of $size records / ログ鍵の署名" $? 0
epoch=$(row 6 $point | sed -n "s|^— $origin/e\([0-9]*\) .*|\1|p")
line=$(grep "^${epoch:-none} " data/log/epochs | head -n 1) i=$(num "$epoch")
key=${line#* } path=$(echo "${line##* }" | tr , ' ')
key=${key%% *} h=$({ printf '\0'; echo "$key" | base64 -d; } | sha)
for p in $path; do
	if [ $((i % 2)) = 1 ]; then h=$(node "$p" "$h"); else h=$(node "$h" "$p"); fi
	i=$((i / 2))
done
check "key of epoch ${epoch:-?} leads to R / 期間鍵とR" "$h" "$(word epochs "$log" | sed 's/.* //')"
der "$key" && signed $point 6 "$origin/e$epoch"
check 'epoch key on the checkpoint / 期間鍵の署名' $? 0
check 'the keys in data/keys are these / 同梱の鍵の写し' "$(cat data/keys/log.vkey data/keys/epoch-root data/keys/handover.vkey)" \
    "$(word key "$log" && word epochs "$log" | sed 's/.* //' && cat "$vkey")"
check 'package.txt is of this checkpoint / package.txt の対象' "$(sed 5q $package)" "ev1 package
origin $origin
kind $kind
created $created
size $size"

# 4. Kind whole: a record m1 below the checkpoint names the manifest of each segment,
# and that its bytes. Each manifest names the one before.
h=$(printf %064d 0) p=''
for man in data/log/manifests/*; do
	[ -f "$man" ] || continue
	[ "$(word previous "$man")" = "$h" ] || p=$man
	h=$(sha <"$man")
done
check 'each manifest names the one before / 目録の連鎖' "$p" ''
for proof in data/proofs/m1-*.tlog-proof; do
	[ -f "$proof" ] || continue
	n=$((n + 1)) next=${proof#data/proofs/m1-}
	next=$(($(num "1${next%.tlog-proof}") - 1000000000000))
	man=data/log/manifests/$(printf %012d $((next - 1)))
	range=$(word records "$man") body="segment=$next previous=$(sha <"$man")"
	line=$(word extra "$proof" | base64 -d) i=$(($(num "${range#* }") + 1)) s=$((size - 1))
	{ printf 'c2sp.org/tlog-proof@v1\nextra %s\nindex %s\n' "$(word extra "$proof")" $i
	row '4,/^$/' "$proof"; cat $point; } | same "$proof"
	check "proof of segment $((next - 1)) in this checkpoint / セグメントの証明" $? 0
	want=$(bytes "$(cat "${proof%.tlog-proof}.nonce")$(printf %s "$body" | sha)" | sha)
	check '  the leaf names its manifest / リーフと目録' \
	    "${line%% *} $(echo "$line" | cut -d ' ' -f 2,4-)" "m1 $i 0:0 - ${#body} $want"
	h=$(leaf "$line")
	for p in $(row '4,/^$/' "$proof"); do
		p=$(echo "$p" | base64 -d | hex)
		if [ $((i % 2)) = 1 ] || [ $i = $s ]; then
			h=$(node "$p" "$h")
			while [ $i != 0 ] && [ $((i % 2)) = 0 ]; do i=$((i / 2)) s=$((s / 2)); done
		else h=$(node "$h" "$p"); fi
		i=$((i / 2)) s=$((s / 2))
	done
	check '  the leaf is in the checkpoint / リーフとチェックポイント' "$h $s" "$root 0"
	# The manifests of deleted segments lead back to that of the one that is here.
	while file=$(word file "$man"); do
		case $file in *..* | [!s]*) file=- ;; esac
		[ -f "data/log/$file" ] || [ $((next - 2)) -lt "${due:-0}" ] || [ "$file" = - ] && break
		next=$((next - 1)); man=data/log/manifests/$(printf %012d $((next - 1)))
	done
	range=$(word records "$man") lo=${lo:-${range% *}} last=${range#* } due=${due:-$((next - 1))}
	while [ "$due" -lt $((next - 1)) ]; do gone="$gone $due" due=$((due + 1)); done
	due=$next
	check "  bytes of $file / セグメント" "$(sha <"data/log/$file")" "$(word gzip "$man" | sed 's/.* //')"
	[ $bad != 0 ] || check '  inflated / 展開後' "$(gunzip -c "data/log/$file" | sha)" \
	    "$(word stream "$man" | sed 's/.* //')"
done
here=$(find data/log/segments data/proofs data/excerpt -type f 2>/dev/null | sed 's|.*\.||' | sort | uniq -c | tr -s ' \n' ' ')
case $kind in
whole)
	[ ! -f $evx ] || more=' 1 evx'
	check 'they are the records of package.txt / 引渡し範囲' "$lo $last" "$(word records $package)"
	check "segments ($n), each with its proof / 全セグメントに証明がある" "$here" "$more $n gz $n nonce $n tlog-proof " ;;
excerpt) check 'an excerpt and nothing else / 抜粋だけがある' "$here" ' 1 evx ' ;;
*) fail "kind $kind / 種別" ;;
esac
[ $bad = 0 ] || wrong

# 5. An excerpt: item after item, up to the root of the checkpoint. tops: roots of the
# perfect subtrees so far, the last one first; end: how many records they cover.
# body NONCE LEN COMMIT: whether the bytes that follow are what a leaf commits to.
body() {
	[ "$2" -le 1048576 ] && : >"$t/body" || return
	[ "$2" = 0 ] || dd bs="$2" count=1 <&3 >"$t/body" 2>/dev/null
	IFS= read -r line <&3 && [ -z "$line" ] || return
	got=$((got + $2 + 1))
	[ "$(bytes "$1$(sha <"$t/body")" | sha)" = "$3" ]
}
# asked INDEX: whether it is in the range that package.txt names.
range=$(word records $package)
asked() { [ "$1" -ge "${range% *}" ] && [ "$1" -le "${range#* }" ]; }
# shellcheck disable=SC2086 # words
excerpt() {
	set -f && IFS= read -r line <&3 && [ "$line" = "evx1 $origin $size" ] || return
	got=$((${#line} + 1)) tops='' end=0
	while [ $end -lt "$size" ]; do
		IFS= read -r line <&3 || return
		got=$((got + ${#line} + 1)) k=0 i=$end leaf=${line#??}
		case $line in
		'h '*)	set -- $line
			k=$(num "$2") i=$(num "$3") h=$4
			[ "$line" = "h $k $i $h" ] && [ "$k" -le 40 ] && [ $((i << k)) = $end ] || return ;;
		'w '*)	set -- $leaf
			asked "$2" && withheld=$((withheld + 1))
			[ "$2" = $end ] && h=$(leaf "$leaf") || return ;;
		'r '*)	nonce=${leaf%% *} leaf=${leaf#* }
			set -- $leaf
			[ "$2" = $end ] && body "$nonce" "$(num "$6")" "$7" || return
			asked "$2" && shown=$((shown + 1))
			[ "$1" != x1 ] || { cat "$t/body" && echo; } >>"$t/x1"
			h=$(leaf "$leaf") ;;
			*) return 1 ;; esac
		while [ $((i % 2)) = 1 ]; do h=$(node "${tops%% *}" "$h") tops=${tops#* } i=$((i / 2)); done
		tops="$h $tops" end=$((end + (1 << k)))
	done
	h=${tops%% *}
	for p in ${tops#* }; do h=$(node "$p" "$h"); done
	[ "$h $end $got" = "$root $size $(($(wc -c <$evx)))" ]
}
: >"$t/x1"
if [ -f $evx ]; then
	excerpt 3<$evx 2>/dev/null
	ok=$? what="$shown records, and $withheld without body,"
	[ "$kind" = excerpt ] || what='it and what it says was deleted'
	check "excerpt: $what lead to the checkpoint / 抜粋とチェックポイント" $ok 0
	[ "$kind" = whole ] || [ -z "$(word bodies $package)" ] ||
		check 'they are as many as package.txt says / 件数' "$shown $withheld" "$(word bodies $package)"
	[ $bad = 0 ] || wrong
fi
# 6. What is gone was deleted: an x1 record says so of the segment with that manifest.
for k in $({ echo "$gone" | tr ' ' '\n'; sed -n 's/^gone \([0-9]*\) .*/\1/p' $package; } | grep . | sort -nu); do
	man=data/log/manifests/$(printf %012d "$(num "$k")")
	range=$(word records "$man") line="segment=$k first=${range% *} last=${range#* } manifest=$(sha <"$man") "
	if grep -aq "^$line" "$t/x1"; then say note "records ${range% *}-${range#* } were deleted in the log / 保存期間満了により削除済み"
	else hole="$hole ${range% *}-${range#* }"; fi
done
say note 'times, seals and what else data holds are for konseki-verify / 時刻・封印等は konseki-verify で検証'
[ -z "$hole" ] || result 2 "nothing is wrong, but records$hole are not here / 結果: 異常はないが欠番あり"
[ -z "$lack" ] || result 2 'nothing is wrong, but there is no time stamp / 結果: 異常はないがタイムスタンプなし'
[ -n "$pin" ] || result 2 'consistent; the key is not pinned (--pin) / 結果: 整合。鍵は控えと未照合'
result 0 'INTACT / 結果: 異常なし'

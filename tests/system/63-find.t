#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The police send a list of addresses, names and hashes: were they ever in the
# logs?  What is there is found in whatever encoding the line is; what is not
# is said with what was searched, sealed in the casebook; and where evidence
# does not prove, nothing is said of what is absent.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 75

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
site_make <<'END'
site: {name: 例示診療所}
END
find() {	# find ARG...: in English; $rc, and $T/out, $T/err
	konseki --lang en find --site "$S" --output "$T/pages" "$@" \
	    >"$T/out" 2>"$T/err"
	rc=$?
}
hits() {	# the indicators that were found, each once
	sed -n 's/.*\[\([a-z]* [^]]*\)\].*/\1/p' "$T/out" | sort -u |
	    tr '\n' ';'
}
hash=0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef
cat >"$T/utf8.log" <<END
<13>Nov 20 10:00:00 fw a src=198.51.100.7:443 dst=192.0.2.1
<13>Nov 20 10:00:01 fw b src=198.51.100.70 dst=192.0.2.1
<13>Nov 20 10:00:02 fw c from 2001:DB8:0:0::0:9 to 2001:db8::99
<13>Nov 20 10:00:03 dns d query Evil-Host.example.NET. from 192.0.2.3
<13>Nov 20 10:00:04 dns e query notevil.example.org www.good.example
<13>Nov 20 10:00:05 av f sha256=$hash bad.exe
<13>Nov 20 10:00:06 av g sha256=0$hash other.exe
<13>Nov 20 10:00:07 emr h 患者情報を持出しました USER=Tanaka
<13>Nov 20 10:00:08 fw i tcpdump 203.0.113.9.51000 > 192.0.2.77.443
<13>Nov 20 10:00:09 fw j mapped ::ffff:203.0.113.200 and ::FFFF:cb00:71c9
END
for e in CP932 EUC-JP ISO-2022-JP UTF-16LE UTF-16BE; do
	printf '<13>Nov 20 11:00:00 emr %s 暗号化されたソ連evil.example file\n' \
	    "$e" | iconv -f UTF-8 -t "$e" >"$T/$e.log"
done
site_start
konseki import --site "$S" "$T/utf8.log" >/dev/null
for e in CP932 EUC-JP ISO-2022-JP UTF-16LE UTF-16BE; do
	konseki import --site "$S" "$T/$e.log" >/dev/null 2>>"$T/import.err"
done

# --- single ones, with their boundaries ---
find 198.51.100.7
is 'one that is there ends with 1' $rc 1
is 'it is found once: not in 198.51.100.70' "$(grep -c '\[address' "$T/out")" 1
like 'with log, record, time, kind, source and line' "$(cat "$T/out")" \
    '^test.example/evidence#[0-9]+ 20[0-9T:.+-]+ e1 utf8.log \(import/import\) \[address 198\.51\.100\.7\] <13>Nov 20 10:00:00 fw a src='
index=$(sed -n 's/^test.example.evidence#\([0-9]*\) .*/\1/p' "$T/out")
like 'the record that it names has it' \
    "$(konseki show --site "$S" --from "$index" --to "$index")" \
    'src=198.51.100.7:443'
find '198[.]51[.]100[.]70' '2001:db8::9' 'hxxps://evil-host[.]example[.]net/x'
is 'harmless forms, IPv6 in any writing, a URL by its host' "$(hits)" \
    'address 198.51.100.70;address 2001:db8::9;name evil-host.example.net;'
find 203.0.113.0/24
is 'a network: with a port behind, mapped into IPv6, in hex' \
    "$(grep -c '\[network 203.0.113.0/24\]' "$T/out")" 2
find example.net evil.example.org good.example
is 'a name below itself, and not inside another label' "$(hits)" \
    'name example.net;name good.example;'
find "$(echo $hash | tr A-F a-f)"
is 'a hash, in either case, of its own length' \
    "$(hits) $(grep -c '\[hash' "$T/out")" \
    "hash $(echo $hash | tr A-F a-f); 1"
find tanaka 持出し
is 'words, without case' "$(hits)" 'word tanaka;word 持出し;'

# --- encodings ---
find 暗号化 evil.example
is 'a Japanese word is found in each encoding' \
    "$(grep -c '\[word 暗号化\]' "$T/out")" 5
is 'and a name behind a character whose second byte is a letter' \
    "$(grep -c '\[name evil.example\]' "$T/out")" 5
is 'the line is shown as text' \
    "$(grep -c '暗号化されたソ連evil.example' "$T/out")" 10

# --- lists ---
iconv -f UTF-8 -t CP932 >"$T/list.csv" <<END
番号,種別,指標,備考
1,IPアドレス,198.51.100.7,踏み台
2,ドメイン,evil-host.example.net,
3,ハッシュ,zz,
4,,300.1.2.3,
5,文字列,持出し,
6,見知らぬ種別,x,
7,,198.51.100.7,再掲
END
find --list "$T/list.csv"
is 'a list in CP932 with columns by name' "$(hits)" \
    'address 198.51.100.7;name evil-host.example.net;word 持出し;'
like 'a line that is refused: file, row, column, value, reason' \
    "$(cat "$T/err")" "list.csv: row 4, column value, 'zz': no hash"
like 'a number that is no address is no name either' "$(cat "$T/err")" \
    "row 5, column value, '300.1.2.3': no IP address"
like 'a type that is not known names the type' "$(cat "$T/err")" \
    "row 7, column type, '見知らぬ種別': a type that is not known"
printf '# made harmless\r\n198[.]51[.]100[.]7\r\n\r\nevil-host[.]example[.]net\r\n' \
    >"$T/plain.txt"
find --list "$T/plain.txt" --json
is 'a plain list, one on a line' "$(head -n -1 "$T/out" |
    jq -r '"\(.type) \(.list | split("/") | last) \(.row)"' | sort -u | tr '\n' ';')" \
    'address plain.txt 2;name plain.txt 4;'
is 'the last line of JSON says what was searched' "$(tail -n 1 "$T/out" |
    jq -r '"\(.type) \(.result) \(.hits) \(.records) \(.lists[0].rows)"')" \
    'search hits 2 15 2'
find --list "$T/list.csv" --csv
is 'CSV with BOM and titles' "$(head -n 1 "$T/out" | tr -d '\r')" \
    "$(printf '\357\273\277"log","record","received","kind","source","type","indicator","list","row","line"')"
is 'and a row for each hit' "$(grep -c '^"test' "$T/out")" 3
find --list "$T/none.csv"
is 'a list that is not there, and nothing else: a wrong call' $rc 2
like 'is named' "$(cat "$T/err")" 'none.csv: No such file'
find ''
is 'nothing to search for is a wrong call' $rc 2

# --- nothing found ---
find --list "$T/list.csv" 203.0.113.99
is 'with something found there is no certificate' \
    "$rc $(ls "$T/pages" 2>/dev/null)" '1 '
printf 'value\n203.0.113.99\nnot.there.example\nx\n' >"$T/absent.csv"
find --list "$T/absent.csv"
is 'nothing found ends with 0' $rc 0
like 'and is worded with its scope' "$(cat "$T/out")" \
    '^nothing found \(scope: what is below\)$'
page=$(tail -n 1 "$T/out")
ok 'a page is written' test -s "$page"
like 'it says what it does not show' "$(cat "$page")" \
    'It does not show that nothing happened'
like 'and names the line that was not searched for' "$(cat "$page")" \
    '<td>[^<]*absent.csv 4</td><td>x</td><td>too short'
like 'and what was looked for' "$(cat "$page")" \
    '<span>203.0.113.99</span> <span>not.there.example</span>'
like 'and who sent' "$(cat "$page")" '<td>utf8.log \(import/import\)</td>'
n=$(echo "$page" | sed 's/.*search-\([0-9]*\)-en.html/\1/')
entry() {	# the casebook's record of that number, as JSON
	konseki show --site "$S" --log casebook --from "$1" --to "$1" --messages
}
is 'it is sealed in the casebook' "$(entry "$n" |
    jq -r '"\(.type) \(.result) \(.records) \(.refused_n) \(.addresses) \(.names)"')" \
    'search none 15 1 1 1'
is 'with the SHA-256 of the list' "$(entry "$n" | jq -r '.lists[0].sha256')" \
    "$(sha256sum <"$T/absent.csv" | cut -d ' ' -f 1)"
is 'of all that was looked for' "$(entry "$n" | jq -r .sha256)" \
    "$(printf 'address 203.0.113.99\nname not.there.example\n' | sha256sum |
    cut -d ' ' -f 1)"
is 'with the checkpoint that it holds for' \
    "$(entry "$n" | jq -r '"\(.logs[0].origin) \(.logs[0].proof)"')" \
    'test.example/evidence chain'
is 'a checkpoint that the log has, or had' "$(entry "$n" |
    jq -r '.logs[0].size <= '"$(sed -n 2p "$S/evidence/checkpoint")")" true
like 'the page names its record' "$(cat "$page")" \
    "test.example/casebook#$n  [0-9a-f]{64}"
find --certificate "$n" --lang ja
is 'the record gives the page again, in the other language' "$rc" 0
ja=$T/pages/search-$n-ja.html
like 'in careful words' "$(cat "$ja")" '調査範囲において該当なし'
like 'that do not say too much' "$(cat "$ja")" \
    '何も起きなかったことを示すものではありません'
ok 'never that all is well' ! grep -q '異常なし\|漏えいはありません' "$ja"
cp "$page" "$T/first"
find --certificate "$n" --lang en
same 'and the first once more' "$T/first" "$page"
find --certificate 0
is 'a record that is no search has none' $rc 3
like 'so it is said' "$(cat "$T/err")" 'record 0 of the casebook is no search'
is 'the casebook has no record that it cannot read' \
    "$(konseki --lang en case list --site "$S" 2>&1 | grep -c -i unread)" 0
find --from 2001-01-01 --to 2001-01-02 198.51.100.7
is 'an interval' "$rc $(sed -n 's/^searched: \([0-9]* records\).*/\1/p' "$T/out")" \
    '0 0 records'
find --from 2026-01-02 --to 2026-01-01 x
is 'that ends before it begins is a wrong call' $rc 2
find --json --to 2999-01-01 203.0.113.99
ok 'nothing is said of what comes behind the newest record' test \
    "$(tail -n 1 "$T/out" | jq -r .until)" '<' "$(date -u +%FT%TZ)"
find --json --list "$T/absent.csv" --lang ja
like 'what is said of a list is in the language asked for, also behind it' \
    "$(cat "$T/err")" 'absent.csv: 4行目'
find --index 203.0.113.99
is '--index with a value is a wrong call' $rc 2

# --- segments that are closed, and their indexes ---
pack() {
	konseki seal --site "$S" --for 'Example Police' --why 'case 12' \
	    --authority 'request' --output "$T/$1" >"$T/seal.out" 2>&1 ||
	    diag "$(cat "$T/seal.out")"
}
pack packs
printf '<13>Nov 21 10:00:00 fw later 198.51.100.7\n' >"$T/later.log"
konseki import --site "$S" "$T/later.log" >/dev/null
find 198.51.100.7
index_of=$(echo "$S"/cache/find-test.example-evidence/*.skip)
ok 'a closed segment gets an index' test -s "$index_of"
find --json 198.51.100.7 not.there.example
mv "$T/out" "$T/by_index"
read_passed() {
	tail -n 1 "$1" | jq -r '.logs[0] | "\(.blocks_read) \(.blocks_passed)"'
}
find --json --full 198.51.100.7 not.there.example
is 'with the index and with --full the hits are the same' \
    "$(head -n -1 "$T/by_index")" "$(head -n -1 "$T/out")"
find --json 203.0.113.98
like 'what an index denies is passed over, or read to check the index' \
    "$(tail -n 1 "$T/out" | jq -r '.logs[0] | .blocks_passed + .blocks_checked')" \
    '^[1-9]'
printf X | dd of="$index_of" bs=1 seek=200 conv=notrunc 2>/dev/null
find --json 198.51.100.7 not.there.example
is 'an index that was changed is thrown away' \
    "$(head -n -1 "$T/out")" "$(head -n -1 "$T/by_index")"
like 'which is said' "$(cat "$T/err")" '1 indexes did not fit their segments'
printf 'evskip1 nothing\n' >"$index_of"
find --json 198.51.100.7
is 'so is one that is none' "$(head -n -1 "$T/out" | wc -l)" 2
rm "$index_of"
find --index
cp "$index_of" "$T/index"
cat >"$T/forge.py" <<'END'
import hashlib, struct, sys
b = open(sys.argv[1], 'rb').read()
head, rest = b.split(b'\n', 1)
n = struct.unpack('<6I', rest[:24])[5]
rest = rest[:-32 * n] + bytes(32 * n)	# filters that deny everything
head = head.rsplit(b' ', 1)[0] + b' ' + hashlib.sha256(rest).hexdigest().encode()
open(sys.argv[1], 'wb').write(head + b'\n' + rest)
END
python3 "$T/forge.py" "$index_of"
find --json 198.51.100.7
is 'a forged index that agrees with itself is found out by a block of it' \
    "$(head -n -1 "$T/out" | wc -l) $(cat "$T/err")" \
    '2 konseki: warning: test.example/evidence: 1 indexes did not fit their segments and were made again'
same 'and made again, byte for byte' "$T/index" "$index_of"
find --index
is '--index makes those that are missing' "$rc $(test -s "$index_of" && echo made)" \
    '0 made'

# --- packages, folders ---
bag=$(echo "$T"/packs/test.example-*/)
bag=${bag%/}
find --log "$bag" 198.51.100.7
is 'a package is searched' "$rc $(grep -c '\[address' "$T/out")" '1 1'
find --log "$bag" 203.0.113.98
is 'and what it does not have is certified' "$rc" 0
like 'with what it was limited to' "$(cat "$(tail -n 1 "$T/out")")" \
    '<th>Limited to</th><td class="v">[^<]*test.example'
find --log "$srcdir/tests/golden/ev1-gaps/gap" 203.0.113.98
like 'what was deleted between the segments of a package stands there' \
    "$rc $(cat "$(tail -n 1 "$T/out")")" 'records 14 to 23 .* are not here any more'
find --log "$srcdir/tests/golden/ev1/excerpt" 203.0.113.98
is 'an excerpt of single records says nothing of what is absent' $rc 3
cp -r "$bag" "$T/bag"
printf X | dd of="$(echo "$T"/bag/data/log/segments/*/*.gz)" bs=1 seek=300 \
    conv=notrunc 2>/dev/null
find --log "$T/bag" 203.0.113.98
is 'a package that was changed proves nothing' $rc 3
KONSEKI_SITE=$T/nowhere konseki --lang en find --log "$bag" 203.0.113.98 \
    >"$T/out" 2>"$T/err"
like 'without a site there is no certificate' "$(cat "$T/err")" \
    'there is no certificate of it'

# --- evidence that does not prove ---
seg=$(ls "$S"/evidence/segments/*/*.gz | head -n 1)
cp -p "$seg" "$T/seg"
n=$(stat -c %s "$seg")
printf X | dd of="$seg" bs=1 seek=$((n / 2)) conv=notrunc 2>/dev/null
find 203.0.113.98
is 'a segment that was changed: cannot be decided' $rc 3
like 'which file' "$(cat "$T/err")" 'segments/.*it is not the file that its manifest names'
like 'and no page' "$(tail -n 1 "$T/out")" '^  sources'
rm -r "$S/cache/find-test.example-evidence"
find 203.0.113.98
is 'nor without an index' $rc 3
cat "$T/seg" >"$seg"
find 203.0.113.98
is 'once it is back it can' $rc 0
mv "$S/evidence/manifests/000000000000" "$T/manifest"
find 203.0.113.98
is 'a manifest that is gone' $rc 3
mv "$T/manifest" "$S/evidence/manifests/000000000000"
stop "$collector"
find 203.0.113.98
is 'without a collector nothing is sealed, and nothing certified' $rc 3
like 'which is said' "$(cat "$T/err")" 'could not be recorded in the casebook'
find 198.51.100.7
is 'but what is found is found' $rc 1

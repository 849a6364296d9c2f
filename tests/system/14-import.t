#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Files come into the evidence through the writer and out of it byte for byte:
# Excel's CP932, every byte value, lines of more than a record, no line end at
# the end, nothing at all. Name, size, hash and what was said of the file are
# recorded, with the user that the kernel names.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 26
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
printf 'a\n' >"$T/a.csv"
ok 'without a collector it says so' ! konseki import --site "$S" "$T/a.csv"
site_start

printf 'ユーザーID,氏名\r\nabc,山田 太郎\r\n' | iconv -f UTF-8 -t CP932 \
    >"$T/emr.csv"
awk 'BEGIN { for (i = 0; i < 256; i++) printf "\\%03o", i }' |
    xargs -0 printf >"$T/bytes.log"
awk 'BEGIN { for (i = 0; i < 300000; i++) printf "0123456789"
	print ""; print "and a short one" }' >"$T/long.log"
: >"$T/empty.log"
awk 'BEGIN { for (i = 0; i < 100000; i++)
	print "<13>line " i " of a file of some megabytes" }' >"$T/big.log"
printf 'one\r\n' | iconv -f UTF-8 -t UTF-16 >"$T/utf16.txt"

for f in emr.csv bytes.log long.log empty.log big.log utf16.txt; do
	ok "$f is imported" sh -c \
	    "konseki import --site '$S' '$T/$f' >'$T/said' 2>'$T/err'"
	stream=$(sed -n 's/.* stream=\([0-9]*\) .*/\1/p' "$T/said")
	konseki show --site "$S" --stream "$stream" --raw >"$T/kept"
	same "$f is there byte for byte" "$T/kept" "$T/$f"
	cp "$T/said" "$T/said.$f"
done
like 'the range of its records' "$(cat "$T/said.big.log")" \
    ' records=100000 index=([0-9]+)-([0-9]+) '
like 'its encoding is guessed' "$(records d1 | grep emr.csv)" \
    'transport=import .* uid=[0-9]+ program=konseki file=emr.csv size=32 .* encoding=cp932'
like 'with the hash of the file' "$(records d1 | grep file=emr.csv)" \
    "sha256=$(sha256sum "$T/emr.csv" | cut -d ' ' -f 1)"
stream=$(sed -n 's/.* stream=\([0-9]*\) .*/\1/p' "$T/said.long.log")
is 'a line of 3 MB is cut into records' "$(konseki show --site "$S" \
    --stream "$stream" --leaves | wc -l)" 4
konseki import --site "$S" --replay --source fw01 --mapping emr-access \
    --encoding utf-8 "$T/a.csv" >/dev/null
like 'what is said of a file is recorded' "$(records d1 | grep file=a.csv)" \
    ' peer=fw01 .* replay=yes .* encoding=utf-8 mapping=emr-access'
konseki --lang en import --site "$S" --mapping emr "$T/a.csv" >"$T/said" 2>&1
is 'a format that there is not is refused' "$?" 1
like 'and those that there are are named' "$(cat "$T/said")" 'emr-access [(]'
# Blocks of a MiB end within a character, in one of the two at least.
for pad in '' x; do
	awk -v p="$pad" 'BEGIN { print p; for (i = 0; i < 300000; i++)
		printf "%s", "病院" (i % 40 == 39 ? "\n" : "") }' |
	    iconv -f UTF-8 -t CP932 >"$T/large$pad.csv"
	like 'a large file is guessed by whole lines' "$(konseki import \
	    --site "$S" "$T/large$pad.csv")" 'encoding=cp932$'
done
ok 'no log of that name' ! konseki import --site "$S" --log nowhere "$T/a.csv"
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Somebody hands an investigator a log. `konseki show` gives back every byte that
# came in, whatever it is; `konseki verify` and `konseki-verify` say with four exit
# statuses what is proved, in both languages, and name what is wrong.
. "${srcdir:-.}/tests/lib.sh"
plan 39

mklog=$builddir/tests/system/mklog

# NUL, CP932, no final line end, a forged head: all of it is only a body.
{
	printf '<13>plain\n'
	printf '<13>nul \000 and \377\376\n'
	printf '<13>\203e\203X\203g\r\n'
	printf 'x\ne1 1795000000000000 1 - 3\nabc\n\n'
	head -c 300000 "$builddir/konseki-verify"
	printf 'no line end'
} >"$T/input"
ok "a log of what comes in" sh -c "$mklog $T/log $T/keys - <$T/input"
konseki show --raw "$T/log" >"$T/raw"
same "show --raw gives it back, byte for byte" "$T/raw" "$T/input"
konseki show --raw --source 10.0.0.9 "$T/log" >"$T/raw"
same "by its peer" "$T/raw" "$T/input"
konseki show --raw --source tcp-601 "$T/log" >"$T/raw"
same "by its listener" "$T/raw" "$T/input"
konseki show --raw --stream 1 "$T/log" >"$T/raw"
same "by its stream" "$T/raw" "$T/input"
is "nothing of another source" "$(konseki show --raw --source 10.0.0.8 "$T/log")" ""
is "nothing of another stream" "$(konseki show --raw --stream 2 "$T/log")" ""

first=$(konseki show "$T/log" | sed -n '/ e1 /{s/ .*//p;q;}')
is "show --messages, one of them" \
	"$(konseki show --messages --from "$first" --to "$first" "$T/log")" \
	"<13>plain"
is "a message has no framing" "$(konseki show --messages --from $((first + 2)) \
	--to $((first + 2)) "$T/log" | od -An -c | tr -d ' \n')" \
	'<13>203e203X203g\n'
line=$(konseki show --from $((first + 1)) --to $((first + 1)) "$T/log")
like "the listing: index, time, kind, source, sequence number" "$line" \
	"^$((first + 1)) 2026-11-18T11:06:40Z e1 tcp-601/tcp 10.0.0.9:2000 #1:1 "
like "and the body, escaped" "$line" '<13>nul \\x00 and \\xff\\xfe$'
like "system records too" "$(konseki show "$T/log")" '^0 .* m1 segment=0 '
like "with leaves" "$(konseki show --leaves --to 0 "$T/log")" \
	' m1 [0-9a-f]{64} segment=0 '
like "--log takes a folder" "$(konseki show --log "$T/log" --to 0)" ' m1 '
ok "beyond the end there is nothing" ! konseki show --from 999999 "$T/log"
ok "a number is a number" ! konseki show --from x "$T/log"
ok "no log, no records" ! konseki show "$T/nowhere"

cp "$T/log/log" "$T/pin"
cp "$T/log/checkpoint" "$T/anchor"
verify() {	# verify NAME STATUS ERE ARG...: both programs agree
	name=$1 want=$2 like=$3
	shift 3
	konseki-verify "$@" >"$T/out" 2>&1
	status=$?
	konseki verify "$@" >"$T/out2" 2>&1
	is "$name" "$status $?" "$want $want"
	like "$name: what is said" "$(cat "$T/out" "$T/out2")" "$like"
}
konseki show --from 5 --to 3 "$T/log" 2>"$T/err" >"$T/out"
is 'a range that ends before it begins is a wrong call' $? 2
konseki show --source nobody "$T/log" 2>"$T/err" >"$T/out"
is 'a source that is not there is no error' $? 0
like 'but is not passed over in silence' "$(cat "$T/err")" 'no record is of'
verify intact 0 '^INTACT: test.example/evidence$' --pin "$T/pin" \
	--anchor "$T/anchor" "$T/log"
verify "without pin and anchor it says so" 0 'rollback .* is not excluded' \
	"$T/log"
verify "in Japanese" 0 '改ざんなし' --lang ja "$T/log"
verify "as JSON" 0 '"verdict":"intact","exit":0' --json "$T/log"
verify "no log" 3 'COULD NOT CHECK' "$T/nowhere"
verify "a wrong call" 3 'usage:' --jobs 0 "$T/log"

cp -R "$T/log" "$T/tail"
file=$(find "$T/tail/segments" -name '*.gz')
head -c 100 "$file" >"$T/part"
cat "$T/part" >>"$file"
verify "a torn tail" 2 'INCOMPLETE' --pin "$T/pin" "$T/tail"
cp -R "$T/log" "$T/bad"
file=$(find "$T/bad/segments" -name '*.gz')
printf 'X' | dd of="$file" bs=1 seek=2000 conv=notrunc 2>/dev/null
verify "one byte changed" 1 'first fault: segments/.*\.gz, from byte 0, record ' \
	--pin "$T/pin" "$T/bad"

# The pin of another log: everything else is sound.
ok "another log" sh -c "echo x | $mklog $T/log2 $T/keys2 -"
verify "its pin" 1 'differs from the pinned' --pin "$T/log2/log" "$T/log"

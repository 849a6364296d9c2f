#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The same file is brought twice, by another name and inside a ZIP: that is
# noticed by its hash and refused unless --again is said; others of the same
# command go on. An import that is interrupted says what was taken and ends its
# stream; one whose process or writer was killed is noticed at the next import
# of that file, which takes it whole again. Nothing is taken in silence twice.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 40

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
# Another log beside those that every site has.
sed -i 's/^logs:/&\n  other: {origin: test.example\/other, epoch_height: 6}/' \
    "$S/konseki.yml"
konseki init --site "$S" >>"$T/pins" 2>&1
site_start
printf 'one\ntwo\n' >"$T/a.log"
printf 'three\n' >"$T/b.log"
cp "$T/a.log" "$T/copy.log"
: >"$T/empty.log"
# take ARG...
take() {
	konseki --lang en import --site "$S" "$@" >"$T/said" 2>"$T/err"
}
taken() {
	konseki show --site "$S" | awk '$3 == "e1"' | wc -l
}

ok 'a file' take "$T/a.log"
ok 'a copy of it is refused, and the next one is taken' ! take "$T/copy.log" "$T/b.log"
like 'it is said when and where it is' "$(cat "$T/err")" \
    'copy.log: this file was imported on 20.* already \(stream [0-9]+, records [0-9]+-[0-9]+\); --again'
like 'the other one is said' "$(cat "$T/said")" 'b.log log=evidence .* records=1 '
is 'three records in all' "$(taken)" 3
ok 'packed it is the same file' sh -c "gzip -c '$T/a.log' >'$T/a.gz'"
ok 'and refused' ! take "$T/a.gz"
ok 'unless the container itself is wanted' take --as-is "$T/a.gz"
ok 'into another log it is another matter' take --log other "$T/a.log"
ok 'but not into the casebook' ! take --log casebook "$T/a.log"
like 'and it is said why' "$(cat "$T/err")" 'the casebook takes no files'
ok 'twice in one command' ! take "$T/b.log" "$T/b.log"
ok 'with --again' take --again "$T/a.log"
is 'two more records' "$(raw a.log | wc -l)" 4
ok 'an empty file' take "$T/empty.log"
ok 'is nothing that could be there twice' take "$T/empty.log"
stop "$collector"
site_start
ok 'after a restart it is still known' ! take "$T/a.log"

# big enough to be interrupted in
awk 'BEGIN { for (i = 0; i < 3000000; i++)
	print "<13>line " i " of a file that takes a while" }' >"$T/big.log"
size=$(wc -c <"$T/big.log")
# begun NAME [OPTION]: a process that imports it; the casebook says so, and its
# records come. Whoever read them would come too late.
begun() {
	sealed=$(sed -n 2p "$S/evidence/checkpoint")
	begun_n=$(records o1 casebook | grep -c 'action=import .*file=big.log')
	start "$1" konseki --lang en import ${2:+"$2"} --site "$S" "$T/big.log"
	wait_for '[ "$(records o1 casebook |
	    grep -c "action=import .*file=big.log")" -gt "$begun_n" ]' 30 &&
	    wait_sealed $((sealed + 1))
}
begun first
tap $? 'an import begins, and the casebook says so'
stop "$pid" INT
is 'interrupted it ends with 1' "$status" 1
like 'and says what was taken' "$(cat "$T/first.err")" \
    "big.log: the import broke off behind byte [0-9]+ of $size\. Import the file again"
like 'and where' "$(cat "$T/first.err")" 'the records [0-9]+-[0-9]+ of it stay'
like 'the stream has ended' "$(records d1 | grep 'd1 .*end ')" 'why=interrupted'
# bytes FILE: of the import whose line stands in it
bytes() {
	sed -n 's/.* stream=\([0-9]*\) .* index=\([0-9]*\)-\([0-9]*\) .*/\1 \2 \3/p' "$1" |
	    while read -r s f l; do
		konseki show --site "$S" --raw --stream "$s" --from "$f" --to "$l"
	done
}
n=$(sed -n 's/.* behind byte \([0-9]*\) .*/\1/p' "$T/first.err")
bytes "$T/first.out" >"$T/part"
head -c "$(wc -c <"$T/part")" "$T/big.log" >"$T/want"
same 'what was taken is the start of the file' "$T/part" "$T/want"
ok 'up to the last whole line' [ "$(wc -c <"$T/part")" -gt 0 -a \
    "$(wc -c <"$T/part")" -le "$n" ]

begun second
tap $? 'once more'
like 'that the first was not finished is said' "$(cat "$T/second.err")" \
    'an import of this file that began on 20.* was not finished; it is imported again'
stop "$pid" KILL
wait_for 'records d1 | grep -q "end .*why=closed"'
tap $? 'killed, its stream is ended by the writer'

begun third
site_kill
wait_for '! running $pid'
stop "$pid"
is 'without a writer it ends with 1' "$status" 1
like 'and says what may be there' "$(cat "$T/third.err")" \
    'big.log: the import broke off behind byte'
site_start
ok 'after all that it is imported' take "$T/big.log"
like 'whole' "$(cat "$T/said")" ' records=3000000 '
bytes "$T/said" >"$T/kept"
same 'byte for byte' "$T/kept" "$T/big.log"
cp "$T/said" "$T/whole"
ok 'and now it is refused' ! take "$T/big.log"
ok 'for that reason' grep -q 'already' "$T/err"
begun again --again
stop "$pid" INT
is 'once more with --again, and interrupted' "$status" 1
ok 'that it is there whole is still known' ! take "$T/big.log"
like 'and where' "$(cat "$T/err")" \
    "already \(stream $(sed -n 's/.* stream=\([0-9]*\) .*/\1/p' "$T/whole"), "
site_stop
verified

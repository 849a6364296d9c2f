#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Years after it was written somebody gets a log of format ev1 and two packages of
# it. The programs of today read them, prove the same, byte for byte, and say the
# same in both languages; and they write nothing where the evidence lies. So with
# what the format got later: deletions in packages, what proved a rollback.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/golden/say.sh"

golden=$srcdir/tests/golden/ev1
gaps=$srcdir/tests/golden/ev1-gaps
sums() {	# of all that lies there, names and times of change too
	(cd "$golden/.." && find ev1* -type f -exec sha256sum {} + | sort -k 2 &&
	    find ev1* -printf '%p %T@ %C@\n' | sort)
}
# shellcheck disable=SC2086 # a list of names
set -- $golden_names $gaps_names
plan $(($# + 31))
# shellcheck disable=SC2086
set -- $golden_names

# What they hold, as the tools that everybody has show it: a golden log that
# lacks a part of the format freezes nothing.
cd "$golden" || exit 99
sums >"$T/before"
# stream LOG: what its segments inflate to. zcat says that the open one has no
# end.
stream() {
	for file in "$1"/segments/*/*.gz; do
		zcat "$file" 2>/dev/null
	done
}
stream log >"$T/stream"
stream successor >"$T/successor"
for kind in m1 b1 k1 s1 d1 g1 c1 o1 x1 w1 t1 e1; do
	grep -aEq "^$kind [0-9]+ [0-9]+ " "$T/stream" || echo "$kind"
done >"$T/missing"
is 'each kind of record is in it' "$(cat "$T/missing")" ''
is 'a sender changed its port' "$(grep -aEc '^e1 .* -@[0-9]+ [0-9]+$' \
    "$T/stream" | sed 's/[1-9][0-9]*/some/')" some
is 'a body has a NUL, another is CP932' \
    "$(LC_ALL=C tr '\000' '~' <"$T/stream" | LC_ALL=C grep -ac 'nul ~ and') \
$(LC_ALL=C grep -ac "$(printf '<13>\203e\203X\203g')" "$T/stream")" '4 4'
is 'three epochs' "$(wc -l <log/epochs)" 3
is 'one segment has a manifest and no file' "$(for m in log/manifests/*; do
    [ -e "log/$(sed -n 's/^file //p' "$m")" ] || echo "${m##*/}"; done)" \
    000000000000
last=$(find log/segments -name '*.gz' | sort | tail -n 1)
ok 'the last is open, in the middle of a member' ! gzip -t "$last"
is 'the others are closed' "$(find log/segments -name '*.gz' | sort |
    sed '$d' | while read -r f; do gzip -t "$f" || echo "$f"; done)" ''
like 'its successor says whom it follows' "$(cat "$T/successor")" \
    "^boot=.* successor=$(sed -n 's/^origin //p' log/log) why=rekey size=$(sed \
    -n 2p log/checkpoint) "
is 'and so does its file' "$(sed 's/^at .*/at/; s/^uid .*/uid/' \
    successor/predecessor)" "ev1 predecessor
origin $(sed -n 's/^origin //p' log/log)
why rekey
uid
at
size $(sed -n 2p log/checkpoint)
root $(sed -n 3p log/checkpoint | base64 -d | od -An -v -tx1 | tr -d ' \n')
found=the%20server%20was%20taken%20over"
is 'in all less than 200 KB' "$(find . -type f -exec cat {} + | wc -c |
    awk '{ print $1 < 200000 }')" 1

for name in "$@"; do
	golden_say "$name" >"$T/said"
	same "$name" "$T/said" "$name.ok"
done
like 'the proof holds' "$(konseki prove --check proof.ok --pin log/log)" \
    '^proved: e1 [0-9]+ '
ok 'a program written from FORMAT.md alone reads the excerpt' python3 \
    "$srcdir/tests/system/evx.py" excerpt/data/excerpt/excerpt.evx \
    excerpt/data/log/checkpoint
for token in log/tokens/*; do
	size=${token#log/tokens/}
	head -n 3 "log/checkpoints/${size%%-*}" >"$T/text"
	ok 'OpenSSL proves a token' openssl ts -verify -in "$token" \
	    -data "$T/text" -CAfile tsa.pem
done
is 'and every verdict is good' "$(grep -L '^exit 0$' ./*.??.ok ./*.leaves.ok)" \
    ''

# What came later.
cd "$gaps" || exit 99
for name in $gaps_names; do
	gaps_say "$name" >"$T/said"
	same "what came later: $name" "$T/said" "$name.ok"
done
is 'and each of these verdicts is good, too' "$(grep -L '^exit 0$' ./*.ok)" ''
for bag in gap part; do
	like "$bag: what is gone, and which record says so" \
	    "$(cat $bag/data/package.txt)" '^gone 1 [0-9]+ [0-9]+ [0-9]+$'
	is "$bag: that record is shown" "$(grep -ac \
	    "^r [0-9a-f]* x1 $(sed -n 's/^gone .* //p' $bag/data/package.txt) " \
	    $bag/data/excerpt/excerpt.evx)" 1
done
is 'whole segments before and behind the gap' \
    "$(find gap/data/log/segments -name '*.gz' | wc -l)" 2
is 'each with the proof of the next that was there' "$(find gap/data/proofs \
    -name '*.tlog-proof' | sort | sed 's/.*m1-0*//' | tr '\n' ' ')" \
    '2.tlog-proof 3.tlog-proof '
like 'records with and without their body' "$(cat part/data/package.txt)" \
    '^bodies [1-9][0-9]* [1-9][0-9]*$'
ok 'a program written from FORMAT.md alone reads this excerpt, too' python3 \
    "$srcdir/tests/system/evx.py" part/data/excerpt/excerpt.evx \
    part/data/log/checkpoint
stream rolled >"$T/rolled"
sed '1,/^$/d' rolled/outside >"$T/note"
is 'the note that proved a rollback, named by its hash' "$(sed -n \
    's/.* outside-sha256=\([0-9a-f]*\).*/\1/p' "$T/rolled")" \
    "$(sha256sum <"$T/note" | cut -d ' ' -f 1)"
for change in 's/^14$/13/' 's/^ev1 outside/ev2 outside/'; do
	cp -R rolled "$T/copy"
	sed "$change" rolled/outside >"$T/copy/outside"
	konseki-verify --lang en --pin rolled/log "$T/copy" >"$T/said"
	is "the checkpoint that proved the break, after $change" \
	    "$? $(grep -c 'first fault: outside' "$T/said")" '1 1'
	rm "$T/copy/outside"
	konseki-verify --pin rolled/log "$T/copy" >/dev/null
	is 'or gone' $? 1
	rm -rf "$T/copy"
done
like 'and the removal of an older log, repeated' "$(cat "$T/rolled")" \
    '^uid=[0-9]+ action=remove id=r-1 origin=test\.example/evidence size=.* since='
sums >"$T/after"
same 'nothing was written' "$T/before" "$T/after"

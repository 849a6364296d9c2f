#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Of segments of other weeks a sheet needs little, which is kept.  Each week's
# sheet is, to the byte, the one for which all was read: with sessions that go
# on for weeks, lines late or twice, replays, a deleted segment; and whatever
# happens to what is kept.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 30

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
weeks="2026-10-19 2026-11-09 2026-11-16 2026-11-23"
site_height=12
site_make <<'END'
site: {name: Past, language: en}
listeners: []
analyzer: {internal: [10.0.0.0/8], vpn: [10.212.134.0/24]}
END
python3 "$srcdir/tests/system/past_story.py" 2 4 |
    "$builddir/tests/system/storylog" "$S/evidence" "$S/keys/evidence" ||
    exit 99
gone=$S/evidence/$(sed -n 's/^file //p' "$S/evidence/manifests/000000000004")
closed=$(find "$S/evidence/manifests" -type f | wc -l)
kept=$S/cache/past-test.example-evidence

# sheet OUT WEEK ARGUMENT...: into the folder OUT; what is said to $T/err. No
# collector runs, so that no review leaves a record of itself.
sheet() {
	sheet_out=$T/$1 sheet_week=$2
	shift 2
	konseki --lang en review --site "$S" --week "$sheet_week" \
	    --output "$sheet_out" "$@" >/dev/null 2>"$T/err"
}
all() {		# all OUT ARGUMENT...: of every week
	all_out=$1
	shift
	for week in $weeks; do
		sheet "$all_out" "$week" "$@"
	done
}
sums() {
	(cd "$T/$1" && sha256sum review-* 2>&1)
}
files() {
	find "$kept" -name '*.past' | wc -l
}

all full --full
is 'sheets of several weeks' "$(find "$T/full" -type f | wc -l)" 4
is 'for which nothing was kept' "$(find "$S/cache" -name '*.past' | wc -l)" 0
ok 'with sessions that began in weeks before' grep -Eq \
    'Tue 11-0|Mon 11-0' "$T/full/review-2026-11-09-en.html"
all made --jobs 1
is 'the same, with what is kept while they are made' "$(sums made)" \
    "$(sums full)"
is 'something of each closed segment is kept' "$(files)" "$closed"
(cd "$kept" && sha256sum ./*) >"$T/kept"
all used --jobs 2
is 'the same, with what was kept' "$(sums used)" "$(sums full)"
is 'nothing is made again' "$(cd "$kept" && sha256sum ./*)" "$(cat "$T/kept")"
sheet newest 2026-11-23
rm "$T/newest"/*
konseki --lang en review --site "$S" --output "$T/newest" >"$T/said" 2>/dev/null
konseki --lang en review --site "$S" --output "$T/newest-full" --full \
    >"$T/said-full" 2>/dev/null
is 'the week that is meant without asking' "$(basename "$(cat "$T/said")")" \
    "$(basename "$(cat "$T/said-full")")"
is 'and its sheet' "$(sums newest)" "$(sums newest-full)"

# --- damaged ---
same_again() {	# same_again WORDS: the sheet of one week
	sheet again 2026-11-09
	is "$1" "$(cd "$T/again" && sha256sum review-2026-11-09-en.html)" \
	    "$(cd "$T/full" && sha256sum review-2026-11-09-en.html)"
}
one=$kept/000000000002.past
truncate -s -1 "$one"
same_again 'one that was cut off is made anew'
like 'and that is said' "$(cat "$T/err")" \
    '1 summaries of segments did not fit them and are made again'
is 'as it was' "$(cd "$kept" && sha256sum ./*)" "$(cat "$T/kept")"
printf X | dd of="$one" bs=1 seek=400 conv=notrunc status=none
same_again 'so is one with another byte'
cp "$kept/000000000003.past" "$one"
same_again 'and that of another segment'
like 'which is said' "$(cat "$T/err")" 'did not fit'
rm "$one"
same_again 'one that is missing is made'
ok 'without a word' ! grep 'did not fit' "$T/err"
cp -R "$srcdir/rules" "$T/rules"
chmod -R u+w "$T/rules"
echo '# a word' >>"$T/rules/formats/fortigate.yml"
KONSEKI_RULES=$T/rules
same_again 'other format files: all are made anew'
is 'each of them' "$(cd "$kept" && sha256sum --quiet -c "$T/kept" 2>/dev/null |
    wc -l)" "$closed"
KONSEKI_RULES=$srcdir/rules
same_again 'and again'
is 'as they were' "$(cd "$kept" && sha256sum ./*)" "$(cat "$T/kept")"

# --- forged: it agrees with itself ---
forge() {	# forge FROM TO: in all of them
	python3 - "$kept" "$1" "$2" <<'END'
import hashlib, os, sys
folder, a, b = sys.argv[1], sys.argv[2].encode(), sys.argv[3].encode()
for name in os.listdir(folder):
    path = os.path.join(folder, name)
    head, rest = open(path, 'rb').read().split(b'\n', 1)
    rest = rest.replace(a, b)
    words = head.split(b' ')
    words[-1] = hashlib.sha256(rest).hexdigest().encode()
    open(path, 'wb').write(b' '.join(words) + b'\n' + rest)
END
}
seen=no shown=no tries=0
while [ $seen$shown != yesyes ] && [ $tries -lt 400 ]; do
	tries=$((tries + 1))
	forge shy01 shy99
	sheet forged 2026-11-23
	if grep -q 'did not fit' "$T/err"; then
		seen=yes
		cp -R "$T/forged" "$T/noticed"
		(cd "$kept" && sha256sum ./*) >"$T/again.kept"
	elif grep -q shy99 "$T/forged/review-2026-11-23-en.html"; then
		shown=yes
	fi
done
is 'what is kept is what the sheet shows' $shown yes
is 'one that is forged is noticed, sooner or later' $seen yes
is 'then the sheet is the right one' "$(sums noticed)" \
    "$(cd "$T/full" && sha256sum review-2026-11-23-en.html)"
same 'and all are made anew' "$T/again.kept" "$T/kept"
forge shy01 shy99
sheet forged 2026-11-23 --full
is 'with --full what is kept does not matter' "$(sums forged)" \
    "$(cd "$T/full" && sha256sum review-2026-11-23-en.html)"
rm "$kept"/*
all made --jobs 1

# --- a segment is deleted at the end of its retention ---
rm "$gone"
all deleted --full
ok 'without it sheets are others' ! [ "$(sums deleted)" = "$(sums full)" ]
all without
is 'and the same with what is kept' "$(sums without)" "$(sums deleted)"
ok 'nothing is kept of it any more' test ! -e "$kept/000000000004.past"

# --- where nothing can be kept ---
rm -r "$kept"
: >"$kept"
sheet unkept 2026-11-09
like 'it is said that nothing can be kept' "$(cat "$T/err")" \
    'could not be kept, and the next sheet will read everything again: .*past-'

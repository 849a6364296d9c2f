#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The helpers of tests/lib.sh do notice a failure, and leave nothing behind.
. "${srcdir:-.}/tests/lib.sh"
plan 9

cat >"$T/inner.t" <<'EOF'
. "$srcdir/tests/lib.sh"
plan 12
ok 'true is fine' true
ok 'false is not' false
ok 'a command may have to fail' ! false
ok 'and not to succeed' ! true
is 'the same' 'a b' 'a b'
is 'not the same' a b
like 'a line' 'x
abc' '^a.c$'
like 'no line' 'x
abcd' '^a.c$'
skip 1 'no such thing'
start sleeper sleep 1000
echo "$pid" >"$pids"
running "$pid"; is 'what starts runs' $? 0
stop "$pid"; is 'and ends by a signal' $status 143
start stubborn sh -c 'trap "" TERM; echo up; while :; do sleep 1; done'
echo "$pid" >>"$pids"
wait_for 'grep -q up "$T/stubborn.out"'; is 'a condition comes true' $? 0
echo "$T" >"$folder"
trap 'kill -KILL $pid; cleanup' EXIT
exit 7
EOF
cat >"$T/want" <<'EOF'
1..12
ok 1 - true is fine
not ok 2 - false is not
ok 3 - a command may have to fail
not ok 4 - and not to succeed
ok 5 - the same
not ok 6 - not the same
ok 7 - a line
not ok 8 - no line
ok 9 # SKIP no such thing
ok 10 - what starts runs
ok 11 - and ends by a signal
ok 12 - a condition comes true
EOF
pids=$T/pids folder=$T/folder
export srcdir pids folder
KONSEKI_KEEP='' sh "$T/inner.t" >"$T/out" 2>&1
is 'the exit status is kept' $? 7
grep -v '^#' "$T/out" >"$T/got"
same 'each check says what it saw' "$T/got" "$T/want"
like 'a difference is shown' "$(cat "$T/out")" '^# want: b$'
ok 'the folder is gone' ! test -e "$(cat "$T/folder")"
gone=0
while read -r p; do
	running "$p" && gone=1
done <"$T/pids"
is 'so are the children' $gone 0

wait_for false 1 >"$T/out"
is 'a condition that never comes true' $? 1
like 'is named' "$(cat "$T/out")" '^# not within 1 seconds: false$'
# shellcheck disable=SC2016 # it is expanded in there
echo 'skip_all no network' | sed '1i . "$srcdir/tests/lib.sh"' >"$T/skip.t"
is 'a whole test may be skipped' "$(KONSEKI_KEEP='' sh "$T/skip.t")" '1..0 # SKIP no network'
is 'the built programs come first' "${PATH%%:*}" "$builddir"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# gzip has room where something can hide: header fields, padding, empty and
# trailing members, a second deflation of the same bytes, a bomb. Of a closed
# segment every byte is as the writer wrote it, or the verifier says so, in
# bounded memory. In the open segment, whose compressed bytes nothing commits to
# yet, another deflation of the same records is no change; all else is.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
command -v python3 >/dev/null || skip_all 'no python3'
mutate="$srcdir/tests/system/gzip_mutate.py"
attack_mklog 2500 2
closed=$(find "$T/log/segments" -name 000000000000.ev1.gz)
all=$(python3 "$mutate" list "$closed")
closed=${closed#"$T/log/"}
# shellcheck disable=SC2086 # a list of words
set -- $all
plan $(($# + 12))

# Address space enough for the program, not for what a bomb inflates to. (With
# sanitizers it would not even start.)
# shellcheck disable=SC3045 # where it is not known the bomb is refused as well
limit() {
	ulimit -v 131072
}
(limit && konseki-verify --help) >/dev/null 2>&1 && limit
for m in $all; do
	attack "closed: $m" "python3 \"\$mutate\" $m $closed" \
	    1 '(segments|manifests)/'
done
attack 'closed: cut at the end of a member' '
	python3 "$mutate" no-end '"$closed" 1 '(segments|manifests)/'

open=$(find "$T/log/segments" -name '*.gz' | sort | tail -n 1)
open=${open#"$T/log/"}
for m in recompressed stored; do
	attack "open: $m" "python3 \"\$mutate\" $m $open" 0 INTACT
done
for m in fextra mtime member-less bomb nested crc members-exchanged \
    empty-in-front; do
	attack "open: $m" "python3 \"\$mutate\" $m $open" 1 'segments/'
done
attack 'open: trailing bytes are no records' "printf x >>$open" 2 'segments/'

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Each header compiles alone, and twice: it includes what it needs and no
# more than once.  Tables (*_tbl.h) are pieces of a file and cannot.
# CC and INCLUDE_FLAGS come from the Makefile.
src=${srcdir:-.}
: "${CC:=cc}"
headers=$(cd "$src" && find lib collector verify witness analyzer tests -name '*.h' \
    ! -name '*_tbl.h' | sort)
[ -n "$headers" ] || { echo 'Bail out! no headers'; exit 99; }
echo "1..$(echo "$headers" | wc -l)"
n=0
for h in $headers; do
	n=$((n + 1))
	# shellcheck disable=SC2086 # flags are words
	if out=$(printf '#include "%s"\n#include "%s"\n' "${h#lib/}" \
	    "${h#lib/}" | $CC -std=c11 ${INCLUDE_FLAGS:--I$src/lib -I$src} \
	    -D_GNU_SOURCE -Werror -fsyntax-only -x c - 2>&1); then
		echo "ok $n - $h"
	else
		echo "not ok $n - $h"
		echo "$out" | sed 's/^/# /'
	fi
done

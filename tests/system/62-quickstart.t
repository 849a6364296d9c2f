#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody stopped the quickstart while it made its site. The next start must
# not take the half for the whole and write reports of it: it says what to do.
. "${srcdir:-.}/tests/lib.sh"
plan 3

mkdir "$T/site"
cp "$srcdir/samples/site/konseki.yml" "$T/site/"
: >"$T/site/unfinished"
"$srcdir/samples/run" "$builddir" "$T/site" --once >"$T/out" 2>"$T/err"
is 'with half a site it does not go on' "$?" 1
like 'but says what to do' "$(cat "$T/err")" 'interrupted: delete that folder'
is 'and touches nothing' "$(echo "$T"/site/*)" \
    "$T/site/konseki.yml $T/site/unfinished"

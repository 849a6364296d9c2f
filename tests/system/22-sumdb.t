#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# An investigator does not believe our verifier.  Sixty lines over another
# library (Go's golang.org/x/mod/sumdb) accept the checkpoint with the log's key
# and compute the same root from the segments; and they see one changed digit.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/go.sh"
go_there || skip_all "no Go with golang.org/x/mod"
plan 8

ok "it builds" go_build "$T/sumdb" "$srcdir/tests/system/sumdb.go"
is "it has at most 60 lines" \
	"$(awk 'END { print NR <= 60 }' "$srcdir/tests/system/sumdb.go")" 1
ok "a log of several segments and epochs" \
	"$builddir/tests/system/mklog" "$T/log" "$T/keys" 70000 3
konseki-verify --json --pin "$T/log/log" "$T/log" >"$T/json"
is "is intact for us" $? 0
size=$(sed 's/.*"size":\([0-9]*\).*/\1/' "$T/json")
root=$(sed 's/.*"root":"\([^"]*\)".*/\1/' "$T/json")
is "and for it, with the same size and root" "$("$T/sumdb" "$T/log" 2>&1)" \
	"$size $root true"

# One digit of one record, well compressed again.
file=$(find "$T/log/segments" -name '000000000000.ev1.gz')
zcat "$file" >"$T/before"
sed '1001s/policyid=./policyid=x/' "$T/before" >"$T/after"
ok "a record that is changed" ! cmp -s "$T/before" "$T/after"
gzip -n <"$T/after" >"$file"
like "is another root to it" "$("$T/sumdb" "$T/log" 2>&1)" ' false$'
konseki-verify --pin "$T/log/log" "$T/log" >/dev/null
is "and tampered with to us" $? 1

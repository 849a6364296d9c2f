#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody tries the commands: each says what it can with --help, and ends with
# a sentence where it is called without anything, or with what it has not.
. "${srcdir:-.}/tests/lib.sh"
plan 4

mkdir "$T/nowhere"
KONSEKI_SITE=$T/nowhere KONSEKI_RULES=$srcdir/rules
export KONSEKI_SITE KONSEKI_RULES
konseki help >"$T/help"
commands=$(sed -n 's/^  \([a-z]*\)  .*/\1/p' "$T/help")
ok 'there is a list of commands' [ "$(echo "$commands" | wc -w)" -gt 15 ]

# every ARGUMENT...: the commands that are ended by a signal, or say nothing.
every() {
	for c in $commands; do
		konseki "$c" "$@" </dev/null >"$T/out" 2>&1
		code=$?
		[ $code -lt 124 ] && [ -s "$T/out" ] || echo "$c: $code"
	done
}
is 'each says more with --help' "$(every --help)" ''
is "without anything each ends with a sentence, but who reads lines" \
    "$(every)" "parse: 0"
is 'and with an option that it has not' "$(every --no-such-option)" ''

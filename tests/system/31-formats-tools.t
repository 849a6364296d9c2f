#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Somebody writes a format file with what `konseki formats` gives him.
. "${srcdir:-.}/tests/lib.sh"
plan 10
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
cd "$T" || exit 99

# --- list
konseki formats list >"$T/list"
is 'list has every format file' "$(wc -l <"$T/list" | tr -d ' ')" \
    "$(grep -l '^format:' "$srcdir"/rules/formats/*.yml | wc -l | tr -d ' ')"
like 'with examples, title and file' "$(cat "$T/list")" \
    '^fortigate +[0-9]+ examples .*Fortinet.*formats/fortigate\.yml'
like 'and what it is made from, for programs' \
    "$(konseki formats list --json)" \
    '"format":"fortigate",.*"reference":"FortiOS.*"knowledge":"lines","examples":[0-9]+\}'

# --- test
ok 'the examples of a format hold' konseki formats test fortigate
cat >exfw.yml <<'END'
format: exfw
title: Example firewall
header: none
detect: {starts: exfw}
parse: [{keyvalue: {}}]
fields: {src: source.ip, user: user.name}
examples:
  - raw: 'exfw src=10.0.0.1 user=a'
    event:
      source.ip: 10.0.0.1
      user.name: b
END
konseki formats test exfw.yml >"$T/out" 2>&1
is 'one that does not is a failure' $? 1
is 'with file, line, field, wanted and found' "$(sed -n 1,3p "$T/out")" \
    "exfw.yml:11: user.name: another value
    wanted: b
    found: a"
is 'in Japanese too' "$(konseki --lang ja formats test exfw.yml | sed -n 1p)" \
    'exfw.yml:11: user.name: 値が違います'
sed -i 's/user.name: b/user.name: a/' exfw.yml
ok 'put right it holds' konseki formats test exfw.yml
konseki formats test nothing >"$T/out" 2>&1
is 'a format that there is not is no success' $? 1
konseki formats toast >"$T/out" 2>&1
is 'a wrong word is a usage error' $? 2

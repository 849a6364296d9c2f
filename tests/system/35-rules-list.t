#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Somebody wants to know what is looked for here, and what another profile
# would look for.
. "${srcdir:-.}/tests/lib.sh"
plan 19
cd "$T" || exit 99
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES

konseki --lang en rules list >out 2>err
is 'there is a list' $? 0
is 'with a row for each rule' "$(sed 1d out | wc -l)" \
    "$(find "$srcdir/rules/detection" -name '*.yml' | wc -l)"
like 'and a column for each profile' "$(sed -n 1p out)" \
    '^CODE +LEVEL +FIRST +clinic  default  group  hospital  ATT&CK +TITLE$'
like 'a rule that the clinic has on' "$(cat out)" \
    '^ADM-01 +warning +operator +on +on +on +on +T1078,T1133 +Administrator login outside working hours$'
like 'and one that it has off' "$(cat out)" '^ADM-05 .*operator +- +on +on +on '
is 'the columns stand below each other' \
    "$(awk 'NR == 1 { at = index($0, "ATT&CK"); title = index($0, "TITLE") }
	NR > 1 { print substr($0, at - 1, 2) substr($0, title - 1, 2) }' out |
	sed 's/[A-Z]$/A/' | sort -u)" ' T A'
konseki --lang ja rules list >out 2>err
like 'in Japanese too' "$(cat out)" '^ADM-01 +警告 .* 業務時間外の管理者ログイン$'

konseki --lang en rules list --profile clinic >out
like 'one profile alone' "$(sed -n 1p out)" 'FIRST +clinic  ATT&CK'
is 'by code, on or not' "$(sed '1d; s/ .*//' out)" \
    "$(sed '1d; s/ .*//' out | sort)"
is 'of which so many are on' "$(grep -c '  on  ' out)" \
    "$(konseki rules list --json | grep -c '"clinic":true')"

konseki --lang en rules list --json >out
is 'for programs: objects' "$(grep -c '^{"code":".*}$' out)" \
    "$(find "$srcdir/rules/detection" -name '*.yml' | wc -l)"
is 'with all of it' "$(grep '"ADM-01"' out)" '{"code":"ADM-01","level":"medium","title":"Administrator login outside working hours","first":"operator","attack":["T1078","T1133"],"profiles":{"clinic":true,"default":true,"group":true,"hospital":true},"file":"detection/admin/off-hours-login.yml"}'

konseki rules list --profile nobody >out 2>err
is 'a profile that there is not is an error' $? 1
like 'and named' "$(cat err)" 'profiles/nobody.yml'
konseki rules list ADM-01 >out 2>&1
is 'operands there are none' $? 2
mkdir -p pack/detection
cp -R "$srcdir/rules/profiles" pack/
cp "$srcdir/rules/detection/admin/off-hours-login.yml" pack/detection/a.yml
cp pack/detection/a.yml pack/detection/b.yml
konseki rules list --rules pack >out 2>err
is 'a rule that is refused is told' $? 1
like 'with its reason' "$(cat err)" \
    '^konseki: detection/b.yml:3:5: the rule of detection/a.yml has this id'
sed 's/^  key: .*/&\n  inhibited_by: [ADM-01-none]/' pack/detection/a.yml >pack/detection/b.yml
mv pack/detection/b.yml pack/detection/a.yml
konseki rules list --rules pack >out 2>err
is 'so is one that is inhibited by a rule that there is not' $? 1
like 'with its place' "$(cat err)" \
    '^konseki: detection/a.yml:[0-9]+:18: no rule has the code ADM-01-none'

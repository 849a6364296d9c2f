#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Somebody writes the rule of the manual, runs its examples, and breaks it.
. "${srcdir:-.}/tests/lib.sh"
plan 22
cd "$T" || exit 99
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES

# The first block of YAML in the manual is a whole rule.
sed -n '/^```yaml$/,/^```$/p;/^```$/q' "$srcdir/docs/rules.md" |
    sed '/^```/d' >my.yml
konseki rules test my.yml >out 2>err
is 'the rule of the manual holds' $? 0
is 'and its examples are counted' "$(cat out)" \
    '1 rules, 2 examples: 2 passed, 0 failed'
is 'nothing is said beside it' "$(cat err)" ''

# --- What came instead.
sed 's/finds: none/finds: [{level: low}]/' my.yml >want.yml
konseki rules test want.yml >out 2>err
is 'an example that fails is a failure' $? 1
line=$(grep -n '使用可のID' want.yml | cut -d : -f 1)
is 'it is named with its place and why' "$(sed -n 1p out)" \
    "want.yml:$line: MY-01: 使用可のID: nothing was found as is wanted"
is 'with what was wanted' "$(sed -n 2p out)" '    wanted: {level: low}'
is 'and with what came' "$(sed -n 3p out)" '    found: none'
is 'and counted' "$(tail -n 1 out)" '1 rules, 2 examples: 1 passed, 1 failed'
like 'in Japanese too' "$(konseki --lang ja rules test want.yml)" \
    "^want.yml:$line: MY-01: 使用可のID: 期待どおりの検知がありません$"
sed 's/finds: \[.*/finds: none/' my.yml >none.yml
like 'a finding that should not be' "$(konseki rules test none.yml)" \
    '^    found: \{level: high, kind: alert, key: user=abc'
sed 's/event.outcome: failure/event.outcome: success/
    s/fields: {/fields: {event.outcome: success, /' my.yml >broken.yml
is 'a rule that no longer does what it should' \
    "$(konseki rules test broken.yml | tail -n 1)" \
    '1 rules, 2 examples: 1 passed, 1 failed'
sed 's/fields: {konseki.kind/fields: {konseki.kid/' my.yml >field.yml
line=$(grep -n 'konseki.kid' field.yml | head -n 1 | cut -d : -f 1)
like 'an event with a field that there is not' \
    "$(konseki rules test field.yml)" \
    "^field.yml:$line: MY-01: 使用不可のID: no such field$"

# --- What cannot be run at all.
sed '/examples:/,$d' my.yml >bare.yml
konseki rules test my.yml bare.yml nowhere >out 2>err
is 'a rule that is refused is a failure' $? 1
like 'and named with its reason' "$(cat err)" \
    '^konseki: bare.yml:[0-9]+:[0-9]+: a rule needs examples'
like 'so is what is no rule' "$(cat err)" "'nowhere' is no code of a rule"
is 'the others are run' "$(cat out)" '1 rules, 2 examples: 2 passed, 0 failed'

# --- The pack.
konseki rules test >out 2>err
is 'the pack holds' $? 0
like 'all of it' "$(cat out)" \
    "^$(find "$srcdir/rules/detection" -name '*.yml' | wc -l) rules, .* 0 failed$"
mkdir pack
cp -R "$srcdir/rules/profiles" "$srcdir/rules/data" pack/
mkdir -p pack/detection/admin
cp "$srcdir/rules/detection/admin/off-hours-login.yml" pack/detection/admin/
cat >pack/profiles/strict.yml <<'END'
profile: strict
extends: default
rules: [ADM-03]
settings: {admin: {grace: 0m}}
END
konseki rules test --rules pack ADM-01 >out 2>err
is 'a rule by its code, in a folder of rules' $? 0
konseki rules test --rules pack --profile strict >out 2>err
is 'with the limits of a profile, although it is not on in it' $? 1
like 'which its examples show' "$(cat out)" \
    '^detection/admin/off-hours-login.yml:[0-9]+: ADM-01: 作業計画の30分前'
konseki rules test --rules pack --profile nobody >out 2>err
is 'a profile that there is not is an error' $? 1

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A site adds a rule of its own to the pack and makes the mistakes that people
# make. Each is refused, or warned of, with file, line and what is wrong; none is
# passed over in silence, and what is refused stops the analysis.
. "${srcdir:-.}/tests/lib.sh"
plan 31

cp -R "$srcdir/rules" "$T/rules"
chmod -R u+w "$T/rules"
mkdir "$T/rules/detection/site"
KONSEKI_RULES=$T/rules
export KONSEKI_RULES
own=$T/rules/detection/site/my.yml
cat >"$T/good.yml" <<'END'
title: Own rule
id: 3f6d0a52-8c1e-4b7a-9d24-5e0b7c1f2a63
status: test
tags: [attack.t1078]
logsource: {product: konseki}
detection:
  use: {konseki.kind: [login, vpn-login]}
  condition: use
level: high
x-konseki:
  code: MY-01
  version: "1"
  title: 自院のルール
  first: safety
  key: [user]
  what: {ja: "{account}が{time}に使われました。", en: "{account} was used at {time}."}
  why: {ja: 不正な利用の可能性があります。, en: This may be misuse.}
  do: {ja: 本人に確認してください。, en: Ask the person.}
  examples:
    - name: login
      events: [{at: 2026-11-20T10:00:00+09:00, fields: {konseki.kind: login, user.name: abc}}]
      finds: [{level: high, key: user=abc}]
END
said() { konseki --lang "${lang:-en}" rules list 2>&1 >/dev/null; }
# refused NAME SED ERE: the rule with that change is refused so.
refused() {
	sed "$2" "$T/good.yml" >"$own"
	like "$1" "$(said)" "site/my\.yml:$3"
}

cp "$T/good.yml" "$own"
is 'a good rule is taken' "$(said)" ''
like 'and its examples hold' "$(konseki rules test MY-01)" ' 1 passed, 0 failed'
mv "$own" "${own%.yml}.yaml"
like 'so is one whose name ends in .yaml' "$(konseki rules test MY-01)" \
    ' 1 passed, 0 failed'
rm "${own%.yml}.yaml"

taken=$(sed -n 's/^id: //p' "$T/rules/detection/account/account-made.yml")
refused 'an id of the pack' "s/^id: .*/id: $taken/" \
    '2:5: .*account-made\.yml has this id'
refused 'a code of the pack' 's/code: MY-01/code: ACC-01/' \
    '11:9: .*disabled-account-used\.yml has this code'
like 'in Japanese too' "$(lang=ja said)" 'my\.yml:11:9: .*と code が同じ'
konseki analyze --print --rules "$T/rules" "$T" >"$T/out" 2>&1
is 'and nothing is analysed' "$?" 1
like 'for that reason' "$(cat "$T/out")" '1 rule files below .*: nothing was analysed'
refused 'a code that inhibits and is none' \
    's/^  key:.*/&\n  inhibited_by: [CFG-01, VPN-99]/' \
    '16:26: no rule has the code VPN-99'
refused 'a beginning of codes that there are not' \
    's/^  key:.*/&\n  inhibited_by: ["VPM-*"]/' '16:18: no rule has the code VPM-\*'
sed 's/^  key:.*/&\n  inhibited_by: [CFG-01, "VPN-*"]/' "$T/good.yml" >"$own"
is 'those that there are are taken' "$(said)" ''

refused 'a setting that is none' 's/^  key:.*/&\n  window: my.window/' \
    "16:11: .*none called 'my\.window'"
refused 'nor are numbers settings' 's/^  key:.*/&\n  window: 30m/' "16:11: .*'30m'"
refused 'of what is new' \
    's/^  key:.*/&\n  new: {of: [user.name], days: my.days, learn: network.new_learn_days}/' \
    "16:32: 'days' .*'my\.days'"
refused 'of a baseline' \
    's/^  key:.*/&\n  baseline: {of: records, days: admin.habit.days, least: my.least, ratio: outbound.hour.ratio, floor: outbound.sessions.floor}/' \
    "16:58: 'least' .*'my\.least'"
refused 'of expand' \
    "s/  use: .*/  use: {konseki.kind: login, user.name|expand: '%my.list%'}/" \
    '7:48: .*%my\.list%'
sed 's/%vpn.failures%/%my.failures%/; s/VPN-01$/MY-13/; s/^id: .*/id: 3f6d0a52-8c1e-4b7a-9d24-5e0b7c1f2a63/' \
    "$T/rules/detection/vpn/failed-logins.yml" >"$own"
like 'of what is counted' "$(said)" \
    "my\.yml:[0-9]*:[0-9]*: there is no setting 'my\.failures'"
sed 's/^settings:/&\n  my: {days: 3}/' "$T/rules/profiles/default.yml" >"$T/profile"
cp "$T/rules/profiles/default.yml" "$T/default.yml"
cp "$T/profile" "$T/rules/profiles/default.yml"
rm "$own"
like 'a setting that the profile has and konseki has not' "$(said)" \
    "default\.yml:[0-9]*:[0-9]*: there is no setting 'my\.days'"
cp "$T/default.yml" "$T/rules/profiles/default.yml"

refused 'a kind that no record has' 's/\[login, vpn-login\]/[login, vpn-logon]/' \
    "7:31: 'konseki.kind' is never 'vpn-logon'.*docs/formats\.md"
refused 'an outcome' "s/  use: .*/  use: {konseki.kind: login, event.outcome: fail}/" \
    "7:45: 'event.outcome' is never 'fail'; its values: success, failure"
sed "s/  use: .*/  use: {konseki.kind: 'vpn-*', event.outcome|startswith: fail}/" \
    "$T/good.yml" >"$own"
is 'but parts of them may be asked for' "$(said)" ''
refused 'a category' 's/{product: konseki}/{product: konseki, category: frewall}/' \
    "5:41: no record is of the category 'frewall'; there are: authentication, firewall"
sed 's/{product: konseki}/{product: konseki, category: network}/' "$T/good.yml" >"$own"
is 'one of ECS is taken' "$(said)" ''
sed 's/{product: konseki}/{product: fortigat}/' "$T/good.yml" >"$own"
like 'a product that no format knows is warned of' \
    "$(konseki --lang en rules test MY-01 2>&1)" \
    "warning: .*my\.yml:5:22: no format here tells of a product 'fortigat'"
sed 's/{product: konseki}/{product: fortigate}/' "$T/good.yml" >"$own"
is 'one that a format knows is not' \
    "$(konseki --lang en rules test MY-01 2>&1 | grep -c 'no format')" 0
refused 'a field' 's/  use: .*/  use: {konseki.kind: login, user.nam: x}/' \
    "7:40: unknown field 'user\.nam'"
refused 'a key' 's/^  key:.*/&\n  colour: red/' "16:11: unknown key 'colour'"
refused 'a variable' 's/{account} was/{acount} was/' "16:[0-9]*: '\{acount\}'"
refused 'who is told first' 's/first: safety/first: boss/' '14:10: first is'
refused 'a level' 's/^level: .*/level: sky/' '9:8: level is'
sed '$!d' "$T/good.yml" >"$own"
like 'half a file' "$(said)" 'site/my\.yml:'

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# A clinic writes a rule of its own and wants to know, before it turns it on,
# what it would have said of all that was kept; and what another threshold
# would cost. Nothing of that may leave a trace in the casebook.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 43

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
mkdir -p "$S"
cp -R "$srcdir/samples/site/ledgers" "$srcdir/samples/site/calendar.yml" \
    "$srcdir/samples/site/contacts.yml" "$S/"
chmod -R u+w "$S"
site_make <<END
site: {name: 見本病院, language: en}
listeners: []
END
site_start

fw() {	# fw DATE TIME FIELDS
	echo "date=$1 time=$2 devname=\"fw01\" devid=\"FGT60FTK26000001\" tz=\"+0900\" $3"
}
vpn() {	# vpn DATE TIME USER ADDRESS
	fw "$1" "$2" "logid=\"0101039424\" type=\"event\" subtype=\"vpn\" level=\"information\" action=\"tunnel-up\" tunneltype=\"ssl-tunnel\" remip=$4 tunnelip=10.212.134.201 user=\"$3\" group=\"vpn\""
}
fail() {	# fail DATE TIME USER ADDRESS
	fw "$1" "$2" "logid=\"0101039426\" type=\"event\" subtype=\"vpn\" level=\"alert\" action=\"ssl-login-fail\" tunneltype=\"ssl-web\" remip=$4 tunnelip=(null) user=\"$3\" group=\"vpn\" reason=\"sslvpn_login_permission_denied\""
}
{
	n=0
	while [ $n -lt 300 ]; do
		fw 2026-10-0$((n % 9 + 1)) 10:$((n / 60 + 10)):$((n % 50 + 10)) "logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" srcip=192.168.10.25 srcport=$((2000 + n)) dstip=192.0.2.23 dstport=443 proto=6 action=\"close\" policyid=1 service=\"HTTPS\" sentbyte=120 rcvdbyte=900"
		n=$((n + 1))
	done
	vpn 2026-10-05 11:00:00 tanaka 203.0.113.7
	vpn 2026-10-05 11:20:00 tanaka 203.0.113.7
	vpn 2026-10-14 11:00:00 tanaka 203.0.113.7
	vpn 2026-11-02 11:00:00 suzuki 203.0.113.9
	i=10
	while [ $i -lt 22 ]; do
		fail 2026-11-03 11:00:$i tanaka 203.0.113.66
		i=$((i + 1))
	done
} >"$T/fw.log"
konseki import --replay --source fw "$T/fw.log" >"$T/said" 2>&1 ||
    diag "$(cat "$T/said")"

cat >"$T/my.yml" <<'END'
title: VPN used
id: 0b8f3f0e-52d1-4c0b-9a55-6a1f7a0c2d11
status: test
logsource: {product: konseki}
detection:
  vpn: {konseki.kind: vpn-login}
  failure: {event.outcome: failure}
  condition: vpn and not failure
level: medium
x-konseki:
  code: MY-01
  version: "1"
  title: VPNの使用
  first: safety
  key: [user]
  what: {ja: "{account}が{time}にVPNを使いました。", en: "{account} used the VPN at {time}."}
  why: {ja: 確認が必要です。, en: To be looked at.}
  do: {ja: 本人に確認してください。, en: Ask the person.}
  examples:
    - name: one
      events:
        - at: 2026-11-20T10:00:00+09:00
          fields: {konseki.kind: vpn-login, user.name: abc}
      finds: [{level: medium}]
END

bt() {	# bt ARGUMENT...: konseki rules backtest
	konseki --lang en rules backtest "$@" >"$T/out" 2>"$T/err"
}
size() {	# what was said and done, but for looking at that
	konseki show --log casebook |
	    awk '($3 == "e1" || $3 == "o1") && !/ what=records /' | wc -l
}
before=$(size)
bt "$T/my.yml"
is 'a rule of a file' "$?$(cat "$T/err")" 0
like 'says how far the evidence goes' "$(sed -n 1p "$T/out")" \
    '^1 rules on the evidence from 2026-10-0'
is 'each finding with its time, rule, level, key' \
    "$(grep -c '^2026-1.*  MY-01  warning  user=' "$T/out")" 3
like 'in a sentence' "$(cat "$T/out")" ' used the VPN at Mon 2026-10-05 11:00'
like 'with its records' "$(cat "$T/out")" '^    records 2: #[0-9]* #[0-9]*$'
record=$(sed -n 's/^    records 2: #\([0-9]*\).*/\1/p' "$T/out")
is 'a line for each week with any' \
    "$(sed -n 's/^\(2026-[0-9-]*\)   *\([0-9]*\)  .*/\1 \2/p' "$T/out" | tr '\n' ';')" \
    '2026-10-05 1;2026-10-12 1;2026-11-02 1;'
like 'what it costs' "$(cat "$T/out")" '^3 alerts in 4\.[0-9] weeks: 0\.[67][0-9] a week; most in one: 1 '
like 'all are new' "$(cat "$T/out")" ' 0 stand in the casebook .* 3 are new$'
left=$(sed -n 's/^[0-9]* records, \([0-9]*\) of them not read.*/\1/p' "$T/out")
is 'what cannot fit is not read' "$([ "$left" -gt 280 ] && echo yes)" yes

bt "$T/my.yml" --from 2026-10-10 --to 2026-11-01
is 'only of some weeks' "$(grep -c '  MY-01  ' "$T/out")" 1
like 'in Japanese' "$(konseki --lang ja rules backtest "$T/my.yml")" '^警報 3件／'

# The same as an analysis finds, of each rule and of all.
mkdir "$T/rules"
cp -R "$srcdir/rules/formats" "$srcdir/rules/profiles" "$srcdir/rules/data" "$T/rules/"
mkdir "$T/rules/detection"
cp "$T/my.yml" "$T/rules/detection/"
ids() {
	sed -n 's/^{"finding":.*"id":"\([0-9a-f]*\)".*/\1/p; s/^{"type":"finding","id":"\([0-9a-f]*\)".*/\1/p' | sort
}
chmod -R u+w "$T/rules"
konseki analyze --print --rules "$T/rules" 2>"$T/err" | ids >"$T/wanted"
konseki rules backtest "$T/my.yml" --json | ids >"$T/found"
is 'as many as an analysis finds' "$(wc -l <"$T/found")" 3
is 'the same' "$(cat "$T/found")" "$(cat "$T/wanted")"
konseki analyze --print 2>"$T/err" | ids >"$T/wanted"
konseki rules backtest --profile default --json | ids >"$T/found"
is 'of the whole pack, too' "$(cat "$T/found")" "$(cat "$T/wanted")"
is 'which are some' "$([ "$(wc -l <"$T/found")" -gt 2 ] && echo yes)" yes

konseki rules backtest "$T/my.yml" --json >"$T/out"
is 'JSON on each line' "$(python3 -c '
import json, sys
rows = [json.loads(l) for l in sys.stdin]
s = rows[-1]["summary"]
print(len(rows), s["alerts"], s["new"], len(s["by_week"]),
      rows[0]["finding"]["rule"], rows[0]["known"], rows[0]["beside"])
' <"$T/out")" "4 3 3 3 MY-01 False []"
konseki rules backtest "$T/my.yml" --csv >"$T/out"
is 'CSV with a title' "$(python3 -c '
import csv, sys
rows = list(csv.DictReader(sys.stdin))
print(len(rows), rows[0]["rule"], rows[0]["kind"], rows[0]["records"],
      len(rows[0]["leaf"]))
' <"$T/out" | sed 's/\r//')" '3 MY-01 alert 2 64'
konseki rules backtest "$T/my.yml" --csv | cmp -s - "$T/out"
is 'twice the same bytes' $? 0
is 'the casebook is as it was' "$(size)" "$before"

# Other thresholds, against those in force.
bt VPN-01
like 'as it is: one' "$(cat "$T/out")" '^1 alerts in '
bt VPN-01 --set vpn.failures=13
is 'a higher threshold' $? 0
like 'finds none of it' "$(cat "$T/out")" '^0 alerts in '
like 'which is said' "$(cat "$T/out")" 'with the settings in force: 1; both 0, no more 1$'
like 'and named' "$(cat "$T/out")" '^2026-11-03 11:00:[0-9]*  VPN-01  .*source=203.0.113.66'
sed 's/key: \[user\]/key: [site]/; s/^  condition: .*/  condition: vpn/' "$T/my.yml" >"$T/my2.yml"
printf 'profile: mine\nextends: clinic\nsettings: {vpn: {failures: 3}}\n' >"$T/mine.yml"
bt VPN-01 --profile "$T/mine.yml"
like 'a profile that is tried' "$(cat "$T/out")" 'with the settings in force: 1; both 1, no more 0$'

# What is known, and what stands beside.
konseki analyze >"$T/said" 2>&1 || diag "$(cat "$T/said")"
bt VPN-01
like 'a finding of the casebook' "$(cat "$T/out")" ' known'
like 'is counted' "$(cat "$T/out")" '^    1 stand in the casebook '
bt "$T/my2.yml"
like 'a new rule' "$(cat "$T/out")" '    0 stand in the casebook '
before=$(size)
sed 's/MY-01/VPN-01/' "$T/my.yml" >"$T/vpn.yml"
bt "$T/vpn.yml"
like 'one of the code of the pack stands against it' "$(cat "$T/out")" \
    'with the settings in force: 1; both 0, no more 1$'

bt "$T/my.yml" --from 2026-11-02 --to 2026-10-01
is 'an interval that ends before it begins' "$?$(cat "$T/out")" 1
bt "$T/my.yml" --set vpn.failures=many
like 'a setting of the wrong type' "$?$(cat "$T/err")" "^1.*'vpn.failures' needs a whole number"
bt "$T/my.yml" --set nothing.of=it
like 'one that there is not' "$?$(cat "$T/err")" "^1.*--set takes NAME=VALUE"
sed 's/konseki.kind/konseki.kinds/' "$T/my.yml" >"$T/bad.yml"
bt "$T/bad.yml"
like 'a rule that is wrong' "$?$(cat "$T/err")" "^1.*bad.yml:6:[0-9]*: unknown field 'konseki.kinds'"
bt
is 'no rule at all' $? 2
is 'nothing of it was written' "$(size)" "$before"
# How near it was, over all the evidence.
near() {	# near CODE: what konseki rules explain says of the nearest
	konseki --lang en rules explain "$1" --site "$S" >"$T/out" 2>"$T/err"
}
near VPN-01
like 'a rule that counts: how far it came' "$(cat "$T/out")" \
    '^2026-11-03 11:00:.*source.key=203.0.113.66$'
like 'against its threshold' "$(cat "$T/out")" '^    yes count 1[0-9] >= 10$'
near OUT
like 'a baseline: which value missed which limit' "$(cat "$T/out")" \
    '^    no  amount [0-9]* >= 100000000$'
near ACC-05
like 'a ledger: the days of an account' "$(cat "$T/out")" \
    '^    yes unused_days 30 >= 30$'
like 'and whether it can be said at all' "$(cat "$T/out")" \
    '^    no  coverage [0-9.]* >= 95$'
near SIG-01
like 'a rule of single events is asked with one' "$(cat "$T/err")" '--event says which'

like 'a record that it names can be shown' "$(konseki show --from "$record" --to "$record")" \
    'time=11:00:00 .*tunnel-up'
site_stop

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# A clinic has a firewall that logs its administrators and no more. Which rules
# are on and can never fire? Then it logs its VPN as well. Other sites keep no
# ledgers, send what nobody understands, or nothing but a table that is imported.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 38

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

konseki --lang en rules coverage "$S" >"$T/out" 2>"$T/err"
is 'a site without records is no error' $? 0
is 'nothing can fire but what konseki tells of itself' \
    "$(sed -n '$s/.*rules: \([0-9]*\) can.*/\1/p' "$T/out") $(grep -cE '^(LOG-0[36]|RAN-05) ' "$T/out")" '3 0'
like 'for this reason' "$(sed -n 2p "$T/out")" '^    no record was understood yet$'

fw() {	# fw TIME FIELDS
	echo "date=2026-11-24 time=$1 devname=\"fw01\" devid=\"FGT60FTK26000001\" tz=\"+0900\" $2"
}
fw 02:10:00 'logid="0100032001" type="event" subtype="system" level="information" action="login" status="success" user="fwadmin" ui="https(10.212.134.200)" method="https" srcip=10.212.134.200' >"$T/adm.log"
konseki import --replay --source fw "$T/adm.log" >"$T/said" 2>&1 ||
    diag "$(cat "$T/said")"

# why CODE: what is said of a rule, or nothing.
why() {
	sed -n "/^$1  /{n;s/^ *//p;}" "$T/out"
}
konseki --lang en rules coverage >"$T/out" 2>"$T/err"
is 'the site of the variable' $? 0
is 'a rule that can fire is not named' "$(why ADM-01)" ''
like 'one whose events were not sent' "$(why VPN-01)" \
    '^did not come so far: konseki.kind: vpn-login \(fortigate could tell it\)$'
like 'one whose field no source has' "$(why ADM-05)" \
    '^no format of the sources here gives: .*konseki.menu'
like 'with all kinds that would do' "$(why CFG-01)" \
    ': konseki.kind: config-change \| account-change \('
like 'a kind that none tells of' "$(why EMR-04)" \
    '^no format of the sources here gives: konseki.kind: emr-operation$'
like 'a rule by numbers' "$(why LOG-09)" ': event.sequence, konseki.sequence.kind$'
like 'one that counts traffic' "$(why OUT)" '^did not come so far: konseki.kind: traffic'
first=$(tail -n 1 "$T/out")
is 'all are counted that are on' "${first%% *}" \
    "$(konseki rules list --profile hospital | grep -c '  on  ')"
is 'and each that cannot is named' "${first##*fire, }" \
    "$(grep -c '^[A-Z]' "$T/out") cannot"
like 'in Japanese too' "$(konseki --lang ja rules coverage | grep -A 1 '^ADM-05')" \
    '^    ここの送信元の書式では得られません: .*konseki.menu'

fw 02:00:03 'logid="0101039426" type="event" subtype="vpn" level="alert" action="ssl-login-fail" tunneltype="ssl-web" remip=203.0.113.5 tunnelip=(null) user="tanaka" group="vpn" reason="sslvpn_login_permission_denied"' >"$T/vpn.log"
fw 02:00:04 'logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.10.21 srcintf="lan" dstip=192.168.20.5 dstintf="srv" sessionid=7 proto=1 action="accept" service="PING" sentbyte=84 rcvdbyte=84' >>"$T/vpn.log"
konseki import --replay --source fw "$T/vpn.log" >"$T/said" 2>&1 ||
    diag "$(cat "$T/said")"
konseki --lang en rules coverage --site "$S" >"$T/out" 2>"$T/err"
is 'once they come it can fire' "$(why VPN-01)" ''
like 'a rule that wants what the records lack still cannot' "$(why ADM-05)" konseki.menu
is 'traffic came' "$(why NET-01)" ''
like 'but not what a rule asks to be new' "$(why SVC-01)" \
    '^did not come so far: destination.port \(fortigate could tell it\)$'
konseki rules coverage --profile clinic >"$T/out"
like 'the rules of another profile' "$(tail -n 1 "$T/out")" \
    "^$(konseki rules list --json | grep -c '"clinic":true') rules: "
site_stop

# other NAME: a site of its own that begins empty, without ledgers.
other() {
	S=$T/$1
	KONSEKI_SITE=$S
	site_make <<-END
	site: {language: en}
	listeners: []
	END
	site_start
}
covered() { # one check: it ends with 0 and names each rule that cannot fire
	konseki --lang en rules coverage >"$T/out" 2>"$T/err"
	covered_status=$?
	covered_last=$(tail -n 1 "$T/out")
	is "$1" "$covered_status ${covered_last##*fire, }" \
	    "0 $(grep -c '^[A-Z]' "$T/out") cannot"
}

other unknown
for i in 1 2 3 4 5 6 7 8 9; do
	echo "q$i zork ~~ blah $i"
done >"$T/zork.log"
ok 'lines that no format knows' konseki import --replay --source z "$T/zork.log"
covered 'what nobody understands is no error'
is 'and fills no rule that counts what is understood' "$(why VPN-03)" \
    'no record was understood yet'
is 'nor any other' "$(why ACC-01)" 'no record was understood yet'
is 'no reason is empty' "$(grep -c ': *$' "$T/out")" 0
site_stop

other table
ok 'nothing but a table of the EMR' konseki import --replay --source emr \
    --encoding cp932 --mapping emr-access \
    "$srcdir/samples/incident/history/emr-access.csv"
covered 'is enough to ask'
is 'a rule about an ID that the ledger does not know needs a ledger' \
    "$(why ACC-04)" 'ledgers that are not kept: accounts.csv'
is 'and one that speaks of its rows' "$(why ACC-03)" \
    'ledgers that are not kept: accounts.csv'
is 'each that is missing is named' "$(why ACC-13)" \
    'ledgers that are not kept: accounts.csv, people.csv'
is 'a sequence of which one half can come cannot fire' "$(why VPN-03)" \
    'no format of the sources here gives: konseki.kind: vpn-login'
is 'what came can' "$(why EMR-05)" ''
mkdir -p "$S/ledgers"
cp "$srcdir/samples/site/ledgers/accounts.csv" "$S/ledgers/"
covered 'with that ledger'
is 'they can fire' "$(why ACC-04)$(why ACC-03)" ''
is 'but for the other one' "$(why ACC-13)" \
    'ledgers that are not kept: people.csv'
site_stop
konseki rules coverage "$T/nowhere" >"$T/out" 2>&1
is 'a site that there is not is an error' $? 1

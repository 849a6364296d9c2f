#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Who was in, from when to when: a firewall's SSL-VPN and administrators, an
# L2TP router, Windows, sshd. The lines come twice, the second time backwards,
# as two paths deliver them; whatever comes out is that of a single, orderly
# log. A long session that a firewall tells of in parts counts once, in the
# finding as in the damage report.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 20

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
analyzer: {internal: [192.168.0.0/16, 10.0.0.0/8], vpn: [10.212.134.0/24]}
END
site_start

fw() {	# fw TIME FIELDS
	echo "date=2026-11-24 time=$1 devname=\"fw01\" devid=\"FGT60FTK26000001\" tz=\"+0900\" $2"
}
vpn='type="event" subtype="vpn" level="information"'
adm='type="event" subtype="system" level="information"'
out='logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.20.10 srcport=50123 srcintf="internal" dstip=198.51.100.77 dstport=443 dstintf="wan1" sessionid=4711 proto=6 policyid=3'
{
	fw 02:00:00 "logid=\"0101039424\" $vpn action=\"tunnel-up\" tunneltype=\"ssl-web\" remip=203.0.113.5 tunnelip=(null) user=\"tanaka\" group=\"vpn\""
	fw 02:00:03 "logid=\"0101039947\" $vpn action=\"tunnel-up\" tunneltype=\"ssl-tunnel\" remip=203.0.113.5 tunnelip=10.212.134.200 user=\"tanaka\" group=\"vpn\""
	fw 02:10:00 "logid=\"0100032001\" $adm action=\"login\" status=\"success\" user=\"fwadmin\" ui=\"https(10.212.134.200)\" method=\"https\" srcip=10.212.134.200"
	fw 02:15:00 "logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" level=\"notice\" srcip=10.212.134.200 srcport=50000 dstip=192.168.20.10 dstport=3389 sessionid=4000 proto=6 action=\"close\" policyid=9 duration=30 sentbyte=900 rcvdbyte=800"
	fw 02:30:00 "logid=\"0101039948\" $vpn action=\"tunnel-stats\" tunneltype=\"ssl-tunnel\" remip=203.0.113.5 tunnelip=10.212.134.200 user=\"tanaka\" sentbyte=1000000 rcvdbyte=5000 nextstat=600"
	fw 02:30:01 "$out action=\"accept\" duration=600 sentbyte=10000000 rcvdbyte=1000 sentdelta=10000000 rcvddelta=1000" |
	    sed 's/0000000013/0000000020/'
	fw 02:40:00 "logid=\"0100032003\" $adm action=\"logout\" status=\"success\" user=\"fwadmin\" ui=\"https(10.212.134.200)\" method=\"https\" srcip=10.212.134.200 duration=1800"
	fw 02:40:01 "$out action=\"accept\" duration=1200 sentbyte=30000000 rcvdbyte=2000 sentdelta=20000000 rcvddelta=1000" |
	    sed 's/0000000013/0000000020/'
	fw 02:50:01 "$out action=\"close\" duration=1800 sentbyte=45000000 rcvdbyte=3000"
	fw 03:00:03 "logid=\"0101039948\" $vpn action=\"tunnel-down\" tunneltype=\"ssl-tunnel\" remip=203.0.113.5 tunnelip=10.212.134.200 user=\"tanaka\" group=\"vpn\" reason=\"N/A\" duration=3600 sentbyte=3000000 rcvdbyte=20000"
	fw 10:00:00 "logid=\"0101039947\" $vpn action=\"tunnel-up\" tunneltype=\"ssl-tunnel\" remip=203.0.113.9 tunnelip=10.212.134.201 user=\"sato\" group=\"vpn\""
} >"$T/fw.log"
cat >"$T/rtx.log" <<'END'
2026/11/24 12:00:00: PP[ANONYMOUS01] Call detected from user 'suzuki'
2026/11/24 12:00:02: PP[ANONYMOUS01] PPP/IPCP up  (Local: 192.168.30.1, Remote: 192.168.30.201)
2026/11/24 12:45:02: PP[ANONYMOUS01] Disconnected, cause [PPP: Received LCP Terminate-Request]
END
cat >"$T/emr.log" <<'END'
<86>1 2026-11-24T13:00:00+09:00 emr01 sshd 2738 - - Accepted password for emradmin from 192.168.10.26 port 50123 ssh2
<86>1 2026-11-24T13:01:00+09:00 emr01 sshd 2790 - - Accepted password for emradmin from 192.168.10.26 port 50200 ssh2
<86>1 2026-11-24T13:20:00+09:00 emr01 sshd 2740 - - Disconnected from user emradmin 192.168.10.26 port 50123
<86>1 2026-11-24T13:20:00+09:00 emr01 sshd 2738 - - pam_unix(sshd:session): session closed for user emradmin
END
cat >"$T/dc.log" <<'END'
<13>1 2026-11-24T14:00:00+09:00 DC1 Microsoft-Windows-Security-Auditing 516 - - 4624: An account was successfully logged on.  Subject:  Security ID:  S-1-5-18  Account Name:  DC1$  Account Domain:  HOSP  Logon ID:  0x3E7  Logon Information:  Logon Type:  10  New Logon:  Security ID:  S-1-5-21-1-2-3-1104  Account Name:  admin01  Account Domain:  HOSP  Logon ID:  0x8FC2A  Network Information:  Workstation Name: FS1  Source Network Address: 192.168.10.99  Source Port:  0
<13>1 2026-11-24T14:00:00+09:00 DC1 Microsoft-Windows-Security-Auditing 516 - - 4624: An account was successfully logged on.  Subject:  Security ID:  S-1-5-18  Account Name:  DC1$  Account Domain:  HOSP  Logon ID:  0x3E7  Logon Information:  Logon Type:  10  New Logon:  Security ID:  S-1-5-21-1-2-3-1104  Account Name:  admin01  Account Domain:  HOSP  Logon ID:  0x8FC99  Network Information:  Workstation Name: FS1  Source Network Address: 192.168.10.99  Source Port:  0
<13>1 2026-11-24T14:30:00+09:00 DC1 Microsoft-Windows-Security-Auditing 516 - - 4634: An account was logged off.  Subject:  Security ID:  S-1-5-21-1-2-3-1104  Account Name:  admin01  Account Domain:  HOSP  Logon ID:  0x8FC99  Logon Type:   10
END
for f in fw rtx emr dc; do
	tac "$T/$f.log" >"$T/$f-back.log"
	konseki import --replay --source $f "$T/$f.log" "$T/$f-back.log" \
	    >>"$T/said" 2>&1 || diag "$(cat "$T/said")"
done
ok 'both paths are analysed' konseki analyze
konseki analyze --print >"$T/findings"
grep '"rule":"OUT"' "$T/findings" >"$T/out"
site_stop

ok 'a timeline' konseki timeline --from 2026-11-23 --to 2026-11-26
ok 'a review' konseki review --week 2026-11-24
ok 'a damage report of the volume' konseki report --case \
    "$(sed -n 's/.*"id":"\([0-9a-f]\{8\}\).*/\1/p' "$T/out")"
tl=$(echo "$S"/reports/timeline-all-2*-en.csv)
page=$S/reports/review-2026-11-23-en.html
damage=$(echo "$S"/reports/report-*-en.html)

row() { grep -F "$1" "$tl" | head -n 1; }
like 'SSL-VPN: portal and tunnel are one, with what was told last' \
    "$(row 'VPN login succeeded: tanaka')" \
    '\[until Tue 11-24 03:00, 1 h 0 min, 20.0 KB sent, 3.0 MB received\]'
is 'the second of each is marked' "$(grep -c 'received again' "$tl")" \
    "$(grep -vc 'received again\|^.*"No"' "$tl")"
like 'one that nothing ended' "$(row 'VPN login succeeded: sato')" \
    '\[no record of the end; may still be open\]'
like 'an administrator' "$(row 'Administrator logged in: fwadmin')" \
    '\[until Tue 11-24 02:40, 30 min\]'
like 'L2TP: by the interface, and the caller is named' \
    "$(row 'given 192.168.30.201')" \
    '\[until Tue 11-24 12:45, 45 min\].*"suzuki \(by another record of the session\)"'
like 'sshd: by port and process' "$(grep 'emradmin' "$tl" | sed -n 1p)" \
    '\[until Tue 11-24 13:20, 20 min\]'
like 'not the other one of the same person' "$(grep '13:01:00' "$tl")" \
    '\[no record of the end; may still be open\]'
is 'Windows: by the logon id' "$(grep '14:00:00' "$tl" | sort -u |
    grep -c 'until Tue 11-24 14:30, 30 min')" 1
like 'traffic from an address of the VPN is that of who had it' \
    "$(grep -F '"10.212.134.200"' "$tl" | grep 3389)" '"tanaka \(by VPN address\)"'


ok 'the review counts each login once' grep -qF \
    '<td>VPN</td><td class="n">4</td>' "$page"
ok 'and says so' grep -q 'Records that came again, counted once: [1-9]' "$page"
ok 'it counts the sessions' grep -qF '<th>sessions: 4 (no end: 1)</th>' "$page"
is 'the open one comes first' "$(sed -n \
    '/sessions: 4/,/table>/s/^<tr><td>[^<]*<.td><td>\([^<]*\)<.*/\1/p' "$page" |
    head -n 1)" sato

# 45 MB, told in three records, each of them twice.
is 'the finding counts the long session once' "$(sed -n \
    's/.*"name":"bytes","value":"\([0-9]*\)".*/\1/p' "$T/out")" 45000000
ok 'and so does the damage report' grep -qF \
    '<td class="n">45.0 MB</td><td class="n">45,000,000</td>' "$damage"

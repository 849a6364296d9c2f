#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What the numbers tell that devices give their records. A Cisco router counts
# what it sends: 40 that never came. A PAN-OS firewall counts before its
# forwarding profile: its holes are none, but somebody added a line with a number
# that was given, its traffic numbers begin anew, and those of its CONFIG log are
# others. The firewall's lines come by a second path too, backwards. Check
# Point's numbers put in order what came in one second.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 16

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
site_make <<END
site: {name: 見本病院, language: en}
listeners: []
analyzer: {internal: [192.168.0.0/16]}
END
site_start

cisco() { # cisco NUMBER TIME
	echo "<189>$1: rt1: Nov 24 $2.000: %SEC-6-IPACCESSLOGP: list 110 permitted udp 10.0.1.5(53124) -> 192.0.2.53(53), 12 packets"
}
{
	cisco 100 10:00:00
	cisco 101 10:00:01
	cisco 142 10:05:00
} >"$T/rt1.log"
traffic() { # traffic TIME NUMBER SOURCE
	echo "<14>Nov 24 $1 fw1 1,2026/11/24 $1,012801000001,TRAFFIC,end,2561,2026/11/24 $1,$3,203.0.113.80,198.51.100.2,203.0.113.80,server-out,,,ssl,vsys1,trust,untrust,ethernet1/2,ethernet1/1,fwd,2026/11/24 $1,22751,1,50123,443,21877,443,0x400070,tcp,allow,900,600,300,9,2026/11/24 $1,1,any,0,$2,0x0,192.168.0.0-192.168.255.255,Japan,0,5,4,tcp-fin,0,0,0,0,,fw1,from-policy"
}
config() { # config TIME NUMBER
	echo "<14>Nov 24 $1 fw1 1,2026/11/24 $1,012801000001,CONFIG,0,0,2026/11/24 $1,192.168.1.9,,set,admin,Web,Succeeded, vsys vsys1 rulebase security rules any,$2,0x0"
}
{
	traffic 10:00:00 7300112 192.168.10.21
	traffic 10:30:00 7309000 192.168.10.22
	config 10:31:00 17
	traffic 11:00:00 7309900 192.168.10.23
	traffic 11:00:00 7309900 192.168.10.99
	traffic 14:00:00 1 192.168.10.24
	config 14:01:00 18
	traffic 15:00:00 60 192.168.10.25
	traffic 15:30:00 99 192.168.10.26
} >"$T/fw1.log"
tac "$T/fw1.log" >"$T/fw1-back.log"
login() { # login NUMBER USER
	echo "<134>1 2026-11-24T02:13:00Z cp-mgmt CheckPoint 10547 - [action:\"Accept\"; flags:\"163872\"; ifdir:\"outbound\"; loguid:\"{0x658bf0ed,0x$1,0x6401a8c0,0x3c7878a}\"; origin:\"192.168.10.5\"; sequencenum:\"$1\"; version:\"5\"; administrator:\"$2\"; audit_status:\"Success\"; client_ip:\"192.168.1.9\"; operation:\"Log In\"; operation_number:\"10\"; product:\"SmartConsole\"; subject:\"Administrator Login\"]"
}
{
	login 3 third
	login 1 first
	login 2 second
} >"$T/cp.log"
for f in rt1 fw1 fw1-back cp; do
	konseki import --replay --source $f "$T/$f.log" >>"$T/said" 2>&1 ||
	    diag "$(cat "$T/said")"
done
ok 'they are analysed' konseki analyze
konseki analyze --print >"$T/findings"
site_stop

finding() { grep "\"rule\":\"$1\"" "$T/findings"; }
text() { # text RULE FIELD
	finding "$1" |
	    sed "s/.*\"$2_ja\":\"\([^\"]*\)\",\"$2_en\":\"\([^\"]*\)\".*/\1|\2/"
}
count() { grep -c "\"rule\":\"$1\"" "$T/findings"; }

is 'one finding of lost messages' "$(count LOG-08)" 1
like 'which is of the router' "$(text LOG-08 what)" \
    '^rt1が付けた連番のうち40件が届いていません.*\|40 of the messages that rt1'
is 'one of a number with two contents' "$(count LOG-09)" 1
like 'of the firewall, in Japanese' "$(text LOG-09 what)" \
    '^fw1の連番（TRAFFIC）で、同じ番号に内容の異なる記録があります（番号7309900など、.*11:00から'
like 'and in English' "$(text LOG-09 what)" \
    '\|Records of fw1 with the same number \(TRAFFIC\) differ'
like 'of two records and their copies' "$(finding LOG-09)" \
    '"name":"doubles","value":"1".*"evidence_n":2,'
like 'which accuses nobody' "$(text LOG-09 why)" \
    '疑いがあります。.*可能性もあり、確認が必要です。\|.*may have been.*needs a look'
is 'one of a number that went back' "$(count LOG-10)" 1
like 'in Japanese' "$(text LOG-10 what)" \
    '^fw1の連番（TRAFFIC）が7309900から1に戻っています（.*14:00、前後の記録2件）'
like 'in English' "$(text LOG-10 what)" \
    '\|The numbers of fw1 \(TRAFFIC\) went back from 7309900 to 1 '
like 'told with what it may be' "$(text LOG-10 why)" \
    '可能性があります。.*疑い.*確認が必要です。\|If the numbers begin anew'
like 'and that counting went on from there' "$(finding LOG-10)" \
    '"name":"anew","value":"1"'

ok 'a timeline' konseki timeline --from 2026-11-23 --to 2026-11-26
is 'has what came in one second by number' "$(sed -n \
    's/.*Administrator logged in: \([a-z]*\).*/\1/p' "$S"/reports/timeline-*-en.csv |
    tr '\n' ' ')" 'first second third '

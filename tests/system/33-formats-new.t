#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# A new user has ten lines of an appliance and docs/formats.md: its commands are
# run as they stand there. Then other sorts of lines become drafts.
. "${srcdir:-.}/tests/lib.sh"
plan 47
mkdir "$T/rules"
cp -r "$srcdir/rules/formats" "$T/rules/"
ln -s "$srcdir/samples" "$T/samples"
KONSEKI_RULES=$T/rules
export KONSEKI_RULES
cd "$T" || exit 99

# --- the walk-through
sed -n '/^## A new appliance/,/^## Tools/s/^\$ //p' "$srcdir/docs/formats.md" \
    >commands
ok 'the page has its commands' [ "$(wc -l <commands)" -ge 10 ]
n=0
while IFS= read -r command; do
	n=$((n + 1))
	ok "step $n: $(printf '%.50s' "$command" | tr '\134' ' ')" \
	    sh -c "{ $command; } >'$T/out.$n' 2>'$T/err.$n'" </dev/null
	if [ -s "$T/err.$n" ]; then diag "$(cat "$T/err.$n")"; fi
done <commands
like 'at first no line is understood' "$(cat out.1)" \
    '^gate01: 10 of 10 lines are not understood'
is 'the draft says no wrong field' "$(grep -c 'user.name: maint$' \
    example-sgate.yml) $(grep -c 'konseki.kind: traffic-denied$' \
    example-sgate.yml)" '4 2'
like 'what has no name is listed' "$(cat example-sgate.yml)" \
    '^#   outb: 1200, 734003200'
like 'explain tells what was left over' "$(sed '1,/^left over/d' out.4)" \
    'inb=734118003  ->  the file does not name it'
like 'and later what it became' "$(cat out.7)" \
    'inb=734118003  ->  destination\.bytes$'
is 'all examples hold' "$(cat out.9)" '10 of 10 examples of 1 formats hold'
is 'at the end every line is understood' "$(cat out.11)" \
    'every line is understood'
is 'and tells who, from where, how much' "$(sed -n 8p out.12)" \
    '2026-11-20T14:31:17+09:00  gate01  vpn-logout  user=maint  198.51.100.66  tunnel=10.250.0.5  sent=5120 received=734118003  duration=1515s  [example-sgate]'
ok 'the other formats hold beside it' konseki formats test fortigate panos

# --- what formats new makes of other lines, each with its own examples
draft() {	# draft NAME: from the standard input; its file is NAME.yml
	konseki formats new "$1" >"$1.yml" 2>"$1.err" &&
	    konseki formats test "$1.yml" >"$1.out" 2>&1 && return
	cat "$1.err" "$1.out"
	return 1
}
ok 'CEF' draft ex-cef <<'END'
<14>Nov 20 14:03:05 sec1 CEF:0|Example|SecGate|1.2|100|Login failed|5|src=10.0.0.5 spt=123 suser=tanaka rt=1795150985000
END
like 'by vendor and product' "$(cat ex-cef.yml)" "all: \['\|Example\|SecGate\|'\]"
printf 'Nov 20 14:03:05 sec2 LEEF:1.0|Example|LeefGate|1.2|100|src=10.0.0.5\tusrName=tanaka\n' >leef.log
ok 'LEEF' draft ex-leef <leef.log
ok 'JSON' draft ex-json <<'END'
{"ts":"2026-11-20T14:03:05+09:00","gatename":"gate1","user":{"name":"tanaka","dept":"内科"},"client":{"ip":"10.0.0.5"}}
END
printf '日時,ユーザー,操作,患者番号,端末名称\n2026/11/20 08:30:00,t001,ログイン,,PC01\n2026/11/20 08:31:00,t001,カルテ参照,0012,PC01\n' |
    iconv -t CP932 >table.csv
ok 'a table in CP932' draft ex-table <table.csv
like 'with its titles in front of each example' "$(cat ex-table.yml)" \
    "^    before: \['日時,ユーザー,操作,患者番号,端末名称'\]"
ok 'lines of words' draft ex-words <<'END'
<14>Nov 20 14:03:01 gw1 applianced[9]: session 17 opened by user tanaka from 10.0.0.5:50123 to 203.0.113.9:443 tcp
<12>Nov 20 14:03:04 gw1 applianced[9]: login failed for user "admin" from 198.51.100.7 (wrong password)
END
konseki parse --file ex-words.yml --output text >words <<'END'
<12>Dec 20 14:03:04 gw9 applianced[7]: login failed for user "root" from 2001:db8::7 (wrong password)
END
like 'which read others of their kind' "$(cat words)" \
    'gw9  login failure  user=root  2001:db8::7  \[ex-words\]$'
konseki formats new again <"$srcdir/samples/format/sgate.log" >out 2>err
is 'lines that are understood make no second format' "$?" 1
like 'and it is said by which they are' "$(cat err)" 'example-sgate'
draft kamegate <<'END'
<134>Nov 20 09:14:45 gw9 BOXGATE[412]: #A104 session close zone=LAN>WAN who=tanaka@naika from=192.168.12.41:51022 to=203.0.113.80:443 via=198.51.100.2:23011 tp=TCP policy=web-out up=20481 down=1203344 sec=164
<132>Nov 20 09:15:03 gw9 BOXGATE[412]: #D200 refused zone=WAN>DMZ from=2001:db8::44.51002 to=2001:db8:1::3.22 tp=TCP policy=default why="no rule"
<131>Nov 20 02:10:55 gw9 BOXGATE[398]: #V011 remote login NG who=vendor01 from=203.0.113.20 method=cert+otp why="otp mismatch" try=2
<131>Nov 20 02:10:59 gw9 BOXGATE[398]: #V011 remote login NG who=vendor02 from=203.0.113.21 method=cert+otp why="otp mismatch" try=2
<133>Nov 20 02:16:02 gw9 BOXGATE[77]: #M020 admin tanaka@naika changed "syslog server 1" from "192.168.1.5" to "(none)"
<130>Nov 20 03:00:00 gw9 BOXGATE[1]: #S900 disk of the log is 95% full
END
ok 'lines with keys and lines of words' [ -s kamegate.yml ]
konseki parse --file kamegate.yml --output text >mixed <<'END'
<134>Dec 20 09:14:45 gw8 BOXGATE[9]: #A104 session close zone=A>B who=sato from=[2001:db8::9]:1 to=192.0.2.7:25 tp=UDP policy=p7
<131>Dec 20 02:10:55 gw8 BOXGATE[9]: #V011 remote login NG who=root from=192.0.2.9
<133>Dec 20 02:16:02 gw8 BOXGATE[9]: #M020 admin sato changed "x" from "y" to "z"
END
is 'others of their kind are read' "$(sed 's/.*gw8  //' mixed)" \
    'traffic  user=sato  [2001:db8::9]:1 -> 192.0.2.7:25 udp  rule=p7  [kamegate]
vpn-login failure  user=root  192.0.2.9  [kamegate]
config-change  user=sato  [kamegate]'
is 'what is a value is no literal' "$(grep -cE 'match:.*(tanaka|web-out|LAN)' \
    kamegate.yml)" 0

like 'a group that nothing has yet is noted' "$(konseki formats test kamegate.yml)" \
    'kamegate\.yml:[0-9]*: note: v1: this group is not used'
sed 's/^fields:/fragments: {ip: x}\n&\n  frmo: source.ip/' kamegate.yml >slip.yml
like 'a key that no line has is noted' "$(konseki formats test slip.yml)" \
    'slip\.yml:[0-9]*: note: frmo: it is used, and no example gives it a value'
like 'and a fragment that nothing has' "$(konseki formats test slip.yml)" \
    'slip\.yml:[0-9]*: note: ip: no expression has this fragment'
for i in a b c d e f; do for k in a b c d e f; do
	echo "<14>Dec 20 09:00:00 gw8 many[9]: kind$i$k is seen"
done; done >kinds
konseki formats new many <kinds >many.yml 2>err
like 'which line a draft does not read is said, and why' "$(cat err)" \
    'line 3[0-9]: no case of the draft applies'

# --- a file that is being written
sed '/^examples:/,$d' kamegate.yml >bare.yml
ok 'a file without examples can be tried' \
    konseki formats explain --file bare.yml "$(sed -n 's/^  - raw: .\(.*\).$/\1/p' kamegate.yml | sed -n 1p)"
konseki formats test bare.yml >out 2>&1
is 'but is no whole one' "$?" 1
like 'and it is said what to write' "$(cat out)" "examples: \[\{raw: 'the line', event: "
sed 's/^  - keyvalue: {}/  - keyvalue: {}\n  - pattern: "session"/; /optional/d' bare.yml >fails.yml
konseki formats explain --file fails.yml '<131>Dec 20 02:10:55 gw8 BOXGATE[9]: #V011 remote login NG who=root from=192.0.2.9' >out
like 'a step that does not fit is said' "$(sed -n 2p out)" \
    'kamegate recognises the line, but its step at fails\.yml:[0-9]* does not fit'
like 'before the format that takes the line' "$(sed -n 3p out)" '^format '
sed 's/^fields:/&\n  x: {to: tags, when: {zone: {present: yes}}}\n  zone2: tags/' bare.yml >asks.yml
konseki formats explain --file asks.yml '<134>Dec 20 09:14:45 gw8 BOXGATE[9]: #A104 session close zone=A>B who=sato x=1' >out
like 'what a condition asks for is not left over' "$(cat out)" \
    'zone=A>B  ->  asked for by a condition'
like 'what a pattern ran over unnamed is' \
    "$(sed 's/(?<code>\[/(?:[/' asks.yml >over.yml
    konseki formats explain --file over.yml '<134>Dec 20 09:14:45 gw8 BOXGATE[9]: #A104 session close who=sato x=1' | sed '1,/^left/d')" 'A104'
konseki formats new 'No Name' <leef.log >out 2>&1
is 'a name that is none' "$?" 2

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# A new user has ten lines of an appliance and docs/formats.md: its commands are
# run as they stand there. Then other sorts of lines become drafts.
. "${srcdir:-.}/tests/lib.sh"
plan 33
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
    '2026-11-20T14:31:17+09:00  gate01  vpn-logout  user=maint  198.51.100.66  sent=5120 received=734118003  [example-sgate]'
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
konseki formats new 'No Name' <leef.log >out 2>&1
is 'a name that is none' "$?" 2

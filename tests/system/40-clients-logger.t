#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# util-linux's logger sends a file of awkward lines (Japanese in UTF-8 and in
# CP932, tabs, quotes, long ones) in each way it knows: UDP, TCP in lines, TCP
# with octet counts, with either head. What it says it sent (on its standard
# error) is what the evidence has, in order, byte for byte.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
logger --help 2>/dev/null | grep -q octet-count ||
    skip_all "no logger of util-linux"
plan 16

ways='udp5424 udp3164 tcp5424 tcp3164 octet5424 octet3164'
{
	echo 'listeners:'
	for way in $ways; do
		transport=tcp
		case $way in udp*) transport=udp ;; esac
		echo "  - {name: $way, transport: $transport," \
		    'address: 127.0.0.1, port: 0}'
	done
} >"$T/listeners"
site_make <"$T/listeners"
site_start

{
	echo 'ログイン失敗: ユーザー 山田 太郎 (端末 医事課-03)'
	printf '\203\215\203O\203C\203\223 \216\270\224s CP932\n'
	printf 'tab\tquote " backslash \\ percent %%s NEL \302\205 end\n'
	echo '<34>1 forged head - - - -'
	echo '12 <13>a count that is none'
	printf 'trailing blanks   \n'
	awk 'BEGIN { for (i = 0; i < 3000; i++) printf "長"; print "" }'
	awk 'BEGIN { for (i = 1; i <= 200; i++) print "line " i " 行" i }'
} >"$T/lines"
n=$(wc -l <"$T/lines")

for way in $ways; do
	case $way in
	udp*) how=--udp ;;
	tcp*) how=--tcp ;;
	octet*) how='--tcp --octet-count' ;;
	esac
	# shellcheck disable=SC2086 # a list of options
	logger --server 127.0.0.1 --port "$(port "$way")" $how \
	    "--rfc${way#"${way%????}"}" --size 16384 -t konseki-test -s \
	    -f "$T/lines" 2>"$T/$way.said"
done
for way in $ways; do
	wait_received "$way" "$n"
	messages "$way" >"$T/$way.got"
	# It says the count, too.
	case $way in
	octet*) sed 's/^[0-9]* //' "$T/$way.said" >"$T/$way.want" ;;
	*) cp "$T/$way.said" "$T/$way.want" ;;
	esac
	same "$way: every message is there, in order" \
	    "$T/$way.got" "$T/$way.want"
	case $way in
	udp*) continue ;;
	tcp*) raw "$way" >"$T/$way.raw"; cp "$T/$way.said" "$T/$way.want" ;;
	octet*) raw "$way" >"$T/$way.raw"
		tr -d '\n' <"$T/$way.said" >"$T/$way.want" ;;
	esac
	same "$way: the bytes of the connection are there" \
	    "$T/$way.raw" "$T/$way.want"
done
is 'framing was decided for each connection' "$(records d1 |
    sed -n 's/.*listener=\(tcp\|octet\).*framing=\([a-z]*\).*/\1 \2/p' |
    sort | uniq -c | tr -s ' ' | tr '\n' ';')" \
    ' 2 octet octet; 2 tcp lf;'
like 'and it was the awkward lines' "$(grep -c -F "$(sed -n 2p "$T/lines")" \
    "$T/udp5424.got")" '^1$'
is 'nothing was lost' "$(records g1)" ''
site_stop
verified

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A week's sheet is signed by name, approved by another, and both stand on the
# next page and in the record for the inspector.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 61

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
night=$srcdir/samples/incident/night
mkdir -p "$S"
cp -R "$srcdir/samples/site/ledgers" "$srcdir/samples/site/calendar.yml" \
    "$srcdir/samples/site/contacts.yml" "$S/"
chmod -R u+w "$S"
site_make <<END
site: {name: 見本病院, language: ja}
listeners: []
analyzer: {internal: [192.168.0.0/16, 10.0.0.0/8], vpn: [10.212.134.0/24]}
END
site_start
konseki import --replay --source fw01 "$night/fortigate.log" >"$T/said"
konseki analyze >"$T/said"

# refused NAME TEXT ARG...: it is, with these words.
refused() {
	name=$1 text=$2
	shift 2
	konseki --lang en review "$@" >"$T/out" 2>"$T/err"
	is "$name" "$?" "${want:-1}"
	like "$name: it says why" "$(cat "$T/err")" "$text"
}

refused 'a sheet that was never made cannot be signed' 'no sheet of that week' \
    --sign WR-2026-11-16 --by planner --comment x
konseki review --week 2026-11-16 >"$T/page"
refused 'a number that is no Monday' 'is no number' \
    --sign WR-2026-11-17 --by planner --comment x
refused 'a week that is not over' 'not over' \
    --sign WR-2199-12-30 --by planner --comment x
refused 'nobody signs' 'say who you are' --sign WR-2026-11-16 --comment x
refused 'a stranger with an id' 'nobody in' \
    --sign WR-2026-11-16 --by stranger --comment x
refused 'findings and no word about them' 'a reason is needed' \
    --sign WR-2026-11-16 --by planner
refused 'approved before it is signed' 'nobody has signed' \
    --approve WR-2026-11-16 --by safety
want=2 refused 'two weeks at once' 'usage|--sign' \
    --sign WR-2026-11-16 --sign WR-2026-11-09 --by planner

konseki --lang ja review --sign WR-2026-11-16 --by planner \
    --comment '<b>事業者に照会済' >"$T/out" 2>&1
like 'signed and sealed' "$(cat "$T/out")" '記録し封印しました: 事案簿 #[0-9]+'
konseki --lang ja review --approve WR-2026-11-16 --name '院長代理 鈴木' >"$T/out" 2>&1
like 'approved by somebody outside the tree' "$(cat "$T/out")" '事案簿 #'
ok 'the entry names week, findings, and the sheet by its hash' \
    sh -c "konseki show --log casebook --messages | grep -q \
    '\"type\":\"review\".*\"who\":\"planner\",\"how\":\"reviewed\".*\"from\":\"2026-11-15T15:00:00Z\",\"until\":\"2026-11-22T15:00:00Z\",\"items\":[1-9][0-9]*,\"sheet\":\"$(sha256sum "$(cat "$T/page")" | cut -d' ' -f1)\"'"

konseki review --week 2026-11-23 >"$T/page"
like 'the next sheet says who signed, and what was said' \
    "$(grep 前週 "$(cat "$T/page")")" \
    '前週の確認 WR-2026-11-16：高橋 実（企画管理者）.*casebook<wbr>#[0-9]+.*「&lt;b&gt;事業者に照会済」'
like 'a week that is not over says so, and is not to be signed' \
    "$(grep -c 'review --sign' "$(cat "$T/page")") $(grep まだ終わ "$(cat "$T/page")")" \
    '^0 .*この週はまだ終わっていません'
konseki review --week 2026-11-23 --text >"$T/page"
like 'nor by its text' \
    "$(grep -c 'review --sign' "$(cat "$T/page")") $(grep まだ終わ "$(cat "$T/page")")" \
    '^0 .*この週はまだ終わっていません'
refused 'a week that has not begun has no sheet' 'has not begun.*newest seal' \
    --week 2199-12-30
refused 'nor has a month' 'has not begun.*newest seal' --month 2199-12
for two in 'history text' 'history week=2026-11-16' 'history full' \
    'month=2026-11 text' 'month=2026-11 full' 'month=2026-11 week=2026-11-16'; do
	# shellcheck disable=SC2046 # one word for each option
	want=2 refused "--$two" 'do not go together' \
	    $(printf -- '--%s ' $two)
done
konseki --lang en review --history >"$T/page"
like 'the history is a page' "$(cat "$T/page")" '/review-history-en.html$'
like 'with both names' "$(tr -d '\n' <"$(cat "$T/page")")" \
    'WR-2026-11-16</td>.*高橋 実.*院長代理 鈴木 \(outside the tree\)'
like 'that it was signed at once after it was made is told' \
    "$(grep -o 'very soon' "$(cat "$T/page")")" 'very soon'
konseki review --week 2026-11-16 --text >"$T/page"
like 'the sheet as plain text, for a mail' "$(cat "$T/page")" \
    '/review-2026-11-16-ja.txt$'
like 'with what to look at' "$(cat "$(cat "$T/page")")" \
    '^1\. \[(緊急|重大)\] (【見本】)?事案'
like 'and what proves it' "$(cat "$(cat "$T/page")")" '^R [0-9a-f]{64}$'
like 'no markup' "$(grep -c '<td\|&lt;' "$(cat "$T/page")")" '^0$'
like 'what is of samples alone says so' "$(cat "$(cat "$T/page")")" \
    '^【見本・訓練】見本データを再生したものです'
like 'each of its things too' "$(cat "$(cat "$T/page")")" '^1\. \[(緊急|重大)\] 【見本】事案'
printf 'ユーザーID,氏名,時刻,カテゴリ,操作情報,患者ID\r\nsato-k,佐藤健,2026/11/19 9:00:00,入力メニュー,カルテ参照,\r\n' >"$T/emr.csv"
konseki import --source emr "$T/emr.csv" >"$T/out"
konseki review --week 2026-11-16 --text >"$T/page"
like 'with a real record it holds both' "$(cat "$(cat "$T/page")")" \
    '^見本・訓練の記録を含みます。【見本】の印のない'
is 'and nothing says that it is no real event' \
    "$(grep -c '実際の事象ではありません' "$(cat "$T/page")")" 0
konseki review --week 2026-11-16 >"$T/page"
like 'the page likewise' "$(grep 'class="banner"' "$(cat "$T/page")")" \
    '見本・訓練の記録を含みます'
like 'what is of samples is marked, what is real is not' \
    "$(tr -d '\n' <"$(cat "$T/page")")" \
    '【見本】事案 .*受信状況.*<td>[^<【（]*emr[^<（]*（取込）'
konseki review --month 2026-11 >"$T/page"
like 'the month likewise' "$(tr -d '\n' <"$(cat "$T/page")")" \
    'class="banner">見本・訓練の記録を含みます.*</b> 【見本】'
like 'its weeks that were signed' "$(sed 's/<[^>]*>/ /g' "$(cat "$T/page")" |
    grep 署名済)" ' 1 / 1 '
konseki inspect --output "$T/docket" >"$T/out"
like 'an inspector reads the same' "$(sed 's/<[^>]*>/ /g' \
    "$(sed -n 1p "$T/out")" | grep 署名済)" ' 1 / 1 '
rm "$S/reports"/*.html
site_stop
konseki review --history >"$T/out" 2>&1
like 'it needs no collector' "$(cat "$T/out")" 'review-history-ja.html'

# A month later nobody has signed: the planning manager is reminded once, the
# safety manager told once, of all weeks together.  The clock of the one program
# that sends is moved.
cat >"$T/later.c" <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int
clock_gettime(clockid_t clock, struct timespec *ts)
{
	int (*real)(clockid_t, struct timespec *) =
	    (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT,
		"clock_gettime");
	int rc = real(clock, ts);

	if (clock == CLOCK_REALTIME)
		ts->tv_sec += 31 * 86400;
	return rc;
}
END
if ${CC:-cc} -shared -fPIC -o "$T/later.so" "$T/later.c" -ldl 2>"$T/cc.err"; then
	cp "$srcdir/samples/site/deliver" "$S/deliver"
	chmod 755 "$S/deliver" "$S"
	mkdir -p "$S/outbox"
	echo "escalation: {command: [$S/deliver]}" >>"$S/konseki.yml"
	site_start
	for again in 1 2; do
		LD_PRELOAD=$T/later.so konseki escalate >"$T/out" 2>&1
	done
	is 'the planning manager is reminded once' \
	    "$(ls "$S/outbox" | grep -c -- '--planner')" 1
	is 'the safety manager is told once' \
	    "$(ls "$S/outbox" | grep -c -- '--safety')" 1
	like 'of all weeks together' "$(cat "$S"/outbox/*--safety.txt)" \
	    '署名がありません WR-.* ほか[234]週'
	is 'both stand in the casebook' \
	    "$(konseki show --log casebook --messages |
	    grep -c '"type":"remind","case":"".*"about":"WR-')" 2
	site_stop
else
	skip 5 'no compiler'
fi

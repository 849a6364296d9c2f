#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The tables of the guidance as a small hospital would fill them in: access log,
# account ledgers of both kinds, device ledger. What they say together is found:
# an ID in no ledger, a session of 28 hours, a limit to the second, a device that
# is stopped and speaks. Where KONSEKI_GUIDANCE names the folder with the texts
# of the guidance, its own examples are read, too.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 26

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
mkdir -p "$S/ledgers"
site_make <<END
site: {name: 見本病院, language: ja}
listeners: []
analyzer: {internal: [192.168.0.0/16], profile: hospital}
END
site_start

# --- the ledgers, one of each kind ---------------------------------------------
cat >"$T/hospital.csv" <<'END'
No.,所属部署,性,名,電話番号,ユーザID,説明,権限,状態
001,システム管理,管理,一,****,admin@hosp,安全管理責任者,Admin,使用可
002,内科,佐藤,二,****,sato@hosp,使用者,User,使用可
003,内科,鈴木,三,****,suzuki@hosp,使用者/退職予定,User,使用可 (23年3月まで)
004,外科,高橋,四,****,taka@hosp,使用者,User,使用可
.,.,.,.,.,.,.,.,.
END
sed '1s/.*/No.,利用者属性,性,名,電話番号,ユーザ ID,説明,権限,状態/' \
    "$T/hospital.csv" >"$T/pharmacy.csv"
cat >"$T/devices.csv" <<'END'
管理番号,メーカー,OS,ソフトウェア,ソフトウェアバージョン,IPアドレス,コンピュータ名,設置場所,利用者,登録日,状態,説明
001,A社,Win11,△△電子カルテ,2.0,192.168.○.○,emr-pc1,Room1,a医師（内科）,2020/12/1,稼働,
002,A社,Win11,△△電子カルテ,1.2,192.168.20.2,emr-pc2,Room1,b医師（内科）,2020/12/1,停止,メンテナンス
003,A社,Win8,△△電子カルテ,2.0,192.168.○.○,emr-pc3,Room2,c医師（外科）,2014/10/1,稼働,
004,B社,Win11,△△管理システム,5.0.1,192.168.〇.〇,adm-pc1,Room3,a医師（内科）、b医師（内科）、c医師（外科）,2021/8/1,稼働,
END
iconv -f UTF-8 -t CP932 "$T/devices.csv" >"$S/ledgers/devices.csv"
cp "$T/hospital.csv" "$S/ledgers/accounts.csv"

konseki --lang ja ledgers check "$S/ledgers/devices.csv" >"$T/dev"
like 'four devices are read' "$(sed -n 2p "$T/dev")" '^  4行、'
is 'masked addresses are said, however the circle is written' \
    "$(grep -c 'IPアドレスが伏字です' "$T/dev")" 3
like 'three users of one cell' "$(cat "$T/dev")" '3名: a医師、b医師、c医師$'
like 'a day without zeros' "$(cat "$T/dev")" '2020/12/1 = 2020年12月1日'
for kind in hospital pharmacy; do
	konseki --lang ja ledgers check --as accounts "$T/$kind.csv" >"$T/acc"
	is "the $kind's table is read without a word" "$?" 0
	like "with its limit ($kind)" "$(cat "$T/acc")" \
	    '23年3月まで.*= 使用可、2023年3月31日.金.の終わりまで$'
	is "and all nine columns ($kind)" \
	    "$(sed -n 's/^  読み取った列: //p' "$T/acc" | grep -o 、 | wc -l)" 8
done

# --- the access log, by user and not by time ------------------------------------
{
	echo 'ユーザーID,氏名,時刻,カテゴリ,操作情報'
	for d in 8 9 10 11 12 13 14; do
		echo "taka@hosp,高橋四,2023/5/$d 8:40:00,入力メニュー,ログイン"
		echo "taka@hosp,高橋四,2023/5/$d 17:00:00,入力メニュー,ログオフ"
	done
	cat <<-'END'
	admin@hosp,管理一,2023/5/16 8:30:00,管理メニュー,ログイン
	admin@hosp,管理一,2023/5/16 8:30:20,管理メニュー,起動
	admin@hosp,管理一,2023/5/16 8:31:00,入力メニュー,起動
	admin@hosp,管理一,2023/5/16 8:32:00,入力メニュー,カルテ入力
	admin@hosp,管理一,2023/5/17 12:30:00,管理メニュー,ログオフ
	nobody@hosp,不明者,2023/5/17 8:40:00,管理メニュー,ログイン
	nobody@hosp,不明者,2023/5/17 8:40:30,管理メニュー,起動
	nobody@hosp,不明者,2023/5/17 8:45:00,管理メニュー,ログオフ
	.,.,.,.,.
	END
} >"$T/utf8.csv"
iconv -f UTF-8 -t CP932 "$T/utf8.csv" >"$T/cp932.csv"
for f in utf8 cp932; do
	konseki --lang en import --preview --mapping emr-access --rows 100 \
	    "$T/$f.csv" >"$T/preview"
	like "each record is understood ($f)" "$(tail -1 "$T/preview")" \
	    '^24 records shown: 22 understood, 1 name the columns, 1 not'
done
konseki import --replay --mapping emr-access "$T/cp932.csv" >"$T/out" 2>&1
ok 'the log is taken' grep -q records=24 "$T/out"
findings() {
	konseki analyze --print 2>"$T/err" >"$T/all"
	python3 - "$T/all" <<-'END'
	import json, sys
	for line in open(sys.argv[1]):
	    f = json.loads(line)
	    print(f['rule'], f['severity'], f['kind'], f['key'], f['from'],
	          f['what_ja'])
	END
}
findings >"$T/found"
like 'who is in no ledger' "$(cat "$T/found")" \
    '^ACC-04 [a-z]* alert user=nobody@hosp '
is 'and nobody else is' "$(grep -c '^ACC-04 ' "$T/found")" 1
like 'a session of 28 hours' "$(cat "$T/found")" \
    '^EMR-06 [a-z]* sheet user=admin@hosp .*長時間ログオフの記録がありません'
ok 'eight hours are none' ! grep -q '^EMR-06.*taka' "$T/found"
like 'whether IDs are unused cannot be said of so few days' \
    "$(cat "$T/found")" '^ACC-05 info unknown .*判定できません'
like 'a system that is supported no more' "$(cat "$T/found")" \
    '^DEV-04 [a-z]* [a-z]* device=003 .*Win8'

# --- a limit, to the second; a device that is stopped ------------------------------
{
	echo 'ユーザーID,氏名,時刻,カテゴリ,操作情報'
	echo 'suzuki@hosp,鈴木三,2023/3/31 23:59:59,入力メニュー,ログイン'
} >"$T/in.csv"
konseki import --replay --mapping emr-access "$T/in.csv" >/dev/null 2>&1
findings >"$T/found"
ok 'the last second of March is within it' ! grep -q '^ACC-02 ' "$T/found"
{
	echo 'ユーザーID,氏名,時刻,カテゴリ,操作情報'
	echo 'suzuki@hosp,鈴木三,2023/4/1 0:00:00,入力メニュー,ログイン'
} >"$T/late.csv"
konseki import --replay --mapping emr-access "$T/late.csv" >/dev/null 2>&1
printf '%s\n' 'date=2023-05-20 time=10:00:00 devname="fw01" devid="FG1" tz="+0900" logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.20.2 srcport=50000 dstip=198.51.100.5 dstport=443 proto=6 action="close" sentbyte=1000 rcvdbyte=2000 duration=3' \
    >"$T/fw.log"
printf '<86>May 20 11:00:00 emr-pc2 sshd[99]: Accepted password for taka from 192.168.20.9 port 40000 ssh2\n' \
    >"$T/pc2.log"
konseki import --replay "$T/fw.log" >/dev/null 2>&1
konseki import --replay "$T/pc2.log" >/dev/null 2>&1
findings >"$T/found"
like 'the first of April is not' "$(cat "$T/found")" \
    '^ACC-02 serious alert user=suzuki@hosp '
like 'a device that is stopped and writes, with its place' \
    "$(cat "$T/found")" '^DEV-03 warning alert device=002 .*emr-pc2（Room1）'
like 'one that is stopped and is seen, too' "$(cat "$T/found")" \
    '^DEV-03-traffic warning alert source=192.168.20.2 '

# --- the guidance's own examples -----------------------------------------------------
if [ -d "${KONSEKI_GUIDANCE:-}" ]; then
	python3 - "$T" "$KONSEKI_GUIDANCE"/*.txt <<-'END'
	import csv, sys
	heads = {'devices': '管理番号\t', 'accounts': 'No.\t所属部署',
	         'access': 'ユーザーID\t氏名'}
	for path in sys.argv[2:]:
	    lines = open(path, encoding='utf-8', errors='replace').read().split('\n')
	    for name, head in heads.items():
	        for i, line in enumerate(lines):
	            if not line.startswith(head):
	                continue
	            with open('%s/g-%s.csv' % (sys.argv[1], name), 'w',
	                      encoding='cp932', errors='replace', newline='') as f:
	                out = csv.writer(f)
	                while lines[i].count('\t') >= line.count('\t') - 1:
	                    out.writerow(lines[i].rstrip('\r').split('\t'))
	                    i += 1
	            break
	END
	konseki --lang ja ledgers check --as devices "$T/g-devices.csv" >"$T/g1"
	like 'its device ledger' "$(cat "$T/g1")" \
	    '4行、値のあるセル[0-9]*個。確認が要るセル4個（誤り0件、確認4件）'
	konseki --lang ja ledgers check --as accounts "$T/g-accounts.csv" >"$T/g2"
	like 'its account ledger' "$(cat "$T/g2")" '4行、値のあるセル36個。確認が要るセル0個'
	konseki --lang en import --preview --mapping emr-access \
	    "$T/g-access.csv" >"$T/g3"
	like 'its access log, without the dots below it' "$(tail -1 "$T/g3")" \
	    '8 understood, 1 name the columns, 1 not understood'
else
	skip 3 'KONSEKI_GUIDANCE names no folder'
fi

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Log lines written by somebody who hopes to be read in a browser: markup,
# scripts, links, changes of direction, words without end, formulas. They come in
# as devices would send them, are findings, and stand in every page that konseki
# writes; nothing of them runs, nothing is loaded, nothing stands out.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"

command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
	skip_all 'chromium is not installed'
plan 16

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
mkdir -p "$S/ledgers"
site_make <<END
site: {name: "<script>document.title='owned'</script>", language: ja}
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
analyzer: {internal: [192.168.0.0/16], vpn: [10.212.134.0/24]}
END
cat >"$S/ledgers/devices.csv" <<'END'
管理番号,IPアドレス,コンピュータ名,設置場所,状態,説明,外部通信
001,192.168.20.10,emr<img src=x onerror=document.title='owned'>,"サーバ室""><script>document.title='owned'</script>",稼働,</td></tr></table><h1>owned</h1>,なし
004,192.168.10.1,fw01,サーバ室,稼働,外部接続点,あり
END

cat >"$S/contacts.yml" <<'END'
people:
  - {id: it, name: "<script>document.title='owned'</script>", role: "</td><img src=x onerror=alert(1)>", phone: "=1+1"}
tree:
  serious: {order: [it], answer_min: 10}
END

# A line of a FortiGate in UTC+9: hostile USER REMOTE SECONDS.
login() {
	printf 'date=2026-11-22 time=02:%02d:%02d devname="fw01" devid="FGT60F0000000001" tz="+0900" logid="0101039424" type="event" subtype="vpn" level="information" vd="root" logdesc="SSL VPN tunnel up" action="tunnel-up" tunneltype="ssl-tunnel" tunnelid=1 remip=%s tunnelip=10.212.134.200 user="%s" group="N/A" dst_host="N/A" reason="login successfully" msg="SSL tunnel established"\n' \
	    $(($3 / 60)) $(($3 % 60)) "$2" "$1"
}
sent() {	# bytes seconds
	printf 'date=2026-11-22 time=03:%02d:%02d devname="fw01" devid="FGT60F0000000001" tz="+0900" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=192.168.20.10 srcport=5%d dstip=198.51.100.77 dstport=443 srcintf="internal" dstintf="wan1" sessionid=%d proto=6 action="close" policyid=1 service="HTTPS" duration=100 sentbyte=%s rcvdbyte=1000 app="%s"\n' \
	    $(($2 / 60)) $(($2 % 60)) "$2" "$2" "$1" "<script>document.title='owned'</script>"
}
long=$(printf '%0400d' 0 | tr 0 W)
{
	login "<script>document.title='owned'</script>" 198.51.100.77 1
	login "<img src=x onerror=document.title='owned'>" 198.51.100.77 2
	login "'><svg onload=document.title='owned'>" 198.51.100.77 3
	login '=HYPERLINK(1)' 198.51.100.77 4
	login "$long" 198.51.100.77 5
	login "$(printf '\342\200\256drahcir')" 198.51.100.77 6
	login 'javascript:alert(1)' 198.51.100.77 7
	login "</style><style>*{display:none}" 198.51.100.77 8
	login '&#60;script&#62;' 198.51.100.77 9
	for i in 1 2 3 4 5 6 7 8; do
		sent 500000000$i $((i * 60))
	done
	printf "<13>Nov 22 04:00:00 x <script>document.title='owned'</script> %s\n" "$long"
} >"$T/night.log"
site_start
ok 'they come in' konseki import --replay --source fw01 "$T/night.log"
ok 'and are analysed' konseki analyze
konseki case list >"$T/list" 2>&1
konseki report --output "$T/first" >"$T/said" 2>"$T/err"
case=$(sed -n 's|.*/report-\([0-9a-f]*\)-ja.html|\1|p' "$T/said")
like 'there is a case' "$case" '^[0-9a-f]{8}$'
konseki case aware "$case" --at 2026-11-22T09:00 --by it >"$T/out" 2>&1
ok 'somebody notes what hopes to run' konseki case note "$case" --at 2026-11-22T09:05 \
    --name "<script>document.title='owned'</script>" --comment "<img src=x onerror=document.title='owned'> $long"

P=$T/pages
mkdir "$P"
chmod 777 "$P"
for lang in ja en; do
	konseki review --week 2026-11-22 --lang $lang --output "$P"
	konseki timeline --lang $lang --output "$P"
	konseki timeline --lang $lang --output "$P" --entity host=198.51.100.77 --from 2026-11-22
	konseki report --lang $lang --output "$P"
	for form in executives mhlw ppc-first ppc-final police common public; do
		konseki report --for $form --lang $lang --output "$P"
	done
	konseki find --lang $lang --output "$P" "notthere<script>document.title='owned'<.example" 203.0.113.250
done >"$T/made" 2>"$T/made.err"
konseki anchor sheet --output "$P" >"$T/anchor" 2>&1
is 'every kind of page was made' "$(cd "$P" && echo *.html |
    tr ' ' '\n' | sed "s/-[0-9a-f]\{8\}\([-.]\)/\1/; s/search-[0-9]*/search/; s/anchor-.*/anchor/; s/-\(ja\|en\)[.]html//" |
    sed 's/timeline-host.*/timeline-host/; s/review-.*/review/' | sort -u | tr '\n' ' ')" \
    'anchor report report-common report-executives report-mhlw report-police report-ppc-final report-ppc-first report-public review search timeline-all timeline-host '
n=$(find "$P" -name '*.html' | wc -l)
for width in 390 794 1200; do
	python3 "$srcdir/tests/system/browser.py" $width "$P"/*.html >"$T/looked.$width" 2>&1
	is "all of them are sound at $width" "$(grep -c ': fine$' "$T/looked.$width")" "$n"
	grep -v ': fine$' "$T/looked.$width" | head -n 8 | sed 's/^/# /'
done
for what in 'timeline-all-ja' "report-$case-ja" "report-$case-police-ja"; do
	ok "what they wrote stands there, as text ($what)" grep -q \
	    "&lt;script&gt;document.title=&#39;owned&#39;&lt;/script&gt;" "$P/$what.html"
done
ok 'no name becomes a command' ! grep -rhE -- '--entity [a-z]+=[^ ]*(&|=|\\)' "$P"
ok 'nor a formula in a table' ! sh -c \
    "cut -c1-400 '$P'/*.csv | tr ',' '\n' | grep -E '^\"[=+@]'"
for f in "$P"/*.jsonl; do
	python3 -c 'import json, sys
for l in open(sys.argv[1]): json.loads(l)' "$f" || echo "$f"
done >"$T/json" 2>&1
is 'every line of JSON is JSON' "$(cat "$T/json")" ''
ok 'and every workbook is one' sh -c "for f in '$P'/*.xlsx; do
    python3 -c 'import sys, zipfile
import xml.etree.ElementTree as ET
z = zipfile.ZipFile(sys.argv[1])
for n in z.namelist(): ET.fromstring(z.read(n))' \"\$f\" || exit 1; done"
site_stop

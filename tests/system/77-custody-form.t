#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Beside each package lies the form that goes another way: one page in the
# language of the site, with the hash that stands for all of it in letters and as
# a code, with what was said of whom and why, and room for both sides and a
# witness to sign.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 25

site_make <<'END'
site: {name: "第一<病院>"}
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/p.key" -out "$T/p.pem" \
    -days 9 -subj /CN=police 2>/dev/null
site_start
printf '<13>a\n<13>b\n' >"$T/log"
konseki import --site "$S" "$T/log" >/dev/null
seal() {	# seal LANG NAME ARGUMENT...: its form is $form
	lang=$1
	out=$T/$2
	shift 2
	# shellcheck disable=SC2086 # two words or none
	konseki $lang seal --site "$S" --by 'Dr. Sato' --output "$out" \
	    "$@" >"$T/made" 2>"$T/err"
	status=$?
	[ "$status" = 0 ] || diag "$(cat "$T/err")"
	form=$(sed -n 's/^form //p' "$T/made")
	hash=$(sed -n 's/^sha256 \([0-9a-f]*\) .*/\1/p' "$T/made")
}
pages() {	# pages NAME: one check
	if ! command -v chromium >/dev/null; then
		skip 1 'no chromium'
		return
	fi
	rm -f "$T/page.pdf"
	chromium --headless --no-sandbox --disable-gpu --no-first-run \
	    --no-pdf-header-footer --disable-background-networking \
	    --user-data-dir="$T/chromium" --print-to-pdf="$T/page.pdf" \
	    "file://$form" >"$T/chromium.log" 2>&1
	is "$1: it is one page" \
	    "$(grep -acE '/Type */Page($|[^s])' "$T/page.pdf")" 1
}
seal '' ja --for '県警 <伊藤>' --why '事件 2026-118' --authority '刑訴法197条2項' \
    --encrypt-to "$T/p.pem"
is 'a form is made' "$status" 0
is 'beside the package' "$form" "$(echo "$T"/ja/test*[0-9]).custody.html"
pages 'Japanese'
ok 'in the language of the site' grep -q '受渡票' "$form"
letters=$(sed -n '/<pre>/,/<\/pre>/p' "$form" | tr -cd '0-9a-f \n' |
    tr -d ' \n')
like 'it has the hash in letters' "$letters" "$hash"
if command -v zbarimg >/dev/null; then
	python3 "$srcdir/tests/system/qr.py" "$form" >"$T/qr.pgm"
	zbarimg --quiet --raw "$T/qr.pgm" 2>/dev/null | grep . >"$T/read"
	(cd "$T"/ja/test*[0-9] && sha256sum --strict -c "$T/read") >"$T/sum" 2>&1
	is 'sha256sum takes what the code holds' $? 0
else
	skip 1 'no zbarimg'
fi
for text in '県警 &lt;伊藤&gt;' '事件 2026-118' '刑訴法197条2項' '第一&lt;病院&gt;' \
    'Dr. Sato' '渡した人' '受け取った人' '立会人' '印' \
    "$(sed -n 's/^encrypted \([0-9a-f]*\) .*/\1/p' "$T/made")" \
    "$(sed -n 's/^payload \([0-9]*\) bytes.*/\1バイト/p' "$T/made")"; do
	ok "it has: $text" grep -q "$text" "$form"
done
ok 'and no markup of others' ! grep -q '<伊\|<病\|http:' "$form"
seal '--lang en' en --for Police --why 'case 12' --authority law \
    --level withheld --search a
pages 'English'
ok 'in the language that was asked for' grep -q 'Custody form' "$form"
like 'with the numbers of README' "$(tr -d '\n' <"$form")" \
    "$(sed -n 's/^What  *an excerpt (\(.*\))$/\1/p' "$T"/en/test*[0-9]/README.en.txt)"
text=$(printf 'letter-%.0s' $(seq 140))x
seal '--lang en' long --for "$text" --why "$text" --authority "$text"
is 'with texts as long as they can be' "$status" 0
pages 'long texts'
text=$(printf '捜査関係事項照会書。%.0s' $(seq 12))
seal '' longja --for "$text" --why "$text" --authority "$text"
pages 'long texts in Japanese'
site_stop

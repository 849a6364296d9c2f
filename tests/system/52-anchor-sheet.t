#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# The sheet for a file of paper: what a phone reads off its QR code is the
# anchor that the verifier takes, and it shows a log that was cut since.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 15

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
site_make <<END
site: {name: 第一病院}
END
site_start
site_stop
ok 'a sheet' sh -c "konseki anchor sheet --site '$S' --output '$T' >'$T/name'"
page=$(cat "$T/name")
size=$(sed -n 2p "$S/evidence/checkpoint")
is 'its name says of what' "${page##*/}" \
    "anchor-evidence-$(printf %012d "$size").html"
ok 'it has the lines as they are signed' grep -qx "$(sed -n 3p \
    "$S/evidence/checkpoint")" "$page"
ok 'one of another log' konseki anchor sheet --site "$S" --log casebook \
    --output "$T"
ok 'none of a log that is not there' ! konseki anchor sheet --site "$S" \
    --log other --output "$T"
if command -v zbarimg >/dev/null; then
	python3 "$srcdir/tests/system/qr.py" "$page" >"$T/qr.pgm"
	zbarimg --quiet --raw "$T/qr.pgm" >"$T/read" 2>/dev/null
	is 'the code holds the three lines' "$(head -n 3 "$T/read")" \
	    "$(head -n 3 "$S/evidence/checkpoint")"
	is 'and R' "$(sed -n 4p "$T/read")" \
	    "R $(sed -n 's/^epochs .* //p' "$S/evidence/log")"
	cp "$T/read" "$T/anchor"
else
	skip 2 'no zbarimg'
	head -n 3 "$S/evidence/checkpoint" >"$T/anchor"
fi
ok 'the verifier takes it' konseki verify --pin "$S/evidence/log" \
    --anchor "$T/anchor" "$S/evidence"
ok 'the weekly sheet has the same anchor' sh -c "konseki review --site '$S' \
    --output '$T' >'$T/name' 2>/dev/null"
is 'with the R of both logs' "$(grep -cE "^R ($(sed -n 's/^epochs .* //p' \
    "$S/evidence/log" "$S/casebook/log" | paste -sd'|'))" "$(cat "$T/name")")" 2
if command -v chromium >/dev/null; then
	chromium --headless --no-sandbox --disable-gpu --no-first-run \
	    --no-pdf-header-footer --disable-background-networking \
	    --user-data-dir="$T/chromium" --print-to-pdf="$T/page.pdf" \
	    "file://$page" >"$T/chromium.log" 2>&1
	is 'it is one page' \
	    "$(grep -acE '/Type */Page($|[^s])' "$T/page.pdf")" 1
	# Where people write: how wide and high the cells of the table are.
	sed 's|<meta http-equiv="Content-Security-Policy"[^>]*>||; s|</body>|<p id="m"></p><script>document.getElementById("m").textContent="cells "+[...document.querySelectorAll("table td")].map(c=>Math.floor(Math.min(c.offsetWidth/150,c.offsetHeight/40))).join("")</script></body>|' \
	    "$page" >"$T/measure.html"
	is 'with four cells wide and high enough to write in' \
	    "$(chromium --headless --no-sandbox --disable-gpu --no-first-run \
	    --disable-background-networking --user-data-dir="$T/chromium" \
	    --window-size=794,1123 --dump-dom "file://$T/measure.html" \
	    2>/dev/null | grep -oE 'cells [0-9]+' | tail -n 1)" 'cells 1111'
else
	skip 2 'no chromium'
fi
cp "$S/evidence/checkpoint" "$T/kept"
sed 2s/$/0/ "$T/kept" >"$S/evidence/checkpoint"
ok 'nothing is printed of a checkpoint without a signature' ! konseki anchor \
    sheet --site "$S" --output "$T"
cp "$T/kept" "$S/evidence/checkpoint"
sed "2s/.*/$((size + 1))/" "$T/anchor" >"$T/later"
konseki verify --anchor "$T/later" "$S/evidence" >/dev/null
is 'a log that was cut since does not agree with it' "$?" 1

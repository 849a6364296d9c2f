#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The reports in a real browser: the weekly review is one page of A4 whatever
# the week brought, and a log line never becomes markup.
. "${srcdir:-.}/tests/lib.sh"

browser=$(command -v chromium || command -v chromium-browser) ||
	skip_all 'chromium is not installed'
plan 18

# browse PAGE ARG...: headless, offline, with a profile of its own.
browse() {
	page=$1
	shift
	timeout 60 "$browser" --headless --no-sandbox --disable-gpu \
	    --no-first-run --disable-background-networking \
	    --disable-component-update --disable-sync \
	    --user-data-dir="$T/profile" "$@" "file://$page" 2>"$T/browser.err"
}

pages() {
	browse "$1" --no-pdf-header-footer --print-to-pdf="$T/out.pdf" >/dev/null
	LC_ALL=C grep -a -cE '/Type */Page($|[^s])' "$T/out.pdf"
}

for lang in ja en; do
	for size in small full; do
		p=$T/review-$lang-$size.html
		"$builddir/tests/unit/report_pages" $lang $size review.html >"$p"
		is "a review is one page ($lang, $size)" "$(pages "$p")" 1
	done
	# What a phone sees of the full page, at the size of the screen.
	if command -v zbarimg >/dev/null; then
		browse "$p" --window-size=794,1123 --force-device-scale-factor=2 \
		    --screenshot="$T/page.png" >/dev/null
		zbarimg --quiet --raw "$T/page.png" >"$T/read" 2>/dev/null
		is "its codes are the anchors of both logs ($lang)" \
		    "$(grep -cE '^(mihon\.example/(evidence|casebook)|128|12)$' "$T/read")" 4
		is "with R ($lang)" "$(grep -cE '^R (5a){32}$' "$T/read")" 2
	else
		skip 2 'no zbarimg'
	fi
	for what in timeline damage; do
		p=$T/$what-$lang.html
		"$builddir/tests/unit/report_pages" $lang small $what.html >"$p"
		ok "$what prints ($lang)" test "$(pages "$p")" -ge 2
	done
done

for what in timeline review damage; do
	p=$T/$what-dom.html
	"$builddir/tests/unit/report_pages" en full $what.html >"$p"
	browse "$p" --dump-dom >"$T/dom"
	ok "$what: no script in the document" ! \
	    grep -iE '<(script|img|iframe|[^>]* on[a-z]+=)' "$T/dom"
	like "$what: it was rendered" "$(head -c 300 "$T/dom")" '<html'
done

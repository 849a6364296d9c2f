#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The reports in a real browser: the weekly review is one page of A4 whatever
# the week brought, and a log line never becomes markup.
. "${srcdir:-.}/tests/lib.sh"

browser=$(command -v chromium || command -v chromium-browser) ||
	skip_all 'chromium is not installed'
plan 26

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

# What lies on a page and what it does, by the browser's developer tools: log
# lines that hope to run, and words that no cell holds.
for what in timeline review damage; do
	for lang in ja en; do
		p=$T/look-$what-$lang.html
		"$builddir/tests/unit/report_pages" $lang full $what.html >"$p"
	done
done
for width in 390 1200; do
	python3 "$srcdir/tests/system/browser.py" $width "$T"/look-*.html \
	    >"$T/looked" 2>&1
	for what in timeline review damage; do
		is "$what: nothing ran or stands out at $width" \
		    "$(grep "^look-$what-" "$T/looked" | sort)" \
		    "look-$what-en.html: fine
look-$what-ja.html: fine"
	done
done
cp "$T/look-damage-en.html" "$T/bad.html"
sed -i "s/default-src 'none'; style/script-src 'unsafe-inline'; style/;
    s|</body>|<p style='width:3000px'>x</p><script>document.title='owned'</script></body>|" "$T/bad.html"
python3 "$srcdir/tests/system/browser.py" 390 "$T/bad.html" >"$T/looked" 2>&1
like 'and what would have run is seen' "$(cat "$T/looked")" 'the title became owned'
like 'and what stands out' "$(cat "$T/looked")" 'px beyond the window'

for what in timeline review damage; do
	p=$T/$what-dom.html
	"$builddir/tests/unit/report_pages" en full $what.html >"$p"
	browse "$p" --dump-dom >"$T/dom"
	ok "$what: no script in the document" ! \
	    grep -iE '<(script|img|iframe|[^>]* on[a-z]+=)' "$T/dom"
	like "$what: it was rendered" "$(head -c 300 "$T/dom")" '<html'
done

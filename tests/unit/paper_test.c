/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/paper.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/report/qr.h"
#include "tests/tap.h"

#define ORIGIN "hospital.example/evidence"
#define TEXT ORIGIN "\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

static bool
has(struct buf *page, const char *text)
{
	return strstr(buf_cstr(page), text) != NULL;
}

static unsigned
count(struct buf *page, const char *text)
{
	const char *p = buf_cstr(page);
	unsigned n = 0;

	for (; (p = strstr(p, text)) != NULL; p++)
		n++;
	return n;
}

static void
page(void)
{
	static const uint8_t key[KEY_LEN] = { 1 };
	struct checkpoint c = { .origin = SPAN(ORIGIN), .size = 3 };
	struct logfile log = { .r = { 0xab } };
	struct paper p = { .site = "<第一病院>",
		.log = &log,
		.checkpoint = &c,
		.made = INT64_C(1764115200000000),
		.zone = 9 * 3600 };
	struct buf out;

	note_key_init(&log.key, SPAN(ORIGIN), key);
	buf_init(&out);
	paper_text(&c, log.r, &out);
	ok(span_is(buf_view(&out),
	       TEXT "R ab000000000000000000000000000000000000000000000000000000"
		    "00000000\n"),
	    "the three lines and R");
	out.len = 0;
	ok(paper_html(&p, &out) == 0, "a page");
	ok(has(&out, ">" TEXT "R ab"), "has them in letters, line by line");
	ok(count(&out, "<svg ") == 1 && count(&out, "</svg>") == 1,
	    "and as one code");
	ok(has(&out, "&lt;第一病院&gt;") && !has(&out, "<第"),
	    "the site's name is escaped");
	ok(has(&out, "2025-11-26T09:00:00+09:00"), "the time is the site's");
	ok(has(&out, "使い方") && has(&out, "What this is for"),
	    "it speaks both languages");
	ok(!has(&out, "<script") && !has(&out, "<img") && !has(&out, "http:"),
	    "and refers to nothing outside");
	buf_fini(&out);
}

static void
codes(void)
{
	static uint8_t big[4000];
	struct buf out, again;

	buf_init(&out);
	buf_init(&again);
	ok(qr_svg(SPAN("abc"), "a \"label\"", &out) == 0 &&
		qr_svg(SPAN("abc"), "a \"label\"", &again) == 0,
	    "a short code");
	ok(span_eq(buf_view(&out), buf_view(&again)), "always the same");
	/* Version 1 has 21 modules, and 4 stay empty on each side. */
	ok(has(&out, "viewBox=\"0 0 29 29\""), "with its quiet zone");
	ok(has(&out, "M4 4h7v1h-7z"), "begins with a finder pattern");
	ok(has(&out, "a &quot;label&quot;"), "the label is escaped");
	ok(qr_svg(span_make(big, sizeof(big)), "", &out) == -1,
	    "too much for one symbol");
	buf_fini(&again);
	buf_fini(&out);
}

int
main(void)
{
	page();
	codes();
	return done();
}

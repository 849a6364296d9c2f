/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/slip.h"

#include <string.h>

#include "analyzer/report/html.h"
#include "analyzer/report/qr.h"
#include "common/cursor.h"
#include "common/hex.h"
#include "common/utc.h"

#define TAGS "tagmanifest-sha256.txt"
#define GROUP 8	       /* digits that the eye compares at once */
#define WHAT_LINES 5   /* more would not fit the page */
#define OFFICE_MAX 120 /* bytes of a recipient that fit a third of a line */

static const char style[] =
    "body{line-height:1.25}h2{margin:.5em 0 .2em}\n"
    "th{width:8.5em;white-space:nowrap}"
    ".hash{display:grid;grid-template-columns:1fr 33mm;column-gap:3mm;"
    "border:1.5pt solid #000;padding:1.5mm 2mm;align-items:center}\n"
    ".hash svg.qr{width:33mm;height:33mm;display:block}\n"
    ".hash pre{font-size:1.42em;line-height:1.45;letter-spacing:.02em;"
    "margin:.6mm 0;white-space:pre}\n"
    ".parties th{width:auto}.parties thead th{text-align:center}"
    ".parties tbody th{width:7.5em}.parties td{width:29%;height:8mm}"
    ".parties tr.seal td{height:19mm;text-align:right;vertical-align:bottom;"
    "color:#555}.parties tr.seal i{font-style:normal;display:inline-block;"
    "border:.7pt dashed #777;border-radius:50%;width:14mm;height:14mm;"
    "line-height:14mm;text-align:center}\n"
    ".write{table-layout:fixed}.write td,.write "
    "th{height:7.5mm;vertical-align:middle;"
    "white-space:nowrap}\n"
    ".write .in{font-size:.9em;color:#333;text-align:right}\n"
    ".box{white-space:nowrap;margin-right:1.2em}\n"
    /* A phone: one thing below the other, nothing wider than the screen. */
    "@media screen and (max-width:640px){th{width:5.5em;white-space:normal;"
    "overflow-wrap:anywhere}.hash{display:block;padding:8px}.hash pre{"
    "font-size:1.05em;white-space:pre-wrap;letter-spacing:0}"
    ".hash svg.qr{width:60vw;height:60vw;max-width:240px;max-height:240px;"
    "margin:8px auto}"
    ".write,.write tbody,.write tr,.write th,.write td{display:block;"
    "width:auto}.write th,.write td{height:auto;min-height:2.2em;"
    "white-space:normal;border-bottom:0}.write{border-bottom:.5pt solid #555}"
    ".parties{table-layout:fixed}.parties th,.parties tbody th{width:auto;"
    "font-size:.8em;padding:2px}.parties td{width:auto;padding:2px}}\n";

/*
 * The page is one, whatever it says: from so many bytes of texts on smaller.
 */
static const struct {
	size_t from;
	const char *style;
} sizes[] = {
	{ 2400,
	    "body{font-size:7.2pt}.parties tr.seal td{height:15mm}"
	    ".write td,.write th,.parties td{height:6mm}" },
	{ 700, "body{font-size:8.2pt}" },
	{ 0, "" },
};

static void
put_style(const struct slip *s, struct buf *out)
{
	size_t len =
	    s->what.len + s->recipient.len + s->why.len + s->authority.len;
	size_t i = 0;

	while (len < sizes[i].from)
		i++;
	buf_str(out, style);
	buf_str(out, sizes[i].style);
}

/* The one of the two that the page is in. */
static const char *in(const struct slip *s, const char *en, const char *ja)
    __attribute__((format_arg(2), format_arg(3)));

static const char *
in(const struct slip *s, const char *en, const char *ja)
{
	return s->lang == LOG_JA ? ja : en;
}

void
slip_line(const struct slip *s, struct buf *out)
{
	char hex[2 * SHA256_LEN];

	hex_print(s->hash, SHA256_LEN, hex);
	buf_append(out, hex, sizeof(hex));
	buf_str(out, "  " TAGS "\n");
}

static void
row_begin(struct buf *out, const char *head)
{
	html_put(out, "<tr><th>%s</th><td>", head);
}

static void
row_end(struct buf *out)
{
	buf_str(out, "</td></tr>\n");
}

static void
row(struct buf *out, const char *head, struct span value)
{
	row_begin(out, head);
	html_text(out, value);
	row_end(out);
}

/* Line by line; what README has in more than fit is there. */
static void
put_what(const struct slip *s, struct buf *out)
{
	struct cursor c = cursor_make(s->what);
	unsigned n = 0;

	row_begin(out, in(s, "What", "内容"));
	for (; cursor_left(&c) > 0 && n < WHAT_LINES; n++) {
		if (n > 0)
			buf_str(out, "<br>");
		html_text(out, cursor_until(&c, '\n'));
	}
	if (cursor_left(&c) > 0)
		html_put(out, "<br>%s",
		    in(s, "and more: README of the package",
			"ほか（パッケージのREADMEに記載）"));
	row_end(out);
}

/* For people: a blank for the T, and no fraction. */
static const char *
when(const struct slip *s, int64_t usec, char out[UTC_TEXT])
{
	utc_print(usec - usec % UTC_SECOND, s->zone, out);
	*strchr(out, 'T') = ' ';
	return out;
}

static void
put_times(const struct slip *s, struct buf *out)
{
	char a[UTC_TEXT], b[UTC_TEXT];

	row_begin(out, in(s, "Received", "受信日時"));
	html_put(out, "%s – %s", when(s, s->low, a), when(s, s->high, b));
	row_end(out);
	row_begin(out, in(s, "Made", "作成日時"));
	html_put(out,
	    in(s, "%s by %s; time stamp: %s",
		"%s　作成者: %s　タイムスタンプ: %s"),
	    when(s, s->made, a), s->by,
	    s->stamped == 0 ? in(s, "none", "なし") : when(s, s->stamped, b));
	row_end(out);
}

static void
put_sealed(const struct slip *s, struct buf *out)
{
	char hex[2 * SHA256_LEN + 1] = "";

	if (s->sealed_name == NULL)
		return;
	hex_print(s->sealed_hash, SHA256_LEN, hex);
	row_begin(out, in(s, "Encrypted as", "暗号化ファイル"));
	html_put(out, "%s<br><span class=\"cite\">SHA-256 %s</span>",
	    s->sealed_name, hex);
	row_end(out);
}

static void
put_package(const struct slip *s, struct buf *out)
{
	html_put(out, "<h2>%s</h2>\n<table>",
	    in(s, "1. What is handed over", "1. 渡すもの"));
	row(out, in(s, "Package", "パッケージ"), span_str(s->name));
	row_begin(out, in(s, "Log", "ログ"));
	html_text(out, s->origin);
	html_put(out, in(s, ", records %lu to %lu", "　記録 %lu ～ %lu"),
	    (unsigned long)s->first, (unsigned long)s->last);
	row_end(out);
	put_what(s, out);
	put_times(s, out);
	row_begin(out, in(s, "Files", "ファイル"));
	html_put(out,
	    in(s,
		"%lu in data/, %lu bytes; listed with their SHA-256 in "
		"manifest-sha256.txt",
		"data/に%lu個、%luバイト（一覧とSHA-256は"
		"manifest-sha256.txt）"),
	    (unsigned long)s->files, (unsigned long)s->bytes);
	row_end(out);
	put_sealed(s, out);
	buf_str(out, "</table>\n");
}

static int
put_hash(const struct slip *s, struct buf *out)
{
	char hex[2 * SHA256_LEN];
	struct buf line;
	size_t i;
	int rc;

	hex_print(s->hash, SHA256_LEN, hex);
	html_put(out, "<h2>%s</h2>\n<div class=\"hash\"><div><p>%s</p>\n<pre>",
	    in(s, "2. The value that stands for all of it",
		"2. パッケージ全体を表す値"),
	    in(s, "SHA-256 of " TAGS, TAGS " のSHA-256"));
	for (i = 0; i < sizeof(hex); i += GROUP) {
		if (i > 0)
			buf_byte(out, i == sizeof(hex) / 2 ? '\n' : ' ');
		buf_append(out, hex + i, GROUP);
	}
	html_put(out,
	    "</pre>\n<p>%s</p><p><code>sha256sum " TAGS "</code> %s "
	    "<code>certutil -hashfile " TAGS " SHA256</code></p>",
	    in(s, "Whoever receives the package computes it and compares:",
		"受け取った側で計算し、上の値と比べます。"),
	    in(s, "or, with Windows,", "Windowsの場合"));
	html_put(out,
	    "<p><span class=\"box\">□ %s</span><span class=\"box\">□ %s</span>"
	    "%s ____________________</p></div>\n",
	    in(s, "the same", "一致した"), in(s, "differs", "一致しない"),
	    in(s, "checked by, when:", "確認者・日時"));
	buf_init(&line);
	slip_line(s, &line);
	rc = qr_svg(buf_view(&line),
	    in(s, "the line of sha256sum", "sha256sumの行"), out);
	buf_fini(&line);
	buf_str(out, "</div>\n");
	return rc;
}

static void
put_reason(const struct slip *s, struct buf *out)
{
	html_put(out, "<h2>%s</h2>\n<table>",
	    in(s, "3. For whom and why", "3. 目的と根拠"));
	row(out, in(s, "For", "提出先"), s->recipient);
	row(out, in(s, "Why", "目的"), s->why);
	row(out, in(s, "Authority", "根拠"), s->authority);
	buf_str(out, "</table>\n");
}

/* A row of two fields to write in; a date is written between its units. */
static void
put_fields(const struct slip *s, const char *left, const char *right,
    bool dated, struct buf *out)
{
	html_put(out, "<tr><th>%s</th><td class=\"in\">%s</td>", left,
	    dated ? in(s, "", "年　　　月　　　日　　　時　　　分") : "");
	html_put(out, "<th>%s</th><td></td></tr>\n", right);
}

static void
put_medium(const struct slip *s, struct buf *out)
{
	html_put(out, "<h2>%s</h2>\n<table class=\"write\">",
	    in(s, "4. Medium and condition", "4. 媒体と状態"));
	put_fields(s, in(s, "Medium, no.", "媒体・製造番号"),
	    in(s, "Seal no.", "封印番号"), false, out);
	html_put(out, "<tr><th>%s</th><td colspan=\"3\"></td></tr></table>\n",
	    in(s, "Condition", "状態・備考"));
}

static void
put_blank(const char *head, struct buf *out)
{
	html_put(out, "<tr><th>%s</th><td></td><td></td><td></td></tr>\n",
	    head);
}

static void
put_parties(const struct slip *s, struct buf *out)
{
	const char *seal = in(s, "seal", "印");

	html_put(out, "<h2>%s</h2>\n<table class=\"write\">",
	    in(s, "5. Handed over and received", "5. 授受"));
	put_fields(s, in(s, "Date, time", "授受日時"),
	    in(s, "Place", "授受場所"), true, out);
	html_put(out,
	    "</table>\n<table class=\"parties\"><thead><tr><th></th>"
	    "<th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>\n",
	    in(s, "Handed over by", "渡した人"),
	    in(s, "Received by", "受け取った人"), in(s, "Witness", "立会人"));
	html_put(out, "<tr><th>%s</th><td>%s</td><td>",
	    in(s, "Office, post", "所属・職名"), s->site);
	if (s->recipient.len <= OFFICE_MAX) /* else only above */
		html_text(out, s->recipient);
	buf_str(out, "</td><td></td></tr>\n");
	put_blank(in(s, "Name", "氏名"), out);
	put_blank(in(s, "Telephone", "連絡先"), out);
	html_put(out,
	    "<tr class=\"seal\"><th>%s</th><td><i>%s</i></td>"
	    "<td><i>%s</i></td><td><i>%s</i></td></tr></tbody></table>\n",
	    in(s, "Signature or seal", "署名・押印"), seal, seal, seal);
}

static void
put_return(const struct slip *s, struct buf *out)
{
	html_put(out, "<h2>%s</h2>\n<table class=\"write\">",
	    in(s, "6. Return", "6. 返却"));
	put_fields(s, in(s, "Date, time", "返却日時"),
	    in(s, "Condition", "状態"), true, out);
	put_fields(s, in(s, "Returned by", "返却者（印）"),
	    in(s, "Taken by", "受領者（印）"), false, out);
	buf_str(out, "</table>\n");
}

static void
put_foot(const struct slip *s, struct buf *out)
{
	char hex[2 * SHA256_LEN + 1] = "";

	hex_print(s->hash, SHA256_LEN, hex);
	html_put(out,
	    "<p>%s</p><p class=\"src\">%s <code>konseki custody receipt "
	    "--package %s</code></p>\n",
	    in(s,
		"Two copies, one for each side. This form goes another way "
		"than the package (by hand, by fax).",
		"2部作成し、双方が1部ずつ保管。パッケージとは"
		"別の経路（手渡し・ファクシミリなど）で渡してください。"),
	    in(s, "The hospital then records the receipt, and later steps:",
		"医療機関は受領とその後の引渡し・返却をログに記録します。"),
	    hex);
}

int
slip_html(const struct slip *s, struct buf *out)
{
	struct html_page page = { .lang = s->lang,
		.paper = HTML_PORTRAIT,
		.title = s->name,
		.banner = "",
		.foot = "" };
	struct buf css;
	int rc;

	buf_init(&css);
	put_style(s, &css);
	page.style = buf_cstr(&css);
	html_begin(out, &page);
	buf_fini(&css);
	html_put(out, "<header><h1>%s</h1><p class=\"site\">%s</p></header>\n",
	    in(s, "Custody form: log evidence", "受渡票（ログ証拠の授受記録）"),
	    s->site);
	put_package(s, out);
	rc = put_hash(s, out);
	put_reason(s, out);
	put_medium(s, out);
	put_parties(s, out);
	put_return(s, out);
	put_foot(s, out);
	html_end(out);
	return rc;
}

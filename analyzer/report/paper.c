/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/paper.h"

#include "analyzer/report/html.h"
#include "analyzer/report/qr.h"
#include "common/cursor.h"
#include "common/hex.h"
#include "common/utc.h"

static const char style[] =

    "svg.qr{width:62mm;height:62mm;display:block;margin:3mm auto}\n"
    "pre.lines{font-size:1em;line-height:1.7;border:1pt solid #000;"
    "padding:2mm}\n"
    "dl{display:grid;grid-template-columns:auto 1fr;column-gap:4mm}\n"
    "table.kept{table-layout:fixed;margin-top:4mm;break-inside:avoid}"
    "table.kept th{width:34mm;vertical-align:middle}"
    "table.kept td{height:13mm}\n"
    "dt{font-weight:bold}dd{margin:0;overflow-wrap:anywhere}\n";

void
paper_text(const struct checkpoint *c, const uint8_t *r, struct buf *out)
{
	char hex[2 * SHA256_LEN];

	checkpoint_print(c, out);
	if (r == NULL)
		return;
	hex_print(r, SHA256_LEN, hex);
	buf_printf(out, "R %.*s\n", (int)sizeof(hex), hex);
}

/* Line by line: what is no line end would be shown as \x0a. */
static void
put_lines(struct span text, struct buf *out)
{
	struct cursor c = cursor_make(text);

	buf_str(out, "<pre class=\"lines\">");
	while (cursor_left(&c) > 0) {
		html_text(out, cursor_until(&c, '\n'));
		buf_byte(out, '\n');
	}
	buf_str(out, "</pre>\n");
}

int
paper_put(const struct checkpoint *c, const uint8_t *r, struct buf *out)
{
	struct buf text;
	int rc;

	buf_init(&text);
	paper_text(c, r, &text);
	put_lines(buf_view(&text), out);
	rc = qr_svg(buf_view(&text), "QR", out);
	buf_byte(out, '\n');
	buf_fini(&text);
	return rc;
}

static void
put_facts(const struct paper *p, struct buf *out)
{
	char made[UTC_TEXT];
	struct buf key;

	buf_init(&key);
	note_key_print(&p->log->key, &key);
	html_put(out, "<dl><dt>作成 Made</dt><dd>%s</dd>",
	    utc_print(p->made - p->made % UTC_SECOND, p->zone, made));
	html_put(out, "<dt>ログの検証鍵 Key of the log</dt><dd>%s</dd></dl>\n",
	    buf_cstr(&key));
	buf_fini(&key);
}

static void
put_use(struct buf *out)
{
	html_put(out,
	    "<h2>使い方</h2><p>この紙を、ログのある機器とは別の場所に、日付順に"
	    "保管してください。この時点までの記録が後から変更・削除されれば、こ"
	    "の"
	    "4行との食い違いとして検出できます。検証するときは、上の3行をファイ"
	    "ル"
	    "に書き写すか、QRコードを読み取って保存し、次を実行します。</p>"
	    "<pre>konseki verify --anchor ファイル ログのフォルダー</pre>"
	    "<p>Rは、ログを作成したときに控えた値と同じでなければなりません。</"
	    "p>"
	    "\n");
	html_put(out,
	    "<h2>What this is for</h2><p>Keep this sheet, by date, away from "
	    "the machine that holds the log. If a record from before this "
	    "sheet "
	    "is changed or removed later, the log no longer agrees with these "
	    "four lines. To check, type the first three lines into a file, or "
	    "read the QR code into one, and run</p>"
	    "<pre>konseki verify --anchor FILE FOLDER-OF-THE-LOG</pre>"
	    "<p>R must be the value that was noted when the log was made.</p>"
	    "\n");
}

static void
put_sign(struct buf *out)
{
	html_put(out,
	    "<table class=\"kept\"><tr><th>保管者 Kept by</th><td></td>"
	    "<th>保管場所 Where</th><td></td></tr>"
	    "<tr><th>印刷日 Printed on</th><td></td>"
	    "<th>確認 Checked</th><td></td></tr></table>\n");
}

int
paper_html(const struct paper *p, struct buf *out)
{
	struct html_page page = { .lang = LOG_JA,
		.paper = HTML_PORTRAIT,
		.title = "ログ保全の控え / Anchor sheet",
		.style = style,
		.banner = "",
		.foot = "" };
	int rc;

	html_begin(out, &page);
	html_put(out,
	    "<header><h1>ログ保全の控え Anchor sheet</h1>"
	    "<p class=\"site\">%s</p></header>\n",
	    p->site);
	rc = paper_put(p->checkpoint, p->log->r, out);
	put_facts(p, out);
	put_use(out);
	put_sign(out);
	html_end(out);
	return rc;
}

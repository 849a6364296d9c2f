/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/html.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "common/text.h"

static const char style[] =
#include "analyzer/report/html_style_tbl.h"
    ;

static void
put_byte(struct buf *out, uint8_t c)
{
	switch (c) {
	case '&':
		buf_str(out, "&amp;");
		break;
	case '<':
		buf_str(out, "&lt;");
		break;
	case '>':
		buf_str(out, "&gt;");
		break;
	case '"':
		buf_str(out, "&quot;");
		break;
	case '\'':
		buf_str(out, "&#39;");
		break;
	default:
		buf_byte(out, c);
	}
}

void
html_text(struct buf *out, struct span s)
{
	struct buf safe;
	size_t i;

	buf_init(&safe);
	text_escape(s, &safe);
	for (i = 0; i < safe.len; i++)
		put_byte(out, safe.p[i]);
	buf_fini(&safe);
}

/* One conversion, fmt behind its '%'; return the rest of fmt. */
static const char *
put_value(struct buf *out, const char *fmt, va_list *ap)
{
	unsigned longs = 0;
	bool size = false;

	for (; *fmt == 'l' || *fmt == 'z'; fmt++) {
		longs += *fmt == 'l';
		size |= *fmt == 'z';
	}
	switch (*fmt) {
	case '%':
		buf_byte(out, '%');
		break;
	case 's':
		html_text(out, span_str(va_arg(*ap, const char *)));
		break;
	case 'd':
		buf_printf(out, "%lld",
		    longs == 2	     ? va_arg(*ap, long long)
			: longs == 1 ? va_arg(*ap, long)
				     : va_arg(*ap, int));
		break;
	case 'u':
		buf_printf(out, "%llu",
		    longs == 2	     ? va_arg(*ap, unsigned long long)
			: longs == 1 ? va_arg(*ap, unsigned long)
			: size	     ? va_arg(*ap, size_t)
				     : va_arg(*ap, unsigned));
		break;
	default:
		assert(!"a conversion that html_put() does not have");
	}
	return fmt + 1;
}

void
html_put(struct buf *out, const char *fmt, ...)
{
	const char *next;
	va_list ap;

	va_start(ap, fmt);
	while ((next = strchr(fmt, '%')) != NULL) {
		buf_append(out, fmt, (size_t)(next - fmt));
		fmt = put_value(out, next + 1, &ap);
	}
	buf_str(out, fmt);
	va_end(ap);
}

/* A string of CSS: whatever is not plain is left out. */
static void
put_css_string(struct buf *out, const char *s)
{
	buf_byte(out, '"');
	for (; *s != '\0'; s++)
		if ((uint8_t)*s >= 0x20 && *s != 0x7F &&
		    strchr("\"\\<>&", *s) == NULL)
			buf_byte(out, (uint8_t)*s);
	buf_byte(out, '"');
}

static void
put_page_rule(struct buf *out, const struct html_page *page)
{
	buf_printf(out, "@page{size:A4 %s;margin:%s;",
	    page->paper == HTML_LANDSCAPE ? "landscape" : "portrait",
	    page->paper == HTML_LANDSCAPE ? "11mm 10mm 13mm"
					  : "10mm 13mm 13mm");
	if (*page->foot != '\0') {
		buf_str(out,
		    "@bottom-left{font:7pt sans-serif;color:#333;"
		    "white-space:nowrap;content:");
		put_css_string(out, page->foot);
		buf_byte(out, '}');
	}
	buf_str(out,
	    "@bottom-right{font:8pt sans-serif;"
	    "content:counter(page)\" / \"counter(pages)}}\n");
}

void
html_begin(struct buf *out, const struct html_page *page)
{
	html_put(out,
	    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'unsafe-inline'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n<title>%s</title>\n<style>\n",
	    page->lang == LOG_JA ? "ja" : "en", page->title);
	put_page_rule(out, page);
	buf_str(out, style);
	buf_str(out, page->style);
	html_put(out, "</style>\n</head>\n<body class=\"%s\">\n",
	    page->paper == HTML_LANDSCAPE ? "landscape" : "portrait");
	if (*page->banner != '\0')
		html_put(out, "<p class=\"banner\">%s</p>\n", page->banner);
}

void
html_end(struct buf *out)
{
	buf_str(out, "</body>\n</html>\n");
}

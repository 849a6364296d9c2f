/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/html.h"
#include "tests/tap.h"

/* What a style points at stands in the page itself: a pattern of a picture. */
static bool
only_within(const char *s)
{
	while ((s = strstr(s, "url(")) != NULL) {
		s += 4;
		if (*s != '#')
			return false;
	}
	return true;
}

static const struct {
	const char *name, *in, *want;
} texts[] = {
	{ "plain text", "emr01 電子カルテ", "emr01 電子カルテ" },
	{ "markup", "<script>x</script>", "&lt;script&gt;x&lt;/script&gt;" },
	{ "the end of an attribute", "\" onload='x' &",
	    "&quot; onload=&#39;x&#39; &amp;" },
	{ "a reference stays text", "&lt;", "&amp;lt;" },
	{ "an escape sequence", "\x1b[31m", "\\x1b[31m" },
	{ "a change of direction", "\xE2\x80\xAEnimda",
	    "\\xe2\\x80\\xaenimda" },
	{ "overlong UTF-8", "\xC0\xBCscript", "\\xc0\\xbcscript" },
	{ "UTF-7 is only text", "+ADw-script+AD4-", "+ADw-script+AD4-" },
};

static const char *
page(struct buf *out, const char *title, const char *foot)
{
	out->len = 0;
	html_begin(out,
	    &(struct html_page){ LOG_JA, HTML_PORTRAIT, title, "", "", foot });
	html_end(out);
	return buf_cstr(out);
}

int
main(void)
{
	struct buf out;
	const char *s;
	size_t i;

	buf_init(&out);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		out.len = 0;
		html_text(&out, span_str(texts[i].in));
		ok(span_is(buf_view(&out), texts[i].want), "%s", texts[i].name);
	}
	out.len = 0;
	html_text(&out, span_make("a\0<", 3));
	ok(span_is(buf_view(&out), "a\\x00&lt;"), "a NUL ends nothing");
	out.len = 0;
	html_put(&out, "<b>%s</b>%d %u %zu %llu %ld 100%%", "<i>", -1, 2u,
	    (size_t)3, 4ULL, 5L);
	ok(span_is(buf_view(&out), "<b>&lt;i&gt;</b>-1 2 3 4 5 100%"),
	    "markup of ours stays, values are escaped");

	s = page(&out, "</title><script>", "a\"}</style><script>");
	ok(strstr(s, "<script") == NULL, "nothing breaks out of the head");
	ok(strstr(s, "a}/stylescript") != NULL, "nor out of the style");
	ok(strstr(s, "default-src 'none'") != NULL, "the page has a policy");
	ok(strstr(s, "http:") == NULL && strstr(s, "https:") == NULL &&
		only_within(s),
	    "and no address outside it");
	ok(strstr(s, "<html lang=\"ja\">") != NULL, "it says its language");
	buf_fini(&out);
	return done();
}

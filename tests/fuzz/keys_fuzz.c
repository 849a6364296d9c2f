/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdlib.h>

#include "analyzer/format/cef.h"
#include "analyzer/format/jsonpath.h"
#include "analyzer/format/pairs.h"
#include "analyzer/format/xmlpath.h"
#include "common/json.h"
#include "common/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * Keys and values lie in the input, one behind another; what is undone is no
 * longer than it was; and what is written with escapes reads back the same.
 */
typedef size_t unescape(struct span text, uint8_t *out);

static void
inside(struct span part, struct span in)
{
	assert(part.len <= in.len);
	assert(part.len == 0 ||
	    (part.p >= in.p && part.p + part.len <= in.p + in.len));
}

/* Undo; sanitizers see whether it writes more than the text has. */
static void
undone(struct span text, unescape *undo)
{
	uint8_t *out = malloc(text.len + 1);

	assert(out != NULL && undo(text, out) <= text.len);
	free(out);
}

static void
pairs(struct span in, const struct pairs_form *form)
{
	struct pairs k = pairs_make(in, form);
	const uint8_t *last = in.p;
	struct kv_pair p;

	while (pairs_next(&k, &p)) {
		inside(p.key, in);
		inside(p.value, in);
		assert(p.key.len > 0 && p.key.p >= last && k.p > p.key.p);
		last = k.p;
		undone(p.value, cef_unescape);
	}
}

static void
cef(struct span in, bool (*read)(struct span, struct cef *))
{
	struct cef c;
	int i;

	if (!read(in, &c))
		return;
	for (i = 0; i < CEF_PARTS; i++)
		inside(c.part[i], in);
	inside(c.extension, in);
	pairs(c.extension, &c.form);
}

static void
json(struct span in)
{
	struct jsonpath_value v;
	struct jsonpath j;
	size_t n = 0;

	jsonpath_begin(&j, in);
	while (jsonpath_next(&j, &v)) {
		inside(v.text, in);
		assert(v.path.len <= JSONPATH_MAX && ++n <= in.len);
		undone(v.text, jsonpath_unescape);
	}
}

static void
xml(struct span in)
{
	struct xmlpath_value v;
	struct xmlpath x;
	size_t n = 0;

	xmlpath_begin(&x, in);
	while (xmlpath_next(&x, &v)) {
		inside(v.text, in);
		assert(v.path.len <= XMLPATH_MAX && ++n <= in.len);
		undone(v.text, xmlpath_unescape);
	}
}

static void
same(const struct buf *text, struct span in, unescape *undo)
{
	uint8_t *out = malloc(text->len + 1);
	struct span back;

	assert(out != NULL);
	back = span_make(out, undo(buf_view(text), out));
	assert(span_eq(back, in));
	free(out);
}

static void
there_and_back(struct span in)
{
	struct buf text;
	size_t i;

	buf_init(&text);
	for (i = 0; i < in.len; i++) {
		uint8_t c = in.p[i];

		if (c == '\\' || c == '=' || c == '|')
			buf_byte(&text, '\\');
		buf_byte(&text, c);
	}
	same(&text, in, cef_unescape);
	text.len = 0;
	for (i = 0; i < in.len; i++) {
		if (in.p[i] == '&')
			buf_str(&text, "&amp;");
		else if (in.p[i] == '<')
			buf_str(&text, "&#x3C;");
		else
			buf_byte(&text, in.p[i]);
	}
	same(&text, in, xmlpath_unescape);
	text.len = 0;
	if (text_is_utf8(in)) {
		struct buf quoted;

		buf_init(&quoted);
		json_quote(&quoted, in);
		buf_append(&text, quoted.p + 1, quoted.len - 2);
		same(&text, in, jsonpath_unescape);
		buf_fini(&quoted);
	}
	buf_fini(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	static const struct pairs_form forms[] = {
		{ SPAN(": "), SPAN(", "), SPAN("\"'"), false },
		{ SPAN("="), SPAN(" "), SPAN("\""), true },
		{ SPAN(":"), SPAN(";"), SPAN("\""), false },
	};
	struct span in = span_make(buf, len);
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		pairs(in, &forms[i]);
	cef(in, cef_read);
	cef(in, leef_read);
	json(in);
	xml(in);
	there_and_back(in);
	return 0;
}

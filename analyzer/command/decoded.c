/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/decoded.h"

#include <string.h>

#include "common/log.h"
#include "common/text.h"
#include "evidence/record.h"

/* What the d1 says, if it says it in our words. */
static bool
told(struct span words, enum text_encoding *e)
{
	struct buf name;
	bool is;

	buf_init(&name);
	is = record_word_get(words, "encoding", &name) == 1 &&
	    text_encoding_parse(buf_view(&name), e) == 0;
	buf_fini(&name);
	return is;
}

static void
say(enum text_encoding e, bool guessed, size_t bad, struct buf *out)
{
	buf_str(out, text_encoding_name(e));
	if (guessed)
		buf_str(out, tr(", guessed", "（推定）"));
	if (bad > 0)
		buf_printf(out,
		    tr(", %zu places do not decode", "（変換不能%zuか所）"),
		    bad);
	buf_str(out, ": ");
}

bool
decoded_print(struct span message, struct span words, struct buf *out)
{
	enum text_encoding e = TEXT_UTF8;
	bool guessed = !told(words, &e);
	size_t bom = 0, bad;
	struct buf text;
	bool other;

	if (guessed)
		e = text_guess(message, &bom);
	message = span_sub(message, bom, message.len);
	buf_init(&text);
	bad = text_decode(e, message, &text);
	other = bom > 0 || !span_eq(buf_view(&text), message);
	if (other) {
		say(e, guessed, bad, out);
		text_escape(buf_view(&text), out);
	}
	buf_fini(&text);
	return other;
}

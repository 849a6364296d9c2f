/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/heard.h"

#include <string.h>

static bool
is_wide(enum text_encoding e)
{
	return e == TEXT_UTF16LE || e == TEXT_UTF16BE;
}

/*
 * How to read a line that is not UTF-8.  One that was cut within a character,
 * or has a bad byte, fits nothing: it is in what its stream was in before.
 */
static enum text_encoding
encoding_of(struct stream *st, const struct event *e, size_t *bom)
{
	enum text_encoding guess = text_guess(e->message, bom), told;

	if (*bom > 0)
		return stream_heard(st, guess);
	told = st->has_encoding ? st->encoding
	    : e->source != NULL ? e->source->encoding
				: TEXT_UTF8;
	if (guess == TEXT_UTF8 && told < TEXT_UTF16LE &&
	    (text_is_utf8(e->message) || text_is_cut(e->message)))
		return TEXT_UTF8;
	if (told != TEXT_UTF8)
		return told;
	if (guess != TEXT_UTF8 && !(is_wide(guess) && is_wide(st->heard)))
		(void)stream_heard(st, guess); /* the order is as it began */
	return st->heard;
}

/*
 * UTF-16 whose lines were parted at the byte LF: a NUL is left of the one
 * before, or was cut off the end of this one, and a line's end says nothing.
 */
static void
decode_wide(enum text_encoding e, struct span s, struct buf *out)
{
	if (s.len % 2 == 1 && e == TEXT_UTF16LE && s.p[0] == 0)
		s = span_sub(s, 1, s.len);
	else if (s.len % 2 == 1 && s.p[s.len - 1] == 0)
		s.len--;
	(void)text_decode(e, s, out);
	while (out->len > 0 &&
	    (out->p[out->len - 1] == '\n' || out->p[out->len - 1] == '\r'))
		out->len--;
}

/* UTF-16 and ISO-2022-JP look like UTF-8, and are not. */
bool
heard_is_coded(const struct event *e)
{
	struct span s = e->message;

	if (e->source != NULL && e->source->encoding >= TEXT_UTF16LE)
		return true;
	if (text_is_plain(s))
		return false;
	return !text_is_utf8(s) ||
	    (s.len > 0 &&
		(memchr(s.p, 0x1B, s.len) != NULL ||
		    memchr(s.p, 0, s.len) != NULL));
}

struct span
heard_decode(struct stream *st, struct event *e, struct buf *text,
    struct arena *a)
{
	struct span raw = e->message;
	size_t bom = 0;

	e->encoding = encoding_of(st, e, &bom);
	text->len = 0;
	if (is_wide(e->encoding))
		decode_wide(e->encoding, span_sub(raw, bom, raw.len), text);
	else if ((e->encoding == TEXT_CP932 || e->encoding == TEXT_EUC_JP) &&
	    text_is_mixed(raw))
		(void)text_decode_mixed(e->encoding, raw, text);
	else
		(void)text_decode(e->encoding, span_sub(raw, bom, raw.len),
		    text);
	return arena_copy(a, buf_view(text));
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/choice.h"

#include <string.h>

#include "common/text.h"

void
choice_init(struct choice *c)
{
	memset(c, 0, sizeof(*c));
	c->to = c->until = UINT64_MAX;
	buf_init(&c->text);
}

int
choice_text_add(struct choice_texts *t, const char *text)
{
	if (t->n == CHOICE_TEXTS_MAX || *text == '\0')
		return -1;
	t->v[t->n++] = span_str(text);
	return 0;
}

bool
choice_filters(const struct choice *c)
{
	return c->source != NULL || c->search.n > 0;
}

bool
choice_inside(const struct choice *c, uint64_t index, uint64_t rx)
{
	return index >= c->from && index <= c->to && rx >= c->since &&
	    rx < c->until;
}

static bool
texts_in(const struct choice_texts *t, struct span in)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (in.len > 0 &&
		    memmem(in.p, in.len, t->v[i].p, t->v[i].len) != NULL)
			return true;
	return false;
}

/*
 * A text is looked for in the bytes, then in every way they can be read: one
 * that was overlooked because an encoding was guessed wrong might be a name.
 */
static bool
texts_match(const struct choice_texts *t, struct span body, struct buf *scratch)
{
	static const enum text_encoding encodings[] = { TEXT_CP932, TEXT_EUC_JP,
		TEXT_UTF16LE, TEXT_UTF16BE, TEXT_ISO_2022_JP };
	size_t i;

	if (t->n == 0 || body.len == 0)
		return false;
	if (texts_in(t, body))
		return true;
	if (text_is_utf8(body) && memchr(body.p, '\0', body.len) == NULL &&
	    memchr(body.p, 0x1B, body.len) == NULL)
		return false;
	for (i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
		scratch->len = 0;
		text_decode(encodings[i], body, scratch);
		if (texts_in(t, buf_view(scratch)))
			return true;
	}
	return false;
}

/* What was lost in the range, and when the log began again. */
static bool
about_the_log(enum record_kind kind)
{
	return kind == RECORD_GAP || kind == RECORD_BOOT ||
	    kind == RECORD_DELETION;
}

static bool
chosen(struct choice *c, const struct evread_record *r)
{
	const struct evread_stream *s = r->stream;

	if (!choice_filters(c))
		return true;
	if (s == NULL ||
	    (c->source != NULL && !span_is(s->peer, c->source) &&
		!span_is(s->listener, c->source) &&
		!span_is(s->file, c->source)))
		return false;
	return c->search.n == 0 || texts_match(&c->search, r->r.body, &c->text);
}

enum choice_says
choice_of(struct choice *c, const struct evread_record *r)
{
	if (!choice_inside(c, r->index, r->r.rx))
		return CHOICE_HIDDEN;
	if (!chosen(c, r)) {
		if (about_the_log(r->r.kind))
			return CHOICE_CONTEXT;
		return c->rest ? CHOICE_REST : CHOICE_HIDDEN;
	}
	if (r->stream != NULL && texts_match(&c->withhold, r->r.body, &c->text))
		return CHOICE_WITHHELD;
	return CHOICE_SHOWN;
}

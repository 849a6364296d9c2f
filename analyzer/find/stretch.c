/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/stretch.h"

#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/text.h"

void
stretch_init(struct stretch *s, const struct matcher *m)
{
	memset(s, 0, sizeof(*s));
	s->search = matcher_look_new(m);
	skipidx_init(&s->index);
	keyset_init(&s->keys);
	s->in = segread_new();
	s->inflate = inflate_new();
	s->arena = arena_new();
	buf_init(&s->file);
	buf_init(&s->bytes);
	buf_init(&s->unkept);
	buf_init(&s->why);
}

void
stretch_fini(struct stretch *s)
{
	matcher_look_free(s->search);
	skipidx_fini(&s->index);
	keyset_fini(&s->keys);
	segread_free(s->in);
	inflate_free(s->inflate);
	arena_free(s->arena);
	buf_fini(&s->file);
	buf_fini(&s->bytes);
	buf_fini(&s->unkept);
	buf_fini(&s->why);
	free(s->hits.v);
}

void
stretch_begin(struct stretch *s)
{
	skipidx_clear(&s->index);
	keyset_clear(&s->keys);
	arena_reset(s->arena);
	s->hits.n = 0;
	s->n_hits = s->blocks = s->read = s->passed = s->checked = 0;
	s->records = s->body_bytes = s->system = s->file_bytes = 0;
	s->low = s->high = s->newest = 0;
	s->indexed = s->made = false;
	s->who = NULL;
	s->why.len = s->unkept.len = 0;
	tree_range_init(&s->range, s->want.first);
}

/* As text for people, whatever its encoding; cut where a character ends. */
static struct span
shown(struct stretch *s, struct span message)
{
	size_t bom = 0, len;
	enum text_encoding e = TEXT_UTF8;
	struct buf text;
	struct span copy;

	message = span_sub(message, 0, 2 * HUNT_LINE);
	if (s->who != NULL && s->who->encoding > 0)
		e = (enum text_encoding)(s->who->encoding - 1);
	else if (!text_is_plain(message))
		e = text_guess(message, &bom);
	buf_init(&text);
	(void)text_decode(e, span_sub(message, bom, message.len), &text);
	for (len = text.len; len > HUNT_LINE; len--)
		;
	while (len > 0 && len < text.len && (text.p[len] & 0xc0) == 0x80)
		len--;
	copy = arena_copy(s->arena, span_make(text.p, len));
	buf_fini(&text);
	return copy;
}

static void
add_hit(struct stretch *s, const struct stretch_record *r, uint32_t indicator,
    struct span line)
{
	struct stretch_hits *h = &s->hits;
	const struct skipidx_source *from =
	    s->who == NULL ? NULL : &s->index.sources[s->who->source];

	if (h->n == h->cap) {
		h->cap = h->cap == 0 ? 16 : 2 * h->cap;
		if ((h->v = realloc(h->v, h->cap * sizeof(*h->v))) == NULL)
			abort();
	}
	h->v[h->n++] = (struct hunt_hit){ .origin = s->want.origin,
		.index = r->index,
		.rx = r->rx,
		.kind = r->kind,
		.indicator = indicator,
		.source = from == NULL ? ""
				       : arena_str(s->arena,
					     span_str(from->label)),
		.flags = from == NULL ? 0 : from->flags,
		.line = line };
}

static void
take_hits(struct stretch *s, const struct stretch_record *r, size_t n)
{
	struct span line = r->body;
	size_t i;

	s->n_hits += n;
	if (s->hits.n >= s->want.o->limit)
		return;
	s->who = NULL;
	if (r->kind == RECORD_RECEIVED)
		s->who = skipidx_who(&s->index, r->stream, r->index);
	if (s->who != NULL)
		line = record_message(r->body,
		    (enum record_framing)s->who->framing);
	line = shown(s, line);
	for (i = 0; i < n && s->hits.n < s->want.o->limit; i++)
		add_hit(s, r, matcher_look_found(s->search, i), line);
}

void
stretch_look(struct stretch *s, const struct stretch_record *r,
    struct keyset *keys)
{
	const struct hunt_options *o = s->want.o;
	bool inside = r->rx >= o->from && r->rx < o->until;
	size_t n;

	if (r->rx > s->newest)
		s->newest = r->rx;
	if (!inside && keys == NULL)
		return;
	n = matcher_look_at(s->search, r->kind, r->body, keys);
	if (!inside)
		return;
	if (r->kind == RECORD_RECEIVED) {
		s->records++;
		s->body_bytes += r->body.len;
		if (s->low == 0 || r->rx < s->low)
			s->low = r->rx;
		if (r->rx > s->high)
			s->high = r->rx;
	} else
		s->system++;
	if (n > 0)
		take_hits(s, r, n);
}

void
stretch_run(void *arg)
{
	struct stretch *s = arg;
	int rc = 0;

	s->wrong = false;
	stretch_begin(s);
	if (s->want.folder != NULL && !s->want.newest && !s->want.o->full)
		rc = stretch_skip(s);
	if (rc != 0)
		return;
	stretch_begin(s);
	(void)stretch_read(s); /* s->why */
}

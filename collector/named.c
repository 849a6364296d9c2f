/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/named.h"

#include <string.h>

#include "common/cursor.h"
#include "common/io.h"
#include "common/sha256.h"
#include "evidence/record.h"

#define FILE_MAX (4u << 20) /* bytes that are hashed */
#define KEY "uses"

/* A pair of words. */
static bool
pair_next(struct cursor *c, struct span *pair)
{
	const uint8_t *from = c->p, *end = from + cursor_left(c), *sp;

	if (from == end)
		return false;
	sp = memchr(from, ' ', (size_t)(end - from));
	if (sp != NULL)
		sp = memchr(sp + 1, ' ', (size_t)(end - sp - 1));
	if (sp == NULL)
		sp = end;
	*pair = span_make(from, (size_t)(sp - from));
	c->p = sp < end ? sp + 1 : end;
	return true;
}

static bool
has_pair(struct span words, struct span pair)
{
	struct cursor c = cursor_make(words);
	struct span p;

	while (pair_next(&c, &p))
		if (span_eq(p, pair))
			return true;
	return false;
}

/* One file; text: what is in it, or NULL to read it. */
static void
add(const char *path, const struct span *text, struct buf *out)
{
	uint8_t hash[SHA256_LEN];
	struct buf pair, read;
	bool there = true;

	if (*path == '\0')
		return;
	buf_init(&pair);
	buf_init(&read);
	record_word(&pair, KEY, span_str(path));
	if (text != NULL)
		sha256(*text, hash);
	else if (io_read_file(path, FILE_MAX, &read) == 0)
		sha256(buf_view(&read), hash);
	else
		there = false;
	if (there)
		record_word_hash(&pair, KEY "-sha256", hash);
	else
		record_word(&pair, KEY "-sha256", SPAN("-"));
	if (!has_pair(buf_view(out), buf_view(&pair))) {
		if (out->len > 0)
			buf_byte(out, ' ');
		buf_span(out, buf_view(&pair));
	}
	buf_fini(&read);
	buf_fini(&pair);
}

void
named_words(const struct site *site, const struct receiver_listener *loaded,
    struct buf *out)
{
	const struct site_forward *f;
	size_t i;
	int file;

	for (i = 0; i < site->n_listeners; i++)
		for (file = 0; file < TLS_FILE_COUNT; file++)
			if (file != TLS_FILE_KEY &&
			    site_is_tls(site->listeners[i].transport))
				add(tlsctx_path(&site->listeners[i],
					(enum tls_file)file),
				    loaded == NULL
					? NULL
					: &loaded[i].files.pem[file],
				    out);
	for (f = site->forwards; f < site->forwards + site->n_forwards; f++) {
		add(f->ca, NULL, out);
		add(f->certificate, NULL, out);
	}
}

void
named_changed(struct span before, struct span now, struct buf *out)
{
	struct cursor c = cursor_make(now);
	struct span pair;

	while (pair_next(&c, &pair)) {
		if (has_pair(before, pair))
			continue;
		if (out->len > 0)
			buf_byte(out, ' ');
		buf_span(out, pair);
	}
}

void
named_paths(struct span words, struct buf *out)
{
	struct cursor c = cursor_make(words);
	struct span pair;
	size_t at = strlen(KEY "=");

	while (pair_next(&c, &pair)) {
		if (out->len > 0)
			buf_str(out, ", ");
		while (at < pair.len && pair.p[at] != ' ')
			buf_byte(out, pair.p[at++]);
		at = strlen(KEY "=");
	}
}

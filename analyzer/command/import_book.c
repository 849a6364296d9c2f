/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/import_book.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "common/arena.h"
#include "common/hex.h"
#include "common/log.h"
#include "evidence/evchain.h"
#include "site/succession.h"

struct book {
	struct book_entry *entry;
	size_t n, cap;
};

void
book_add(struct book *b, const struct book_entry *e)
{
	if (b->n == b->cap) {
		b->cap = b->cap == 0 ? 64 : 2 * b->cap;
		b->entry = realloc(b->entry, b->cap * sizeof(*b->entry));
		if (b->entry == NULL)
			log_fatal("%s",
			    tr("out of memory", "メモリが足りません"));
	}
	b->entry[b->n++] = *e;
}

const struct book_entry *
book_find(const struct book *b, const uint8_t hash[SHA256_LEN], const char *log)
{
	const struct book_entry *e, *begun = NULL;
	size_t i;

	for (i = b->n; i > 0; i--) {
		e = &b->entry[i - 1];
		if (memcmp(e->hash, hash, SHA256_LEN) != 0 ||
		    strcmp(e->log, log) != 0)
			continue;
		if (e->done)
			return e;
		if (begun == NULL)
			begun = e;
	}
	return begun;
}

static void
take(struct book *b, const struct record *r, struct buf *value)
{
	struct book_entry e = { .at = (int64_t)r->rx };

	value->len = 0;
	if (record_word_get(r->body, "action", value) != 1)
		return;
	e.done = span_is(buf_view(value), "imported");
	if (!e.done && !span_is(buf_view(value), "import"))
		return;
	value->len = 0;
	if (record_word_get(r->body, "sha256", value) != 1 ||
	    hex_parse(buf_view(value), e.hash, SHA256_LEN) != 0)
		return;
	value->len = 0;
	if (record_word_get(r->body, "log", value) != 1 ||
	    value->len > SITE_NAME_MAX)
		return;
	memcpy(e.log, value->p, value->len);
	if (record_word_get_u64(r->body, "stream", &e.stream) != 1 ||
	    record_word_get_u64(r->body, "first", &e.first) != 1 ||
	    record_word_get_u64(r->body, "last", &e.last) != 1)
		e.first = e.last = 0;
	book_add(b, &e);
}

static void
on_missing(void *cookie, const char *dir, const char *what)
{
	(void)cookie;
	command_missing(dir, what);
}

struct book *
book_open(const struct site *site, struct buf *why)
{
	const struct site_log *log = site_log(site, "casebook");
	struct arena *arena = arena_new();
	struct evchain_options opt = { .dirs =
					   succession_dirs(site, log, arena),
		.n = log->generation,
		.missing = on_missing };
	struct book *b = calloc(1, sizeof(*b));
	struct evread_record rec;
	struct evchain *chain;
	struct buf value;
	int rc = -1;

	if (b == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	buf_init(&value);
	if (evchain_open(&chain, &opt, why) == 0) {
		while ((rc = evchain_next(chain, &rec, why)) == 1)
			if (rec.r.kind == RECORD_OPERATOR)
				take(b, &rec.r, &value);
		evchain_close(chain);
	}
	buf_fini(&value);
	arena_free(arena);
	if (rc == 0)
		return b;
	book_close(b);
	return NULL;
}

void
book_close(struct book *b)
{
	if (b == NULL)
		return;
	free(b->entry);
	free(b);
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "evidence/evlog_priv.h"
#include "evidence/leaf.h"

/*
 * Chunks, and the pure work on them.  Chunks of one member must be deflated
 * one after another by the same state: who leaves a member open hands it on in
 * the place of its number, and the worker of the next chunk waits for it.  It
 * does not wait in vain, because the pool starts jobs in their order.  (One
 * place would not do: a later member may be begun and left open before that.)
 */
_Static_assert(EVLOG_HANDED > EVLOG_CHUNKS, "a place for each chunk");
#define CHUNK_KEEP (1u << 20) /* a buffer that grew beyond is given back */

struct evlog_chunk *
evlog_chunk_get(struct evlog *log)
{
	struct evlog_chunk *c;

	pthread_mutex_lock(&log->lock);
	if ((c = log->free_chunks) != NULL) {
		log->free_chunks = c->next;
		log->n_free--;
	}
	pthread_mutex_unlock(&log->lock);
	if (c == NULL)
		return NULL;
	c->next = NULL;
	c->bytes.len = c->out.len = c->n = 0;
	c->low = UINT64_MAX;
	c->high = 0;
	c->begins = c->ends = c->opens = c->closes = false;
	c->seals = c->final = c->renews = c->has_point = false;
	c->point.len = 0;
	c->step = 0;
	return c;
}

static void
chunk_detach(struct evlog_chunk *c)
{
	struct evlog_attached *a;

	while ((a = c->files) != NULL) {
		c->files = a->next;
		buf_fini(&a->bytes);
		free(a);
	}
}

void
evlog_chunk_attach(struct evlog_chunk *c, const struct evlog_file *f)
{
	struct evlog_attached *a = calloc(1, sizeof(*a)), **last;

	if (a == NULL || strlen(f->name) >= sizeof(a->name))
		abort();
	strcpy(a->name, f->name);
	buf_init(&a->bytes);
	buf_span(&a->bytes, f->bytes);
	/* Of two versions of one file the later must stay. */
	for (last = &c->files; *last != NULL; last = &(*last)->next)
		continue;
	*last = a;
}

void
evlog_chunk_put(struct evlog_chunk *c)
{
	struct evlog *log = c->log;

	chunk_detach(c);
	if (c->bytes.cap > CHUNK_KEEP)
		buf_fini(&c->bytes);
	if (c->out.cap > CHUNK_KEEP)
		buf_fini(&c->out);
	pthread_mutex_lock(&log->lock);
	c->next = log->free_chunks;
	log->free_chunks = c;
	log->n_free++;
	pthread_mutex_unlock(&log->lock);
}

void
evlog_chunk_free(struct evlog_chunk *c)
{
	chunk_detach(c);
	buf_fini(&c->bytes);
	buf_fini(&c->out);
	buf_fini(&c->point);
	tile_run_fini(&c->run);
	free(c->leaf);
}

void
evlog_chunk_append(struct evlog_chunk *c, const struct record *r, uint64_t seq)
{
	struct evlog_leaf *l;

	if (c->n == c->cap) {
		c->cap = c->cap == 0 ? 256 : 2 * c->cap;
		c->leaf = realloc(c->leaf, c->cap * sizeof(*c->leaf));
		if (c->leaf == NULL)
			abort();
	}
	record_print(r, &c->bytes);
	l = &c->leaf[c->n++];
	*l = (struct evlog_leaf){ .rx = r->rx,
		.seq = seq,
		.stream = r->stream,
		.pos = (uint32_t)(c->bytes.len - 1 - r->body.len),
		.len = (uint32_t)r->body.len,
		.port = r->port,
		.kind = (uint8_t)r->kind,
		.flags = (uint8_t)r->flags };
	if (r->rx < c->low)
		c->low = r->rx;
	if (r->rx > c->high)
		c->high = r->rx;
}

static void
chunk_batch(const struct evlog_chunk *c, size_t from, size_t n,
    struct leaf *batch)
{
	const struct evlog_leaf *l;
	size_t i;

	for (i = 0; i < n; i++) {
		l = &c->leaf[from + i];
		batch[i].index = c->first + from + i;
		batch[i].seq = l->seq;
		batch[i].r = (struct record){ .kind = (enum record_kind)l->kind,
			.rx = l->rx,
			.stream = l->stream,
			.flags = l->flags,
			.port = l->port,
			.body = span_make(c->bytes.p + l->pos, l->len) };
	}
}

/* The hash of the segment's stream, as the chunk before left it.  false: it
 * has not yet, and the caller did not want to wait. */
static bool
stream_take(struct evlog_chunk *c, bool wait)
{
	struct evlog *log = c->log;
	bool there;

	pthread_mutex_lock(&log->lock);
	while (!(there = log->hashed == c->serial - 1) && wait)
		pthread_cond_wait(&log->handed, &log->lock);
	if (there)
		c->stream = log->stream;
	pthread_mutex_unlock(&log->lock);
	if (there && c->opens)
		sha256x2_init(&c->stream);
	return there;
}

static void
stream_give(struct evlog_chunk *c)
{
	struct evlog *log = c->log;

	pthread_mutex_lock(&log->lock);
	log->hashed = c->serial;
	log->stream = c->stream;
	pthread_cond_broadcast(&log->handed);
	pthread_mutex_unlock(&log->lock);
}

/* Where the i-th record ends, its LF included. */
static size_t
chunk_end(const struct evlog_chunk *c, size_t i)
{
	return (size_t)c->leaf[i].pos + c->leaf[i].len + 1;
}

/*
 * By batches that begin where leaf_append() is fastest; with_stream: beside
 * the bodies of each its bytes, which are as long, go into the hash of the
 * stream.
 */
static void
chunk_leaves(struct evlog_chunk *c, bool with_stream)
{
	uint8_t hash[LEAF_BATCH][SHA256_LEN];
	struct leaf batch[LEAF_BATCH];
	struct sha256x2_job stream;
	size_t i, n, at = 0, end;

	tile_run_reset(&c->run, c->first);
	for (i = 0; i < c->n; i += n) {
		n = LEAF_BATCH - (c->first + i) % LEAF_BATCH;
		if (n > c->n - i)
			n = c->n - i;
		chunk_batch(c, i, n, batch);
		end = chunk_end(c, i + n - 1);
		if (with_stream)
			sha256x2_add(&stream,
			    span_make(c->bytes.p + at, end - at), &c->stream);
		at = end;
		leaf_hash(batch, n, c->salt, with_stream ? &stream : NULL,
		    hash);
		tile_run_append(&c->run, hash, n);
	}
	tile_run_range(&c->run, &c->range);
}

/*
 * The stream's hash is one chain through all chunks: whoever has it lets the
 * next worker wait.  Beside the leaves it costs least; where it is not yet
 * there the leaves come first and the chain is held for its own time alone.
 */
static void
chunk_hash(struct evlog_chunk *c)
{
	struct sha256x2_job stream;
	bool there = stream_take(c, false);

	chunk_leaves(c, there);
	if (!there) {
		(void)stream_take(c, true);
		sha256x2_add(&stream, buf_view(&c->bytes), &c->stream);
		sha256x2_run(&stream, 1);
	}
	stream_give(c);
}

/* A member's state: a fresh one, or that which the chunk before left. */
static struct member *
member_take(struct evlog_chunk *c)
{
	struct evlog *log = c->log;
	struct member *m = NULL, **slot;

	pthread_mutex_lock(&log->lock);
	if (!c->begins) {
		slot = &log->handed_on[(c->serial - 1) % EVLOG_HANDED];
		while ((m = *slot) == NULL)
			pthread_cond_wait(&log->handed, &log->lock);
		*slot = NULL;
	} else if (log->n_free_members > 0)
		m = log->free_member[--log->n_free_members];
	pthread_mutex_unlock(&log->lock);
	return m != NULL ? m : member_new();
}

static void
member_give(struct evlog_chunk *c, struct member *m)
{
	struct evlog *log = c->log;

	pthread_mutex_lock(&log->lock);
	if (c->ends)
		log->free_member[log->n_free_members++] = m;
	else {
		log->handed_on[c->serial % EVLOG_HANDED] = m;
		pthread_cond_broadcast(&log->handed);
	}
	pthread_mutex_unlock(&log->lock);
}

static void
chunk_deflate(struct evlog_chunk *c)
{
	struct member *m = member_take(c);

	if (c->begins)
		member_begin(m, c->level, &c->out);
	member_write(m, buf_view(&c->bytes), c->ends, &c->out);
	member_give(c, m);
}

void
evlog_chunk_run(void *chunk)
{
	struct evlog_chunk *c = chunk;

	if (c->n == 0) /* it only asks for the next epoch */
		return;
	chunk_hash(c);
	chunk_deflate(c);
}

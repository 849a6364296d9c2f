/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "evidence/prove_priv.h"

/*
 * Where the hash of a subtree comes from: a tile; the manifest of its segment;
 * the leaves of a block; its two halves.  One that cannot be had from the files
 * is so made from smaller ones, in their order, and the log read once.
 */
#define MANIFEST_PATH 32

static void
manifest_path(uint64_t number, char out[MANIFEST_PATH])
{
	snprintf(out, MANIFEST_PATH, "manifests/%012" PRIu64, number);
}

static bool
manifest_there(const struct prove *p, uint64_t number)
{
	char path[MANIFEST_PATH];

	manifest_path(number, path);
	return faccessat(p->dir.fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* They are numbered without gaps. */
static void
manifest_count(struct prove *p)
{
	uint64_t lo = 0, hi = 1, mid;

	if (p->counted)
		return;
	p->counted = true;
	for (; manifest_there(p, hi - 1) && hi < LOGDIR_MAX; hi *= 2)
		lo = hi;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (manifest_there(p, mid))
			lo = mid + 1;
		else
			hi = mid;
	}
	p->manifests = lo;
}

static int
manifest_read(struct prove *p, uint64_t number)
{
	char path[MANIFEST_PATH];
	struct buf text;
	unsigned line;
	int rc = -1;

	manifest_path(number, path);
	buf_init(&text);
	p->have_manifest =
	    logdir_read(&p->dir, path, MANIFEST_MAX, &text) == 0 &&
	    manifest_parse(buf_view(&text), &p->manifest, &line) == 0 &&
	    strcmp(p->manifest.origin, p->origin) == 0;
	if (p->have_manifest)
		rc = 0;
	buf_fini(&text);
	return rc;
}

int
prove_manifest(struct prove *p, uint64_t index)
{
	uint64_t lo = 0, hi, mid;

	if (p->have_manifest && p->manifest.first <= index &&
	    index <= p->manifest.last)
		return 1;
	manifest_count(p);
	for (hi = p->manifests; lo < hi;) {
		mid = lo + (hi - lo) / 2;
		if (manifest_read(p, mid) != 0)
			return 0;
		if (index < p->manifest.first)
			hi = mid;
		else if (index > p->manifest.last)
			lo = mid + 1;
		else
			return 1;
	}
	return 0;
}

static bool
hash_is_zero(const uint8_t hash[SHA256_LEN])
{
	static const uint8_t zero[SHA256_LEN];

	return memcmp(hash, zero, SHA256_LEN) == 0;
}

/* Zeros are a place that was never written. */
static bool
node_of_tile(struct prove *p, unsigned level, uint64_t index, uint8_t *hash)
{
	uint8_t h[TILE_WIDTH / 2][SHA256_LEN];
	unsigned shift = level % TILE_HEIGHT;
	uint64_t first = index << shift;
	size_t n = (size_t)1 << shift;
	char path[sizeof("tile/") + TILE_PATH], tile[TILE_PATH];
	ssize_t got;
	int fd;

	tile_path(level / TILE_HEIGHT, first / TILE_WIDTH, tile);
	snprintf(path, sizeof(path), "tile/%s", tile);
	if ((fd = logdir_open_file(&p->dir, path)) < 0)
		return false;
	got = pread(fd, h, n * SHA256_LEN,
	    (off_t)(first % TILE_WIDTH * SHA256_LEN));
	close(fd);
	if (got != (ssize_t)(n * SHA256_LEN))
		return false;
	for (size_t i = 0; i < n; i++)
		if (hash_is_zero(h[i]))
			return false;
	tile_fold(h, n);
	memcpy(hash, h[0], SHA256_LEN);
	return true;
}

static bool
segment_there(const struct prove *p)
{
	return faccessat(p->dir.fd, p->manifest.file, F_OK,
		   AT_SYMLINK_NOFOLLOW) == 0;
}

static bool
node_of_manifest(struct prove *p, unsigned level, uint64_t index, uint8_t *hash)
{
	const struct tree_range *r = &p->manifest.range;
	unsigned l;
	uint64_t i;

	if (prove_manifest(p, index << level) <= 0 ||
	    (p->trust == PROVE_NOTHING && segment_there(p)))
		return false;
	for (size_t k = 0; k < r->n; k++) {
		tree_range_node(r->begin, r->end, k, &l, &i);
		if (l == level && i == index) {
			memcpy(hash, r->hash[k], SHA256_LEN);
			return true;
		}
	}
	return false;
}

struct block_load {
	struct prove *p;
	struct prove_block *b;
};

void
prove_fill(struct prove_record *out, const struct leaf *l,
    const uint8_t salt[RECORD_SALT])
{
	uint8_t commit[SHA256_LEN];

	out->r = l->r;
	out->index = l->index;
	out->seq = l->seq;
	record_nonce(salt, l->index, out->nonce);
	record_commit(out->nonce, l->r.body, commit);
	out->line_len =
	    record_leaf_line(&l->r, l->index, l->seq, commit, out->line);
	tree_leaf_hash(span_make(out->line, out->line_len), out->leaf);
}

/* The record that is asked for, as its block goes by. */
static void
block_catch(struct prove *p, const struct leaf *l, const uint8_t *salt)
{
	p->caught = true;
	prove_fill(&p->record, l, salt);
	p->body.len = 0;
	buf_span(&p->body, l->r.body);
	p->record.r.body = buf_view(&p->body);
}

static void
block_each(void *cookie, const struct leaf *l, size_t n,
    const uint8_t salt[RECORD_SALT])
{
	struct block_load *load = cookie;
	uint8_t hash[LEAF_BATCH][SHA256_LEN];
	uint64_t at;

	leaf_hash(l, n, salt, NULL, hash);
	for (size_t i = 0; i < n; i++) {
		at = l[i].index % TILE_WIDTH;
		load->b->have[at] = true;
		memcpy(load->b->leaf[at], hash[i], SHA256_LEN);
		if (load->p->wanted && l[i].index == load->p->record.index)
			block_catch(load->p, &l[i], salt);
	}
}

static struct prove_block *
block_load(struct prove *p, uint64_t n, struct buf *why)
{
	uint64_t begin = n * TILE_WIDTH, end = begin + TILE_WIDTH;
	struct block_load load = { .p = p };
	struct prove_block *b;

	for (b = p->block; b < p->block + PROVE_BLOCKS; b++)
		if (b->used && b->n == n)
			return b;
	b = &p->block[p->next_block++ % PROVE_BLOCKS];
	b->used = false;
	b->n = n;
	memset(b->have, 0, sizeof(b->have));
	load.b = b;
	if (prove_read(p, begin, end < p->size ? end : p->size, block_each,
		&load, why) < 0)
		return NULL;
	b->used = true;
	return b;
}

/* 1, 0 if leaves are missing, -1. */
static int
node_of_block(struct prove *p, unsigned level, uint64_t index, uint8_t *hash,
    struct buf *why)
{
	uint64_t first = index << level;
	size_t n = (size_t)1 << level, at = first % TILE_WIDTH;
	struct prove_block *b = block_load(p, first / TILE_WIDTH, why);
	uint8_t h[TILE_WIDTH][SHA256_LEN];

	if (b == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!b->have[at + i])
			return 0;
	memcpy(h, b->leaf[at], n * SHA256_LEN);
	tile_fold(h, n);
	memcpy(hash, h[0], SHA256_LEN);
	return 1;
}

void
prove_say_gone(uint64_t index, struct buf *why)
{
	buf_printf(why,
	    tr("record %" PRIu64 " is not here: its segment was deleted or "
	       "is missing",
		"記録%" PRIu64
		"はありません。セグメントが削除されたか、欠けています"),
	    index);
}

/* A node with leaves of a block: also from the manifests around it. */
static int
node_low(struct prove *p, unsigned level, uint64_t index, uint8_t *hash,
    struct buf *why)
{
	int rc = node_of_block(p, level, index, hash, why);

	if (rc != 0)
		return rc;
	if (node_of_manifest(p, level, index, hash))
		return 1;
	if (level > 0)
		return 0;
	p->gone = true;
	prove_say_gone(index, why);
	return -1;
}

int
prove_node(struct prove *p, unsigned level, uint64_t index,
    uint8_t hash[SHA256_LEN], struct buf *why)
{
	uint8_t half[2][SHA256_LEN];
	int rc;

	if (level >= TILE_HEIGHT &&
	    ((p->trust != PROVE_NOTHING &&
		 node_of_tile(p, level, index, hash)) ||
		node_of_manifest(p, level, index, hash)))
		return 0;
	if (level <= TILE_HEIGHT &&
	    (rc = node_low(p, level, index, hash, why)) != 0)
		return rc > 0 ? 0 : -1;
	if (prove_node(p, level - 1, 2 * index, half[0], why) != 0 ||
	    prove_node(p, level - 1, 2 * index + 1, half[1], why) != 0)
		return -1;
	tree_node_hash(half[0], half[1], hash);
	return 0;
}

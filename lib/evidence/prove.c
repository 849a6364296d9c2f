/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/prove.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "evidence/checkpoint.h"
#include "evidence/prove_priv.h"

/*
 * The proofs of RFC 9162, 2.1.3 and 2.1.4, from the top of the tree down.  Each
 * is made and compared with the root in a function of its own, which is tried
 * again with less trust in the caches until the root is right.
 */
static int
prove_fail(struct buf *why, const char *file, const char *what)
{
	buf_printf(why, "%s: %s", file, what);
	return -1;
}

static int
prove_load(struct prove *p, struct buf *why)
{
	struct note *n = malloc(sizeof(*n));
	struct checkpoint c;
	enum note_err e;

	if (n == NULL)
		abort();
	if (logdir_read(&p->dir, "checkpoint", NOTE_MAX, &p->note) != 0) {
		free(n);
		return prove_fail(why, "checkpoint", strerror(errno));
	}
	if ((e = checkpoint_read(buf_view(&p->note), n, &c)) != NOTE_OK) {
		free(n);
		return prove_fail(why, "checkpoint", note_strerror(e));
	}
	memcpy(p->origin, c.origin.p, c.origin.len);
	p->origin[c.origin.len] = '\0';
	p->size = c.size;
	memcpy(p->root, c.root, SHA256_LEN);
	free(n);
	return 0;
}

int
prove_open(struct prove **out, const char *log_dir, const char *cache_dir,
    struct buf *why)
{
	struct prove *p = calloc(1, sizeof(*p));

	if (p == NULL)
		abort();
	buf_init(&p->note);
	buf_init(&p->body);
	prove_in_init(&p->in);
	if (cache_dir != NULL && (p->cache = strdup(cache_dir)) == NULL)
		abort();
	if (logdir_open(&p->dir, log_dir) != 0) {
		prove_fail(why, log_dir, strerror(errno));
		prove_close(p);
		return -1;
	}
	if (prove_load(p, why) != 0) {
		prove_close(p);
		return -1;
	}
	*out = p;
	return 0;
}

void
prove_close(struct prove *p)
{
	if (p == NULL)
		return;
	prove_in_fini(&p->in);
	logdir_close(&p->dir);
	buf_fini(&p->note);
	buf_fini(&p->body);
	free(p->cache);
	free(p);
}

uint64_t
prove_size(const struct prove *p)
{
	return p->size;
}

const uint8_t *
prove_root(const struct prove *p)
{
	return p->root;
}

struct span
prove_origin(const struct prove *p)
{
	return span_str(p->origin);
}

struct span
prove_note(const struct prove *p)
{
	return buf_view(&p->note);
}

static void
prove_forget(struct prove *p)
{
	prove_in_close(&p->in);
	for (size_t i = 0; i < PROVE_BLOCKS; i++)
		p->block[i].used = false;
	p->caught = p->proved = false;
}

void
prove_say_wrong(struct buf *why)
{
	buf_str(why,
	    tr("the records are not those that the checkpoint covers; run "
	       "'konseki verify'",
		"記録がチェックポイントの範囲と一致しません。"
		"「konseki verify」で確認してください"));
}

int
prove_attempt(struct prove *p, const struct prove_attempt *a, struct buf *why)
{
	size_t len = why->len;
	int rc = -1;

	for (unsigned trust = PROVE_CACHES; trust <= PROVE_NOTHING; trust++) {
		if (trust > PROVE_CACHES)
			prove_forget(p);
		p->trust = (enum prove_trust)trust;
		p->gone = false;
		why->len = len;
		if ((rc = a->run(p, a->what, why)) == 0)
			return 0;
		/* What cannot be read without an index is not there. */
		if (rc < 0 && (p->gone || trust > PROVE_CACHES))
			return -1;
	}
	if (rc > 0)
		prove_say_wrong(why);
	return -1;
}

int
prove_nodes(struct prove *p, uint64_t begin, uint64_t end,
    struct tree_range *out, struct buf *why)
{
	size_t n = tree_range_count(begin, end);
	unsigned level;
	uint64_t index;

	tree_range_init(out, begin);
	for (size_t i = 0; i < n; i++) {
		tree_range_node(begin, end, i, &level, &index);
		if (prove_node(p, level, index, out->hash[i], why) != 0)
			return -1;
	}
	out->end = end;
	out->n = n;
	return 0;
}

/* Root over [begin, end), where it is a subtree of a tree of RFC 9162. */
static int
prove_subtree(struct prove *p, uint64_t begin, uint64_t end,
    uint8_t hash[SHA256_LEN], struct buf *why)
{
	struct tree_range r;

	if (prove_nodes(p, begin, end, &r, why) != 0)
		return -1;
	memcpy(hash, r.hash[r.n - 1], SHA256_LEN);
	for (size_t i = r.n - 1; i > 0; i--)
		tree_node_hash(r.hash[i - 1], hash, hash);
	return 0;
}

/* The largest power of two below n; n is at least 2. */
static uint64_t
prove_split(uint64_t n)
{
	return UINT64_C(1) << (63 - (unsigned)__builtin_clzll(n - 1));
}

static void
prove_reverse(struct proof *proof)
{
	uint8_t swap[SHA256_LEN];

	for (size_t i = 0, j = proof->n; i + 1 < j; i++) {
		j--;
		memcpy(swap, proof->hash[i], SHA256_LEN);
		memcpy(proof->hash[i], proof->hash[j], SHA256_LEN);
		memcpy(proof->hash[j], swap, SHA256_LEN);
	}
}

/*
 * Walk down to the place `at`, taking the sibling at each step.  stop: where
 * the subtree that is left ends there, the walk is at its end (consistency).
 */
static int
prove_path(struct prove *p, uint64_t at, uint64_t stop, struct proof *out,
    struct buf *why)
{
	uint64_t begin = 0, end = p->size, middle;
	bool right;

	while (end - begin > 1 && end != stop) {
		middle = begin + prove_split(end - begin);
		right = at >= middle;
		if (prove_subtree(p, right ? begin : middle,
			right ? middle : end, out->hash[out->n++], why) != 0)
			return -1;
		if (right)
			begin = middle;
		else
			end = middle;
	}
	/* The old tree itself is not in the proof; another subtree is. */
	if (stop != 0 && begin != 0 &&
	    prove_subtree(p, begin, end, out->hash[out->n++], why) != 0)
		return -1;
	prove_reverse(out);
	return 0;
}

static int
run_inclusion(struct prove *p, void *what, struct buf *why)
{
	uint64_t index = *(const uint64_t *)what;
	uint8_t leaf[SHA256_LEN];
	struct proof *proof = &p->proof;

	proof->index = index;
	proof->size = p->size;
	proof->n = 0;
	if (prove_node(p, 0, index, leaf, why) != 0 ||
	    prove_path(p, index, 0, proof, why) != 0)
		return -1;
	if (tree_verify_inclusion(index, p->size, leaf,
		(const uint8_t(*)[SHA256_LEN])proof->hash, proof->n,
		p->root) != 0)
		return 1;
	p->proved = true;
	return 0;
}

/* The record is caught while its block is read, if need be once more. */
static int
run_record(struct prove *p, void *what, struct buf *why)
{
	uint64_t index = *(const uint64_t *)what;
	int rc;

	for (size_t i = 0; i < PROVE_BLOCKS; i++)
		if (p->block[i].n == index / TILE_WIDTH)
			p->block[i].used = false;
	p->record.index = index;
	p->caught = false;
	p->wanted = true;
	rc = run_inclusion(p, what, why);
	p->wanted = false;
	return rc != 0 ? rc : !p->caught;
}

static int
prove_index_ok(const struct prove *p, uint64_t index, struct buf *why)
{
	if (index < p->size)
		return 0;
	buf_printf(why,
	    tr("there is no record %" PRIu64 "; the checkpoint covers %" PRIu64,
		"記録%" PRIu64 "はありません。チェックポイントの範囲は%" PRIu64
		"件です"),
	    index, p->size);
	return -1;
}

int
prove_inclusion(struct prove *p, uint64_t index, struct proof *out,
    struct buf *why)
{
	struct prove_attempt a = { run_inclusion, &index };

	if (prove_index_ok(p, index, why) != 0)
		return -1;
	if (!p->proved || p->proof.index != index) {
		p->proved = false;
		if (prove_attempt(p, &a, why) != 0)
			return -1;
	}
	*out = p->proof;
	return 0;
}

int
prove_record(struct prove *p, uint64_t index, struct prove_record *out,
    struct buf *why)
{
	struct prove_attempt a = { run_record, &index };

	if (prove_index_ok(p, index, why) != 0)
		return -1;
	p->proved = false;
	if (prove_attempt(p, &a, why) != 0)
		return -1;
	*out = p->record;
	return 0;
}

static int
run_consistency(struct prove *p, void *what, struct buf *why)
{
	struct proof *out = what;
	uint8_t old_root[SHA256_LEN];

	out->n = 0;
	if (prove_subtree(p, 0, out->index, old_root, why) != 0 ||
	    prove_path(p, out->index - 1, out->index, out, why) != 0)
		return -1;
	return tree_verify_consistency(out->index, p->size,
		   (const uint8_t(*)[SHA256_LEN])out->hash, out->n, old_root,
		   p->root) != 0;
}

/* Whether the log has that size behind it, and more than nothing. */
static int
prove_size_ok(const struct prove *p, uint64_t size, struct buf *why)
{
	if (size <= p->size)
		return 0;
	buf_printf(why,
	    tr("the checkpoint covers %" PRIu64 " records, not %" PRIu64,
		"チェックポイントの範囲は%" PRIu64 "件で、%" PRIu64
		"件には足りません"),
	    p->size, size);
	return -1;
}

int
prove_consistency(struct prove *p, uint64_t old_size, struct proof *out,
    struct buf *why)
{
	struct prove_attempt a = { run_consistency, out };

	if (old_size == 0) {
		buf_str(why,
		    tr("every log extends an empty one: there is nothing to "
		       "prove",
			"空のログからの一貫性には証明するものがありません"));
		return -1;
	}
	if (prove_size_ok(p, old_size, why) != 0)
		return -1;
	out->index = old_size;
	out->size = p->size;
	return prove_attempt(p, &a, why);
}

struct cover { /* three ranges that are the whole log */
	uint64_t begin, end;
	struct tree_range *before, *inside, *after;
};

static int
run_cover(struct prove *p, void *what, struct buf *why)
{
	struct cover *c = what;
	struct tree_range all;
	uint8_t root[SHA256_LEN];

	if (prove_nodes(p, 0, c->begin, c->before, why) != 0 ||
	    prove_nodes(p, c->begin, c->end, c->inside, why) != 0 ||
	    prove_nodes(p, c->end, p->size, c->after, why) != 0)
		return -1;
	all = *c->before;
	if (tree_range_merge(&all, c->inside) != 0 ||
	    tree_range_merge(&all, c->after) != 0 ||
	    tree_range_root(&all, root) != 0)
		abort(); /* a wrong proof is worse than none */
	return memcmp(root, p->root, SHA256_LEN) != 0;
}

int
prove_bounds(const struct prove *p, uint64_t begin, uint64_t end,
    struct buf *why)
{
	if (prove_size_ok(p, end, why) != 0)
		return -1;
	if (begin <= end)
		return 0;
	buf_str(why,
	    tr("the range ends before it begins",
		"範囲の終わりが始まりより前にあります"));
	return -1;
}

static int
prove_three(struct prove *p, struct cover *c, struct buf *why)
{
	struct prove_attempt a = { run_cover, c };

	if (prove_bounds(p, c->begin, c->end, why) != 0)
		return -1;
	return prove_attempt(p, &a, why);
}

int
prove_cover(struct prove *p, uint64_t begin, uint64_t end,
    struct tree_range *out, struct buf *why)
{
	struct tree_range before, after;
	struct cover c = { begin, end, &before, out, &after };

	return prove_three(p, &c, why);
}

int
prove_range(struct prove *p, uint64_t begin, uint64_t end,
    struct tree_range *before, struct tree_range *after, struct buf *why)
{
	struct tree_range inside;
	struct cover c = { begin, end, before, &inside, after };

	return prove_three(p, &c, why);
}

int
prove_root_at(struct prove *p, uint64_t size, uint8_t root[SHA256_LEN],
    struct buf *why)
{
	struct tree_range r;

	if (prove_cover(p, 0, size, &r, why) != 0)
		return -1;
	return tree_range_root(&r, root);
}

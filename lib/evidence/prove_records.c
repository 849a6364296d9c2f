/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "evidence/prove_priv.h"

/*
 * Many records in a row are read twice: once to prove them all, once to give
 * them out.
 */
struct records {
	uint64_t begin, end;
	struct tree_range inside; /* from the leaves */
	prove_take *take;
	void *cookie;
	int rc;
};

static void
records_hash(void *cookie, const struct leaf *l, size_t n,
    const uint8_t salt[RECORD_SALT])
{
	struct records *r = cookie;
	uint8_t hash[LEAF_BATCH][SHA256_LEN];

	/* Behind a hole the ranges are not adjacent; it is noticed then. */
	if (r->rc != 0 || l[0].index != r->inside.end) {
		r->rc = -1;
		return;
	}
	leaf_hash(l, n, salt, NULL, hash);
	leaf_append(&r->inside, hash, n);
}

static int
run_records(struct prove *p, void *what, struct buf *why)
{
	struct records *r = what;
	struct tree_range all, after;
	uint8_t root[SHA256_LEN];

	r->rc = 0;
	tree_range_init(&r->inside, r->begin);
	if (prove_read(p, r->begin, r->end, records_hash, r, why) < 0)
		return -1;
	if (r->inside.end != r->end) {
		p->gone = true;
		prove_say_gone(r->inside.end, why);
		return -1;
	}
	if (prove_nodes(p, 0, r->begin, &all, why) != 0 ||
	    prove_nodes(p, r->end, p->size, &after, why) != 0)
		return -1;
	if (tree_range_merge(&all, &r->inside) != 0 ||
	    tree_range_merge(&all, &after) != 0 ||
	    tree_range_root(&all, root) != 0)
		abort(); /* a wrong proof is worse than none */
	return memcmp(root, p->root, SHA256_LEN) != 0;
}

static void
records_give(void *cookie, const struct leaf *l, size_t n,
    const uint8_t salt[RECORD_SALT])
{
	struct records *r = cookie;
	struct prove_record rec;

	for (size_t i = 0; i < n && r->rc == 0; i++) {
		prove_fill(&rec, &l[i], salt);
		tree_range_append(&r->inside, rec.leaf);
		r->rc = r->take(r->cookie, &rec);
	}
}

int
prove_records(struct prove *p, uint64_t begin, uint64_t end, prove_take *take,
    void *cookie, struct buf *why)
{
	struct records r = { .begin = begin,
		.end = end,
		.take = take,
		.cookie = cookie };
	struct prove_attempt a = { run_records, &r };
	struct tree_range proved;

	if (prove_bounds(p, begin, end, why) != 0 ||
	    prove_attempt(p, &a, why) != 0)
		return -1;
	proved = r.inside;
	tree_range_init(&r.inside, begin);
	if (prove_read(p, begin, end, records_give, &r, why) < 0)
		return -1;
	if (r.rc != 0)
		return r.rc;
	if (r.inside.end == end && r.inside.n == proved.n &&
	    memcmp(r.inside.hash, proved.hash, proved.n * SHA256_LEN) == 0)
		return 0;
	buf_str(why,
	    tr("the log changed while it was read",
		"読み取り中にログが変化しました"));
	return -1;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/excerpt.h"

#include <string.h>

#include "common/log.h"
#include "evidence/evread.h"

#define BLOCK 262144u /* bytes gathered before they are written */

/*
 * One way through the tree from the left: all grows leaf by leaf or, where a
 * closed segment shows nothing, by its manifest; hidden is what was not written
 * yet.
 */
struct excerpt {
	struct pack *pack;
	const struct shelf *shelf;
	const struct pick *pick;
	size_t next; /* item of the pick */
	struct tree_range all, hidden;
	struct evread *in;
	struct buf out;
	struct buf *why;
};

static int
flush(struct excerpt *x, size_t keep)
{
	int rc = 0;

	if (x->out.len > keep) {
		rc = pack_write(x->pack, buf_view(&x->out), x->why);
		x->out.len = 0;
	}
	return rc;
}

/* What was hidden up to here, and everything with it. */
static int
reveal(struct excerpt *x)
{
	if (tree_range_merge(&x->all, &x->hidden) != 0)
		return -1;
	package_print_hidden(&x->hidden, &x->out);
	tree_range_init(&x->hidden, x->all.end);
	return 0;
}

static void
item_print(struct excerpt *x, const struct evread_record *r, bool withheld)
{
	uint8_t nonce[16], commit[SHA256_LEN];
	char line[RECORD_LEAF_MAX];
	size_t len;

	record_nonce(r->salt, r->index, nonce);
	record_commit(nonce, r->r.body, commit);
	len = record_leaf_line(&r->r, r->index, r->seq, commit, line);
	if (withheld)
		package_print_withheld(span_make(line, len), &x->out);
	else
		package_print_shown(nonce, span_make(line, len), r->r.body,
		    &x->out);
}

static int
record_take(struct excerpt *x, const struct evread_record *r)
{
	const struct pick_item *item = &x->pick->v[x->next];

	if (x->next == x->pick->n || item->index != r->index) {
		tree_range_append(&x->hidden, r->leaf);
		return 0;
	}
	x->next++;
	if (reveal(x) != 0)
		return -1;
	item_print(x, r, item->withheld);
	tree_range_append(&x->all, r->leaf);
	tree_range_init(&x->hidden, x->all.end);
	return flush(x, BLOCK);
}

static int
walk(struct excerpt *x, uint64_t first, uint64_t end)
{
	struct evread_record r;
	int rc;

	if (first >= end)
		return 0;
	if (evread_seek(x->in, first, x->why) != 0)
		return -1;
	while ((rc = evread_next(x->in, &r, x->why)) == 1) {
		if (record_take(x, &r) != 0)
			return -1;
		log_progress(tr("writing the excerpt", "抜粋の作成"), r.index,
		    end);
		if (r.index + 1 == end)
			return 0;
	}
	return rc == 0 ? -1 : rc;
}

/* A closed segment of which nothing is shown: its manifest says its hashes. */
static int
pass(struct excerpt *x, size_t i)
{
	struct manifest m;
	struct buf bytes;
	int rc;

	buf_init(&bytes);
	rc = shelf_manifest(x->shelf, i, &bytes, &m, x->why);
	buf_fini(&bytes);
	return rc == 0 ? tree_range_merge(&x->hidden, &m.range) : -1;
}

static int
write_all(struct excerpt *x)
{
	const struct shelf *s = x->shelf;
	const struct pick *p = x->pick;
	uint8_t root[SHA256_LEN];
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (x->next < p->n && p->v[x->next].index <= s->v[i].last) {
			if (walk(x, s->v[i].first, s->v[i].last + 1) != 0)
				return -1;
		} else if (pass(x, i) != 0)
			return -1;
	}
	if (walk(x, shelf_closed(s), s->checkpoint.size) != 0 ||
	    reveal(x) != 0 || flush(x, 0) != 0)
		return -1;
	if (x->all.end == s->checkpoint.size &&
	    tree_range_root(&x->all, root) == 0 &&
	    memcmp(root, s->checkpoint.root, SHA256_LEN) == 0)
		return 0;
	buf_printf(x->why, "%s",
	    tr("the records do not lead to the checkpoint: run 'konseki "
	       "verify'",
		"記録がチェックポイントと一致しません。konseki verify "
		"を実行してください"));
	return -1;
}

int
excerpt_put(struct pack *pack, const struct package *p, const struct shelf *s,
    const struct pick *pick, struct buf *why)
{
	struct excerpt x = { .pack = pack,
		.shelf = s,
		.pick = pick,
		.why = why };
	int rc;

	if (evread_open(&x.in, s->path, true, why) != 0)
		return -1;
	buf_init(&x.out);
	tree_range_init(&x.all, 0);
	tree_range_init(&x.hidden, 0);
	package_print_excerpt(p, &x.out);
	rc = pack_begin(pack, "data/excerpt/excerpt.evx", why);
	if (rc == 0)
		rc = write_all(&x);
	log_progress_end();
	if (rc == 0)
		rc = pack_end(pack, why);
	if (rc != 0 && why->len == 0)
		buf_printf(why, "%s: %s", s->path,
		    tr("the log's segments do not fit together",
			"ログのセグメントがつながりません"));
	evread_close(x.in);
	buf_fini(&x.out);
	return rc;
}

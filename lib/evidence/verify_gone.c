/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "evidence/verify_priv.h"

/*
 * Segments whose manifest is here and whose file is not.  The manifest's
 * subtrees stand for the records, so all roots behind it are proved as before;
 * what only the records could say (streams, clocks, the seals and epochs among
 * them) is taken up again behind it.  Whether the file may be gone, a later x1
 * says, which is a leaf of the same tree.
 */
static int
by_first(const void *a, const void *b)
{
	const struct logdir_segment *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

static bool
gone_has_file(const struct verify *v, uint64_t first)
{
	struct logdir_segment key = { .first = first };

	return v->dir.n_segments > 0 &&
	    bsearch(&key, v->dir.segments, v->dir.n_segments, sizeof(key),
		by_first) != NULL;
}

/* The segments of manifests beside those of files, in their places. */
void
verify_gone_list(struct verify *v)
{
	struct logdir_segment *all;
	struct manifest m;
	uint8_t hash[SHA256_LEN];
	size_t i, n = v->dir.n_segments;

	all = calloc(n + v->dir.n_manifests + 1, sizeof(*all));
	if (all == NULL)
		abort();
	if (n > 0)
		memcpy(all, v->dir.segments, n * sizeof(*all));
	for (i = 0; i < v->dir.n_manifests; i++)
		if (logdir_manifest(&v->dir, v->dir.manifests[i], &m, hash) ==
			0 &&
		    !gone_has_file(v, m.first))
			all[n++] = (struct logdir_segment){ m.first,
				(int32_t)manifest_file_day(m.file), true };
	qsort(all, n, sizeof(*all), by_first);
	free(v->dir.segments);
	v->dir.segments = all;
	v->dir.n_segments = n;
}

static int
gone_wrong(struct verify *v, const struct manifest *m)
{
	char path[48];

	snprintf(path, sizeof(path), "manifests/%012zu", v->segment);
	return verify_fail(v, VERIFY_TAMPERED,
	    (struct verify_place){ path, UINT64_MAX, m->first, m->time_low },
	    tr("not the manifest of this segment, whose file is missing",
		"本体のないこのセグメントのマニフェストではありません"));
}

/* The seal that closed it asked for a checkpoint of this size. */
static void
gone_restart(struct verify *v, const struct manifest *m)
{
	uint8_t root[SHA256_LEN];

	tree_range_root(&v->tree, root);
	v->n_seals = 0;
	verify_seal_push(v, m->last + 1, root);
	v->unknown = (struct verify_unknown){ true, true, true };
	v->have_seal = false;
	v->booted = true;
	v->final_size = 0;
	v->final_kept = false;
	v->stepped = 1;
	verify_times_init(&v->times);
	evstreams_clear(v->streams);
	while (v->kept < v->dir.n_checkpoints &&
	    v->dir.checkpoints[v->kept] <= m->last + 1)
		v->kept++; /* their seals are among what is gone */
	if (v->have_anchor && v->anchor.size > m->first &&
	    v->anchor.size <= m->last)
		v->have_anchor = false;
}

static void
gone_remember(struct verify *v, const struct manifest *m,
    const uint8_t hash[SHA256_LEN])
{
	struct verify_gone *g;

	g = realloc(v->gone, (v->n_gone + 1) * sizeof(*g));
	if (g == NULL)
		abort();
	v->gone = g;
	g += v->n_gone++;
	*g = (struct verify_gone){ .segment = m->segment,
		.first = m->first,
		.last = m->last,
		.time = m->time_low };
	memcpy(g->manifest, hash, SHA256_LEN);
}

int
verify_gone_take(struct verify *v)
{
	uint8_t hash[SHA256_LEN];
	struct manifest m;

	if (logdir_manifest(&v->dir, v->segment, &m, hash) != 0)
		memset(&m, 0, sizeof(m));
	if (strcmp(m.origin, v->log.key.name) != 0 || m.first != v->index ||
	    strcmp(m.file, v->path) != 0 ||
	    memcmp(m.previous, v->manifest, SHA256_LEN) != 0 ||
	    tree_range_merge(&v->tree, &m.range) != 0)
		return gone_wrong(v, &m);
	gone_remember(v, &m, hash);
	gone_restart(v, &m);
	memcpy(v->manifest, hash, SHA256_LEN);
	v->index = m.last + 1;
	v->last_time = m.time_high;
	tree_range_init(&v->own, v->index);
	v->linked = v->entered = false;
	v->segment++;
	return 0;
}

void
verify_gone_explain(struct verify *v, const struct verify_event *e)
{
	const struct verify_deletion *x = &e->u.deletion;
	struct verify_gone *g;

	for (g = v->gone; g < v->gone + v->n_gone; g++)
		if (g->segment == x->segment && g->first == x->first &&
		    g->last == x->last &&
		    memcmp(g->manifest, x->manifest, SHA256_LEN) == 0) {
			g->deleted = x->since != 0 ? x->since : e->time;
			memcpy(g->basis, x->basis, sizeof(g->basis));
		}
}

/* Ranges that one basis and one day cover are one to people. */
static void
gone_report(struct verify_result *r, const struct verify_gone *g)
{
	struct verify_deleted *d = r->deleted + r->n_deleted - 1;
	uint64_t day = UINT64_C(86400000000);

	r->deleted_records += g->last - g->first + 1;
	if (r->n_deleted > 0 && d->last + 1 == g->first &&
	    d->time / day == g->deleted / day &&
	    strcmp(d->basis, g->basis) == 0) {
		d->last = g->last;
		return;
	}
	if (r->n_deleted == VERIFY_DELETED_MAX)
		return;
	d = &r->deleted[r->n_deleted++];
	d->first = g->first;
	d->last = g->last;
	d->time = g->deleted;
	memcpy(d->basis, g->basis, sizeof(d->basis));
}

void
verify_gone_end(struct verify *v)
{
	const struct verify_gone *g;

	v->tail = false;
	for (g = v->gone; g < v->gone + v->n_gone; g++) {
		if (g->deleted == 0) {
			verify_fail(v, VERIFY_TAMPERED,
			    (struct verify_place){ "segments", UINT64_MAX,
				g->first, g->time },
			    tr("the segment that begins with record %" PRIu64
			       " is missing, and no sealed record says that "
			       "it was deleted",
				"記録%" PRIu64
				"から始まるセグメントがなく、削除の記録もあり"
				"ません"),
			    g->first);
			return;
		}
		gone_report(v->result, g);
	}
}

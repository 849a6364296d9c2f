/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/hunt_plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "evidence/checkpoint.h"
#include "evidence/logfile.h"

struct planner {
	struct hunt_plan *p;
	const struct hunt_options *o;
	struct hunt *h;
	struct buf text;
	size_t cap;
	bool all; /* later segments than those of the interval, too: they say
		   * what was deleted */
};

static int
fail(struct hunt *h, const char *file, const char *what)
{
	if (h->why.len == 0)
		buf_printf(&h->why, "%s: %s", file, what);
	return -1;
}

static const char *
broken(void)
{
	return tr("not what was signed: run 'konseki verify'",
	    "署名された内容と一致しません。konseki verifyを実行してください");
}

/* ---- the checkpoint ---- */

static int
load_pin(struct planner *pl, struct logfile *l)
{
	unsigned line;

	pl->text.len = 0;
	if (logdir_read(&pl->p->dir, "log", LOGFILE_MAX, &pl->text) != 0)
		return fail(pl->h, "log", strerror(errno));
	if (logfile_parse(buf_view(&pl->text), l, &line) != 0)
		return fail(pl->h, "log",
		    tr("not the description of a log",
			"ログの記述ファイルではありません"));
	snprintf(pl->h->origin, sizeof(pl->h->origin), "%s", l->key.name);
	return 0;
}

static int
load_checkpoint(struct planner *pl)
{
	struct logfile l;
	struct checkpoint c;
	enum note_err e;
	struct note *n;

	if (load_pin(pl, &l) != 0)
		return -1;
	pl->text.len = 0;
	if (logdir_read(&pl->p->dir, "checkpoint", NOTE_MAX, &pl->text) != 0)
		return fail(pl->h, "checkpoint",
		    errno == ENOENT ? tr("nothing of this log is sealed",
					  "封印された記録がありません")
				    : strerror(errno));
	if ((n = malloc(sizeof(*n))) == NULL)
		abort();
	e = checkpoint_read(buf_view(&pl->text), n, &c);
	if (e == NOTE_OK)
		e = checkpoint_verify_log(n, &l.key);
	free(n);
	if (e != NOTE_OK)
		return fail(pl->h, "checkpoint", note_strerror(e));
	pl->h->size = c.size;
	memcpy(pl->h->root, c.root, SHA256_LEN);
	return c.size > 0
	    ? 0
	    : fail(pl->h, "checkpoint",
		  tr("nothing of this log is sealed",
		      "封印された記録がありません"));
}

/* ---- segments ---- */

/* Where the file that begins with that record lies, or false. */
static bool
file_of(const struct hunt_plan *p, uint64_t first, char path[MANIFEST_FILE])
{
	size_t lo = 0, hi = p->dir.n_segments, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (p->dir.segments[mid].first < first)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == p->dir.n_segments || p->dir.segments[lo].first != first ||
	    p->dir.segments[lo].gone)
		return false;
	logdir_path(&p->dir, lo, path);
	return true;
}

static struct hunt_segment *
add(struct planner *pl, const char *path)
{
	struct hunt_plan *p = pl->p;

	if (p->n == pl->cap) {
		pl->cap = pl->cap == 0 ? 64 : 2 * pl->cap;
		p->v = realloc(p->v, pl->cap * sizeof(*p->v));
		if (p->v == NULL)
			abort();
	}
	memset(&p->v[p->n], 0, sizeof(p->v[0]));
	memcpy(p->v[p->n].path, path, MANIFEST_FILE);
	return &p->v[p->n++];
}

static void
add_missing(struct planner *pl, const struct manifest *m)
{
	struct hunt *h = pl->h;

	pl->all = true;
	if (h->n_missing == h->cap_missing) {
		h->cap_missing = h->cap_missing == 0 ? 64 : 2 * h->cap_missing;
		h->missing = realloc(h->missing,
		    h->cap_missing * sizeof(*h->missing));
		if (h->missing == NULL)
			abort();
	}
	h->missing[h->n_missing++] = (struct hunt_missing){
		.segment = m->segment,
		.first = m->first,
		.last = m->last,
		.low = m->time_low,
		.high = m->time_high,
	};
}

static bool
is_wanted(const struct planner *pl, const struct manifest *m, bool newest)
{
	return newest || pl->all ||
	    (m->time_high >= pl->o->from && m->time_low < pl->o->until);
}

static void
add_closed(struct planner *pl, const struct manifest *m, bool newest)
{
	char path[MANIFEST_FILE];
	struct hunt_segment *s;

	if (!is_wanted(pl, m, newest)) {
		pl->h->outside++;
		return;
	}
	if (!file_of(pl->p, m->first, path)) {
		if (!pl->o->part)
			add_missing(pl, m);
		return;
	}
	s = add(pl, path);
	s->number = m->segment;
	s->first = m->first;
	s->last = m->last;
	s->closed = true;
	s->newest = newest;
	s->gzip_len = m->gzip_len;
	s->members = m->members;
	memcpy(s->gzip_hash, m->gzip_hash, SHA256_LEN);
}

static int
add_open(struct planner *pl, uint64_t number, uint64_t first)
{
	char path[MANIFEST_FILE];
	struct hunt_segment *s;

	if (!file_of(pl->p, first, path))
		return pl->o->part ? 0
				   : fail(pl->h, "segments",
					 tr("the newest segment is not here",
					     "最新のセグメントがありません"));
	s = add(pl, path);
	s->number = number;
	s->first = first;
	s->last = pl->h->size - 1;
	s->newest = true;
	return 0;
}

/* A manifest must follow from the one before it. */
static int
follows(struct planner *pl, const struct manifest *m, const struct manifest *b,
    const uint8_t hash[SHA256_LEN])
{
	static const uint8_t none[SHA256_LEN];
	uint64_t first = b != NULL ? b->last + 1 : 0;

	if (strcmp(m->origin, pl->h->origin) == 0 && m->first == first &&
	    memcmp(m->previous, b != NULL ? hash : none, SHA256_LEN) == 0)
		return 0;
	return fail(pl->h, "manifests", broken());
}

/*
 * The newest segment is the open one; if none is, the last closed one, whose
 * manifest no record names yet.
 */
static int
load_segments(struct planner *pl)
{
	uint8_t hash[2][SHA256_LEN] = { { 0 } };
	struct manifest *m = calloc(2, sizeof(*m));
	struct manifest *b = NULL;
	uint64_t n;
	int rc = 0;

	if (m == NULL)
		abort();
	tree_range_init(&pl->p->range, 0);
	for (n = 0; rc == 0; n++) {
		uint8_t *own = hash[n % 2], *before = hash[(n + 1) % 2];

		if (logdir_manifest(&pl->p->dir, n, &m[n % 2], own) != 0) {
			if (errno != ENOENT)
				rc = fail(pl->h, "manifests", strerror(errno));
			break;
		}
		if (m[n % 2].last >= pl->h->size)
			break;
		rc = follows(pl, &m[n % 2], b, before);
		if (b != NULL)
			add_closed(pl, b, false);
		memcpy(pl->p->last, before, SHA256_LEN);
		if (rc == 0 && b != NULL &&
		    tree_range_merge(&pl->p->range, &b->range) != 0)
			rc = fail(pl->h, "manifests", broken());
		b = &m[n % 2];
	}
	if (rc == 0 && b != NULL && b->last + 1 == pl->h->size)
		add_closed(pl, b, true);
	else if (rc == 0) {
		if (b != NULL) {
			add_closed(pl, b, false);
			memcpy(pl->p->last, hash[(n + 1) % 2], SHA256_LEN);
			if (tree_range_merge(&pl->p->range, &b->range) != 0)
				rc = fail(pl->h, "manifests", broken());
		}
		if (rc == 0)
			rc = add_open(pl, n, b != NULL ? b->last + 1 : 0);
	}
	free(m);
	return rc;
}

int
hunt_plan_make(struct hunt_plan *p, const struct hunt_options *o,
    struct hunt *h)
{
	struct planner pl = { .p = p, .o = o, .h = h };
	const char *name;
	int rc = -1;

	memset(p, 0, sizeof(*p));
	p->dir.fd = -1;
	buf_init(&pl.text);
	if (logdir_open(&p->dir, o->dir) != 0)
		(void)fail(h, o->dir, strerror(errno));
	else if (load_checkpoint(&pl) == 0) {
		if (logdir_list_segments(&p->dir, NULL, NULL, &name) != 0)
			(void)fail(h, name, strerror(errno));
		else
			rc = load_segments(&pl);
	}
	buf_fini(&pl.text);
	return rc;
}

void
hunt_plan_fini(struct hunt_plan *p)
{
	if (p->dir.fd >= 0)
		logdir_close(&p->dir);
	free(p->v);
}

void
hunt_plan_prove(struct hunt_plan *p, const struct tree_range *newest,
    const uint8_t previous[SHA256_LEN], struct hunt *h)
{
	static const uint8_t none[SHA256_LEN];
	uint8_t root[SHA256_LEN];

	if (newest->begin != p->range.end ||
	    tree_range_merge(&p->range, newest) != 0 ||
	    p->range.end != h->size ||
	    tree_range_root(&p->range, root) != 0 ||
	    memcmp(root, h->root, SHA256_LEN) != 0 ||
	    memcmp(previous, newest->begin == 0 ? none : p->last,
		SHA256_LEN) != 0)
		(void)fail(h, "segments", broken());
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/holdings.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/checkpoint.h"
#include "evidence/logdir.h"
#include "evidence/retention_file.h"
#include "evidence/segread.h"

/* A sentence behind those that are there. */
static int
fail(struct buf *why, const char *name, const char *what)
{
	buf_printf(why, "%s%s: %s", why->len > 0 ? "; " : "", name, what);
	return -1;
}

static bool
has_file(const struct logdir *d, const char *file)
{
	struct stat st;

	return fstatat(d->fd, file, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static enum holding_state
state_of(struct holdings *h, struct holding *v, bool there, uint64_t now)
{
	v->hold = retention_held(h->retention, v->first, v->last);
	if (!there)
		return retention_deletion(h->retention, v->segment) != NULL
		    ? HOLDING_DELETED
		    : HOLDING_MISSING;
	if (v->hold != NULL)
		return HOLDING_HELD;
	return v->end <= (int64_t)now ? HOLDING_PAST : HOLDING_KEPT;
}

static void
add(struct holdings *h, const struct manifest *m, const struct site *site)
{
	struct holding *v;

	if ((h->n & (h->n - 1)) == 0) { /* room for twice as many */
		v = realloc(h->v, (h->n == 0 ? 1 : 2 * h->n) * sizeof(*v));
		if (v == NULL)
			log_fatal("%s",
			    tr("out of memory", "メモリが足りません"));
		h->v = v;
	}
	h->v[h->n++] = (struct holding){ .segment = m->segment,
		.first = m->first,
		.last = m->last,
		.time_low = m->time_low,
		.time_high = m->time_high,
		.disk = m->gzip_len,
		.stream = m->stream_len,
		.end = period_end(&h->log->retention, (int64_t)m->time_high,
		    site->zone) };
}

static int
load_closed(struct holdings *h, const struct logdir *d, const struct site *site,
    uint64_t now, struct buf *why)
{
	uint8_t hash[SHA256_LEN];
	struct manifest m;
	char name[32];
	uint64_t n;

	for (n = 0; logdir_manifest(d, n, &m, hash) == 0; n++) {
		add(h, &m, site);
		h->v[n].state = state_of(h, &h->v[n], has_file(d, m.file), now);
	}
	if (errno == ENOENT)
		return 0;
	snprintf(name, sizeof(name), "manifests/%012" PRIu64, n);
	return fail(why, name, strerror(errno));
}

/* Read the open segment up to where it is whole now. */
static void
read_open(struct holdings *h, int fd)
{
	struct holdings_open *o = &h->open;
	struct segread *in = segread_new();
	struct segment_record rec;
	struct segment_place p;
	uint64_t wall;

	segread_begin(in, fd, UINT64_MAX, NULL);
	while (segread_next(in, &rec) == SEGMENT_RECORD) {
		if (o->records++ == 0 || rec.r.rx < o->time_low)
			o->time_low = rec.r.rx;
		if (rec.r.rx > o->time_high)
			o->time_high = rec.r.rx;
		if (rec.index >= h->size)
			o->unsealed++;
		else if (rec.r.kind == RECORD_SEAL &&
		    record_word_get_u64(rec.r.body, "wall", &wall) == 1)
			h->sealed = wall;
	}
	segment_place(segread_segment(in), &p);
	o->stream = p.stream;
	segread_free(in);
}

static int
load_open(struct holdings *h, struct logdir *d, struct buf *why)
{
	char path[MANIFEST_FILE];
	const char *name;
	struct stat st;
	int fd;

	if (h->n > 0)
		h->sealed = h->v[h->n - 1].time_high;
	if (logdir_list_segments(d, NULL, NULL, &name) != 0)
		return fail(why, name, strerror(errno));
	if (d->n_segments == 0 ||
	    (h->n > 0 &&
		d->segments[d->n_segments - 1].first <= h->v[h->n - 1].last))
		return 0;
	logdir_path(d, d->n_segments - 1, path);
	if ((fd = logdir_open_file(d, path)) < 0 || fstat(fd, &st) != 0)
		return fail(why, path, strerror(errno));
	h->open.there = true;
	h->open.first = d->segments[d->n_segments - 1].first;
	h->open.disk = (uint64_t)st.st_size;
	read_open(h, fd);
	return 0;
}

/* The newest checkpoint's size; none yet is 0. */
static int
load_size(struct holdings *h, const struct logdir *d, struct buf *why)
{
	struct checkpoint c;
	struct buf text;
	struct note n;
	int rc = -1;

	buf_init(&text);
	if (logdir_read(d, "checkpoint", NOTE_MAX, &text) != 0) {
		rc = errno == ENOENT ? 0
				     : fail(why, "checkpoint", strerror(errno));
	} else if (checkpoint_read(buf_view(&text), &n, &c) == NOTE_OK) {
		h->size = c.size;
		rc = 0;
	} else
		rc = fail(why, "checkpoint",
		    tr("not as specified", "形式どおりではありません"));
	buf_fini(&text);
	return rc;
}

/* What can be read of a log that broke is of use, too. */
static int
load_files(struct holdings *h, struct logdir *d, const struct site *site,
    uint64_t now, struct buf *why)
{
	int rc = 0;

	if (load_size(h, d, why) != 0)
		rc = -1;
	if (load_closed(h, d, site, now, why) != 0)
		rc = -1;
	if (load_open(h, d, why) != 0)
		rc = -1;
	return rc;
}

static void
widen(uint64_t *low, uint64_t *high, uint64_t a, uint64_t b)
{
	if (*high == 0 || a < *low)
		*low = a;
	if (b > *high)
		*high = b;
}

/* What a log says of retention, with the writer's cache. */
static int
load_retention(struct retention *r, const struct site *site,
    const struct site_log *log, struct buf *why)
{
	struct retention_file file = { .dir = log->dir };
	char name[SITE_NAME_MAX + 16], cache[4096];

	snprintf(name, sizeof(name), "retention-%s", log->label);
	if (io_join(cache, sizeof(cache), site->cache, name) == 0)
		file.cache = cache;
	return retention_load(r, &file, why);
}

/* What became of a log that is over.  Return whether it was removed. */
static bool
was_removed(struct holdings *h, const struct site *site, struct buf *why)
{
	h->force = retention_new();
	(void)load_retention(h->force, site, site_log(site, h->log->name),
	    why); /* it is in *why */
	h->removal = retention_removal(h->force, h->log->origin);
	return h->removal != NULL;
}

/* Holds that it ended with and that the log in force released. */
static void
take_releases(struct holdings *h)
{
	const struct retention_hold *now;
	size_t i;

	for (i = 0; i < h->retention->n_holds; i++) {
		now =
		    retention_any_hold(h->force, h->retention->holds[i].act.id);
		if (now != NULL && now->released)
			h->retention->holds[i].released = true;
	}
}

int
holdings_load(struct holdings *h, const struct site *site,
    const struct site_log *log, uint64_t now, struct buf *why)
{
	struct logdir d;
	int rc;

	*h = (struct holdings){ .log = log, .retention = retention_new() };
	if (log->over && was_removed(h, site, why))
		return 0;
	if (logdir_open(&d, log->dir) != 0)
		return fail(why, log->dir, strerror(errno));
	/* A log with a segment missing is shown; the sentence says so. */
	rc = load_retention(h->retention, site, log, why);
	if (log->over)
		take_releases(h);
	if (load_files(h, &d, site, now, why) != 0)
		rc = -1;
	logdir_close(&d);
	return rc;
}

void
holdings_free(struct holdings *h)
{
	free(h->v);
	retention_free(h->retention);
	retention_free(h->force);
}

int
holdings_span(const struct site *site, const struct site_log *log,
    uint64_t *low, uint64_t *high, struct buf *why)
{
	struct holdings h = { .log = log, .retention = retention_new() };
	const struct holding *v;
	struct logdir d;
	int rc;

	*low = *high = 0;
	if (log->over && was_removed(&h, site, why))
		rc = 0;
	else if (logdir_open(&d, log->dir) != 0)
		rc = fail(why, log->dir, strerror(errno));
	else {
		rc = load_files(&h, &d, site, 0, why);
		logdir_close(&d);
	}
	/* Without its retention, what was deleted is missing. */
	for (v = h.v; v < h.v + h.n; v++)
		if (v->state != HOLDING_MISSING)
			widen(low, high, v->time_low, v->time_high);
	if (h.open.records > 0)
		widen(low, high, h.open.time_low, h.open.time_high);
	holdings_free(&h);
	return rc;
}

void
holdings_grow(const struct holdings *h, struct growth *g)
{
	const struct holdings_open *o = &h->open;
	size_t i;

	for (i = 0; i < h->n; i++)
		growth_add(g, h->v[i].disk, h->v[i].time_low,
		    h->v[i].time_high);
	if (o->records > 0)
		growth_add(g, o->disk, o->time_low, o->time_high);
}

bool
holdings_alike(const struct holding *a, const struct holding *b)
{
	return a->state == b->state && a->hold == b->hold;
}

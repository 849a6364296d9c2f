/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/forward_log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/log.h"
#include "evidence/logdir.h"
#include "site/succession.h"

/*
 * The reader keeps what it learnt of every stream; after so many it is opened
 * anew, so that a log of short connections cannot fill the memory.
 */
#define STREAMS_MAX 65536u
#define ERRORS_MAX 3u /* then what cannot be read is passed over */

void
forward_log_init(struct forward_log *l, const struct site *site,
    const struct site_log *conf)
{
	*l =
	    (struct forward_log){ .site = site, .conf = conf, .generation = 1 };
}

void
forward_log_close(struct forward_log *l)
{
	evread_close(l->in);
	l->in = NULL;
	l->held = false;
	l->streams = 0;
}

void
forward_log_seek(struct forward_log *l, unsigned generation, uint64_t index)
{
	forward_log_close(l);
	l->generation = generation;
	l->next = index;
}

static int
reader_open(const struct forward_log *l, unsigned generation,
    struct evread **in, struct buf *why)
{
	struct generation g;

	if (generation == l->conf->generation)
		return evread_open(in, l->conf->dir, false, why);
	if (generation_find(l->site, l->conf, generation, &g) == 0)
		return evread_open(in, g.dir, false, why);
	buf_printf(why, "%s.%u?", l->conf->name, generation);
	return -1;
}

int
forward_log_look(const struct forward_log *l, unsigned generation, char *origin,
    uint64_t *size, struct buf *why)
{
	struct generation g;
	struct evread *in;

	if (reader_open(l, generation, &in, why) != 0) {
		if (generation >= l->conf->generation ||
		    generation_find(l->site, l->conf, generation, &g) != 0)
			return -1;
		snprintf(origin, CHECKPOINT_ORIGIN_MAX + 1, "%.*s",
		    (int)CHECKPOINT_ORIGIN_MAX, g.origin);
		*size = 0;
		return 0;
	}
	snprintf(origin, CHECKPOINT_ORIGIN_MAX + 1, "%s", evread_origin(in));
	*size = evread_size(in);
	evread_close(in);
	return 0;
}

static int
start(struct forward_log *l, struct buf *why)
{
	if (reader_open(l, l->generation, &l->in, why) != 0)
		return -1;
	return evread_seek(l->in, l->next, why);
}

static enum forward_step
hole(struct forward_log *l, uint64_t behind)
{
	l->first = l->next;
	l->last = behind == UINT64_MAX ? behind : behind - 1;
	l->next = behind;
	return FORWARD_HOLE;
}

/* Where the segment after the one with the record l->next begins; 0: none. */
static uint64_t
next_segment(const struct forward_log *l)
{
	struct generation g;
	struct logdir d;
	const char *name;
	uint64_t found = 0;
	size_t i;

	if (generation_find(l->site, l->conf, l->generation, &g) != 0 ||
	    logdir_open(&d, g.dir) != 0)
		return 0;
	if (logdir_list_segments(&d, NULL, NULL, &name) == 0)
		for (i = 0; i < d.n_segments && found == 0; i++)
			if (d.segments[i].first > l->next)
				found = d.segments[i].first;
	logdir_close(&d);
	return found;
}

/* Whether the generation was removed whole. */
static bool
is_gone(const struct forward_log *l)
{
	struct generation g;
	struct stat st;

	return l->generation < l->conf->generation &&
	    generation_find(l->site, l->conf, l->generation, &g) == 0 &&
	    stat(g.dir, &st) != 0 && errno == ENOENT;
}

/*
 * Where it cannot be read: again, later.  What stays unreadable is passed over,
 * up to the next segment; a generation that is over, to its end.
 */
static enum forward_step
fault(struct forward_log *l)
{
	uint64_t size = l->in == NULL ? 0 : evread_size(l->in);
	bool over = l->generation < l->conf->generation;
	uint64_t behind;

	forward_log_close(l);
	if (++l->errors < ERRORS_MAX && !is_gone(l))
		return FORWARD_ERROR;
	behind = next_segment(l);
	if (behind == 0 && over) /* size 0: the log itself is gone */
		behind = size > l->next ? size : UINT64_MAX;
	if (behind == 0)
		return FORWARD_ERROR;
	l->errors = 0;
	return hole(l, behind);
}

/* All that there is was given out. */
static enum forward_step
at_end(struct forward_log *l)
{
	if (l->next < evread_size(l->in)) /* its end is not there */
		return hole(l, evread_size(l->in));
	if (l->generation == l->conf->generation)
		return FORWARD_NOTHING;
	forward_log_close(l);
	return FORWARD_OVER;
}

static enum forward_step
give(struct forward_log *l)
{
	l->held = false;
	l->errors = 0;
	if (l->rec.r.kind == RECORD_STREAM)
		l->streams++;
	l->next = l->rec.index + 1;
	return FORWARD_RECORD;
}

enum forward_step
forward_log_next(struct forward_log *l, struct buf *why)
{
	int rc;

	if (l->held)
		return give(l);
	if (l->next == UINT64_MAX)
		return FORWARD_OVER;
	if (l->in != NULL && l->streams >= STREAMS_MAX)
		forward_log_close(l);
	if (l->in == NULL && start(l, why) != 0)
		return fault(l);
	rc = evread_next(l->in, &l->rec, why);
	if (rc < 0 && l->next >= evread_size(l->in)) {
		/* A segment is gone: it was told of as a hole. */
		if (!l->said)
			log_warn("%s: %s", l->conf->name, buf_cstr(why));
		l->said = true;
		rc = 0;
	}
	if (rc < 0)
		return fault(l);
	if (rc == 0)
		return at_end(l);
	if (l->rec.index == l->next)
		return give(l);
	l->held = true;
	return hole(l, l->rec.index);
}

bool
forward_log_refresh(struct forward_log *l)
{
	struct buf why;
	int rc = 1;

	if (l->in == NULL)
		return true;
	buf_init(&why);
	if ((rc = evread_refresh(l->in, &why)) < 0) /* said when it is read */
		forward_log_close(l);
	buf_fini(&why);
	return rc != 0;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/shelf.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/log.h"

static int
fail(struct buf *why, const char *name, const char *what)
{
	buf_printf(why, "%s: %s", name, what);
	return -1;
}

static int
description_load(struct shelf *s, struct buf *why)
{
	char what[80];
	unsigned line = 1;

	if (logdir_read(&s->dir, "log", LOGFILE_MAX, &s->log_bytes) != 0)
		return fail(why, "log", strerror(errno));
	if (logfile_parse(buf_view(&s->log_bytes), &s->log, &line) == 0)
		return 0;
	snprintf(what, sizeof(what),
	    tr("line %u is not as it must be", "%u行目が正しくありません"),
	    line);
	return fail(why, "log", what);
}

static int
checkpoint_load(struct shelf *s, struct span given, struct buf *why)
{
	struct note note;
	enum note_err e;

	buf_span(&s->note, given);
	if (given.len == 0 &&
	    logdir_read(&s->dir, "checkpoint", NOTE_MAX, &s->note) != 0)
		return fail(why, "checkpoint", strerror(errno));
	e = checkpoint_read(buf_view(&s->note), &note, &s->checkpoint);
	if (e == NOTE_OK)
		e = checkpoint_verify_log(&note, &s->log.key);
	return e == NOTE_OK ? 0 : fail(why, "checkpoint", note_strerror(e));
}

int
shelf_manifest(const struct shelf *s, size_t i, struct buf *bytes,
    struct manifest *m, struct buf *why)
{
	char name[32], what[80];
	unsigned line = 1;

	snprintf(name, sizeof(name), "manifests/%012zu", i);
	if (logdir_read(&s->dir, name, MANIFEST_MAX, bytes) != 0)
		return fail(why, name, strerror(errno));
	if (manifest_parse(buf_view(bytes), m, &line) == 0 && m->segment == i &&
	    strcmp(m->origin, s->log.key.name) == 0)
		return 0;
	snprintf(what, sizeof(what),
	    tr("line %u is not as it must be", "%u行目が正しくありません"),
	    line);
	return fail(why, name, what);
}

/* Closed segments below the checkpoint; what was closed since is not ours. */
static int
items_load(struct shelf *s, struct buf *why)
{
	struct manifest m;
	struct shelf_item *item;
	struct buf bytes;
	struct stat st;
	size_t i;
	int rc = 0;

	s->v = calloc(s->dir.n_manifests + 1, sizeof(*s->v));
	if (s->v == NULL)
		return fail(why, s->path, strerror(errno));
	buf_init(&bytes);
	for (i = 0; i < s->dir.n_manifests; i++) {
		bytes.len = 0;
		if ((rc = shelf_manifest(s, i, &bytes, &m, why)) != 0 ||
		    m.last >= s->checkpoint.size)
			break;
		if (m.first != shelf_closed(s)) {
			rc = fail(why, m.file,
			    tr("does not follow the segment before it",
				"直前のセグメントに続いていません"));
			break;
		}
		item = &s->v[s->n++];
		*item = (struct shelf_item){ .number = i,
			.first = m.first,
			.last = m.last,
			.low = m.time_low,
			.high = m.time_high };
		memcpy(item->file, m.file, sizeof(item->file));
		item->here =
		    fstatat(s->dir.fd, m.file, &st, AT_SYMLINK_NOFOLLOW) == 0;
	}
	buf_fini(&bytes);
	return rc;
}

int
shelf_open(struct shelf *s, const char *path, struct span note, struct buf *why)
{
	const char *name;

	memset(s, 0, sizeof(*s));
	s->path = path;
	buf_init(&s->log_bytes);
	buf_init(&s->note);
	if (logdir_open(&s->dir, path) != 0) {
		s->dir.fd = -1;
		return fail(why, path, strerror(errno));
	}
	if (description_load(s, why) != 0 || checkpoint_load(s, note, why) != 0)
		return -1;
	if (logdir_list(&s->dir, NULL, NULL, &name) != 0)
		return fail(why, name, strerror(errno));
	return items_load(s, why);
}

void
shelf_close(struct shelf *s)
{
	if (s->dir.fd >= 0)
		logdir_close(&s->dir);
	buf_fini(&s->log_bytes);
	buf_fini(&s->note);
	free(s->v);
	s->v = NULL;
}

uint64_t
shelf_closed(const struct shelf *s)
{
	return s->n == 0 ? 0 : s->v[s->n - 1].last + 1;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cursor.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/evlog_priv.h"

/*
 * What a crash left, compared with what the signer signed last (FORMAT.md, 8).
 * Everything is read and proved, nothing is changed.
 */
enum evlog_err
evlog_recover_fail(struct evlog_recovery *r, enum evlog_err err,
    const char *file, const char *what)
{
	buf_printf(r->detail, "%s: %s", file, what);
	return err;
}

/* A final seal ends the epoch that is open only if it is that epoch's. */
static void
recover_set_final(struct evlog_recovery *r)
{
	r->found->final =
	    r->scan.final && r->scan.epoch == r->found->state.epoch;
}

/* Read a segment again and add it to the ranges. */
static enum evlog_err
recover_scan(struct evlog_recovery *r, const char *file)
{
	struct evlog_committer *com = &r->log->com;
	struct evlog_scan *s = &r->scan;
	enum evlog_err err;

	tile_run_fini(&s->run);
	memset(s, 0, sizeof(*s));
	s->at = r->size;
	r->why.len = 0;
	if ((err = evlog_scan(r->fd, s, &r->why)) != EVLOG_OK)
		return evlog_recover_fail(r, err, file, strerror(errno));
	if (s->whole == 0)
		return EVLOG_OK;
	if (strcmp(s->m.origin, r->log->file.key.name) != 0 ||
	    s->m.segment != r->segment || s->m.first != r->next)
		return evlog_recover_fail(r, EVLOG_BAD_LOG, file,
		    tr("this segment does not belong here",
			"このセグメントはここのものではありません"));
	if (tree_range_merge(&com->signed_range, &s->upto) != 0 ||
	    tree_range_merge(&com->added, &s->beyond) != 0)
		abort();
	if (s->m.last + 1 >= r->size && s->m.first < r->size)
		recover_set_final(r);
	r->found->last_rx = s->last_rx;
	r->next = s->m.last + 1;
	return EVLOG_OK;
}

/* A closed segment that was not signed to its end: rare, so read it whole. */
static enum evlog_err
recover_unsigned(struct evlog_recovery *r, const struct manifest *m)
{
	uint8_t hash[SHA256_LEN];
	struct sha256x2_job job;
	enum evlog_err err;

	r->fd = openat(r->log->dir, m->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (r->fd < 0)
		return evlog_recover_fail(r, EVLOG_BREAK, m->file,
		    strerror(errno));
	err = recover_scan(r, m->file);
	close(r->fd);
	if (err != EVLOG_OK)
		return err;
	sha256x2_final(&job, &r->scan.stream, hash);
	sha256x2_run(&job, 1);
	if (!r->scan.ended || memcmp(hash, m->stream_hash, SHA256_LEN) != 0)
		return evlog_recover_fail(r, EVLOG_BREAK, m->file,
		    tr("not what its manifest says",
			"マニフェストと一致しません"));
	return EVLOG_OK;
}

/* Whether the record before the signed size is a final seal. */
static void
recover_final(struct evlog_recovery *r, const struct manifest *m)
{
	int fd =
	    openat(r->log->dir, m->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct evlog_scan *s = &r->scan;

	if (fd < 0) /* deleted at the end of its retention: it was long ago */
		return;
	tile_run_fini(&s->run);
	memset(s, 0, sizeof(*s));
	s->at = r->size;
	if (evlog_scan(fd, s, &r->why) == EVLOG_OK)
		recover_set_final(r);
	close(fd);
}

static enum evlog_err
recover_manifest(struct evlog_recovery *r, const char *name, struct span text)
{
	struct evlog_committer *com = &r->log->com;
	struct manifest m;
	unsigned line = 0;

	if (manifest_parse(text, &m, &line) != 0 || m.segment != r->segment ||
	    m.first != r->next ||
	    strcmp(m.origin, r->log->file.key.name) != 0 ||
	    memcmp(m.previous, com->previous, SHA256_LEN) != 0) {
		buf_printf(r->detail,
		    tr("manifests/%s, line %u: not the manifest of this "
		       "segment",
			"manifests/%sの%u行目: "
			"このセグメントのマニフェストではありません"),
		    name, line);
		return EVLOG_BAD_LOG;
	}
	sha256(text, com->previous);
	if (m.last >= r->size) {
		enum evlog_err err = recover_unsigned(r, &m);

		r->segment++;
		return err;
	}
	if (tree_range_merge(&com->signed_range, &m.range) != 0)
		abort();
	if (m.last + 1 == r->size && r->found->state.open)
		recover_final(r, &m);
	r->next = m.last + 1;
	r->segment++;
	r->found->last_rx = m.time_high;
	return EVLOG_OK;
}

static enum evlog_err
recover_manifests(struct evlog_recovery *r)
{
	enum evlog_err err = EVLOG_OK;
	struct buf text;
	char name[32];

	buf_init(&text);
	while (err == EVLOG_OK) {
		snprintf(name, sizeof(name), "%012llu",
		    (unsigned long long)r->segment);
		text.len = 0;
		if (io_read_file_at(r->log->manifests, name, MANIFEST_MAX,
			&text) != 0) {
			if (errno != ENOENT)
				err = evlog_recover_fail(r, EVLOG_SYSTEM, name,
				    strerror(errno));
			break;
		}
		err = recover_manifest(r, name, buf_view(&text));
	}
	buf_fini(&text);
	return err;
}

/* Look into one day's folder for the open segment and for what is beyond. */
static enum evlog_err
recover_day(struct evlog_recovery *r, const char *day)
{
	char path[MANIFEST_FILE];
	struct dirent *de;
	uint64_t first;
	DIR *d;
	int fd;

	fd = openat(r->log->segments, day,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || (d = fdopendir(fd)) == NULL) {
		if (fd >= 0)
			close(fd);
		return EVLOG_OK; /* no folder: not a name of the format */
	}
	while ((de = readdir(d)) != NULL) {
		if (snprintf(path, sizeof(path), "segments/%s/%s", day,
			de->d_name) >= (int)sizeof(path) ||
		    manifest_file_parse(span_str(path), &first) != 0 ||
		    first < r->next)
			continue;
		if (first > r->next || r->file[0] != '\0') {
			closedir(d);
			return evlog_recover_fail(r, EVLOG_BAD_LOG, path,
			    tr("a segment that does not follow the others",
				"他のセグメントに続いていません"));
		}
		memcpy(r->file, path, sizeof(r->file));
	}
	closedir(d);
	return EVLOG_OK;
}

static enum evlog_err
recover_find(struct evlog_recovery *r)
{
	enum evlog_err err = EVLOG_OK;
	struct dirent *de;
	DIR *d;
	int fd;

	fd = openat(r->log->segments, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (d = fdopendir(fd)) == NULL) {
		if (fd >= 0)
			close(fd);
		return evlog_recover_fail(r, EVLOG_SYSTEM, "segments",
		    strerror(errno));
	}
	while (err == EVLOG_OK && (de = readdir(d)) != NULL)
		if (de->d_name[0] != '.')
			err = recover_day(r, de->d_name);
	closedir(d);
	return err;
}

static enum evlog_err
recover_open_segment(struct evlog_recovery *r)
{
	enum evlog_err err;

	r->fd = -1;
	r->before = r->log->com.signed_range;
	if (r->next > r->before.end &&
	    tree_range_merge(&r->before, &r->log->com.added) != 0)
		abort();
	if ((err = recover_find(r)) != EVLOG_OK || r->file[0] == '\0')
		return err;
	r->fd = openat(r->log->dir, r->file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (r->fd < 0)
		return evlog_recover_fail(r, EVLOG_SYSTEM, r->file,
		    strerror(errno));
	return recover_scan(r, r->file);
}

/* What was signed must be there again, to the byte. */
static enum evlog_err
recover_prove(struct evlog_recovery *r)
{
	uint8_t root[SHA256_LEN];

	if (r->size == 0)
		return EVLOG_OK;
	if (r->next < r->size) {
		buf_printf(r->detail,
		    tr("%llu records were signed, only %llu are there",
			"署名済みの記録は%llu件ですが、%llu件しかありません"),
		    (unsigned long long)r->size, (unsigned long long)r->next);
		if (r->why.len > 0)
			buf_printf(r->detail, " (%s, %s)", r->file,
			    buf_cstr(&r->why));
		return EVLOG_BREAK;
	}
	if (tree_range_root(&r->log->com.signed_range, root) == 0 &&
	    memcmp(root, r->found->state.root, SHA256_LEN) == 0)
		return EVLOG_OK;
	buf_printf(r->detail,
	    tr("the first %llu records are not those that were signed",
		"先頭%llu件の記録が署名済みの内容と一致しません"),
	    (unsigned long long)r->size);
	return EVLOG_BREAK;
}

enum evlog_err
evlog_recover(struct evlog_recovery *r)
{
	enum evlog_err err;

	tree_range_init(&r->log->com.signed_range, 0);
	tree_range_init(&r->log->com.added, r->size);
	if ((err = evlog_recover_files(r)) != EVLOG_OK ||
	    (err = recover_manifests(r)) != EVLOG_OK ||
	    (err = recover_open_segment(r)) != EVLOG_OK)
		return err;
	return recover_prove(r);
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/handover/build_priv.h"
#include "common/cursor.h"
#include "common/io.h"
#include "common/num.h"

/*
 * The files of the log as they are.  Of the kept checkpoints and the tokens go
 * along those that bound the records in time: from the last before the first
 * record to the first behind the last one.
 */
#define TOKEN_HEX 16 /* digits of a token's name */

static int
fail(struct building *g, const char *path)
{
	buf_printf(g->why, "%s: %s", path, strerror(errno));
	return -1;
}

static int
copy(struct building *g, const char *path)
{
	char to[128];
	int fd = logdir_open_file(&g->shelf.dir, path), rc;

	if (fd < 0)
		return fail(g, path);
	snprintf(to, sizeof(to), "data/log/%s", path);
	rc = pack_copy(g->pack, to, fd, g->why);
	close(fd);
	return rc;
}

/* The writer appends to it: what is not a whole line is not there yet. */
static int
copy_epochs(struct building *g)
{
	int fd = logdir_open_file(&g->shelf.dir, "epochs"), rc;
	struct buf bytes;
	struct stat st;
	ssize_t n = -1;

	if (fd < 0)
		return fail(g, "epochs");
	buf_init(&bytes);
	if (fstat(fd, &st) == 0)
		n = io_read_up_to(fd,
		    buf_reserve(&bytes, (size_t)st.st_size + 1),
		    (size_t)st.st_size);
	close(fd);
	if (n < 0)
		rc = fail(g, "epochs");
	else {
		while (n > 0 && bytes.p[n - 1] != '\n')
			n--;
		rc = pack_put(g->pack, "data/log/epochs",
		    span_make(bytes.p, (size_t)n), g->why);
	}
	buf_fini(&bytes);
	return rc;
}

static int
copy_manifests(struct building *g)
{
	char path[64];
	size_t i;

	for (i = 0; i < g->shelf.n; i++) {
		snprintf(path, sizeof(path), "manifests/%012zu", i);
		if (copy(g, path) != 0)
			return -1;
	}
	return 0;
}

static int
copy_segments(struct building *g)
{
	size_t i;

	for (i = g->from; i < g->until; i++)
		if (g->shelf.v[i].here && copy(g, g->shelf.v[i].file) != 0)
			return -1;
	return 0;
}

/* Whether a size is the last up to `low`, between, or the first from `high`. */
struct bounds {
	uint64_t low, high;
};

static void
bounds_init(struct bounds *b)
{
	b->low = 0;
	b->high = UINT64_MAX;
}

static void
bounds_narrow(struct bounds *b, const struct package *p, uint64_t size)
{
	if (size <= p->first && size > b->low)
		b->low = size;
	if (size > p->last && size < b->high)
		b->high = size;
}

static bool
bounds_have(const struct bounds *b, const struct package *p, uint64_t size)
{
	return size >= b->low && size <= b->high && size <= p->size;
}

static int
copy_checkpoint(struct building *g, uint64_t size)
{
	char path[64], to[80];

	snprintf(path, sizeof(path), "checkpoints/%012" PRIu64, size);
	snprintf(to, sizeof(to), "data/log/%s", path);
	if (pack_has(g->pack, to) ||
	    !logdir_has(g->shelf.dir.checkpoints, g->shelf.dir.n_checkpoints,
		size))
		return 0;
	return copy(g, path);
}

static int
copy_checkpoints(struct building *g)
{
	const struct logdir *d = &g->shelf.dir;
	const struct package *p = &g->b->package;
	struct bounds b;
	size_t i;

	bounds_init(&b);
	for (i = 0; i < d->n_checkpoints; i++)
		bounds_narrow(&b, p, d->checkpoints[i]);
	for (i = 0; i < d->n_checkpoints; i++)
		if (bounds_have(&b, p, d->checkpoints[i]) &&
		    copy_checkpoint(g, d->checkpoints[i]) != 0)
			return -1;
	return 0;
}

/* "<size>-<16 hex>.tsr" */
static int
token_parse(const char *name, uint64_t *size)
{
	struct cursor c = cursor_make(span_str(name));
	uint8_t hash[TOKEN_HEX / 2];

	if (num_parse(cursor_until(&c, '-'), CHECKPOINT_SIZE_MAX, size) != 0)
		return -1;
	cursor_hex(&c, hash, sizeof(hash));
	cursor_expect(&c, SPAN(".tsr"));
	return cursor_done(&c) ? 0 : -1;
}

/* narrow: find the bounds; else copy what lies in them. */
static int
tokens_pass(struct building *g, DIR *dir, struct bounds *b, bool narrow)
{
	const struct package *p = &g->b->package;
	const struct dirent *e;
	char path[300];
	uint64_t size;

	rewinddir(dir);
	while ((e = readdir(dir)) != NULL) {
		if (token_parse(e->d_name, &size) != 0)
			continue;
		if (narrow) {
			bounds_narrow(b, p, size);
			continue;
		}
		if (!bounds_have(b, p, size))
			continue;
		snprintf(path, sizeof(path), "tokens/%s", e->d_name);
		if (copy(g, path) != 0 || copy_checkpoint(g, size) != 0)
			return -1;
	}
	return 0;
}

static int
copy_tokens(struct building *g)
{
	int fd = openat(g->shelf.dir.fd, "tokens",
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct bounds b;
	DIR *dir;
	int rc;

	if (fd < 0)
		return errno == ENOENT ? 0 : fail(g, "tokens");
	if ((dir = fdopendir(fd)) == NULL) {
		close(fd);
		return fail(g, "tokens");
	}
	bounds_init(&b);
	rc = tokens_pass(g, dir, &b, true);
	if (rc == 0)
		rc = tokens_pass(g, dir, &b, false);
	closedir(dir);
	return rc;
}

int
build_log(struct building *g)
{
	struct shelf *s = &g->shelf;

	if (pack_put(g->pack, "data/log/log", buf_view(&s->log_bytes),
		g->why) != 0 ||
	    pack_put(g->pack, "data/log/checkpoint", buf_view(&s->note),
		g->why) != 0 ||
	    copy_epochs(g) != 0 || copy_checkpoints(g) != 0 ||
	    copy_tokens(g) != 0 || copy_manifests(g) != 0)
		return -1;
	return g->b->package.kind == PACKAGE_WHOLE ? copy_segments(g) : 0;
}

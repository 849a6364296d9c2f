/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "evidence/evlog_priv.h"

/*
 * Tiles, and the index of the open segment: what makes proofs fast, and what
 * can be made again from the segments.  So it never holds up a record: what
 * cannot be written is left out, a reader finds zeros or nothing there.
 */
#define TILE_FILE (sizeof("tile/") + TILE_PATH)
#define INDEX_PATH 4096u

/* Make the folders above a file below the log's folder. */
static void
tile_folders(struct evlog *log, char *path)
{
	for (char *p = strchr(path, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdirat(log->dir, path, 0750);
		*p = '/';
	}
}

static int
tile_open(struct evlog *log, unsigned level, uint64_t n)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	char path[TILE_FILE], tile[TILE_PATH];
	int fd;

	tile_path(level, n, tile);
	snprintf(path, sizeof(path), "tile/%s", tile);
	fd = openat(log->dir, path, flags, 0640);
	if (fd < 0 && errno == ENOENT) {
		tile_folders(log, path);
		fd = openat(log->dir, path, flags, 0640);
	}
	return fd;
}

/* The file of the level-1 tile that grows; the one before begins its way to
 * the disk, so that syncing it at the segment's end waits for little. */
static int
tile_current(struct evlog *log, uint64_t n)
{
	struct evlog_tiles *t = &log->com.tiles;

	if (t->fd >= 0 && t->n == n)
		return t->fd;
	if (t->fd >= 0) {
		(void)sync_file_range(t->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
		close(t->fd);
	}
	t->n = n;
	return t->fd = tile_open(log, 1, n);
}

/* Write the level-1 hashes gathered; all are of one tile. */
static int
tile_flush(struct evlog *log)
{
	struct evlog_tiles *t = &log->com.tiles;
	uint64_t at = t->first;
	size_t n = t->n_hashes;
	int fd;

	if (n == 0)
		return 0;
	t->n_hashes = 0;
	fd = tile_current(log, at / TILE_WIDTH);
	if (fd < 0)
		return -1;
	return io_pwrite_all(fd, t->hash, n * SHA256_LEN,
	    (off_t)(at % TILE_WIDTH * SHA256_LEN));
}

static void
tile_high(struct evlog *log, unsigned level, uint64_t index,
    const uint8_t hash[SHA256_LEN])
{
	int fd = tile_open(log, level, index / TILE_WIDTH);

	if (fd < 0 ||
	    io_pwrite_all(fd, hash, SHA256_LEN,
		(off_t)(index % TILE_WIDTH * SHA256_LEN)) != 0)
		log->com.tiles.failed = true;
	if (fd >= 0)
		close(fd);
}

static void
tile_take(void *cookie, unsigned level, uint64_t index,
    const uint8_t hash[SHA256_LEN])
{
	struct evlog *log = cookie;
	struct evlog_tiles *t = &log->com.tiles;

	if (level > 1) {
		tile_high(log, level, index, hash);
		return;
	}
	if (t->n_hashes == 0)
		t->first = index;
	memcpy(t->hash[t->n_hashes++], hash, SHA256_LEN);
	if ((index + 1) % TILE_WIDTH == 0 && tile_flush(log) != 0)
		t->failed = true;
}

static int
tile_append(struct evlog *log, const struct tile_run *run)
{
	struct evlog_tiles *t = &log->com.tiles;

	t->failed = false;
	tile_edge_append(&t->edge, run, tile_take, log);
	if (tile_flush(log) != 0)
		t->failed = true;
	return t->failed ? -1 : 0;
}

static int
index_write(struct evlog *log, const struct buf *text)
{
	int fd = log->com.tiles.index_fd;

	return fd < 0 ? 0 : io_write_all(fd, text->p, text->len);
}

/* The index of a segment; keep: go on with it, if its last line is whole. */
static int
index_open(struct evlog *log, uint64_t segment, bool keep)
{
	struct evlog_tiles *t = &log->com.tiles;
	char path[INDEX_PATH], name[SEGIDX_NAME], last = '\0';
	struct buf head;
	off_t end;
	int rc = 0;

	if (t->index_fd >= 0)
		close(t->index_fd);
	t->index_fd = -1;
	segidx_name(segment, name);
	if (log->opt.cache == NULL ||
	    io_join(path, sizeof(path), log->opt.cache, name) != 0)
		return 0;
	(void)io_mkdirs(log->opt.cache, 0750);
	t->index_fd = open(path,
	    O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW |
		(keep ? 0 : O_TRUNC),
	    0640);
	if (t->index_fd < 0)
		return -1;
	end = lseek(t->index_fd, 0, SEEK_END);
	if (end > 0 && pread(t->index_fd, &last, 1, end - 1) == 1 &&
	    last == '\n')
		return 0;
	if (end > 0 && ftruncate(t->index_fd, 0) != 0)
		return -1;
	buf_init(&head);
	segidx_print_head(&head, log->file.key.name, segment);
	rc = index_write(log, &head);
	buf_fini(&head);
	return rc;
}

static int
index_point(struct evlog *log, const struct evlog_chunk *c)
{
	struct buf line;
	int rc;

	buf_init(&line);
	segidx_print_point(&line, c->offset, c->first);
	buf_span(&line, buf_view(&c->point));
	segidx_print_end(&line);
	rc = index_write(log, &line);
	buf_fini(&line);
	return rc;
}

void
evlog_tile_point(struct evlog *log, struct evlog_chunk *c)
{
	struct evlog_owner *o = &log->own;
	struct evlog_stream *s;

	if (log->opt.cache == NULL || !c->begins || o->opens ||
	    o->segment_len < o->point_at)
		return;
	c->has_point = true;
	for (size_t i = 0; i < o->n_streams; i++) {
		s = &o->stream[i];
		if (s->live && s->segment == o->segment + 1)
			segidx_print_stream(&c->point, (uint32_t)i + 1,
			    s->next);
	}
	o->point_at = o->segment_len + segidx_step(c->point.len);
}

void
evlog_tile_begin(struct evlog *log, const struct tree_range *before,
    const struct tile_run *run)
{
	struct evlog_committer *com = &log->com;

	tile_edge_init(&com->tiles.edge, before);
	log->own.point_at = log->own.segment_len + segidx_step(0);
	if (run == NULL)
		return;
	(void)tile_append(log, run);
	if (com->fd >= 0)
		(void)index_open(log, com->segment.segment, true);
}

int
evlog_tile_chunk(struct evlog *log, const struct evlog_chunk *c)
{
	int rc = 0;

	if (c->opens && index_open(log, c->segment, false) != 0)
		rc = -1;
	if (c->has_point && index_point(log, c) != 0)
		rc = -1;
	if (c->n > 0 && tile_append(log, &c->run) != 0)
		rc = -1;
	return rc;
}

static int
tile_sync(struct evlog *log, unsigned level, uint64_t n)
{
	int fd = tile_open(log, level, n), rc;

	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

int
evlog_tile_sync(struct evlog *log, uint64_t first)
{
	uint64_t end = log->com.tiles.edge.block.end;
	unsigned level, shift;
	uint64_t n, last;
	int rc = 0;

	for (level = 1; level <= TILE_LEVEL_MAX; level++) {
		shift = level * TILE_HEIGHT;
		if (end >> shift == 0)
			break;
		last = ((end >> shift) - 1) / TILE_WIDTH;
		for (n = (first >> shift) / TILE_WIDTH; n <= last; n++)
			if (tile_sync(log, level, n) != 0)
				rc = -1;
	}
	return rc;
}

void
evlog_tile_close(struct evlog *log)
{
	struct evlog_tiles *t = &log->com.tiles;

	if (t->fd >= 0)
		close(t->fd);
	if (t->index_fd >= 0)
		close(t->index_fd);
	t->fd = t->index_fd = -1;
}

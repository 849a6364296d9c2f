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
#include "common/log.h"
#include "evidence/prove_priv.h"

/*
 * The log's tree as others read it.  All hashes are made from the records, none
 * are copied from our tiles, and the root is compared before the checkpoint
 * makes the export whole.
 */
#define EXPORT_LEVELS (TILE_LEVEL_MAX + 1)
#define EXPORT_PATH 96
#define ENTRIES "tile/entries"

struct exporting {
	int dir;
	struct export_level {
		uint64_t n; /* tiles written */
		size_t have;
		uint8_t hash[TILE_WIDTH][SHA256_LEN];
	} level[EXPORT_LEVELS];
	struct buf entries;
	struct tree_range all;
	bool gap;
	int error; /* errno of a write that failed, or 0 */
	char path[EXPORT_PATH];
};

static int
export_file(struct exporting *e, struct span bytes)
{
	int fd, rc;

	for (char *p = strchr(e->path, '/'); p != NULL;
	     p = strchr(p + 1, '/')) {
		*p = '\0';
		rc = mkdirat(e->dir, e->path, 0777);
		*p = '/';
		if (rc != 0 && errno != EEXIST)
			return -1;
	}
	fd = openat(e->dir, e->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0666);
	if (fd < 0)
		return -1;
	rc = io_write_all(fd, bytes.p, bytes.len);
	if (close(fd) != 0)
		rc = -1;
	return rc;
}

/* The path of a tile: full, or that many hashes wide. */
static void
export_name(struct exporting *e, const char *folder, const char *tile,
    size_t have)
{
	char part[16] = "";

	if (have < TILE_WIDTH)
		snprintf(part, sizeof(part), ".p/%zu", have);
	snprintf(e->path, sizeof(e->path), "%s/%.48s%s", folder, tile, part);
}

/* Write what a level has gathered; a full tile is a hash of the next. */
static int
export_tile(struct exporting *e, unsigned level)
{
	struct export_level *l = &e->level[level];
	struct export_level *up = l + 1;
	char tile[TILE_PATH];
	size_t have = l->have;

	tile_path(level, l->n, tile);
	export_name(e, "tile", tile, have);
	if (export_file(e, span_make(l->hash, have * SHA256_LEN)) != 0)
		return -1;
	if (level == 0) {
		export_name(e, ENTRIES, strchr(tile, '/') + 1, have);
		if (export_file(e, buf_view(&e->entries)) != 0)
			return -1;
		e->entries.len = 0;
	}
	if (have < TILE_WIDTH || level + 1 == EXPORT_LEVELS)
		return 0;
	tile_fold(l->hash, TILE_WIDTH);
	memcpy(up->hash[up->have++], l->hash[0], SHA256_LEN);
	l->have = 0;
	l->n++;
	return up->have == TILE_WIDTH ? export_tile(e, level + 1) : 0;
}

static int
export_leaf(struct exporting *e, const struct prove_record *rec)
{
	struct export_level *l = &e->level[0];

	buf_byte(&e->entries, (uint8_t)(rec->line_len >> 8));
	buf_byte(&e->entries, (uint8_t)rec->line_len);
	buf_append(&e->entries, rec->line, rec->line_len);
	tree_range_append(&e->all, rec->leaf);
	memcpy(l->hash[l->have++], rec->leaf, SHA256_LEN);
	return l->have == TILE_WIDTH ? export_tile(e, 0) : 0;
}

static void
export_each(void *cookie, const struct leaf *l, size_t n,
    const uint8_t salt[RECORD_SALT])
{
	struct exporting *e = cookie;
	struct prove_record rec;

	for (size_t i = 0; i < n && e->error == 0 && !e->gap; i++) {
		e->gap = l[i].index != e->all.end;
		if (e->gap)
			break;
		prove_fill(&rec, &l[i], salt);
		if (export_leaf(e, &rec) != 0)
			e->error = errno;
	}
}

static int
export_rest(struct exporting *e)
{
	for (unsigned level = 0; level < EXPORT_LEVELS; level++)
		if (e->level[level].have > 0 && export_tile(e, level) != 0) {
			e->error = errno;
			return -1;
		}
	return 0;
}

static int
export_run(struct prove *p, struct exporting *e, struct buf *why)
{
	uint8_t root[SHA256_LEN];

	p->trust = PROVE_NOTHING;
	if (prove_read(p, 0, p->size, export_each, e, why) < 0)
		return -1;
	if (e->error == 0 && e->all.end != p->size) {
		prove_say_gone(e->all.end, why);
		return -1;
	}
	if (e->error == 0 && export_rest(e) == 0) {
		if (tree_range_root(&e->all, root) != 0)
			abort();
		if (memcmp(root, p->root, SHA256_LEN) != 0) {
			prove_say_wrong(why);
			return -1;
		}
		if (io_replace_at(e->dir, "checkpoint", 0666,
			buf_view(&p->note)) == 0)
			return 0;
		snprintf(e->path, sizeof(e->path), "checkpoint");
		e->error = errno;
	}
	buf_printf(why, "%s: %s", e->path, strerror(e->error));
	return -1;
}

int
prove_export(struct prove *p, const char *dir, struct buf *why)
{
	struct exporting *e = calloc(1, sizeof(*e));
	int rc = -1;

	if (e == NULL)
		abort();
	buf_init(&e->entries);
	tree_range_init(&e->all, 0);
	if (mkdir(dir, 0777) != 0 ||
	    (e->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		buf_printf(why, "%s: %s", dir, strerror(errno));
	else {
		rc = export_run(p, e, why);
		close(e->dir);
	}
	buf_fini(&e->entries);
	free(e);
	return rc;
}

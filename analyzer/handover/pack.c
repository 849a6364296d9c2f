/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/io.h"
#include "common/log.h"
#include "evidence/bag.h"

#define BLOCK 65536 /* bytes copied at once */

struct pack_file {
	const char *path; /* below the bag */
	uint8_t hash[SHA256_LEN];
};

struct pack {
	struct arena *arena;
	const char *parent, *path; /* path: the final one */
	char *making;		   /* the folder for now; NULL: none */
	struct pack_file *files;
	size_t n, cap;
	uint64_t bytes, payload; /* of and below data/ */
	int fd;			 /* the file being written, or -1 */
	struct sha256 hash;
};

static int
fail(struct buf *why, const char *path)
{
	buf_printf(why, "%s: %s", path, strerror(errno));
	return -1;
}

static int
absent(const char *path, struct buf *why)
{
	struct stat st;

	if (lstat(path, &st) != 0 && errno == ENOENT)
		return 0;
	buf_printf(why,
	    tr("%s is there already, and is left as it is",
		"%s はすでにあるため、変更しません"),
	    path);
	return -1;
}

int
pack_open(struct pack **out, const char *parent, const char *name,
    struct buf *why)
{
	struct pack *p = calloc(1, sizeof(*p));

	if (p == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	*out = p;
	p->fd = -1;
	p->arena = arena_new();
	p->parent = arena_str(p->arena, span_str(parent));
	p->path = arena_printf(p->arena, "%s/%s", parent, name);
	if (absent(p->path, why) != 0)
		return -1;
	p->making = arena_printf(p->arena, "%s/.%s.XXXXXX", parent, name);
	if (io_mkdirs(parent, 0750) == 0 && mkdtemp(p->making) != NULL)
		return 0;
	p->making = NULL;
	return fail(why, parent);
}

static int
remove_one(const char *path, const struct stat *st, int what, struct FTW *f)
{
	(void)st;
	(void)what;
	(void)f;
	return remove(path);
}

void
pack_close(struct pack *p)
{
	if (p == NULL)
		return;
	if (p->fd >= 0)
		close(p->fd);
	if (p->making != NULL &&
	    nftw(p->making, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
		log_errno(tr("cannot remove %s", "%s を削除できません"),
		    p->making);
	free(p->files);
	arena_free(p->arena);
	free(p);
}

static struct pack_file *
file_add(struct pack *p, const char *path)
{
	if (p->n == p->cap) {
		p->cap = p->cap == 0 ? 64 : 2 * p->cap;
		p->files = realloc(p->files, p->cap * sizeof(*p->files));
		if (p->files == NULL)
			log_fatal("%s",
			    tr("out of memory", "メモリが足りません"));
	}
	p->files[p->n].path = arena_str(p->arena, span_str(path));
	return &p->files[p->n++];
}

static bool
in_payload(const char *path)
{
	return strncmp(path, "data/", 5) == 0;
}

int
pack_begin(struct pack *p, const char *path, struct buf *why)
{
	char *whole = arena_printf(p->arena, "%s/%s", p->making, path);
	char *slash = strrchr(whole, '/');

	*slash = '\0';
	if (io_mkdirs(whole, 0750) != 0)
		return fail(why, whole);
	*slash = '/';
	p->fd = open(whole, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (p->fd < 0)
		return fail(why, whole);
	(void)file_add(p, path);
	sha256_init(&p->hash);
	return 0;
}

int
pack_write(struct pack *p, struct span bytes, struct buf *why)
{
	if (bytes.len == 0)
		return 0;
	sha256_update(&p->hash, bytes.p, bytes.len);
	if (in_payload(p->files[p->n - 1].path))
		p->bytes += bytes.len;
	if (io_write_all(p->fd, bytes.p, bytes.len) != 0)
		return fail(why, p->files[p->n - 1].path);
	return 0;
}

int
pack_end(struct pack *p, struct buf *why)
{
	struct pack_file *f = &p->files[p->n - 1];
	int rc = fsync(p->fd);

	if (close(p->fd) != 0)
		rc = -1;
	p->fd = -1;
	if (rc != 0)
		return fail(why, f->path);
	sha256_final(&p->hash, f->hash);
	p->payload += in_payload(f->path);
	return 0;
}

int
pack_put(struct pack *p, const char *path, struct span bytes, struct buf *why)
{
	return pack_begin(p, path, why) == 0 &&
		pack_write(p, bytes, why) == 0 && pack_end(p, why) == 0
	    ? 0
	    : -1;
}

int
pack_copy(struct pack *p, const char *path, int fd, struct buf *why)
{
	uint8_t block[BLOCK];
	ssize_t n;

	if (pack_begin(p, path, why) != 0)
		return -1;
	while ((n = io_read_up_to(fd, block, sizeof(block))) > 0)
		if (pack_write(p, span_make(block, (size_t)n), why) != 0)
			return -1;
	return n < 0 ? fail(why, path) : pack_end(p, why);
}

bool
pack_has(const struct pack *p, const char *path)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (strcmp(p->files[i].path, path) == 0)
			return true;
	return false;
}

int
pack_executable(struct pack *p, const char *path, struct buf *why)
{
	const char *whole = arena_printf(p->arena, "%s/%s", p->making, path);

	/* A stick's file system may know no modes: sh runs it as well. */
	if (chmod(whole, 0750) != 0 && errno != EPERM && errno != ENOTSUP)
		return fail(why, whole);
	return 0;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct pack_file *)a)->path,
	    ((const struct pack_file *)b)->path);
}

/* The manifest of the payload, or of the tag files. */
static void
manifest_print(const struct pack *p, bool payload, struct buf *out)
{
	size_t i;

	qsort(p->files, p->n, sizeof(*p->files), by_path);
	for (i = 0; i < p->n; i++)
		if (in_payload(p->files[i].path) == payload)
			bag_manifest_print(p->files[i].hash,
			    span_str(p->files[i].path), out);
}

int
pack_finish(struct pack *p, struct span info, uint8_t hash[SHA256_LEN],
    struct buf *tags, struct buf *why)
{
	struct buf out;
	char oxum[64];
	int rc;

	buf_init(&out);
	bag_declaration_print(&out);
	rc = pack_put(p, "bagit.txt", buf_view(&out), why);
	out.len = 0;
	buf_span(&out, info);
	snprintf(oxum, sizeof(oxum), "%" PRIu64 ".%" PRIu64, p->bytes,
	    p->payload);
	(void)bag_info_print("Payload-Oxum", span_str(oxum), &out);
	if (rc == 0)
		rc = pack_put(p, "bag-info.txt", buf_view(&out), why);
	out.len = 0;
	manifest_print(p, true, &out);
	if (rc == 0)
		rc = pack_put(p, "manifest-sha256.txt", buf_view(&out), why);
	out.len = 0;
	manifest_print(p, false, &out);
	if (rc == 0)
		rc = pack_put(p, "tagmanifest-sha256.txt", buf_view(&out), why);
	sha256(buf_view(&out), hash);
	if (tags != NULL)
		buf_span(tags, buf_view(&out));
	buf_fini(&out);
	return rc;
}

static int
sync_one(const char *path, const struct stat *st, int what, struct FTW *f)
{
	(void)st;
	(void)f;
	return what == FTW_D ? io_sync_dir(path) : 0;
}

int
pack_publish(struct pack *p, struct buf *why)
{
	if (chmod(p->making, 0750) != 0 && errno != EPERM && errno != ENOTSUP)
		return fail(why, p->making);
	if (nftw(p->making, sync_one, 16, FTW_PHYS) != 0)
		return fail(why, p->making);
	if (io_rename_new(p->making, p->path) != 0)
		return errno == EEXIST ? absent(p->path, why)
				       : fail(why, p->path);
	p->making = NULL;
	return io_sync_dir(p->parent) == 0 ? 0 : fail(why, p->parent);
}

uint64_t
pack_bytes(const struct pack *p)
{
	return p->bytes;
}

uint64_t
pack_files(const struct pack *p)
{
	return p->payload;
}

const char *
pack_path(const struct pack *p)
{
	return p->path;
}

const char *
pack_making(const struct pack *p)
{
	return p->making;
}

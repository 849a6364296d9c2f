/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/heir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "common/io.h"

struct heir {
	gzFile gz; /* it reads what is not packed as it is */
};

struct heir *
heir_open(const char *path)
{
	struct heir *h = calloc(1, sizeof(*h));
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (h != NULL && fd >= 0 && fstat(fd, &st) == 0 &&
	    S_ISREG(st.st_mode) && (h->gz = gzdopen(fd, "rb")) != NULL)
		return h;
	if (fd >= 0)
		close(fd);
	free(h);
	return NULL;
}

void
heir_close(struct heir *h)
{
	if (h == NULL)
		return;
	(void)gzclose_r(h->gz); /* it was read only */
	free(h);
}

ssize_t
heir_read(struct heir *h, void *p, size_t len)
{
	int n = gzread(h->gz, p, (unsigned)len), err;

	if (n > 0)
		return n;
	(void)gzerror(h->gz, &err);
	if (n == 0 && err != Z_BUF_ERROR) /* that: it ends in the middle */
		return 0;
	if (err != Z_ERRNO)
		errno = EBADMSG;
	return -1;
}

static int
read_whole(struct heir *h, void *p, size_t len)
{
	size_t have = 0;
	ssize_t n;

	while (have < len) {
		if ((n = heir_read(h, (uint8_t *)p + have, len - have)) <= 0)
			return -1;
		have += (size_t)n;
	}
	return 0;
}

/*
 * Whether both ends are what the note says; then it is read up to there.  Of
 * what is not packed only the ends are read.
 */
static bool
heir_is(struct heir *h, const struct mark_note *note, struct mark *m)
{
	struct mark_ends ends;
	size_t len;

	*m = (struct mark){ .taken = note->taken };
	len = mark_len(m);
	if (read_whole(h, m->head, len) != 0)
		return false;
	memcpy(m->tail, m->head, len);
	ends = mark_ends(m);
	if (memcmp(ends.head, note->ends.head, sizeof(ends.head)) != 0 ||
	    gzseek(h->gz, (z_off_t)mark_tail_at(m), SEEK_SET) < 0 ||
	    read_whole(h, m->tail, len) != 0)
		return false;
	ends = mark_ends(m);
	return mark_same(&ends, &note->ends);
}

struct beside {
	char *path;
	const char *name; /* its last part */
	struct timespec changed;
	uint64_t dev, ino, size;
	bool packed;
};

struct besides {
	struct beside *v;
	size_t n, room;
};

static int
by_time(const struct timespec *a, const struct timespec *b)
{
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec ? -1 : 1;
	if (a->tv_nsec != b->tv_nsec)
		return a->tv_nsec < b->tv_nsec ? -1 : 1;
	return 0;
}

static int
by_change(const void *a, const void *b)
{
	const struct beside *one = a, *two = b;
	int rc = by_time(&one->changed, &two->changed);

	/* .2 is older than .1 */
	return rc != 0 ? rc : strcmp(two->name, one->name);
}

/* Whether gzip is not done with it: what it packs is still there. */
static bool
in_the_making(const char *path, const struct stat *packed)
{
	char plain[4096];
	struct stat st;

	snprintf(plain, sizeof(plain), "%.*s", (int)(strlen(path) - 3), path);
	return stat(plain, &st) == 0 && S_ISREG(st.st_mode) &&
	    by_time(&st.st_mtim, &packed->st_mtim) <= 0;
}

/* 0, also if it is none to look at; -1 and errno. */
static int
add(struct besides *b, const char *folder, const char *name, bool packed)
{
	struct beside *f;
	char path[4096];
	struct stat st;

	if (io_join(path, sizeof(path), folder, name) != 0 ||
	    stat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
	    (packed && in_the_making(path, &st)))
		return 0;
	if (b->n == HEIR_FILES_MAX) {
		errno = E2BIG;
		return -1;
	}
	if (b->n == b->room) {
		b->room = b->room == 0 ? 64 : 2 * b->room;
		f = realloc(b->v, b->room * sizeof(*f));
		if (f == NULL)
			return -1;
		b->v = f;
	}
	f = &b->v[b->n];
	*f = (struct beside){ .path = strdup(path),
		.changed = st.st_mtim,
		.dev = st.st_dev,
		.ino = st.st_ino,
		.size = (uint64_t)st.st_size,
		.packed = packed };
	if (f->path == NULL)
		return -1;
	f->name = strrchr(f->path, '/') + 1;
	b->n++;
	return 0;
}

static void
list_free(struct besides *b)
{
	while (b->n > 0)
		free(b->v[--b->n].path);
	free(b->v);
}

/*
 * All files beside it that a rotation left, the oldest first: 0, the caller
 * frees the list; -1 and errno.
 */
static int
list(const char *path, struct besides *b)
{
	const char *base = strrchr(path, '/');
	char folder[4096];
	struct dirent *de;
	bool packed;
	int rc = 0;
	DIR *d;

	*b = (struct besides){ 0 };
	base = base == NULL ? path : base + 1;
	snprintf(folder, sizeof(folder), "%.*s",
	    base == path ? 1 : (int)(base - path), base == path ? "." : path);
	if ((d = opendir(folder)) == NULL)
		return -1;
	while (rc == 0 && (de = readdir(d)) != NULL)
		if (mark_rotated(base, de->d_name, &packed))
			rc = add(b, folder, de->d_name, packed);
	closedir(d);
	if (rc != 0)
		list_free(b);
	else if (b->n > 0)
		qsort(b->v, b->n, sizeof(*b->v), by_change);
	return rc;
}

static bool
is_at(const struct beside *f, uint64_t dev, uint64_t ino)
{
	return f->dev == dev && f->ino == ino;
}

static void
place_set(struct heir_place *at, const struct beside *f)
{
	snprintf(at->path, sizeof(at->path), "%s", f->path);
	at->changed = f->changed;
	at->dev = f->dev;
	at->ino = f->ino;
}

struct heir *
heir_find(const char *path, const struct mark_note *note, struct mark *m,
    struct heir_place *at)
{
	struct heir *h = NULL;
	struct besides b;
	size_t i, pass;

	if (list(path, &b) != 0)
		return NULL;
	/* Who has its number first; what is packed last. */
	for (pass = 0; pass < 3 && h == NULL; pass++)
		for (i = b.n; i > 0 && h == NULL; i--) {
			const struct beside *f = &b.v[i - 1];
			bool same = is_at(f, note->dev, note->ino);

			if ((same		? 0u
				    : f->packed ? 2u
						: 1u) != pass ||
			    (!f->packed && f->size < note->taken) ||
			    (h = heir_open(f->path)) == NULL)
				continue;
			if (heir_is(h, note, m)) {
				place_set(at, f);
				continue;
			}
			heir_close(h);
			h = NULL;
		}
	list_free(&b);
	errno = 0;
	return h;
}

int
heir_next(const char *path, struct heir_place *at)
{
	bool seen = false; /* those of its time behind it came after it */
	struct besides b;
	size_t i;
	int rc;

	if (list(path, &b) != 0)
		return -1;
	for (i = 0; i < b.n; i++) {
		rc = by_time(&b.v[i].changed, &at->changed);
		if (is_at(&b.v[i], at->dev, at->ino))
			seen = true;
		else if (rc > 0 || (rc == 0 && seen))
			break;
	}
	rc = i < b.n;
	if (rc == 1)
		place_set(at, &b.v[i]);
	list_free(&b);
	return rc;
}

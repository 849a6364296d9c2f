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

	if (n >= 0)
		return n;
	(void)gzerror(h->gz, &err);
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

static int
by_change(const void *a, const void *b)
{
	const struct beside *one = a, *two = b;

	if (one->changed.tv_sec != two->changed.tv_sec)
		return one->changed.tv_sec < two->changed.tv_sec ? -1 : 1;
	if (one->changed.tv_nsec != two->changed.tv_nsec)
		return one->changed.tv_nsec < two->changed.tv_nsec ? -1 : 1;
	return strcmp(two->name, one->name); /* .2 is older than .1 */
}

static int
add(struct beside *b, const char *folder, const char *name)
{
	char path[4096];
	struct stat st;

	if (io_join(path, sizeof(path), folder, name) != 0 ||
	    stat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
	    (b->path = strdup(path)) == NULL)
		return -1;
	b->name = strrchr(b->path, '/') + 1;
	b->changed = st.st_mtim;
	b->dev = st.st_dev;
	b->ino = st.st_ino;
	b->size = (uint64_t)st.st_size;
	return 0;
}

/* All files beside it that a rotation left, the oldest first. */
static size_t
list(const char *path, struct beside *b)
{
	const char *base = strrchr(path, '/');
	char folder[4096];
	struct dirent *de;
	size_t n = 0;
	DIR *d;

	base = base == NULL ? path : base + 1;
	snprintf(folder, sizeof(folder), "%.*s",
	    base == path ? 1 : (int)(base - path), base == path ? "." : path);
	if ((d = opendir(folder)) == NULL)
		return 0;
	while (n < HEIR_FILES_MAX && (de = readdir(d)) != NULL) {
		b[n] = (struct beside){ 0 };
		if (mark_rotated(base, de->d_name, &b[n].packed) &&
		    add(&b[n], folder, de->d_name) == 0)
			n++;
	}
	closedir(d);
	qsort(b, n, sizeof(*b), by_change);
	return n;
}

static void
list_free(struct beside *b, size_t n)
{
	while (n > 0)
		free(b[--n].path);
	free(b);
}

struct heir *
heir_find(const char *path, const struct mark_note *note, char *name,
    struct mark *m)
{
	struct beside *b = calloc(HEIR_FILES_MAX, sizeof(*b));
	size_t n = b == NULL ? 0 : list(path, b), i, pass;
	struct heir *h = NULL;

	/* Who has its number first; what is packed, while gzip may be at it,
	 * last. */
	for (pass = 0; pass < 3 && h == NULL; pass++)
		for (i = n; i > 0 && h == NULL; i--) {
			const struct beside *f = &b[i - 1];
			bool same = f->dev == note->dev && f->ino == note->ino;

			if ((same		? 0u
				    : f->packed ? 2u
						: 1u) != pass ||
			    (!f->packed && f->size < note->taken) ||
			    (h = heir_open(f->path)) == NULL)
				continue;
			if (heir_is(h, note, m)) {
				snprintf(name, HEIR_NAME, "%s", f->name);
				continue;
			}
			heir_close(h);
			h = NULL;
		}
	list_free(b, n);
	return h;
}

size_t
heir_after(const char *path, const char *name, char **later, size_t max)
{
	struct beside *b = calloc(HEIR_FILES_MAX, sizeof(*b));
	size_t n = b == NULL ? 0 : list(path, b), i, k = 0;

	for (i = 0; i < n && strcmp(b[i].name, name) != 0; i++)
		continue;
	for (i++; i < n && k < max; i++)
		if ((later[k] = strdup(b[i].path)) != NULL)
			k++;
	list_free(b, n);
	return k;
}

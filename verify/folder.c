/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DAY_BITS 22 /* of a segment in its list, below its first index */
#define DAY_S 86400

int
folder_init(struct folder *d, int at, const char *path)
{
	memset(d, 0, sizeof(*d));
	d->fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return d->fd < 0 ? -1 : 0;
}

void
folder_fini(struct folder *d)
{
	free(d->segments.v);
	free(d->manifests.v);
	free(d->checkpoints.v);
	if (d->fd >= 0)
		close(d->fd);
}

/* Open a folder or file, one component at a time, through no link. */
static int
open_at(const struct folder *d, const char *path, int flags)
{
	char part[PATH_MAX]; /* what is cut to this is no name either */
	int fd = d->fd, next, saved;
	size_t len;

	for (;; path += len + 1) {
		len = strcspn(path, "/");
		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		next = openat(fd, part,
		    O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
			(path[len] == '\0' ? flags : O_DIRECTORY));
		saved = errno;
		if (fd != d->fd)
			close(fd);
		errno = saved;
		if (next < 0 || path[len] == '\0')
			return next;
		fd = next;
	}
}

int
folder_open(const struct folder *d, const char *path)
{
	/* O_NONBLOCK: a FIFO must not make us wait for a writer */
	int fd = open_at(d, path, O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

bool
folder_lacks(const struct folder *d, const char *path)
{
	return faccessat(d->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
	    errno == ENOENT;
}

ssize_t
folder_read(const struct folder *d, const char *path, void *out, size_t max)
{
	int fd = folder_open(d, path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	ssize_t n;

	if (f == NULL)
		return -1;
	n = (ssize_t)fread(out, 1, max, f);
	if (ferror(f))
		n = -1;
	else if (fgetc(f) != EOF) {
		errno = EFBIG;
		n = -1;
	}
	fclose(f);
	return n;
}

int
folder_each(const struct folder *d, const char *path,
    int (*each)(void *cookie, const char *path, const char *name), void *cookie)
{
	int fd = open_at(d, path, O_DIRECTORY), rc = 0, saved;
	struct dirent *e = NULL;
	DIR *dir;

	if (fd < 0 || (dir = fdopendir(fd)) == NULL)
		return -1;
	while (rc == 0 && (errno = 0, e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			rc = each(cookie, path, e->d_name);
	if (rc == 0 && errno != 0)
		rc = -1;
	saved = errno;
	closedir(dir);
	errno = saved;
	return rc;
}

/* In a shape # stands for a digit, * for any of them, % for one of hex. */
static bool
shaped(const char *name, const char *shape)
{
	const char *digits = "0123456789abcdef";

	for (; *shape != '\0'; shape++)
		if (*shape == '*')
			name += strspn(name, "0123456789");
		else if (*shape == '#' || *shape == '%') {
			if (*name == '\0' ||
			    memchr(digits, *name++, *shape == '#' ? 10 : 16) ==
				NULL)
				return false;
		} else if (*name++ != *shape)
			return false;
	return *name == '\0';
}

bool
folder_path_parse(const char *path, uint64_t *first, uint64_t *day)
{
	struct tm tm = { 0 };
	char again[FOLDER_PATH];

	if (!shaped(path, "segments/####-##-##/############.ev1.gz"))
		return false;
	strptime(path + 9, "%Y-%m-%d", &tm);
	*first = strtoull(path + 20, NULL, 10);
	*day = (uint64_t)(timegm(&tm) / DAY_S);
	folder_path(*first, *day, again); /* there is such a day */
	return tm.tm_year >= 70 && strcmp(again, path) == 0;
}

void
folder_path(uint64_t first, uint64_t day, char out[FOLDER_PATH])
{
	time_t t = (time_t)day * DAY_S;
	char date[16] = "";
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	snprintf(out, FOLDER_PATH, "segments/%s/%012" PRIu64 ".ev1.gz", date,
	    first);
}

uint64_t
folder_first(const struct folder *d, size_t i)
{
	return d->segments.v[i] >> DAY_BITS;
}

uint64_t
folder_day(const struct folder *d, size_t i)
{
	return d->segments.v[i] & ((1u << DAY_BITS) - 1);
}

/* Room for one more in an array that doubles. */
static int
add(struct folder_list *l, uint64_t number)
{
	uint64_t *v = l->v;

	if (l->n == FOLDER_MAX) {
		errno = EFBIG;
		return -1;
	}
	if ((l->n & (l->n - 1)) == 0 &&
	    (v = realloc(v, 2 * (l->n + 1) * sizeof(*v))) == NULL)
		return -1;
	l->v = v;
	v[l->n++] = number;
	return 0;
}

/* A name of the log's own folder, or of one below it. */
static int
each_name(void *cookie, const char *path, const char *name)
{
	static const char *const known[] = { "checkpoint", "checkpoint.tmp",
		"checkpoints", "checkpoints/############.tmp", "epochs", "lock",
		"log", "log.new", "log.tmp", "manifests",
		"manifests/############.tmp", "outside", "predecessor",
		"quarantine", "quarantine/*-%%%%%%%%%%%%%%%%", "reserve",
		"segments", "tile", "tokens",
		"tokens/############-%%%%%%%%%%%%%%%%.tsr",
		"tokens/############-%%%%%%%%%%%%%%%%.tsr.tmp" };
	struct folder *d = cookie;
	uint64_t first, day;
	char file[PATH_MAX];

	snprintf(file, sizeof(file), "%s/%s", path, name);
	if (strcmp(path, ".") == 0)
		snprintf(file, sizeof(file), "%s", name);
	if (shaped(file, "segments/####-##-##"))
		return folder_each(d, file, each_name, d);
	if (folder_path_parse(file, &first, &day))
		return add(&d->segments, first << DAY_BITS | day);
	if (shaped(file, "manifests/############"))
		return add(&d->manifests, strtoull(name, NULL, 10));
	if (shaped(file, "checkpoints/############"))
		return add(&d->checkpoints, strtoull(name, NULL, 10));
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (shaped(file, known[i]))
			return 0;
	if (d->strange++ == 0)
		snprintf(d->strange_name, sizeof(d->strange_name), "%.255s",
		    file);
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int
folder_list(struct folder *d, const char **name)
{
	static const char *const names[] = { "segments", "manifests",
		"checkpoints", "quarantine", "tokens", "." };
	struct folder_list *lists[] = { &d->segments, &d->manifests,
		&d->checkpoints };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		*name = names[i];
		if (folder_each(d, *name, each_name, d) != 0 && errno != ENOENT)
			return -1;
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (lists[i]->n > 0)
			qsort(lists[i]->v, lists[i]->n, sizeof(uint64_t),
			    by_number);
	return 0;
}

bool
folder_has(const struct folder_list *l, uint64_t number)
{
	return l->n > 0 &&
	    bsearch(&number, l->v, l->n, sizeof(number), by_number) != NULL;
}

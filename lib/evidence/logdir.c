/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/logdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/num.h"
#include "common/utc.h"

struct listing { /* one pass over one folder */
	struct logdir *d;
	const char *folder;
	logdir_strange *strange;
	void *cookie;
};

/* Called for each name; return 0 known, 1 strange, -1 and errno. */
typedef int listing_each(struct listing *l, const char *name);

int
logdir_open(struct logdir *d, const char *path)
{
	memset(d, 0, sizeof(*d));
	d->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return d->fd < 0 ? -1 : 0;
}

static void
logdir_forget(struct logdir *d)
{
	free(d->segments);
	free(d->manifests);
	free(d->checkpoints);
	d->segments = NULL;
	d->manifests = d->checkpoints = NULL;
	d->n_segments = d->n_manifests = d->n_checkpoints = 0;
}

void
logdir_close(struct logdir *d)
{
	logdir_forget(d);
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

/* Open a folder or file, one component at a time, through no link. */
static int
logdir_openat(const struct logdir *d, const char *path, int flags)
{
	char part[NAME_MAX + 1];
	int fd = d->fd, next, saved;
	const char *slash;

	for (;; path = slash + 1) {
		slash = strchr(path, '/');
		if ((slash == NULL ? strlen(path) : (size_t)(slash - path)) >=
		    sizeof(part)) {
			errno = ENAMETOOLONG;
			next = -1;
		} else {
			snprintf(part, sizeof(part), "%.*s",
			    slash == NULL ? NAME_MAX : (int)(slash - path),
			    path);
			next = openat(fd, part,
			    O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
				(slash == NULL ? flags : O_DIRECTORY));
		}
		saved = errno;
		if (fd != d->fd)
			close(fd);
		errno = saved;
		if (next < 0 || slash == NULL)
			return next;
		fd = next;
	}
}

int
logdir_open_file(const struct logdir *d, const char *path)
{
	struct stat st;
	int fd;

	/* O_NONBLOCK: a FIFO must not make us wait for a writer */
	if ((fd = logdir_openat(d, path, O_NONBLOCK | O_NOCTTY)) < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

int
logdir_read(const struct logdir *d, const char *path, size_t max,
    struct buf *out)
{
	int fd = logdir_open_file(d, path);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = io_read_up_to(fd, buf_reserve(out, max + 1), max + 1);
	close(fd);
	if (n < 0)
		return -1;
	if ((size_t)n > max) {
		errno = EFBIG;
		return -1;
	}
	out->len += (size_t)n;
	return 0;
}

/* Go through a folder; one that is not there has no names. */
static int
listing_run(struct listing *l, listing_each *each)
{
	int fd = logdir_openat(l->d, l->folder, O_DIRECTORY), rc = 0, saved;
	char path[PATH_MAX];
	struct dirent *e;
	DIR *dir;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	if ((dir = fdopendir(fd)) == NULL) {
		close(fd);
		return -1;
	}
	while (rc >= 0 && (errno = 0, e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if ((rc = each(l, e->d_name)) != 1 || l->strange == NULL)
			continue;
		snprintf(path, sizeof(path), "%s%s%s",
		    strcmp(l->folder, ".") == 0 ? "" : l->folder,
		    strcmp(l->folder, ".") == 0 ? "" : "/", e->d_name);
		l->strange(l->cookie, path);
	}
	if (e == NULL && errno != 0)
		rc = -1;
	saved = errno;
	closedir(dir);
	errno = saved;
	return rc < 0 ? -1 : 0;
}

/* Room for one more in an array that doubles. */
static void *
listing_grow(void *array, size_t n, size_t size)
{
	if (n == LOGDIR_MAX) {
		errno = EFBIG;
		return NULL;
	}
	if (n < 16 || (n & (n - 1)) != 0)
		return n == 0 ? malloc(16 * size) : array;
	return realloc(array, 2 * n * size);
}

static int
each_segment(struct listing *l, const char *name)
{
	struct logdir *d = l->d;
	char path[PATH_MAX];
	uint64_t first, year, month, day;
	void *grown;

	snprintf(path, sizeof(path), "%s/%s", l->folder, name);
	if (manifest_file_parse(span_str(path), &first) != 0)
		return 1;
	/* manifest_file_parse() has checked the digits */
	num_parse(span_make(path + 9, 4), 9999, &year);
	num_parse(span_make(path + 14, 2), 12, &month);
	num_parse(span_make(path + 17, 2), 31, &day);
	if (year < 1970)
		return 1;
	if ((grown = listing_grow(d->segments, d->n_segments,
		 sizeof(*d->segments))) == NULL)
		return -1;
	d->segments = grown;
	d->segments[d->n_segments++] = (struct logdir_segment){ first,
		(int32_t)utc_days((int)year, (int)month, (int)day), false };
	return 0;
}

static int
each_day(struct listing *l, const char *name)
{
	struct listing day = *l;
	char path[sizeof("segments/") + NAME_MAX];
	char probe[sizeof(path) + 32];
	uint64_t first;

	snprintf(path, sizeof(path), "segments/%s", name);
	snprintf(probe, sizeof(probe), "%s/000000000000.ev1.gz", path);
	if (manifest_file_parse(span_str(probe), &first) != 0)
		return 1;
	day.folder = path;
	return listing_run(&day, each_segment);
}

static int
each_number(const char *name, uint64_t **array, size_t *n)
{
	uint64_t number;
	void *grown;

	if (strlen(name) == 16 && strspn(name, "0123456789") == 12 &&
	    strcmp(name + 12, ".tmp") == 0)
		return 0; /* a writer's, before it is renamed */
	if (strlen(name) != 12 ||
	    num_parse(span_str(name), UINT64_MAX, &number) != 0)
		return 1;
	if ((grown = listing_grow(*array, *n, sizeof(**array))) == NULL)
		return -1;
	*array = grown;
	(*array)[(*n)++] = number;
	return 0;
}

static int
each_manifest(struct listing *l, const char *name)
{
	return each_number(name, &l->d->manifests, &l->d->n_manifests);
}

static int
each_checkpoint(struct listing *l, const char *name)
{
	return each_number(name, &l->d->checkpoints, &l->d->n_checkpoints);
}

/* "<index>-<sha256, 16 hex>" */
static int
each_quarantined(struct listing *l, const char *name)
{
	size_t digits = strspn(name, "0123456789");

	(void)l;
	return !(digits > 0 && name[digits] == '-' &&
	    strspn(name + digits + 1, "0123456789abcdef") == 16 &&
	    name[digits + 17] == '\0');
}

/* "<size>-<sha256, 16 hex>.tsr", or a writer's before it is renamed */
static int
each_token(struct listing *l, const char *name)
{
	(void)l;
	return !(strspn(name, "0123456789") == 12 && name[12] == '-' &&
	    strspn(name + 13, "0123456789abcdef") == 16 &&
	    (strcmp(name + 29, ".tsr") == 0 ||
		strcmp(name + 29, ".tsr.tmp") == 0));
}

static int
each_name(struct listing *l, const char *name)
{
	static const char *const known[] = { "log", "checkpoint", "checkpoints",
		"epochs", "segments", "manifests", "quarantine", "lock", "tile",
		"tokens", "predecessor", "outside", "reserve", "checkpoint.tmp",
		"log.tmp" };

	(void)l;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(name, known[i]) == 0)
			return 0;
	return 1;
}

static int
by_first(const void *a, const void *b)
{
	const struct logdir_segment *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->day > y->day) - (x->day < y->day);
}

static int
by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int
logdir_list_segments(struct logdir *d, logdir_strange *strange, void *cookie,
    const char **name)
{
	struct listing l = { d, "segments", strange, cookie };

	logdir_forget(d);
	*name = l.folder;
	if (listing_run(&l, each_day) != 0)
		return -1;
	if (d->n_segments > 0)
		qsort(d->segments, d->n_segments, sizeof(*d->segments),
		    by_first);
	return 0;
}

int
logdir_list(struct logdir *d, logdir_strange *strange, void *cookie,
    const char **name)
{
	static const struct {
		const char *folder;
		listing_each *each;
	} rest[] = { { ".", each_name }, { "manifests", each_manifest },
		{ "checkpoints", each_checkpoint },
		{ "quarantine", each_quarantined }, { "tokens", each_token } };

	if (logdir_list_segments(d, strange, cookie, name) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		struct listing l = { d, rest[i].folder, strange, cookie };

		*name = l.folder;
		if (listing_run(&l, rest[i].each) != 0)
			return -1;
	}
	if (d->n_manifests > 0)
		qsort(d->manifests, d->n_manifests, sizeof(uint64_t),
		    by_number);
	if (d->n_checkpoints > 0)
		qsort(d->checkpoints, d->n_checkpoints, sizeof(uint64_t),
		    by_number);
	return 0;
}

bool
logdir_has(const uint64_t *array, size_t n, uint64_t number)
{
	return n > 0 && bsearch(&number, array, n, sizeof(number), by_number);
}

void
logdir_path(const struct logdir *d, size_t i, char out[MANIFEST_FILE])
{
	manifest_file_print(d->segments[i].first,
	    (uint64_t)d->segments[i].day * (uint64_t)UTC_DAY, out);
}

int
logdir_manifest(const struct logdir *d, uint64_t segment, struct manifest *m,
    uint8_t hash[SHA256_LEN])
{
	struct buf text;
	unsigned line;
	char path[48];
	int rc;

	snprintf(path, sizeof(path), "manifests/%012llu",
	    (unsigned long long)segment);
	buf_init(&text);
	rc = logdir_read(d, path, MANIFEST_MAX, &text);
	if (rc == 0 &&
	    (manifest_parse(buf_view(&text), m, &line) != 0 ||
		m->segment != segment)) {
		errno = EBADMSG;
		rc = -1;
	}
	if (rc == 0)
		sha256(buf_view(&text), hash);
	buf_fini(&text);
	return rc;
}

/* Manifests stay, without a gap, so their numbers can be searched. */
int
logdir_manifest_find(const struct logdir *d, uint64_t index, struct manifest *m,
    uint8_t hash[SHA256_LEN])
{
	uint64_t lo = 0, step = 1;

	for (;;) { /* the records before segment lo lie before index */
		if (logdir_manifest(d, lo + step - 1, m, hash) == 0) {
			if (m->first <= index && index <= m->last)
				return 0;
			if (m->last < index) {
				lo += step;
				step *= 2;
				continue;
			}
		} else if (errno != ENOENT || step == 1)
			return -1;
		if (step == 1) {
			errno = ENOENT;
			return -1;
		}
		step /= 2;
	}
}

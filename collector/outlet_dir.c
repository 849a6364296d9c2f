/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/outlet_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"

#define PART (1u << 20) /* bytes of a file copied at once */
#define TAIL 4096u /* bytes of a growing file compared and copied at once */

static int
say_errno(const struct outlet *o, const struct anchored *l, const char *path)
{
	if (!o->quiet)
		log_errno(tr("log '%s': cannot copy '%s' to '%s'",
			      "ログ「%s」: 「%s」を「%s」へ複写できません"),
		    l->conf->name, path, o->where);
	return -1;
}

static int
say_differs(const struct outlet *o, const struct anchored *l, const char *path)
{
	log_error(tr("log '%s': ALARM: '%s' is not what was copied to "
		     "'%s' before; the copy is kept",
		      "ログ「%s」: 警報: 「%s」が、以前「%s」へ複写した"
		      "ものと異なります。控えはそのまま残します"),
	    l->conf->name, path, o->where);
	return 1;
}

/* Open the log's folder outside, and make those that path lies in. */
static int
open_folder(const struct outlet *o, const struct anchored *l, const char *path)
{
	const struct outlet_dir *od = (const struct outlet_dir *)o;
	const char *slash;
	char dir[4096], sub[64];
	int fd;

	if (io_join(dir, sizeof(dir), od->dir, l->conf->label) != 0 ||
	    (mkdir(dir, 0755) != 0 && errno != EEXIST) ||
	    (fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return -1;
	for (slash = strchr(path, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		snprintf(sub, sizeof(sub), "%.*s", (int)(slash - path), path);
		if (mkdirat(fd, sub, 0755) != 0 && errno != EEXIST) {
			close(fd);
			return -1;
		}
	}
	return fd;
}

/* Write, and see that the medium has it. */
static int
replace(int dir, const char *path, struct span bytes)
{
	struct buf back;
	int rc = io_replace_at(dir, path, 0644, bytes);

	buf_init(&back);
	if (rc == 0 &&
	    (rc = io_read_file_at(dir, path, bytes.len, &back)) == 0 &&
	    !span_eq(buf_view(&back), bytes)) {
		errno = EIO;
		rc = -1;
	}
	buf_fini(&back);
	return rc;
}

/*
 * What is to happen where there is something already: 1 write, 0 leave it, -1
 * it is something else.
 */
static int
compare(struct anchored *l, struct span there, struct span bytes,
    enum carry_how how, const char *where)
{
	struct checkpoint ours, theirs;
	struct note n;
	uint64_t size;

	if (span_eq(there, bytes))
		return 0;
	if (how == CARRY_GROWS && span_starts(bytes, there))
		return 1;
	if (how != CARRY_NEWEST ||
	    checkpoint_read(there, &n, &theirs) != NOTE_OK ||
	    checkpoint_read(bytes, &n, &ours) != NOTE_OK)
		return -1;
	if (theirs.size < ours.size)
		return 1;
	(void)anchored_judge(l, there, where, &size);
	return -1;
}

static int
dir_file(struct outlet *o, struct anchored *l, const char *path,
    struct span bytes, enum carry_how how)
{
	int todo = 1, rc = 0, dir = open_folder(o, l, path);
	struct buf there;

	if (dir < 0)
		return say_errno(o, l, path);
	buf_init(&there);
	if (io_read_file_at(dir, path, bytes.len + NOTE_MAX, &there) == 0)
		todo = compare(l, buf_view(&there), bytes, how, o->where);
	else if (errno == EFBIG)
		todo = -1;
	else if (errno != ENOENT)
		rc = say_errno(o, l, path);
	if (todo < 0)
		rc = say_differs(o, l, path);
	else if (rc == 0 && todo > 0 && replace(dir, path, bytes) != 0)
		rc = say_errno(o, l, path);
	buf_fini(&there);
	close(dir);
	return rc;
}

void
outlet_dir_ask(struct outlet_dir *o, struct anchored *l)
{
	char path[4096];
	struct buf note;
	uint64_t size;
	int rc = io_join(path, sizeof(path), o->dir, l->conf->label);

	buf_init(&note);
	if (rc == 0 && strlen(path) + sizeof("/checkpoint") <= sizeof(path) &&
	    io_read_file(strcat(path, "/checkpoint"), NOTE_MAX, &note) == 0)
		(void)anchored_judge(l, buf_view(&note), o->dir, &size);
	buf_fini(&note);
}

/* The end of what is there stands at the same place in what we have. */
static bool
is_beginning(int there, int ours, uint64_t len)
{
	uint8_t a[TAIL], b[TAIL];
	size_t n = len < TAIL ? (size_t)len : TAIL;
	off_t at = (off_t)(len - n);

	return pread(there, a, n, at) == (ssize_t)n &&
	    pread(ours, b, n, at) == (ssize_t)n && memcmp(a, b, n) == 0;
}

/* Torn by a power cut, it is still a beginning. */
static int
append_parts(int there, int ours, uint64_t from, uint64_t len)
{
	uint8_t part[TAIL];
	size_t n;

	for (; from < len; from += n) {
		n = len - from < TAIL ? (size_t)(len - from) : TAIL;
		if (pread(ours, part, n, (off_t)from) != (ssize_t)n ||
		    io_pwrite_all(there, part, n, (off_t)from) != 0)
			return -1;
	}
	return fsync(there);
}

static int
dir_append(struct outlet *o, struct anchored *l, const char *path, int fd,
    uint64_t len)
{
	int there = -1, rc, dir = open_folder(o, l, path);
	struct stat st;

	if (dir >= 0)
		there = openat(dir, path,
		    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (there < 0 || fstat(there, &st) != 0)
		rc = say_errno(o, l, path);
	else if ((uint64_t)st.st_size > len ||
	    !is_beginning(there, fd, (uint64_t)st.st_size))
		rc = say_differs(o, l, path);
	else if ((rc = append_parts(there, fd, (uint64_t)st.st_size, len)) != 0)
		rc = say_errno(o, l, path);
	if (there >= 0)
		close(there);
	if (dir >= 0)
		close(dir);
	return rc;
}

/* Hash all of from, and write it to to if that is not -1. */
static int
pass(int from, int to, uint8_t hash[SHA256_LEN], uint64_t *len)
{
	uint8_t *part = malloc(PART);
	struct sha256 h;
	ssize_t n = -1;

	*len = 0;
	sha256_init(&h);
	while (part != NULL && (n = io_read_up_to(from, part, PART)) > 0) {
		sha256_update(&h, part, (size_t)n);
		*len += (uint64_t)n;
		if (to >= 0 && io_write_all(to, part, (size_t)n) != 0) {
			n = -1;
			break;
		}
	}
	sha256_final(&h, hash);
	free(part);
	return n == 0 ? 0 : -1;
}

static bool
is_segment(const struct manifest *m, const uint8_t hash[SHA256_LEN],
    uint64_t len)
{
	return len == m->gzip_len &&
	    memcmp(hash, m->gzip_hash, SHA256_LEN) == 0;
}

/* Copy into tmp and read it back from the medium: 0, -1, or -2 wrong bytes. */
static int
segment_write(int dir, const char *tmp, const struct manifest *m, int fd)
{
	uint8_t hash[SHA256_LEN];
	uint64_t len;
	int rc = -1,
	    to = openat(dir, tmp,
		O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (to < 0)
		return -1;
	if (pass(fd, to, hash, &len) == 0 && fsync(to) == 0)
		rc = is_segment(m, hash, len) ? 0 : -2;
	if (rc == 0) {
		(void)posix_fadvise(to, 0, 0,
		    POSIX_FADV_DONTNEED); /* or it is read from memory */
		if (lseek(to, 0, SEEK_SET) != 0 ||
		    pass(to, -1, hash, &len) != 0)
			rc = -1;
		else if (!is_segment(m, hash, len)) {
			errno = EIO;
			rc = -1;
		}
	}
	if (close(to) != 0 && rc == 0)
		rc = -1;
	if (rc != 0)
		unlinkat(dir, tmp, 0);
	return rc;
}

static int
segment_copy(const struct outlet *o, const struct anchored *l, int dir,
    const struct manifest *m, int fd)
{
	char tmp[MANIFEST_FILE + 4];
	int rc;

	snprintf(tmp, sizeof(tmp), "%s.tmp", m->file);
	rc = segment_write(dir, tmp, m, fd);
	if (rc == -2) {
		log_error(tr("log '%s': ALARM: '%s' is not what its "
			     "manifest says: it is not copied",
			      "ログ「%s」: 警報: 「%s」がマニフェストと"
			      "一致しません。複写しません"),
		    l->conf->name, m->file);
		return 1;
	}
	if (rc != 0 || renameat(dir, tmp, dir, m->file) != 0 || fsync(dir) != 0)
		return say_errno(o, l, m->file);
	return 0;
}

/*
 * One of the right length was compared when it was written: to read all of
 * them again is what konseki-verify is for.
 */
static int
dir_segment(struct outlet *o, struct anchored *l, const struct manifest *m,
    int fd)
{
	int rc, dir = open_folder(o, l, m->file);
	struct stat st;

	if (dir < 0)
		return say_errno(o, l, m->file);
	if (fstatat(dir, m->file, &st, AT_SYMLINK_NOFOLLOW) != 0)
		rc = errno == ENOENT ? segment_copy(o, l, dir, m, fd)
				     : say_errno(o, l, m->file);
	else
		rc = S_ISREG(st.st_mode) && (uint64_t)st.st_size == m->gzip_len
		    ? 0
		    : say_differs(o, l, m->file);
	close(dir);
	return rc;
}

void
outlet_dir_init(struct outlet_dir *o, const char *dir)
{
	*o = (struct outlet_dir){ .outlet = { .file = dir_file,
				      .append = dir_append,
				      .segment = dir_segment,
				      .where = dir },
		.dir = dir };
}

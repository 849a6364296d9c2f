/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"

static char top[256];
static int dir;

static struct span
slurp(const char *name, struct buf *b)
{
	b->len = 0;
	if (io_read_file_at(dir, name, 1 << 20, b) != 0)
		return SPAN("?");
	return buf_view(b);
}

static bool
is_there(const char *name)
{
	return faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
check_replace(struct buf *b)
{
	struct stat st;
	char path[300];

	ok(io_replace_at(dir, "a", 0640, SPAN("one")) == 0, "a new file");
	ok(span_is(slurp("a", b), "one"), "has its bytes");
	ok(io_replace_at(dir, "a", 0664, SPAN("two")) == 0 &&
		span_is(slurp("a", b), "two"),
	    "and is replaced");
	ok(fstatat(dir, "a", &st, 0) == 0 && (st.st_mode & 0777) == 0664,
	    "with the mode asked for, whatever the umask");
	ok(!is_there("a.tmp"), "nothing else is left");

	/* A stale or hostile a.tmp must not be written through. */
	ok(symlinkat("victim", dir, "a.tmp") == 0 &&
		io_replace_at(dir, "a", 0600, SPAN("three")) == 0 &&
		!is_there("victim") && span_is(slurp("a", b), "three"),
	    "a link in its way is replaced, not followed");
	mkdirat(dir, "d", 0755);
	ok(io_replace_at(dir, "d", 0600, SPAN("x")) == -1 && !is_there("d.tmp"),
	    "a folder cannot be replaced, and no tmp is left");
	snprintf(path, sizeof(path), "%s/d/sub", top);
	ok(io_replace_at(AT_FDCWD, path, 0600, SPAN("four")) == 0 &&
		span_is(slurp("d/sub", b), "four"),
	    "by a whole path");
	ok(io_replace_at(dir, "d/sub", 0600, SPAN("")) == 0 &&
		slurp("d/sub", b).len == 0,
	    "in a folder below, by nothing");
	ok(io_replace_at(dir, "none/x", 0600, SPAN("")) == -1 &&
		errno == ENOENT,
	    "no folder, no file");
}

static void
check_read(struct buf *b)
{
	char path[300];

	io_replace_at(dir, "five", 0600, SPAN("12345"));
	snprintf(path, sizeof(path), "%s/five", top);
	b->len = 0;
	buf_str(b, "0");
	ok(io_read_file(path, 5, b) == 0 && span_is(buf_view(b), "012345"),
	    "a file is appended");
	ok(io_read_file(path, 4, b) == -1 && errno == EFBIG && b->len == 6,
	    "one that is too long is not");
	ok(io_read_file_at(dir, "d", 99, b) == -1 && errno == EINVAL,
	    "a folder is no file");
	ok(mkfifoat(dir, "fifo", 0600) == 0 &&
		io_read_file_at(dir, "fifo", 99, b) == -1 && errno == EINVAL,
	    "a FIFO is refused without waiting for it");
	ok(symlinkat("five", dir, "link") == 0 &&
		io_read_file_at(dir, "link", 99, b) == -1 && errno == ELOOP,
	    "a link is not followed beside a folder");
	snprintf(path, sizeof(path), "%s/link", top);
	ok(io_read_file(path, 99, b) == 0, "by a path it is");
	ok(io_read_file("/nonexistent", 99, b) == -1 && errno == ENOENT,
	    "a file that is not there");
	b->len = 0;
	ok(io_read_file("/proc/self/stat", 9999, b) == 0 && b->len > 0,
	    "a file that says it is empty is read to its end");
	b->len = 0;
	ok(io_read_file("/proc/self/stat", 10, b) == -1 && errno == EFBIG &&
		b->len == 0,
	    "but no further than allowed");
}

static void
check_folders(void)
{
	char path[300], out[16];
	struct stat st;

	snprintf(path, sizeof(path), "%s/x/y//z/", top);
	ok(io_mkdirs(path, 0750) == 0 && stat(path, &st) == 0 &&
		S_ISDIR(st.st_mode),
	    "folders in folders");
	ok(io_mkdirs(path, 0750) == 0, "again is fine");
	snprintf(path, sizeof(path), "%s/five", top);
	ok(io_mkdirs(path, 0750) == -1 && errno == ENOTDIR,
	    "a file in the way is not");
	ok(io_mkdirs("", 0750) == -1 && errno == ENOENT, "nor is no name");
	ok(io_sync_dir(top) == 0, "a folder is synced");
	ok(io_sync_dir(path) == -1 && errno == ENOTDIR, "a file is none");

	ok(io_join(out, sizeof(out), "a", "b") == 0 && !strcmp(out, "a/b"),
	    "join");
	ok(io_join(out, sizeof(out), "a/", "b") == 0 && !strcmp(out, "a/b"),
	    "join behind a slash");
	ok(io_join(out, sizeof(out), "a", "/b") == 0 && !strcmp(out, "/b"),
	    "an absolute name stands alone");
	ok(io_join(out, sizeof(out), NULL, "b") == 0 && !strcmp(out, "b") &&
		io_join(out, sizeof(out), "", "b") == 0 && !strcmp(out, "b"),
	    "a name without a folder");
	ok(io_join(out, sizeof(out), "12345678", "123456") == 0,
	    "what fits exactly");
	ok(io_join(out, sizeof(out), "12345678", "1234567") == -1 &&
		errno == ENAMETOOLONG,
	    "one more does not");
}

static void
nothing(int sig)
{
	(void)sig;
}

/* The other end of a pipe: signals whoever reads or writes, byte by byte. */
struct peer {
	pthread_t target;
	int fd;
	bool writes;
	size_t n;
	size_t bad; /* bytes read that are not their index mod 251 */
};

static void *
dribble(void *arg)
{
	struct peer *p = arg;
	char c[777];
	size_t i = 0, k;
	ssize_t n;

	while (i < p->n) {
		pthread_kill(p->target, SIGUSR1);
		memset(c, 'x', sizeof(c));
		n = p->writes ? write(p->fd, c, 1) : read(p->fd, c, sizeof(c));
		if (n <= 0)
			break;
		for (k = 0; k < (size_t)n; k++, i++)
			p->bad += !p->writes && (uint8_t)c[k] != i % 251;
	}
	p->n = i;
	close(p->fd);
	return NULL;
}

static void
check_short(void)
{
	static char big[300000], got[1000];
	struct sigaction sa = { .sa_handler = nothing };
	struct peer p = { .target = pthread_self(), .writes = true, .n = 500 };
	pthread_t t;
	int fd[2];
	size_t i;

	for (i = 0; i < sizeof(big); i++)
		big[i] = (char)(i % 251);
	sigaction(SIGUSR1, &sa, NULL); /* without SA_RESTART: EINTR */
	if (pipe(fd) != 0)
		abort();
	p.fd = fd[1];
	pthread_create(&t, NULL, dribble, &p);
	ok(io_read_up_to(fd[0], got, sizeof(got)) == 500,
	    "what comes byte by byte is read to its end");
	pthread_join(t, NULL);
	close(fd[0]);
	if (pipe(fd) != 0)
		abort();
	p = (struct peer){ .target = pthread_self(),
		.fd = fd[0],
		.n = sizeof(big) };
	pthread_create(&t, NULL, dribble, &p);
	ok(io_write_all(fd[1], big, sizeof(big)) == 0,
	    "a slow reader gets all");
	close(fd[1]);
	pthread_join(t, NULL);
	ok(p.n == sizeof(big) && p.bad == 0, "each byte in its place");
	ok(io_write_all(-1, "x", 1) == -1 && errno == EBADF &&
		io_read_up_to(-1, got, 1) == -1 && errno == EBADF,
	    "errors come back");
}

static void
check_pwrite(struct buf *b)
{
	int fd = openat(dir, "five", O_RDWR | O_CLOEXEC);

	ok(io_pwrite_all(fd, "ab", 2, 1) == 0 &&
		span_is(slurp("five", b), "1ab45"),
	    "written at its place");
	close(fd);
	ok(io_pwrite_all(fd, "ab", 2, 1) == -1 && errno == EBADF,
	    "or an error");
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char rm[300];
	struct buf b;

	snprintf(top, sizeof(top), "%s/konseki-io.XXXXXX",
	    tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(top) == NULL ||
	    (dir = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return 99;
	umask(077);
	buf_init(&b);
	check_replace(&b);
	check_read(&b);
	check_folders();
	check_pwrite(&b);
	check_short();
	buf_fini(&b);
	close(dir);
	snprintf(rm, sizeof(rm), "rm -rf '%s'", top);
	return system(rm) != 0 ? 99 : done();
}

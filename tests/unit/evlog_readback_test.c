/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/hex.h"
#include "common/io.h"
#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"

/*
 * Closed segments are read back: something happens to a file between its close
 * and that, by the same file system.
 */
#define DAY UINT64_C(86400000000)

static _Atomic unsigned reads; /* segments that were begun */
static unsigned victim;	       /* the one, by its turn, that is damaged */
static int fail_errno;
static void (*damage)(const char *path);
static char victim_path[200]; /* its file */
static struct buf whole;      /* and what it held */

static void
write_file(const char *path, struct span bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);

	if (fd < 0 || io_write_all(fd, bytes.p, bytes.len) != 0 ||
	    fsync(fd) != 0 || close(fd) != 0)
		abort();
}

static void
flip_last(const char *path)
{
	whole.p[whole.len - 1] ^= 1;
	write_file(path, buf_view(&whole));
	whole.p[whole.len - 1] ^= 1;
}

static void
flip_first(const char *path)
{
	whole.p[0] ^= 0x80;
	write_file(path, buf_view(&whole));
	whole.p[0] ^= 0x80;
}

static void
cut(const char *path)
{
	if (truncate(path, (off_t)whole.len - 1) != 0)
		abort();
}

static void
lengthen(const char *path)
{
	if (truncate(path, (off_t)whole.len + 5000) != 0)
		abort();
}

static void
take_away(const char *path)
{
	if (unlink(path) != 0)
		abort();
}

static void
fail(const char *path)
{
	(void)path;
	fail_errno = EIO;
}

/* The file of a closed segment. */
static void
segment_path(unsigned number, char path[200])
{
	struct manifest m;
	struct buf text;
	unsigned line;

	snprintf(path, 200, "%s/manifests/%012u", lib_dir, number);
	buf_init(&text);
	if (io_read_file(path, MANIFEST_MAX, &text) != 0 ||
	    manifest_parse(buf_view(&text), &m, &line) != 0)
		abort();
	buf_fini(&text);
	snprintf(path, 200, "%s/%s", lib_dir, m.file);
}

static void
hurt(const char *path)
{
	memcpy(victim_path, path, sizeof(victim_path));
	whole.len = 0;
	if (io_read_file(path, 1u << 28, &whole) != 0)
		abort();
	damage(path);
}

static unsigned victim_segment;

static int
on_step(void *cookie, const char *name)
{
	char path[200];

	(void)cookie;
	if (strcmp(name, "readback") != 0)
		return 0;
	fail_errno = 0;
	if (reads + 1 == victim) {
		segment_path(victim_segment, path);
		hurt(path);
	}
	reads++;
	return fail_errno;
}

static void
give_way(void)
{
	struct timespec t = { 0, 1000000 };

	evlog_tick(lib_log);
	nanosleep(&t, NULL);
}

/* victim: which read, of which segment. */
static uint32_t
begin(unsigned turn, unsigned segment)
{
	uint32_t stream;

	victim = turn;
	victim_segment = segment;
	reads = 0;
	lib_opt.workers = 2;
	lib_opt.step = on_step;
	if (lib_open() != EVLOG_OK ||
	    evlog_stream(lib_log, SPAN(WORDS), &stream) != EVLOG_OK)
		abort();
	return stream;
}

/* Close a segment with a record, and wait until n were begun to be read. */
static void
close_segment(uint32_t stream, unsigned n)
{
	if (lib_append(stream, 1000, "a record") != EVLOG_OK)
		abort();
	evlog_rotate(lib_log);
	while (reads < n)
		give_way();
}

static void
wait_damage(struct evlog_damage *d)
{
	while (!evlog_readback(lib_log, d))
		give_way();
}

/* What the g1 must say. */
static void
expect(const struct evlog_damage *d, char out[600])
{
	char want[65] = "", found[65] = "-", number[24] = "-", code[24] = "-";

	hex_print(d->hash, SHA256_LEN, want);
	if (d->error == 0) {
		hex_print(d->found, SHA256_LEN, found);
		snprintf(number, sizeof(number), "%llu",
		    (unsigned long long)d->found_len);
	} else
		snprintf(code, sizeof(code), "%d", d->error);
	snprintf(out, 600,
	    "g1 kind=readback stream=- listener=- count=%llu bytes=%zu "
	    "from=%llu until=%llu file=%s expected=%s found=%s length=%s "
	    "errno=%s",
	    (unsigned long long)(d->last - d->first + 1), whole.len,
	    (unsigned long long)d->time_low, (unsigned long long)d->time_high,
	    d->file, want, found, number, code);
}

static const struct row {
	const char *name;
	void (*damage)(const char *path);
	int error;
} rows[] = {
	{ "the last bit of the file", flip_last, 0 },
	{ "the first", flip_first, 0 },
	{ "a byte less", cut, 0 },
	{ "more than was written", lengthen, 0 },
	{ "no file", take_away, ENOENT },
	{ "a disk that fails", fail, EIO },
};

static void
test_row(const struct row *row)
{
	uint8_t hash[SHA256_LEN];
	struct evlog_damage d;
	char want[600];
	struct buf now;
	struct audit a;
	uint32_t stream;

	lib_begin();
	damage = row->damage;
	stream = begin(1, 0);
	close_segment(stream, 1);
	wait_damage(&d);
	ok(d.known && d.error == row->error && d.first == 0 &&
		strstr(victim_path, d.file) != NULL && d.len == whole.len,
	    "%s: it is told", row->name);
	sha256(buf_view(&whole), hash);
	ok(memcmp(hash, d.hash, SHA256_LEN) == 0, "with what was written");
	buf_init(&now);
	(void)io_read_file(victim_path, 1u << 28, &now);
	sha256(buf_view(&now), hash);
	ok(row->error != 0 ||
		(memcmp(hash, d.found, SHA256_LEN) == 0 &&
		    d.found_len == now.len),
	    "and what is there");
	buf_fini(&now);
	expect(&d, want);
	close_segment(stream, 2);
	close_segment(stream, 3);
	ok(!evlog_readback(lib_log, &d), "the next one is fine");
	write_file(victim_path, buf_view(&whole));
	ok(lib_close() == EVLOG_OK, "the log goes on");
	stream = begin(0, 0);
	close_segment(stream, 4);
	ok(!evlog_readback(lib_log, &d) && lib_close() == EVLOG_OK,
	    "healed, it is fine at the next start");
	audit_log(&a);
	ok(a.ok && a.sealed == a.records, "audit");
	ok(audit_count(&a, "kind=readback") == 1 && audit_count(&a, want) == 1,
	    "one g1 says it all");
	audit_fini(&a);
	lib_end();
}

/* What was damaged while no writer ran is found after the start. */
static void
test_start(void)
{
	struct evlog_damage d;
	struct audit a;
	uint32_t stream;
	char path[200];

	lib_begin();
	stream = begin(0, 0);
	close_segment(stream, 1);
	close_segment(stream, 2);
	lib_close();
	damage = flip_last;
	segment_path(1, path);
	hurt(path);
	begin(0, 0);
	while (reads < 2)
		give_way();
	lib_close();
	ok(true, "a close does not wait for anybody who wants to know");
	begin(0, 0);
	wait_damage(&d);
	ok(strstr(path, d.file) != NULL && d.error == 0,
	    "the start finds what happened in between");
	write_file(path, buf_view(&whole));
	lib_close();
	audit_log(&a);
	ok(a.ok && audit_count(&a, "kind=readback") >= 1, "audit");
	audit_fini(&a);
	lib_end();
}

/* Only what a writer may have left unread is read again. */
static void
test_days(void)
{
	struct evlog_damage d;
	uint32_t stream;
	char path[200];

	lib_begin();
	stream = begin(0, 0);
	close_segment(stream, 1);
	lib_pass(4 * DAY);
	close_segment(stream, 2);
	close_segment(stream, 3);
	lib_close();
	damage = flip_last;
	segment_path(0, path);
	hurt(path);
	stream = begin(3, 3);
	close_segment(stream, 3);
	wait_damage(&d);
	segment_path(3, path);
	ok(strstr(path, d.file) != NULL, "two of three are read once more");
	lib_close();
	lib_end();
}

static struct buf manifest;

/* That of the segment which is read next. */
static void
cut_manifest(const char *segment)
{
	char path[200];

	(void)segment;
	snprintf(path, sizeof(path), "%s/manifests/000000000001", lib_dir);
	if (io_read_file(path, MANIFEST_MAX, &manifest) != 0 ||
	    truncate(path, 100) != 0)
		abort();
}

/* A manifest that cannot be believed is as bad. */
static void
test_manifest(void)
{
	struct evlog_damage d;
	struct audit a;
	uint32_t stream;
	char path[200];

	lib_begin();
	stream = begin(0, 0);
	close_segment(stream, 1);
	close_segment(stream, 2);
	lib_close();
	damage = cut_manifest;
	buf_init(&manifest);
	begin(1, 0);
	wait_damage(&d);
	ok(!d.known && d.error == EBADMSG &&
		strcmp(d.file, "manifests/000000000001") == 0,
	    "a manifest that is none");
	snprintf(path, sizeof(path), "%s/%s", lib_dir, d.file);
	write_file(path, buf_view(&manifest));
	buf_fini(&manifest);
	lib_close();
	audit_log(&a);
	ok(a.ok &&
		audit_count(&a,
		    "g1 kind=readback stream=- listener=- count=- bytes=- "
		    "from=- until=- file=manifests/000000000001 expected=- "
		    "found=- length=- errno=74") == 1,
	    "is told as well");
	audit_fini(&a);
	lib_end();
}

/* A file of many blocks, and an end in the middle of it. */
static void
test_end(void)
{
	static char line[60000];
	struct evlog_damage d;
	struct audit a;
	uint32_t stream;
	unsigned i, seed = 1;

	lib_begin();
	damage = flip_last;
	stream = begin(0, 0);
	for (i = 0; i < sizeof(line) - 1; i++) {
		seed = seed * 1103515245u + 12345u;
		line[i] = (char)('!' + seed / 65536 % 94);
	}
	for (i = 0; i < 50; i++) {
		memmove(line + 1, line, sizeof(line) - 2);
		line[0] = (char)('!' + i);
		while (lib_append(stream, 1000, line) != EVLOG_OK)
			give_way();
	}
	close_segment(stream, 1);
	ok(lib_close() == EVLOG_OK, "a close in the middle of a file");
	stream = begin(2, 1);
	close_segment(stream, 2);
	wait_damage(&d);
	ok(d.first > 0, "all blocks of the first are what they were");
	write_file(victim_path, buf_view(&whole));
	lib_close();
	audit_log(&a);
	ok(a.ok && audit_count(&a, "kind=readback") == 1, "audit");
	audit_fini(&a);
	lib_end();
}

int
main(void)
{
	size_t i;

	buf_init(&whole);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		test_row(&rows[i]);
	test_start();
	test_days();
	test_manifest();
	test_end();
	buf_fini(&whole);
	return done();
}

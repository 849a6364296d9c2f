/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/inflate.h"
#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"
#include "verify/verify.h"

/*
 * A small sealed log by the real writer: two closed segments, an open one, two
 * epochs, a restart.  Then every bit of every file is flipped once, and every
 * file cut at every byte: the verifier must name that file each time.
 *
 * One thing is no change: in the open segment, whose compressed bytes nothing
 * commits to yet, a bit that leaves every inflated byte as it was.
 */
static char files[64][128];
static size_t n_files;
static struct buf whole; /* the file that is being changed */

static int
collect(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type == FTW_F && st->st_size > 0 && n_files < 64)
		snprintf(files[n_files++], sizeof(files[0]), "%.127s",
		    path + strlen(lib_dir) + 1);
	return 0;
}

static void
build(void)
{
	uint32_t udp, tcp;

	lib_begin();
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &udp);
	evlog_stream(lib_log,
	    SPAN("listener=l2 transport=tcp local=192.0.2.1:601 peer=192.0.2.7 "
		 "port=2000 framing=lf tls=% name=% replay=no"),
	    &tcp);
	lib_append(udp, 1000, "<13>one");
	lib_append(tcp, 0, "<13>two\n");
	evlog_seal(lib_log, true);
	lib_append(udp, 1001, "e1 1 1 - 3\nabc");
	evlog_rotate(lib_log);
	lib_append(tcp, 0, "<13>two\n<13>two\n");
	lib_pass(700000000); /* the epoch ends */
	evlog_tick(lib_log);
	lib_append(tcp, 0, "<13>three\n");
	evlog_stream_end(lib_log, tcp, "eof");
	evlog_rotate(lib_log);
	lib_close();
	lib_pass(5000000);
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &udp);
	lib_append(udp, 1000, "<13>four");
	evlog_seal(lib_log, true);
}

static const char *
path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%.128s", lib_dir, name);
	return path;
}

static enum verify_verdict
verify(struct verify_result *r)
{
	char pin[128];
	struct verify_options opt = { .dir = lib_dir, .pin = pin };

	snprintf(pin, sizeof(pin), "%s/pin", lib_base);
	verify_log(&opt, r);
	return r->verdict;
}

/* What a segment file inflates to, as far as it goes. */
static void
inflated(struct span in, struct buf *out)
{
	static struct inflate *z;

	if (z == NULL)
		z = inflate_new();
	inflate_reset(z);
	out->len = 0;
	while (inflate_next(z, &in) == INFLATE_MEMBER)
		buf_span(out, inflate_data(z));
	buf_span(out, inflate_data(z));
}

/* Whether the verifier blames that file, or what commits to it. */
static bool
named(const struct verify_result *r, const char *file)
{
	if (r->bad_what[0] == '\0')
		return false;
	if (strncmp(file, "segments/", 9) == 0 &&
	    strncmp(r->bad_file, "manifests", 9) == 0)
		return true; /* the two disagree */
	if (strncmp(file, "checkpoints/", 12) == 0)
		return strncmp(r->bad_file, "checkpoint", 10) == 0;
	return strcmp(r->bad_file, file) == 0;
}

/* The change is on the disk: is it seen?  open: see above. */
static bool
seen(const char *file, struct span now, bool open)
{
	static struct buf a, b;
	static unsigned complaints;
	struct verify_result r;

	if (verify(&r) != VERIFY_INTACT) {
		if (r.verdict != VERIFY_IMPOSSIBLE && named(&r, file))
			return true;
		if (complaints++ < 10)
			printf("# %d %s: %s\n", (int)r.verdict, r.bad_file,
			    r.bad_what);
		return false;
	}
	if (!open)
		return false;
	inflated(buf_view(&whole), &a);
	inflated(now, &b);
	return span_eq(buf_view(&a), buf_view(&b));
}

/* Nobody writes now: the verifier need not wait for it. */
static void
age(int fd)
{
	const struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };

	futimens(fd, old);
}

static void
flip(const char *file, int fd, bool open)
{
	uint8_t *p = whole.p, byte;
	struct buf copy;
	size_t bit, bad = 0;

	buf_init(&copy);
	buf_append(&copy, p, whole.len);
	for (bit = 0; bit < whole.len * 8; bit++) {
		copy.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		byte = copy.p[bit / 8];
		io_pwrite_all(fd, &byte, 1, (off_t)(bit / 8));
		age(fd);
		if (!seen(file, buf_view(&copy), open)) {
			if (bad++ == 0)
				printf("# bit %zu\n", bit);
		}
		copy.p[bit / 8] = p[bit / 8];
		io_pwrite_all(fd, p + bit / 8, 1, (off_t)(bit / 8));
	}
	age(fd);
	ok(bad == 0, "%s: each of %zu bits", file, bit);
	buf_fini(&copy);
}

static void
cut(const char *file, int fd)
{
	size_t len, bad = 0;

	for (len = whole.len; len-- > 0;) {
		if (ftruncate(fd, (off_t)len) != 0)
			bad++;
		age(fd);
		if (!seen(file, span_make(whole.p, len), false)) {
			if (bad++ == 0)
				printf("# cut at %zu\n", len);
		}
	}
	io_pwrite_all(fd, whole.p, whole.len, 0);
	age(fd);
	ok(bad == 0, "%s: cut at each of %zu bytes", file, whole.len);
}

static void
change(const char *file)
{
	int fd = open(path_of(file), O_RDWR | O_CLOEXEC);
	bool open_segment = strcmp(file, files[n_files - 1]) == 0;

	buf_init(&whole);
	if (fd < 0 || io_read_file(path_of(file), 1 << 20, &whole) != 0)
		abort();
	flip(file, fd, open_segment);
	cut(file, fd);
	close(fd);
	buf_fini(&whole);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

int
main(void)
{
	struct verify_result r;
	struct buf pin;
	FILE *f;

	log_set_lang("en");
	verify_set_lang("en");
	build();
	nftw(lib_dir, collect, 8, FTW_PHYS);
	qsort(files, n_files, sizeof(files[0]), by_name);
	buf_init(&pin);
	io_read_file(path_of("log"), 4096, &pin);
	f = fopen(path_of("../pin"), "w");
	if (f == NULL || fwrite(pin.p, 1, pin.len, f) != pin.len ||
	    fclose(f) != 0)
		abort();
	ok(verify(&r) == VERIFY_INTACT && r.size == r.records &&
		r.segments == 3 && r.epoch > 0,
	    "the log as it was written is intact");
	printf("# %s: %s\n", r.bad_file, r.bad_what);
	for (size_t i = 0; i < n_files; i++)
		change(files[i]);
	ok(verify(&r) == VERIFY_INTACT, "and it is again at the end");
	lib_close();
	ok(verify(&r) == VERIFY_INTACT && r.size == r.records,
	    "and when the writer ended");
	lib_end();
	buf_fini(&pin);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/import/unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "common/io.h"
#include "tests/tap.h"

/* "hello\n" as gzip, its header with a name if there is one. */
static void
gzip(struct buf *out, const void *p, size_t len, const char *name)
{
	z_stream z = { 0 };
	gz_header head = { .os = 255, .name = (Bytef *)(uintptr_t)name };

	deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
	if (name != NULL)
		deflateSetHeader(&z, &head);
	z.next_in = (Bytef *)(uintptr_t)p;
	z.avail_in = (uInt)len;
	z.next_out = buf_reserve(out, deflateBound(&z, len) + 64);
	z.avail_out = (uInt)deflateBound(&z, len) + 64;
	deflate(&z, Z_FINISH);
	out->len += z.total_out;
	deflateEnd(&z);
}

/* What is in it, and how it ended; in blocks of seven bytes. */
static enum unpack_damage
unpack(struct span file, bool as_is, struct buf *text, struct buf *name)
{
	int fd = memfd_create("test", MFD_CLOEXEC);
	enum unpack_damage damage;
	struct unpack *u;
	struct buf why;
	char path[64];
	ssize_t n;

	if (fd < 0 || io_write_all(fd, file.p, file.len) != 0)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	buf_init(&why);
	text->len = name->len = 0;
	u = unpack_open(path, as_is, &why);
	if (u == NULL || unpack_start(u, 0, &why) != 0)
		abort();
	while ((n = unpack_read(u, buf_reserve(text, 7), 7, false)) > 0)
		text->len += (size_t)n;
	buf_span(name, unpack_raw_name(u, 0));
	damage = unpack_damaged(u);
	unpack_close(u);
	close(fd);
	buf_fini(&why);
	return damage;
}

static void
check_gzip(struct buf *text, struct buf *name)
{
	enum unpack_damage damage;
	struct buf file;
	size_t one, i, bad = 0;

	buf_init(&file);
	gzip(&file, "hello\n", 6, "server.log");
	one = file.len;
	ok(unpack(buf_view(&file), false, text, name) == UNPACK_NONE &&
		span_is(buf_view(text), "hello\n") &&
		span_is(buf_view(name), "server.log"),
	    "gzip with a name in its header");
	ok(unpack(buf_view(&file), true, text, name) == UNPACK_NONE &&
		span_eq(buf_view(text), buf_view(&file)) && name->len == 0,
	    "as it is");
	for (i = 18; i < one; i++)
		bad += unpack(span_sub(buf_view(&file), 0, i), false, text,
			   name) != UNPACK_TRUNCATED;
	ok(bad == 0, "cut anywhere it is truncated");
	gzip(&file, "more\n", 5, NULL);
	ok(unpack(buf_view(&file), false, text, name) == UNPACK_NONE &&
		span_is(buf_view(text), "hello\nmore\n"),
	    "two members are one file");
	memset(buf_reserve(&file, 100), 0, 100);
	file.len += 100;
	ok(unpack(buf_view(&file), false, text, name) == UNPACK_NONE &&
		text->len == 11,
	    "zeros behind them are padding");
	buf_byte(&file, 'x');
	ok(unpack(buf_view(&file), false, text, name) == UNPACK_TRAILING &&
		text->len == 11,
	    "other bytes are not");
	file.len = one;
	buf_str(&file, "\x1Fjunk");
	ok(unpack(buf_view(&file), false, text, name) == UNPACK_TRAILING &&
		text->len == 6,
	    "nor if they begin like a member");
	file.len = one;
	file.p[one - 5] ^= 1;
	damage = unpack(buf_view(&file), false, text, name);
	ok(damage == UNPACK_CHECKSUM && text->len == 6, "a wrong checksum: %s",
	    unpack_damage_name(damage));
	file.p[one - 5] ^= 1;
	file.p[21] = 0xFF; /* no kind of block */
	damage = unpack(buf_view(&file), false, text, name);
	ok(damage == UNPACK_CORRUPT, "damaged data: %s",
	    unpack_strerror(damage));
	buf_fini(&file);
}

/* 300 MiB of zeros in 300 kB. */
static void
check_bomb(struct buf *text)
{
	static uint8_t zeros[1 << 20];
	int fd = memfd_create("bomb", MFD_CLOEXEC), any;
	uint64_t len;
	struct unpack *u;
	struct buf file, why;
	char path[64];
	ssize_t n;
	size_t i;

	buf_init(&file);
	buf_init(&why);
	gzip(&file, zeros, sizeof(zeros), NULL);
	for (i = 0; i < 300; i++)
		if (io_write_all(fd, file.p, file.len) != 0)
			abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	u = unpack_open(path, false, &why);
	for (any = 0; u != NULL && any < 2; any++) {
		unpack_start(u, 0, &why);
		buf_reserve(text, sizeof(zeros));
		for (len = 0;
		     (n = unpack_read(u, text->p, sizeof(zeros), any != 0)) > 0;
		     len += (uint64_t)n)
			continue;
		ok(any ? unpack_damaged(u) == UNPACK_NONE && len == 300u << 20
		       : unpack_damaged(u) == UNPACK_BOMB &&
			    len <= UNPACK_FREE + sizeof(zeros),
		    "a bomb is %s", any ? "read if that is wanted" : "stopped");
	}
	unpack_close(u);
	buf_fini(&why);
	buf_fini(&file);
	close(fd);
}

int
main(void)
{
	struct buf text, name;

	buf_init(&text);
	buf_init(&name);
	ok(unpack(SPAN("plain"), false, &text, &name) == UNPACK_NONE &&
		span_is(buf_view(&text), "plain"),
	    "a plain file");
	ok(unpack(SPAN(""), false, &text, &name) == UNPACK_NONE &&
		text.len == 0,
	    "an empty one");
	check_gzip(&text, &name);
	check_bomb(&text);
	buf_fini(&name);
	buf_fini(&text);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/retention_file.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "common/cursor.h"
#include "common/io.h"
#include "evidence/evread.h"

#define CACHE_MAX (64u << 20) /* bytes; a deletion takes some 300 */
#define CACHE_HEAD "konseki retention 1 "

/* Take a cache of this log.  false: it is none; r may hold part of it. */
static bool
cache_take(struct retention *r, struct span in, const char *origin,
    uint64_t *size)
{
	struct cursor c = cursor_make(in);
	struct span line;

	cursor_expect(&c, SPAN(CACHE_HEAD));
	line = cursor_until(&c, ' ');
	*size = cursor_decimal(&c, MANIFEST_INDEX_MAX);
	cursor_expect(&c, SPAN("\n"));
	if (c.bad || !span_is(line, origin))
		return false;
	while (cursor_left(&c) > 0) {
		line = cursor_until(&c, '\n');
		if (c.bad || retention_line_take(r, line) != 0)
			return false;
	}
	return true;
}

static void
forget(struct retention *r)
{
	struct retention *empty = retention_new(), old = *r;

	*r = *empty;
	*empty = old;
	retention_free(empty);
}

/* From the cache: the size it knows, or 0. */
static uint64_t
cache_load(struct retention *r, const char *path, const struct evread *in)
{
	uint64_t size = 0;
	struct buf text;

	if (path == NULL)
		return 0;
	buf_init(&text);
	if (io_read_file(path, CACHE_MAX, &text) != 0 ||
	    !cache_take(r, buf_view(&text), evread_origin(in), &size) ||
	    size > evread_size(in)) {
		forget(r);
		size = 0;
	}
	buf_fini(&text);
	return size;
}

int
retention_load(struct retention *r, struct retention_file *f, struct buf *why)
{
	struct evread_record rec;
	struct evread *in;
	int rc;

	if (evread_open(&in, f->dir, false, why) != 0)
		return -1;
	rc = evread_seek(in, cache_load(r, f->cache, in), why);
	while (rc == 0 && (rc = evread_next(in, &rec, why)) == 1) {
		(void)retention_take(r, rec.index, &rec.r);
		rc = 0;
	}
	f->size = evread_size(in);
	evread_close(in);
	return rc;
}

/* The index in a line of our own making. */
static uint64_t
line_index(struct span line)
{
	struct cursor c = cursor_make(line);

	cursor_until(&c, ' ');
	return cursor_decimal(&c, MANIFEST_INDEX_MAX);
}

int
retention_save(struct span lines, const struct retention_file *f,
    const char *origin)
{
	struct cursor c = cursor_make(lines);
	struct span line;
	struct buf text;
	int rc;

	buf_init(&text);
	buf_printf(&text, CACHE_HEAD "%s %" PRIu64 "\n", origin, f->size);
	while (cursor_left(&c) > 0) {
		line = cursor_until(&c, '\n');
		if (line_index(line) >= f->size)
			continue; /* a crash may yet lose it */
		buf_span(&text, line);
		buf_byte(&text, '\n');
	}
	rc = io_replace_at(AT_FDCWD, f->cache, 0640, buf_view(&text));
	buf_fini(&text);
	return rc;
}

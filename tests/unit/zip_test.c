/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/import/zip.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

/* One stored member, "hello", by the name of four bytes. */
#define LOCAL                                                                  \
	"PK\3\4\24\0\0\0\0\0\0\0\0\0\x86\xA6\x10\x36\5\0\0\0\5\0\0\0\4\0\0\0"
#define CENTRAL                                                                \
	"PK\1\2\24\0\24\0\0\0\0\0\0\0\0\0\x86\xA6\x10\x36\5\0\0\0\5\0\0\0\4\0" \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define END "PK\5\6\0\0\0\0\1\0\1\0\x32\0\0\0\x27\0\0\0\0\0"
static const char good[] = LOCAL "a.txhello" CENTRAL "a.tx" END;
enum { SIZE = sizeof(good) - 1, DIR = 39, AT_END = SIZE - 22 };

/* Read all of it, and say what was wrong first. */
static enum zip_err
read_zip(struct span file, struct zip_entry *entry, uint64_t *data)
{
	struct zip_end e;
	enum zip_err err = zip_end(file, file.len, &e);
	struct cursor c;
	uint64_t i;

	if (err != ZIP_OK || e.n == 0)
		return err;
	c = cursor_make(span_sub(file, (size_t)e.at, (size_t)e.len));
	for (i = 0; i < e.n; i++)
		if ((err = zip_entry(&c, &e, &entry[i])) != ZIP_OK)
			return err;
	if ((err = zip_overlap(entry, (size_t)e.n, &e)) != ZIP_OK)
		return err;
	return zip_local(span_sub(file, (size_t)entry[0].at, file.len), &e,
	    &entry[0], data);
}

/* A byte of the good one becomes another: what is said. */
static const struct {
	const char *name;
	size_t at;
	uint8_t byte;
	enum zip_err want;
} changes[] = {
	{ "no end", AT_END, 'Q', ZIP_NO_END },
	{ "a comment that is not there", AT_END + 20, 1, ZIP_NO_END },
	{ "another disk", AT_END + 4, 1, ZIP_DISKS },
	{ "more members than there is room for", AT_END + 10, 2, ZIP_DISKS },
	{ "more than 10000 members", AT_END + 11, 0x40, ZIP_MANY },
	{ "a directory elsewhere", AT_END + 16, 0x26, ZIP_BAD_END },
	{ "a directory of more than 16 MiB", AT_END + 15, 2, ZIP_BIG },
	{ "an entry of another kind", DIR, 'Q', ZIP_BAD_ENTRY },
	{ "encrypted", DIR + 8, 1, ZIP_ENCRYPTED },
	{ "encrypted by AES", DIR + 10, 99, ZIP_ENCRYPTED },
	{ "a method of another time", DIR + 10, 12, ZIP_METHOD },
	{ "stored, and of two sizes", DIR + 20, 4, ZIP_BAD_ENTRY },
	{ "a member behind the directory", DIR + 42, 40, ZIP_BAD_ENTRY },
	{ "a member that ends in the directory", DIR + 42, 20, ZIP_OVERLAP },
	{ "a name too long", DIR + 29, 3, ZIP_BAD_ENTRY },
	{ "another name in front of the member", 30, 'b', ZIP_BAD_LOCAL },
	{ "another method there", 8, 8, ZIP_BAD_LOCAL },
	{ "more fields there than bytes", 28, 1, ZIP_BAD_LOCAL },
	{ "no header there", 0, 'Q', ZIP_BAD_LOCAL },
	{ "other flags there", 6, 1, ZIP_BAD_LOCAL },
};

static void
check_changes(void)
{
	struct zip_entry entry[64];
	uint8_t file[SIZE];
	enum zip_err err;
	uint64_t data;
	size_t i;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		memcpy(file, good, SIZE);
		file[changes[i].at] = changes[i].byte;
		if (changes[i].want == ZIP_MANY) /* on this disk too */
			file[AT_END + 9] = changes[i].byte;
		err = read_zip(span_make(file, SIZE), entry, &data);
		ok(err == changes[i].want, "%s: %s", changes[i].name,
		    zip_strerror(err));
	}
}

static void
check_names(void)
{
	/* A field with the name in UTF-8, and the CRC-32 of "a". */
	struct zip_entry e = { .name = SPAN("\x95\x61\x89\x40\x95\\.log") };
	struct buf out;

	buf_init(&out);
	zip_name(&e, &out);
	ok(span_is(buf_view(&out), "病院表.log"), "a name in CP932: %s",
	    buf_cstr(&out));
	out.len = 0;
	e.name = SPAN("\xC9\xC2\xB1\xA1");
	zip_name(&e, &out);
	ok(span_is(buf_view(&out), "病院"), "in EUC-JP: %s", buf_cstr(&out));
	out.len = 0;
	e.name = SPAN("病院");
	e.is_utf8 = true;
	zip_name(&e, &out);
	ok(span_is(buf_view(&out), "病院"), "in UTF-8, and it says so");
	out.len = 0;
	e.name = SPAN("a\xFF");
	zip_name(&e, &out);
	ok(span_is(buf_view(&out), "a\xEF\xBF\xBD"), "in UTF-8, it says");
	buf_fini(&out);
}

static void
check_overlap(void)
{
	struct zip_entry e[2] = { { .name = SPAN("b"), .at = 40, .packed = 9 },
		{ .name = SPAN("a"), .at = 0, .packed = 9 } };
	struct zip_end end = { .n = 2, .at = 80 };

	ok(zip_overlap(e, 2, &end) == ZIP_OK && e[0].at == 0,
	    "two members side by side, sorted");
	e[0].packed = 10;
	ok(zip_overlap(e, 2, &end) == ZIP_OVERLAP, "they share a byte");
	e[0].packed = 9;
	e[0].at = 40;
	ok(zip_overlap(e, 2, &end) == ZIP_OVERLAP, "or all of them");
}

int
main(void)
{
	struct zip_entry entry[64];
	uint8_t file[SIZE + 3];
	uint64_t data = 0;
	size_t len, bad = 0;

	ok(read_zip(span_make(good, SIZE), entry, &data) == ZIP_OK &&
		data == 34 && entry[0].size == 5 && !entry[0].folder &&
		span_is(entry[0].name, "a.tx"),
	    "a member and where it lies");
	for (len = 0; len < SIZE; len++)
		bad += read_zip(span_make(good, len), entry, &data) == ZIP_OK;
	ok(bad == 0, "whatever is cut off at the end is missed");
	memcpy(file, good, SIZE);
	memcpy(file + SIZE, "abc", 3);
	file[SIZE - 2] = 3;
	ok(read_zip(span_make(file, SIZE + 3), entry, &data) == ZIP_OK,
	    "a comment");
	check_changes();
	check_overlap();
	check_names();
	return done();
}

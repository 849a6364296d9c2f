/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/import/zip.h"

#include <stdlib.h>
#include <zlib.h>

#include "common/log.h"
#include "common/text.h"

#define ENTRY 46u /* and a name, fields and a comment */

enum { /* bits of the flags */
	FLAG_ENCRYPTED = 1,
	FLAG_STRONG = 1 << 6,
	FLAG_UTF8 = 1 << 11,
	FLAG_MASKED = 1 << 13
};
enum { EXTRA_ZIP64 = 1, EXTRA_NAME = 0x7075, METHOD_AES = 99 };

static const struct {
	const char *en, *ja;
} errors[] = {
#define ZIP_ERR(id, en, ja) { en, ja },
#include "analyzer/import/zip_err_tbl.h"
#undef ZIP_ERR
};

const char *
zip_strerror(enum zip_err e)
{
	return tr(errors[e].en, errors[e].ja);
}

/* A number of n bytes, the lowest first; 0 if they are not there. */
static uint64_t
number(struct cursor *c, size_t n)
{
	struct span s = cursor_take(c, n);
	uint64_t value = 0;
	size_t i;

	for (i = s.len; i > 0; i--)
		value = value << 8 | s.p[i - 1];
	return value;
}

/* What every directory must keep. */
static enum zip_err
check_end(const struct zip_end *e, uint64_t room)
{
	if (e->n > ZIP_MEMBERS_MAX)
		return ZIP_MANY;
	if (e->len > ZIP_DIRECTORY_MAX)
		return ZIP_BIG;
	return e->at > room || room - e->at != e->len || e->len / ENTRY < e->n
	    ? ZIP_BAD_END
	    : ZIP_OK;
}

/* The end record; its comment must reach just to the end of the file. */
static struct span
find_end(struct span tail)
{
	size_t i;

	for (i = tail.len >= 22 ? tail.len - 22 + 1 : 0; i > 0; i--) {
		struct span at = span_sub(tail, i - 1, tail.len);
		struct cursor c = cursor_make(span_sub(at, 20, 2));

		if (span_starts(at, SPAN("PK\5\6")) &&
		    number(&c, 2) == at.len - 22)
			return at;
	}
	return span_make(NULL, 0);
}

enum zip_err
zip_end(struct span tail, uint64_t size, struct zip_end *e)
{
	struct span end = find_end(tail), before;
	struct cursor c = cursor_make(end);
	uint64_t disk, disk_of_directory, n_here;

	*e = (struct zip_end){ 0 };
	if (end.len == 0)
		return ZIP_NO_END;
	cursor_expect(&c, SPAN("PK\5\6"));
	disk = number(&c, 2);
	disk_of_directory = number(&c, 2);
	n_here = number(&c, 2);
	e->n = number(&c, 2);
	e->len = number(&c, 4);
	e->at = number(&c, 4);
	before = span_sub(tail, 0, tail.len - end.len);
	if (before.len >= ZIP_LOCATOR)
		before =
		    span_sub(before, before.len - ZIP_LOCATOR, ZIP_LOCATOR);
	if (span_starts(before, SPAN("PK\6\7"))) {
		c = cursor_make(span_sub(before, 4, before.len));
		disk = number(&c, 4);
		e->is64 = true;
		e->at64 = number(&c, 8);
		if (disk != 0 || number(&c, 4) > 1)
			return ZIP_DISKS;
		return e->at64 > size - end.len - ZIP_LOCATOR ||
			size - end.len - ZIP_LOCATOR - e->at64 != ZIP_END64
		    ? ZIP_BAD_END
		    : ZIP_OK;
	}
	if (disk != 0 || disk_of_directory != 0 || n_here != e->n)
		return ZIP_DISKS;
	return check_end(e, size - end.len);
}

enum zip_err
zip_end64(struct span record, struct zip_end *e)
{
	struct cursor c = cursor_make(record);
	uint64_t disk, n_here;

	cursor_expect(&c, SPAN("PK\6\6"));
	if (number(&c, 8) != ZIP_END64 - 12)
		return ZIP_BAD_END;
	cursor_take(&c, 4); /* versions */
	disk = number(&c, 4) | number(&c, 4);
	n_here = number(&c, 8);
	e->n = number(&c, 8);
	e->len = number(&c, 8);
	e->at = number(&c, 8);
	if (!cursor_done(&c))
		return ZIP_BAD_END;
	if (disk != 0 || n_here != e->n)
		return ZIP_DISKS;
	return check_end(e, e->at64);
}

/* Numbers that did not fit stand in this field, in this order. */
static bool
extra_zip64(struct span field, struct zip_entry *entry)
{
	struct cursor c = cursor_make(field);

	if (entry->size == UINT32_MAX)
		entry->size = number(&c, 8);
	if (entry->packed == UINT32_MAX)
		entry->packed = number(&c, 8);
	if (entry->at == UINT32_MAX)
		entry->at = number(&c, 8);
	return !c.bad;
}

/* The name in UTF-8, if it is still the name that it was made of. */
static void
extra_name(struct span field, struct zip_entry *entry)
{
	struct cursor c = cursor_make(field);
	uint64_t version = number(&c, 1), crc = number(&c, 4);
	struct span utf8 = cursor_take(&c, cursor_left(&c));

	if (!c.bad && version == 1 && text_is_utf8(utf8) && utf8.len > 0 &&
	    crc == crc32(0, entry->name.p, (uInt)entry->name.len))
		entry->utf8 = utf8;
}

/* Some programs pad: what is no field is left alone. */
static bool
extras(struct span extra, struct zip_entry *entry)
{
	struct cursor c = cursor_make(extra);
	bool had64 = false;

	while (cursor_left(&c) >= 4) {
		uint64_t id = number(&c, 2), len = number(&c, 2);
		struct span field = cursor_take(&c, (size_t)len);

		if (c.bad)
			break;
		if (id == EXTRA_ZIP64 && !had64) {
			had64 = true;
			if (!extra_zip64(field, entry))
				return false;
		} else if (id == EXTRA_NAME)
			extra_name(field, entry);
	}
	return true;
}

/* The part of an entry that its local header repeats. */
static uint64_t
common(struct cursor *c, struct zip_entry *entry, uint64_t *extra_len)
{
	uint64_t method, name_len;

	cursor_take(c, 2); /* version needed */
	entry->flags = (uint16_t)number(c, 2);
	method = number(c, 2);
	cursor_take(c, 4); /* time and date of the file, as a person set it */
	entry->crc = (uint32_t)number(c, 4);
	entry->packed = number(c, 4);
	entry->size = number(c, 4);
	name_len = number(c, 2);
	*extra_len = number(c, 2);
	entry->name.len = (size_t)name_len; /* its bytes come later */
	return method;
}

static enum zip_err
check_entry(const struct zip_entry *entry, uint64_t method,
    const struct zip_end *e)
{
	if (entry->at >= e->at || entry->packed > e->at - entry->at)
		return ZIP_BAD_ENTRY;
	if ((entry->flags & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED)) !=
		0 ||
	    method == METHOD_AES)
		return ZIP_ENCRYPTED;
	if (method != ZIP_STORED && method != ZIP_DEFLATED)
		return ZIP_METHOD;
	return method == ZIP_STORED && entry->packed != entry->size
	    ? ZIP_BAD_ENTRY
	    : ZIP_OK;
}

enum zip_err
zip_entry(struct cursor *c, const struct zip_end *e, struct zip_entry *entry)
{
	uint64_t method, extra_len, comment_len, disk;
	struct span extra;

	*entry = (struct zip_entry){ 0 };
	cursor_expect(c, SPAN("PK\1\2"));
	cursor_take(c, 2); /* made by */
	method = common(c, entry, &extra_len);
	comment_len = number(c, 2);
	disk = number(c, 2);
	cursor_take(c, 6); /* attributes */
	entry->at = number(c, 4);
	entry->name = cursor_take(c, entry->name.len);
	extra = cursor_take(c, (size_t)extra_len);
	cursor_take(c, (size_t)comment_len);
	if (c->bad || entry->name.len == 0 || !extras(extra, entry))
		return ZIP_BAD_ENTRY;
	if (entry->name.len > ZIP_NAME_MAX)
		return ZIP_NAME;
	if (disk != 0 && disk != UINT16_MAX)
		return ZIP_DISKS;
	entry->method = (enum zip_method)method;
	entry->is_utf8 = (entry->flags & FLAG_UTF8) != 0;
	entry->folder = entry->size == 0 && entry->packed <= 2 &&
	    entry->name.p[entry->name.len - 1] == '/';
	return check_entry(entry, method, e);
}

static int
by_place(const void *a, const void *b)
{
	const struct zip_entry *one = a, *two = b;

	return one->at < two->at ? -1 : one->at > two->at;
}

enum zip_err
zip_overlap(struct zip_entry *entries, size_t n, const struct zip_end *e)
{
	size_t i;

	if (n > 1)
		qsort(entries, n, sizeof(*entries), by_place);
	for (i = 0; i < n; i++) {
		uint64_t next = i + 1 < n ? entries[i + 1].at : e->at;
		uint64_t room = next - entries[i].at;

		if (room < ZIP_LOCAL + entries[i].name.len ||
		    room - ZIP_LOCAL - entries[i].name.len < entries[i].packed)
			return ZIP_OVERLAP;
	}
	return ZIP_OK;
}

enum zip_err
zip_local(struct span header, const struct zip_end *e,
    const struct zip_entry *entry, uint64_t *data)
{
	struct cursor c = cursor_make(header);
	struct zip_entry local = { 0 };
	uint64_t method, extra_len;

	cursor_expect(&c, SPAN("PK\3\4"));
	method = common(&c, &local, &extra_len);
	local.name = cursor_take(&c, local.name.len);
	if (c.bad || method != entry->method ||
	    !span_eq(local.name, entry->name) ||
	    ((local.flags ^ entry->flags) &
		(FLAG_ENCRYPTED | FLAG_STRONG | FLAG_UTF8)) != 0)
		return ZIP_BAD_LOCAL;
	*data = entry->at + ZIP_LOCAL + entry->name.len + extra_len;
	return *data > e->at || e->at - *data < entry->packed ? ZIP_BAD_LOCAL
							      : ZIP_OK;
}

void
zip_name(const struct zip_entry *entry, struct buf *out)
{
	enum text_encoding encoding = TEXT_UTF8;
	size_t bom;

	if (entry->utf8.len > 0) {
		buf_span(out, entry->utf8);
		return;
	}
	if (!entry->is_utf8 && !text_is_utf8(entry->name)) {
		encoding = text_guess(entry->name, &bom);
		if (encoding != TEXT_EUC_JP)
			encoding = TEXT_CP932;
	}
	(void)text_decode(encoding, entry->name, out);
}

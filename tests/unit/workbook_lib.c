/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "tests/unit/workbook_lib.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void
number(struct buf *out, unsigned long v, int bytes)
{
	for (; bytes > 0; bytes--, v >>= 8)
		buf_byte(out, (uint8_t)(v & 255));
}

static void
pack(struct buf *in, int deflate_it, struct buf *out)
{
	z_stream z;

	if (!deflate_it) {
		buf_append(out, in->p, in->len);
		return;
	}
	memset(&z, 0, sizeof(z));
	if (deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 9,
		Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	z.next_in = in->p;
	z.avail_in = (uInt)in->len;
	z.avail_out = (uInt)deflateBound(&z, (uLong)in->len);
	z.next_out = buf_reserve(out, z.avail_out);
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	out->len += z.total_out;
	deflateEnd(&z);
}

void
workbook_zip(const struct part *parts, int deflate_it, struct buf *out)
{
	struct buf data, text, directory;
	size_t i, at, n = 0, start;
	unsigned long crc;

	buf_init(&directory);
	for (i = 0; parts[i].name != NULL; i++, n++) {
		size_t len = strlen(parts[i].name);
		int method = deflate_it ? 8 : 0;

		buf_init(&text);
		buf_init(&data);
		buf_str(&text, parts[i].text);
		pack(&text, deflate_it, &data);
		crc = crc32(0, text.p, (uInt)text.len);
		at = out->len;
		buf_append(out, "PK\3\4\24\0\0\0", 8);
		number(out, (unsigned long)method, 2);
		number(out, 0, 4);
		number(out, crc, 4);
		number(out, data.len, 4);
		number(out, text.len, 4);
		number(out, len, 2);
		number(out, 0, 2);
		buf_str(out, parts[i].name);
		buf_span(out, buf_view(&data));
		buf_append(&directory, "PK\1\2\24\0\24\0\0\0", 10);
		number(&directory, (unsigned long)method, 2);
		number(&directory, 0, 4);
		number(&directory, crc, 4);
		number(&directory, data.len, 4);
		number(&directory, text.len, 4);
		number(&directory, len, 2);
		number(&directory, 0, 12);
		number(&directory, at, 4);
		buf_str(&directory, parts[i].name);
		buf_fini(&text);
		buf_fini(&data);
	}
	start = out->len;
	buf_span(out, buf_view(&directory));
	buf_append(out, "PK\5\6\0\0\0\0", 8);
	number(out, n, 2);
	number(out, n, 2);
	number(out, directory.len, 4);
	number(out, start, 4);
	number(out, 0, 2);
	buf_fini(&directory);
}

void
workbook_of(const char *rows, const char *more, const char *strings,
    struct buf *out)
{
	struct buf sheet, sst;
	struct part parts[] = { { "_rels/.rels", WORKBOOK_RELS },
		{ "xl/workbook.xml",
		    "<workbook><sheets><sheet name='台帳' sheetId='1' "
		    "r:id='r1' xmlns:r='x'/></sheets></workbook>" },
		{ "xl/_rels/workbook.xml.rels", WORKBOOK_BOOK_RELS },
		{ "xl/styles.xml", WORKBOOK_STYLES_XML },
		{ "xl/sharedStrings.xml", NULL },
		{ "xl/worksheets/sheet1.xml", NULL }, { NULL, NULL } };

	buf_init(&sheet);
	buf_init(&sst);
	buf_printf(&sst, "<sst>%s</sst>", strings);
	buf_printf(&sheet,
	    "<worksheet><sheetData>%s</sheetData>%s</worksheet>", rows, more);
	parts[4].text = buf_cstr(&sst);
	parts[5].text = buf_cstr(&sheet);
	workbook_zip(parts, 1, out);
	buf_fini(&sheet);
	buf_fini(&sst);
}

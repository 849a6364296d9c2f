/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/xlsx.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "analyzer/report/csvout.h"
#include "common/text.h"

/*
 * ECMA-376 asks for content types, relations, a workbook, styles and a part for
 * each sheet.  Texts stand in their cells (inlineStr): readers of all makes
 * take them, and a shared table would be one more part to get wrong.
 */
#define PARTS (XLSX_SHEETS + 5u)
#define DOS_DATE 0x0021u /* 1980-01-01: the ZIP tells no time */
#define CUT " …"
#define COLUMNS 26u
#define LINE 14 /* points; a row says how high it is, as not all programs
		 * reckon it themselves */

struct part {
	char name[64];
	uint32_t crc, size, packed, at;
};

struct xlsx {
	struct buf sheets[XLSX_SHEETS];
	struct buf names[XLSX_SHEETS];
	unsigned widths[COLUMNS]; /* of the last sheet */
	size_t n;
	unsigned rows; /* of the last sheet */
	struct part parts[PARTS];
	size_t n_parts;
	struct buf *out;
	size_t base;
	bool failed;
};

struct xlsx *
xlsx_new(void)
{
	struct xlsx *x = calloc(1, sizeof(*x));

	if (x == NULL)
		abort();
	return x;
}

static void
put_text(struct buf *out, struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		switch (s.p[i]) {
		case '&':
			buf_str(out, "&amp;");
			break;
		case '<':
			buf_str(out, "&lt;");
			break;
		case '>':
			buf_str(out, "&gt;");
			break;
		case '"':
			buf_str(out, "&quot;");
			break;
		default:
			buf_byte(out, s.p[i]);
		}
}

/* Where s may be cut: not within a character. */
static size_t
whole(struct span s, size_t most)
{
	if (s.len <= most)
		return s.len;
	while (most > 0 && (s.p[most] & 0xC0) == 0x80)
		most--;
	return most;
}

void
xlsx_sheet(struct xlsx *x, const char *name, const unsigned *widths, size_t n)
{
	struct buf *b = &x->sheets[x->n];
	size_t i;

	if (x->n == XLSX_SHEETS)
		abort();
	buf_init(b);
	buf_init(&x->names[x->n]);
	put_text(&x->names[x->n], span_str(name));
	x->n++;
	x->rows = 0;
	memset(x->widths, 0, sizeof(x->widths));
	buf_str(b,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
	    "<worksheet xmlns=\"http://schemas.openxmlformats.org/"
	    "spreadsheetml/2006/main\"><sheetPr><pageSetUpPr "
	    "fitToPage=\"1\"/></sheetPr><sheetViews><sheetView "
	    "workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "
	    "activePane=\"bottomLeft\" state=\"frozen\"/></sheetView>"
	    "</sheetViews><cols>");
	for (i = 0; i < n && i < COLUMNS; i++)
		x->widths[i] = widths[i];
	for (i = 0; i < n; i++)
		buf_printf(b,
		    "<col min=\"%zu\" max=\"%zu\" width=\"%u\" "
		    "customWidth=\"1\"/>",
		    i + 1, i + 1, widths[i]);
	buf_str(b, "</cols><sheetData>");
}

static void
put_cell(struct buf *b, const char *cell)
{
	struct span s = span_str(cell);
	struct buf safe;
	size_t len;

	buf_init(&safe);
	if (csvout_is_formula(s))
		buf_byte(&safe, '\'');
	text_escape(s, &safe);
	len = whole(buf_view(&safe), XLSX_CELL);
	put_text(b, span_make(safe.p, len));
	if (len < safe.len)
		buf_str(b, CUT);
	buf_fini(&safe);
}

/* How many lines a cell takes: what is not ASCII counts twice. */
static unsigned
lines(const char *cell, unsigned width)
{
	unsigned wide = 0;

	for (; *cell != '\0'; cell++)
		wide += ((uint8_t)*cell & 0x80) == 0
		    ? 1
		    : ((uint8_t)*cell & 0xC0) == 0xC0 ? 2
						       : 0;
	return width == 0 ? 1 : 1 + wide / width;
}

void
xlsx_row(struct xlsx *x, const char *const *cells, size_t n, bool heading)
{
	struct buf *b = &x->sheets[x->n - 1];
	unsigned high = 1;
	size_t i;

	for (i = 0; i < n && i < COLUMNS; i++)
		if (lines(cells[i], x->widths[i]) > high)
			high = lines(cells[i], x->widths[i]);
	high = high < 25 ? high : 25;
	buf_printf(b, "<row r=\"%u\" ht=\"%u\" customHeight=\"1\">",
	    ++x->rows, high * LINE);
	for (i = 0; i < n; i++) {
		buf_printf(b,
		    "<c r=\"%c%u\" s=\"%u\" t=\"inlineStr\"><is><t "
		    "xml:space=\"preserve\">",
		    (char)('A' + i % COLUMNS), x->rows, heading ? 1u : 2u);
		put_cell(b, cells[i]);
		buf_str(b, "</t></is></c>");
	}
	buf_str(b, "</row>\n");
}

/* ---- ZIP ---- */

static void
put16(struct buf *b, uint32_t v)
{
	buf_byte(b, (uint8_t)v);
	buf_byte(b, (uint8_t)(v >> 8));
}

static void
put32(struct buf *b, uint32_t v)
{
	put16(b, v & 0xFFFF);
	put16(b, v >> 16);
}

/* What a local header and the directory share. */
static void
put_facts(struct buf *b, const struct part *p)
{
	put16(b, 20);	  /* version needed */
	put16(b, 0x0800); /* names are UTF-8 */
	put16(b, 8);	  /* deflate */
	put16(b, 0);
	put16(b, DOS_DATE);
	put32(b, p->crc);
	put32(b, p->packed);
	put32(b, p->size);
	put16(b, (uint32_t)strlen(p->name));
	put16(b, 0);
}

static bool
pack(struct span s, struct buf *out)
{
	z_stream z = { 0 };
	int rc;

	if (deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	z.next_in = (Bytef *)(uintptr_t)s.p;
	z.avail_in = (uInt)s.len;
	z.avail_out = (uInt)deflateBound(&z, (uLong)s.len);
	z.next_out = buf_reserve(out, z.avail_out);
	rc = deflate(&z, Z_FINISH);
	out->len += z.total_out;
	deflateEnd(&z);
	return rc == Z_STREAM_END;
}

static void
add(struct xlsx *x, const char *name, struct span bytes)
{
	struct part *p = &x->parts[x->n_parts++];
	struct buf packed;

	strncpy(p->name, name, sizeof(p->name) - 1);
	p->crc = (uint32_t)crc32(0, bytes.p, (uInt)bytes.len);
	p->size = (uint32_t)bytes.len;
	p->at = (uint32_t)(x->out->len - x->base);
	buf_init(&packed);
	x->failed |= bytes.len > INT32_MAX || !pack(bytes, &packed);
	p->packed = (uint32_t)packed.len;
	put32(x->out, 0x04034B50);
	put_facts(x->out, p);
	buf_str(x->out, p->name);
	buf_span(x->out, buf_view(&packed));
	buf_fini(&packed);
}

static void
put_directory(struct xlsx *x)
{
	struct buf *b = x->out;
	uint32_t at = (uint32_t)(b->len - x->base);
	size_t i, from = b->len;

	for (i = 0; i < x->n_parts; i++) {
		const struct part *p = &x->parts[i];

		put32(b, 0x02014B50);
		put16(b, 20);
		put_facts(b, p);
		put16(b, 0); /* comment */
		put16(b, 0);
		put16(b, 0);
		put32(b, 0);
		put32(b, p->at);
		buf_str(b, p->name);
	}
	put32(b, 0x06054B50);
	put32(b, 0);
	put16(b, (uint32_t)x->n_parts);
	put16(b, (uint32_t)x->n_parts);
	put32(b, (uint32_t)(b->len - from - 12));
	put32(b, at);
	put16(b, 0);
}

/* ---- parts ---- */

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define NS "http://schemas.openxmlformats.org/"
#define OFFICE NS "officeDocument/2006/relationships"
#define TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml."

static const char styles[] = HEAD "<styleSheet xmlns=\"" NS
    "spreadsheetml/2006/main\"><fonts count=\"2\"><font><sz val=\"10\"/>"
    "<name val=\"Yu Gothic\"/></font><font><b/><sz val=\"10\"/><name "
    "val=\"Yu Gothic\"/></font></fonts><fills count=\"3\"><fill><patternFill "
    "patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/>"
    "</fill><fill><patternFill patternType=\"solid\"><fgColor "
    "rgb=\"FFE6E6E6\"/></patternFill></fill></fills><borders count=\"2\">"
    "<border/><border><left style=\"thin\"/><right style=\"thin\"/><top "
    "style=\"thin\"/><bottom style=\"thin\"/></border></borders>"
    "<cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"3\"><xf/>"
    "<xf numFmtId=\"49\" fontId=\"1\" fillId=\"2\" borderId=\"1\" "
    "applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\"/><xf numFmtId=\"49\" "
    "borderId=\"1\" applyNumberFormat=\"1\" applyBorder=\"1\" "
    "applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>"
    "</cellXfs></styleSheet>\n";

static const char relations[] = HEAD "<Relationships xmlns=\"" NS
    "package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
    "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>\n";

static void
add_types(struct xlsx *x, struct buf *b)
{
	size_t i;

	b->len = 0;
	buf_str(b,
	    HEAD "<Types xmlns=\"" NS
		 "package/2006/content-types\"><Default Extension=\"rels\" "
		 "ContentType=\"application/vnd.openxmlformats-package."
		 "relationships+xml\"/><Default Extension=\"xml\" "
		 "ContentType=\"application/xml\"/><Override "
		 "PartName=\"/xl/workbook.xml\" ContentType=\"" TYPE
		 "sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" "
		 "ContentType=\"" TYPE "styles+xml\"/>");
	for (i = 0; i < x->n; i++)
		buf_printf(b,
		    "<Override PartName=\"/xl/worksheets/sheet%zu.xml\" "
		    "ContentType=\"" TYPE "worksheet+xml\"/>",
		    i + 1);
	buf_str(b, "</Types>\n");
	add(x, "[Content_Types].xml", buf_view(b));
	add(x, "_rels/.rels", span_str(relations));
}

static void
add_workbook(struct xlsx *x, struct buf *b)
{
	size_t i;

	b->len = 0;
	buf_str(b,
	    HEAD "<workbook xmlns=\"" NS
		 "spreadsheetml/2006/main\" xmlns:r=\"" OFFICE
		 "\"><bookViews><workbookView/></bookViews><sheets>");
	for (i = 0; i < x->n; i++)
		buf_printf(b,
		    "<sheet name=\"%s\" sheetId=\"%zu\" r:id=\"rId%zu\"/>",
		    buf_cstr(&x->names[i]), i + 1, i + 1);
	buf_str(b, "</sheets></workbook>\n");
	add(x, "xl/workbook.xml", buf_view(b));
	b->len = 0;
	buf_str(b,
	    HEAD "<Relationships xmlns=\"" NS "package/2006/relationships\">");
	for (i = 0; i < x->n; i++)
		buf_printf(b,
		    "<Relationship Id=\"rId%zu\" Type=\"" OFFICE
		    "/worksheet\" Target=\"worksheets/sheet%zu.xml\"/>",
		    i + 1, i + 1);
	buf_printf(b,
	    "<Relationship Id=\"rId%zu\" Type=\"" OFFICE
	    "/styles\" Target=\"styles.xml\"/></Relationships>\n",
	    x->n + 1);
	add(x, "xl/_rels/workbook.xml.rels", buf_view(b));
	add(x, "xl/styles.xml", span_str(styles));
}

int
xlsx_finish(struct xlsx *x, struct buf *out)
{
	char name[64] = "xl/worksheets/sheet1.xml";
	struct buf b;
	bool failed;
	size_t i;

	buf_init(&b);
	x->out = out;
	x->base = out->len;
	add_types(x, &b);
	add_workbook(x, &b);
	for (i = 0; i < x->n; i++) {
		buf_str(&x->sheets[i],
		    "</sheetData><pageSetup paperSize=\"9\" "
		    "orientation=\"landscape\" fitToHeight=\"0\"/>"
		    "</worksheet>\n");
		name[strlen("xl/worksheets/sheet")] = (char)('1' + i);
		add(x, name, buf_view(&x->sheets[i]));
	}
	put_directory(x);
	failed = x->failed || out->len - x->base > INT32_MAX;
	for (i = 0; i < x->n; i++) {
		buf_fini(&x->sheets[i]);
		buf_fini(&x->names[i]);
	}
	buf_fini(&b);
	free(x);
	return failed ? -1 : 0;
}

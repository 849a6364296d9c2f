/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/workbook/workbook.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/workbook/number.h"
#include "tests/tap.h"
#include "tests/unit/workbook_lib.h"

/* A table as text: "1: A=x B=y\n", marks behind a value. */
static void
print_table(const struct workbook_table *t, struct buf *out)
{
	char name[WORKBOOK_NAME];
	size_t i, k;

	for (i = 0; i < t->n; i++) {
		const struct workbook_row *row = &t->rows[i];

		buf_printf(out, "%u%s:", row->number, row->hidden ? "h" : "");
		for (k = 0; k < row->n; k++) {
			workbook_cell_name(row->cells[k].column, row->number,
			    name);
			buf_printf(out, " %s=%.*s", name,
			    (int)row->cells[k].text.len,
			    row->cells[k].text.len > 0
				? (const char *)row->cells[k].text.p
				: "");
			if (row->cells[k].marks != 0)
				buf_printf(out, "~%u", row->cells[k].marks);
		}
		buf_byte(out, '\n');
	}
}

/* The first sheet as text, or the error's number. */
static void
read_book(struct buf *bytes, struct buf *out, struct workbook_why *why)
{
	struct arena *arena = arena_new();
	struct workbook_table t;
	struct workbook *w = workbook_open(buf_view(bytes), arena, why);

	if (w != NULL && workbook_read(w, 0, &t, why) == 0)
		print_table(&t, out);
	workbook_close(w);
	arena_free(arena);
}

static const struct {
	const char *name, *rows, *more, *strings, *want;
} cells[] = {
	{ "texts are shared or stand in the cell",
	    "<row r='1'><c r='A1' t='s'><v>1</v></c>"
	    "<c r='C1' t='inlineStr'><is><t>y</t></is></c></row>",
	    "", "<si><t>x</t></si><si><t>管理番号</t></si>",
	    "1: A1=管理番号 C1=y\n" },
	{ "runs are one text and readings are left out",
	    "<row><c t='s'><v>0</v></c></row>", "",
	    "<si><r><t>東</t></r><r><rPr/><t>京</t></r><rPh sb='0' eb='2'>"
	    "<t>トウキョウ</t></rPh><phoneticPr/></si>",
	    "1: A1=東京\n" },
	{ "an escaped character is one, what only looks so is not",
	    "<row><c t='s'><v>0</v></c></row>", "",
	    "<si><t>a_x000A_b_xZZ_</t></si>", "1: A1=a\nb_xZZ_\n" },
	{ "a number with a date's format is a date",
	    "<row><c s='1'><v>44166</v></c><c s='3'><v>46112</v></c>"
	    "<c s='6'><v>46112.354166666664</v></c><c><v>44166</v></c></row>",
	    "", "",
	    "1: A1=2020/12/1 B1=2026/3/31 C1=2026/3/31 8:30 D1=44166\n" },
	{ "the day that never was is not turned into one that was",
	    "<row><c s='1'><v>59</v></c><c s='1'><v>60</v></c>"
	    "<c s='1'><v>61</v></c></row>",
	    "", "", "1: A1=1900/2/28 B1=1900/2/29 C1=1900/3/1\n" },
	{ "a number has the digits that Excel shows",
	    "<row><c s='2'><v>1</v></c><c s='4'><v>2</v></c>"
	    "<c><v>1.1000000000000001</v></c><c><v>9012345678</v></c>"
	    "<c s='5'><v>1.25</v></c></row>",
	    "", "", "1: A1=001 B1=2.0 C1=1.1 D1=9012345678 E1=30:00\n" },
	{ "a number of more digits than Excel keeps is marked",
	    "<row><c><v>1234567890123456789</v></c></row>", "", "",
	    "1: A1=1.23456789012346e+18~16\n" },
	{ "a formula is the value that was saved; without one it is marked",
	    "<row><c t='str'><f>A2&amp;B2</f><v>ab</v></c><c><f>NOW()</f></c>"
	    "<c t='b'><f>1=1</f><v>1</v></c></row>",
	    "", "", "1: A1=ab~1 B1=~9 C1=TRUE~1\n" },
	{ "an error is marked, a truth value is a word",
	    "<row><c t='e'><v>#REF!</v></c><c t='b'><v>0</v></c></row>", "", "",
	    "1: A1=#REF!~2 B1=FALSE\n" },
	{ "hidden rows are told, empty rows and cells are none",
	    "<row r='2' hidden='1'><c r='B2' s='1'/><c r='C2'><v>1</v></c>"
	    "</row>"
	    "<row r='3'><c r='A3' s='1'/></row><row r='9'/>",
	    "", "", "2h: C2=1\n" },
	{ "a merged range gives its value to each cell beside others",
	    "<row r='1'><c r='A1'><v>1</v></c><c r='B1'><v>5</v></c></row>"
	    "<row r='2'><c r='B2'><v>6</v></c></row>"
	    "<row r='3'><c r='C3'><v>7</v></c></row>"
	    "<row r='5'><c r='C5'><v>8</v></c></row>",
	    "<mergeCells><mergeCell ref='C3:D5'/><mergeCell ref='A1:A3'/>"
	    "</mergeCells>",
	    "",
	    "1: A1=1~4 B1=5\n2: A2=1~4 B2=6\n3: A3=1~4 C3=7~4 D3=7~4\n"
	    "5: C5=8~4 D5=7~4\n" },
};

static void
test_cells(void)
{
	struct workbook_why why;
	struct buf bytes, out;
	size_t i;

	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		buf_init(&bytes);
		buf_init(&out);
		workbook_of(cells[i].rows, cells[i].more, cells[i].strings,
		    &bytes);
		read_book(&bytes, &out, &why);
		ok(strcmp(buf_cstr(&out), cells[i].want) == 0, "%s",
		    cells[i].name);
		if (strcmp(buf_cstr(&out), cells[i].want) != 0)
			printf("# got %s# err %d %s\n", buf_cstr(&out),
			    why.err, why.part);
		buf_fini(&bytes);
		buf_fini(&out);
	}
}

static const struct {
	const char *name, *rows, *more, *strings;
	enum workbook_err want;
	const char *part;
} bad[] = {
	{ "a text that is not there", "<row><c t='s'><v>1</v></c></row>", "",
	    "<si/>", WORKBOOK_DAMAGED, "xl/worksheets/sheet1.xml" },
	{ "rows out of order", "<row r='2'/><row r='1'/>", "", "",
	    WORKBOOK_DAMAGED, "xl/worksheets/sheet1.xml" },
	{ "a cell twice",
	    "<row r='1'><c r='A1'><v>1</v></c><c r='A1'><v>2</v></c></row>", "",
	    "", WORKBOOK_DAMAGED, "xl/worksheets/sheet1.xml" },
	{ "a cell of another row", "<row r='1'><c r='A2'><v>1</v></c></row>",
	    "", "", WORKBOOK_DAMAGED, "xl/worksheets/sheet1.xml" },
	{ "a number that is none", "<row><c><v>1x</v></c></row>", "", "",
	    WORKBOOK_DAMAGED, "xl/worksheets/sheet1.xml" },
	{ "ranges that share a cell",
	    "<row><c><v>1</v></c></row>",
	    "<mergeCells><mergeCell ref='A1:B2'/><mergeCell ref='B1:C1'/>"
	    "</mergeCells>",
	    "", WORKBOOK_DAMAGED, "xl/worksheets/sheet1.xml" },
	{ "a value beyond the last column",
	    "<row r='1'><c r='IW1'><v>1</v></c></row>", "", "", WORKBOOK_WIDE,
	    "xl/worksheets/sheet1.xml" },
	{ "elements that are not closed", "<row>", "", "", WORKBOOK_XML,
	    "xl/worksheets/sheet1.xml" },
	{ "an entity that nobody declared", "", "", "<si><t>&x;</t></si>",
	    WORKBOOK_XML, "xl/sharedStrings.xml" },
};

static void
test_bad(void)
{
	struct workbook_why why;
	struct buf bytes, out;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		buf_init(&bytes);
		buf_init(&out);
		workbook_of(bad[i].rows, bad[i].more, bad[i].strings, &bytes);
		read_book(&bytes, &out, &why);
		ok(why.err == bad[i].want && strcmp(why.part, bad[i].part) == 0,
		    "%s is refused", bad[i].name);
		if (why.err != bad[i].want)
			printf("# got %d %s\n", why.err, why.part);
		buf_fini(&bytes);
		buf_fini(&out);
	}
}

static enum workbook_err
open_bytes(const void *p, size_t len)
{
	struct arena *arena = arena_new();
	struct workbook_why why;
	struct workbook *w =
	    workbook_open(span_make(p, len), arena, &why);

	workbook_close(w);
	arena_free(arena);
	return why.err;
}

static enum workbook_err
open_parts(const struct part *parts)
{
	enum workbook_err err;
	struct buf bytes;

	buf_init(&bytes);
	workbook_zip(parts, 0, &bytes);
	err = open_bytes(bytes.p, bytes.len);
	buf_fini(&bytes);
	return err;
}

#define OLE "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" "padding"

static void
test_kinds(void)
{
	const struct part macros[] = { { "_rels/.rels", WORKBOOK_RELS },
		{ "xl/workbook.xml", "<workbook/>" },
		{ "xl/vbaProject.bin", "x" }, { NULL, NULL } };
	const struct part binary[] = { { "_rels/.rels",
		"<Relationships><Relationship Id='r' Type='x/officeDocument' "
		"Target='xl/workbook.bin'/></Relationships>" },
		{ "xl/workbook.bin", "x" }, { NULL, NULL } };
	const struct part ods[] = { { "mimetype",
		"application/vnd.oasis.opendocument.spreadsheet" },
		{ "content.xml", "<x/>" }, { NULL, NULL } };
	const struct part other[] = { { "a.txt", "x" }, { NULL, NULL } };
	const struct part dtd[] = { { "_rels/.rels",
		"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>"
		"<x>&b;</x>" }, { NULL, NULL } };
	const struct part twins[] = { { "_rels/.rels", WORKBOOK_RELS },
		{ "_RELS/.rels", WORKBOOK_RELS }, { NULL, NULL } };
	static const char sealed[] = OLE
	    "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

	ok(open_bytes(OLE, sizeof(OLE) - 1) == WORKBOOK_OLD,
	    "a workbook of Excel 97-2003 is called so");
	ok(open_bytes("\x09\x04\x06\x00", 4) == WORKBOOK_OLD &&
		workbook_is(span_make("\x09\x04\x06\x00", 4)),
	    "an older one too");
	ok(open_bytes(sealed, sizeof(sealed) - 1) == WORKBOOK_ENCRYPTED,
	    "a workbook with a password is called so");
	ok(open_parts(macros) == WORKBOOK_MACROS, "one with macros");
	ok(open_parts(binary) == WORKBOOK_BINARY, "a binary one");
	ok(open_parts(ods) == WORKBOOK_OPEN_DOCUMENT, "one of OpenDocument");
	ok(open_parts(other) == WORKBOOK_NO_WORKBOOK, "a ZIP file of others");
	ok(open_parts(twins) == WORKBOOK_DAMAGED, "two parts of one name");
	ok(open_parts(dtd) == WORKBOOK_DTD,
	    "a document type is refused before its entities are");
	ok(!workbook_is(SPAN("管理番号\n")), "a CSV is none");
}

/* Where a text stands in the bytes, or their end. */
static size_t
find(const struct buf *b, const char *text, size_t len)
{
	const uint8_t *at = memmem(b->p, b->len, text, len);

	return at == NULL ? b->len : (size_t)(at - b->p);
}

static void
test_tampered(void)
{
	const struct part parts[] = { { "_rels/.rels", WORKBOOK_RELS },
		{ "xl/one.xml", "<a/>" }, { "xl/two.xml", "<a/>" },
		{ NULL, NULL } };
	struct buf b;
	size_t at;

	buf_init(&b);
	workbook_zip(parts, 0, &b);
	at = find(&b, "officeDocument", 14);
	b.p[at] = 'O';
	ok(open_bytes(b.p, b.len) == WORKBOOK_DAMAGED,
	    "a part whose bytes were changed");
	b.p[at] = 'o';
	/* The last of three directory entries, and its place in the file. */
	at = b.len - 22 - 46 - 10 + 42;
	memset(b.p + at, 0, 4);
	ok(open_bytes(b.p, b.len) == WORKBOOK_BOMB,
	    "two parts that share their bytes");
	buf_fini(&b);
	ok(open_bytes("PK\3\4", 4) == WORKBOOK_DAMAGED, "a copy that was cut");
}

/* So many of a text, laid end to end. */
static char *
times(const char *s, size_t n, const char *before, const char *behind)
{
	struct buf b;
	char *text;

	buf_init(&b);
	buf_str(&b, before);
	while (n-- > 0)
		buf_str(&b, s);
	buf_str(&b, behind);
	text = strdup(buf_cstr(&b));
	buf_fini(&b);
	return text;
}

static enum workbook_err
of_rows(char *rows, const char *strings)
{
	struct workbook_why why;
	struct buf bytes, out;

	buf_init(&bytes);
	buf_init(&out);
	workbook_of(rows, "", strings, &bytes);
	read_book(&bytes, &out, &why);
	buf_fini(&bytes);
	buf_fini(&out);
	free(rows);
	return why.err;
}

static enum workbook_err
open_big(const struct part *parts)
{
	enum workbook_err err;
	struct buf bytes;

	buf_init(&bytes);
	workbook_zip(parts, 1, &bytes);
	err = open_bytes(bytes.p, bytes.len);
	buf_fini(&bytes);
	return err;
}

static void
test_limits(void)
{
	char *text = times("あ", WORKBOOK_TEXT / 3 + 1, "<si><t>",
	    "</t></si>");
	struct part nested[] = { { "_rels/.rels", NULL }, { NULL, NULL } };
	struct part big[] = { { "_rels/.rels", NULL },
		{ "xl/_rels/workbook.xml.rels", NULL },
		{ "xl/workbook.xml", NULL }, { NULL, NULL } };
	char *rels, *book;
	char *deep = times("<a>", 65, "", ""), *all;
	char name[WORKBOOK_NAME];

	ok(of_rows(times("<row><c><v>1</v></c></row>", WORKBOOK_ROWS, "", ""),
	       "") == WORKBOOK_OK,
	    "100000 rows are read");
	ok(of_rows(times("<row><c><v>1</v></c></row>", WORKBOOK_ROWS + 1, "",
		       ""), "") == WORKBOOK_MANY_ROWS,
	    "one more is refused");
	ok(of_rows(strdup("<row/>"), text) == WORKBOOK_LONG_TEXT,
	    "a text that is too long is refused");
	ok(of_rows(times(" ", (64u << 20) + 1, "", ""), "") ==
		WORKBOOK_BIG_PART,
	    "a part that unpacks to more than 64 MiB is refused");
	rels = times(" ", 50u << 20, WORKBOOK_RELS, "");
	big[0].text = rels;
	big[1].text = rels;
	big[2].text = book = times(" ", 50u << 20, "<workbook/>", "");
	ok(open_big(big) == WORKBOOK_BIG_TOTAL,
	    "parts that unpack to more than 128 MiB together");
	free(rels);
	free(book);
	all = times("</a>", 65, deep, "");
	nested[0].text = all;
	ok(open_parts(nested) == WORKBOOK_DEEP, "XML that is too deep");
	ok(strcmp(workbook_cell_name(0, 1, name), "A1") == 0 &&
		strcmp(workbook_cell_name(25, 1, name), "Z1") == 0 &&
		strcmp(workbook_cell_name(26, 1, name), "AA1") == 0 &&
		strcmp(workbook_cell_name(255, 1048576, name), "IV1048576") ==
		    0,
	    "cells have the names that Excel gives them");
	free(text);
	free(deep);
	free(all);
}

static const struct {
	const char *code, *value, *want;
	bool mac;
} formats[] = {
	{ "General", "1.5", "1.5", false },
	{ "yyyy\"年\"m\"月\"d\"日\"", "46112", "2026/3/31", false },
	{ "[$-ja-JP-x-gannen]ggge\"年\"m\"月\"d\"日\";@", "46112",
	    "2026/3/31", false },
	{ "[$-411]ge.m.d", "46112", "2026/3/31", false },
	{ "yyyy\"年\"m\"月\"", "46112", "2026年3月", false },
	{ "yyyy/mm/dd", "44650", "2026/3/31", true },
	{ "m/d/yy h:mm", "46112.5", "2026/3/31 12:00", false },
	{ "h:mm:ss AM/PM", "0.75", "18:00", false },
	{ "[h]:mm", "1.5", "36:00", false },
	{ "h:mm", "1.5", "12:00", false },
	{ "yyyy/m/d(aaa)", "46112", "2026/3/31", false },
	{ "\"PC\"000", "7", "PC007", false },
	{ "0\"号室\"", "12", "12号室", false },
	{ "#,##0", "12345", "12345", false },
	{ "0.00E+00", "12345", "12345", false },
	{ "0%", "0.5", "0.5", false },
	{ "[Red]0.00", "1", "1.00", false },
	{ "000", "-7", "-007", false },
	{ "yyyy/m/d", "-1", "-1", false },
	{ "yyyy/m/d", "2958466", "2958466", false },
	{ "@", "7", "7", false },
};

static void
test_formats(void)
{
	struct number_format f;
	struct buf b;
	bool rounded;
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		buf_init(&b);
		f = number_code(span_str(formats[i].code));
		(void)number_print(&f, span_str(formats[i].value),
		    formats[i].mac, &b, &rounded);
		ok(strcmp(buf_cstr(&b), formats[i].want) == 0,
		    "%s by %s is %s", formats[i].value, formats[i].code,
		    formats[i].want);
		if (strcmp(buf_cstr(&b), formats[i].want) != 0)
			printf("# got %s\n", buf_cstr(&b));
		buf_fini(&b);
	}
}

int
main(void)
{
	test_cells();
	test_bad();
	test_kinds();
	test_tampered();
	test_limits();
	test_formats();
	return done();
}

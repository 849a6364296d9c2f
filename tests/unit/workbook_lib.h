/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef TESTS_WORKBOOK_LIB_H
#define TESTS_WORKBOOK_LIB_H

#include <stddef.h>

#include "common/buf.h"

/* Workbooks made of their parts, for tests. */
struct part {
	const char *name, *text;
};

/* A ZIP file of these parts, the last one without a name; deflated or not. */
void workbook_zip(const struct part *parts, int deflate, struct buf *out);

/*
 * A workbook with one sheet 台帳 that is the XML of its rows, behind it what
 * else the worksheet has (merged cells); strings: the <si> elements.
 */
void workbook_of(const char *rows, const char *more, const char *strings,
    struct buf *out);

#define WORKBOOK_RELS                                                          \
	"<Relationships><Relationship Id='r1' Type='http://x/officeDocument' " \
	"Target='xl/workbook.xml'/></Relationships>"
#define WORKBOOK_BOOK_RELS                                                     \
	"<Relationships>"                                                      \
	"<Relationship Id='r1' Type='http://x/worksheet' "                     \
	"Target='worksheets/sheet1.xml'/>"                                     \
	"<Relationship Id='r2' Type='http://x/worksheet' "                     \
	"Target='/xl/worksheets/sheet2.xml'/>"                                 \
	"<Relationship Id='r3' Type='http://x/worksheet' "                     \
	"Target='worksheets/sheet3.xml'/>"                                     \
	"<Relationship Id='r8' Type='http://x/styles' Target='styles.xml'/>"   \
	"<Relationship Id='r9' Type='http://x/sharedStrings' "                 \
	"Target='sharedStrings.xml'/></Relationships>"
/* Cell formats: 0 General, 1 date, 2 000, 3 era, 4 0.0, 5 [h]:mm, 6 moment. */
#define WORKBOOK_STYLES_XML                                                    \
	"<styleSheet><numFmts><numFmt numFmtId='164' formatCode='000'/>"       \
	"<numFmt numFmtId='165' formatCode='[$-411]ggge\"年\"m\"月\"d"       \
	"\"日\"'/>"                                                            \
	"<numFmt numFmtId='166' formatCode='0.0'/>"                            \
	"<numFmt numFmtId='167' formatCode='yyyy/m/d\\ h:mm'/></numFmts>"      \
	"<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"                     \
	"<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/>"   \
	"<xf numFmtId='165'/><xf numFmtId='166'/><xf numFmtId='46'/>"          \
	"<xf numFmtId='167'/></cellXfs></styleSheet>"

#endif

# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""An Excel workbook of a table: xlsx.py OUT NAME=TABLE.csv ...

Each NAME=TABLE.csv becomes a sheet.  A cell `=1` is a formula without a value,
`=x|5` one with the value 5, `#N/A` an error, `d:46112` a number that a date's
format shows, `e:46112` one with an era, `z:7` 007, `n:7` a number; all else is
a text.  A sheet whose NAME begins with ! is hidden; a row whose first cell
begins with ! is hidden; a line `merge A1:B2` behind a table merges cells.
"""
import csv
import sys
import zipfile
from xml.sax.saxutils import escape

STYLES = ("<styleSheet><numFmts><numFmt numFmtId='164' formatCode='000'/>"
          "<numFmt numFmtId='165' formatCode='[$-411]ggge\"年\"m\"月\"d\"日\"'/>"
          "</numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
          "<xf numFmtId='165'/><xf numFmtId='164'/></cellXfs></styleSheet>")
KINDS = {"n:": 0, "d:": 1, "e:": 2, "z:": 3}


def name(column, row):
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters + str(row)


def cell(text, ref):
    if text == "":
        return ""
    if text.startswith("="):
        formula, _, value = text[1:].partition("|")
        value = "<v>%s</v>" % escape(value) if value else ""
        return "<c r='%s' t='str'><f>%s</f>%s</c>" % (ref, escape(formula), value)
    if text.startswith("#"):
        return "<c r='%s' t='e'><v>%s</v></c>" % (ref, escape(text))
    if text[:2] in KINDS:
        return "<c r='%s' s='%d'><v>%s</v></c>" % (ref, KINDS[text[:2]], text[2:])
    return ("<c r='%s' t='inlineStr'><is><t xml:space='preserve'>%s</t></is></c>"
            % (ref, escape(text)))


def sheet(path):
    rows, merges = [], []
    with open(path, newline="", encoding="utf-8") as f:
        for number, cells in enumerate(csv.reader(f), 1):
            if cells and cells[0].startswith("merge "):
                merges.append("<mergeCell ref='%s'/>" % cells[0][6:])
                continue
            hidden = ""
            if cells and cells[0].startswith("!"):
                hidden, cells[0] = " hidden='1'", cells[0][1:]
            rows.append("<row r='%d'%s>%s</row>" % (number, hidden, "".join(
                cell(c, name(i, number)) for i, c in enumerate(cells))))
    return ("<worksheet><sheetData>%s</sheetData>%s</worksheet>" % (
        "".join(rows),
        "<mergeCells>%s</mergeCells>" % "".join(merges) if merges else ""))


def main(out, tables):
    rel = "<Relationship Id='%s' Type='http://x/%s' Target='%s'/>"
    sheets, rels = [], [rel % ("s", "styles", "styles.xml")]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        def put(path, text):
            z.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)),
                       text.encode("utf-8"), zipfile.ZIP_DEFLATED)
        for i, table in enumerate(tables, 1):
            title, _, path = table.partition("=")
            state = " state='hidden'" if title.startswith("!") else ""
            sheets.append("<sheet name='%s' sheetId='%d' r:id='r%d'%s/>" % (
                escape(title.lstrip("!")), i, i, state))
            rels.append(rel % ("r%d" % i, "worksheet", "worksheets/sheet%d.xml" % i))
            put("xl/worksheets/sheet%d.xml" % i, sheet(path))
        put("_rels/.rels", "<Relationships>%s</Relationships>" %
            rel % ("w", "officeDocument", "xl/workbook.xml"))
        put("xl/workbook.xml", "<workbook xmlns:r='r'><sheets>%s</sheets></workbook>"
            % "".join(sheets))
        put("xl/_rels/workbook.xml.rels",
            "<Relationships>%s</Relationships>" % "".join(rels))
        put("xl/styles.xml", STYLES)


main(sys.argv[1], sys.argv[2:])

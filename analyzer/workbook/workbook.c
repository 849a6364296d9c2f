/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/workbook/workbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyzer/workbook/book.h"
#include "analyzer/workbook/xml.h"
#include "common/log.h"

static const struct {
	const char *en, *ja;
} errors[] = {
#define WORKBOOK_ERR(id, en, ja) { en, ja },
#include "analyzer/workbook/workbook_err_tbl.h"
#undef WORKBOOK_ERR
};

const char *
workbook_strerror(enum workbook_err e)
{
	return tr(errors[e].en, errors[e].ja);
}

/* A compound file (OLE): .xls, and what a password protects. */
static const uint8_t compound[] = { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A,
	0xE1 };

/* BIFF2 to BIFF4, which came before compound files. */
static bool
is_biff(struct span s)
{
	return s.len >= 4 && s.p[0] == 0x09 &&
	    (s.p[1] == 0x00 || s.p[1] == 0x02 || s.p[1] == 0x04) &&
	    (s.p[2] == 0x04 || s.p[2] == 0x06) && s.p[3] == 0x00;
}

static bool
is_compound(struct span s)
{
	return span_starts(s, span_make(compound, sizeof(compound)));
}

bool
workbook_is(struct span s)
{
	return span_starts(s, SPAN("PK\3\4")) ||
	    span_starts(s, SPAN("PK\5\6")) || is_compound(s) || is_biff(s);
}

/* What is no ZIP file: a password wraps the workbook in a compound file. */
static enum workbook_err
refuse(struct span s)
{
	static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k"
				   "\0a\0g\0e";

	if (is_compound(s) &&
	    memmem(s.p, s.len, name, sizeof(name) - 1) != NULL)
		return WORKBOOK_ENCRYPTED;
	return is_compound(s) || is_biff(s) ? WORKBOOK_OLD : WORKBOOK_DAMAGED;
}

/* ---- relations ---- */

struct relating {
	struct workbook *w;
	struct span folder; /* that targets are relative to: "xl/" */
	const struct zip_entry *book, *styles, *strings;
};

static bool
ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcmp(s + n - k, end) == 0;
}

/* "worksheets/sheet1.xml" of "xl/", "/xl/styles.xml" of the root. */
static const struct zip_entry *
target(const struct relating *r, const char *path)
{
	char name[ZIP_NAME_MAX + 1];
	int n;

	if (path == NULL)
		return NULL;
	if (*path == '/')
		return parts_find(&r->w->parts, span_str(path + 1));
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	n = snprintf(name, sizeof(name), "%.*s%s", (int)r->folder.len,
	    r->folder.len > 0 ? (const char *)r->folder.p : "", path);
	return n > 0 && (size_t)n < sizeof(name)
	    ? parts_find(&r->w->parts, span_make(name, (size_t)n))
	    : NULL;
}

static int
relation(void *cookie, const char *name, const char *const *atts)
{
	struct relating *r = cookie;
	const char *type = xml_attribute(atts, "Type");
	const char *id = xml_attribute(atts, "Id");
	const struct zip_entry *e = target(r, xml_attribute(atts, "Target"));
	size_t i;

	if (strcmp(name, "Relationship") != 0 || type == NULL || e == NULL)
		return 0;
	if (ends_in(type, "/officeDocument"))
		r->book = e;
	else if (ends_in(type, "/styles"))
		r->styles = e;
	else if (ends_in(type, "/sharedStrings"))
		r->strings = e;
	else if (ends_in(type, "/worksheet") && id != NULL)
		for (i = 0; i < r->w->n_sheets; i++)
			if (span_is(r->w->sheets[i].id, id))
				r->w->sheets[i].part = e;
	return 0;
}

/* The relations of a part: a/_rels/b.rels of a/b. */
static int
read_relations(struct relating *r, struct span part, struct workbook_why *why)
{
	char name[ZIP_NAME_MAX + 1];
	const struct zip_entry *e;
	struct xml_reader x = { r, relation, NULL, NULL };
	size_t slash = part.len;
	int n;

	while (slash > 0 && part.p[slash - 1] != '/')
		slash--;
	r->folder = span_sub(part, 0, slash);
	n = snprintf(name, sizeof(name), "%.*s_rels/%.*s.rels", (int)slash,
	    slash > 0 ? (const char *)part.p : "", (int)(part.len - slash),
	    part.len > slash ? (const char *)part.p + slash : "");
	e = n > 0 && (size_t)n < sizeof(name)
	    ? parts_find(&r->w->parts, span_make(name, (size_t)n))
	    : NULL;
	return e == NULL ? 0 : xml_read(&r->w->parts, e, &x, why);
}

/* ---- xl/workbook.xml ---- */

struct listing {
	struct workbook *w;
	struct workbook_why *why;
	const struct zip_entry *e;
};

static int
list_start(void *cookie, const char *name, const char *const *atts)
{
	struct listing *l = cookie;
	const char *title = xml_attribute(atts, "name");
	const char *id = xml_attribute(atts, "id");
	const char *state = xml_attribute(atts, "state");
	struct book_sheet *s;

	if (strcmp(name, "workbookPr") == 0)
		l->w->epoch_1904 = xml_says(atts, "date1904");
	if (strcmp(name, "sheet") != 0)
		return 0;
	if (l->w->n_sheets == WORKBOOK_SHEETS)
		return parts_fail(l->why, WORKBOOK_MANY_SHEETS, l->e->name);
	s = &l->w->sheets[l->w->n_sheets++];
	s->name = arena_copy(l->w->arena, span_str(title));
	s->id = arena_copy(l->w->arena, span_str(id));
	s->hidden = state != NULL && strcmp(state, "visible") != 0;
	return 0;
}

/* ---- the whole ---- */

static int
take_text(void *cookie, struct span piece, bool last)
{
	struct buf *b = cookie;

	(void)last;
	if (b->len < 256)
		buf_span(b, span_sub(piece, 0, 256));
	return 0;
}

/* What a ZIP file without a workbook is. */
static int
no_workbook(struct workbook *w, struct workbook_why *why)
{
	const struct zip_entry *e = parts_find(&w->parts, SPAN("mimetype"));
	bool open_document = false;
	struct buf b;

	buf_init(&b);
	if (e != NULL && parts_read(&w->parts, e, take_text, &b, why) == 0)
		open_document = span_starts(buf_view(&b),
		    SPAN("application/vnd.oasis.opendocument"));
	buf_fini(&b);
	return parts_fail(why,
	    open_document ? WORKBOOK_OPEN_DOCUMENT : WORKBOOK_NO_WORKBOOK,
	    SPAN(""));
}

static bool
has_macros(const struct workbook *w)
{
	static const char vba[] = "vbaProject.bin";
	const size_t n = sizeof(vba) - 1;
	size_t i;

	for (i = 0; i < w->parts.n; i++) {
		struct span name = w->parts.v[i].name;

		if (name.len >= n &&
		    strncasecmp((const char *)name.p + name.len - n, vba, n) ==
			0)
			return true;
	}
	return false;
}

static int
read_all(struct workbook *w, struct span bytes, struct workbook_why *why)
{
	struct relating r = { .w = w };
	struct listing l = { w, why, NULL };
	struct xml_reader x = { &l, list_start, NULL, NULL };

	if (!span_starts(bytes, SPAN("PK")))
		return parts_fail(why, refuse(bytes), SPAN(""));
	if (parts_open(&w->parts, bytes, w->arena, why) == -1)
		return -1;
	if (has_macros(w))
		return parts_fail(why, WORKBOOK_MACROS, SPAN(""));
	if (read_relations(&r, SPAN(""), why) == -1)
		return -1;
	if ((l.e = r.book) == NULL)
		return no_workbook(w, why);
	if (r.book->name.len > 4 &&
	    memcmp(r.book->name.p + r.book->name.len - 4, ".bin", 4) == 0)
		return parts_fail(why, WORKBOOK_BINARY, SPAN(""));
	if (xml_read(&w->parts, r.book, &x, why) == -1 ||
	    read_relations(&r, r.book->name, why) == -1)
		return -1;
	if (r.styles != NULL && book_styles(w, r.styles, why) == -1)
		return -1;
	return r.strings == NULL ? 0 : book_strings(w, r.strings, why);
}

struct workbook *
workbook_open(struct span bytes, struct arena *arena, struct workbook_why *why)
{
	struct workbook *w = calloc(1, sizeof(*w));

	if (w == NULL)
		abort();
	*why = (struct workbook_why){ WORKBOOK_OK, "" };
	w->arena = arena;
	if (read_all(w, bytes, why) == 0)
		return w;
	workbook_close(w);
	return NULL;
}

void
workbook_close(struct workbook *w)
{
	if (w == NULL)
		return;
	free(w->strings);
	free(w->styles);
	free(w);
}

size_t
workbook_sheets(const struct workbook *w)
{
	return w->n_sheets;
}

struct span
workbook_sheet_name(const struct workbook *w, size_t i)
{
	return w->sheets[i].name;
}

bool
workbook_sheet_hidden(const struct workbook *w, size_t i)
{
	return w->sheets[i].hidden;
}

char *
workbook_cell_name(unsigned column, unsigned row, char *out)
{
	char letters[8];
	size_t n = sizeof(letters);

	letters[--n] = '\0';
	for (column++; column > 0 && n > 0; column = (column - 1) / 26)
		letters[--n] = (char)('A' + (column - 1) % 26);
	snprintf(out, WORKBOOK_NAME, "%s%u", letters + n, row);
	return out;
}

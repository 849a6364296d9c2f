/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/workbook/book.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/workbook/rich.h"
#include "analyzer/workbook/xml.h"
#include "common/num.h"

int
book_number(const char *text, unsigned max, unsigned *n)
{
	uint64_t v;

	if (text == NULL || num_parse(span_str(text), max, &v) == -1)
		return -1;
	*n = (unsigned)v;
	return 0;
}

/* ---- styles ---- */

#define FORMAT_MAX 65536u

struct custom {
	unsigned id;
	struct number_format format;
	struct custom *next;
};

struct styling {
	struct workbook *w;
	struct workbook_why *why;
	const struct zip_entry *e;
	struct arena *arena;
	struct custom *customs;
	size_t n_customs;
	bool cells; /* within cellXfs */
};

static struct number_format
format_of(const struct styling *s, unsigned id)
{
	const struct custom *c;

	for (c = s->customs; c != NULL; c = c->next)
		if (c->id == id)
			return c->format;
	return number_builtin(id);
}

static int
add_custom(struct styling *s, const char *const *atts)
{
	const char *code = xml_attribute(atts, "formatCode");
	struct custom *c;
	unsigned id;

	if (code == NULL ||
	    book_number(xml_attribute(atts, "numFmtId"), FORMAT_MAX, &id) ==
		-1)
		return 0;
	if (s->n_customs++ == 4096)
		return parts_fail(s->why, WORKBOOK_MANY_STYLES, s->e->name);
	c = arena_alloc(s->arena, sizeof(*c));
	*c = (struct custom){ id, number_code(span_str(code)), s->customs };
	s->customs = c;
	return 0;
}

static int
add_style(struct styling *s, const char *const *atts)
{
	struct workbook *w = s->w;
	unsigned id = 0;

	(void)book_number(xml_attribute(atts, "numFmtId"), FORMAT_MAX, &id);
	if (w->n_styles == WORKBOOK_STYLES)
		return parts_fail(s->why, WORKBOOK_MANY_STYLES, s->e->name);
	if (w->n_styles == w->cap_styles) {
		w->cap_styles = w->cap_styles == 0 ? 64 : w->cap_styles * 2;
		w->styles = reallocarray(w->styles, w->cap_styles,
		    sizeof(*w->styles));
		if (w->styles == NULL)
			abort();
	}
	w->styles[w->n_styles++] = format_of(s, id);
	return 0;
}

static int
style_start(void *cookie, const char *name, const char *const *atts)
{
	struct styling *s = cookie;

	if (strcmp(name, "numFmt") == 0)
		return add_custom(s, atts);
	if (strcmp(name, "cellXfs") == 0)
		s->cells = true;
	else if (s->cells && strcmp(name, "xf") == 0)
		return add_style(s, atts);
	return 0;
}

static int
style_end(void *cookie, const char *name)
{
	struct styling *s = cookie;

	if (strcmp(name, "cellXfs") == 0)
		s->cells = false;
	return 0;
}

int
book_styles(struct workbook *w, const struct zip_entry *e,
    struct workbook_why *why)
{
	struct styling s = { .w = w, .why = why, .e = e };
	struct xml_reader r = { &s, style_start, style_end, NULL };
	int rc;

	s.arena = arena_new();
	rc = xml_read(&w->parts, e, &r, why);
	arena_free(s.arena);
	return rc;
}

/* ---- shared strings ---- */

struct sharing {
	struct workbook *w;
	struct workbook_why *why;
	const struct zip_entry *e;
	struct rich rich;
};

static int
string_start(void *cookie, const char *name, const char *const *atts)
{
	struct sharing *s = cookie;

	(void)atts;
	if (strcmp(name, "si") == 0)
		s->rich.text.len = 0;
	rich_start(&s->rich, name);
	return 0;
}

static int
string_end(void *cookie, const char *name)
{
	struct sharing *s = cookie;
	struct workbook *w = s->w;

	rich_end(&s->rich, name);
	if (strcmp(name, "si") != 0)
		return 0;
	if (w->n_strings == WORKBOOK_STRINGS)
		return parts_fail(s->why, WORKBOOK_MANY_STRINGS, s->e->name);
	if (w->n_strings == w->cap_strings) {
		w->cap_strings = w->cap_strings == 0 ? 256
						     : w->cap_strings * 2;
		w->strings = reallocarray(w->strings, w->cap_strings,
		    sizeof(*w->strings));
		if (w->strings == NULL)
			abort();
	}
	w->strings[w->n_strings++] = rich_take(&s->rich, w->arena);
	return 0;
}

static int
string_text(void *cookie, struct span text)
{
	struct sharing *s = cookie;

	return rich_text(&s->rich, text) == 0
	    ? 0
	    : parts_fail(s->why, WORKBOOK_LONG_TEXT, s->e->name);
}

int
book_strings(struct workbook *w, const struct zip_entry *e,
    struct workbook_why *why)
{
	struct sharing s = { .w = w, .why = why, .e = e };
	struct xml_reader r = { &s, string_start, string_end, string_text };
	int rc;

	buf_init(&s.rich.text);
	rc = xml_read(&w->parts, e, &r, why);
	buf_fini(&s.rich.text);
	return rc;
}

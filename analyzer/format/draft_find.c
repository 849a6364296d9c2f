/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "analyzer/format/cef.h"
#include "analyzer/format/cells.h"
#include "analyzer/format/convert.h"
#include "analyzer/format/draft_priv.h"
#include "analyzer/format/jsonpath.h"
#include "analyzer/format/xmlpath.h"
#include "common/text.h"

/* How lines are cut: head, then pairs, cells, documents; else words. */

static const struct form {
	const char *step;
	struct pairs_form form;
} forms[] = {
#define FORM(pair, sep, quotes, text)                                          \
	{                                                                      \
		text,                                                          \
		{                                                              \
			SPAN(pair), SPAN(sep), SPAN(quotes), false             \
		}                                                              \
	}
	FORM("=", " ", "\"", "keyvalue: {}"),
	FORM("=", ", ", "\"", "keyvalue: {separator: \", \"}"),
	FORM("=", ",", "\"", "keyvalue: {separator: \",\"}"),
	FORM("=", "; ", "\"", "keyvalue: {separator: \"; \"}"),
	FORM("=", ";", "\"", "keyvalue: {separator: \";\"}"),
	FORM("=", "|", "\"", "keyvalue: {separator: \"|\"}"),
	FORM("=", "\t", "\"", "keyvalue: {separator: \"\\t\"}"),
	FORM(": ", ", ", "\"", "keyvalue: {pair: \": \", separator: \", \"}"),
	FORM(":", "; ", "\"", "keyvalue: {pair: \":\", separator: \"; \"}"),
	FORM(":", " ", "\"", "keyvalue: {pair: \":\"}"),
#undef FORM
};

struct draft_input *
draft_input(struct draft *d, struct span name)
{
	size_t i;

	for (i = 0; i < d->ninput && !span_eq(d->input[i]->name, name); i++)
		;
	if (i == DRAFT_INPUTS)
		return NULL;
	if (i == d->ninput) {
		d->input[i] = arena_alloc(d->a, sizeof(*d->input[i]));
		d->input[d->ninput++]->name = arena_copy(d->a, name);
	}
	return d->input[i];
}

static void
give(struct draft *d, size_t line, struct span name, struct span value)
{
	/* A longer one is no key of a YAML file, nor of any vendor. */
	struct draft_input *in =
	    name.len > DRAFT_NAME ? NULL : draft_input(d, name);

	if (in != NULL && in->value[line].len == 0)
		in->value[line] = arena_copy(d->a, value);
}

/* What a head looks like if any line has one. */
static enum header_level
level_of(const struct draft *d)
{
	bool pri = false, stamp = false, month = false, app = true;
	bool empty = true;
	size_t i;

	for (i = 0; i < d->n; i++) {
		const struct header *h = &d->line[i].h;

		pri |= h->pri >= 0;
		stamp |= h->has_stamp;
		month |= h->has_stamp && h->stamp_text.len > 0 &&
		    (h->stamp_text.p[0] < '0' || h->stamp_text.p[0] > '9');
		app &= h->app.len > 0 && !span_is(h->app, "CEF") &&
		    !span_is(h->app, "LEEF");
		empty &= h->body[HEADER_TAG].len == 0;
	}
	if (!pri && !stamp)
		return HEADER_NONE;
	if (app && !empty) /* else it is all in structured data */
		return HEADER_TAG;
	/* A bare date in front of a text has no host behind it. */
	return pri || month ? HEADER_HOST : HEADER_TIME;
}

static void
set_level(struct draft *d, enum header_level level)
{
	size_t i;

	d->level = level;
	for (i = 0; i < d->n; i++)
		d->line[i].body = d->line[i].h.body[level];
}

/* Whether every line passes. */
static bool
every(const struct draft *d, bool (*is)(struct span body))
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (!is(d->line[i].body))
			return false;
	return true;
}

static bool
is_cef(struct span body)
{
	struct cef c;

	return cef_read(body, &c);
}

static bool
is_leef(struct span body)
{
	struct cef c;

	return leef_read(body, &c);
}

static bool
is_json(struct span body)
{
	struct jsonpath j;
	struct jsonpath_value v;

	body = text_trim(body);
	if (body.len == 0 || body.p[0] != '{')
		return false;
	jsonpath_begin(&j, body);
	return jsonpath_next(&j, &v);
}

static bool
is_xml(struct span body)
{
	struct xmlpath x;
	struct xmlpath_value v;

	body = text_trim(body);
	if (body.len == 0 || body.p[0] != '<')
		return false;
	xmlpath_begin(&x, body);
	return xmlpath_next(&x, &v);
}

static bool
is_key(struct span key)
{
	size_t i;

	for (i = 0; i < key.len; i++) {
		uint8_t c = key.p[i], l = c | 0x20;

		if (!(l >= 'a' && l <= 'z') && c != '_' && c < 0x80 &&
		    (i == 0 || memchr("0123456789.-", c, 12) == NULL))
			return false;
	}
	return key.len > 0 && key.len <= 40;
}

/* A value that has the next pair in it, or the end of a separator. */
static bool
is_torn(struct span value, const struct pairs_form *form)
{
	if (value.len == 0)
		return false;
	return memchr(",;|", value.p[value.len - 1], 3) != NULL ||
	    (form->sep.p[0] != ' ' && form->pair.len == 1 &&
		memchr(value.p, form->pair.p[0], value.len) != NULL &&
		memchr(value.p, ' ', value.len) != NULL);
}

/*
 * How much of a body is pairs, of 100, or 0 if it is less than 60, or fewer
 * than three pairs; what is torn counts for nothing.
 */
static size_t
pair_share(struct span body, const struct pairs_form *form, size_t *pairs)
{
	struct pairs k = pairs_make(body, form);
	struct kv_pair pair;
	size_t n = 0, len = 0;

	while (pairs_next(&k, &pair)) {
		if (!is_key(pair.key) || is_torn(pair.value, form))
			continue;
		n++;
		len += pair.key.len + form->pair.len + pair.value.len +
		    form->sep.len;
	}
	*pairs += n;
	len = len * 100 / (body.len + 1);
	return n < 3 || len < 60 ? 0 : len;
}

/* The form that finds the most pairs in lines that are made of them. */
static bool
find_pairs(struct draft *d)
{
	size_t i, k, n, best = 0;
	const struct form *form = NULL;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		for (k = n = 0; k < d->n; k++)
			if (pair_share(d->line[k].body, &forms[i].form, &n) ==
			    0)
				break;
		if (k < d->n || n <= best)
			continue;
		best = n;
		form = &forms[i];
	}
	if (form == NULL)
		return false;
	d->form = form->form;
	d->step = form->step;
	return true;
}

/* Pairs of a line, and what stands before the first of them. */
static size_t
find_lead(struct draft_line *l, const struct pairs_form *form)
{
	struct pairs k = pairs_make(l->body, form);
	struct kv_pair pair;
	size_t n = 0;

	l->lead = l->body;
	while (pairs_next(&k, &pair)) {
		if (!is_key(pair.key) || is_torn(pair.value, form))
			continue;
		if (n++ == 0)
			l->lead = span_sub(l->body, 0,
			    (size_t)(pair.key.p - l->body.p));
	}
	l->pairs = n > 0;
	return n;
}

static void
find_leads(struct draft *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		(void)find_lead(&d->line[i], &d->form);
		d->leads |= text_trim(d->line[i].lead).len > 0;
	}
}

/* Half of the lines have two pairs or more: the others are words alone. */
static bool
find_mixed(struct draft *d)
{
	const struct form *form = NULL;
	size_t i, k, n, all, most = 0, with;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!span_is(forms[i].form.pair, "="))
			continue;
		for (k = all = with = 0; k < d->n; k++) {
			n = find_lead(&d->line[k], &forms[i].form);
			all += n;
			with += n >= 2;
		}
		if (with * 2 < d->n || all <= most)
			continue;
		most = all;
		form = &forms[i];
	}
	if (form == NULL)
		return false;
	d->form = form->form;
	d->step = form->step;
	return true;
}

/* Cells of a line by this separator; 0 if it is no line of cells. */
static size_t
cells_of(struct span body, uint8_t sep, struct cell *cell)
{
	size_t i, blanks = 0, n;
	bool open;

	n = cells_split(body, sep, cell, &open);
	for (i = 1; i < n; i++)
		blanks += cell[i].text.len > 1 && cell[i].text.p[0] == ' ';
	return n < 4 || open || blanks * 2 > n ? 0 : n;
}

static bool
find_cells(struct draft *d)
{
	static const char seps[] = ",\t;|";
	struct cell cell[CELLS_MAX];
	size_t i, k, n, least, best = 3;

	for (k = 0; k < 4; k++) {
		least = SIZE_MAX;
		for (i = 0; i < d->n; i++) {
			n = cells_of(d->line[i].body, (uint8_t)seps[k], cell);
			if (n < least)
				least = n;
		}
		if (least <= best)
			continue;
		best = least;
		d->sep = (uint8_t)seps[k];
	}
	return d->sep != 0;
}

static bool
has_digit(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return false;
}

/* Whether the first line has titles and the second has not. */
static bool
has_titles(const struct draft *d)
{
	struct cell cell[CELLS_MAX];
	size_t i, n, digits = 0;
	bool open;

	if (d->n < 2)
		return false;
	n = cells_split(d->line[0].body, d->sep, cell, &open);
	for (i = 0; i < n; i++)
		if (cell[i].text.len == 0 || has_digit(cell[i].text))
			return false;
	n = cells_split(d->line[1].body, d->sep, cell, &open);
	for (i = 0; i < n; i++)
		digits += has_digit(cell[i].text);
	return digits > 0;
}

static void
give_cells(struct draft *d)
{
	struct cell title[CELLS_MAX], cell[CELLS_MAX];
	struct draft_input *in;
	size_t i, k, n, titles = 0;
	bool open;

	if (d->how == DRAFT_TABLE)
		titles = cells_split(d->line[0].body, d->sep, title, &open);
	for (i = titles > 0; i < d->n; i++) {
		n = cells_split(d->line[i].body, d->sep, cell, &open);
		for (k = 0; k < n; k++) {
			char name[32];

			snprintf(name, sizeof(name), "column%zu", k + 1);
			in = draft_input(d, span_str(name));
			if (in == NULL)
				return;
			if (k < titles)
				in->title = text_trim(title[k].text);
			in->value[i] = text_trim(cell[k].text);
		}
	}
}

static void
give_pairs(struct draft *d, size_t i, struct span text,
    const struct pairs_form *form)
{
	struct pairs k = pairs_make(text, form);
	struct kv_pair pair;

	while (pairs_next(&k, &pair))
		if (is_key(pair.key))
			give(d, i, pair.key, pair.value);
}

static void
give_cef(struct draft *d, size_t i)
{
	static const char *const part[2][CEF_PARTS] = {
		{ "cef.vendor", "cef.product", "cef.version", "cef.id",
		    "cef.name", "cef.severity" },
		{ "leef.vendor", "leef.product", "leef.version", "leef.id" },
	};
	const char *const *name = part[d->how == DRAFT_LEEF];
	struct cef c;
	int k;

	if (d->how == DRAFT_CEF ? !cef_read(d->line[i].body, &c)
				: !leef_read(d->line[i].body, &c))
		return;
	for (k = 0; k < CEF_PARTS && name[k] != NULL; k++)
		give(d, i, span_str(name[k]), c.part[k]);
	give_pairs(d, i, c.extension, &c.form);
}

static void
give_json(struct draft *d, size_t i)
{
	struct jsonpath j;
	struct jsonpath_value v;

	jsonpath_begin(&j, d->line[i].body);
	while (jsonpath_next(&j, &v))
		give(d, i, v.path, v.text);
}

static void
give_xml(struct draft *d, size_t i)
{
	struct xmlpath x;
	struct xmlpath_value v;

	xmlpath_begin(&x, d->line[i].body);
	while (xmlpath_next(&x, &v))
		give(d, i, v.path, v.text);
}

static void
give_all(struct draft *d)
{
	size_t i;

	if (d->how == DRAFT_CSV || d->how == DRAFT_TABLE) {
		give_cells(d);
		return;
	}
	for (i = 0; i < d->n; i++) {
		if (d->how == DRAFT_CEF || d->how == DRAFT_LEEF)
			give_cef(d, i);
		else if (d->how == DRAFT_JSON)
			give_json(d, i);
		else if (d->how == DRAFT_XML)
			give_xml(d, i);
		else if (d->how == DRAFT_KEYVALUE)
			give_pairs(d, i, d->line[i].body, &d->form);
	}
}

static bool
find_documents(struct draft *d)
{
	static const struct {
		bool (*is)(struct span body);
		enum draft_how how;
		const char *step;
	} kinds[] = {
		{ is_cef, DRAFT_CEF, "cef: {}" },
		{ is_leef, DRAFT_LEEF, "leef: {}" },
		{ is_json, DRAFT_JSON, "json: {}" },
		{ is_xml, DRAFT_XML, "xml: {}" },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!every(d, kinds[i].is))
			continue;
		d->how = kinds[i].how;
		d->step = kinds[i].step;
		return true;
	}
	return false;
}

void
draft_find(struct draft *d)
{
	enum header_level level = level_of(d);

	set_level(d, level);
	if (find_documents(d))
		goto found;
	if (find_pairs(d)) {
		d->how = DRAFT_KEYVALUE;
		find_leads(d);
		goto found;
	}
	/* A date in the first cell is no head. */
	if (level == HEADER_TIME)
		set_level(d, HEADER_NONE);
	if (find_cells(d)) {
		d->how = d->level == HEADER_NONE && has_titles(d) ? DRAFT_TABLE
								  : DRAFT_CSV;
		goto found;
	}
	set_level(d, level);
	d->how = find_mixed(d) ? DRAFT_KEYVALUE : DRAFT_PATTERN;
	if (d->how == DRAFT_KEYVALUE)
		find_leads(d);
found:
	give_all(d);
}

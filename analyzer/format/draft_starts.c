/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/draft_atom.h"
#include "analyzer/format/draft_priv.h"

/* Lines of words are recognised by what they share, or how they begin. */

void
draft_literal(struct span s, struct buf *out)
{
	size_t i, n;

	for (i = 0; i < s.len; i += n) {
		n = draft_printable(span_sub(s, i, s.len));
		if (n == 0) {
			buf_printf(out, "\\x%02x", s.p[i]);
			n = 1;
			continue;
		}
		if (memchr("\\^$.[]|()?*+{}", s.p[i], 14) != NULL)
			buf_byte(out, '\\');
		if (s.p[i] == '\'')
			buf_byte(out, '\''); /* of the YAML text */
		buf_append(out, s.p + i, n);
	}
}

void
draft_add_words(struct draft *d, void (*add)(void *cookie, struct span word),
    void *cookie)
{
	struct atom *atom = arena_alloc(d->a, ATOMS * sizeof(*atom));
	size_t i, n = atom_split(d->line[0].body, atom);

	for (i = 0; i < n; i++)
		if (atom[i].kind == ATOM_WORD && !atom[i].changes &&
		    atom[i].text.len >= 3)
			add(cookie, atom[i].text);
}

/* How a line begins up to the first thing that changes. */
static struct span
begin_of(struct span body, struct atom *atom, size_t *n)
{
	size_t k, len = 0;

	*n = atom_split(body, atom);
	for (k = 0; k < *n && atom_is_literal(atom, *n, k); k++)
		len += atom[k].text.len;
	return span_sub(body, 0, len);
}

/* One that begins with what changes: the form of its first parts. */
static void
put_form(const struct draft *d, const struct atom *atom, size_t n,
    struct buf *out)
{
	size_t i;

	buf_str(out, "'^");
	for (i = 0; i < n && i < 10; i++) {
		if (atom[i].kind == ATOM_BLANK)
			buf_str(out, "\\s+");
		else if (atom[i].kind == ATOM_QUOTED)
			buf_str(out, "\"[^\"]*\"");
		else if (!atom_is_literal(atom, n, i) ||
		    (!draft_tells(atom[i].text) &&
			draft_value_of(d, atom[i].text) != NULL))
			buf_str(out, atom_class(&atom[i]));
		else
			draft_literal(atom[i].text, out);
	}
	buf_byte(out, '\'');
}

static bool
others_begin(const struct draft *d, struct span begin)
{
	struct header h;
	size_t i;

	for (i = 0; i < d->sample->nother; i++) {
		header_parse(d->sample->other[i], &h);
		if (span_starts(h.body[d->level], begin))
			return true;
	}
	return false;
}

/* Whether it stands in the list already. */
static bool
is_listed(const struct buf *list, struct span item)
{
	return list->len >= item.len &&
	    memmem(list->p, list->len, item.p, item.len) != NULL;
}

/* The way of one line, into the list of its sort, once. */
static void
add_way(struct draft *d, struct span body, struct atom *atom, struct buf *item,
    struct buf *starts, struct buf *forms)
{
	size_t n;
	struct span begin = begin_of(body, atom, &n);
	struct buf *list = begin.len >= 3 ? starts : forms;

	item->len = 0;
	if (begin.len >= 3) {
		draft_quote(begin, item);
		if (others_begin(d, begin))
			d->result->sharp = false;
	} else {
		put_form(d, atom, n, item);
		d->result->sharp = false;
	}
	if (is_listed(list, buf_view(item)))
		return;
	buf_str(list,
	    list == forms	? "\n  - pattern: "
		: list->len > 0 ? ", "
				: "");
	buf_span(list, buf_view(item));
}

void
draft_put_starts(struct draft *d)
{
	struct atom *atom = arena_alloc(d->a, ATOMS * sizeof(*atom));
	struct buf item, starts, forms;
	size_t i;

	buf_init(&item);
	buf_init(&starts);
	buf_init(&forms);
	d->result->sharp = true;
	for (i = 0; i < d->n; i++)
		add_way(d,
		    d->leads && d->line[i].lead.len > 0 ? d->line[i].lead
							: d->line[i].body,
		    atom, &item, &starts, &forms);
	buf_str(d->out, "detect:");
	if (starts.len > 0) {
		buf_str(d->out, "\n  - starts: [");
		buf_span(d->out, buf_view(&starts));
		buf_byte(d->out, ']');
	}
	buf_span(d->out, buf_view(&forms));
	buf_byte(d->out, '\n');
	buf_fini(&item);
	buf_fini(&starts);
	buf_fini(&forms);
}

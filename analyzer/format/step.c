/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/step.h"

#include "analyzer/format/memo.h"
#include "common/text.h"

static struct span
cell_text(const struct cell *c, struct arena *a)
{
	uint8_t *out;

	if (!c->doubled)
		return c->text;
	out = arena_alloc(a, c->text.len);
	return span_make(out, cells_undouble(c->text, out));
}

static bool
layout_fits(const struct csv_layout *y, const struct cell *cells, size_t n)
{
	size_t i;

	if (n < y->min || n > y->max)
		return false;
	for (i = 0; i < y->ntest; i++)
		if (y->test[i].slot >= n ||
		    !line_test(&y->test[i], cells[y->test[i].slot].text))
			return false;
	return true;
}

static bool
run_csv(const struct step *s, struct line *l)
{
	struct cell *cells = l->cell;
	bool open;
	size_t i, k, n = cells_split(l->in[s->from], s->sep, cells, &open);

	for (i = 0; i < s->n; i++) {
		const struct csv_layout *y = &s->layout[i];

		if (!layout_fits(y, cells, n))
			continue;
		if (open) { /* half a name or an address is none */
			l->fault = "a quoted cell never closes";
			n--;
		}
		for (k = 0; k < y->n && k < n; k++)
			if (y->slot[k] != SLOT_NONE)
				line_put(l, y->slot[k],
				    cell_text(&cells[k], l->a));
		return true;
	}
	return false;
}

size_t
step_header(const struct step *s, struct span text, uint16_t *column)
{
	struct cell cells[CELLS_MAX];
	struct buf folded;
	size_t i, k, n;
	bool open;

	if (!span_starts(text, s->directive))
		return 0;
	text = span_sub(text, s->directive.len, text.len);
	if (s->directive.len > 0)
		text = text_trim(text);
	n = cells_split(text, s->sep, cells, &open);
	if (n < s->n || open)
		return 0;
	buf_init(&folded);
	for (i = 0; i < n; i++) {
		uint32_t slot;

		folded.len = 0;
		text_fold(text_trim(cells[i].text), true, &folded);
		slot = names_find(s->keys, buf_view(&folded));
		column[i] = slot == NAMES_NONE ? SLOT_NONE : (uint16_t)slot;
	}
	buf_fini(&folded);
	for (i = 0; i < s->n; i++) {
		for (k = 0; k < n && column[k] != s->required[i]; k++)
			;
		if (k == n)
			return 0;
	}
	return n;
}

/* ". . ." under a table says that it goes on: that is nobody's name. */
static bool
is_dots(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] != '.')
			return false;
	return true;
}

bool
step_row(const struct step *s, struct span text, const uint16_t *column,
    size_t ncolumn, struct line *l)
{
	struct cell *cells = l->cell;
	bool open;
	size_t i, dots = 0, n = cells_split(text, s->sep, cells, &open);

	for (i = 0; i < n && i < ncolumn; i++)
		if (column[i] != SLOT_NONE)
			line_put(l, column[i],
			    text_trim(cell_text(&cells[i], l->a)));
	if (n == ncolumn + 1 && s->untitled != SLOT_NONE)
		line_put(l, s->untitled,
		    text_trim(cell_text(&cells[ncolumn], l->a)));
	if (open)
		l->fault = "a quoted cell never closes";
	for (i = 0; i < s->n; i++) {
		if (l->in[s->required[i]].len == 0)
			return false;
		dots += is_dots(l->in[s->required[i]]);
	}
	if (s->n > 0 && dots == s->n)
		return false;
	/* What writes its titles as a directive fills every column. */
	return n == ncolumn ||
	    (s->directive.len == 0 && (n + 1 == ncolumn || n == ncolumn + 1));
}

const struct rule_pattern *
step_match(const struct rule_pattern *r, struct line *l)
{
	const struct span *group;
	size_t i, n;
	int rc;

	for (; r != NULL; r = r->next) {
		if (l->in[r->from].len == 0)
			continue; /* an input without a value matches nothing */
		rc = regex_search(r->pattern, l->match, l->in[r->from]);
		if (rc < 0)
			l->fault = "a pattern gave up on this line";
		if (rc != 1)
			continue;
		if (l->trace != NULL)
			trace_add(l->trace, TRACE_MATCH, r,
			    regex_whole(l->match));
		n = regex_groups(r->pattern);
		group = regex_caught(r->pattern, l->match);
		for (i = 0; i < n; i++)
			line_put(l, r->slot[i], group[i]);
		return r;
	}
	return NULL;
}

bool
step_do(const struct step *s, struct line *l)
{
	if (s->kind >= STEP_KV)
		return step_keys(s, l);
	if (s->kind == STEP_CSV)
		return run_csv(s, l);
	return s->kind != STEP_PATTERN || step_match(s->pattern, l) != NULL;
}

bool
step_run(const struct step *s, struct line *l)
{
	size_t inputs = l->nused;
	bool ok;

	if (!line_holds(l, s->when))
		return true;
	ok = step_do(s, l);
	if (l->draft != NULL)
		memo_stepped(l->draft, l, inputs, s, ok);
	return ok || s->optional;
}

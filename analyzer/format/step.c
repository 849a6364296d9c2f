/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/step.h"

#include "analyzer/format/kv.h"
#include "common/text.h"

/* A backslash that keeps a quote is no part of the value. */
static struct span
unescape(struct span s, struct arena *a)
{
	uint8_t *out = arena_alloc(a, s.len);
	size_t i, n = 0;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '\\' && i + 1 < s.len && s.p[i + 1] == '"')
			i++;
		out[n++] = s.p[i];
	}
	return span_make(out, n);
}

static bool
run_kv(const struct step *s, struct line *l)
{
	struct kv k = kv_make(l->in[s->from], s->pair, s->sep);
	struct kv_pair pair;
	uint32_t slot;
	bool known = false;

	while (kv_next(&k, &pair)) {
		slot = names_find(s->keys, pair.key);
		if (slot == NAMES_NONE)
			continue;
		known = true;
		if (pair.escaped)
			pair.value = unescape(pair.value, l->a);
		if (pair.open)
			l->fault = "a quoted value never closes";
		line_put(l, (uint16_t)slot, pair.value);
	}
	return known;
}

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
	struct cell cells[CELLS_MAX];
	bool open;
	size_t i, k, n = cells_split(l->in[s->from], s->sep, cells, &open);

	for (i = 0; i < s->n; i++) {
		const struct csv_layout *y = &s->layout[i];

		if (!layout_fits(y, cells, n))
			continue;
		for (k = 0; k < y->n && k < n; k++)
			if (y->slot[k] != SLOT_NONE)
				line_put(l, y->slot[k],
				    cell_text(&cells[k], l->a));
		if (open)
			l->fault = "a quoted cell never closes";
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

bool
step_row(const struct step *s, struct span text, const uint16_t *column,
    size_t ncolumn, struct line *l)
{
	struct cell cells[CELLS_MAX];
	bool open;
	size_t i, n = cells_split(text, s->sep, cells, &open);

	for (i = 0; i < n && i < ncolumn; i++)
		if (column[i] != SLOT_NONE)
			line_put(l, column[i],
			    text_trim(cell_text(&cells[i], l->a)));
	if (open)
		l->fault = "a quoted cell never closes";
	for (i = 0; i < s->n; i++)
		if (l->in[s->required[i]].len == 0)
			return false;
	return n == ncolumn || n + 1 == ncolumn || n == ncolumn + 1;
}

bool
step_match(const struct rule_pattern *r, struct line *l)
{
	size_t i, n;
	int rc;

	for (; r != NULL; r = r->next) {
		rc = regex_search(r->pattern, l->match, l->in[r->from]);
		if (rc < 0)
			l->fault = "a pattern gave up on this line";
		if (rc != 1)
			continue;
		n = regex_groups(r->pattern);
		for (i = 0; i < n; i++)
			line_put(l, r->slot[i],
			    regex_group(r->pattern, l->match, i));
		return true;
	}
	return false;
}

bool
step_run(const struct step *s, struct line *l)
{
	bool ok = false;

	if (!line_holds(l, s->when))
		return true;
	switch (s->kind) {
	case STEP_KV:
		ok = run_kv(s, l);
		break;
	case STEP_CSV:
		ok = run_csv(s, l);
		break;
	case STEP_PATTERN:
		ok = step_match(s->pattern, l);
		break;
	case STEP_CSV_HEADER:
		ok = true;
		break;
	}
	return ok || s->optional;
}

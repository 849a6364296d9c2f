/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/support.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/cells.h"
#include "common/log.h"

enum column {
#define COLUMN(id, required, names) COL_##id,
#include "analyzer/ledger/support_tbl.h"
#undef COLUMN
	COL_COUNT
};

static const struct sheet_column columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/support_tbl.h"
#undef COLUMN
};

struct support {
	struct arena *arena;
	struct support_row *v;
	size_t n;
};

/* The next of names parted by bars; false if there is none. */
static bool
next_name(struct span *rest, struct span *name)
{
	size_t i = 0;

	if (rest->len == 0)
		return false;
	while (i < rest->len && rest->p[i] != '|')
		i++;
	*name = span_sub(*rest, 0, i);
	*rest = i < rest->len ? span_sub(*rest, i + 1, rest->len)
			      : (struct span){ NULL, 0 };
	return true;
}

static void
read_row(struct support *s, const struct cells *c)
{
	struct support_row *r = &s->v[s->n++];
	struct problem_at product = cells_at(c, COL_PRODUCT);
	struct span text;

	*r = (struct support_row){ .row = c->row->number };
	r->names = cells_key(c, COL_PRODUCT);
	text = cells_text(c, COL_PRODUCT);
	(void)next_name(&text, &r->text);
	r->day = cells_date(c, COL_DAY);
	if (r->names.len == 0 || r->day == INT64_MIN)
		problems_error(c->ps, &product,
		    tr("a row needs a product and the last day of its updates",
			"製品と終了日が必要です"));
}

struct support *
support_parse(struct span bytes, const char *file, struct problems *ps)
{
	struct support *s = calloc(1, sizeof(*s));
	size_t i, before = ps->errors;
	struct sheet sheet;

	if (s == NULL)
		abort();
	s->arena = arena_new();
	if (sheet_read(bytes, file, columns, COL_COUNT, s->arena, &sheet,
		ps) == 0) {
		s->v = arena_alloc(s->arena, (sheet.n + 1) * sizeof(*s->v));
		for (i = 0; i < sheet.n; i++)
			read_row(s,
			    &(struct cells){ &sheet, &sheet.rows[i], s->arena,
				ps });
	}
	if (ps->errors == before)
		return s;
	support_free(s);
	return NULL;
}

void
support_free(struct support *s)
{
	if (s == NULL)
		return;
	arena_free(s->arena);
	free(s);
}

static bool
is_figure(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* "win8" is not "win8.1", and "centos 7" is "centos 7.9". */
static bool
begins_with(struct span system, struct span name)
{
	size_t n = name.len;

	if (n == 0 || n > system.len || memcmp(system.p, name.p, n) != 0)
		return false;
	return n == system.len || !is_figure(name.p[n - 1]) ||
	    !is_figure(system.p[n]);
}

const struct support_row *
support_find(const struct support *s, struct span system)
{
	const struct support_row *best = NULL;
	struct span rest, name;
	size_t i, len = 0;

	for (i = 0; i < s->n; i++)
		for (rest = s->v[i].names; next_name(&rest, &name);)
			if (name.len > len && begins_with(system, name)) {
				best = &s->v[i];
				len = name.len;
			}
	return best;
}

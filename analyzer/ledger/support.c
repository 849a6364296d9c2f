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

static void
read_row(void *element, const struct cells *c)
{
	struct support_row *r = element;
	struct problem_at product = cells_at(c, COL_PRODUCT);
	struct span text;

	*r = (struct support_row){ .row = c->row->number };
	r->names = cells_key(c, COL_PRODUCT);
	text = cells_text(c, COL_PRODUCT);
	(void)cells_next_name(&text, &r->text);
	r->day = cells_date(c, COL_DAY);
	if (r->names.len == 0 || r->day == INT64_MIN)
		problems_error(c->ps, &product,
		    tr("a row needs a product and the last day of its updates",
			"製品と終了日が必要です"));
}

static const struct cells_list list = { columns, COL_COUNT,
	sizeof(struct support_row), read_row };

struct support *
support_parse(struct span bytes, const char *file, struct problems *ps)
{
	struct support *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->arena = arena_new();
	s->v = cells_read(&list, bytes, file, s->arena, ps, &s->n);
	if (s->v == NULL) {
		support_free(s);
		return NULL;
	}
	return s;
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
		for (rest = s->v[i].names; cells_next_name(&rest, &name);)
			if (name.len > len && begins_with(system, name)) {
				best = &s->v[i];
				len = name.len;
			}
	return best;
}

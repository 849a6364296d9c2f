/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/firmware.h"

#include <stdlib.h>

#include "analyzer/ledger/cells.h"
#include "common/log.h"

enum column {
#define COLUMN(id, required, names) COL_##id,
#include "analyzer/ledger/firmware_tbl.h"
#undef COLUMN
	COL_COUNT
};

static const struct sheet_column columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/firmware_tbl.h"
#undef COLUMN
};

struct firmware {
	struct arena *arena;
	struct firmware_row *v;
	size_t n;
};

/* The next number of a version; false if there is none. */
static bool
next_number(struct span *rest, uint64_t *n)
{
	size_t i = 0;

	while (i < rest->len && (rest->p[i] < '0' || rest->p[i] > '9'))
		i++;
	if (i == rest->len)
		return false;
	*n = 0;
	for (; i < rest->len && rest->p[i] >= '0' && rest->p[i] <= '9'; i++)
		if (*n < UINT32_MAX)
			*n = *n * 10 + (rest->p[i] - '0');
	*rest = span_sub(*rest, i, rest->len);
	return true;
}

int
firmware_compare(struct span a, struct span b)
{
	uint64_t m = 0, n = 0;
	bool more_a, more_b;

	for (;;) {
		more_a = next_number(&a, &m);
		more_b = next_number(&b, &n);
		if (!more_a || !more_b)
			return (int)more_a - (int)more_b;
		if (m != n)
			return m < n ? -1 : 1;
	}
}

static bool
in_branch(struct span version, struct span branch)
{
	uint64_t m, n;

	while (next_number(&branch, &n))
		if (!next_number(&version, &m) || m != n)
			return false;
	return true;
}

static bool
has_number(struct span s)
{
	uint64_t n;

	return next_number(&s, &n);
}

static void
read_row(void *element, const struct cells *c)
{
	struct firmware_row *r = element;
	struct problem_at fixed = cells_at(c, COL_FIXED);

	*r = (struct firmware_row){ .row = c->row->number };
	r->names = cells_key(c, COL_PRODUCT);
	r->branch = cells_key(c, COL_BRANCH);
	r->fixed = cells_text(c, COL_FIXED);
	r->name = cells_text(c, COL_NAME);
	r->day = cells_date(c, COL_DAY);
	if (r->names.len == 0 || !has_number(r->fixed) ||
	    r->day == INT64_MIN)
		problems_error(c->ps, &fixed,
		    tr("a row needs a product, a version such as 7.0.17 and a "
		       "day",
			"製品、7.0.17のような修正版、公表日が必要です"));
}

static const struct cells_list list = { columns, COL_COUNT,
	sizeof(struct firmware_row), read_row };

struct firmware *
firmware_parse(struct span bytes, const char *file, struct problems *ps)
{
	struct firmware *f = calloc(1, sizeof(*f));

	if (f == NULL)
		abort();
	f->arena = arena_new();
	f->v = cells_read(&list, bytes, file, f->arena, ps, &f->n);
	if (f->v == NULL) {
		firmware_free(f);
		return NULL;
	}
	return f;
}

void
firmware_free(struct firmware *f)
{
	if (f == NULL)
		return;
	arena_free(f->arena);
	free(f);
}

int64_t
firmware_newest(const struct firmware *f)
{
	int64_t day = INT64_MIN;
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->v[i].day > day)
			day = f->v[i].day;
	return day;
}

/* Whether one of the names, parted by bars, stands in the text. */
static bool
is_product(struct span text, struct span names)
{
	struct span name;

	while (cells_next_name(&names, &name))
		if (name.len > 0 && name.len <= text.len &&
		    memmem(text.p, text.len, name.p, name.len) != NULL)
			return true;
	return false;
}

const struct firmware_row *
firmware_lacks(const struct firmware *f, struct span product,
    struct span version, int64_t day, bool *known)
{
	const struct firmware_row *r, *worst = NULL;
	size_t i;

	*known = false;
	if (!has_number(version))
		return NULL;
	for (i = 0; i < f->n; i++) {
		r = &f->v[i];
		if (r->day > day || !is_product(product, r->names) ||
		    !in_branch(version, r->branch))
			continue;
		*known = true;
		if (firmware_compare(version, r->fixed) < 0 &&
		    (worst == NULL ||
			firmware_compare(worst->fixed, r->fixed) < 0))
			worst = r;
	}
	return worst;
}

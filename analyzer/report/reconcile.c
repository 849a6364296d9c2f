/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/reconcile.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "common/utc.h"

enum person_column {
#define COLUMN(id, required, names) PERSON_##id,
#include "analyzer/ledger/person_tbl.h"
#undef COLUMN
	PERSON_COLUMNS
};

struct making {
	struct reconcile *r;
	struct index *keys; /* of rows that are not in the ledger */
	size_t cap;
};

static struct reconcile_row *
add(struct making *m)
{
	struct reconcile *r = m->r;

	if (r->n == m->cap) {
		struct reconcile_row *more;

		m->cap = m->cap == 0 ? 64 : m->cap * 2;
		more = arena_alloc(r->arena, m->cap * sizeof(*more));
		if (r->n > 0)
			memcpy(more, r->v, r->n * sizeof(*more));
		r->v = more;
	}
	return &r->v[r->n++];
}

/* The row that an ID belongs to: of the ledger, or one of its own. */
static struct reconcile_row *
row_of(struct making *m, struct span id, struct span key)
{
	const struct account *a;
	enum account_match how =
	    accounts_find_key(m->r->ledgers->accounts, key, &a);
	struct reconcile_row *row;
	uint32_t *slot;

	if (a != NULL)
		return &m->r->v[a - accounts_at(m->r->ledgers->accounts, 0)];
	slot = index_put(m->keys, key);
	if (*slot != INDEX_NONE)
		return &m->r->v[*slot];
	*slot = (uint32_t)m->r->n;
	row = add(m);
	row->id = id;
	if (how == ACCOUNT_AMBIGUOUS)
		row->marks |= 1u << RECONCILE_AMBIGUOUS;
	return row;
}

static void
take_ledger(struct making *m)
{
	const struct accounts *as = m->r->ledgers->accounts;
	struct reconcile_row *row;
	size_t i;

	for (i = 0; i < accounts_count(as); i++) {
		row = add(m);
		row->account = accounts_at(as, i);
		row->id = row->account->id;
		row->name = row->account->full_name;
		row->is_person = row->account->person_row != 0;
		row->person = row->account->person;
	}
	m->r->in_ledger = i;
}

static void
take_exports(struct making *m)
{
	const struct exports *es = m->r->ledgers->exported;
	struct reconcile_row *row;
	size_t i;

	for (i = 0; i < exports_count(es); i++) {
		const struct exported *e = exports_at(es, i);

		row = row_of(m, e->id, e->key);
		row->there++;
		row->enabled += !e->disabled;
		row->admins += e->admin && !e->disabled;
		if (row->systems.len == 0)
			row->systems = e->system;
		else if (e->system.len > 0 &&
		    !span_eq(row->systems, e->system))
			row->systems = span_str(arena_printf(m->r->arena,
			    "%.*s, %.*s", (int)row->systems.len,
			    (const char *)row->systems.p, (int)e->system.len,
			    (const char *)e->system.p));
	}
	m->r->in_exported = i;
}

static void
take_observed(struct making *m)
{
	const struct observed *o = m->r->observed;
	struct reconcile_row *row;
	size_t i;

	for (i = 0; i < observed_accounts(o); i++) {
		const struct observed_account *a = observed_account(o, i);

		if (a->uses == 0)
			continue;
		m->r->in_records++;
		row = row_of(m, a->id, a->key);
		if (row->seen == NULL || a->last > row->seen->last)
			row->seen = a;
		if (row->name.len == 0)
			row->name = a->full_name;
	}
}

/* Whether a row of the personnel list was found in the ledger. */
static bool
is_matched(const struct reconcile *r, unsigned number)
{
	size_t i;

	for (i = 0; i < r->in_ledger; i++)
		if (r->v[i].account->person_row == number)
			return true;
	return false;
}

static void
take_people(struct making *m)
{
	const struct sheet *sheet;
	struct reconcile_row *row;
	size_t i;

	if (m->r->people == NULL)
		return;
	sheet = &m->r->people->sheet;
	for (i = 0; i < sheet->n; i++) {
		const struct span *cells = sheet->rows[i].cells;
		struct span state =
		    sheet_key(cells[PERSON_STATE], m->r->arena);

		m->r->in_people++;
		if (is_matched(m->r, sheet->rows[i].number) ||
		    account_person_of(state) == ACCOUNT_PERSON_LEFT)
			continue;
		row = add(m);
		row->id = cells[PERSON_ID];
		row->name = cells[PERSON_NAME];
		row->is_person = true;
		row->person = account_person_of(state);
		row->marks |= 1u << RECONCILE_NO_ACCOUNT;
	}
}

/* ---- what they do not agree on ---- */

static void
mark(struct reconcile_row *row, bool so, enum reconcile_mark m)
{
	if (so)
		row->marks |= 1u << m;
}

static bool
is_over(enum expiry_state s)
{
	return s == EXPIRY_IS_OVER || s == EXPIRY_IS_DISABLED;
}

static void
judge_account(const struct reconcile *r, struct reconcile_row *row)
{
	const struct account *a = row->account;
	enum expiry_state now = account_state_on(a, r->day);
	bool left = row->person == ACCOUNT_PERSON_LEFT && a->left < r->day;
	bool exported = r->ledgers->kept[LEDGER_EXPORTED];
	int64_t used = row->seen == NULL
	    ? INT64_MIN
	    : (row->seen->last + r->zone * UTC_SECOND) / UTC_DAY;

	mark(row, row->seen != NULL && left && used > a->left,
	    RECONCILE_LEFT_USED);
	mark(row,
	    row->seen != NULL && is_over(expiry_on(&a->expiry, used)),
	    RECONCILE_OFF_USED);
	mark(row, left && row->enabled > 0, RECONCILE_LEFT_ENABLED);
	mark(row, !left && is_over(now) && row->enabled > 0,
	    RECONCILE_OFF_ENABLED);
	mark(row, left && !is_over(expiry_on(&a->expiry, r->day)),
	    RECONCILE_LEFT_USABLE);
	mark(row, row->admins > 0 && !a->admin, RECONCILE_ROLE);
	mark(row, now == EXPIRY_IS_UNKNOWN, RECONCILE_DOUBT);
	mark(row,
	    r->people != NULL && !row->is_person && !is_over(now) &&
		a->kind == ACCOUNT_PERSON,
	    RECONCILE_NO_PERSON);
	mark(row, exported && row->there == 0 && now == EXPIRY_IS_USABLE,
	    RECONCILE_NOT_THERE);
	mark(row, row->seen == NULL && now == EXPIRY_IS_USABLE,
	    RECONCILE_UNUSED);
}

static void
judge(const struct reconcile *r, struct reconcile_row *row)
{
	bool ambiguous = (row->marks >> RECONCILE_AMBIGUOUS & 1) != 0;

	if (row->account != NULL) {
		judge_account(r, row);
		return;
	}
	mark(row, row->seen != NULL && !ambiguous, RECONCILE_UNKNOWN_USED);
	mark(row, row->there > 0 && !ambiguous, RECONCILE_UNKNOWN_THERE);
}

/* The gravest mark first, then by ID. */
static int
by_mark(const void *a, const void *b)
{
	const struct reconcile_row *p = a, *q = b;
	unsigned x = p->marks == 0 ? ~0u : p->marks & -p->marks;
	unsigned y = q->marks == 0 ? ~0u : q->marks & -q->marks;
	size_t n = p->id.len < q->id.len ? p->id.len : q->id.len;
	int rc = n == 0 ? 0 : memcmp(p->id.p, q->id.p, n);

	if (x != y)
		return x < y ? -1 : 1;
	if (rc != 0 || p->id.len != q->id.len)
		return rc != 0 ? rc : p->id.len < q->id.len ? -1 : 1;
	n = p->name.len < q->name.len ? p->name.len : q->name.len;
	rc = n == 0 ? 0 : memcmp(p->name.p, q->name.p, n);
	return rc != 0 ? rc : p->name.len < q->name.len ? -1 : 1;
}

void
reconcile_make(struct reconcile *r, struct arena *arena)
{
	struct making m = { r, index_new(), 0 };
	size_t i, k;

	r->arena = arena;
	take_ledger(&m);
	take_exports(&m);
	take_observed(&m);
	take_people(&m);
	index_free(m.keys);
	for (i = 0; i < r->n; i++) {
		judge(r, &r->v[i]);
		for (k = 0; k < RECONCILE_MARKS; k++)
			r->count[k] += r->v[i].marks >> k & 1;
	}
	if (r->n > 1)
		qsort(r->v, r->n, sizeof(*r->v), by_mark);
}

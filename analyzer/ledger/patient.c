/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/patient.h"

#include <stdlib.h>

#include "analyzer/ledger/cells.h"
#include "analyzer/ledger/index.h"
#include "common/log.h"

#define ID_BYTES 64 /* of a patient's ID; longer ones are in no list */

enum column {
#define COLUMN(id, required, names) COL_##id,
#include "analyzer/ledger/patient_tbl.h"
#undef COLUMN
	COL_COUNT
};

static const struct sheet_column columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/patient_tbl.h"
#undef COLUMN
};

struct patients {
	struct arena *arena;
	struct index *by_id;
	struct patient *v;
	size_t n;
};

/* Excel drops leading zeros. */
static struct span
without_zeros(struct span key)
{
	while (key.len > 1 && key.p[0] == '0')
		key = span_sub(key, 1, key.len);
	return key;
}

/* Up to the first blank, of either width; all of it if there is none. */
static struct span
surname_of(struct span name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (name.p[i] == ' ' ||
		    span_starts(span_sub(name, i, name.len), SPAN("　")))
			break;
	return span_sub(name, 0, i);
}

static void
read_row(void *element, const struct cells *c)
{
	struct problem_at id = cells_at(c, COL_ID);
	struct patient *p = element;

	*p = (struct patient){ .row = c->row->number };
	p->key = without_zeros(cells_key(c, COL_ID));
	if (p->key.len == 0 || p->key.len > ID_BYTES)
		problems_error(c->ps, &id,
		    tr("not a patient's ID of 1 to %d bytes; correct it or "
		       "delete the row",
			"患者ID（1～%dバイト）として読めません。直すか、行を削"
			"除してください"),
		    ID_BYTES);
	p->departments = cells_text(c, COL_DEPARTMENT);
	p->staff = cells_text(c, COL_STAFF);
	p->care = cells_text(c, COL_CARE).len > 0 &&
	    !sheet_is_one_of(cells_key(c, COL_CARE),
		"なし|無し|無|いいえ|否|-|no|0");
	p->self = cells_text(c, COL_SELF);
	p->family = cells_text(c, COL_FAMILY);
	p->full_name = cells_key(c, COL_NAME);
	p->surname = cells_key(c, COL_SURNAME);
	if (p->surname.len == 0)
		p->surname =
		    sheet_key(surname_of(cells_text(c, COL_NAME)), c->arena);
	p->address = cells_key(c, COL_ADDRESS);
}

static const struct cells_list list = { columns, COL_COUNT,
	sizeof(struct patient), read_row };

struct patients *
patients_parse(struct span bytes, const char *file, struct problems *ps)
{
	struct patients *v = calloc(1, sizeof(*v));
	uint32_t *slot;
	size_t i;

	if (v == NULL)
		abort();
	v->arena = arena_new();
	v->by_id = index_new();
	v->v = cells_read(&list, bytes, file, v->arena, ps, &v->n);
	if (v->v == NULL) {
		patients_free(v);
		return NULL;
	}
	/* From the last row on, so that the first is found first. */
	for (i = v->n; i-- > 0;) {
		slot = index_put(v->by_id, v->v[i].key);
		v->v[i].next = *slot == INDEX_NONE ? NULL : &v->v[*slot];
		*slot = (uint32_t)i;
	}
	return v;
}

void
patients_free(struct patients *ps)
{
	if (ps == NULL)
		return;
	index_free(ps->by_id);
	arena_free(ps->arena);
	free(ps);
}

const struct patient *
patients_find(const struct patients *ps, struct span id)
{
	struct arena *arena;
	struct span key;
	uint32_t i;

	if (ps->n == 0 || id.len == 0 || id.len > ID_BYTES)
		return NULL;
	arena = arena_new();
	key = without_zeros(sheet_key(id, arena));
	i = key.len == 0 ? INDEX_NONE : index_get(ps->by_id, key);
	arena_free(arena);
	return i == INDEX_NONE ? NULL : &ps->v[i];
}

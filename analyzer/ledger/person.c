/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/account.h"

#include "analyzer/ledger/cells.h"
#include "common/log.h"

/* people.csv: who works here and who has left, by the personnel office. */

enum person_column {
#define COLUMN(id, required, names) PERSON_##id,
#include "analyzer/ledger/person_tbl.h"
#undef COLUMN
	PERSON_COUNT
};

static const struct sheet_column person_columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/person_tbl.h"
#undef COLUMN
};

/* The row that an ID or, failing that, a full name means; NULL if none. */
static struct account *
find_person(struct accounts *as, const struct cells *c)
{
	const struct account *a;
	struct span id = cells_text(c, PERSON_ID), name;
	struct account *hit = NULL;
	size_t i;

	if (id.len > 0) {
		(void)accounts_find(as, id, &a);
		return a == NULL ? NULL : accounts_row(as, a);
	}
	name = cells_key(c, PERSON_NAME);
	for (i = 0; i < accounts_count(as); i++) {
		a = accounts_at(as, i);
		if (name.len == 0 || !span_eq(a->full_name, name))
			continue;
		if (hit != NULL)
			return NULL;
		hit = accounts_row(as, a);
	}
	return hit;
}

enum account_person
account_person_of(struct span folded)
{
	static const struct {
		const char *names;
		enum account_person person;
	} known[] = {
		{ "在職|在職中|在籍|在籍中|出向", ACCOUNT_PERSON_PRESENT },
		{ "異動|異動済", ACCOUNT_PERSON_MOVED },
		{ "休職|休職中|産休|育休|休業", ACCOUNT_PERSON_LEAVE },
		{ "退職|退職済|退職者|離職", ACCOUNT_PERSON_LEFT },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sheet_is_one_of(folded, known[i].names))
			return known[i].person;
	return ACCOUNT_PERSON_UNSAID;
}

/* A row before it says something else; an ID that was given to another. */
static void
check_person(const struct account *a, const struct cells *c,
    enum account_person person)
{
	struct problem_at state = cells_at(c, PERSON_STATE);
	struct problem_at name = cells_at(c, PERSON_NAME);
	struct span key = cells_key(c, PERSON_NAME);

	if (a->person_row != 0 && a->person != person)
		problems_error(c->ps, &state,
		    tr("row %u says another state of the same person; keep "
		       "the newest row alone",
			"%u行目では同じ人の状態が異なります。新しい方の行だけ"
			"を残してください"),
		    a->person_row);
	if (key.len > 0 && a->full_name.len > 0 &&
	    cells_text(c, PERSON_ID).len > 0 && !span_eq(key, a->full_name))
		problems_notice(c->ps, &name,
		    tr("the account ledger has this ID for '%.*s': an ID that "
		       "was given to another, or a wrong name",
			"利用者ID台帳ではこのIDは「%.*s」です。IDの使い回しか、"
			"氏名の誤りがないか確認してください"),
		    (int)a->full_name.len, (const char *)a->full_name.p);
}

static void
take_person(struct accounts *as, const struct cells *c)
{
	struct problem_at state = cells_at(c, PERSON_STATE);
	struct problem_at id = cells_at(c, PERSON_ID);
	struct span s = cells_key(c, PERSON_STATE);
	int64_t last = cells_date(c, PERSON_DATE);
	enum account_person person = account_person_of(s);
	struct account *a = find_person(as, c);

	if (a != NULL) {
		check_person(a, c, person);
		a->person_row = c->row->number;
		a->person = person;
		a->address = cells_key(c, PERSON_ADDRESS);
	}
	if (person != ACCOUNT_PERSON_UNSAID && person != ACCOUNT_PERSON_LEFT)
		return;
	if (person == ACCOUNT_PERSON_UNSAID) {
		problems_notice(c->ps, &state,
		    tr("state not understood; write 在職, 退職 or 異動",
			"状態を解釈できません。在職・退職・異動のいずれかで記入"
			"してください"));
		return;
	}
	if (a == NULL && accounts_count(as) > 0)
		problems_notice(c->ps, &id,
		    tr("no single account of this person in the account ledger",
			"この人のIDが利用者ID台帳で一つに定まりません"));
	if (a != NULL)
		a->left = last;
}

int
accounts_take_people(struct accounts *as, struct span bytes, const char *file,
    struct problems *ps)
{
	size_t i, before = ps->errors;
	struct sheet sheet;

	if (sheet_read(bytes, file, person_columns, PERSON_COUNT,
		accounts_arena(as), &sheet, ps) == -1)
		return -1;
	for (i = 0; i < sheet.n; i++)
		take_person(as,
		    &(struct cells){ &sheet, &sheet.rows[i],
			accounts_arena(as), ps });
	return ps->errors == before ? 0 : -1;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/account.h"

#include "analyzer/ledger/cells.h"
#include "common/log.h"

/* identities.csv (ID対応表): the IDs that one person has on the systems. */

enum identity_column {
#define COLUMN(id, required, names) IDENTITY_##id,
#include "analyzer/ledger/identity_tbl.h"
#undef COLUMN
	IDENTITY_COUNT
};

static const struct sheet_column columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/identity_tbl.h"
#undef COLUMN
};

static void
take_row(struct accounts *as, const struct cells *c)
{
	struct problem_at id = cells_at(c, IDENTITY_ID);
	struct problem_at other = cells_at(c, IDENTITY_OTHER);
	const struct account *a;

	(void)accounts_find(as, id.value, &a);
	if (a == NULL)
		problems_error(c->ps, &id,
		    tr("no single account of the account ledger has this ID; "
		       "correct it, or add the account there",
			"利用者ID台帳で一つに定まりません。IDを直すか、台帳に"
			"追加してください"));
	else if (other.value.len == 0)
		problems_error(c->ps, &other,
		    tr("the other ID is missing; write it or delete the row",
			"別IDがありません。記入するか、行を削除してください"));
	else if (accounts_add_alias(as, other.value, a) == -1)
		problems_error(c->ps, &other,
		    tr("this ID is another person's already; leave out IDs "
		       "that are not one person's on every system",
			"このIDはすでに別の人のものです。システムによって"
			"使う人が違うIDは書かないでください"));
}

int
accounts_take_identities(struct accounts *as, struct span bytes,
    const char *file, struct problems *ps)
{
	size_t i, before = ps->errors;
	struct sheet sheet;

	if (sheet_read(bytes, file, columns, IDENTITY_COUNT,
		accounts_arena(as), &sheet, ps) == -1)
		return -1;
	for (i = 0; i < sheet.n; i++)
		take_row(as,
		    &(struct cells){ &sheet, &sheet.rows[i],
			accounts_arena(as), ps });
	return ps->errors == before ? 0 : -1;
}

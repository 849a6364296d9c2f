/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "analyzer/ledger/ledger.h"
#include "common/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The first byte chooses the ledger.  Either it is refused with a problem that
 * names its file, or every row is found again by its key.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct ledger_bytes in = { .devices = { NULL, 0 } };
	const struct account *a;
	struct problems ps;
	struct ledgers *l;
	size_t i;

	if (len == 0)
		return 0;
	*ledger_bytes_of(&in, (enum ledger)(buf[0] % LEDGER_COUNT)) =
	    span_make(buf + 1, len - 1);
	problems_init(&ps);
	l = ledgers_parse(&in, 20000, 9 * 3600, &ps);
	assert((l == NULL) == (ps.errors > 0));
	for (i = 0; i < ps.n; i++)
		assert(ps.v[i].file[0] != '\0' && ps.v[i].what[0] != '\0' &&
		    text_is_utf8(span_str(ps.v[i].value)));
	for (i = 0; l != NULL && i < devices_count(l->devices); i++)
		assert(devices_by_id(l->devices,
			   devices_at(l->devices, i)->id) != NULL);
	for (i = 0; l != NULL && i < accounts_count(l->accounts); i++)
		assert(
		    accounts_find(l->accounts, accounts_at(l->accounts, i)->id,
			&a) != ACCOUNT_MISSING);
	for (i = 0; l != NULL && i < exceptions_count(l->exceptions); i++) {
		const struct exception *x = exceptions_at(l->exceptions, i);

		assert(*x->owner != '\0' && *x->reason != '\0' &&
		    x->until >= x->from && strlen(x->id) == 8);
	}
	ledgers_free(l);
	problems_fini(&ps);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "analyzer/ledger/date.h"
#include "analyzer/ledger/expiry.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Doubt is never usable, limits never cross, a date never exceeds its text. */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct span s = span_make(buf, len);
	struct expiry e = expiry_parse(s, 20000);
	enum expiry_state state = expiry_on(&e, 20000);
	struct date d;

	assert(e.doubt == EXPIRY_CLEAR || state != EXPIRY_IS_USABLE);
	assert(e.from == EXPIRY_ALWAYS || e.until >= e.from);
	assert(e.base == EXPIRY_USABLE ||
	    (e.from == EXPIRY_ALWAYS && e.until == EXPIRY_NEVER));
	assert(date_scan(s, &d) <= len);
	if (date_scan(s, &d) > 0)
		assert(date_first(&d) <= date_last(&d));
	return 0;
}

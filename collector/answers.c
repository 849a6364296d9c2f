/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/answers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "collector/relp.h"

#define FIRST 64u /* entries: most senders have a smaller window */

void
answers_init(struct answers *a)
{
	*a = (struct answers){ 0 };
}

void
answers_fini(struct answers *a)
{
	free(a->due);
	answers_init(a);
}

/* Twice as many; they begin at 0 then. */
static bool
grow(struct answers *a)
{
	unsigned cap = a->cap == 0 ? FIRST : 2 * a->cap, i;
	struct answer_due *due;

	if (cap > ANSWERS_MAX)
		return false;
	due = malloc(cap * sizeof(*due));
	if (due == NULL)
		return false;
	for (i = 0; i < a->n; i++)
		due[i] = a->due[(a->first + i) & (a->cap - 1)];
	free(a->due);
	a->due = due;
	a->cap = cap;
	a->first = 0;
	return true;
}

bool
answers_room(struct answers *a)
{
	return a->n < a->cap || grow(a);
}

void
answers_add(struct answers *a, uint32_t txnr, enum answer what, uint64_t at)
{
	assert(a->n < a->cap);
	a->due[(a->first + a->n++) & (a->cap - 1)] =
	    (struct answer_due){ at, txnr, what };
	a->records += what == ANSWER_RECORD;
}

static void
print(const struct answer_due *d, struct buf *out)
{
	switch (d->what) {
	case ANSWER_RECORD:
		relp_print(out, d->txnr, "rsp", SPAN("200 OK"));
		return;
	case ANSWER_UNKNOWN:
		relp_print(out, d->txnr, "rsp", SPAN("500 unknown command"));
		return;
	case ANSWER_OPEN:
		relp_print(out, d->txnr, "rsp", SPAN("200 already open"));
		return;
	case ANSWER_CLOSE:
		relp_print(out, d->txnr, "rsp", SPAN("200 OK"));
		relp_print(out, 0, "serverclose", SPAN(""));
	}
}

bool
answers_print(struct answers *a, uint64_t upto, struct buf *out)
{
	const struct answer_due *d;
	bool closed = false;

	while (a->n > 0 && (d = &a->due[a->first])->at <= upto) {
		if (d->txnr != 0)
			print(d, out);
		closed = closed || d->what == ANSWER_CLOSE;
		a->records -= d->what == ANSWER_RECORD;
		a->first = (a->first + 1) & (a->cap - 1);
		a->n--;
	}
	return closed;
}

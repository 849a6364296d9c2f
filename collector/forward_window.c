/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/forward_window.h"

#include <assert.h>

#include "collector/relp.h"

void
forward_window_init(struct forward_window *w, uint32_t txnr)
{
	w->head = w->n = 0;
	w->txnr = txnr;
}

/* Numbers go from 1 to RELP_TXNR_MAX and begin again. */
static uint32_t
add(uint32_t txnr, size_t n)
{
	return (uint32_t)((txnr - 1 + n) % RELP_TXNR_MAX + 1);
}

uint32_t
forward_window_next(const struct forward_window *w)
{
	return add(w->txnr, w->n);
}

void
forward_window_push(struct forward_window *w, uint64_t index, uint64_t rx)
{
	assert(w->n < FORWARD_WINDOW);
	w->v[(w->head + w->n++) % FORWARD_WINDOW] =
	    (struct forward_sent){ index, rx, false };
}

struct forward_sent *
forward_window_find(struct forward_window *w, uint32_t txnr)
{
	size_t at;

	if (txnr == 0 || txnr > RELP_TXNR_MAX)
		return NULL;
	at = (txnr + RELP_TXNR_MAX - w->txnr) % RELP_TXNR_MAX;
	return at < w->n ? &w->v[(w->head + at) % FORWARD_WINDOW] : NULL;
}

int
forward_window_pop(struct forward_window *w, struct forward_sent *s)
{
	if (w->n == 0 || !w->v[w->head].acked)
		return 0;
	*s = w->v[w->head];
	w->head = (w->head + 1) % FORWARD_WINDOW;
	w->n--;
	w->txnr = add(w->txnr, 1);
	return 1;
}

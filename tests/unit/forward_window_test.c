/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/forward_window.h"

#include "collector/relp.h"
#include "tests/tap.h"

static struct forward_window w;

int
main(void)
{
	struct forward_sent s;
	size_t i;
	bool all = true;

	forward_window_init(&w, RELP_TXNR_MAX - 1);
	for (i = 0; i < 4; i++)
		forward_window_push(&w, 10 + i, 100 + i);
	ok(forward_window_next(&w) == 3, "behind the largest number comes 1");
	ok(forward_window_find(&w, 0) == NULL &&
		forward_window_find(&w, 3) == NULL &&
		forward_window_find(&w, RELP_TXNR_MAX - 2) == NULL &&
		forward_window_find(&w, RELP_TXNR_MAX + 1) == NULL,
	    "a number of no frame under way is none's");
	ok(forward_window_find(&w, 1)->index == 12 &&
		forward_window_find(&w, RELP_TXNR_MAX)->index == 11,
	    "each frame is found by its number");
	forward_window_find(&w, 1)->acked = true;
	ok(forward_window_pop(&w, &s) == 0,
	    "an answer ahead of others waits for them");
	forward_window_find(&w, RELP_TXNR_MAX - 1)->acked = true;
	ok(forward_window_pop(&w, &s) == 1 && s.index == 10 && s.rx == 100,
	    "the first is taken off");
	ok(forward_window_pop(&w, &s) == 0, "up to what is not answered");
	forward_window_find(&w, RELP_TXNR_MAX)->acked = true;
	ok(forward_window_pop(&w, &s) == 1 && s.index == 11 &&
		forward_window_pop(&w, &s) == 1 && s.index == 12 &&
		forward_window_pop(&w, &s) == 0 && w.n == 1,
	    "then those that waited");
	for (i = 0; i < 3 * FORWARD_WINDOW; i++) {
		while (w.n < FORWARD_WINDOW)
			forward_window_push(&w, i, i);
		forward_window_find(&w, w.txnr)->acked = true;
		all = all && forward_window_pop(&w, &s) == 1 &&
		    forward_window_next(&w) ==
			(w.txnr - 1 + w.n) % RELP_TXNR_MAX + 1;
	}
	ok(all, "it goes round");
	return done();
}

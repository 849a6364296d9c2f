/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/handover/build_priv.h"
#include "common/hex.h"
#include "evidence/tlogproof.h"

/*
 * For each segment handed over: the record m1 that opens the next one and names
 * its manifest, and that the checkpoint holds that record.  With the nonce the
 * body of the record can be checked without the segment that it stands in.
 */
static int
proof_put(struct building *g, uint64_t segment, uint64_t index)
{
	struct prove *prove = g->prove;
	struct prove_record r;
	struct proof p;
	char path[64], nonce[2 * sizeof(r.nonce) + 1];
	struct buf out;
	int rc;

	if (prove_record(prove, index, &r, g->why) != 0 ||
	    prove_inclusion(prove, index, &p, g->why) != 0)
		return -1;
	buf_init(&out);
	tlogproof_print(&p, span_make(r.line, r.line_len), prove_note(prove),
	    &out);
	snprintf(path, sizeof(path), "data/proofs/m1-%012" PRIu64 ".tlog-proof",
	    segment);
	rc = pack_put(g->pack, path, buf_view(&out), g->why);
	snprintf(path, sizeof(path), "data/proofs/m1-%012" PRIu64 ".nonce",
	    segment);
	hex_print(r.nonce, sizeof(r.nonce), nonce);
	nonce[sizeof(nonce) - 1] = '\n';
	if (rc == 0)
		rc = pack_put(g->pack, path, span_make(nonce, sizeof(nonce)),
		    g->why);
	buf_fini(&out);
	return rc;
}

int
build_proofs(struct building *g)
{
	const struct shelf_item *item;
	size_t i;

	for (i = g->from; i < g->until; i++) {
		item = &g->shelf.v[i];
		if (item->here &&
		    proof_put(g, item->number + 1, item->last + 1) != 0)
			return -1;
	}
	return 0;
}

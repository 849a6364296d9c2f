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
 * body of the record can be checked without the segment that it stands in.  If
 * the next one is gone, so is its m1: then it is that of the next one that is
 * here, and from the manifest which that names the manifests of those that are
 * gone lead back, each naming the one before.
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
	const struct shelf *s = &g->shelf;
	size_t i, next;

	for (i = g->from; i < g->until; i++) {
		if (!s->v[i].here)
			continue;
		for (next = i + 1; next < s->n && !s->v[next].here; next++)
			;
		if (proof_put(g, next, s->v[next - 1].last + 1) != 0)
			return -1;
	}
	return 0;
}

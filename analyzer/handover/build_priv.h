/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_BUILD_PRIV_H
#define ANALYZER_HANDOVER_BUILD_PRIV_H

#include "analyzer/handover/build.h"
#include "analyzer/handover/handkey.h"
#include "analyzer/handover/pack.h"
#include "analyzer/handover/pick.h"
#include "analyzer/handover/shelf.h"
#include "evidence/prove.h"

/* What the files of build*.c share: a package that is being made. */
struct building {
	const struct build_options *o;
	struct built *b;
	struct prove *prove; /* of the checkpoint that shelf stands at */
	struct shelf shelf;
	struct handkey key;
	struct pick pick;   /* excerpt */
	size_t from, until; /* whole: items of the shelf */
	struct pack *pack;
	struct buf *why;
};

/* build_log.c: the log's own files. */
int build_log(struct building *g);

/* build_proof.c: that the log holds the manifests of the segments. */
int build_proofs(struct building *g);

/* build_text.c: what people read, the keys, and bag-info.txt. */
int build_text(struct building *g);
void build_info(const struct building *g, struct buf *out);

#endif

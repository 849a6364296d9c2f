/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ANCHOR_WITNESS_H
#define COLLECTOR_ANCHOR_WITNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/anchored.h"
#include "evidence/note.h"

/* One witness of one log (C2SP tlog-witness), from the log's side. */
struct anchor_witness {
	struct anchored *log;
	const struct site_witness *conf;
	struct note_key key;
	uint64_t known; /* the size that it knows; may be wrong, a 409 tells */
	uint64_t done;	/* the size that it cosigned last for us */
	struct outage outage;
};

/* Return 0, or -1 if the configured key is none: it was said. */
int anchor_witness_init(struct anchor_witness *w, struct anchored *log,
    const struct site_witness *conf);

/* Ask for the last checkpoint that it cosigned, and judge it. */
void anchor_witness_ask(struct anchor_witness *w);

/* Have the newest checkpoint cosigned, and hand that to the writer. */
void anchor_witness_run(struct anchor_witness *w);

#endif

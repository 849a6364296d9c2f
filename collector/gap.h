/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_GAP_H
#define COLLECTOR_GAP_H

/*
 * The kinds of gap and loss: nothing is lost in silence.  What the receiver
 * and the writer may say in a g1 record is a row of gap_tbl.h.
 */
enum gap_kind {
#define GAP(id, name, en, ja) GAP_##id,
#include "collector/gap_tbl.h"
#undef GAP
	GAP_COUNT
};

/* The kind= word of a g1 record. */
const char *gap_name(enum gap_kind kind);

/* What it means, a phrase in the user's language. */
const char *gap_text(enum gap_kind kind);

#endif

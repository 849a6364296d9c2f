/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_STEP_PUT_H
#define ANALYZER_FORMAT_STEP_PUT_H

#include "analyzer/format/kv.h"
#include "analyzer/format/step.h"

/* What the steps that find keys have in common. */

/*
 * For who wants to know what was found, and what of it nobody wants.  slot:
 * of the key, NAMES_NONE if it is no input.
 */
static inline void
step_note(const struct step *s, struct line *l, uint32_t slot, struct span key,
    struct span value)
{
	if (l->trace != NULL)
		trace_key(l->trace, s,
		    slot == NAMES_NONE ? SLOT_NONE : (uint16_t)slot, key,
		    value);
}

/* The value of a pair, its escapes undone. */
void step_put_pair(struct line *l, uint32_t slot, const struct kv_pair *pair);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_SENTENCE_H
#define RULE_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/span.h"

/*
 * The sentences of a rule with {names} in them.  What a name stands for is
 * said twice, once for each language.
 */
enum sentence_var {
#define VAR(id, name, ja, en) SENTENCE_##id,
#include "analyzer/rule/sentence_tbl.h"
#undef VAR
	SENTENCE_COUNT
};

struct sentence_values {
	const char *ja[SENTENCE_COUNT]; /* NULL: 不明 */
	const char *en[SENTENCE_COUNT]; /* NULL: unknown */
};

/*
 * Whether every {name} of a template is one that we know; else *bad is the
 * part that is none.
 */
bool sentence_check(struct span text, struct span *bad);

/* Fill in a template (checked before), in arena. */
const char *sentence_fill(const char *text, const struct sentence_values *v,
    bool ja, struct arena *arena);

/* Set both languages to the same text. */
void sentence_set(struct sentence_values *v, enum sentence_var var,
    const char *text);

/* "40.2 GB"; "1.0 MB"; "512 B": for people, in arena. */
const char *sentence_bytes(double bytes, struct arena *arena);

#endif

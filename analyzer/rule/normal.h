/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_NORMAL_H
#define RULE_NORMAL_H

#include <stdint.h>

/*
 * A finding that a person judged normal (正常): what was unusual in its window
 * is a reference for later ones from then on.
 */
struct normal {
	const char *rule, *key; /* code, and key as in the finding */
	int64_t from, until;	/* its window, utc usec */
};

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_CORRELATION_READ_H
#define SIGMA_CORRELATION_READ_H

#include "analyzer/sigma/correlation.h"

/* Between correlation.c and who reads its condition. */
enum asked {
	ASKED_NOTHING,	/* has no condition */
	ASKED_COUNT,	/* how many events */
	ASKED_DISTINCT, /* how many values of fields */
	ASKED_RULES,	/* which of the rules, or how many */
	ASKED_NUMBER,	/* what comes of the numbers of a field */
};

struct reader {
	struct correlation *c;
	enum asked asked;
	struct arena *arena;
	struct yaml_error *err;
};

#define FAIL(r, at, ...) yaml_fail((r)->err, (r)->c->file, at, __VA_ARGS__)

/* Read it (NULL: there is none) into r->c.  Return 0, or -1 and *r->err. */
int correlation_read_condition(struct reader *r, const struct yaml_node *n);

#endif

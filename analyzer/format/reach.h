/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_REACH_H
#define ANALYZER_FORMAT_REACH_H

#include "analyzer/format/model.h"

/*
 * What a format can say at all: the fields that some case or step of it may
 * fill, and the constant values of fields that have such.  Pure.
 */
#define REACH_VALUES 128

struct reach {
	bool field[ECS_COUNT];
	size_t nkind;
	struct span kind[REACH_VALUES];	   /* values of konseki.kind, sorted */
	struct span vendor, product, type; /* constants; empty: none, or many */
};

void reach_of(const struct format *f, struct reach *r);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_MODIFIER_H
#define SIGMA_MODIFIER_H

#include "analyzer/sigma/detection_tree.h"

/*
 * field|modifier|modifier: what the modifiers of one item ask for.  Those that
 * change the value are done in the order in which they stand; the others may
 * stand anywhere.
 */
#define MODIFIER_CHANGES 4

enum modifier_change {
	CHANGE_UTF16LE,
	CHANGE_UTF16BE,
	CHANGE_UTF16,
	CHANGE_BASE64,
	CHANGE_BASE64_OFFSET,
};

struct modifiers {
	enum test_kind kind;
	enum pattern_place place;
	enum item_part part;
	enum modifier_change change[MODIFIER_CHANGES];
	size_t nchange;
	bool placed, all, cased, neq, expand, windash;
	bool i, m, s; /* flags of an expression */
};

/*
 * The name before the first '|' and what stands behind it, of n's key.
 * Return 0, or -1 and *r->err.
 */
int modifiers_parse(const struct detection_reader *r,
    const struct yaml_node *n, struct span *name, struct modifiers *m);

#endif

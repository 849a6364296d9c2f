/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_VISIT_PAIR_H
#define RULE_VISIT_PAIR_H

#include "analyzer/rule/repeat.h"
#include "analyzer/rule/visit.h"

/* Between collecting records (visit.c) and pairing them. */
enum visit_what {
	VISIT_BEGINS,
	VISIT_ENDS,
	VISIT_LINE_ENDS, /* a line around a logout: only by a key of its own */
	VISIT_TELLS,	 /* an address, a name, bytes so far */
	VISIT_RESTARTS,	 /* the device: of any kind */
};

struct visit_mark { /* one record */
	int64_t at;
	enum visit_kind kind;
	enum visit_what what;
	struct span device, user, source, tunnel, id, process;
	struct span other_id; /* a second number of the same session */
	uint64_t port, pid;   /* 0: not said */
	int64_t duration;     /* usec; -1: not said */
	bool has_bytes;
	uint64_t sent, received;
	struct visit_cite cite;
	bool replay;
	bool named; /* it has a time, and this stands for what it says: */
	uint8_t name[REPEAT_NAME];
	uint8_t *bytes; /* malloc'd: what the spans point into */
};

/*
 * Pair marks, which are put in order for it and must live as long as what
 * comes out: visits by begin, malloc'd, *n of them.
 */
struct visit *visit_pair(struct visit_mark *marks, size_t n_marks, size_t *n);

/* Bytewise, the shorter first where one begins the other. */
int visit_pair_span_order(struct span a, struct span b);

#endif

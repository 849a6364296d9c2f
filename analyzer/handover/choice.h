/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_CHOICE_H
#define ANALYZER_HANDOVER_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/evread.h"

/*
 * Which records of a log an excerpt shows, and of which of them the body is
 * withheld.  Pure.
 */
#define CHOICE_TEXTS_MAX 64u

struct choice_texts {
	struct span v[CHOICE_TEXTS_MAX];
	size_t n;
};

struct choice {
	uint64_t from, to;     /* indexes, both included */
	uint64_t since, until; /* receive times: since included, until not */
	const char *source;    /* peer, listener or file; NULL: all */
	struct choice_texts search;   /* one of these is in it; none: all */
	struct choice_texts withhold; /* one of these is: not its body */
	bool rest; /* leaf lines of what lies in the range and is not chosen */
	struct buf text; /* scratch; buf_fini() it */
};

enum choice_says {
	CHOICE_HIDDEN,
	CHOICE_SHOWN,
	CHOICE_WITHHELD, /* chosen, but for its body */
	CHOICE_REST,	 /* not chosen; its leaf line, not who sent it */
	CHOICE_CONTEXT,	 /* shown, though nobody asked for it: losses, starts */
};

/* Everything.  texts are borrowed by whoever adds them. */
void choice_init(struct choice *c);

/* Return 0, or -1 if there are too many or it is empty. */
int choice_text_add(struct choice_texts *t, const char *text);

/* Whether only some of the records in the range are chosen. */
bool choice_filters(const struct choice *c);

/* Whether index and receive time lie in the range. */
bool choice_inside(const struct choice *c, uint64_t index, uint64_t rx);

/* What becomes of a record. */
enum choice_says choice_of(struct choice *c, const struct evread_record *r);

#endif

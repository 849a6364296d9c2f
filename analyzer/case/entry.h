/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_ENTRY_H
#define ANALYZER_CASE_ENTRY_H

#include "analyzer/case/casebook.h"
#include "analyzer/case/search.h"
#include "analyzer/case/version.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * One record of the casebook as JSON and back.  Pure.  Members are those of
 * docs/casebook.md; unknown ones are ignored, missing ones refuse the entry,
 * but for those that came later, which are then empty.
 */
#define ENTRY_BYTES (512u << 10) /* longer is refused */

/* Of a step: enum casebook_step_kind as text. */
#define ENTRY_KINDS                                                            \
	{                                                                      \
		"sent", "ack", "judge", "review", "report", "silence",         \
		    "unsilence", "note", "aware", "remind", "done",            \
		    "preserve", "drill"                                        \
	}

enum entry_what { ENTRY_FINDING, ENTRY_STEP, ENTRY_SEARCH, ENTRY_VERSION };

struct entry {
	enum entry_what what;
	struct casebook_finding finding;
	struct casebook_step step;
	struct search search;
	struct version version;
};

/* Strings live in arena.  Return 0, or -1 if it is not an entry. */
int entry_parse(struct span json, struct arena *arena, struct entry *e);

/* Append as one line of JSON without LF, members in a fixed order; of a search
 * search_print() does, of a ledger's version version_print(). */
void entry_print_finding(const struct casebook_finding *f, struct buf *out);
void entry_print_step(const struct casebook_step *s, struct buf *out);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef WORKBOOK_RICH_H
#define WORKBOOK_RICH_H

#include "analyzer/workbook/parts.h"

/*
 * The text of a shared or inline string: its runs laid end to end, without the
 * readings (rPh) that Excel keeps for Japanese.
 */
struct rich {
	struct buf text;
	unsigned phonetic; /* depth */
	bool inside;	   /* of t */
};

void rich_start(struct rich *r, const char *name);
void rich_end(struct rich *r, const char *name);

/* Return 0, or -1: longer than WORKBOOK_TEXT. */
int rich_text(struct rich *r, struct span s);

/* What it holds, _x000D_ and its like made characters, in arena. */
struct span rich_take(struct rich *r, struct arena *arena);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FIND_INDICATOR_H
#define ANALYZER_FIND_INDICATOR_H

#include <stdint.h>

#include "analyzer/ledger/address.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * One thing that is looked for (IOC, インディケータ), as lists write them: also
 * made harmless (198[.]51[.]100[.]7, hxxps://), with a port behind, as a URL,
 * of which the host is looked for.  Pure.
 */
#define INDICATOR_MAX 512u /* bytes */

enum indicator_kind {
	INDICATOR_ADDRESS,
	INDICATOR_NETWORK,
	INDICATOR_NAME, /* found with label boundaries, below itself too */
	INDICATOR_HASH,
	INDICATOR_WORD, /* found anywhere */
	INDICATOR_KIND_COUNT
};

enum indicator_err {
#define INDICATOR_ERR(id, en, ja) INDICATOR_ERR_##id,
#include "analyzer/find/indicator_err_tbl.h"
#undef INDICATOR_ERR
};

struct indicator {
	enum indicator_kind kind;
	struct span text;     /* canonical; name, hash and word folded */
	struct prefix prefix; /* address, network */
	const char *file;     /* of its list, or NULL */
	unsigned row;	      /* in it, from 1 */
};

/*
 * Read a value.  type is the list's own word for what it is, or empty: then
 * the value says so itself.  The text lives in the arena.
 */
enum indicator_err indicator_parse(struct span value, struct span type,
    struct arena *arena, struct indicator *out);

/* A sentence in the user's language. */
const char *indicator_strerror(enum indicator_err e);

/* "address", as in lists and answers. */
const char *indicator_kind_word(enum indicator_kind k);

#endif

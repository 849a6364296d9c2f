/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_PACKAGE_H
#define EVIDENCE_PACKAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"
#include "evidence/tree.h"

/*
 * What a package for an investigator says of itself, and its excerpt
 * (FORMAT.md, 12), as they are written.  Pure.
 */
#define PACKAGE_TEXT_MAX 1000u /* bytes of why, authority or recipient */

enum package_kind { PACKAGE_WHOLE, PACKAGE_EXCERPT };

/* A segment in the range that is not here any more. */
struct package_gone {
	uint64_t segment, first, last; /* number, indexes of its records */
	uint64_t record;	       /* of the x1, or PACKAGE_UNSAID */
};
#define PACKAGE_UNSAID UINT64_MAX /* no record says that it was deleted */

struct package {
	struct span origin;
	enum package_kind kind;
	uint64_t created;     /* usec since 1970 */
	uint64_t size;	      /* of the checkpoint that it is proved against */
	uint64_t first, last; /* indexes of the first and last record shown */
	uint64_t shown, withheld; /* excerpt: of these, with and without body */
	const struct package_gone *gone; /* of what was asked for */
	size_t n_gone;
	struct span why, authority, recipient;
};

/* "whole"; the word in package.txt. */
const char *package_kind_name(enum package_kind kind);

/*
 * Whether a text can be one of why, authority and recipient: a line of UTF-8,
 * not empty, without control characters and blanks around it.
 */
bool package_text_ok(struct span s);

/* The file data/package.txt. */
void package_print(const struct package *p, struct buf *out);

/* The folder's name: "hospital.example-evidence-12-99". */
void package_print_name(const struct package *p, struct buf *out);

/* The text that the hand-over key signs: hash of tagmanifest-sha256.txt. */
void package_print_note(const struct package *p, const uint8_t hash[SHA256_LEN],
    struct buf *out);

/*
 * The parts of excerpt.evx: its head line, a record that is shown, one whose
 * body is withheld, and the perfect subtrees of those that are not shown.
 * line: the leaf line (record_leaf_line).
 */
void package_print_excerpt(const struct package *p, struct buf *out);
void package_print_shown(const uint8_t nonce[16], struct span line,
    struct span body, struct buf *out);
void package_print_withheld(struct span line, struct buf *out);
void package_print_hidden(const struct tree_range *range, struct buf *out);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_DRAFT_ATOM_H
#define ANALYZER_FORMAT_DRAFT_ATOM_H

#include "common/span.h"

/* A line of words as atoms, and what the words say of those behind them. */
#define ATOMS 400

enum atom_kind {
	ATOM_BLANK,
	ATOM_MARK,
	ATOM_WORD,
	ATOM_NUMBER, /* from here on: what changes from line to line */
	ATOM_IP,
	ATOM_MAC,
	ATOM_QUOTED
};

struct atom {
	enum atom_kind kind;
	bool changes;	  /* WORD: a value by its look: digits, a@b, a.b */
	struct span text; /* QUOTED: with its quotes */
};

/* Split into atom[ATOMS]; the last one takes what is too much. */
size_t atom_split(struct span line, struct atom *atom);

/* The word before atom i, marks and blanks passed over; empty: none. */
struct span atom_before(const struct atom *atom, size_t i);

/* Whether the word at i stands behind one that says that it is a name. */
bool atom_named(const struct atom *atom, size_t i);

/* The input that atom i is, by what stands around it; NULL: not known. */
const char *atom_name(const struct atom *atom, size_t n, size_t i);

/* Whether it is the same from line to line, by its look and its place. */
bool atom_is_literal(const struct atom *atom, size_t n, size_t i);

/* The expression for values of that kind. */
const char *atom_class(const struct atom *a);

/* What such an input becomes, as written in a format file. */
const char *atom_fields(const char *name);

#endif

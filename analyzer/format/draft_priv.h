/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_DRAFT_PRIV_H
#define ANALYZER_FORMAT_DRAFT_PRIV_H

#include "analyzer/format/draft.h"
#include "analyzer/format/header.h"
#include "analyzer/format/pairs.h"

/* What the parts of the drafting share. */
#define DRAFT_INPUTS 256
#define DRAFT_GROUPS 30
/* Bytes: a key of YAML has at most 1024, and one byte may be written as 9. */
#define DRAFT_NAME 64

enum draft_how {
	DRAFT_CEF,
	DRAFT_LEEF,
	DRAFT_JSON,
	DRAFT_XML,
	DRAFT_KEYVALUE,
	DRAFT_CSV,
	DRAFT_TABLE,
	DRAFT_PATTERN
};

/* What values look like. */
enum draft_shape {
	DRAFT_TEXT,
	DRAFT_IP,
	DRAFT_HOST, /* an address, or a name where one may stand */
	DRAFT_PORT,
	DRAFT_COUNT,
	DRAFT_MAC,
	DRAFT_PROTOCOL,
	DRAFT_OUTCOME,
	DRAFT_METHOD /* of HTTP */
};

/* A name that is known everywhere, and what it is. */
struct draft_name {
	const char *names; /* blanks between, in the form of draft_fold() */
	enum draft_shape shape;
	const char *key;    /* the field that it takes, for the first only */
	const char *fields; /* as written in the file */
};

struct draft_line {
	struct span text;
	struct header h;
	struct span body;
	struct span lead; /* before its first key; without keys all */
	bool pairs;
};

struct draft_input {
	struct span name;		/* as the file calls it */
	struct span title;		/* of a column; empty: none */
	struct span value[DRAFT_LINES]; /* empty: not in this line */
	const struct draft_name *known; /* or NULL */
	bool taken;			/* by a field or the time */
	bool split;			/* address and port: two more inputs */
	bool port;			/* the second of these */
};

struct draft {
	const struct draft_sample *sample;
	struct draft_result *result;
	struct arena *a;
	struct buf *out;
	size_t n;
	struct draft_line line[DRAFT_LINES];
	enum header_level level;
	enum draft_how how;
	const char *step; /* of the file */
	bool leads;	  /* what a line is stands before its keys */
	struct pairs_form form;
	uint8_t sep;
	size_t ninput;
	struct draft_input *input[DRAFT_INPUTS];
	struct buf notes; /* comments for the end of the file */
};

/* How the lines are cut: sets level, bodies, how, step, inputs. */
void draft_find(struct draft *d);
struct draft_input *draft_input(struct draft *d, struct span name);

/* Inputs of an address with its port become two; the steps that do it. */
void draft_split(struct draft *d);
void draft_put_split(struct draft *d);

/* A name folded for comparison, without its marks. */
struct span draft_fold(struct draft *d, struct span name);

/* The last part of a dotted path; all of a name without dots. */
struct span draft_last(struct span name);

/* The row of draft_tbl.h for a name whose values fit, or NULL. */
const struct draft_name *draft_known(struct draft *d,
    const struct draft_input *in);
const struct draft_name *draft_port_of(const struct draft_name *address);
bool draft_fits(enum draft_shape shape, struct span value);
bool draft_is_absent(struct span value);

/* Whether it is one of some words with blanks between, in any case. */
bool draft_one_of(struct span value, const char *words);

/* What a line tells by its words: a kind and an outcome; NULL: nothing. */
struct draft_guess {
	const char *kind, *outcome;
};
struct draft_guess draft_guess(struct span text, bool both_ends);

/* Whether a word is one of those by which that is told. */
bool draft_tells(struct span word);

/* Bytes of a character at the start that stands for itself in YAML, or 0. */
size_t draft_printable(struct span s);

/* Append a text as a comment takes it. */
void draft_comment(struct span text, struct buf *out);

/* The parts of the file. */
void draft_put_fields(struct draft *d);
void draft_put_time(struct draft *d);
void draft_put_cases(struct draft *d);
void draft_put_detect(struct draft *d);

/* Lines of words: cases with their patterns, and the fields of these. */
void draft_put_patterns(struct draft *d);

/* The same of what stands before the keys; the fields of that into *fields. */
void draft_put_leads(struct draft *d, struct buf *fields);

/* The input that has the word as a value in some line, or NULL. */
const struct draft_input *draft_value_of(const struct draft *d,
    struct span word);

/* Append a text as an expression in single quotes takes it. */
void draft_literal(struct span text, struct buf *out);

/* Their words that all lines have, and how each kind begins. */
void draft_add_words(struct draft *d,
    void (*add)(void *cookie, struct span word), void *cookie);
void draft_put_starts(struct draft *d);

/* Whether the line has a value for this field. */
bool draft_line_has(const struct draft *d, size_t line, const char *key);

/* A key that decides what a line is, or NULL. */
struct draft_input *draft_decider(struct draft *d);

#endif

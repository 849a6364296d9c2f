/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_MODEL_H
#define ANALYZER_FORMAT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "analyzer/format/cells.h"
#include "analyzer/format/clock.h"
#include "analyzer/format/convert.h"
#include "analyzer/format/header.h"
#include "analyzer/format/names.h"
#include "analyzer/format/pairs.h"
#include "analyzer/regex/regex.h"
#include "common/arena.h"
#include "common/span.h"
#include "common/yaml.h"

/*
 * A format file as it is compiled.  Every value that a parsing step may give
 * has a slot; conditions, templates and fields refer to slots by number.
 * Immutable once loaded; all of it lies in the arena of its set.
 */
#define MODEL_SLOTS 1024

/* The slots that every format has. */
#define SLOT_NONE 0xffff

enum slot {
#define SLOT(id, name) SLOT_##id,
#include "analyzer/format/slot_tbl.h"
#undef SLOT
	SLOT_OWN /* the first that a format names itself */
};

/* How a value is compared. */
enum test_how {
	TEST_IS,
	TEST_STARTS,
	TEST_ENDS,
	TEST_CONTAINS,
	TEST_PRESENT,
	TEST_DIFFERS /* from another input */
};

struct test {
	uint16_t slot;
	uint16_t other; /* DIFFERS */
	uint8_t how;
	bool negate;
	bool empty; /* one of the values is empty: fits what is not there */
	size_t n;
	const struct span *value; /* any of them */
};

/* All tests, or those of an alternative. */
struct cond {
	size_t n;
	const struct test *test;
	const struct cond *otherwise;
};

/* "text ${input} text": nothing if an input is missing. */
struct template
{
	size_t n;
	struct template_part {
		struct span text; /* if slot is SLOT_NONE */
		uint16_t slot;
	} * part;
};

/* A constant or composed value for a field. */
struct assign {
	enum ecs field;
	unsigned line; /* of the file, as in all that follows */
	size_t n; /* 0: the field stays empty; several: it has several values */
	struct template *value;
};

/* An input that becomes a field. */
struct op {
	uint16_t slot;
	enum ecs field,
	    other; /* other: where text goes that is none of field's type */
	bool has_other;
	enum convert as;
	enum ecs_type type; /* of field */
	const struct map *map; /* or NULL */
	const struct cond *when;
	unsigned line;
};

/* For each slot the numbers of its ops, as bits. */
#define OP_WORDS 4

struct op_index {
	size_t words; /* that are not all zero */
	uint64_t (*of)[OP_WORDS];
};

struct map {
	struct span name;
	const struct names *names;
	size_t n;
	const struct span *value;
	bool keep; /* a value that is not listed stays as it is */
};

/* A pattern, where it searches, and the slots of its groups. */
struct rule_pattern {
	uint16_t from;
	struct regex *pattern;
	const uint16_t *slot;
	struct rule_pattern *next; /* tried if this does not match */
	unsigned line;
};

struct case_list;

struct format_case {
	const struct cond *when;
	const struct rule_pattern *match;
	size_t nassign, nop;
	const struct assign *assign;
	const struct op *op;
	const struct case_list *cases;
	bool next; /* the cases behind it are looked at too */
	unsigned line;
};

/* The first that applies is taken. */
struct case_list {
	size_t n;
	const struct format_case *c;
	/* Cases by the value of one input, if many begin with it. */
	uint16_t by;
	const struct names *index; /* NULL: look at all */
	const uint16_t *const
	    *chain;	      /* case numbers in order, then SLOT_NONE */
	const uint16_t *rest; /* for a value that no case names */
};

/* Positions of a CSV line and the slots they have. */
struct csv_layout {
	const struct test *test; /* slot = column, from 0 */
	size_t ntest;
	size_t min, max; /* cells that the line must have */
	size_t n;
	const uint16_t *slot; /* SLOT_NONE: not wanted */
};

/* Those from KV on find keys, and every name that a file uses may be one. */
enum step_kind {
	STEP_CSV,
	STEP_CSV_HEADER,
	STEP_PATTERN,
	STEP_KV,
	STEP_PAIRS,
	STEP_CEF,
	STEP_LEEF,
	STEP_JSON,
	STEP_XML
};

struct step {
	enum step_kind kind;
	uint16_t from;
	const struct cond *when;
	bool optional;
	uint8_t pair, sep;	  /* KV, CSV */
	uint8_t or_sep;		  /* KV: where it ends the first pair; or 0 */
	struct pairs_form form;	  /* PAIRS */
	uint16_t untitled;	  /* CSV_HEADER: slot of a cell behind the
				   * last title, SLOT_NONE: none */
	struct span prefix;	  /* of the inputs that keys become */
	bool all_keys;		  /* names that other steps give are keys too */
	bool follows;		  /* KV: line.next may tell the next key */
	struct span parting;	  /* KV: no key with such a byte is learnt */
	size_t nunder;		  /* JSON, XML: paths that are left off;
				   * CEF: beginnings of keys */
	const struct span *under;
	const struct names *keys; /* slot of a key; CSV_HEADER: of a title */
	struct span directive;	  /* CSV_HEADER: what the columns' line begins
				   * with ("#Fields:"), or empty */
	size_t n;		  /* CSV: layouts; CSV_HEADER: required slots */
	const struct csv_layout *layout;
	const uint16_t *required;
	const struct rule_pattern *pattern;
	unsigned line;
};

/* One way to recognise a line; all that is given must hold. */
struct detect {
	bool object; /* a word of it is of JSON: '"logid":', '{"' */
	size_t nstart, nany, nall, napp;
	const struct span *start, *any, *all, *app;
	const uint16_t *any_word, *all_word; /* their numbers in the set */
	struct regex *pattern;
	struct span pattern_text; /* as written */
	struct detect *otherwise;
	size_t near; /* how far into a message what it needs begins, or less */
	unsigned line;
};

/* What a file does with a name, for who writes it. */
#define MODEL_ASKED 1u /* a field, a condition or a step takes it */
#define MODEL_GROUP 2u /* a group of an expression gives it */

struct format_name {
	unsigned use;
	unsigned line; /* where it stands first */
};

/* A part of an expression that no expression has. */
struct format_idle {
	struct span name;
	unsigned line;
};

enum time_as { TIME_STAMP, TIME_EPOCH, TIME_PATTERN };

#define TIME_PIECES 4

struct time_rule {
	enum time_as as;
	size_t n;
	uint16_t from[TIME_PIECES];
	struct span pattern;
	uint16_t zone;	/* input with the zone, SLOT_NONE: none */
	bool fixed;	/* always the same, whatever the line says */
	int seconds;	/* that zone */
	uint16_t epoch; /* input with an epoch that gives the zone */
	unsigned line;
};

struct format {
	const char *name, *title, *file;
	size_t number; /* in its set */
	const char *reference; /* where the knowledge comes from; may be "" */
	enum header_level header;
	bool last;	/* tried only when no other format knew the line */
	bool unescape;	/* what a relay escaped in the message */
	bool objects;	/* its lines are JSON, and its keys are read of nothing
			 * else: all ways of detect are of JSON */
	bool need_case; /* a line to which no case applies is unknown */
	struct detect *detect;
	size_t nabsent;
	const struct span *absent; /* values that mean: no value */
	uint64_t absent_len;	   /* bit n: one of them has length n < 64 */
	/* By what stands where a value begins: it may be one of them, or an
	 * empty one, behind which its quote or a separator of pairs is. */
	bool absent_first[256];
	size_t nstep;
	const struct step *step;
	size_t ntime;
	const struct time_rule *time;
	const struct case_list *cases;
	size_t nop, nassign;
	const struct op *op;
	const struct op_index *op_index; /* of op; NULL: too many */
	const struct assign *assign;
	const struct span *slot_name;	  /* of each slot */
	size_t nslot;
	const struct format_name *slot_use; /* the same */
	size_t nidle;
	const struct format_idle *idle; /* fragments */
	const struct yaml_node *examples; /* lines that it must understand */
};

#endif

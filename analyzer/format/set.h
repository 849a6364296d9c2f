/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_SET_H
#define ANALYZER_FORMAT_SET_H

#include "analyzer/format/guess.h"
#include "analyzer/format/model.h"
#include "analyzer/format/prefilter.h"

/* An expression, and where it stands. */
struct set_pattern {
	struct regex *regex;
	const char *file;
	unsigned line;
};

/* The compiled formats of a folder, shared by handles. */
struct format_set {
	struct arena *arena;
	_Atomic unsigned refs;
	size_t n;
	struct format **format; /* in the order in which they are tried */
	struct prefilter *prefilter;
	struct guess *guess;
	size_t nword, word_cap;
	struct span *word; /* that detections look for, each once */
	size_t npattern, cap;
	struct set_pattern *pattern; /* all that were read */
};

/*
 * The *.yml of dir and n more files; a format of these stands in the place of
 * one of that name in dir.
 */
struct format_set *set_load(const char *dir, const char *const *files,
    size_t n, struct yaml_error *err);
void set_release(struct format_set *s);

/* The number of a word that a detection looks for; it is added if it is new. */
uint16_t set_word(struct format_set *s, struct span text);

/* The format of that name; its number, or set->n. */
size_t set_find(const struct format_set *s, const char *name);

/* The set behind a handle. */
struct formats;
const struct format_set *formats_set(const struct formats *f);

/* What the handle remembers of streams. */
struct streams;
struct streams *formats_streams(struct formats *f);

/*
 * Have the handle write down what it does with lines (NULL: no more).  Return
 * the line that it works on, whose inputs stand until the next one.
 */
struct line;
struct trace;
const struct line *formats_trace(struct formats *f, struct trace *t);

/* Have the handle decide each line anew, as if it had seen no other. */
void formats_plain(struct formats *f);

/* What it remembers of how lines were decided; NULL if it is plain. */
struct memo;
const struct memo *formats_memo(const struct formats *f);

#endif

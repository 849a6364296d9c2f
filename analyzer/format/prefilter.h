/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_PREFILTER_H
#define ANALYZER_FORMAT_PREFILTER_H

#include "analyzer/format/model.h"

/*
 * Which formats a line may be of, from one pass over it: the words are looked
 * for that detections name, and for each way to detect a format one thing
 * that it needs (its program's name, a beginning, a word) decides whether it
 * must be asked; those that need none must always.
 */
struct prefilter;

#define PREFILTER_MAX 1024	 /* formats */
#define PREFILTER_WORDS_MAX 8192 /* words of their detections */
#define PREFILTER_NO_WORD 0xffff /* has no number: must be looked for */

struct prefilter_found {
	uint64_t format[PREFILTER_MAX / 64];
	uint64_t word[PREFILTER_WORDS_MAX / 64];
};

/* Formats and words as they are numbered in their set; borrowed. */
struct prefilter *prefilter_make(struct arena *a,
    struct format *const *format, size_t n, const struct span *word,
    size_t nword);

/*
 * Set the bit of each format that may know the line, and of each word that
 * may be in it (of long ones the beginning is looked for).
 */
void prefilter_run(const struct prefilter *p, const struct header *h,
    struct prefilter_found *found);

#endif

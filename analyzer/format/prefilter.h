/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_PREFILTER_H
#define ANALYZER_FORMAT_PREFILTER_H

#include "analyzer/format/model.h"

/*
 * Which formats a line may be of, from one pass over it: for each way to
 * detect a format one thing that it needs is looked for (its program's name,
 * a beginning, its longest word), for those that need none always.  Whoever
 * is found must still be asked.
 */
struct prefilter;

#define PREFILTER_MAX 1024 /* formats */
#define PREFILTER_WORDS (PREFILTER_MAX / 64)

struct prefilter *prefilter_make(struct arena *a,
    struct format *const *format, size_t n);

/* Set the bit of each format that may know the line. */
void prefilter_run(const struct prefilter *p, const struct header *h,
    uint64_t found[PREFILTER_WORDS]);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_PATTERN_H
#define ANALYZER_FORMAT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/span.h"

/*
 * A regular expression with named groups (PCRE2, JIT where there is one).
 * Bytes, not characters; plain groups do not capture.  Every match runs under
 * PATTERN_STEPS, so that no expression and no line can stop a pass.
 */
#define PATTERN_STEPS 50000
#define PATTERN_GROUPS 64

struct pattern;

/* What matching needs to write to; one for each thread. */
struct pattern_match;

/*
 * Compile; the pattern's own parts lie in a.  On failure return NULL, a
 * sentence in err and the offset of the fault.
 */
struct pattern *pattern_new(struct span regex, struct arena *a, char *err,
    size_t errlen, size_t *offset);
void pattern_free(struct pattern *p);

/* The named groups; a name may occur more than once. */
size_t pattern_groups(const struct pattern *p);
struct span pattern_group_name(const struct pattern *p, size_t i);

struct pattern_match *pattern_match_new(void);
void pattern_match_free(struct pattern_match *m);

/*
 * Search in text.  Return 1 if found, 0 if not, -1 if the limit was hit.
 * Groups are valid until the next search with m.
 */
int pattern_search(const struct pattern *p, struct pattern_match *m,
    struct span text);

/* What group i caught; empty if it took no part. */
struct span pattern_group(const struct pattern *p,
    const struct pattern_match *m, size_t i);

#endif

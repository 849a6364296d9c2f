/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REGEX_REGEX_H
#define ANALYZER_REGEX_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/span.h"

/*
 * A regular expression with named groups (PCRE2, JIT where there is one).
 * Bytes, not characters; plain groups do not capture.  Every match runs under
 * REGEX_STEPS, so that no expression and no line can stop a pass.
 */
#define REGEX_STEPS 50000
#define REGEX_TEXT 65536 /* bytes; scanning a class is no step */
#define REGEX_GROUPS 64

struct regex;

/* What matching needs to write to; one for each thread. */
struct regex_match;

/*
 * Compile; the pattern's own parts lie in a.  On failure return NULL, a
 * sentence in err and the offset of the fault.
 */
struct regex *regex_new(struct span regex, struct arena *a, char *err,
    size_t errlen, size_t *offset);

/*
 * The same for text, as other engines read it: characters of UTF-8, whose
 * classes and cases are those of Unicode, and a dot is no line end unless
 * (?s) says so.  Ill-formed bytes fit nothing.
 */
struct regex *regex_new_text(struct span regex, struct arena *a, char *err,
    size_t errlen, size_t *offset);
void regex_free(struct regex *p);

/* The expression as it was compiled; valid as long as its arena. */
struct span regex_text(const struct regex *p);

/* The named groups; a name may occur more than once. */
size_t regex_groups(const struct regex *p);
struct span regex_group_name(const struct regex *p, size_t i);

struct regex_match *regex_match_new(void);
void regex_match_free(struct regex_match *m);

/*
 * Search in text.  Return 1 if found, 0 if not, -1 if the limit was hit.  Of
 * a longer text the first REGEX_TEXT bytes are looked at: -1 if nothing is
 * found that ends within them.
 * Groups are valid until the next search with m.
 */
int regex_search(const struct regex *p, struct regex_match *m,
    struct span text);

/*
 * The same without JIT and under another limit: what an expression costs on a
 * text, whatever machine it is.
 */
int regex_try(const struct regex *p, struct regex_match *m, struct span text,
    uint32_t steps);

/* All that the last search found; empty if it found nothing. */
struct span regex_whole(const struct regex_match *m);

/* What the regex_groups() groups caught, valid until the next search or call
 * with m; empty: took no part. */
const struct span *regex_caught(const struct regex *p, struct regex_match *m);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_FOLD_H
#define SIGMA_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/*
 * Write UTF-8 s without the case of its letters, by Unicode's simple folding:
 * each becomes one letter, of no more bytes than it had; the few that would
 * have more stay as they are, and so does what is ill-formed.  Return the
 * bytes, at most s.len.  Pure.
 */
size_t fold_case(struct span s, uint8_t *out);

/* Whether that would write s as it is: true only where it is all of ASCII. */
bool fold_is_done(struct span s);

#endif

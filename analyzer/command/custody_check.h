/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_CUSTODY_CHECK_H
#define ANALYZER_COMMAND_CUSTODY_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "site/site.h"

/*
 * Whether a package of which a step of custody is recorded is one that this
 * site handed over, and is intact: what a record says of it, it should know.
 */

/*
 * Whether a hand-over of the package is recorded in a log of the site, of
 * whatever generation.  If not, or if a log cannot be read, that is said.
 * made: when the package was made, usec; 0: not known.
 */
bool custody_known(struct site *site, const uint8_t package[SHA256_LEN],
    uint64_t *made);

/*
 * Verify a package in its folder, against the description of the site's log
 * that it is of.  Return "intact", "tampered", "incomplete" or "unchecked" (it
 * could not be read); all but the first are said, with what is wrong.
 */
const char *custody_verify(struct site *site, const char *dir);

/*
 * Whether a package that is being made in a folder verifies, against the
 * description of its log.  0 (what is missing is said), or -1 and *why.
 */
int custody_check_made(const struct site_log *log, const char *dir,
    struct buf *why);

#endif

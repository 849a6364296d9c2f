/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FIND_VIEWS_H
#define ANALYZER_FIND_VIEWS_H

#include "common/buf.h"
#include "common/span.h"
#include "evidence/record.h"

/*
 * The ways in which a record may be read, all of which are searched: its bytes
 * as they are, and where these are no plain text what they are in each
 * encoding that they may have.  No encoding is guessed and none believed that
 * somebody wrote down: a wrong one would hide what is looked for.  Pure.
 *
 * CP932 and EUC-JP where bytes are no UTF-8, ISO-2022-JP where there is an
 * ESC, UTF-16 from either byte on where there is a NUL; of a system record
 * its words with %NN undone.
 */
typedef void views_take(void *cookie, struct span view);

/* scratch is the caller's, and holds the view that is shown. */
void views_each(enum record_kind kind, struct span body, struct buf *scratch,
    views_take *take, void *cookie);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_BUNDLE_H
#define COLLECTOR_BUNDLE_H

#include <sys/types.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * What a process is handed while it runs and must not read from files itself:
 * byte strings, one after the other, in memory that has no name.  Whoever fills
 * it seals it; then nobody can change what was checked.
 */
#define BUNDLE_PART_MAX (4u << 20) /* bytes of a part */

/* An empty one: a descriptor, or -1 and errno. */
int bundle_new(void);

/* Put a part behind the others.  0, or -1 and errno. */
int bundle_put(int fd, struct span part);

/* Nothing is put or changed any more.  0, or -1 and errno. */
int bundle_seal(int fd);

/*
 * Append the part at *at to *out, and move on.  0, or -1 and errno: there is
 * none, it is not sealed, or it is none.
 */
int bundle_get(int fd, off_t *at, struct buf *out);

/*
 * A new one, sealed, with the first n parts of one that is: for who may not see
 * what is behind them.  A descriptor, or -1 and errno.
 */
int bundle_first(int fd, unsigned n);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_FOLLOW_H
#define COLLECTOR_FOLLOW_H

#include "site/site.h"

/* One file that is followed through its rotations; see tailer.h. */
struct follow;

/*
 * Follow that watch from where it was sealed last; socket leads to the writer
 * and stays the caller's until this succeeds.  A file that is not there yet is
 * waited for.  NULL: it was said why.
 */
struct follow *follow_new(const struct site *site, const struct site_watch *w,
    int socket);

/* NULL is fine. */
void follow_free(struct follow *f);

/*
 * Take what the file has grown by, and now and then seal it and note how far
 * it came.  Return 0, or -1 if the writer is gone: it was said why.
 */
int follow_run(struct follow *f);

/* Seal what was taken and note it.  0, or -1. */
int follow_seal(struct follow *f);

#endif

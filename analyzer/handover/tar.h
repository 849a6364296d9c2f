/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_TAR_H
#define ANALYZER_HANDOVER_TAR_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"

/*
 * POSIX ustar archives (IEEE 1003.1, pax, "ustar Interchange Format").
 */
#define TAR_BLOCK 512u

/*
 * Append the header block of a file, or of a folder if path ends in a slash.
 * path is split at a slash if it is longer than 100 bytes.  Pure.  Return 0,
 * or -1 if path or size do not fit.
 */
int tar_print_header(const char *path, unsigned mode, uint64_t size,
    uint64_t time, struct buf *out);

/*
 * Write an archive of the folder parent/name to fd, names in order, owners left
 * out.  Return 0, or -1 and *why.
 */
int tar_write(int fd, const char *parent, const char *name, struct buf *why);

#endif

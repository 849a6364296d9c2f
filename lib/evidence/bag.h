/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_BAG_H
#define EVIDENCE_BAG_H

#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"

/*
 * The text files of a BagIt 1.0 bag (RFC 8493), as they are written.  Pure.
 */

/* bagit.txt */
void bag_declaration_print(struct buf *out);

/*
 * One element of bag-info.txt, on one line.  Return 0, or -1 if label or value
 * cannot stand there: an empty label, a colon in it, white space around either,
 * a line end.
 */
int bag_info_print(const char *label, struct span value, struct buf *out);

/*
 * One line of a manifest: path is below the bag's folder, with slashes; CR, LF
 * and % in it are percent-encoded (2.1.3).
 */
void bag_manifest_print(const uint8_t hash[SHA256_LEN], struct span path,
    struct buf *out);

#endif

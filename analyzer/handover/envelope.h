/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_ENVELOPE_H
#define ANALYZER_HANDOVER_ENVELOPE_H

#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"

/*
 * parent/name.tar.cms: the folder parent/name as a tar archive, enveloped for
 * the holder of a certificate (PEM).  It appears whole or not at all, over
 * nothing that is there.  *path: appended; hash: of the file.  0, or -1 and
 * *why.
 */
int envelope_make(const char *parent, const char *name, const char *certificate,
    struct buf *path, uint8_t hash[SHA256_LEN], struct buf *why);

#endif

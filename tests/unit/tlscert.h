/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef TESTS_TLSCERT_H
#define TESTS_TLSCERT_H

#include "common/buf.h"

/* Append a self-signed certificate of P-256 and its key, PEM. */
void tlscert_make(struct buf *cert, struct buf *key);

#endif

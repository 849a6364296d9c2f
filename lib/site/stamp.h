/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_STAMP_H
#define SITE_STAMP_H

#include <stdint.h>

#include "common/buf.h"
#include "evidence/tsa.h"
#include "site/site.h"

/*
 * Ask a time-stamping authority of the configuration for a token over a
 * SHA-256, and verify what it answers.  *response: appended, the whole answer
 * (DER).  It blocks for a limited time; stop: a descriptor that ends it when
 * it is readable or closed; -1: none.  0, or -1 and *why.
 */
int stamp_ask(const struct site_tsa *tsa, const uint8_t imprint[SHA256_LEN],
    int stop, struct tsa_token *token, struct buf *response, struct buf *why);

#endif

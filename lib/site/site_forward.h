/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_SITE_FORWARD_H
#define SITE_SITE_FORWARD_H

#include "site/conf.h"
#include "site/site.h"

/*
 * What one row of conf_tbl.h alone cannot say of the i-th target that records
 * are forwarded to.  map: its node.  Return 0, or -1 and *c->err.
 */
int site_forward_check(struct conf *c, struct site *site, size_t i,
    const struct yaml_node *map);

/* The fingerprint of a target as bytes: 0, or -1 if the text is none. */
int site_fingerprint(const char *text, uint8_t out[SHA256_LEN]);

#endif

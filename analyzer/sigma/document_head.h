/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_DOCUMENT_HEAD_H
#define SIGMA_DOCUMENT_HEAD_H

#include "analyzer/sigma/document.h"

/*
 * What all documents of Sigma have in common: title, id, name, status, level,
 * dates, tags and the like.  A member without a value is as one that is not
 * there.  Return 0 and fill title, id, name and generate, or -1 and *r->err.
 */
int document_head(const struct yaml_node *root,
    const struct document_reader *r, struct document *d);

/* Whether a value is a text: in quotes, or no number, boolean or null. */
bool document_is_text(const struct yaml_node *n);

/* Whether nothing stands there. */
bool document_is_null(const struct yaml_node *n);

#define DOCUMENT_FAIL(r, at, ...)                                              \
	yaml_fail((r)->err, (r)->path, at, __VA_ARGS__)

#endif

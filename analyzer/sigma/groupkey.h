/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_GROUPKEY_H
#define SIGMA_GROUPKEY_H

#include "analyzer/sigma/correlation_link.h"
#include "analyzer/sigma/view.h"
#include "analyzer/sigma/window.h"
#include "common/buf.h"

/*
 * The values by which events are in one group, as one key, and the value that
 * a condition is asked of.  They come from an event, or from the group-by of
 * a correlation's result.  A value longer than GROUPKEY_VALUE is its beginning,
 * '#', and the SHA-256 of all of it.  Missing: p is NULL.
 */
#define GROUPKEY_VALUE 512

/* Of an event, or (view NULL) of a result's group. */
struct groupkey_from {
	const struct view *view;
	const struct span *group;
};

/* Its first value there; of several, the others do not count. */
struct span groupkey_field(const struct groupkey_from *from, uint32_t field);

/* Append the key of one that came from a source. */
void groupkey_make(const struct correlation *c,
    const struct correlation_source *s, const struct groupkey_from *from,
    struct buf *key);

/* Its values: c->ngroup of them, which borrow it. */
void groupkey_values(const struct correlation *c, struct span key,
    struct span *values);

/* What its condition needs of it.  False: that is missing, or no number. */
bool groupkey_value(const struct correlation *c,
    const struct correlation_source *s, const struct groupkey_from *from,
    union window_value *value);

#endif

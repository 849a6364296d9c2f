/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_CHANGES_H
#define SITE_CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "site/site.h"

/*
 * What differs between two configurations of one site, key by key, as their
 * files say it.  Values are never given: some of them nobody should read.
 * Pure.
 */
#define CHANGES_MAX 64u /* named; more are only counted */
#define CHANGE_KEY 160u /* bytes of a name, NUL included */

struct change {
	char key[CHANGE_KEY]; /* "mail.server", "listeners[web].port" */
	unsigned line;	      /* of the new file; 0: it is not there any more */
	bool restart;	      /* a running collector cannot change it */
};

struct changes {
	struct change v[CHANGES_MAX];
	size_t n;    /* in v */
	size_t more; /* beyond */
};

/*
 * Find what is different in next; items of a list that have a name are
 * compared by it.  Return 0, or -1 if one of the two is no YAML.
 */
int changes_find(const struct site *before, const struct site *next,
    struct changes *out);

/* Whether a key of that name or below it changed: "anchor". */
bool changes_have(const struct changes *c, const char *name);

/* Append the words "change=mail.server change=..." for a c1 record. */
void changes_words(const struct changes *c, struct buf *out);

#endif

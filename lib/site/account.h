/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_ACCOUNT_H
#define SITE_ACCOUNT_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/buf.h"
#include "site/site.h"

/*
 * The account that a site's logs belong to, for programs started as root:
 * collector and init.  If the account is the default one and was never made,
 * it is the owner of the site's folder.
 */
struct account {
	uid_t uid;
	gid_t gid;
	bool owner; /* the default account is not there */
};

/* Return 0, or -1 and a sentence in *why. */
int account_find(const struct site *site, struct account *a, struct buf *why);

#endif

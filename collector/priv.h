/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_PRIV_H
#define COLLECTOR_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/buf.h"
#include "site/site.h"

/*
 * Giving up what a process must not have.  Everything here is one way.
 */
struct priv {
	bool root; /* we are: there is something to give up */
	uid_t uid; /* to become */
	gid_t gid;
};

/*
 * Find the account that the site names; only if we are root.  Return 0, or -1
 * and a sentence in *why.
 */
int priv_find(const struct site *site, struct priv *p, struct buf *why);

/* What becomes of a process; see priv_drop(). */
enum priv_role {
	PRIV_USER,   /* becomes the site's user */
	PRIV_KEYS,   /* stays the owner of the keys, without any capability */
	PRIV_NOBODY, /* becomes nobody: for parsing what others wrote */
	PRIV_READER, /* stays root, to read what is others' */
	PRIV_GIVER,  /* stays root, to make files and give them away */
	PRIV_PARENT, /* stays root, with what making the others takes */
};

/*
 * Drop everything that the role has not: account, groups, capabilities, new
 * privileges, core dumps, being traced by its equals.  Not being root it drops
 * what it can.  Return 0, or -1 and errno: then the process must end.
 */
int priv_drop(const struct priv *p, enum priv_role role);

/*
 * Make the empty folder dir, which must exist, the process's root: for those
 * who open no file any more.  Only root can; others go on.  0, or -1 and errno.
 */
int priv_confine(const struct priv *p, const char *dir);

/* Close all descriptors above 2 but these n (any order, -1 is skipped). */
void priv_close_others(const int *keep, size_t n);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_HANDKEY_H
#define ANALYZER_HANDOVER_HANDKEY_H

#include <sys/types.h>

#include "common/buf.h"
#include "evidence/note.h"
#include "site/site.h"

/*
 * The key that signs what a site hands over of one log: Ed25519, a C2SP note
 * key whose name is the log's origin and "/handover".  It lies in the site's
 * folder `handover`: LOG.key, the private key as Go's sumdb/note writes it, for
 * the operators' group; LOG.vkey, the public one, for everybody.  A generation
 * has its own, as it has its own origin: LOG.2.key.
 */
struct handkey {
	struct note_key public;
	uint8_t seed[KEY_LEN];
};

/*
 * Make the key if it is not there: 1 made, 0 it was there, -1 and *why.
 * uid, gid: who the files are given to, being root.
 */
int handkey_make(const struct site *site, const struct site_log *log, uid_t uid,
    gid_t gid, struct buf *why);

/* Read it.  0, or -1 and *why; handkey_wipe() it. */
int handkey_load(const struct site *site, const struct site_log *log,
    struct handkey *k, struct buf *why);
void handkey_wipe(struct handkey *k);

/* The private key as text; parse is the inverse.  0, or -1.  Pure. */
void handkey_print(const struct handkey *k, struct buf *out);
int handkey_parse(struct span in, struct handkey *k);

#endif

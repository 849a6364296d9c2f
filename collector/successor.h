/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_SUCCESSOR_H
#define COLLECTOR_SUCCESSOR_H

#include "collector/priv.h"
#include "common/span.h"
#include "evidence/predecessor.h"
#include "site/site.h"

/*
 * Makes the log that follows one that cannot go on (site/succession.h): keys,
 * folder, and the file that says which log it follows and why.  A process of
 * its own does this while no signer holds the old keys; or, for a renewal,
 * while the old log is written, and then it waits under another name until that
 * log has certified it.
 */
struct successor {
	const struct site *site;
	size_t log; /* index into site->logs */
	const struct priv *priv;
	enum predecessor_why why;
	bool pending;	     /* not in force before the old log certified it */
	const char *found;   /* a sentence: what is wrong with the old log */
	struct span outside; /* where, LF, and the note that proves it; empty:
			      * it shows in the folder itself */
};

/* Return the process's exit status: 0, or 1 (said). */
int successor_make(const struct successor *s);

#endif

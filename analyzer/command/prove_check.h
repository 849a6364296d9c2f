/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_PROVE_CHECK_H
#define ANALYZER_COMMAND_PROVE_CHECK_H

#include <stdbool.h>

/*
 * konseki prove --check: whether a proof holds, without any log.  Files; all
 * but path may be NULL.
 */
struct prove_check {
	const char *path;   /* the proof, of whatever kind */
	const char *pin;    /* the log's description */
	const char *old;    /* of a consistency proof: the older checkpoint, a
			     * note or its three lines */
	const char *record; /* of an inclusion proof: the record's bytes */
	const char *nonce;  /* its nonce in hex */
};

/* Whether anything beside path was given. */
bool prove_check_asked(const struct prove_check *c);

/* Check and say what is proved.  0, or -1 (said). */
int prove_check(const struct prove_check *c);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_POLICY_H
#define VERIFY_POLICY_H

#include "verify/signed.h"

/*
 * Which witnesses must have cosigned a checkpoint: C2SP tlog-policy.  Pure.
 */
#define POLICY_MAX 65536u  /* bytes of the file */
#define POLICY_MEMBERS 128 /* logs, witnesses and groups; [0] is "none" */

struct policy {
	size_t n;
	size_t quorum; /* a member; 0: no cosignature is asked for */
	bool ended;    /* by its quorum line */
	struct policy_member {
		char kind;	  /* first letter of log, witness or group */
		struct span name; /* borrowed, for policy_parse() */
		struct signed_key key; /* of a log or witness */
		uint64_t need;	       /* of a group: so many of its members */
		size_t group;	       /* that it belongs to; 0: none */
	} member[POLICY_MEMBERS];
};

/* 0, or the number of the line that is wrong. */
unsigned policy_parse(struct span in, struct policy *p);

/* Whether it is for that log; one that names no log is for any. */
bool policy_covers(const struct policy *p, const struct signed_key *log);

/*
 * Whether the note has the cosignatures that the quorum asks for, and when the
 * last of them was made that it needs, in usec.
 */
bool policy_met(const struct policy *p, const struct signed_note *n,
    uint64_t *time);

#endif

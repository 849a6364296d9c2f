/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_VERIFY_COMMAND_H
#define EVIDENCE_VERIFY_COMMAND_H

#include <stdbool.h>

#include "evidence/verify.h"

/*
 * What `konseki verify` and `konseki-verify` have in common: their arguments,
 * and the report on standard output.
 */
struct verify_arguments {
	struct verify_options opt; /* dir NULL: not given */
	const char *site, *log;	   /* only if taken by the caller */
	const char *lang;
	bool json, help;
};

/*
 * Read the arguments behind argv[0]; named: --site and --log are taken too.
 * Return 0, or -1 after a message on standard error.
 */
int verify_arguments(int argc, char *argv[], bool named,
    struct verify_arguments *a);

/* The options, one a line, for a usage text. */
const char *verify_usage(void);

/* Check, print the report, return the exit status. */
int verify_report(struct verify_arguments *a);

#endif

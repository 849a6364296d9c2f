/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_REVIEW_SIGN_H
#define ANALYZER_COMMAND_REVIEW_SIGN_H

#include <stdbool.h>

/* How it is called, behind "konseki review ". */
#define REVIEW_SIGN_USAGE                                                      \
	"[--site DIR] --sign WR-YYYY-MM-DD | --approve WR-YYYY-MM-DD\n"        \
	"    --by ID | --name NAME [--comment TEXT] [--sheet FILE]"

/* Whether konseki review is called to sign a sheet and not to write one. */
bool review_signs(int argc, char *argv[]);

/* Sign or approve a week's sheet by name: a record of the casebook.  An exit
 * status. */
int review_sign(int argc, char *argv[]);

#endif

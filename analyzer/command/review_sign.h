/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_REVIEW_SIGN_H
#define ANALYZER_COMMAND_REVIEW_SIGN_H

#include <stdbool.h>

/* Whether konseki review is called to sign a sheet and not to write one. */
bool review_signs(int argc, char *argv[]);

/* Sign or approve a week's sheet by name: a record of the casebook.  An exit
 * status. */
int review_sign(int argc, char *argv[]);

#endif

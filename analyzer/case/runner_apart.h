/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_RUNNER_APART_H
#define ANALYZER_CASE_RUNNER_APART_H

#include "analyzer/case/runner.h"

/*
 * A process that runs the command channel's program for one that gave up
 * running any: the program and its arguments are those of the start, and only
 * environment and input are sent.  The programs keep the rights of their
 * files, which a confined process could not give them.
 */

/*
 * Start it; it ends when this process does, or asks for a variable of the
 * environment whose name does not begin with KONSEKI_.  argv and timeout_s are
 * the program's.  Return 0, or -1 and errno.
 */
int runner_apart_start(const struct runner *program);

/* As runner_run(), by that process if there is one. */
int runner_apart_run(const struct runner *r, struct span input,
    struct buf *result);

#endif

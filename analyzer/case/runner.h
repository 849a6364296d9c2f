/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_RUNNER_H
#define ANALYZER_CASE_RUNNER_H

#include "common/buf.h"
#include "common/span.h"

/*
 * The command channel of escalation: a program of the site's (a lamp, an SMS
 * gateway, a printer) that gets the message on its standard input.  No shell;
 * the environment is PATH, LANG and what env names, nothing else.
 */
struct runner {
	const char *const *argv; /* program and arguments, n of them */
	size_t n;
	const char *const *env; /* "NAME=value", n_env of them */
	size_t n_env;
	unsigned timeout_s; /* then it is killed */
};

/*
 * Run it and wait.  Return 0 if it exited 0, else -1; *result says what
 * happened (exit status, signal, timeout, could not be started).
 */
int runner_run(const struct runner *r, struct span input, struct buf *result);

#endif

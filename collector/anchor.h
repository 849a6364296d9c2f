/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ANCHOR_H
#define COLLECTOR_ANCHOR_H

#include "site/site.h"

/*
 * The anchor process: brings proof of the logs out of this machine, and what
 * others sign over them back in.  It reads the logs, has no key and writes
 * below no log: cosignatures and tokens go to the writer (keep.h).
 *
 * First of all it asks the witnesses, and looks into the folder of copies, for
 * the largest checkpoint of each log that they have seen.  One that is larger
 * than the log's newest, or that the log does not extend, AND CARRIES THE LOG'S
 * OWN SIGNATURE proves that the log was rolled back or forked.  (A size
 * that a witness only names proves nothing: it is said, and no more.)  Then the
 * parent is told over the control socket, in one message for each log:
 *
 *	rolled N ...	N = number of the log in site->logs
 *
 * and when every one was asked, whether it answered or not:
 *
 *	asked
 *
 * What is done about it is the parent's matter.  The process itself sends
 * nothing more of that log outside as long as it runs.
 *
 * Who cannot be reached is no reason to stop: it is said once when it begins
 * and once when it ends, and tried again.  A file that was put in the place of
 * one that it reads is shown to a new process only (confine.h): then it says
 *
 *	anew
 *
 * and ends.
 */
struct anchor_options {
	const struct site *site;
	int control; /* closes, or says anything: copy once more and stop */
	int writer;  /* a guest's socket at the writer; -1 for anchor_ask() */
};

/*
 * Only ask, and tell the parent as above: for a process that is made before
 * anything is signed.  Return how many logs were rolled back.
 */
size_t anchor_ask(const struct anchor_options *opt);

/* Ask, then run until stopped.  Return the process's exit status. */
int anchor_run(const struct anchor_options *opt);

#endif

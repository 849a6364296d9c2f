/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_TAILER_H
#define COLLECTOR_TAILER_H

#include "site/site.h"

/*
 * The tailer process: follows the files that the site watches and hands their
 * lines to the writer.  It reads those files and keeps, in the cache folder,
 * how far each is sealed; it has neither network nor keys nor logs.
 *
 * A file is one stream until it is rotated (another file stands at its path)
 * or cut short; its lines laid end to end are its bytes.  What grows is read
 * within a quarter of a second.
 */
struct tailer_options {
	const struct site *site;
	const int *tail; /* a socket to the writer for each watch */
	int control;	 /* closes, or says anything: stop */
};

/* Run until stopped.  Return the process's exit status. */
int tailer_run(const struct tailer_options *opt);

#endif

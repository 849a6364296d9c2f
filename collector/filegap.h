/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_FILEGAP_H
#define COLLECTOR_FILEGAP_H

#include <stdint.h>

#include "site/client.h"

/* What may be lost of a file that is followed (g1 watch-lost). */
struct filegap {
	const char *listener; /* name of the watch */
	const char *file;
	uint64_t taken; /* bytes of it that are in the log */
	uint64_t from;	/* utc usec: what may be lost is younger; 0: unknown */
	int error;	/* why it cannot be read; 0: it is gone */
};

/* Say and record it: until now. */
enum client_err filegap_record(const struct filegap *g, struct client *writer,
    const char *log);

#endif

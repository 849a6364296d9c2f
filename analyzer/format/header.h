/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_HEADER_H
#define ANALYZER_FORMAT_HEADER_H

#include <stdbool.h>

#include "analyzer/format/stamp.h"
#include "common/span.h"

/*
 * The head of a log line: RFC 5424, RFC 3164 and their many deviations (no
 * priority, or one in words, no stamp, no host, Cisco counters, structured
 * data that is none, heads stacked by relays).  Nothing is ever refused: what
 * is not recognised belongs to the message.  Pure; every span lies inside the
 * line.
 */

/* How much of the head a format wants taken off. */
enum header_level {
	HEADER_NONE, /* the line as it is */
	HEADER_PRI,  /* without <pri> */
	HEADER_TIME, /* and time stamp */
	HEADER_HOST, /* and host */
	HEADER_TAG,  /* and "name[pid]:" */
	HEADER_LEVELS
};

struct header {
	int pri;	      /* 0-191, or -1 */
	struct span pri_text; /* as it is written, "189" or "local7.notice" */
	bool has_stamp;
	struct stamp stamp;
	struct span stamp_text;
	struct span uptime; /* what a device without a clock has instead */
	struct span host, app, pid;
	struct span msgid, sd; /* RFC 5424 */
	struct span level;     /* a word for its severity before the name */
	struct span sequence;  /* Cisco's message counter */
	struct span relay;     /* host of an outer head, if heads are stacked */
	struct span body[HEADER_LEVELS]; /* the message at each level */
};

void header_parse(struct span line, struct header *h);

#endif

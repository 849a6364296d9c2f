/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_REPLY_H
#define ANALYZER_CASE_REPLY_H

#include "common/buf.h"
#include "common/span.h"

/*
 * The code in somebody's answer to a message: a mail (RFC 5322) whose head
 * says which message it answers, or a short message that has the code in its
 * text.  Pure.
 */
#define REPLY_BYTES (1u << 20)	/* of it that are read; a code stands early */
#define REPLY_ID "konseki-ack." /* how our Message-ID begins, the code next */

enum reply {
	REPLY_CODE,	 /* it has one */
	REPLY_NONE,	 /* it has none */
	REPLY_AUTOMATIC, /* a program wrote it (RFC 3834, a bounce): nobody
			  * has read anything */
};

/* code: appended letters and figures, perhaps with a dash. */
enum reply reply_read(struct span mail, struct buf *code);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_MAIL_H
#define ANALYZER_CASE_MAIL_H

#include <stdint.h>

#include "common/buf.h"
#include "site/site.h"

/*
 * One mail over SMTP by libcurl (RFC 5321; TLS as the site says), UTF-8 in
 * base64 (RFC 2045, 2047).
 */
struct mail {
	const char *to;	     /* one address, checked by contacts */
	const char *to_name; /* for people; may be "" */
	struct span subject; /* one line, UTF-8 */
	struct span body;    /* UTF-8, LF */
	int64_t date;	     /* utc usec */
	const char *id;	     /* left part of the Message-ID */
};

/* The mail as bytes with CRLF, headers and body.  Pure. */
void mail_print(const struct mail *m, const char *from, int zone,
    struct buf *out);

/*
 * Hand it to the site's server; blocks, at most MAIL_TIMEOUT_S.  Return 0 when
 * the server accepted it, else -1; *result says what happened, for the
 * casebook and for people.
 */
#define MAIL_TIMEOUT_S 30
int mail_send(const struct mail *m, const struct site *site,
    struct buf *result);

#endif

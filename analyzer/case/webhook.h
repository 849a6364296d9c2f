/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_WEBHOOK_H
#define ANALYZER_CASE_WEBHOOK_H

#include "analyzer/case/casebook.h"
#include "common/buf.h"
#include "site/site.h"

/*
 * A message as JSON to a web address of the site's (a chat, a gateway for
 * telephones): the members text (subject and body in one, which chats show),
 * subject, body, case, severity, to, role, code, drill.
 */
struct webhook {
	const char *group; /* case id */
	enum casebook_severity severity;
	const char *to, *role; /* id and role of the person */
	const char *code;      /* or "" */
	bool drill;
	struct span subject, body; /* UTF-8 */
};

/* The body of the request.  Pure. */
void webhook_print(const struct webhook *w, struct buf *out);

/*
 * POST it; blocks, at most WEBHOOK_TIMEOUT_S.  Return 0 if the server answered
 * with 2xx, else -1; *result says what happened.
 */
#define WEBHOOK_TIMEOUT_S 20
int webhook_send(const struct webhook *w, const struct site *site,
    struct buf *result);

#endif

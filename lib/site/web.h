/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_WEB_H
#define SITE_WEB_H

#include <stddef.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * One question to a server over HTTP or HTTPS, by libcurl.  It blocks, for a
 * limited time; it follows no redirection, so that what is sent goes where the
 * configuration says and nowhere else.
 */
enum web_method { WEB_GET, WEB_POST, WEB_PUT };

struct web_request {
	enum web_method method;
	const char *url;
	const char *type; /* of the body; "" for GET */
	struct span body; /* borrowed; empty for GET */
	const char *auth; /* value of an Authorization header, or "" */
	const char *ca;	  /* file of certificates for HTTPS; "": the system's */
	size_t max;	  /* bytes of an answer */
	unsigned timeout_s; /* for all of it */
	int stop; /* a descriptor: readable or closed ends the call; -1: none */
};

struct web_answer {
	unsigned status; /* HTTP */
	char type[64];	 /* content type, parameters cut off; may be "" */
	struct buf body;
};

void web_answer_init(struct web_answer *a);
void web_answer_fini(struct web_answer *a);

/*
 * Ask.  Return 0 with the server's answer, whatever its status; or -1 and in
 * *why a sentence without anything that a terminal could not bear.
 */
int web_ask(const struct web_request *r, struct web_answer *a, struct buf *why);

#endif

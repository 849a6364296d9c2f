/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_CERTIFICATE_H
#define ANALYZER_REPORT_CERTIFICATE_H

#include "analyzer/case/search.h"
#include "common/arena.h"
#include "common/buf.h"

/*
 * The negative-finding certificate (不検出証明書): a search that found nothing,
 * as the casebook keeps it, on A4 in the user's language.  It says what was
 * searched and what was not, never that nothing happened.  Pure.
 */
struct certificate {
	const char *site; /* the hospital's name */
	int zone;	  /* seconds east */
	const struct search *search; /* as it was read from the casebook */
	const char *number;	     /* of the document */
	struct arena *arena;
};

/* Append the page. */
void certificate_html(const struct certificate *c, struct buf *out);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_CEF_H
#define ANALYZER_FORMAT_CEF_H

#include "analyzer/format/pairs.h"

/*
 * The heads of CEF (ArcSight Common Event Format, revision 27) and LEEF (IBM
 * Log Event Extended Format 1.0 and 2.0).  Pure; all lies in the input.
 */
enum cef_part {
	CEF_VENDOR,
	CEF_PRODUCT,
	CEF_VERSION,
	CEF_ID,
	CEF_NAME,
	CEF_SEVERITY,
	CEF_PARTS
};

#define CEF_LABELS 64 /* csNLabel and their like: ArcSight knows 30 */

struct cef {
	struct span part[CEF_PARTS]; /* with their backslashes */
	struct pairs_form form;	     /* of the extension */
	struct span extension;
	uint8_t delimiter; /* of LEEF 2.0: form points to it */
};

/* "CEF:0|vendor|product|version|id|name|severity|extension" behind no more
 * than a head: none behind a pair or a quote, where others may have put it. */
bool cef_read(struct span in, struct cef *c);

/*
 * "LEEF:1.0|vendor|product|version|id|attributes", tabs between them, and
 * "LEEF:2.0|...|id|delimiter|attributes" with a character or its hex code;
 * without any tab the attributes are read as CEF's are.
 */
bool leef_read(struct span in, struct cef *c);

/* Write text with its escapes undone to out, which holds text.len bytes. */
size_t cef_unescape(struct span text, uint8_t *out);

#endif

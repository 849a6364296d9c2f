/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_FORMATS_EXPLAIN_H
#define ANALYZER_COMMAND_FORMATS_EXPLAIN_H

#include "analyzer/format/explain.h"

/* Append what was found out about a line, for people or as one JSON object. */
void formats_explain_text(const struct explain *x, int zone, struct buf *out);
void formats_explain_json(const struct explain *x, struct buf *out);

/* Why a step of that kind does not fit, behind a sentence; may be empty. */
const char *formats_explain_keys(const struct step *s);

/* The name of a file without its folders. */
const char *formats_explain_file(const struct format *f);

/* The field that a part of the head becomes by itself, or NULL. */
const char *formats_explain_head(uint16_t slot);

#endif

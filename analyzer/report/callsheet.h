/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_CALLSHEET_H
#define ANALYZER_REPORT_CALLSHEET_H

#include <stdint.h>

#include "analyzer/case/contacts.h"
#include "common/buf.h"
#include "common/log.h"
#include "common/sha256.h"

/*
 * The call sheet (緊急連絡網): on paper for the day on which the network is
 * down.  Who is called at which severity and hour, the numbers in large, room
 * for the times of calls; those outside, whom the executives call.  Pure.
 */
struct callsheet {
	enum log_lang lang;
	const char *site; /* the hospital's name, or "" */
	const struct contacts *contacts;
	const struct contacts_outside *known; /* of data/outside.csv */
	size_t n_known;
	const uint8_t *hash; /* of contacts.yml */
	int64_t made;	     /* utc usec */
	int zone;
	bool drill;
};

void callsheet_html(const struct callsheet *s, struct buf *out);

/* What is not to be done before the evidence is kept, as a list; for every
 * sheet of the night. */
void callsheet_dont(enum log_lang lang, struct buf *out);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_FACTS_H
#define ANALYZER_REPORT_FACTS_H

#include "analyzer/report/damage.h"
#include "analyzer/report/form.h"

/*
 * What evidence, ledgers and casebook can say of a field of a report, each
 * statement with how sure it is and its record.  A field that only people can
 * say has none.  A statement says what may be; that nothing is known stands
 * there with what was looked at.
 */
#define FACTS_MAX 12u /* of a field; further ones are counted */

struct fact {
	enum report_certainty certainty;
	const char *text;	  /* in the user's language */
	struct report_cite cite; /* origin NULL: the whole report is */
	uint64_t records; /* that it rests on; 0: not counted */
};

struct facts {
	struct damage *d;
	struct fact v[FACTS_MAX];
	size_t n;
	uint64_t more;
};

/* d: finished. */
void facts_of(struct damage *d, enum field f, struct facts *out);

/* What is said of patients in text is masked: it leaves the IT room. */
const char *facts_masked(const struct damage *d, const char *text);

/* For the parts of it: one more statement, masked; cite may be NULL. */
void facts_add(struct facts *out, enum report_certainty c,
    const struct report_cite *cite, uint64_t records, const char *text);
struct facts_filler { /* a list of them ends with FIELD_COUNT */
	enum field field;
	void (*take)(struct facts *out);
};
extern const struct facts_filler facts_course[], facts_figures[],
    facts_public[];

#endif

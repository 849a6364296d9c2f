/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_OVERDUE_H
#define ANALYZER_CASE_OVERDUE_H

#include "analyzer/case/contacts.h"
#include "analyzer/case/escalation.h"
#include "analyzer/case/weeks.h"
#include "common/buf.h"

/*
 * Weeks that nobody signed: the reviewer (企画管理者) is reminded, and later
 * the safety manager (安全管理責任者) told; each once for all weeks together.
 * Pure, as escalation.h is: the casebook says whom it was said to.
 */
enum overdue_stage { OVERDUE_REMIND, OVERDUE_ESCALATE, OVERDUE_STAGES };

struct overdue_asked {
	const struct casebook *book;
	const struct weeks *weeks; /* of the same */
	const struct contacts *contacts;
	int zone;    /* seconds east of UTC */
	int64_t now; /* utc usec */
	unsigned days[OVERDUE_STAGES]; /* after a week's end; 0: never */
	unsigned hour;		       /* of the day at the site */
};

struct overdue_due {
	enum overdue_stage stage;
	const struct contacts_person *person;
	const struct weeks_week *newest, *oldest; /* that nobody signed */
	size_t n;				  /* of them */
	char about[WEEKS_NUMBER + 16]; /* of the step: "WR-… remind" */
};

/* Whether that stage is due. */
bool overdue_next(const struct overdue_asked *asked, enum overdue_stage stage,
    struct overdue_due *due);

/* "週次確認の署名がありません WR-2026-11-16 ほか2週"; and the text. */
void overdue_title(const struct overdue_due *due,
    const struct escalation_site *site, struct buf *out);
void overdue_text(const struct overdue_due *due,
    const struct escalation_site *site, struct buf *out);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* konseki ledgers calendar: which days a site is closed, and why. */
#include <stdio.h>

#include "analyzer/command/command.h"
#include "analyzer/command/ledgers.h"
#include "analyzer/command/office.h"
#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"

static void
print_day(const struct calendar *c, int64_t day)
{
	struct calendar_date d = calendar_date(c, day);
	const char *name = tr(d.en, d.ja);
	char date[OFFICE_DAY];
	int run = calendar_closed_run(c, day);

	if (d.why == CALENDAR_WORKDAY || d.why == CALENDAR_WEEKLY)
		return;
	if (name[0] == '\0')
		name = tr("closed", "休診日");
	printf("  %s  %s", office_print_day(day, date), name);
	if (run >= 3)
		printf(tr(" (%d days off in a row)", "（%d連休）"), run);
	putchar('\n');
}

static void
print_year(const struct calendar *c, int year)
{
	int64_t day, last = utc_days(year, 12, 31);
	int open = 0, closed = 0;

	for (day = utc_days(year, 1, 1); day <= last; day++)
		if (calendar_closed(c, day))
			closed++;
		else
			open++;
	printf(tr("%d: %d days with business hours, %d closed. Beside the "
		  "weekdays that are always closed:\n",
		   "%d年: 業務のある日%d日、休み%d日。毎週の休み以外:\n"),
	    year, open, closed);
	for (day = utc_days(year, 1, 1); day <= last; day++)
		print_day(c, day);
}

int
ledgers_calendar(struct ledgers_call *c)
{
	struct site *site;
	struct office office;
	uint64_t year = 0;
	int y, m, d, rc = 1;

	if (c->narg > 1 ||
	    (c->narg == 1 &&
		(num_parse(span_str(c->arg[0]), 2099, &year) == -1 ||
		    year < 2000)))
		return 2;
	if ((site = command_site(c->site)) == NULL)
		return 1;
	command_page_lang(site, NULL);
	if (office_load(&office, site) == 0) {
		utc_date(office_day(site, utc_now()), &y, &m, &d);
		print_year(office.calendar, year > 0 ? (int)year : y);
		rc = 0;
	}
	office_free(&office);
	site_free(site);
	return rc;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/observing.h"

#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "common/log.h"
#include "common/utc.h"

#define TRUSTED (10 * UTC_MINUTE) /* of a clock: ARCHITECTURE, Time */

static int
read_all(struct observing *o)
{
	struct events *events = events_open_jobs(o->site,
	    events_rules(o->site), events_jobs());
	struct events_item item;
	int rc;

	if (events == NULL)
		return -1;
	while ((rc = events_next(events, tr("reading", "読込中"), &item)) == 1)
		if (item.event != NULL)
			observed_feed(o->observed, item.event,
			    event_judged_time(item.event, TRUSTED));
	events_close(events);
	log_progress_end();
	observed_finish(o->observed);
	return rc;
}

int
observing_open(struct observing *o, const char *dir)
{
	size_t i;

	*o = (struct observing){ .site = command_site(dir) };
	if (o->site == NULL)
		return -1;
	command_page_lang(o->site, NULL);
	if (grounds_load_ledgers(&o->grounds, o->site) == -1)
		return -1;
	for (i = 0; i < o->grounds.internal.n; i++)
		prefixes_add(&o->internal, o->grounds.internal.v[i]);
	if (o->internal.n == 0)
		prefixes_add_private(&o->internal);
	o->observed = observed_new(&o->internal);
	return read_all(o);
}

void
observing_close(struct observing *o)
{
	observed_free(o->observed);
	grounds_free(&o->grounds);
	prefixes_fini(&o->internal);
	site_free(o->site);
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <getopt.h>
#include <stdio.h>

#include "analyzer/case/notify.h"
#include "analyzer/command/command.h"
#include "analyzer/command/office.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/site.h"

/* konseki escalate: one turn over all open cases; `konseki watch` repeats it.
 */

/* With the casebook as it is now. */
static int
turn(struct notify *n, struct arena *arena, struct buf *why)
{
	struct casebook book;

	return command_casebook(n->site, arena, &book, why) != 0 ||
		notify_turn(n, &book, why) != 0
	    ? -1
	    : 0;
}

/* Those who are told together are told in one go. */
static int
turns(struct notify *n, struct arena *arena, struct buf *why)
{
	unsigned sent = 0, failed = 0, i = 0;
	int rc;

	do {
		rc = turn(n, arena, why);
		sent += n->sent;
		failed += n->failed;
	} while (rc == 0 && n->more && ++i < CONTACTS_PEOPLE_MAX);
	n->sent = sent;
	n->failed = failed;
	return rc;
}

int
command_escalate_turn(struct site *site, int64_t gather, int64_t *again)
{
	struct arena *arena = arena_new();
	struct notify n = { .site = site, .now = utc_now(),
		.gather = gather };
	struct contacts contacts;
	struct office office = { NULL, NULL, NULL };
	struct yaml_error err;
	struct buf why;
	int rc = -1;

	buf_init(&why);
	*again = 0;
	if (contacts_load(site->analyzer.contacts, site->escalation.answer_min,
		arena, &contacts, &err) != 0) {
		yaml_report(&err);
		goto out;
	}
	n.contacts = &contacts;
	/* What is wrong with it was said; people are told all the same. */
	(void)office_load(&office, site);
	n.calendar = office.calendar;
	n.deadlines = office.deadlines;
	n.holidays = office.holidays;
	if ((n.submit = submit_open(site, "konseki-escalate", &why)) == NULL ||
	    turns(&n, arena, &why) != 0) {
		log_error("%s", buf_cstr(&why));
		goto out;
	}
	if (n.sent + n.failed > 0)
		log_info(tr("messages: %u sent, %u failed",
			     "連絡 %u 通、失敗 %u 通"),
		    n.sent, n.failed);
	*again = n.again;
	rc = n.failed > 0 ? 1 : 0;
out:
	submit_close(n.submit);
	office_free(&office);
	arena_free(arena);
	buf_fini(&why);
	return rc;
}

int
command_escalate(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	const char *dir = NULL;
	char when[UTC_TEXT];
	struct site *site;
	int64_t again;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o != 's')
			return command_usage("escalate", "[--site DIR]");
		dir = optarg;
	}
	if (optind != argc)
		return command_usage("escalate", "[--site DIR]");
	site = command_site(dir);
	if (site == NULL)
		return 1;
	rc = command_escalate_turn(site, 0, &again);
	if (again != 0)
		printf(tr("the next person is due at %s\n",
			   "次の担当者への連絡予定: %s\n"),
		    utc_print_local(again, site->zone, when));
	site_free(site);
	return rc == 0 ? 0 : 1;
}

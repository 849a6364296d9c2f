/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>

#include "analyzer/case/outside.h"
#include "analyzer/command/case.h"
#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/grounds.h"
#include "analyzer/command/office.h"
#include "analyzer/command/operator.h"
#include "analyzer/command/pageout.h"
#include "analyzer/case/notify.h"
#include "analyzer/report/night.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

/*
 * konseki case night, case form: the page of the night, and the form that the
 * staff fills in by hand.
 */
#define FILE_BYTES (1u << 20)
#define OUTSIDE "data/outside.csv"
#define SIGNS "data/signs.csv"

/* Numbers that are generally known; without them the page is there, too. */
static void
load_outside(const struct case_call *c, struct night *n)
{
	struct contacts_outside *v = NULL;
	struct problems ps;
	char path[4096];
	struct buf b;

	problems_init(&ps);
	buf_init(&b);
	if (io_join(path, sizeof(path), events_rules(c->s), OUTSIDE) == 0 &&
	    io_read_file(path, FILE_BYTES, &b) == 0)
		(void)outside_parse(buf_view(&b), OUTSIDE, c->arena, &ps, &v,
		    &n->n_known);
	n->known = v;
	buf_fini(&b);
	problems_fini(&ps);
}

/* What is not there is left out of the page, and was said. */
static int
print(const struct case_call *c, struct night *n, struct buf *page)
{
	struct grounds grounds;
	struct contacts contacts;
	struct yaml_error err;
	struct office office;

	if (contacts_load(c->s->analyzer.contacts, c->s->escalation.answer_min,
		c->arena, &contacts, &err) != 0) {
		yaml_report(&err);
		return -1;
	}
	n->contacts = &contacts;
	load_outside(c, n);
	(void)office_load(&office, c->s);
	n->deadlines = office.deadlines;
	n->holidays = office.holidays;
	n->calendar = office.calendar;
	if (grounds_load_ledgers(&grounds, c->s) == 0) {
		n->devices = grounds.ledgers->devices;
		n->plans = grounds.ledgers->maintenance;
	}
	night_html(n, page);
	grounds_free(&grounds);
	office_free(&office);
	return 0;
}

int
case_night(const struct case_call *c, const struct casebook_group *g)
{
	struct night n = { .book = &c->book,
		.group = g,
		.site = notify_site(c->s),
		.now = utc_now(),
		.arena = c->arena };
	struct buf page, words;
	char stem[64];
	int rc;

	command_page_lang(c->s, NULL);
	buf_init(&page);
	buf_init(&words);
	record_word(&words, "case", span_str(g->id));
	(void)operator_use(c->s, "export", "night", "casebook",
	    buf_view(&words)); /* it said so */
	snprintf(stem, sizeof(stem), "night-%s", g->id);
	rc = print(c, &n, &page) != 0 ||
	    pageout_write(c->s, c->output, stem, buf_view(&page)) != 0;
	buf_fini(&words);
	buf_fini(&page);
	return rc;
}

int
case_form(const struct case_call *c)
{
	const struct escalation_site site = notify_site(c->s);
	struct buf page, signs;
	char path[4096];
	int rc = 1;

	command_page_lang(c->s, NULL);
	buf_init(&page);
	buf_init(&signs);
	if (io_join(path, sizeof(path), events_rules(c->s), SIGNS) == 0 &&
	    io_read_file(path, FILE_BYTES, &signs) == 0) {
		night_form(&site, buf_view(&signs), &page);
		rc = pageout_write(c->s, c->output, "report-form",
			 buf_view(&page)) != 0;
	} else {
		log_errno(tr("cannot read %s", "%s を読めません"), path);
	}
	buf_fini(&page);
	buf_fini(&signs);
	return rc;
}

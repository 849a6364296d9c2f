/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/digest.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"

#define N (DIGEST_TEXTS + 2u)

static const struct contacts_person director = { .id = "director",
	.name = "院長",
	.role = "経営層" };
static const struct casebook_step aware = { .kind = CASEBOOK_AWARE };
static const struct casebook_group group = { .id = "ab", .aware = &aware };
static const struct deadline mhlw = { .id = "mhlw",
	.name_en = "ministry",
	.to_en = "MHLW",
	.if_en = "an attack",
	.basis = "law" };
static const struct deadline quick = { .id = "quick",
	.name_en = "quick report",
	.to_en = "PPC",
	.if_en = "a leak",
	.basis = "law" };
static struct reminder_due dues[N];

static size_t
count(struct buf *b, const char *words)
{
	const char *p = buf_cstr(b);
	size_t n = 0;

	for (; (p = strstr(p, words)) != NULL; p += strlen(words))
		n++;
	return n;
}

static void
print(struct digest *d, const struct escalation_site *site, struct buf *subject,
    struct buf *body)
{
	subject->len = body->len = 0;
	digest_sort(d);
	digest_subject(d, site, subject);
	digest_body(d, site, body);
}

static void
weeks(struct digest *d, const struct escalation_site *site, struct buf *subject,
    struct buf *body)
{
	const struct weeks_week week = { .until = 7 * UTC_DAY };
	size_t i;

	for (i = 0; i < 2; i++)
		d->weeks[d->n_weeks++] = (struct overdue_due){
			.stage = (enum overdue_stage)i,
			.newest = &week,
			.oldest = &week,
			.n = 1
		};
	print(d, site, subject, body);
	ok(strcmp(buf_cstr(subject),
	       "[konseki deadline] H\\x1b: ministry (today) and 2 more") == 0,
	    "weeks that nobody signed are in the same message");
	ok(count(body, "has not been signed") == 1,
	    "once, also if he would be told of both stages");
	d->n = 0;
	print(d, site, subject, body);
	ok(strcmp(buf_cstr(subject),
	       "[konseki] H\\x1b: nobody signed the weekly review "
	       "WR-1970-01-01") == 0 &&
		count(body, "Executives decide") == 0,
	    "or by themselves");
}

int
main(void)
{
	struct escalation_site site = { .name = "H\x1b", .option = "" };
	struct digest d = { .to = &director, .deadlines = dues, .n = 2 };
	struct buf subject, body;
	size_t i;

	log_set_lang("en");
	buf_init(&subject);
	buf_init(&body);
	dues[0] = (struct reminder_due){ &group, &quick, 3, 2 };
	dues[1] = (struct reminder_due){ &group, &mhlw, 1, 0 };
	print(&d, &site, &subject, &body);
	ok(strcmp(buf_cstr(&subject),
	       "[konseki deadline] H\\x1b: ministry (today) and 1 more") == 0,
	    "two deadlines are one message, the nearer first");
	ok(count(&body, "To: 経営層 院長\n") == 1 &&
		count(&body, "done ab mhlw ") == 1 &&
		count(&body, "done ab quick ") == 1,
	    "with how to say of each that it was reported");
	ok(strstr(buf_cstr(&body), "done ab mhlw ") <
		strstr(buf_cstr(&body), "done ab quick "),
	    "in that order");
	weeks(&d, &site, &subject, &body);

	for (i = 0; i < N; i++)
		dues[i] = (struct reminder_due){ &group, &mhlw, 1, 0 };
	d.n = N;
	d.n_weeks = 0;
	d.replay = true;
	print(&d, &site, &subject, &body);
	ok(count(&body, "ministry") == N && count(&body, "Basis:") ==
		DIGEST_TEXTS, "of very many each still has a line");
	ok(strncmp(buf_cstr(&subject), "[sample] ", 9) == 0,
	    "a sample is marked");
	site.drill = true;
	print(&d, &site, &subject, &body);
	ok(strncmp(buf_cstr(&subject), "[DRILL] ", 8) == 0 &&
		count(&body, "*** DRILL ***") == 1,
	    "and a drill, in the text, too");
	buf_fini(&subject);
	buf_fini(&body);
	return done();
}

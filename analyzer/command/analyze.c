/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/case/entry.h"
#include "analyzer/command/analysis.h"
#include "analyzer/command/clerk.h"
#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/standing.h"
#include "analyzer/command/verifying.h"
#include "common/log.h"

/*
 * konseki analyze: all of the evidence through the rules, what is new into the
 * casebook.  --print writes the findings to standard output instead, so that
 * two runs can be compared byte for byte; then it may be the folder of a log
 * that was handed over, or rules that are being tried.
 */
#define USAGE "[--site DIR] [--jobs N] [--print [--rules DIR] [LOG FOLDER]]"

/* Of a log without its site: no ledgers, and times as in Japan. */
#define ALONE "logs: { evidence: { origin: a }, casebook: { origin: b } }\n"

struct work {
	struct clerk *clerk; /* NULL: print */
	unsigned entered, known, withdrawn, failed;
	bool tampered; /* verification says so */
	bool partial;  /* not all could be read: only that is entered */
	struct analysis *analysis;
	struct buf why;
};

static void
found(void *cookie, const struct casebook_finding *f)
{
	struct work *w = cookie;
	struct buf line;
	int rc;

	if (w->partial && strcmp(f->rule, STANDING_BROKEN) != 0)
		return;
	if (w->clerk == NULL) {
		buf_init(&line);
		entry_print_finding(f, &line);
		buf_byte(&line, '\n');
		fwrite(line.p, 1, line.len, stdout);
		buf_fini(&line);
		return;
	}
	rc = clerk_enter(w->clerk, f, &w->why);
	w->entered += rc == 1 && !f->withdrawn;
	w->withdrawn += rc == 1 && f->withdrawn;
	w->known += rc == 0;
	w->failed += rc == -1;
}

static void
say(const struct work *w, const struct analysis_counts *c)
{
	printf(tr("%" PRIu64 " records read, %" PRIu64 " not understood; %u "
		  "new findings, %u known already\n",
		   "%" PRIu64 " 件を分析、解釈できない行 %" PRIu64
		   " 件。新しい検知 %u 件、記録済み %u 件\n"),
	    c->records, c->unknown, w->entered, w->known);
	if (w->withdrawn > 0)
		printf(tr("%u findings that the evidence does not bear out "
			  "any more were withdrawn\n",
			   "根拠がなくなった検知 %u 件を取り下げました\n"),
		    w->withdrawn);
}

static void
verified(void *cookie, const char *log, const struct verify_result *r)
{
	struct work *w = cookie;

	if (r->verdict != VERIFY_TAMPERED)
		return;
	log_error(tr("ALARM: the log '%s' is not as it was signed: %s",
		      "警報: ログ「%s」が署名された内容と一致しません: %s"),
	    log, r->bad_what);
	analysis_tampered(w->analysis, log, r);
	w->tampered = true;
}

/* Without rules nobody asks. */
static void
pass_over(void *cookie, const char *log, const struct verify_result *r)
{
	(void)cookie;
	(void)log;
	(void)r;
}

static int
analyze(struct site *site, unsigned jobs, struct work *w)
{
	struct analysis_options options = { .found = found,
		.cookie = w,
		.revise = w->clerk != NULL,
		.progress = true,
		.jobs = jobs };
	struct verifying *verifying = verifying_start(site);
	struct analysis *a = analysis_open(site, &options);
	struct analysis_counts counts;
	int64_t n;

	w->analysis = a;
	if (a == NULL) {
		(void)verifying_end(verifying, pass_over, NULL);
		return 1;
	}
	n = analysis_step(a);
	if (verifying_end(verifying, verified, w) != 0)
		w->failed++;
	/* What could be read is judged, but not for good. */
	w->partial = n < 0 && w->clerk != NULL;
	if (n >= 0 || w->clerk == NULL || w->tampered)
		analysis_finish(a);
	analysis_counts(a, &counts);
	analysis_close(a);
	if (w->failed > 0 ||
	    (w->clerk != NULL && clerk_seal(w->clerk, &w->why) != 0)) {
		log_error("%s", buf_cstr(&w->why));
		return 1;
	}
	if (n >= 0 && w->clerk != NULL)
		say(w, &counts);
	return n < 0 ? 1 : 0;
}

/* The site, or one of that folder alone; rules and folder may be NULL. */
static struct site *
find_site(const char *dir, const char *rules, const char *folder)
{
	struct yaml_error err;
	struct site *site;
	size_t i;

	if (dir != NULL || folder == NULL)
		site = command_site(dir);
	else if ((site = site_parse(SPAN(ALONE), SITE_FILE, folder, &err)) ==
	    NULL)
		yaml_report(&err);
	for (i = 0; site != NULL && folder != NULL && i < site->n_logs; i++)
		if (strcmp(site->logs[i].name, "evidence") == 0) {
			site->logs[i].dir = site->logs[i].first_dir = folder;
			site->logs[i].generation = 1;
		}
	if (site != NULL && rules != NULL)
		site->analyzer.rules = rules;
	return site;
}

int
command_analyze(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ "print", no_argument, NULL, 'p' },
		{ "rules", required_argument, NULL, 'r' },
		{ "jobs", required_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	const char *dir = NULL, *rules = NULL, *folder = NULL;
	struct work w = { 0 };
	unsigned jobs = events_jobs();
	bool print = false;
	struct site *site;
	int o, rc = 1;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 's')
			dir = optarg;
		else if (o == 'p')
			print = true;
		else if (o == 'r')
			rules = optarg;
		else if (o != 'j' || events_parse_jobs(optarg, &jobs) != 0)
			return command_usage("analyze", USAGE);
	}
	if (optind < argc)
		folder = argv[optind++];
	if (optind < argc || (!print && (rules != NULL || folder != NULL)))
		return command_usage("analyze", USAGE);
	site = find_site(dir, rules, folder);
	if (site == NULL)
		return 1;
	buf_init(&w.why);
	if (!print)
		w.clerk = clerk_open(site, "konseki-analyze", &w.why);
	if (!print && w.clerk == NULL)
		log_error("%s", buf_cstr(&w.why));
	else
		rc = analyze(site, jobs, &w);
	clerk_close(w.clerk);
	buf_fini(&w.why);
	site_free(site);
	return rc;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <getopt.h>
#include <string.h>

#include "analyzer/command/analyzing.h"
#include "analyzer/command/command.h"

/*
 * konseki analyze: all of the evidence through the rules, what is new into the
 * casebook.  --print writes the findings to standard output instead, so that
 * two runs can be compared byte for byte; then it may be the folder of a log
 * that was handed over, or rules that are being tried.
 */
#define USAGE "[--site DIR] [--jobs N] [--print [--rules DIR] [LOG FOLDER]]"

/* Of a log without its site: no ledgers, and times as in Japan. */
#define ALONE "logs: { evidence: { origin: a }, casebook: { origin: b } }\n"

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
	struct analyzing how = { .jobs = events_jobs() };
	struct site *site;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 's')
			dir = optarg;
		else if (o == 'p')
			how.print = true;
		else if (o == 'r')
			rules = optarg;
		else if (o != 'j' || events_parse_jobs(optarg, &how.jobs) != 0)
			return command_usage("analyze", USAGE);
	}
	if (optind < argc)
		folder = argv[optind++];
	if (optind < argc || (!how.print && (rules != NULL || folder != NULL)))
		return command_usage("analyze", USAGE);
	site = find_site(dir, rules, folder);
	if (site == NULL)
		return 1;
	rc = analyzing_run(site, &how);
	site_free(site);
	return rc;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* konseki status: what runs, and what the logs hold, from when to when. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/command/command.h"
#include "analyzer/command/status_forward.h"
#include "analyzer/command/status_live.h"
#include "analyzer/command/status_log.h"
#include "analyzer/command/status_run.h"
#include "analyzer/command/status_site.h"
#include "analyzer/command/when.h"
#include "common/json.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/site.h"

struct status {
	struct site *site;
	struct buf broken; /* what is wrong with konseki.yml; empty: nothing */
	uint64_t now;
	struct status_run run;
	json_t *live; /* NULL: nobody answers */
	struct status_log log[SITE_LOGS_MAX];
	struct status_forward forward[SITE_FORWARDS_MAX];
};

static void
load(struct status *s)
{
	size_t i;

	status_run_load(&s->run, s->site);
	s->live = s->run.running ? status_live_load(s->site) : NULL;
	for (i = 0; i < s->site->n_logs; i++)
		status_log_load(&s->log[i], s->site, &s->site->logs[i], s->now);
	status_log_days(s->log, s->site->n_logs);
	for (i = 0; i < s->site->n_forwards; i++)
		status_forward_load(&s->forward[i], s->site,
		    &s->site->forwards[i], s->now, s->run.running);
}

static void
unload(struct status *s)
{
	size_t i;

	status_run_free(&s->run);
	json_decref(s->live);
	for (i = 0; i < s->site->n_logs; i++)
		status_log_free(&s->log[i]);
}

static void
print_text(const struct status *s)
{
	size_t i;

	status_run_text(&s->run);
	if (s->broken.len > 0)
		printf(tr("konseki.yml: BROKEN: the collector goes on with the "
			  "configuration from before, and could not start "
			  "again:\n  %.*s\n",
			   "konseki.yml: 誤りがあります。コレクターはこれまでの"
			   "設定で動いていますが、再起動はできません:\n  "
			   "%.*s\n"),
		    (int)s->broken.len, (const char *)s->broken.p);
	status_live_text(s->live);
	for (i = 0; i < s->site->n_logs; i++)
		status_log_text(&s->log[i], s->site);
	for (i = 0; i < s->site->n_forwards; i++)
		status_forward_text(&s->forward[i], s->site);
}

static void
print_json(const struct status *s)
{
	char text[UTC_TEXT];
	struct buf out;
	size_t i;

	buf_init(&out);
	buf_str(&out, "{\"at\":");
	json_quote(&out,
	    span_str(utc_print((int64_t)s->now, s->site->zone, text)));
	buf_str(&out, ",\"collector\":");
	status_run_json(&s->run, &out);
	buf_str(&out, ",\"broken\":");
	if (s->broken.len > 0)
		json_quote(&out, buf_view(&s->broken));
	else
		buf_str(&out, "null");
	buf_str(&out, ",\"live\":");
	status_live_json(s->live, &out);
	buf_str(&out, ",\"logs\":[");
	for (i = 0; i < s->site->n_logs; i++) {
		if (i > 0)
			buf_byte(&out, ',');
		status_log_json(&s->log[i], s->site, &out);
	}
	buf_str(&out, "],\"forward\":[");
	for (i = 0; i < s->site->n_forwards; i++) {
		if (i > 0)
			buf_byte(&out, ',');
		status_forward_json(&s->forward[i], s->site, &out);
	}
	buf_str(&out, "]}");
	puts(buf_cstr(&out));
	buf_fini(&out);
}

/*
 * 0 if all runs and what is in force can be read.  A log that broke stays as
 * it is, shown as such: it must not hide what breaks later.
 */
static int
judge(const struct status *s)
{
	size_t i;

	if (!s->run.running || status_run_missing(&s->run) > 0 ||
	    s->broken.len > 0)
		return 1;
	for (i = 0; i < s->site->n_logs; i++)
		if (s->log[i].why.len > 0 || s->log[i].missing > 0)
			return 1;
	return 0;
}

static int
run(struct status *s, const char *dir, const char *at, bool json)
{
	int rc;

	s->site = status_site(command_site_dir(dir), &s->broken);
	if (s->site == NULL || (s->broken.len > 0 && !status_run_is(s->site))) {
		log_error("%s", buf_cstr(&s->broken));
		return 1;
	}
	s->now = (uint64_t)utc_now();
	if (at != NULL && when_parse("at", at, s->site->zone, &s->now) != 0)
		return 1;
	load(s);
	if (json)
		print_json(s);
	else
		print_text(s);
	rc = judge(s);
	unload(s);
	return rc;
}

int
command_status(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ "at", required_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	const char *dir = NULL, *at = NULL;
	bool json = false;
	struct status *s;
	int c, rc;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			dir = optarg;
		else if (c == 'a')
			at = optarg;
		else if (c == 'j')
			json = true;
		else
			break;
	}
	if (c != -1 || optind < argc)
		return command_usage("status",
		    "[--site DIR] [--at TIME] [--json]");
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	buf_init(&s->broken);
	rc = run(s, dir, at, json);
	buf_fini(&s->broken);
	site_free(s->site);
	free(s);
	return rc;
}

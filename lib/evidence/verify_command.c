/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/verify_command.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/num.h"

enum {
	OPT_PIN = 1,
	OPT_ANCHOR,
	OPT_JOBS,
	OPT_JSON,
	OPT_LANG,
	OPT_HELP,
	OPT_SITE,
	OPT_LOG
};

static const struct option verify_options[] = {
	{ "pin", required_argument, NULL, OPT_PIN },
	{ "anchor", required_argument, NULL, OPT_ANCHOR },
	{ "jobs", required_argument, NULL, OPT_JOBS },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "lang", required_argument, NULL, OPT_LANG },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "log", required_argument, NULL, OPT_LOG },
	{ NULL, 0, NULL, 0 },
};
#define VERIFY_NAMED 2 /* the last so many are only for a named log */

const char *
verify_usage(void)
{
	return tr("  --pin FILE     the log's description, from outside\n"
		  "  --anchor FILE  checkpoint lines, from outside\n"
		  "  --jobs N       segments to check at a time\n"
		  "  --json         report as one JSON object\n"
		  "  --lang en|ja   language of the report\n"
		  "exit status: 0 intact, 1 tampered, 2 incomplete or unsealed "
		  "tail, 3 could not check\n",
	    "  --pin FILE     外部で保管したログの記述ファイル\n"
	    "  --anchor FILE  外部で保管したチェックポイントの行\n"
	    "  --jobs N       同時に検証するセグメントの数\n"
	    "  --json         結果を1つのJSONオブジェクトで出力\n"
	    "  --lang en|ja   結果の言語\n"
	    "終了コード: 0 改ざんなし、1 改ざんあり、2 不完全または"
	    "未封印の末尾、3 検証できません\n");
}

static int
verify_jobs(const char *text, unsigned *jobs)
{
	uint64_t n;

	if (num_parse(span_str(text), VERIFY_JOBS_MAX, &n) != 0 || n == 0) {
		log_error(tr("--jobs takes a number from 1 to 16, not '%s'",
			      "--jobsには1から16の数を指定してください: '%s'"),
		    text);
		return -1;
	}
	*jobs = (unsigned)n;
	return 0;
}

static int
verify_option(int c, struct verify_arguments *a)
{
	switch (c) {
	case OPT_PIN:
		a->opt.pin = optarg;
		return 0;
	case OPT_ANCHOR:
		a->opt.anchor = optarg;
		return 0;
	case OPT_JOBS:
		return verify_jobs(optarg, &a->opt.jobs);
	case OPT_JSON:
		a->json = true;
		return 0;
	case OPT_LANG:
		log_set_lang(a->lang = optarg);
		return log_is_lang(optarg) ? 0 : -1;
	case OPT_HELP:
		a->help = true;
		return 0;
	case OPT_SITE:
		a->site = optarg;
		return 0;
	case OPT_LOG:
		a->log = optarg;
		return 0;
	default:
		return -1;
	}
}

int
verify_arguments(int argc, char *argv[], bool named, struct verify_arguments *a)
{
	struct option options[sizeof(verify_options) / sizeof(*verify_options)];
	size_t n = sizeof(options) / sizeof(*options);
	int c;

	memset(a, 0, sizeof(*a));
	memcpy(options, verify_options, sizeof(options));
	if (!named)
		memset(&options[n - 1 - VERIFY_NAMED], 0,
		    VERIFY_NAMED * sizeof(*options));
	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (verify_option(c, a) != 0)
			return -1;
	if (optind < argc)
		a->opt.dir = argv[optind++];
	if (optind < argc) {
		log_error(tr("one log at a time: what is '%s'?",
			      "ログは1つだけ指定してください: '%s'"),
		    argv[optind]);
		return -1;
	}
	return 0;
}

static void
verify_progress(void *cookie, uint64_t done, uint64_t total)
{
	(void)cookie;
	log_progress(tr("verifying", "検証中"), done, total);
}

int
verify_report(struct verify_arguments *a)
{
	struct verify_result result;
	struct buf out;

	a->opt.progress = verify_progress;
	verify_log(&a->opt, &result);
	log_progress_end();
	buf_init(&out);
	if (a->json)
		verify_report_json(&result, &out);
	else
		verify_report_text(&result, &out);
	fwrite(out.p, 1, out.len, stdout);
	buf_fini(&out);
	if (fflush(stdout) != 0) {
		log_errno(
		    tr("cannot write the report", "結果を出力できません"));
		return VERIFY_IMPOSSIBLE;
	}
	return (int)result.verdict;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/find.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "analyzer/command/find_where.h"
#include "analyzer/command/when.h"
#include "common/io.h"
#include "common/log.h"
#include "common/num.h"
#include "common/text.h"
#include "common/utc.h"

/*
 * konseki find: indicators held against all that is kept, answered with hits,
 * or with what can be said of there being none.
 */
#define LIMIT 10000u /* hits shown unless told otherwise */

enum { FOUND_NONE, FOUND_HITS, FOUND_CALL, FOUND_UNDECIDED }; /* exit status */

enum {
	OPT_LIST = 1,
	OPT_SITE,
	OPT_LOG,
	OPT_FROM,
	OPT_TO,
	OPT_JOBS,
	OPT_FULL,
	OPT_INDEX,
	OPT_JSON,
	OPT_CSV,
	OPT_LIMIT,
	OPT_OUTPUT,
	OPT_CERTIFICATE,
	OPT_LANG,
	OPT_HELP,
};

static const struct option options[] = {
	{ "list", required_argument, NULL, OPT_LIST },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "to", required_argument, NULL, OPT_TO },
	{ "jobs", required_argument, NULL, OPT_JOBS },
	{ "full", no_argument, NULL, OPT_FULL },
	{ "index", no_argument, NULL, OPT_INDEX },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "csv", no_argument, NULL, OPT_CSV },
	{ "limit", required_argument, NULL, OPT_LIMIT },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "certificate", required_argument, NULL, OPT_CERTIFICATE },
	{ "lang", required_argument, NULL, OPT_LANG },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int
usage(FILE *out)
{
	fprintf(out, "%s konseki find [%s] [VALUE...]\n%s",
	    tr("usage:", "使い方:"), tr("OPTION...", "オプション..."),
	    tr("  VALUE            an address, a network, a name, a hash or a "
	       "word\n"
	       "  --list FILE      a list of them (CSV, or one on a line); "
	       "may be repeated\n"
	       "  --site DIR       the site whose evidence it is, whose "
	       "casebook keeps the search\n"
	       "  --log NAME|DIR   one log of it, the folder of a log, or a "
	       "package\n"
	       "  --from, --to T   received from then on and before: "
	       "2026-11-20 or RFC 3339\n"
	       "  --jobs N         segments at a time (default: processors)\n"
	       "  --full           read every block, whatever an index says\n"
	       "  --index          only make the indexes that are missing\n"
	       "  --json, --csv    hits as JSON Lines, as CSV for a "
	       "spreadsheet\n"
	       "  --limit N        hits shown (default 10000); all are "
	       "counted\n"
	       "  --output DIR     folder for the certificate\n"
	       "  --certificate N  print that of record N of the casebook "
	       "again\n"
	       "  --lang en|ja     language of the certificate (default: the "
	       "site's)\n"
	       "exit status: 0 nothing found, 1 found, 2 wrong call, 3 cannot "
	       "be decided\n",
		"  VALUE            アドレス・ネットワーク・名前・ハッシュ値・"
		"語句\n"
		"  --list FILE      そのリスト（CSV、または1行に1件）。複数指定"
		"可\n"
		"  --site DIR       対象の施設。調査は事案簿に記録\n"
		"  --log NAME|DIR   ログを1つに限定、またはログのフォルダー・"
		"パッケージ\n"
		"  --from, --to T   受信がこの日時以後・より前（2026-11-20 また"
		"はRFC 3339）\n"
		"  --jobs N         同時に読むセグメント数（省略時はプロセッサ"
		"ー数）\n"
		"  --full           索引を使わず全ブロックを読む\n"
		"  --index          足りない索引の作成だけを行う\n"
		"  --json, --csv    該当をJSON Lines、表計算用CSVで出力\n"
		"  --limit N        表示する該当の上限（省略時10000）。件数は全"
		"部数えます\n"
		"  --output DIR     証明書を置くフォルダー\n"
		"  --certificate N  事案簿の記録Nの証明書を再印刷\n"
		"  --lang en|ja     証明書の言語（省略時は施設の言語）\n"
		"終了コード: 0 該当なし、1 該当あり、2 指定の誤り、3 判定不"
		"可\n"));
	return FOUND_CALL;
}

/* ---- the call ---- */

static int
number(const char *name, uint64_t max, uint64_t *n)
{
	if (num_parse(span_str(optarg), max, n) == 0)
		return 0;
	log_error(tr("--%s takes a number up to %" PRIu64 ", not '%s'",
		      "--%sには%" PRIu64 "までの数を指定してください: '%s'"),
	    name, max, optarg);
	return -1;
}

static int
take_number(struct find *f, int c)
{
	uint64_t n;

	if (c == OPT_LIMIT)
		return number("limit", UINT64_C(1) << 40, &f->limit);
	if (number("jobs", HUNT_JOBS_MAX, &n) != 0)
		return -1;
	f->jobs = (unsigned)n;
	return 0;
}

static int
take_option(struct find *f, int c)
{
	switch (c) {
	case OPT_LIST:
		f->lists[f->n_lists++] = optarg;
		return 0;
	case OPT_SITE:
		f->site_dir = optarg;
		return 0;
	case OPT_LOG:
		f->log = optarg;
		return 0;
	case OPT_FROM:
		f->from = optarg;
		return 0;
	case OPT_TO:
		f->to = optarg;
		return 0;
	case OPT_JOBS:
	case OPT_LIMIT:
		return take_number(f, c);
	case OPT_FULL:
		f->full = true;
		return 0;
	case OPT_INDEX:
		f->index_only = true;
		return 0;
	case OPT_JSON:
		f->how = FIND_JSON;
		return 0;
	case OPT_CSV:
		f->how = FIND_CSV;
		return 0;
	case OPT_OUTPUT:
		f->output = optarg;
		return 0;
	case OPT_CERTIFICATE:
		f->certificate = optarg;
		return 0;
	case OPT_LANG:
		f->lang = optarg;
		return log_is_lang(optarg) ? 0 : -1;
	default:
		return -1;
	}
}

/* A line of a list that is not searched for: said at once, however many. */
static void
on_refusal(void *cookie, const struct indicators_refusal *r)
{
	(void)cookie;
	if (r->file == NULL)
		log_warn(tr("not searched for: '%s': %s",
			     "調査できません: 「%s」: %s"),
		    r->value, r->why);
	else if (r->row == 0)
		log_warn("%s: %s", r->file, r->why);
	else
		log_warn(tr("%s: row %u, column %s, '%s': %s",
			     "%s: %u行目、列%s、「%s」: %s"),
		    r->file, r->row, r->column, r->value, r->why);
}

static int
parse(struct find *f, int argc, char *argv[], bool *help)
{
	int c;

	optind = 1;
	f->lists = arena_alloc(f->arena, (size_t)argc * sizeof(*f->lists));
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_HELP)
			*help = true;
		else if (take_option(f, c) != 0)
			return -1;
	}
	f->values = argv + optind;
	f->n_values = (size_t)(argc - optind);
	if ((!f->index_only && f->certificate == NULL) ||
	    (f->n_lists == 0 && f->n_values == 0))
		return 0;
	log_error("%s",
	    tr("--index and --certificate search for nothing: leave the values "
	       "and lists out",
		"--indexと--certificateは調査を行いません。値とリストは指定しな"
		"いでください"));
	return -1;
}

/* ---- what is looked for, and in which language ---- */

/* Before anything is refused: why it was stands on the page. */
static void
speak(const struct find *f)
{
	if (f->site != NULL)
		command_page_lang(f->site, f->lang);
	else if (f->lang != NULL)
		log_set_lang(f->lang);
}

static void
add_list(struct find *f, const char *file)
{
	struct buf bytes;

	buf_init(&bytes);
	if (io_read_file(file, INDICATORS_BYTES, &bytes) != 0)
		indicators_refuse_file(&f->what, file, strerror(errno));
	else
		indicators_add_list(&f->what, buf_view(&bytes), file);
	buf_fini(&bytes);
}

static int
take_what(struct find *f)
{
	size_t i;

	for (i = 0; i < f->n_lists; i++)
		add_list(f, f->lists[i]);
	for (i = 0; i < f->n_values; i++)
		indicators_add(&f->what, f->values[i]);
	indicators_finish(&f->what);
	if (f->what.n > 0 || f->index_only)
		return 0;
	log_error("%s",
	    tr("there is nothing to search for",
		"調査対象がありません"));
	return -1;
}

static int
instant(const struct find *f, const char *name, const char *text,
    uint64_t *usec)
{
	int64_t at;

	if (text == NULL)
		return 0;
	if (f->site == NULL)
		return when_parse(name, text, f->zone, usec);
	if (command_time(f->site, text, &at) != 0 || at < 0)
		return -1;
	*usec = (uint64_t)at;
	return 0;
}

static int
take_interval(struct find *f)
{
	f->until = UINT64_MAX;
	if (instant(f, "from", f->from, &f->since) != 0 ||
	    instant(f, "to", f->to, &f->until) != 0)
		return -1;
	if (f->since < f->until)
		return 0;
	log_error(tr("--to %s is not after --from %s",
		      "--to %s は --from %s より後ではありません"),
	    f->to, f->from);
	return -1;
}

/* ---- what is done ---- */

static int
reprint(struct find *f)
{
	uint64_t index;

	if (num_parse(span_str(f->certificate), UINT64_MAX - 1, &index) != 0) {
		log_error(tr("--certificate takes the number of a record of "
			     "the casebook, not '%s'",
			      "--certificateには事案簿の記録番号を指定してくだ"
			      "さい: '%s'"),
		    f->certificate);
		return FOUND_CALL;
	}
	if (f->site == NULL && (f->site = command_site(f->site_dir)) == NULL)
		return FOUND_UNDECIDED;
	speak(f);
	return find_certificate(f, index) == 0 ? 0 : FOUND_UNDECIDED;
}

static int
status_of(const struct find *f)
{
	if (f->search.result == SEARCH_HITS)
		return FOUND_HITS;
	return f->search.result == SEARCH_NONE ? FOUND_NONE : FOUND_UNDECIDED;
}

/* Sealed in the casebook: only then it is one that can be shown. */
static int
conclude(struct find *f)
{
	uint64_t index;

	find_out_end(f);
	if (f->broken || fflush(stdout) != 0) {
		log_errno("%s", tr("cannot write", "出力できません"));
		return FOUND_UNDECIDED;
	}
	if (f->site == NULL) {
		log_warn("%s",
		    tr("this search is of no site and stands in no casebook: "
		       "there is no certificate of it (--site)",
			"施設が指定されていないため、この調査は事案簿に記録され"
			"ず、証明書もありません（--site）"));
		return status_of(f);
	}
	if (find_seal(f, &index) != 0 ||
	    (f->search.result == SEARCH_NONE &&
		find_certificate(f, index) != 0))
		return f->search.result == SEARCH_HITS ? FOUND_HITS
						       : FOUND_UNDECIDED;
	return status_of(f);
}

static int
search(struct find *f)
{
	if (find_where_open(f) != 0)
		return FOUND_UNDECIDED;
	speak(f);
	if (take_what(f) != 0 || take_interval(f) != 0)
		return FOUND_CALL;
	f->matcher = matcher_new(f->what.v, f->what.n);
	find_record_begin(f);
	find_where_search(f);
	find_record_end(f);
	if (f->index_only)
		return *f->search.reason == '\0' ? 0 : FOUND_UNDECIDED;
	return conclude(f);
}

int
command_find(int argc, char *argv[])
{
	struct find f = { .limit = LIMIT };
	bool help = false;
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	int status;

	f.jobs = n < 1 ? 1 : n > HUNT_JOBS_MAX ? HUNT_JOBS_MAX : (unsigned)n;
	f.arena = arena_new();
	buf_init(&f.line);
	skipidx_init(&f.sum);
	indicators_init(&f.what, f.arena);
	f.what.refuse = on_refusal;
	status = parse(&f, argc, argv, &help);
	if (f.lang != NULL && log_is_lang(f.lang) && (status != 0 || help))
		log_set_lang(f.lang);
	if (status != 0)
		status = usage(stderr);
	else if (help)
		status = usage(stdout) - FOUND_CALL;
	else if (f.certificate != NULL)
		status = reprint(&f);
	else
		status = search(&f);
	matcher_free(f.matcher);
	indicators_fini(&f.what);
	skipidx_fini(&f.sum);
	buf_fini(&f.line);
	site_free(f.site);
	arena_free(f.arena);
	return status;
}

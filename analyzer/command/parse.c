/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/formats.h"
#include "analyzer/command/parse_jobs.h"
#include "analyzer/command/parse_print.h"
#include "analyzer/command/records.h"
#include "analyzer/format/formats.h"
#include "common/io.h"
#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"

/* konseki parse: lines or records in, events out. */

#define LINE_MAX_BYTES (16u << 20)

struct parse {
	struct formats *formats;
	struct arena *arena;
	struct buf out;
	struct format_hints hints;
	bool jsonl; /* {"raw": ...} lines; else the lines are the messages */
	struct parse_print print;
	const char *dir, *columns, *site, *log;
	const char *file[FORMATS_FILES];
	size_t nfile;
	uint64_t jobs;
	struct records *records; /* NULL: standard input */
};

static void
usage(void)
{
	fputs(tr("usage: konseki parse [OPTION...] < LINES\n"
		 "       konseki parse [OPTION...] LOG, or --site DIR "
		 "[--log NAME]\n"
		 "Prints one ECS document for each line, {} where no format "
		 "knew it.\n"
		 "  --output json   nested documents (unless said otherwise)\n"
		 "           flat   documents with dotted names\n"
		 "           csv    a table that Excel opens\n"
		 "           text   a line for people\n"
		 "  --columns A,B   of the table: names of fields, format, "
		 "raw\n"
		 "  --input jsonl   each line is {\"raw\": \"...\"}\n"
		 "  --formats DIR   the format files of this folder\n"
		 "  --file FILE     and this one\n"
		 "  --format NAME   this format and no other\n"
		 "  --zone +09:00   the zone of the site\n"
		 "  LOG             the folder of a log or of a site\n"
		 "  --jobs N        a log by N threads\n",
		  "使い方: konseki parse [オプション...] < ログ\n"
		  "        konseki parse [オプション...] LOG、または --site "
		  "DIR [--log 名前]\n"
		  "1行ごとにECSの文書を1行書きます。どの書式にも合わない行は "
		  "{} です。\n"
		  "  --output json   入れ子の文書（省略時）\n"
		  "           flat   項目名をドットでつないだ文書\n"
		  "           csv    Excelで開ける表\n"
		  "           text   読むための1行\n"
		  "  --columns A,B   表の列（項目名、format、raw）\n"
		  "  --input jsonl   各行を {\"raw\": \"...\"} として読む\n"
		  "  --formats DIR   書式ファイルのフォルダー\n"
		  "  --file FILE     書式ファイルを追加\n"
		  "  --format 名前   この書式だけで読む\n"
		  "  --zone +09:00   施設の時差\n"
		  "  LOG             ログまたは施設のフォルダー\n"
		  "  --jobs N        ログをNスレッドで読む\n"),
	    stderr);
}

static int
put(struct parse *p, struct event *e)
{
	p->out.len = 0;
	parse_print_event(&p->print, e, &p->out);
	return fwrite(p->out.p, 1, p->out.len, stdout) == p->out.len ? 0 : -1;
}

static int
apply(struct parse *p, struct event *e)
{
	(void)formats_apply(p->formats, e, p->arena, &p->hints);
	return put(p, e);
}

/* What is no line of a log. */
static int
skip(struct parse *p, struct event *e)
{
	event_clear(e);
	e->message = SPAN("");
	return put(p, e);
}

/* One {"raw": "...", "received": "..."}; the message is a string in it. */
static int
apply_json(struct parse *p, const char *line, size_t len, struct event *e)
{
	json_error_t err;
	json_t *doc = json_loadb(line, len, JSON_ALLOW_NUL, &err), *raw;
	const char *text;
	int zone, rc;

	raw = json_object_get(doc, "raw");
	if (json_is_string(raw)) {
		e->message =
		    span_make(json_string_value(raw), json_string_length(raw));
		text = json_string_value(json_object_get(doc, "received"));
		if (text != NULL)
			(void)utc_parse(span_str(text), &e->received, &zone);
		rc = apply(p, e);
	} else
		rc = skip(p, e);
	json_decref(doc);
	return rc;
}

static int
run_lines(struct parse *p, FILE *in)
{
	static struct event e;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	int rc = 0;

	while (rc == 0 && (len = getline(&line, &cap, in)) != -1) {
		size_t n = (size_t)len;

		if (n > 0 && line[n - 1] == '\n')
			n--;
		e.received = 0;
		arena_reset(p->arena);
		if (n > LINE_MAX_BYTES)
			rc = skip(p, &e);
		else if (p->jsonl)
			rc = apply_json(p, line, n, &e);
		else {
			e.message = span_make(line, n);
			rc = apply(p, &e);
		}
	}
	free(line);
	return rc != 0 || ferror(in) ? -1 : 0;
}

/* The same by several threads. */
static int
run_jobs(struct parse *p)
{
	struct parse_jobs *jobs = parse_jobs_new((unsigned)p->jobs, p->formats,
	    &p->print, p->print.zone, stdout);
	static struct event e;
	int rc, put = 0;

	while (put == 0 && (rc = records_take(p->records, &e)) == 1)
		put = parse_jobs_add(jobs, &e);
	if (parse_jobs_end(jobs) != 0 || put != 0)
		return -1;
	return rc;
}

/* The received records of a log, in order. */
static int
run_log(struct parse *p)
{
	struct evread_record rec;
	struct event *e;
	int rc;

	if (p->jobs > 1)
		return run_jobs(p);
	while ((rc = records_next(p->records, &rec, &e)) == 1)
		if (e != NULL && put(p, e) != 0)
			return -1;
	return rc;
}

static int
run(struct parse *p)
{
	int rc;

	parse_print_begin(&p->print, &p->out);
	rc = p->out.len > 0 &&
		fwrite(p->out.p, 1, p->out.len, stdout) != p->out.len
	    ? -1
	    : 0;
	if (rc == 0)
		rc = p->records != NULL ? run_log(p) : run_lines(p, stdin);
	if (fflush(stdout) == 0 && !ferror(stdout) && !ferror(stdin))
		return rc == 0 ? 0 : 1;
	log_errno("%s", tr("cannot read or write", "読み書きできません"));
	return 1;
}

enum {
	OPT_INPUT = 1,
	OPT_OUTPUT,
	OPT_COLUMNS,
	OPT_FORMATS,
	OPT_FILE,
	OPT_FORMAT,
	OPT_ZONE,
	OPT_SITE,
	OPT_LOG,
	OPT_JOBS,
	OPT_HELP
};

static const struct option long_options[] = {
	{ "input", required_argument, NULL, OPT_INPUT },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "columns", required_argument, NULL, OPT_COLUMNS },
	{ "formats", required_argument, NULL, OPT_FORMATS },
	{ "file", required_argument, NULL, OPT_FILE },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "zone", required_argument, NULL, OPT_ZONE },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "jobs", required_argument, NULL, OPT_JOBS },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int
option(struct parse *p, int opt)
{
	switch (opt) {
	case OPT_INPUT:
		p->jsonl = strcmp(optarg, "jsonl") == 0;
		return p->jsonl || strcmp(optarg, "text") == 0 ? 0 : -1;
	case OPT_OUTPUT:
		return parse_print_how(optarg, &p->print.how);
	case OPT_COLUMNS:
		p->columns = optarg;
		return 0;
	case OPT_FORMATS:
		p->dir = optarg;
		return 0;
	case OPT_FILE:
		if (p->nfile == FORMATS_FILES)
			return -1;
		p->file[p->nfile++] = optarg;
		return 0;
	case OPT_FORMAT:
		p->hints.format = optarg;
		return 0;
	case OPT_ZONE:
		return utc_parse_zone(span_str(optarg), &p->hints.zone);
	case OPT_SITE:
		p->site = optarg;
		return 0;
	case OPT_LOG:
		p->log = optarg;
		return 0;
	case OPT_JOBS:
		return num_parse(span_str(optarg), PARSE_JOBS, &p->jobs) != 0 ||
			p->jobs == 0
		    ? -1
		    : 0;
	default:
		return -1;
	}
}

/* Return 0, 1 for --help, or -1. */
static int
options(struct parse *p, int argc, char *argv[])
{
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (c == OPT_HELP)
			return 1;
		if (option(p, c) != 0)
			return -1;
	}
	if (optind < argc && p->log == NULL)
		p->log = argv[optind++];
	p->print.log = p->site != NULL || p->log != NULL;
	if (optind < argc ||
	    (p->columns != NULL && p->print.how != PARSE_CSV) ||
	    (p->print.log && (p->jsonl || p->hints.format != NULL)))
		return -1;
	return 0;
}

/* The formats of the log's site, unless a folder was named. */
static int
open_all(struct parse *p)
{
	struct records_call call = { p->site, p->log, "parse", "export" };
	char dir[4096];

	if (p->print.log) {
		if ((p->records = records_open(&call)) == NULL)
			return -1;
		if (p->dir == NULL &&
		    io_join(dir, sizeof(dir), records_rules(p->records),
			"formats") == 0)
			p->dir = dir;
	}
	p->formats = formats_open(p->dir, p->file, p->nfile);
	if (p->formats == NULL ||
	    events_check_format(p->formats, p->hints.format) != 0)
		return -1;
	p->print.zone = p->hints.zone;
	if (p->records != NULL) {
		records_begin(p->records, p->formats, p->hints.zone);
		p->print.zone = records_zone(p->records);
	}
	return 0;
}

int
command_parse(int argc, char *argv[])
{
	struct parse p = { .hints = { .zone = 9 * 3600, .now = utc_now() } };
	int rc = options(&p, argc, argv);

	if (rc != 0) {
		usage();
		return rc == 1 ? 0 : 2;
	}
	if (parse_print_columns(&p.print, p.columns) != 0)
		return 2;
	p.arena = arena_new();
	buf_init(&p.out);
	rc = open_all(&p) == 0 ? run(&p) : 1;
	records_close(p.records);
	formats_free(p.formats);
	buf_fini(&p.out);
	arena_free(p.arena);
	return rc;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/format/formats.h"
#include "common/log.h"
#include "common/utc.h"

/* konseki parse: lines in, events out; for trying formats and for scoring. */

#define LINE_MAX_BYTES (16u << 20)

struct parse {
	struct formats *formats;
	struct arena *arena;
	struct buf out;
	struct format_hints hints;
	bool jsonl; /* {"raw": ...} lines; else the lines are the messages */
};

static void
usage(void)
{
	fputs(tr("usage: konseki parse [--input text|jsonl] [--formats DIR]\n"
		 "         [--format NAME] [--zone +09:00] < LINES\n"
		 "Prints one ECS document for each line, {} where no format "
		 "knew "
		 "it.\nWith --input jsonl each line is {\"raw\": \"...\"}.\n",
		  "使い方: konseki parse [--input text|jsonl] [--formats DIR]\n"
		  "         [--format 名前] [--zone +09:00] < ログ\n"
		  "1行ごとにECSの文書を1行書きます。どの書式にも合わない行は "
		  "{} です。"
		  "\n--input jsonl では各行を {\"raw\": \"...\"} "
		  "として読みます。\n"),
	    stderr);
}

static void
apply(struct parse *p, struct event *e)
{
	if (formats_apply(p->formats, e, p->arena, &p->hints))
		event_print_json(e, &p->out);
	else
		buf_str(&p->out, "{}\n");
}

/* One {"raw": "...", "received": "..."}; the message is a string in it. */
static void
apply_json(struct parse *p, const char *line, size_t len, struct event *e)
{
	json_error_t err;
	json_t *doc = json_loadb(line, len, JSON_ALLOW_NUL, &err), *raw;
	const char *text;
	int zone;

	raw = json_object_get(doc, "raw");
	if (!json_is_string(raw)) {
		buf_str(&p->out, "{}\n");
		json_decref(doc);
		return;
	}
	e->message = span_make(json_string_value(raw), json_string_length(raw));
	text = json_string_value(json_object_get(doc, "received"));
	if (text != NULL)
		(void)utc_parse(span_str(text), &e->received, &zone);
	apply(p, e);
	json_decref(doc);
}

static int
run(struct parse *p, FILE *in)
{
	static struct event e;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	while ((len = getline(&line, &cap, in)) != -1) {
		size_t n = (size_t)len;

		if (n > 0 && line[n - 1] == '\n')
			n--;
		e.received = 0;
		arena_reset(p->arena);
		p->out.len = 0;
		if (n > LINE_MAX_BYTES)
			buf_str(&p->out, "{}\n");
		else if (p->jsonl)
			apply_json(p, line, n, &e);
		else {
			e.message = span_make(line, n);
			apply(p, &e);
		}
		if (fwrite(p->out.p, 1, p->out.len, stdout) != p->out.len)
			break;
	}
	free(line);
	if (ferror(in) || fflush(stdout) != 0 || ferror(stdout)) {
		log_errno("%s",
		    tr("cannot read or write", "読み書きできません"));
		return 1;
	}
	return 0;
}

static int
load(struct parse *p, const char *dir)
{
	struct yaml_error err;
	char path[4096];

	if (dir == NULL) {
		snprintf(path, sizeof(path), "%s/formats", command_rules());
		dir = path;
	}
	p->formats = formats_load(dir, &err);
	if (p->formats == NULL) {
		yaml_report(&err);
		return -1;
	}
	return events_check_format(p->formats, p->hints.format);
}

static const struct option long_options[] = {
	{ "input", required_argument, NULL, 'i' },
	{ "formats", required_argument, NULL, 'd' },
	{ "format", required_argument, NULL, 'f' },
	{ "zone", required_argument, NULL, 'z' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* Return 0, 1 for --help, or -1. */
static int
options(struct parse *p, int argc, char *argv[], const char **dir)
{
	int c;

	while ((c = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		switch (c) {
		case 'i':
			p->jsonl = strcmp(optarg, "jsonl") == 0;
			if (!p->jsonl && strcmp(optarg, "text") != 0)
				return -1;
			break;
		case 'd':
			*dir = optarg;
			break;
		case 'f':
			p->hints.format = optarg;
			break;
		case 'z':
			if (utc_parse_zone(span_str(optarg), &p->hints.zone))
				return -1;
			break;
		case 'h':
			return 1;
		default:
			return -1;
		}
	}
	return optind == argc ? 0 : -1;
}

int
command_parse(int argc, char *argv[])
{
	struct parse p = { .hints = { .zone = 9 * 3600, .now = utc_now() } };
	const char *dir = NULL;
	int rc = options(&p, argc, argv, &dir);

	if (rc != 0) {
		usage();
		return rc == 1 ? 0 : 2;
	}
	if (load(&p, dir) != 0) {
		formats_free(p.formats);
		return 1;
	}
	p.arena = arena_new();
	buf_init(&p.out);
	rc = run(&p, stdin);
	buf_fini(&p.out);
	arena_free(p.arena);
	formats_free(p.formats);
	return rc;
}

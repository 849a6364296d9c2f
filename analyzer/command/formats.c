/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/formats.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "common/io.h"
#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"

#define JAPAN (9 * 3600)

static const struct sub {
	const char *name;
	int (*run)(struct formats_call *c);
	const char *operands, *en, *ja;
} subs[] = {
#define SUB(name, operands, en, ja) { #name, formats_##name, operands, en, ja },
#include "analyzer/command/formats_tbl.h"
#undef SUB
};

#define SUBS (sizeof(subs) / sizeof(subs[0]))

static int
usage(FILE *out, int status)
{
	size_t i;

	fputs(tr("usage: konseki formats WORD [ARGUMENT...]\n\n",
		  "使い方: konseki formats 語 [引数...]\n\n"),
	    out);
	for (i = 0; i < SUBS; i++)
		fprintf(out, "  %-8s%-14s %s\n", subs[i].name, subs[i].operands,
		    tr(subs[i].en, subs[i].ja));
	fputs(tr("\n"
		 "  --formats DIR  the format files of this folder\n"
		 "  --file FILE    and this one, as a new one; it stands in "
		 "the place of\n"
		 "                 one of its name\n"
		 "  --format NAME  this format and no other\n"
		 "  --zone +09:00  the zone of the site\n"
		 "  --site DIR     the site to work on\n"
		 "  --max N        at most so many kinds\n"
		 "  --lines N      the lines of kind N, for 'formats new'\n"
		 "  --json         for programs\n",
		  "\n"
		  "  --formats DIR  書式ファイルのフォルダー\n"
		  "  --file FILE    作成中などの書式ファイルを追加"
		  "（同名の書式があれば置き換え）\n"
		  "  --format 名前  この書式だけで読む\n"
		  "  --zone +09:00  施設の時差\n"
		  "  --site DIR     対象の施設フォルダー\n"
		  "  --max N        表示する種類の最大数\n"
		  "  --lines N      種類Nの行を出力（formats newへの入力用）\n"
		  "  --json         プログラム向けの出力\n"),
	    out);
	return status;
}

struct formats *
formats_open(const char *dir, const char *const *file, size_t nfile)
{
	struct yaml_error err;
	struct formats *f;
	char path[4096];

	if (dir == NULL) {
		if (io_join(path, sizeof(path), command_rules(), "formats")) {
			log_errno("%s", command_rules());
			return NULL;
		}
		dir = path;
	}
	f = formats_load_with(dir, file, nfile, &err);
	if (f == NULL)
		yaml_report(&err);
	return f;
}

struct formats *
formats_called(const struct formats_call *c)
{
	return formats_open(c->dir, c->file, c->nfile);
}

enum {
	OPT_FORMATS = 1,
	OPT_FILE,
	OPT_FORMAT,
	OPT_ZONE,
	OPT_SITE,
	OPT_MAX,
	OPT_LINES,
	OPT_JSON,
	OPT_HELP
};

static const struct option options[] = {
	{ "formats", required_argument, NULL, OPT_FORMATS },
	{ "file", required_argument, NULL, OPT_FILE },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "zone", required_argument, NULL, OPT_ZONE },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "max", required_argument, NULL, OPT_MAX },
	{ "lines", required_argument, NULL, OPT_LINES },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int
option(struct formats_call *c, int opt)
{
	uint64_t n;

	switch (opt) {
	case OPT_FORMATS:
		c->dir = optarg;
		return 0;
	case OPT_FILE:
		if (c->nfile == FORMATS_FILES)
			return -1;
		c->file[c->nfile++] = optarg;
		return 0;
	case OPT_FORMAT:
		c->format = optarg;
		return 0;
	case OPT_ZONE:
		return utc_parse_zone(span_str(optarg), &c->zone);
	case OPT_SITE:
		c->site = optarg;
		return 0;
	case OPT_MAX:
	case OPT_LINES:
		if (num_parse(span_str(optarg), 1000000, &n) != 0 || n == 0)
			return -1;
		*(opt == OPT_MAX ? &c->max : &c->lines) = (size_t)n;
		return 0;
	case OPT_JSON:
		c->json = true;
		return 0;
	default:
		return -1;
	}
}

int
command_formats(int argc, char *argv[])
{
	struct formats_call c = { .zone = JAPAN };
	size_t i;
	int opt, status;

	optind = 1;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == OPT_HELP)
			return usage(stdout, 0);
		if (option(&c, opt) != 0)
			return usage(stderr, 2);
	}
	if (optind == argc)
		return usage(stderr, 2);
	c.arg = argv + optind + 1;
	c.narg = (size_t)(argc - optind) - 1;
	for (i = 0; i < SUBS; i++) {
		if (strcmp(argv[optind], subs[i].name) != 0)
			continue;
		status = subs[i].run(&c);
		return status == 2 ? usage(stderr, 2) : status;
	}
	return usage(stderr, 2);
}

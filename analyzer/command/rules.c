/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/rules.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/grounds.h"
#include "analyzer/rule/roster.h"
#include "analyzer/rule/ruleset.h"
#include "common/io.h"
#include "common/log.h"

static const struct sub {
	const char *name;
	int (*run)(struct rules_call *c);
	const char *operands, *en, *ja;
} subs[] = {
#define SUB(name, operands, en, ja) { #name, rules_##name, operands, en, ja },
#include "analyzer/command/rules_tbl.h"
#undef SUB
};

#define SUBS (sizeof(subs) / sizeof(subs[0]))

static void
put_options(FILE *out)
{
	fputs(tr("\n"
		 "  --rules DIR          the folder of rules: for check and "
		 "match any with *.yml\n"
		 "                       and *.yaml, else one with detection "
		 "and profiles\n"
		 "                       (left out: that of the site, or as "
		 "installed)\n"
		 "  --profile NAME       the settings of this profile\n"
		 "  --site DIR           the rules, profile and ledgers of "
		 "this site\n"
		 "  --events FILE        one JSON object on each line; - is "
		 "standard input\n"
		 "  --event TEXT         a JSON object as 'konseki parse' "
		 "prints it, or a line of\n"
		 "                       a log; - is standard input, one on "
		 "each line\n"
		 "  --placeholders FILE  YAML: what the %names% of |expand "
		 "stand for\n"
		 "  --from T, --to T     of the evidence only what lies "
		 "between (backtest)\n"
		 "  --set NAME=VALUE     with another threshold (backtest)\n"
		 "  --json, --csv        for programs, for spreadsheets "
		 "(--csv: backtest)\n"
		 "'check' ends with 2 if a file is refused; 'match' with 1 if "
		 "a line is no event;\n"
		 "'test' with 1 if an example fails.\n",
		  "\n"
		  "  --rules DIR          ルールのフォルダー。check と match "
		  "は *.yml と *.yaml、\n"
		  "                       ほかは detection と profiles "
		  "のあるもの\n"
		  "                       （省略時は施設のもの、または付属の"
		  "もの）\n"
		  "  --profile 名前       このプロファイルの設定を使う\n"
		  "  --site DIR           この施設のルール・プロファイル・"
		  "台帳を使う\n"
		  "  --events FILE        1行に1件のJSONオブジェクト。- "
		  "は標準入力\n"
		  "  --event テキスト     konseki parse の出力（JSON）または"
		  "ログの1行。\n"
		  "                       - は標準入力（1行に1件）\n"
		  "  --placeholders FILE  |expand の %名前% "
		  "の値（YAML）\n"
		  "  --from 日時 --to 日時  この期間の証跡だけ"
		  "（backtest）\n"
		  "  --set 名前=値        しきい値を変えて試す（backtest）\n"
		  "  --json  --csv        プログラム・表計算向けの出力"
		  "（--csvはbacktest）\n"
		  "checkは断ったファイルがあれば2、matchは読めない行が"
		  "あれば1、\n"
		  "testは成立しない例があれば1で終わります。\n"),
	    out);
}

static int
usage(FILE *out, int status)
{
	size_t i;

	fputs(tr("usage: konseki rules WORD [ARGUMENT...]\n\n",
		  "使い方: konseki rules 語 [引数...]\n\n"),
	    out);
	for (i = 0; i < SUBS; i++)
		fprintf(out, "  %-9s%-15s %s\n", subs[i].name, subs[i].operands,
		    tr(subs[i].en, subs[i].ja));
	put_options(out);
	return status;
}

static struct placeholders *
load_placeholders(const char *path, struct arena *arena)
{
	struct placeholders *ps = NULL;
	struct yaml_error err;
	struct buf text;

	buf_init(&text);
	if (io_read_file(path, YAML_BYTES, &text) == -1)
		log_errno("%s", path);
	else if ((ps = placeholders_parse(buf_view(&text), path, arena,
		      &err)) == NULL)
		yaml_report(&err);
	buf_fini(&text);
	return ps;
}

/*
 * What konseki's own rules call by name are the settings of a profile, which
 * lies beside them: DIR/profiles, or DIR/../profiles.  NULL: there is none.
 */
static struct placeholders *
load_settings(const char *dir, struct arena *arena)
{
	const char *place[2] = { dir, arena_printf(arena, "%s/..", dir) };
	struct placeholders *ps = NULL;
	struct settings set;
	struct yaml_error err;
	struct buf text;
	size_t i;

	buf_init(&text);
	for (i = 0; i < 2 && ps == NULL; i++) {
		if (ruleset_settings(place[i], "default", arena, &set, &err) ==
		    -1)
			continue;
		settings_print(&set, &text);
		ps = placeholders_parse(buf_view(&text), "default.yml", arena,
		    &err);
	}
	buf_fini(&text);
	return ps;
}

/* What the ledgers of a site give, below what a file or the settings do. */
static int
load_roster(const char *dir, struct arena *arena, struct grounds *g,
    struct placeholders **ps)
{
	struct site *site = command_site(dir);
	struct placeholders *names;
	int rc;

	if (site == NULL)
		return -1;
	rc = grounds_load_ledgers(g, site);
	site_free(site);
	if (rc == -1)
		return -1;
	names = roster_names(g->ledgers, &g->internal, &g->vpn, arena);
	if (*ps == NULL)
		*ps = names;
	else
		placeholders_over(*ps, names);
	return 0;
}

struct corpus *
rules_load(const struct rules_call *c, const char *dir)
{
	struct grounds g = { .ledgers = NULL };
	struct arena *arena = arena_new();
	struct placeholders *ps = NULL;
	struct corpus *corpus = NULL;
	int rc = 0;

	if (c->placeholders != NULL)
		ps = load_placeholders(c->placeholders, arena);
	else
		ps = load_settings(dir, arena);
	if (c->placeholders != NULL && ps == NULL)
		rc = -1;
	else if (c->site != NULL)
		rc = load_roster(c->site, arena, &g, &ps);
	if (rc == 0 && (corpus = corpus_load(dir, ps)) == NULL)
		log_errno(tr("cannot read '%s'", "「%s」を読めません"), dir);
	grounds_free(&g);
	arena_free(arena);
	return corpus;
}

enum {
	OPT_RULES = 1,
	OPT_EVENTS,
	OPT_EVENT,
	OPT_PLACEHOLDERS,
	OPT_PROFILE,
	OPT_SITE,
	OPT_JSON,
	OPT_CSV,
	OPT_FROM,
	OPT_TO,
	OPT_SET,
	OPT_HELP
};

static const struct option options[] = {
	{ "rules", required_argument, NULL, OPT_RULES },
	{ "event", required_argument, NULL, OPT_EVENT },
	{ "events", required_argument, NULL, OPT_EVENTS },
	{ "placeholders", required_argument, NULL, OPT_PLACEHOLDERS },
	{ "profile", required_argument, NULL, OPT_PROFILE },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "csv", no_argument, NULL, OPT_CSV },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "to", required_argument, NULL, OPT_TO },
	{ "set", required_argument, NULL, OPT_SET },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int
add_set(struct rules_call *c)
{
	if (c->nset == (int)(sizeof(c->set) / sizeof(c->set[0])))
		return -1;
	c->set[c->nset++] = optarg;
	return 0;
}

static int
option(struct rules_call *c, int opt)
{
	switch (opt) {
	case OPT_FROM:
		c->from = optarg;
		return 0;
	case OPT_TO:
		c->to = optarg;
		return 0;
	case OPT_SET:
		return add_set(c);
	case OPT_CSV:
		c->csv = true;
		return 0;
	case OPT_RULES:
		c->dir = optarg;
		return 0;
	case OPT_EVENTS:
		c->events = optarg;
		return 0;
	case OPT_EVENT:
		c->event = optarg;
		return 0;
	case OPT_PLACEHOLDERS:
		c->placeholders = optarg;
		return 0;
	case OPT_PROFILE:
		c->profile = optarg;
		return 0;
	case OPT_SITE:
		c->site = optarg;
		return 0;
	case OPT_JSON:
		c->json = true;
		return 0;
	default:
		return -1;
	}
}

/* Options that the others would read and not heed. */
static bool
is_of_backtest(const struct rules_call *c)
{
	return c->from != NULL || c->to != NULL || c->nset > 0 || c->csv;
}

int
command_sigma(int argc, char *argv[])
{
	struct rules_call c = { .dir = NULL };
	int opt, status;
	size_t i;

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
	c.narg = argc - optind - 1;
	for (i = 0; i < SUBS; i++) {
		if (strcmp(argv[optind], subs[i].name) != 0)
			continue;
		if (subs[i].run != rules_backtest && is_of_backtest(&c))
			return usage(stderr, 2);
		status = subs[i].run(&c);
		return status == RULES_USAGE ? usage(stderr, 2) : status;
	}
	return usage(stderr, 2);
}

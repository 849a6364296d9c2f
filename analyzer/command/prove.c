/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/folder.h"
#include "analyzer/command/operator.h"
#include "analyzer/command/prove_check.h"
#include "common/cursor.h"
#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "common/num.h"
#include "common/text.h"
#include "evidence/logfile.h"
#include "evidence/prove.h"
#include "evidence/rangeproof.h"
#include "evidence/record.h"
#include "evidence/tlogproof.h"
#include "site/site.h"

/*
 * konseki prove: proofs as text (lib/evidence/FORMAT.md, 10), for whoever has
 * the log's key and this checkpoint, and the log's tree for tools of others.
 */
enum prove_what {
	PROVE_NO_MODE,
	PROVE_INDEX,
	PROVE_FROM,
	PROVE_RANGE,
	PROVE_TILES_DIR,
	PROVE_CHECK,
};

struct asked {
	const char *dir, *site, *log, *output;
	const char *cache;	   /* the site's, or NULL */
	const struct site_log *of; /* the site's log, or NULL */
	enum prove_what what;
	bool twice; /* more than one of them */
	bool help;
	uint64_t begin, end;
	const char *tiles;
	struct prove_check check;
	struct buf text;
};

enum {
	OPT_INDEX = 1,
	OPT_FROM,
	OPT_RANGE,
	OPT_TILES,
	OPT_CHECK,
	OPT_PIN,
	OPT_OLD,
	OPT_RECORD,
	OPT_NONCE,
	OPT_LOG,
	OPT_SITE,
	OPT_OUTPUT,
	OPT_HELP,
};

static const struct option prove_options[] = {
	{ "index", required_argument, NULL, OPT_INDEX },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "range", required_argument, NULL, OPT_RANGE },
	{ "tiles", required_argument, NULL, OPT_TILES },
	{ "check", required_argument, NULL, OPT_CHECK },
	{ "pin", required_argument, NULL, OPT_PIN },
	{ "old", required_argument, NULL, OPT_OLD },
	{ "record", required_argument, NULL, OPT_RECORD },
	{ "nonce", required_argument, NULL, OPT_NONCE },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int
usage(FILE *out)
{
	fprintf(out, "%s konseki prove %s [%s] [DIR]\n%s",
	    tr("usage:", "使い方:"),
	    "--index N | --from SIZE | --range A-B | --tiles DIR | --check "
	    "FILE",
	    tr("OPTION...", "オプション..."),
	    tr("  --index N      that record N is in the log (C2SP "
	       "tlog-proof)\n"
	       "  --from SIZE    that the log grew from the one of SIZE "
	       "records\n"
	       "  --range A-B    that the records A to B stand there, and "
	       "nothing between\n"
	       "  --tiles DIR    the whole tree as C2SP tlog-tiles, into a new "
	       "folder\n"
	       "  --check FILE   check such a proof, without any log\n"
	       "  --pin FILE     with --check: the log's description, kept "
	       "from outside\n"
	       "  --old FILE     with --check of --from: the older checkpoint, "
	       "kept from outside\n"
	       "  --record FILE  with --check of --index: the record's bytes, "
	       "as 'konseki show --raw' gives them\n"
	       "  --nonce HEX    its nonce, which --index shows\n"
	       "  --site DIR     the site whose log it is\n"
	       "  --log NAME     evidence (default), casebook or another; "
	       "or a folder;\n"
	       "                 NAME.1 is its first generation\n"
	       "  --output FILE  where to write the proof; else it is "
	       "printed\n",
		"  --index N      記録Nがログにあることの証明(C2SP "
		"tlog-proof)\n"
		"  --from SIZE    SIZE件のときのログの続きであることの証明\n"
		"  --range A-B    "
		"記録AからBまでが並び、間に何もないことの証明\n"
		"  --tiles DIR    ログの木全体をC2SP "
		"tlog-tilesとして新しいフォルダーへ\n"
		"  --check FILE   上の証明をログなしで検査\n"
		"  --pin FILE     "
		"--checkで使う、外部に保管したログの記述ファイル\n"
		"  --old FILE     --fromの証明の--checkで使う、"
		"外部に保管した以前のチェックポイント\n"
		"  --record FILE  --indexの証明の--checkで使う、記録の本文"
		"（konseki show --rawの出力）\n"
		"  --nonce HEX    その記録のnonce（--indexが表示）\n"
		"  --site DIR     対象の施設フォルダー\n"
		"  --log NAME     evidence(省略時)、casebookなどの名前、"
		"またはフォルダー\n"
		"                 （名前.1は最初の世代）\n"
		"  --output FILE  証明の出力先(省略時は標準出力)\n"));
	return 2;
}

/* "A-B", both included. */
static int
parse_range(const char *text, uint64_t *begin, uint64_t *end)
{
	struct cursor in = cursor_make(span_str(text));

	*begin = cursor_decimal(&in, CHECKPOINT_SIZE_MAX);
	cursor_expect(&in, SPAN("-"));
	*end = cursor_decimal(&in, CHECKPOINT_SIZE_MAX) + 1;
	return cursor_done(&in) && *begin < *end ? 0 : -1;
}

static int
prove_value(struct asked *a, int c, const char *name)
{
	int rc = 0;

	if (c == OPT_RANGE)
		rc = parse_range(optarg, &a->begin, &a->end);
	else if (c == OPT_INDEX || c == OPT_FROM)
		rc =
		    num_parse(span_str(optarg), CHECKPOINT_SIZE_MAX, &a->begin);
	else
		a->tiles = a->check.path = optarg;
	a->twice = a->twice || a->what != PROVE_NO_MODE;
	a->what = (enum prove_what)c;
	if (rc != 0)
		log_error(tr("--%s does not take '%s'",
			      "--%sに指定できない値です: '%s'"),
		    name, optarg);
	return rc;
}

static int
prove_option(struct asked *a, int c, int i)
{
	switch (c) {
	case OPT_INDEX:
	case OPT_FROM:
	case OPT_RANGE:
	case OPT_TILES:
	case OPT_CHECK:
		return prove_value(a, c, prove_options[i].name);
	case OPT_PIN:
		a->check.pin = optarg;
		return 0;
	case OPT_OLD:
		a->check.old = optarg;
		return 0;
	case OPT_RECORD:
		a->check.record = optarg;
		return 0;
	case OPT_NONCE:
		a->check.nonce = optarg;
		return 0;
	case OPT_LOG:
		a->log = optarg;
		return 0;
	case OPT_SITE:
		a->site = optarg;
		return 0;
	case OPT_OUTPUT:
		a->output = optarg;
		return 0;
	case OPT_HELP:
		a->help = true;
		return 0;
	default:
		return -1;
	}
}

/* The nonce goes with the body to whoever is to see the record. */
static int
prove_index(struct asked *a, struct prove *p, struct buf *why)
{
	char nonce[2 * PROVE_NONCE];
	struct prove_record rec;
	struct proof proof;

	if (prove_record(p, a->begin, &rec, why) != 0 ||
	    prove_inclusion(p, a->begin, &proof, why) != 0)
		return -1;
	tlogproof_print(&proof, span_make(rec.line, rec.line_len),
	    prove_note(p), &a->text);
	hex_print(rec.nonce, PROVE_NONCE, nonce);
	log_info(tr("nonce of record %" PRIu64 ", to be handed over with its "
		    "body: %.*s",
		     "記録%" PRIu64 "のnonce（本文とともに渡す）: %.*s"),
	    a->begin, (int)sizeof(nonce), nonce);
	return 0;
}

static int
prove_from(struct asked *a, struct prove *p, struct buf *why)
{
	struct proof proof;

	if (prove_consistency(p, a->begin, &proof, why) != 0)
		return -1;
	tlogproof_print_old(&proof, prove_note(p), &a->text);
	return 0;
}

static int
take_leaf(void *cookie, const struct prove_record *rec)
{
	struct buf *out = cookie;

	buf_str(out, "leaf ");
	buf_append(out, rec->line, rec->line_len);
	buf_byte(out, '\n');
	return 0;
}

static int
prove_between(struct asked *a, struct prove *p, struct buf *why)
{
	struct tree_range before, after;

	if (prove_range(p, a->begin, a->end, &before, &after, why) != 0)
		return -1;
	buf_printf(&a->text, "evrange1 %" PRIu64 " %" PRIu64 "\n", a->begin,
	    a->end - 1);
	rangeproof_print("before", &before, &a->text);
	if (prove_records(p, a->begin, a->end, take_leaf, &a->text, why) != 0)
		return -1;
	rangeproof_print("after", &after, &a->text);
	buf_byte(&a->text, '\n');
	buf_span(&a->text, prove_note(p));
	return 0;
}

/* Proofs hold leaf lines: that they leave is an operator's action. */
static void
prove_recorded(const struct asked *a, const struct site *site, uint64_t size)
{
	uint64_t last = a->what == PROVE_INDEX ? a->begin
	    : a->what == PROVE_RANGE	       ? a->end - 1
					       : size - 1;
	struct buf words;

	if (strcmp(a->of->name, "casebook") == 0)
		return;
	buf_init(&words);
	if (a->what == PROVE_FROM) {
		record_word_u64(&words, "old", a->begin);
		record_word_u64(&words, "size", size);
	} else {
		record_word_u64(&words, "first", a->begin);
		record_word_u64(&words, "last", last);
	}
	(void)operator_use(site, "export", "prove", a->of->ref,
	    buf_view(&words)); /* it said so */
	buf_fini(&words);
}

static int
prove_log(struct asked *a, const struct site *site)
{
	struct prove *p = NULL;
	struct buf why;
	int rc;

	buf_init(&why);
	rc = prove_open(&p, a->dir, a->cache, &why);
	if (rc == 0 && a->of != NULL)
		prove_recorded(a, site, prove_size(p));
	if (rc == 0 && a->what == PROVE_INDEX)
		rc = prove_index(a, p, &why);
	else if (rc == 0 && a->what == PROVE_FROM)
		rc = prove_from(a, p, &why);
	else if (rc == 0 && a->what == PROVE_RANGE)
		rc = prove_between(a, p, &why);
	else if (rc == 0)
		rc = prove_export(p, a->tiles, &why);
	if (rc != 0)
		log_error("%s: %s", a->dir, buf_cstr(&why));
	prove_close(p);
	buf_fini(&why);
	return rc;
}

static int
prove_write(const struct asked *a)
{
	if (a->output != NULL) {
		if (io_replace_at(AT_FDCWD, a->output, 0666,
			buf_view(&a->text)) == 0)
			return 0;
		log_errno("%s", a->output);
		return -1;
	}
	if (fwrite(a->text.p, 1, a->text.len, stdout) == a->text.len &&
	    fflush(stdout) == 0)
		return 0;
	log_errno("%s", tr("cannot write", "出力できません"));
	return -1;
}

/* The folders of the log and of caches; *site is to be freed. */
static int
prove_place(struct asked *a, struct site **site)
{
	if (a->dir == NULL && a->log != NULL && strchr(a->log, '/') != NULL)
		a->dir = a->log;
	if (a->dir != NULL) {
		if (folder_find(a->site, a->dir, site, &a->of) != 0)
			return -1;
	} else if ((a->of = command_log(a->site, a->log, site)) == NULL)
		return -1;
	if (a->of != NULL) {
		a->dir = a->of->dir;
		a->cache = (*site)->cache;
	}
	return 0;
}

static int
prove_run(struct asked *a)
{
	struct site *site = NULL;
	int rc;

	if (a->what == PROVE_CHECK)
		return prove_check(&a->check);
	if (prove_place(a, &site) != 0)
		return -1;
	rc = prove_log(a, site);
	if (rc == 0 && a->what != PROVE_TILES_DIR)
		rc = prove_write(a);
	site_free(site);
	return rc;
}

int
command_prove(int argc, char *argv[])
{
	struct asked a = { .dir = NULL };
	int c, i = 0, rc;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", prove_options, &i)) != -1)
		if (prove_option(&a, c, i) != 0)
			return usage(stderr);
	if (a.help) {
		usage(stdout);
		return 0;
	}
	if (optind < argc)
		a.dir = argv[optind++];
	if (optind < argc || a.what == PROVE_NO_MODE || a.twice ||
	    (a.dir != NULL && a.log) ||
	    (prove_check_asked(&a.check) && a.what != PROVE_CHECK) ||
	    (a.what == PROVE_CHECK && (a.dir || a.site || a.log)) ||
	    (a.output != NULL && a.what >= PROVE_TILES_DIR))
		return usage(stderr);
	buf_init(&a.text);
	rc = prove_run(&a);
	buf_fini(&a.text);
	return rc == 0 ? 0 : 1;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/seal_call.h"

#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/handover/choice.h"
#include "common/log.h"
#include "common/num.h"
#include "evidence/checkpoint.h"
#include "evidence/package.h"

static const char *const levels[] = { "whole", "excerpt", "withheld" };

const char *
seal_level_name(enum seal_level level)
{
	return levels[level];
}

enum {
	OPT_SITE = 1,
	OPT_LOG,
	OPT_FOR,
	OPT_WHY,
	OPT_AUTHORITY,
	OPT_BY,
	OPT_LEVEL,
	OPT_FIRST,
	OPT_LAST,
	OPT_SINCE,
	OPT_UNTIL,
	OPT_SOURCE,
	OPT_SEARCH,
	OPT_WITHHOLD,
	OPT_OUTPUT,
	OPT_CERTIFICATE,
	OPT_KEY,
	OPT_ENCRYPT,
	OPT_UNRECORDED,
	OPT_HELP,
};

static const struct option options[] = {
	{ "site", required_argument, NULL, OPT_SITE },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "for", required_argument, NULL, OPT_FOR },
	{ "why", required_argument, NULL, OPT_WHY },
	{ "authority", required_argument, NULL, OPT_AUTHORITY },
	{ "by", required_argument, NULL, OPT_BY },
	{ "level", required_argument, NULL, OPT_LEVEL },
	{ "first", required_argument, NULL, OPT_FIRST },
	{ "last", required_argument, NULL, OPT_LAST },
	{ "since", required_argument, NULL, OPT_SINCE },
	{ "until", required_argument, NULL, OPT_UNTIL },
	{ "source", required_argument, NULL, OPT_SOURCE },
	{ "search", required_argument, NULL, OPT_SEARCH },
	{ "withhold", required_argument, NULL, OPT_WITHHOLD },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "certificate", required_argument, NULL, OPT_CERTIFICATE },
	{ "key", required_argument, NULL, OPT_KEY },
	{ "encrypt-to", required_argument, NULL, OPT_ENCRYPT },
	{ "unrecorded", no_argument, NULL, OPT_UNRECORDED },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int
usage(FILE *out)
{
	fprintf(out,
	    "%s konseki seal --for %s --why %s --authority %s [%s]\n%s",
	    tr("usage:", "使い方:"), tr("WHOM", "提出先"), tr("REASON", "目的"),
	    tr("BASIS", "根拠"), tr("OPTION...", "オプション..."),
	    tr("  --site DIR          the site whose log it is\n"
	       "  --log NAME          evidence (default) or another log; "
	       "NAME.1 is its first generation\n"
	       "  --by NAME           who hands it over (default: the user)\n"
	       "  --level whole       whole segments (default)\n"
	       "  --level excerpt     the records chosen, hashes for others\n"
	       "  --level withheld    the same, and of others in the range "
	       "the leaf lines\n"
	       "  --first N --last N  from and to the record of that index\n"
	       "  --since TIME        received at that time or later\n"
	       "  --until TIME        received before that time\n"
	       "  --source NAME       of that peer, listener or file\n"
	       "  --search TEXT       with that text in it; may be repeated\n"
	       "  --withhold TEXT     withhold bodies with that text in it; "
	       "may be repeated\n"
	       "  --output DIR        make it in that folder (default: here)\n"
	       "  --certificate FILE  sign with it (CMS); with --key FILE\n"
	       "  --encrypt-to CERT   also make an encrypted copy for its "
	       "holder\n"
	       "  --unrecorded        go on although no collector runs that "
	       "could record it\n",
		"  --site DIR          対象の施設フォルダー\n"
		"  --log NAME          evidence（省略時）などログの名前。"
		"名前.1は最初の世代\n"
		"  --by NAME           渡す人（省略時は利用者名）\n"
		"  --level whole       セグメント全体（省略時）\n"
		"  --level excerpt     選んだ記録のみ。他はハッシュ値\n"
		"  --level withheld    同上。範囲内の他の記録は本文を伏せた"
		"リーフ行\n"
		"  --first N --last N  その番号の記録から・まで\n"
		"  --since 日時        その日時以降に受信した記録\n"
		"  --until 日時        その日時より前に受信した記録\n"
		"  --source NAME       その送信元・受信口・ファイルの記録\n"
		"  --search TEXT       その文字列を含む記録（複数指定可）\n"
		"  --withhold TEXT     その文字列を含む本文を伏せる（複数指定"
		"可）\n"
		"  --output DIR        作成先のフォルダー（省略時は現在の"
		"場所）\n"
		"  --certificate FILE  CMS署名の証明書。--key FILEとともに"
		"指定\n"
		"  --encrypt-to CERT   その証明書の持ち主向けに暗号化した複製"
		"も作る\n"
		"  --unrecorded        コレクターが停止していて記録できなくても"
		"続ける\n"));
	return 2;
}

static int
level_parse(struct seal_call *s, const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strcmp(text, levels[i]) == 0) {
			s->level = (enum seal_level)i;
			return 0;
		}
	log_error(tr("--level takes whole, excerpt or withheld, not '%s'",
		      "--levelにはwhole、excerpt、withheldのいずれかを指定して"
		      "ください: '%s'"),
	    text);
	return -1;
}

static int
text_add(struct choice_texts *t, const char *name, const char *text)
{
	if (choice_text_add(t, text) == 0)
		return 0;
	log_error(tr("--%s takes a text, at most %u of them",
		      "--%sには文字列を%u個まで指定できます"),
	    name, CHOICE_TEXTS_MAX);
	return -1;
}

static int
index_parse(const char *name, const char *text, uint64_t *n)
{
	if (num_parse(span_str(text), CHECKPOINT_SIZE_MAX, n) == 0)
		return 0;
	log_error(tr("--%s takes the index of a record, not '%s'",
		      "--%sには記録の番号を指定してください: '%s'"),
	    name, text);
	return -1;
}

/* Options that choose; 1: not one of them. */
static int
option_choice(struct seal_call *s, int c)
{
	struct choice *choice = &s->choice;

	switch (c) {
	case OPT_LEVEL:
		return level_parse(s, optarg);
	case OPT_FIRST:
		return index_parse("first", optarg, &choice->from);
	case OPT_LAST:
		return index_parse("last", optarg, &choice->to);
	case OPT_SOURCE:
		choice->source = optarg;
		return 0;
	case OPT_SEARCH:
		return text_add(&choice->search, "search", optarg);
	case OPT_WITHHOLD:
		return text_add(&choice->withhold, "withhold", optarg);
	case OPT_UNRECORDED:
		s->unrecorded = true;
		return 0;
	case OPT_HELP:
		s->help = true;
		return 0;
	default:
		return 1;
	}
}

static int
option(struct seal_call *s, int c)
{
	const char **text[] = { [OPT_SITE] = &s->site_dir,
		[OPT_LOG] = &s->log_name,
		[OPT_FOR] = &s->recipient,
		[OPT_WHY] = &s->why,
		[OPT_AUTHORITY] = &s->authority,
		[OPT_BY] = &s->by,
		[OPT_SINCE] = &s->since,
		[OPT_UNTIL] = &s->until,
		[OPT_OUTPUT] = &s->output,
		[OPT_CERTIFICATE] = &s->certificate,
		[OPT_KEY] = &s->key,
		[OPT_ENCRYPT] = &s->encrypt_to };
	int rc = option_choice(s, c);

	if (rc <= 0)
		return rc;
	if (c <= 0 || (size_t)c >= sizeof(text) / sizeof(text[0]) ||
	    text[c] == NULL)
		return -1;
	*text[c] = optarg;
	return 0;
}

/* The texts that the law asks for stand in the package and in the log. */
static int
texts_check(const struct seal_call *s)
{
	const struct {
		const char *name, *value;
	} texts[] = { { "for", s->recipient }, { "why", s->why },
		{ "authority", s->authority }, { "by", s->by } };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].value == NULL ||
		    !package_text_ok(span_str(texts[i].value))) {
			log_error(tr("--%s must be given: one line of text of "
				     "at most %u bytes",
				      "--%sを指定してください（1行、%uバイト"
				      "まで）"),
			    texts[i].name, PACKAGE_TEXT_MAX);
			return -1;
		}
	if (s->level == LEVEL_WHOLE &&
	    (choice_filters(&s->choice) || s->choice.withhold.n > 0)) {
		log_error("%s",
		    tr("whole segments hold everything: --source, --search "
		       "and --withhold need --level excerpt or withheld",
			"--source、--search、--withholdは--level excerptまたは"
			"withheldとともに指定してください"));
		return -1;
	}
	if (s->choice.from > s->choice.to) {
		log_error("%s",
		    tr("--last is below --first: nothing was made",
			"--lastが--firstより小さいため、何も作成しませんでし"
			"た"));
		return -1;
	}
	if ((s->certificate == NULL) != (s->key == NULL)) {
		log_error("%s",
		    tr("--certificate and --key go together",
			"--certificateと--keyは両方指定してください"));
		return -1;
	}
	return 0;
}

int
seal_call_parse(int argc, char *argv[], struct seal_call *s)
{
	const struct passwd *user = getpwuid(getuid());
	int c;

	*s = (struct seal_call){ .log_name = "evidence",
		.output = ".",
		.by = user == NULL ? "-" : user->pw_name };
	choice_init(&s->choice);
	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (option(s, c) != 0)
			return usage(stderr);
	if (s->help) {
		usage(stdout);
		return 1;
	}
	if (optind < argc)
		return usage(stderr);
	return texts_check(s) == 0 ? 0 : 2;
}

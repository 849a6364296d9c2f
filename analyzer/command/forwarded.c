/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * konseki forwarded: what another collector sent to this one, held against the
 * log that it comes from, against a checkpoint of that log, or a single message
 * made into what `konseki prove --check` takes.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/announced.h"
#include "analyzer/command/arrivals.h"
#include "analyzer/command/command.h"
#include "analyzer/command/forwarded_message.h"
#include "analyzer/command/missing.h"
#include "analyzer/command/pieces.h"
#include "common/io.h"
#include "common/log.h"
#include "evidence/checkpoint.h"
#include "evidence/envelope.h"
#include "evidence/evread.h"
#include "evidence/logfile.h"
#include "site/site.h"

#define ORIGINS_MAX 64u /* logs that one log receives from */

enum { FINE, DIFFERS, MISSING, IMPOSSIBLE }; /* as konseki verify */

struct arrived {
	char origin[CHECKPOINT_ORIGIN_MAX + 1];
	struct arrivals a;
};

struct forwarded {
	const char *dir, *site, *log;
	const char *origin, *against, *checkpoint, *pin, *message;
	bool raw;
	struct checkpoint note; /* of --checkpoint; size 0: none */
	struct buf note_bytes;
	struct arrived *v;
	size_t n;
	struct pieces pieces;
	struct announced announced;
	uint64_t others, broken, torn;
	uint64_t beyond;       /* of logs for which there was no room */
	uint64_t broken_first; /* index of such a record */
	int status;
};

enum {
	OPT_SITE = 1,
	OPT_LOG,
	OPT_ORIGIN,
	OPT_AGAINST,
	OPT_CHECKPOINT,
	OPT_PIN,
	OPT_MESSAGE,
	OPT_RAW,
	OPT_HELP,
};

static const struct option options[] = {
	{ "site", required_argument, NULL, OPT_SITE },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "origin", required_argument, NULL, OPT_ORIGIN },
	{ "against", required_argument, NULL, OPT_AGAINST },
	{ "checkpoint", required_argument, NULL, OPT_CHECKPOINT },
	{ "pin", required_argument, NULL, OPT_PIN },
	{ "message", required_argument, NULL, OPT_MESSAGE },
	{ "raw", no_argument, NULL, OPT_RAW },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int
usage(FILE *out)
{
	fputs(
	    tr("usage: konseki forwarded [--site DIR] [--log NAME] "
	       "[--origin NAME]\n"
	       "           [--against DIR] [--checkpoint FILE --pin FILE] "
	       "[DIR]\n"
	       "       konseki forwarded --message FILE [--raw]\n"
	       "  --site, --log, DIR  the log that received (evidence if not "
	       "said)\n"
	       "  --origin NAME       only what comes from that log\n"
	       "  --against DIR       the log that it comes from, or a copy: "
	       "each record is compared\n"
	       "  --checkpoint FILE   a checkpoint of that log, and its "
	       "description as --pin:\n"
	       "                      what arrived must give its root\n"
	       "  --message FILE      one message, as it arrived: its place "
	       "and "
	       "leaf;\n"
	       "                      with --raw the bytes of the record\n"
	       "exit: 0 fine, 1 differs, 2 records are missing, 3 could not "
	       "check\n",
		"使い方: konseki forwarded [--site フォルダー] [--log ログ] "
		"[--origin 名前]\n"
		"            [--against フォルダー] [--checkpoint ファイル "
		"--pin ファイル] [フォルダー]\n"
		"        konseki forwarded --message ファイル [--raw]\n"
		"  --site, --log       受信した側のログ（省略時はevidence）\n"
		"  --origin            このログから転送された記録のみ\n"
		"  --against           転送元のログまたはその写し。記録を1件ず"
		"つ照合する\n"
		"  --checkpoint        転送元のチェックポイント（--pinはそのロ"
		"グの記述ファイル）。\n"
		"                      届いた記録からルートを計算して照合する\n"
		"  --message           届いたメッセージ1件の位置とリーフを表示"
		"（--rawは記録のバイト列）\n"
		"終了コード: 0 正常、1 不一致、2 欠落あり、3 確認できず\n"),
	    out);
	return IMPOSSIBLE;
}

static int
option(struct forwarded *f, int c)
{
	switch (c) {
	case OPT_SITE:
		f->site = optarg;
		return 0;
	case OPT_LOG:
		f->log = optarg;
		return 0;
	case OPT_ORIGIN:
		f->origin = optarg;
		return 0;
	case OPT_AGAINST:
		f->against = optarg;
		return 0;
	case OPT_CHECKPOINT:
		f->checkpoint = optarg;
		return 0;
	case OPT_PIN:
		f->pin = optarg;
		return 0;
	case OPT_MESSAGE:
		f->message = optarg;
		return 0;
	case OPT_RAW:
		f->raw = true;
		return 0;
	default:
		return -1;
	}
}

static void
worse(struct forwarded *f, int status)
{
	if (f->status == FINE || (f->status == MISSING && status == DIFFERS) ||
	    status == IMPOSSIBLE)
		f->status = status;
}

/* --- what arrived ----------------------------------------------------------
 */

static struct arrived *
of_origin(struct forwarded *f, struct span origin)
{
	struct arrived *v;
	size_t i;

	for (i = 0; i < f->n; i++)
		if (span_is(origin, f->v[i].origin))
			return &f->v[i];
	if (f->n == ORIGINS_MAX) {
		f->beyond++;
		return NULL;
	}
	v = &f->v[f->n++];
	memcpy(v->origin, origin.p, origin.len);
	arrivals_init(&v->a,
	    span_eq(origin, f->note.origin) ? f->note.size : 0);
	return v;
}

/* Whether it looks like one of ours, whole or not. */
static bool
looks_ours(struct span message)
{
	struct span head = span_sub(message, 0, 512),
		    id = SPAN(" [konseki@32473 origin=\"");
	size_t i;

	for (i = 0; i + id.len <= head.len; i++)
		if (memcmp(head.p + i, id.p, id.len) == 0)
			return true;
	return false;
}

/*
 * The message that ends with this record: 1; 0: it goes on; -1: it is too long
 * for one of ours.  One of ours that is longer
 * than a record is put together again.  A datagram that was cut does not go on;
 * bodies without framing that do are RELP's.
 */
static int
whole(struct forwarded *f, const struct evread_record *r, struct span *message)
{
	const struct evread_stream *st = r->stream;
	struct buf protocol;
	bool goes_on;

	*message = r->message;
	if (!pieces_open(&f->pieces, st->number)) {
		if ((r->r.flags & RECORD_CUT) == 0 || !looks_ours(r->message))
			return 1;
		buf_init(&protocol);
		goes_on = st->framing != RECORD_FRAMING_NONE ||
		    record_word_get(st->words, "protocol", &protocol) == 1;
		buf_fini(&protocol);
		if (!goes_on)
			return 1;
	}
	return pieces_add(&f->pieces, &r->r, st->framing, message);
}

static void
take(struct forwarded *f, const struct evread_record *r, struct buf *text)
{
	uint8_t leaf[SHA256_LEN];
	struct arrived *v;
	struct envelope e;
	struct span message;
	int rc;

	if (r->stream == NULL || (rc = whole(f, r, &message)) == 0)
		return;
	if (rc < 0 || envelope_parse(message, &e, text) != 0) {
		if (rc > 0 && !looks_ours(message))
			f->others++;
		else if (r->r.flags & RECORD_PARTIAL)
			f->torn++;
		else if (f->broken++ == 0)
			f->broken_first = r->index;
		return;
	}
	announced_add(&f->announced, &e.r);
	if ((f->origin != NULL && !span_is(e.origin, f->origin)) ||
	    (v = of_origin(f, e.origin)) == NULL)
		return;
	envelope_leaf(&e, leaf);
	(void)arrivals_add(&v->a, e.index, leaf); /* it counts */
}

static int
read_log(struct forwarded *f)
{
	struct evread_record r;
	struct evread *in;
	struct buf why, text;
	int rc;

	buf_init(&why);
	buf_init(&text);
	if ((rc = evread_open(&in, f->dir, false, &why)) == 0) {
		while ((rc = evread_next(in, &r, &why)) == 1)
			take(f, &r, &text);
		evread_close(in);
	}
	if (rc != 0)
		log_error("%s: %s", f->dir, buf_cstr(&why));
	buf_fini(&text);
	buf_fini(&why);
	return rc;
}

/* --- held against what is known --------------------------------------------
 */

static void
nothing_from(struct forwarded *f, struct span origin)
{
	log_error(tr("nothing arrived from '%.*s'",
		      "「%.*s」から届いた記録はありません"),
	    (int)origin.len, (const char *)origin.p);
	worse(f, IMPOSSIBLE);
}

static void
against(struct forwarded *f)
{
	uint64_t same = 0, other = 0, first = 0;
	struct evread_record r;
	struct arrived *v = NULL;
	struct evread *in = NULL;
	struct buf why;
	size_t i;
	int rc;

	buf_init(&why);
	if ((rc = evread_open(&in, f->against, true, &why)) == 0) {
		for (i = 0; i < f->n; i++)
			if (strcmp(f->v[i].origin, evread_origin(in)) == 0)
				v = &f->v[i];
		while (v != NULL && (rc = evread_next(in, &r, &why)) == 1) {
			if (!arrivals_have(&v->a, r.index))
				continue;
			if (arrivals_same(&v->a, r.index, r.leaf))
				same++;
			else if (other++ == 0)
				first = r.index;
		}
	}
	if (rc != 0) {
		log_error("%s: %s", f->against, buf_cstr(&why));
		worse(f, IMPOSSIBLE);
	} else if (v == NULL) {
		nothing_from(f, span_str(evread_origin(in)));
	} else if (other > 0) {
		printf(tr("  DIFFERENT from %s: %" PRIu64
			  " records, the first is %" PRIu64 "\n",
			   "  %sと不一致: %" PRIu64 "件（最初は%" PRIu64
			   "）\n"),
		    f->against, other, first);
		worse(f, DIFFERS);
	} else {
		printf(tr("  as in %s: %" PRIu64 " records of %" PRIu64 "\n",
			   "  %sと一致: %" PRIu64 "件（全%" PRIu64 "件）\n"),
		    f->against, same, evread_size(in));
		if (same < v->a.n) {
			printf(tr("  %" PRIu64 " are not (yet) in it\n",
				   "  転送元にまだない記録: %" PRIu64 "件\n"),
			    v->a.n - same);
			worse(f, DIFFERS);
		}
	}
	evread_close(in);
	buf_fini(&why);
}

/* Read --checkpoint and --pin: 0, or -1: it was said. */
static int
load_checkpoint(struct forwarded *f)
{
	struct buf pin;
	struct logfile l;
	struct note n;
	unsigned line = 0;
	int rc = -1;

	buf_init(&pin);
	if (io_read_file(f->pin, LOGFILE_MAX, &pin) != 0)
		log_errno("%s", f->pin);
	else if (logfile_parse(buf_view(&pin), &l, &line) != 0)
		log_error(tr("%s, line %u: not as the format says",
			      "%sの%u行目: 形式どおりではありません"),
		    f->pin, line);
	else if (io_read_file(f->checkpoint, NOTE_MAX, &f->note_bytes) != 0)
		log_errno("%s", f->checkpoint);
	else if (checkpoint_read(buf_view(&f->note_bytes), &n, &f->note) !=
		NOTE_OK ||
	    !span_is(f->note.origin, l.key.name) ||
	    checkpoint_verify_log(&n, &l.key) != NOTE_OK)
		log_error(tr("%s: not a checkpoint with the signature of that "
			     "log's key",
			      "%s: そのログの鍵で署名されたチェックポイントでは"
			      "ありません"),
		    f->checkpoint);
	else if (f->origin != NULL && !span_is(f->note.origin, f->origin))
		log_error(tr("%s: a checkpoint of '%.*s', not of the log that "
			     "--origin names",
			      "%s: 「%.*s」のチェックポイントであり、--originの"
			      "ログのものではありません"),
		    f->checkpoint, (int)f->note.origin.len,
		    (const char *)f->note.origin.p);
	else
		rc = 0;
	buf_fini(&pin);
	return rc;
}

static void
against_checkpoint(struct forwarded *f, const struct arrived *v)
{
	if (!v->a.root_known) {
		printf(tr("  checkpoint %" PRIu64
			  ": cannot be checked: the records before it are not "
			  "all here\n",
			   "  チェックポイント%" PRIu64
			   ": それより前の記録がそろっていないため確認できませ"
			   "ん\n"),
		    f->note.size);
		worse(f, MISSING);
	} else if (memcmp(v->a.root, f->note.root, SHA256_LEN) != 0) {
		printf(tr("  checkpoint %" PRIu64
			  ": the records that arrived have ANOTHER ROOT\n",
			   "  チェックポイント%" PRIu64
			   ": 届いた記録のルートが一致しません\n"),
		    f->note.size);
		worse(f, DIFFERS);
	} else
		printf(tr("  checkpoint %" PRIu64 ": proved: the first %" PRIu64
			  " records arrived as the log signed them\n",
			   "  チェックポイント%" PRIu64 ": 先頭から%" PRIu64
			   "件が、署名されたとおりに届いています\n"),
		    f->note.size, f->note.size);
}

static void
report(struct forwarded *f, const struct arrived *v)
{
	const struct arrivals *a = &v->a;
	uint64_t missing = a->n == 0 ? 0 : a->last - a->first + 1 - a->n;

	printf(tr("%s: records %" PRIu64 " to %" PRIu64 ": %" PRIu64
		  " arrived, %" PRIu64 " missing, %" PRIu64 " came again\n",
		   "%s: 記録%" PRIu64 "〜%" PRIu64 ": 受信%" PRIu64
		   "件、欠落%" PRIu64 "件、重複%" PRIu64 "件\n"),
	    v->origin, a->first, a->last, a->n, missing, a->again);
	if (missing > 0)
		worse(f, MISSING);
	if (a->differ > 0) {
		printf(tr("  %" PRIu64 " came again and were DIFFERENT\n",
			   "  内容の異なる重複: %" PRIu64 "件\n"),
		    a->differ);
		worse(f, DIFFERS);
	}
	if (a->far > 0) {
		printf(tr("  %" PRIu64 " with indexes far away were not looked "
			  "at\n",
			   "  番号が離れすぎているため確認しなかった記録: "
			   "%" PRIu64 "件\n"),
		    a->far);
		worse(f, DIFFERS);
	}
	missing_print(a, &f->announced, v->origin);
}

/* Messages that are not whole, and what else is in the log. */
static void
report_rest(struct forwarded *f)
{
	uint64_t torn = f->torn + f->pieces.unended + f->pieces.n;

	if (f->broken > 0) {
		printf(tr("%" PRIu64 " are forwarded but not whole, the first "
			  "is record %" PRIu64 "\n",
			   "欠けている転送記録: %" PRIu64
			   "件（最初は記録%" PRIu64 "）\n"),
		    f->broken, f->broken_first);
		worse(f, DIFFERS);
	}
	if (torn > 0)
		printf(tr("%" PRIu64 " ended with their connection: they count "
			  "where they came again whole\n",
			   "接続の切断で途切れた転送記録: %" PRIu64
			   "件（完全な形で再送されたもののみ数えます）\n"),
		    torn);
	if (f->announced.beyond > 0)
		printf(tr("%" PRIu64 " more announcements were not looked at\n",
			   "確認しなかった申告: %" PRIu64 "件\n"),
		    f->announced.beyond);
	if (f->others > 0)
		printf(tr("%" PRIu64 " other records\n",
			   "それ以外の記録: %" PRIu64 "件\n"),
		    f->others);
}

static void
report_all(struct forwarded *f)
{
	bool checked = f->checkpoint == NULL;
	size_t i;

	for (i = 0; i < f->n; i++) {
		report(f, &f->v[i]);
		if (f->checkpoint == NULL ||
		    !span_is(f->note.origin, f->v[i].origin))
			continue;
		against_checkpoint(f, &f->v[i]);
		checked = true;
	}
	if (f->beyond > 0) {
		printf(tr("%" PRIu64 " of more than %u logs were not looked "
			  "at: name one with --origin\n",
			   "確認しなかった記録: %" PRIu64
			   "件（ログが%uを超えています。--originでログを"
			   "指定してください）\n"),
		    f->beyond, ORIGINS_MAX);
		worse(f, IMPOSSIBLE);
	} else if (!checked)
		nothing_from(f, f->note.origin);
	if (f->n == 0)
		puts(tr("nothing that konseki forwarded",
		    "konsekiが転送した記録はありません"));
	if (f->against != NULL && f->n > 0)
		against(f);
	report_rest(f);
	if (f->n == 0)
		worse(f, MISSING);
}

static int
run(struct forwarded *f)
{
	size_t i;

	f->v = calloc(ORIGINS_MAX, sizeof(*f->v));
	if (f->v == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	buf_init(&f->note_bytes);
	pieces_init(&f->pieces, FORWARDED_MESSAGE_MAX);
	announced_init(&f->announced);
	if ((f->checkpoint != NULL && load_checkpoint(f) != 0) ||
	    read_log(f) != 0)
		f->status = IMPOSSIBLE;
	else
		report_all(f);
	for (i = 0; i < f->n; i++)
		arrivals_fini(&f->v[i].a);
	announced_fini(&f->announced);
	pieces_fini(&f->pieces);
	buf_fini(&f->note_bytes);
	free(f->v);
	return f->status;
}

int
command_forwarded(int argc, char *argv[])
{
	const struct site_log *log;
	struct forwarded f = { 0 };
	struct site *site = NULL;
	int c, rc;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_HELP) {
			usage(stdout);
			return 0;
		}
		if (option(&f, c) != 0)
			return usage(stderr);
	}
	if (optind < argc)
		f.dir = argv[optind++];
	if (optind < argc || (f.checkpoint == NULL) != (f.pin == NULL) ||
	    (f.raw && f.message == NULL) ||
	    (f.dir != NULL && (f.log != NULL || f.message != NULL)))
		return usage(stderr);
	if (f.message != NULL)
		return forwarded_message(f.message, f.raw) == 0 ? FINE
								: IMPOSSIBLE;
	if (f.dir == NULL) {
		if ((log = command_log(f.site, f.log, &site)) == NULL)
			return IMPOSSIBLE;
		f.dir = log->dir;
	}
	rc = run(&f);
	site_free(site);
	return rc;
}

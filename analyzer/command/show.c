/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "analyzer/command/decoded.h"
#include "analyzer/command/events.h"
#include "analyzer/command/folder.h"
#include "analyzer/command/gaps.h"
#include "analyzer/command/operator.h"
#include "analyzer/command/pcap.h"
#include "analyzer/command/reading.h"
#include "common/arena.h"
#include "common/hex.h"
#include "common/log.h"
#include "common/num.h"
#include "common/text.h"
#include "common/utc.h"
#include "evidence/evread.h"
#include "site/succession.h"

/*
 * konseki show: the records of a log as they are.  Only what the newest
 * checkpoint covers is shown; whether it is intact, `konseki verify` says.
 */
struct show {
	const char *dir, *site, *log;
	const struct site_log *of; /* the site's log, or NULL */
	const char *source;	   /* peer, listener or file; NULL: all */
	uint32_t stream;	   /* 0: all */
	uint64_t from, to;	   /* indexes, both included */
	enum { SHOW_LIST, SHOW_RAW, SHOW_MESSAGES, SHOW_PCAP, SHOW_EVENTS } how;
	struct formats *formats; /* EVENTS */
	struct reading *reading;
	struct event *event; /* of the record, or NULL */
	const char *pcap;    /* file to make */
	FILE *out;
	bool leaves, decode, all, help;
	int zone;
	uint64_t shown;
	uint64_t apart; /* not shown, for no packet can be made of it */
	struct buf line;
};

enum {
	OPT_LOG = 1,
	OPT_SITE,
	OPT_FROM,
	OPT_TO,
	OPT_STREAM,
	OPT_SOURCE,
	OPT_RAW,
	OPT_MESSAGES,
	OPT_PCAP,
	OPT_EVENTS,
	OPT_LEAVES,
	OPT_DECODE,
	OPT_ALL,
	OPT_HELP,
};

static const struct option show_options[] = {
	{ "log", required_argument, NULL, OPT_LOG },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "to", required_argument, NULL, OPT_TO },
	{ "stream", required_argument, NULL, OPT_STREAM },
	{ "source", required_argument, NULL, OPT_SOURCE },
	{ "raw", no_argument, NULL, OPT_RAW },
	{ "messages", no_argument, NULL, OPT_MESSAGES },
	{ "pcap", required_argument, NULL, OPT_PCAP },
	{ "events", no_argument, NULL, OPT_EVENTS },
	{ "leaves", no_argument, NULL, OPT_LEAVES },
	{ "decode", no_argument, NULL, OPT_DECODE },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int
usage(FILE *out)
{
	fprintf(out, "%s konseki show [%s] [DIR]\n%s", tr("usage:", "使い方:"),
	    tr("OPTION...", "オプション..."),
	    tr("  --site DIR     the site whose log it is\n"
	       "  --log NAME     evidence (default), casebook or another; "
	       "or a folder;\n"
	       "                 NAME.1 is its first generation\n"
	       "  --from N       from the record of that index\n"
	       "  --to N         to the record of that index\n"
	       "  --stream N     received records of that stream only\n"
	       "  --source NAME  received records of that peer, listener or "
	       "file only\n"
	       "  --raw          bodies laid end to end, byte for byte\n"
	       "  --messages     messages without framing, one a line\n"
	       "  --pcap FILE    what came over the network as packets for "
	       "Wireshark, into a new file\n"
	       "  --events       what each record means, by the formats of "
	       "the site (reads\n"
	       "                 the log from its beginning)\n"
	       "  --leaves       with the leaf hash of each record\n"
	       "  --decode       below a message that is no UTF-8 its text, "
	       "by the encoding\n"
	       "                 that its stream has, else guessed\n"
	       "  --all          the logs that it followed, too, the oldest "
	       "first\n",
		"  --site DIR     対象の施設フォルダー\n"
		"  --log NAME     evidence(省略時)、casebookなどの名前、"
		"またはフォルダー\n"
		"                 （名前.1は最初の世代）\n"
		"  --from N       この番号の記録から\n"
		"  --to N         この番号の記録まで\n"
		"  --stream N     このストリームの受信記録のみ\n"
		"  --source NAME  この送信元、受信口またはファイルの受信記録"
		"のみ\n"
		"  --raw          本文をバイト単位でそのまま連結して出力\n"
		"  --messages     枠を除いたメッセージを1行ずつ出力\n"
		"  --pcap FILE    ネットワークからの受信内容をWireshark用の"
		"パケットとして新しいファイルに出力\n"
		"  --events       "
		"書式による解釈を1行で表示（ログを先頭から読みます）\n"
		"  --leaves       各記録のリーフハッシュも表示\n"
		"  --decode       UTF-8でないメッセージの下に、変換した文字列"
		"も表示\n"
		"                 "
		"（文字コードはストリームの記載、なければ推定）"
		"\n"
		"  --all          引き継ぎ前の世代のログも古い順に表示\n"));
	return 2;
}

static int
show_number(const char *name, const char *text, uint64_t max, uint64_t *n)
{
	if (num_parse(span_str(text), max, n) == 0)
		return 0;
	log_error(tr("--%s takes a number up to %" PRIu64 ", not '%s'",
		      "--%sには%" PRIu64 "までの数を指定してください: '%s'"),
	    name, max, text);
	return -1;
}

static int
show_option(struct show *s, int c)
{
	uint64_t n;

	switch (c) {
	case OPT_LOG:
		s->log = optarg;
		return 0;
	case OPT_SITE:
		s->site = optarg;
		return 0;
	case OPT_FROM:
		return show_number("from", optarg, UINT64_MAX - 1, &s->from);
	case OPT_TO:
		return show_number("to", optarg, UINT64_MAX - 1, &s->to);
	case OPT_STREAM:
		if (show_number("stream", optarg, UINT32_MAX, &n) != 0)
			return -1;
		s->stream = (uint32_t)n;
		return 0;
	case OPT_SOURCE:
		s->source = optarg;
		return 0;
	case OPT_RAW:
		s->how = SHOW_RAW;
		return 0;
	case OPT_MESSAGES:
		s->how = SHOW_MESSAGES;
		return 0;
	case OPT_PCAP:
		s->how = SHOW_PCAP;
		s->pcap = optarg;
		return 0;
	case OPT_EVENTS:
		s->how = SHOW_EVENTS;
		return 0;
	case OPT_LEAVES:
		s->leaves = true;
		return 0;
	case OPT_DECODE:
		s->decode = true;
		return 0;
	case OPT_ALL:
		s->all = true;
		return 0;
	case OPT_HELP:
		s->help = true;
		return 0;
	default:
		return -1;
	}
}

static bool
show_wanted(const struct show *s, const struct evread_record *r)
{
	const struct evread_stream *st = r->stream;

	if (st == NULL) /* a system record */
		return (s->how == SHOW_LIST || s->how == SHOW_EVENTS) &&
		    s->stream == 0 && s->source == NULL;
	if (s->stream != 0 && s->stream != st->number)
		return false;
	return s->source == NULL || span_is(st->peer, s->source) ||
	    span_is(st->listener, s->source) || span_is(st->file, s->source);
}

/* Where a record came from: listener and peer, or the imported file. */
static void
show_source(struct buf *out, const struct evread_record *r)
{
	const struct evread_stream *st = r->stream;

	if (st == NULL)
		return;
	text_escape(st->listener, out);
	buf_byte(out, '/');
	text_escape(st->transport, out);
	buf_byte(out, ' ');
	text_escape(st->peer.len > 0 ? st->peer : st->file, out);
	if (st->port != 0)
		buf_printf(out, ":%u", st->port);
	buf_printf(out, " #%" PRIu32 ":%" PRIu64, st->number, r->seq);
	if (st->replay)
		buf_str(out, tr(" [replay]", " 【見本】"));
	buf_byte(out, ' ');
}

static void
show_flags(struct buf *out, unsigned flags)
{
	static const struct {
		unsigned flag;
		const char *en, *ja;
	} names[] = {
		{ RECORD_CUT, "cut", "切詰め" },
		{ RECORD_PARTIAL, "partial", "途中" },
		{ RECORD_IMPORTED, "imported", "取込" },
		{ RECORD_DUPLICATE, "duplicate?", "重複?" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & names[i].flag)
			buf_printf(out, "(%s) ", tr(names[i].en, names[i].ja));
}

/* Below the bytes, never in their place. */
static void
show_decoded(struct show *s, const struct evread_record *r)
{
	struct buf text;

	buf_init(&text);
	if (decoded_print(r->message, r->stream->words, &text))
		buf_printf(&s->line, "  = %s\n", buf_cstr(&text));
	buf_fini(&text);
}

/* What the format made of the message, or the message. */
static void
show_message(struct show *s, const struct evread_record *r)
{
	if (s->event != NULL && s->event->format != NULL) {
		event_print_text(s->event, s->zone, &s->line);
		return;
	}
	if (s->event != NULL)
		buf_str(&s->line, tr("not understood: ", "解釈できません: "));
	text_escape(r->message, &s->line);
	buf_byte(&s->line, '\n');
}

static void
show_list(struct show *s, const struct evread_record *r)
{
	char when[UTC_TEXT], leaf[2 * SHA256_LEN];

	buf_printf(&s->line, "%" PRIu64 " %s %s ", r->index,
	    utc_print((int64_t)r->r.rx, s->zone, when),
	    record_kind_name(r->r.kind));
	show_source(&s->line, r);
	show_flags(&s->line, r->r.flags);
	if (s->leaves) {
		hex_print(r->leaf, SHA256_LEN, leaf);
		buf_append(&s->line, leaf, sizeof(leaf));
		buf_byte(&s->line, ' ');
	}
	show_message(s, r);
	if (s->decode && r->stream != NULL)
		show_decoded(s, r);
}

/*
 * What came by a network.  Of TLS it is what was inside, of RELP the messages
 * without the heads of their frames: that is what the evidence has.
 */
static void
show_packet(struct show *s, const struct evread_record *r)
{
	struct evread_stream *st = r->stream;
	struct pcap_flow f = { .peer = st->peer, .peer_port = st->port };
	uint64_t at = (uintptr_t)st->user, port = 0;
	struct buf local;

	f.tcp = span_is(st->transport, "tcp") || span_is(st->transport, "tls");
	if (!f.tcp && !span_is(st->transport, "udp")) {
		s->apart++;
		return;
	}
	buf_init(&local);
	(void)record_word_get(st->words, "local", &local);
	(void)record_word_get_u64(st->words, "local-port", &port);
	f.local = buf_view(&local);
	f.local_port = (uint16_t)port;
	if (pcap_add(&s->line, &f, r->r.rx, at, r->r.body) == 0)
		st->user = (void *)(uintptr_t)(at + r->r.body.len);
	else
		s->apart++;
	buf_fini(&local);
}

static int
show_record(struct show *s, const struct evread_record *r)
{
	s->line.len = 0;
	if (s->how == SHOW_LIST || s->how == SHOW_EVENTS)
		show_list(s, r);
	else if (s->how == SHOW_RAW)
		buf_span(&s->line, r->r.body);
	else if (s->how == SHOW_PCAP)
		show_packet(s, r);
	else {
		buf_span(&s->line, r->message);
		buf_byte(&s->line, '\n');
	}
	if (s->line.len == 0 || /* an empty datagram; there is no buffer yet */
	    fwrite(s->line.p, 1, s->line.len, s->out) == s->line.len)
		return 0;
	log_errno("%s", tr("cannot write", "出力できません"));
	return -1;
}

static int
show_log(struct show *s)
{
	struct evread *in;
	struct evread_record r;
	struct buf why;
	int rc = -1;

	buf_init(&why);
	if (evread_open(&in, s->dir, s->leaves, &why) != 0) {
		log_error("%s: %s", s->dir, buf_cstr(&why));
		buf_fini(&why);
		return 1;
	}
	/* What a record means depends on those of its stream before it. */
	if (s->from < evread_size(in) || s->from == 0)
		rc = evread_seek(in, s->reading != NULL ? 0 : s->from, &why);
	else
		buf_printf(&why,
		    tr("there is no record %" PRIu64
		       "; the log ends before %" PRIu64,
			"記録%" PRIu64 "はありません。ログは%" PRIu64
			"の手前で終わっています"),
		    s->from, evread_size(in));
	while (rc == 0 && (rc = evread_next(in, &r, &why)) > 0) {
		if (r.index > s->to) {
			rc = 0;
			break;
		}
		if (s->reading != NULL)
			s->event =
			    reading_event(s->reading, &r, evread_origin(in));
		if (r.index < s->from || !show_wanted(s, &r)) {
			rc = 0;
			continue;
		}
		rc = show_record(s, &r);
		s->shown++;
	}
	(void)gaps_say(s->dir, evread_gaps(in), 0);
	if (why.len > 0)
		log_error("%s: %s", s->dir, buf_cstr(&why));
	evread_close(in);
	buf_fini(&why);
	return rc == 0 && fflush(s->out) == 0 ? 0 : 1;
}

/* All generations up to that one; what cannot be read of those before was said.
 */
static int
show_all(struct show *s, const struct site *site)
{
	const struct site_log *log = s->of;
	struct arena *arena = arena_new();
	const char *const *dirs = succession_dirs(site, log, arena);
	int status = 0;

	for (unsigned i = 0; i < log->generation; i++) {
		s->dir = dirs[i];
		if (i + 1 == log->generation || !command_gone(s->dir))
			status = show_log(s);
	}
	arena_free(arena);
	return status;
}

/* That somebody looks at evidence is an operator's action. */
static void
show_recorded(const struct show *s, const struct site *site)
{
	struct buf words;

	if (strcmp(s->of->name, "casebook") == 0)
		return;
	buf_init(&words);
	record_word_u64(&words, "first", s->from);
	if (s->to != UINT64_MAX)
		record_word_u64(&words, "last", s->to);
	if (s->stream != 0)
		record_word_u64(&words, "stream", s->stream);
	if (s->source != NULL)
		record_word(&words, "source", span_str(s->source));
	(void)operator_use(site,
	    s->how == SHOW_LIST || s->how == SHOW_EVENTS ? "view" : "export",
	    "show", s->of->ref, buf_view(&words)); /* it said so */
	buf_fini(&words);
}

/* The folder of the log, and its site if it is of one; *site is to be freed. */
static int
show_place(struct show *s, struct site **site)
{
	if (s->dir == NULL && !s->all && s->log != NULL &&
	    strchr(s->log, '/') != NULL)
		s->dir = s->log;
	if (s->dir != NULL)
		return folder_find(s->site, s->dir, site, &s->of);
	if ((s->of = command_log(s->site, s->log, site)) == NULL)
		return -1;
	s->dir = s->of->dir;
	return 0;
}

/* Where it goes: a new file, so that none is lost. */
static int
show_begin(struct show *s)
{
	int fd;

	s->out = stdout;
	if (s->pcap == NULL)
		return 0;
	fd = open(s->pcap, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || (s->out = fdopen(fd, "wb")) == NULL) {
		log_errno("%s", s->pcap);
		return -1;
	}
	pcap_begin(&s->line);
	if (fwrite(s->line.p, 1, s->line.len, s->out) == s->line.len)
		return 0;
	log_errno("%s", s->pcap);
	fclose(s->out);
	return -1;
}

static int
show_end(const struct show *s, int status)
{
	if (s->pcap == NULL)
		return status;
	if (s->apart > 0)
		log_warn(tr(s->apart == 1 ? "%" PRIu64 " record did not come "
					    "by UDP or TCP: it is no packet"
					  : "%" PRIu64 " records did not come "
					    "by UDP or TCP: they are no "
					    "packets",
			     "UDP・TCP以外で受信した%" PRIu64
			     "件はパケットに含まれません"),
		    s->apart);
	if (fclose(s->out) == 0)
		return status;
	log_errno("%s", s->pcap);
	return 1;
}

/* Events want the formats of the site. */
static int
show_read(struct show *s, const struct site *site)
{
	if (s->how != SHOW_EVENTS)
		return 0;
	s->formats =
	    events_formats(site != NULL ? events_rules(site) : command_rules());
	if (s->formats == NULL)
		return -1;
	s->reading = reading_new(s->formats, s->zone,
	    site != NULL ? site->analyzer.devices : NULL);
	return 0;
}

int
command_show(int argc, char *argv[])
{
	struct show s = { .to = UINT64_MAX };
	struct site *site = NULL;
	int c, status;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", show_options, NULL)) != -1)
		if (show_option(&s, c) != 0)
			return usage(stderr);
	if (s.help) {
		usage(stdout);
		return 0;
	}
	if (optind < argc)
		s.dir = argv[optind++];
	if (s.from > s.to) {
		log_error("%s",
		    tr("--from lies behind --to", "--fromが--toより後です"));
		return 2;
	}
	if (optind < argc || (s.dir != NULL && (s.log || s.all)) ||
	    (s.all && (s.from > 0 || s.to < UINT64_MAX)) ||
	    (s.decode && s.how != SHOW_LIST))
		return usage(stderr);
	if (show_place(&s, &site) != 0)
		return 1;
	if (show_begin(&s) != 0) {
		site_free(site);
		return 1;
	}
	if (site != NULL) {
		s.zone = site->zone;
		show_recorded(&s, site);
	}
	if (show_read(&s, site) != 0) {
		site_free(site);
		return 1;
	}
	status = show_end(&s, s.all ? show_all(&s, site) : show_log(&s));
	if (status == 0 && s.shown == 0 && (s.source != NULL || s.stream != 0))
		log_warn("%s",
		    tr("no record is of that stream or source",
			"該当するストリームまたは送信元の記録はありません"));
	reading_free(s.reading);
	formats_free(s.formats);
	buf_fini(&s.line);
	site_free(site);
	return status;
}

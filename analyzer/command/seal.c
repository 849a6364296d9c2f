/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * konseki seal: a package of evidence for somebody outside.  First it is
 * recorded that it is made, so that the package can say so; when it stands, its
 * hash is recorded.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "analyzer/command/custody_check.h"
#include "analyzer/command/generations.h"
#include "analyzer/command/operator.h"
#include "analyzer/command/role.h"
#include "analyzer/command/seal_call.h"
#include "analyzer/handover/build.h"
#include "analyzer/handover/custody.h"
#include "analyzer/handover/envelope.h"
#include "analyzer/report/slip.h"
#include "common/hex.h"
#include "common/io.h"
#include "common/json.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

struct seal {
	struct seal_call call;
	struct site *site;
	const struct site_log *log;
	struct client *client; /* NULL: nothing can be recorded */
	struct buf custody;    /* the package's custody.jsonl */
	struct buf envelope;   /* path of the encrypted copy; empty: none */
	uint8_t envelope_hash[SHA256_LEN];
	struct buf why_not;
};

static int
times_parse(struct seal *s)
{
	int64_t usec;

	if (s->call.since != NULL) {
		if (command_time(s->site, s->call.since, &usec) != 0)
			return -1;
		s->call.choice.since = usec < 0 ? 0 : (uint64_t)usec;
	}
	if (s->call.until != NULL) {
		if (command_time(s->site, s->call.until, &usec) != 0)
			return -1;
		s->call.choice.until = usec < 0 ? 0 : (uint64_t)usec;
	}
	if (s->call.choice.since < s->call.choice.until)
		return 0;
	log_error("%s",
	    tr("--until is not after --since: nothing was made",
		"--untilが--sinceより後でないため、何も作成しませんでした"));
	return -1;
}

static int
fail(struct seal *s)
{
	log_error("%s: %s", s->log->dir, buf_cstr(&s->why_not));
	return -1;
}

/* The writer's socket; without it nothing can be recorded. */
static int
connect_writer(struct seal *s)
{
	enum client_err e = client_open(&s->client, s->site->run);

	if (e == CLIENT_OK)
		return 0;
	if (s->call.unrecorded) {
		log_warn(tr("this hand-over could not be recorded: %s",
			     "この引渡しを記録できませんでした: %s"),
		    client_strerror(e));
		return 0;
	}
	log_error(tr("a hand-over must be recorded: %s (or say --unrecorded)",
		      "引渡しは記録する必要があります: %s（記録せずに続けるには"
		      "--unrecorded）"),
	    client_strerror(e));
	return -1;
}

/* Of a log that is over the last segment has no manifest, nor ever will. */
static void
say_unclosed(const struct seal *s)
{
	if (s->call.level == LEVEL_WHOLE)
		log_warn(tr("log %s is over and its last segment was never "
			    "closed, so it is left out: --level excerpt has "
			    "its records",
			     "ログ%sは終了しており、最後のセグメントは閉じられ"
			     "ていないため含まれません。--level excerptならその"
			     "記録も含められます"),
		    s->log->ref);
}

/* Close the open segment if what was asked for lies in it. */
static int
close_segment(struct seal *s)
{
	struct client_sealed sealed;
	enum client_err e;
	bool needed;

	if (build_needs_close(s->log, &s->call.choice, &needed, &s->why_not) !=
	    0)
		return fail(s);
	if (!needed)
		return 0;
	if (s->log->over) {
		say_unclosed(s);
		return 0;
	}
	if (s->client == NULL) {
		if (s->call.level == LEVEL_WHOLE)
			log_warn("%s",
			    tr("the open segment is left out: only a running "
			       "collector can close it",
				"開いているセグメントは含まれません。閉じるに"
				"は、コレクターを動かしてください"));
		return 0;
	}
	e = client_close_segment(s->client, s->log->name, &sealed);
	if (e == CLIENT_OK)
		return 0;
	operator_explain(s->client, e, &s->why_not);
	return fail(s);
}

static void
word_text(struct buf *out, const char *key, const char *value)
{
	if (value != NULL)
		record_word(out, key, span_str(value));
}

/* What is asked for, as words of the record. */
static void
range_words(const struct seal *s, struct buf *out)
{
	const struct choice *c = &s->call.choice;

	record_word(out, "action", SPAN("export"));
	record_word(out, "what", SPAN("seal"));
	record_word(out, "log", span_str(s->log->ref));
	word_text(out, "level", seal_level_name(s->call.level));
	if (c->from > 0)
		record_word_u64(out, "first", c->from);
	if (c->to != UINT64_MAX)
		record_word_u64(out, "last", c->to);
	if (c->since > 0)
		record_word_u64(out, "since", c->since);
	if (c->until != UINT64_MAX)
		record_word_u64(out, "until", c->until);
	word_text(out, "source", c->source);
	/* Not the texts: whoever gets this segment would get them. */
	if (c->search.n > 0)
		record_word_u64(out, "searches", c->search.n);
	if (c->withhold.n > 0)
		record_word_u64(out, "withholds", c->withhold.n);
	word_text(out, "by", s->call.by);
	word_text(out, "for", s->call.recipient);
	word_text(out, "why", s->call.why);
	word_text(out, "authority", s->call.authority);
}

static void
json_member(struct buf *out, const char *key, const char *value)
{
	buf_printf(out, ",\"%s\":", key);
	json_quote(out, span_str(value));
}

static void
json_choice(const struct seal *s, struct buf *out)
{
	const struct choice *c = &s->call.choice;
	char when[UTC_TEXT];
	size_t i;

	json_member(out, "level", seal_level_name(s->call.level));
	if (c->from > 0)
		buf_printf(out, ",\"first\":%" PRIu64, c->from);
	if (c->to != UINT64_MAX)
		buf_printf(out, ",\"last\":%" PRIu64, c->to);
	if (c->since > 0)
		json_member(out, "since",
		    utc_print((int64_t)c->since, 0, when));
	if (c->until != UINT64_MAX)
		json_member(out, "until",
		    utc_print((int64_t)c->until, 0, when));
	if (c->source != NULL)
		json_member(out, "source", c->source);
	for (i = 0; i < c->search.n; i++) {
		buf_str(out, i == 0 ? ",\"search\":[" : ",");
		json_quote(out, c->search.v[i]);
	}
	if (c->search.n > 0)
		buf_byte(out, ']');
}

/*
 * Record the export before it happens, in the log that is exported: so the
 * segment that was closed gets its successor, which names its manifest.  A log
 * that is over takes no record: then it is the one in force.
 */
static int
record_export(struct seal *s)
{
	char now[UTC_TEXT];
	uint64_t index = 0;
	struct buf words;
	int rc = 0;

	buf_init(&words);
	range_words(s, &words);
	if (s->client != NULL)
		rc = operator_append(s->client, s->log->name, buf_view(&words),
		    &index, &s->why_not);
	buf_fini(&words);
	if (rc != 0)
		return fail(s);
	buf_printf(&s->custody, "{\"step\":\"export\",\"at\":\"%s\"",
	    utc_print(utc_now(), 0, now));
	json_member(&s->custody, "by", s->call.by);
	buf_printf(&s->custody, ",\"uid\":%lu", (unsigned long)getuid());
	json_member(&s->custody, "for", s->call.recipient);
	json_member(&s->custody, "why", s->call.why);
	json_member(&s->custody, "authority", s->call.authority);
	json_member(&s->custody, "origin", s->log->origin);
	json_choice(s, &s->custody);
	if (s->client != NULL)
		buf_printf(&s->custody, ",\"record\":%" PRIu64, index);
	else
		buf_str(&s->custody, ",\"record\":null");
	if (s->log->over)
		json_member(&s->custody, "recorded-in",
		    site_log(s->site, s->log->name)->origin);
	buf_str(&s->custody, "}\n");
	return 0;
}

/* The hash of what was made, in the log and in the casebook. */
static int
record_handover(struct seal *s, struct built *b)
{
	struct custody c = { .step = CUSTODY_HANDOVER,
		.at = b->package.created };
	const char *const logs[] = { s->log->name, "casebook" };
	struct buf words;
	uint64_t index;
	size_t i;
	int rc = 0;

	if (s->client == NULL)
		return 0;
	memcpy(c.package, b->hash, SHA256_LEN);
	c.text[CUSTODY_FROM] = span_str(s->call.by);
	c.text[CUSTODY_TO] = b->package.recipient;
	c.text[CUSTODY_WHY] = b->package.why;
	c.text[CUSTODY_AUTHORITY] = b->package.authority;
	buf_init(&words);
	custody_print(&c, &words);
	record_word(&words, "origin", b->package.origin);
	record_word(&words, "kind",
	    span_str(package_kind_name(b->package.kind)));
	record_word_u64(&words, "first", b->package.first);
	record_word_u64(&words, "last", b->package.last);
	record_word_u64(&words, "size", b->package.size);
	for (i = 0; rc == 0 && i < 2; i++) {
		if (i == 1 && strcmp(logs[0], logs[1]) == 0)
			break;
		rc = operator_append(s->client, logs[i], buf_view(&words),
		    &index, &s->why_not);
		if (rc == 0)
			printf("recorded %s %" PRIu64 "\n", logs[i], index);
	}
	buf_fini(&words);
	if (rc != 0)
		log_error(tr("%s is made, but its hand-over could not be "
			     "recorded: %s",
			      "%s は作成しましたが、引渡しを記録できませんでし"
			      "た: %s"),
		    buf_cstr(&b->path), buf_cstr(&s->why_not));
	return rc;
}

static void
print_hash(const char *key, const uint8_t hash[SHA256_LEN], const char *what)
{
	char hex[2 * SHA256_LEN];

	hex_print(hash, SHA256_LEN, hex);
	printf("%s %.*s %s\n", key, (int)sizeof(hex), hex, what);
}

/* Of what was asked for: what is there no more. */
static void
show_gone(const struct seal *s, const struct gone *g)
{
	char when[UTC_TEXT];
	struct gone_run run;
	struct buf basis;
	size_t i = 0;

	buf_init(&basis);
	while (gone_next(g, &i, &run)) {
		basis.len = 0;
		if (run.basis == NULL) {
			printf("missing %" PRIu64 "-%" PRIu64 "\n", run.first,
			    run.last);
			continue;
		}
		text_escape(span_str(run.basis), &basis);
		printf("deleted %" PRIu64 "-%" PRIu64 " %s %s\n", run.first,
		    run.last, utc_print((int64_t)run.at, s->site->zone, when),
		    buf_cstr(&basis));
	}
	buf_fini(&basis);
}

/* What goes onto the custody form. */
static void
show(const struct seal *s, struct built *b)
{
	const struct package *p = &b->package;
	char when[UTC_TEXT];

	printf("package %s\n", buf_cstr(&b->path));
	print_hash("sha256", b->hash, "tagmanifest-sha256.txt");
	printf("kind %s\nrecords %" PRIu64 " %" PRIu64 "\n",
	    package_kind_name(p->kind), p->first, p->last);
	if (p->kind == PACKAGE_EXCERPT)
		printf("shown %" PRIu64 "\nwithheld %" PRIu64
		       "\nhidden %" PRIu64 "\n",
		    p->shown, p->withheld, b->hidden);
	else
		printf("segments %" PRIu64 "\n", b->segments);
	show_gone(s, &b->gone);
	printf("payload %" PRIu64 " bytes in %" PRIu64 " files\n", b->bytes,
	    b->files);
	if (b->stamped != 0)
		printf("timestamp %s\n",
		    utc_print((int64_t)b->stamped, 0, when));
	else
		puts("timestamp -");
	printf("checkpoint\n%s", buf_cstr(&b->checkpoint));
}

static int
encrypt(struct seal *s, struct built *b)
{
	int rc;

	if (s->call.encrypt_to == NULL)
		return 0;
	rc = envelope_make(s->call.output, buf_cstr(&b->name),
	    s->call.encrypt_to, &s->envelope, s->envelope_hash, &s->why_not);
	if (rc != 0)
		log_error(tr("%s is made, but not encrypted: %s",
			      "%s は作成しましたが、暗号化できませんでした: "
			      "%s"),
		    buf_cstr(&b->path), buf_cstr(&s->why_not));
	else
		print_hash("encrypted", s->envelope_hash,
		    buf_cstr(&s->envelope));
	return rc;
}

static enum log_lang
slip_lang(const struct seal *s)
{
	if (command_lang() != NULL)
		return log_lang();
	return s->site->language == SITE_LANGUAGE_JA ? LOG_JA : LOG_EN;
}

/* A file that is not there yet. */
static int
write_new(const char *path, struct span bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640), rc;

	if (fd < 0)
		return -1;
	rc = io_write_all(fd, bytes.p, bytes.len) == 0 ? fsync(fd) : -1;
	return close(fd) == 0 ? rc : -1;
}

/* The custody form: beside the package, for it goes another way. */
static int
write_slip(struct seal *s, struct built *b)
{
	const struct package *p = &b->package;
	struct buf what, page, path;
	const char *envelope = strrchr(buf_cstr(&s->envelope), '/');
	struct slip slip = { .lang = slip_lang(s),
		.site = s->site->name,
		.name = buf_cstr(&b->name),
		.origin = p->origin,
		.first = p->first,
		.last = p->last,
		.low = (int64_t)b->low,
		.high = (int64_t)b->high,
		.made = (int64_t)p->created,
		.stamped = (int64_t)b->stamped,
		.zone = s->site->zone,
		.files = b->files,
		.bytes = b->bytes,
		.hash = b->hash,
		.sealed_name = envelope == NULL ? NULL : envelope + 1,
		.sealed_hash = s->envelope_hash,
		.by = s->call.by,
		.recipient = p->recipient,
		.why = p->why,
		.authority = p->authority };
	int rc;

	buf_init(&what);
	buf_init(&page);
	buf_init(&path);
	built_print_what(b, slip.lang == LOG_JA, slip.zone, &what);
	buf_byte(&what, '\n');
	slip.what = buf_view(&what);
	buf_printf(&path, "%s.custody.html", buf_cstr(&b->path));
	rc = slip_html(&slip, &page);
	if (rc == 0)
		rc = write_new(buf_cstr(&path), buf_view(&page));
	if (rc == 0)
		printf("form %s\n", buf_cstr(&path));
	else
		log_errno(tr("%s is made, but not its custody form",
			      "%s は作成しましたが、受渡票を作成できませんで"
			      "した"),
		    buf_cstr(&b->path));
	buf_fini(&what);
	buf_fini(&page);
	buf_fini(&path);
	return rc;
}

static int
make(struct seal *s)
{
	struct build_options o = { .site = s->site,
		.log = s->log,
		.kind = s->call.level == LEVEL_WHOLE ? PACKAGE_WHOLE
						     : PACKAGE_EXCERPT,
		.choice = &s->call.choice,
		.why = span_str(s->call.why),
		.authority = span_str(s->call.authority),
		.recipient = span_str(s->call.recipient),
		.output = s->call.output,
		.certificate = s->call.certificate != NULL
		    ? s->call.certificate
		    : s->site->handover.certificate,
		.key =
		    s->call.key != NULL ? s->call.key : s->site->handover.key,
		.custody = buf_view(&s->custody),
		.check = custody_check_made };
	struct built b;
	int rc;

	s->call.choice.rest = s->call.level == LEVEL_LEAVES;
	rc = build(&o, &b, &s->why_not);
	if (rc != 0)
		(void)fail(s);
	else {
		show(s, &b);
		rc = record_handover(s, &b);
		if (encrypt(s, &b) != 0)
			rc = -1;
		if (write_slip(s, &b) != 0)
			rc = -1;
	}
	built_fini(&b);
	return rc;
}

/* Indexes are of one log; a time may be that of another generation, too. */
static void
say_others(const struct seal *s)
{
	const struct choice *c = &s->call.choice;

	if (s->call.since != NULL || s->call.until != NULL ||
	    (c->from == 0 && c->to == UINT64_MAX))
		(void)generations_say(s->site, s->log, c->since, c->until);
}

static int
run(struct seal *s)
{
	if ((s->site = command_site(s->call.site_dir)) == NULL)
		return 1;
	if ((s->log = command_site_log(s->site, s->call.log_name)) == NULL ||
	    times_parse(s) != 0)
		return 1;
	if (!role_may(s->site, ROLE_ACT_PRESERVE))
		return 1;
	say_others(s);
	return connect_writer(s) == 0 && close_segment(s) == 0 &&
		record_export(s) == 0 && make(s) == 0 && fflush(stdout) == 0
	    ? 0
	    : 1;
}

int
command_seal(int argc, char *argv[])
{
	struct seal s = { .client = NULL };
	int status = seal_call_parse(argc, argv, &s.call);

	if (status != 0)
		return status == 1 ? 0 : status;
	buf_init(&s.custody);
	buf_init(&s.envelope);
	buf_init(&s.why_not);
	status = run(&s);
	client_close(s.client);
	site_free(s.site);
	buf_fini(&s.custody);
	buf_fini(&s.envelope);
	buf_fini(&s.why_not);
	buf_fini(&s.call.choice.text);
	return status;
}

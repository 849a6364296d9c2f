/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The second reading of a file: its records, which laid end to end are the
 * file.  Its hash is made again, so that a file that changes under us is
 * noticed.  The casebook says before and behind it that it was imported.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/import.h"
#include "common/hex.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

#define RAW 65536u /* bytes of a record of what is cut anywhere */

static volatile sig_atomic_t interrupted;

static void
on_signal(int number)
{
	interrupted = number;
}

static void
catch_signals(void)
{
	struct sigaction a = { .sa_handler = on_signal };

	sigemptyset(&a.sa_mask);
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
}

static void
client_fail(struct import *in, const struct original *o, enum client_err err)
{
	const char *detail = client_detail(in->client);

	log_error("%s: %s%s%s", import_name(o), client_strerror(err),
	    *detail != '\0' ? ": " : "", detail);
}

static bool
is_utf16(const struct original *o)
{
	return o->encoding == TEXT_UTF16LE || o->encoding == TEXT_UTF16BE;
}

/* How a reader finds the message in a body. */
static struct span
framing(const struct original *o)
{
	if (o->unit == SPLIT_RAW)
		return SPAN("raw");
	return is_utf16(o) || o->unit == SPLIT_EVENT ? SPAN("none")
						     : SPAN("lf");
}

/* What identifies the original and where it came from. */
static void
word_origin(struct buf *w, const struct container *c, const struct original *o)
{
	struct span raw = unpack_raw_name(c->u, o->i);

	if (unpack_kind(c->u) == UNPACK_PLAIN)
		return;
	record_word(w, "container", span_str(unpack_kind_name(c->u)));
	record_word_hash(w, "container-sha256", c->hash);
	if (raw.len > 0)
		record_word(w, "member", raw);
}

static int
stream_open(struct import *in, const struct container *c,
    const struct original *o, uint32_t *stream)
{
	struct buf w;
	enum client_err err;

	buf_init(&w);
	record_word(&w, "listener", SPAN("import"));
	record_word(&w, "transport", SPAN("import"));
	if (in->source != NULL)
		record_word(&w, "peer", span_str(in->source));
	record_word(&w, "framing", framing(o));
	record_word(&w, "replay", in->replay ? SPAN("yes") : SPAN("no"));
	record_word(&w, "program", SPAN("konseki"));
	record_word(&w, "file", buf_view(&o->file));
	record_word_u64(&w, "size", o->size);
	record_word_hash(&w, "sha256", o->hash);
	record_word(&w, "encoding", span_str(text_encoding_name(o->encoding)));
	if (in->mapping != NULL) {
		record_word(&w, "mapping", span_str(in->mapping));
		record_word_hash(&w, "mapping-sha256", in->mapping_hash);
	}
	record_word(&w, "unit", span_str(split_unit_name(o->unit)));
	word_origin(&w, c, o);
	if (o->damage != UNPACK_NONE)
		record_word(&w, "damage",
		    span_str(unpack_damage_name(o->damage)));
	err = client_stream(in->client, in->log, buf_view(&w), stream);
	buf_fini(&w);
	if (err != CLIENT_OK)
		client_fail(in, o, err);
	return err == CLIENT_OK ? 0 : -1;
}

/* An o1 record of the casebook: an import begins, or is sealed. */
static int
note(struct import *in, const struct container *c, const struct original *o,
    const struct book_entry *e, const struct client_sealed *s)
{
	struct client_sealed sealed;
	enum client_err err;
	struct buf w;

	buf_init(&w);
	record_word(&w, "action", e->done ? SPAN("imported") : SPAN("import"));
	record_word(&w, "log", span_str(in->log));
	record_word(&w, "file", buf_view(&o->file));
	record_word_u64(&w, "size", o->size);
	record_word_hash(&w, "sha256", o->hash);
	word_origin(&w, c, o);
	if (e->done) {
		record_word_u64(&w, "stream", e->stream);
		record_word_u64(&w, "records", s->n);
		if (s->n > 0) {
			record_word_u64(&w, "first", s->first);
			record_word_u64(&w, "last", s->last);
		}
	}
	err = client_operator(in->client, "casebook", buf_view(&w));
	if (err == CLIENT_OK)
		err = client_seal(in->client, "casebook", &sealed);
	buf_fini(&w);
	if (err != CLIENT_OK)
		client_fail(in, o, err);
	return err == CLIENT_OK ? 0 : -1;
}

/* Hand over the whole records of buf; what is left stays in it. */
static int
records_send(struct import *in, const struct original *o, struct split *split,
    struct buf *buf, bool last)
{
	static const unsigned flag[] = { [SPLIT_WHOLE] = 0,
		[SPLIT_CUT] = RECORD_CUT,
		[SPLIT_PARTIAL] = RECORD_PARTIAL };
	struct span rest = buf_view(buf);
	enum client_err err = CLIENT_OK;
	enum split_end end;
	size_t n;

	while (
	    err == CLIENT_OK && (n = split_next(split, rest, last, &end)) > 0) {
		err = client_append(in->client, span_sub(rest, 0, n),
		    RECORD_IMPORTED | flag[end]);
		rest = span_sub(rest, n, rest.len);
	}
	if (rest.len > 0)
		memmove(buf->p, rest.p, rest.len);
	buf->len = rest.len;
	if (err != CLIENT_OK)
		client_fail(in, o, err);
	return err == CLIENT_OK ? 0 : -1;
}

static void
say_changed(const struct original *o)
{
	log_error(tr("%s: the file changed while it was imported: what was "
		     "imported is not what its hash says; import it again",
		      "%s: 取り込み中にファイルが変わりました。記録したハッシュ"
		      "と一致しません。もう一度取り込んでください"),
	    import_name(o));
}

/* How the sending ended: the name of the stream's end; NULL: no writer. */
static const char *
file_send(struct import *in, struct container *c, const struct original *o,
    uint64_t *done)
{
	struct split split =
	    import_split(o, o->unit == SPLIT_RAW ? RAW : RECORD_BODY_MAX);
	uint8_t hash[SHA256_LEN];
	struct sha256 h;
	struct buf buf;
	ssize_t n;
	int rc;

	buf_init(&buf);
	sha256_init(&h);
	do {
		n = unpack_read(c->u, in->block, IMPORT_BLOCK, in->large);
		if (n < 0)
			log_errno("%s", import_name(o));
		if (n < 0)
			break;
		sha256_update(&h, in->block, (size_t)n);
		buf_append(&buf, in->block, (size_t)n);
		*done += (size_t)n;
		log_progress(tr("importing", "取り込み中"), *done, o->size);
		rc = records_send(in, o, &split, &buf, n == 0);
	} while (rc == 0 && n > 0 && !interrupted);
	log_progress_end();
	buf_fini(&buf);
	if (n < 0)
		return "read-error";
	if (rc != 0)
		return NULL;
	if (n > 0)
		return "interrupted";
	if (split.open > 0)
		log_warn(tr("%s: %" PRIu64 " lines begin a quote that never "
			    "closes; each was taken as a record of its own",
			     "%s: 引用符が閉じていない行が%" PRIu64
			     "行あり、1行を1記録として取り込みました"),
		    import_name(o), split.open);
	sha256_final(&h, hash);
	if (memcmp(hash, o->hash, sizeof(hash)) == 0)
		return "end-of-file";
	say_changed(o);
	return "file-changed";
}

static void
print(const struct import *in, const struct original *o, uint32_t stream,
    const struct client_sealed *s)
{
	char hex[2 * SHA256_LEN];
	struct buf line;

	buf_init(&line);
	hex_print(o->hash, SHA256_LEN, hex);
	text_escape(buf_view(&o->name), &line);
	buf_printf(&line, " log=%s stream=%" PRIu32 " records=%" PRIu64,
	    in->log, stream, s->n);
	if (s->n > 0)
		buf_printf(&line, " index=%" PRIu64 "-%" PRIu64, s->first,
		    s->last);
	buf_printf(&line,
	    " size=%" PRIu64 " sha256=%.64s unit=%s encoding=%s\n", o->size,
	    hex, split_unit_name(o->unit), text_encoding_name(o->encoding));
	fwrite(line.p, 1, line.len, stdout);
	fflush(stdout);
	buf_fini(&line);
}

/* What is in the evidence of an import that was not finished. */
static void
say_taken(const struct original *o, uint64_t done,
    const struct client_sealed *s)
{
	log_error(tr("%s: the import broke off behind byte %" PRIu64
		     " of %" PRIu64 ". Import the file again",
		      "%s: %" PRIu64 "バイト目（全%" PRIu64
		      "バイト）で取り込みが中断しました。もう一度取り込んでくだ"
		      "さい"),
	    import_name(o), done, o->size);
	if (s == NULL)
		log_error("%s",
		    tr("what of it was sealed stays in the evidence",
			"署名済みの分は証拠に残っています"));
	else if (s->n == 0)
		log_error("%s",
		    tr("no record of it was taken",
			"この取り込みの記録はありません"));
	else
		log_error(tr("the records %" PRIu64 "-%" PRIu64
			     " of it stay in the evidence",
			      "記録%" PRIu64 "-%" PRIu64
			      "は証拠に残っています"),
		    s->first, s->last);
}

/* Whether the same bytes were imported before: told, and refused. */
static enum import_end
known(const struct import *in, const struct original *o)
{
	const struct book_entry *e;
	char at[UTC_TEXT];

	if (in->book == NULL || o->size == 0 ||
	    (e = book_find(in->book, o->hash, in->log)) == NULL)
		return IMPORT_DONE;
	utc_print_local(e->at, in->site->zone, at);
	if (!e->done) {
		log_warn(tr("%s: an import of this file that began on %s was "
			    "not finished; it is imported again, whole, as "
			    "another stream",
			     "%s: "
			     "%sに始めた取り込みが完了していません。別のストリ"
			     "ー"
			     "ムとして全体を取り込み直します"),
		    import_name(o), at);
		return IMPORT_DONE;
	}
	if (in->again)
		return IMPORT_DONE;
	log_error(tr("%s: this file was imported on %s already (stream %" PRIu64
		     ", records %" PRIu64 "-%" PRIu64
		     "); --again imports it once more",
		      "%s: "
		      "このファイルは%sに取り込み済みです（ストリーム%" PRIu64
		      "、記録%" PRIu64 "-%" PRIu64
		      "）。もう一度取り込むには--againを付けてください"),
	    import_name(o), at, e->stream, e->first, e->last);
	return IMPORT_REFUSED;
}

static enum import_end
sealed(struct import *in, struct container *c, const struct original *o,
    struct book_entry *e, const char *why, uint64_t done)
{
	bool whole = strcmp(why, "end-of-file") == 0;
	struct client_sealed s;
	enum client_err err = client_end(in->client, why);

	if (err == CLIENT_OK)
		err = client_seal(in->client, in->log, &s);
	if (err != CLIENT_OK) {
		client_fail(in, o, err);
		say_taken(o, done, NULL);
		return IMPORT_STOPPED;
	}
	print(in, o, (uint32_t)e->stream, &s);
	if (!whole && strcmp(why, "file-changed") != 0)
		say_taken(o, done, &s);
	if (!whole)
		return interrupted ? IMPORT_STOPPED : IMPORT_REFUSED;
	*e = (struct book_entry){ .at = utc_now(),
		.done = true,
		.stream = e->stream,
		.first = s.first,
		.last = s.last };
	memcpy(e->hash, o->hash, sizeof(e->hash));
	snprintf(e->log, sizeof(e->log), "%s", in->log);
	if (note(in, c, o, e, &s) != 0)
		return IMPORT_STOPPED;
	if (in->book != NULL)
		book_add(in->book, e);
	return IMPORT_DONE;
}

enum import_end
import_send(struct import *in, struct container *c, const struct original *o)
{
	struct book_entry e = { 0 };
	uint32_t stream = 0;
	uint64_t done = 0;
	const char *why;
	struct buf text;
	int rc;

	catch_signals();
	if (known(in, o) != IMPORT_DONE)
		return IMPORT_REFUSED;
	buf_init(&text);
	if ((rc = unpack_start(c->u, o->i, &text)) != 0)
		log_error("%s: %s", import_name(o), buf_cstr(&text));
	buf_fini(&text);
	if (rc != 0)
		return IMPORT_REFUSED;
	if (note(in, c, o, &e, NULL) != 0 ||
	    stream_open(in, c, o, &stream) != 0)
		return IMPORT_STOPPED;
	e.stream = stream;
	if ((why = file_send(in, c, o, &done)) != NULL)
		return sealed(in, c, o, &e, why, done);
	say_taken(o, done, NULL);
	return IMPORT_STOPPED;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/prove_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "common/text.h"
#include "evidence/logfile.h"
#include "evidence/rangeproof.h"
#include "evidence/tlogproof.h"

struct check {
	const struct prove_check *asked;
	const struct note_key *key; /* of the pin, or NULL */
	struct logfile pin;
	struct span text; /* of the proof */
	struct tlogproof t;
	struct checkpoint c; /* that the proof leads to */
};

bool
prove_check_asked(const struct prove_check *c)
{
	return c->pin != NULL || c->old != NULL || c->record != NULL ||
	    c->nonce != NULL;
}

static int
load(const char *file, size_t max, struct buf *out)
{
	if (io_read_file(file, max, out) == 0)
		return 0;
	log_errno("%s", file);
	return -1;
}

static int
load_pin(struct check *k)
{
	const char *file = k->asked->pin;
	struct buf text;
	unsigned line;
	int rc = -1;

	if (file == NULL)
		return 0;
	buf_init(&text);
	if (load(file, LOGFILE_MAX, &text) != 0)
		;
	else if (logfile_parse(buf_view(&text), &k->pin, &line) != 0)
		log_error(tr("%s, line %u: not the description of a log",
			      "%sの%u行目: ログの記述ファイルではありません"),
		    file, line);
	else {
		k->key = &k->pin.key;
		rc = 0;
	}
	buf_fini(&text);
	return rc;
}

static int
refuse(const struct check *k, enum tlogproof_err e)
{
	if (e == TLOGPROOF_OK)
		return 0;
	log_error("%s: %s", k->asked->path, tlogproof_strerror(e));
	return -1;
}

/* Behind what is proved: in which log, and on whose word. */
static void
say_log(const struct check *k)
{
	printf(tr("in the %" PRIu64 " records of %.*s%s\n",
		   "（%" PRIu64 "件のログ %.*s に含まれます%s）\n"),
	    k->c.size, (int)k->c.origin.len, (const char *)k->c.origin.p,
	    k->key != NULL ? ""
			   : tr("; its signature was not checked (--pin)",
				 "。署名は未検査です。--pinで検査できます"));
}

/* ---- one record ---- */

/* Whether nonce and body are those of the commitment, the line's last word. */
static int
record_is(const struct check *k, struct span leaf)
{
	uint8_t nonce[16], commit[SHA256_LEN];
	const char *file = k->asked->record;
	char want[2 * SHA256_LEN];
	struct buf body;
	int rc = -1;

	if (hex_parse(span_str(k->asked->nonce), nonce, sizeof(nonce)) != 0) {
		log_error(tr("--nonce takes 32 digits of hex, not '%s'",
			      "--nonceには16進数32桁を指定してください: '%s'"),
		    k->asked->nonce);
		return -1;
	}
	buf_init(&body);
	if (load(file, RECORD_BODY_MAX, &body) == 0) {
		record_commit(nonce, buf_view(&body), commit);
		hex_print(commit, SHA256_LEN, want);
		if (leaf.len > sizeof(want) &&
		    span_eq(span_sub(leaf, leaf.len - sizeof(want), leaf.len),
			span_make(want, sizeof(want))))
			rc = 0;
		else
			log_error(tr("%s, with this nonce, is not the record "
				     "that is proved",
				      "%sは、このnonceでは、証明された記録の本"
				      "文と一致しません"),
			    file);
	}
	buf_fini(&body);
	return rc;
}

/* The leaf line is what the proof itself brings along. */
static int
check_record(struct check *k)
{
	struct tlogproof *again = malloc(sizeof(*again));
	enum tlogproof_err e = TLOGPROOF_BAD_TEXT;
	struct span leaf = { NULL, 0 };
	struct buf line;
	unsigned bad;
	int rc;

	if (again == NULL)
		abort();
	if (tlogproof_parse(k->text, &k->t, &bad) == 0) {
		leaf = span_make(k->t.extra, k->t.extra_len);
		e = tlogproof_check(k->text, leaf, k->key, again, &k->c);
	}
	free(again);
	rc = refuse(k, e);
	if (rc == 0 && k->asked->record != NULL)
		rc = record_is(k, leaf);
	if (rc != 0)
		return -1;
	buf_init(&line);
	text_escape(leaf, &line); /* it came with the file */
	printf(tr("proved: %s\n", "証明済み: %s\n"), buf_cstr(&line));
	buf_fini(&line);
	if (k->asked->record != NULL)
		printf(tr("its content is %s\n", "本文は%sと一致します\n"),
		    k->asked->record);
	say_log(k);
	return 0;
}

/* ---- growth ---- */

/* An older checkpoint: a note, which the pinned key then signed, or its three
 * lines, as they are typed off paper.  c borrows from text. */
static int
read_old(const struct check *k, struct span text, struct checkpoint *c)
{
	struct note n;

	if (note_parse(text, &n) != NOTE_OK) {
		if (checkpoint_parse(text, c) == 0)
			return 0;
	} else if (checkpoint_parse(n.text, c) == 0 &&
	    (k->key == NULL || checkpoint_verify_log(&n, k->key) == NOTE_OK))
		return 0;
	log_error(tr("%s: not a checkpoint of this log",
		      "%s: このログのチェックポイントではありません"),
	    k->asked->old);
	return -1;
}

static int
check_growth(struct check *k)
{
	struct checkpoint old;
	struct buf text;
	int rc = -1;

	if (k->asked->old == NULL) {
		log_error(tr("%s proves that a log grew from an older one: "
			     "name that with --old FILE, a checkpoint or its "
			     "three lines, kept from outside",
			      "%sは以前のログの続きであることの証明です。外部"
			      "に保管した以前のチェックポイント（またはその3行"
			      "）"
			      "を--oldで指定してください"),
		    k->asked->path);
		return -1;
	}
	buf_init(&text);
	if (load(k->asked->old, NOTE_MAX, &text) == 0 &&
	    read_old(k, buf_view(&text), &old) == 0)
		rc = refuse(k,
		    tlogproof_check_old(k->text, &old, k->key, &k->t, &k->c));
	if (rc == 0) {
		printf(tr("proved: the %" PRIu64 " records of %s stand "
			  "unchanged\n",
			   "証明済み: %" PRIu64
			   "件の記録（%s）は変わらず残っています\n"),
		    old.size, k->asked->old);
		say_log(k);
	}
	buf_fini(&text);
	return rc;
}

/* ---- a range ---- */

static int
check_range(struct check *k)
{
	struct rangeproof r;

	if (refuse(k, rangeproof_check(k->text, k->key, &r)) != 0)
		return -1;
	k->c = r.checkpoint;
	printf(tr("proved: the records %" PRIu64 " to %" PRIu64
		  ", and nothing between them\n",
		   "証明済み: 記録%" PRIu64 "から%" PRIu64
		   "まで。間には何もありません\n"),
	    r.first, r.last);
	say_log(k);
	return 0;
}

/* ---- which of them it is ---- */

static int
check_text(struct check *k)
{
	bool range = span_starts(k->text, SPAN(RANGEPROOF_LINE));
	bool growth = span_starts(k->text, SPAN("old "));

	if ((range || growth) && k->asked->record != NULL) {
		log_error(tr("%s is not the proof of one record",
			      "%sは一つの記録の証明ではありません"),
		    k->asked->path);
		return -1;
	}
	return range ? check_range(k)
	    : growth ? check_growth(k)
		     : check_record(k);
}

int
prove_check(const struct prove_check *asked)
{
	struct check *k;
	struct buf text;
	int rc = -1;

	if ((asked->record == NULL) != (asked->nonce == NULL)) {
		log_error("%s",
		    tr("--record and --nonce go together",
			"--recordと--nonceは両方を指定してください"));
		return -1;
	}
	if ((k = calloc(1, sizeof(*k))) == NULL)
		abort();
	k->asked = asked;
	buf_init(&text);
	if (load_pin(k) == 0 && load(asked->path, RANGEPROOF_MAX, &text) == 0) {
		k->text = buf_view(&text);
		rc = check_text(k);
	}
	buf_fini(&text);
	free(k);
	return rc;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "verify/match.h"
#include "verify/stamp.h"
#include "verify/walk.h"

/*
 * What others signed over a checkpoint: anchors that came another way, and the
 * tokens and cosignatures that the log itself names.
 */
/* What is wrong with an anchor, whose bytes are in; SAY_NONE if nothing. */
static enum say_what
anchor_take(struct walk *w, struct walk_anchor *a, struct span in)
{
	struct signed_key key;
	struct signed_note n;
	enum say_what why;
	size_t lf = 0, len = 0;

	if (in.len > 0 && in.p[0] == 0x30) { /* DER, and no origin */
		a->token = true;
		if (w->opt->tsa == NULL)
			return SAY_STAMP_NO_CA;
		why = stamp_read(in, a->hash, &a->time);
		return why == SAY_NONE ? stamp_check(in, w->opt->tsa) : why;
	}
	while (lf < 3 && len < in.len)
		lf += in.p[len++] == '\n';
	if (lf != 3 || signed_head_parse(span_sub(in, 0, len), &a->head) != 0)
		return SAY_ANCHOR_LINES;
	if (!span_is(a->head.origin, w->pin.key.name))
		return SAY_NOTE_LOG;
	a->head.origin = span_make(NULL, 0);
	if (w->opt->witness == NULL)
		return SAY_NONE;
	if (signed_key_parse(span_str(w->opt->witness), &key) != 0)
		return SAY_WITNESS_KEY;
	if ((why = signed_parse(in, &n)) != SAY_NONE)
		return why;
	for (size_t i = 0; i < n.n; i++)
		if ((why = signed_check(&n, i, &key, &a->time)) == SAY_NONE) {
			a->time *= 1000000;
			return SAY_NONE;
		}
	return SAY_WITNESS_NONE;
}

int
anchors_open(struct walk *w)
{
	struct walk_anchor *a = w->anchor;
	enum say_what why;
	ssize_t len;

	for (; w->n_anchors < VERIFY_ANCHORS_MAX &&
	     (a->file = w->opt->anchor[w->n_anchors]) != NULL;
	     a++, w->n_anchors++) {
		len = heads_read_given(a->file, w->bytes, SIGNED_MAX);
		why = len < 0
		    ? SAY_ERROR
		    : anchor_take(w, a, span_make(w->bytes, (size_t)len));
		if (why != SAY_NONE)
			return walk_fault(w, VERIFY_IMPOSSIBLE,
			    walk_file(a->file),
			    (struct say){ why, .s = strerror(errno) });
	}
	return 0;
}

int
anchors_check(struct walk *w)
{
	for (size_t i = 0; i < w->n_anchors; i++)
		if (w->anchor[i].head.size > w->newest.size && !heads_grew(w))
			return walk_wrong_at(w, walk_file("checkpoint"),
			    say2(SAY_ANCHOR_BEYOND, w->newest.size,
				w->anchor[i].head.size));
	return 0;
}

void
anchors_fit(struct walk *w, struct walk_anchor *a)
{
	a->seen = true;
	if (a->head.size < w->result->anchor_size ||
	    (a->head.size == w->result->anchor_size && a->time == 0))
		return;
	w->result->anchor_size = a->head.size;
	w->result->anchor_time = a->time;
}

void
anchors_stamped(struct walk *w, uint64_t size, const uint8_t hash[SHA256_LEN])
{
	for (size_t i = 0; i < w->n_anchors; i++)
		if (w->anchor[i].token &&
		    memcmp(w->anchor[i].hash, hash, SHA256_LEN) == 0) {
			w->anchor[i].head.size = size;
			anchors_fit(w, &w->anchor[i]);
		}
}

/* The kept checkpoint that a t1 or w1 names, into w->bytes. */
static int
named_note(struct walk *w, uint64_t size, struct signed_note *n)
{
	char path[48];
	ssize_t len;
	enum say_what why;

	snprintf(path, sizeof(path), "checkpoints/%012" PRIu64, size);
	if ((len = folder_read(&w->dir, path, w->bytes, SIGNED_MAX)) < 0)
		return w->package_size > 0 && errno == ENOENT
		    ? 0
		    : walk_unreadable(w, path);
	why = signed_parse(span_make(w->bytes, (size_t)len), n);
	return why == SAY_NONE ? 1
			       : walk_wrong_at(w, walk_file(path), say0(why));
}

/* The file is the one, and it is over the checkpoint of that size. */
static enum say_what
token_check(struct walk *w, struct span der, const uint8_t want[SHA256_LEN],
    const struct signed_note *n)
{
	uint8_t hash[SHA256_LEN], imprint[SHA256_LEN];
	enum say_what why;
	uint64_t time;

	sha256(der, hash);
	if (memcmp(hash, want, SHA256_LEN) != 0)
		return SAY_STAMP_OTHER;
	sha256(n->text, hash);
	if ((why = stamp_read(der, imprint, &time)) != SAY_NONE)
		return why;
	if (memcmp(hash, imprint, SHA256_LEN) != 0)
		return SAY_STAMP_IMPRINT;
	if (w->opt->tsa != NULL)
		why = stamp_check(der, w->opt->tsa);
	if (w->package_size == 0 && why == SAY_NONE) {
		w->result->stamped = time;
		w->result->stamp_checked = w->opt->tsa != NULL;
	}
	return why;
}

int
anchors_token(struct walk *w)
{
	struct match_words words = { w->fact->body, false };
	uint64_t size = match_word_u64(&words, "size", MERKLE_SIZE_MAX);
	struct span hex = match_word(&words, "sha256");
	uint8_t want[SHA256_LEN], der[STAMP_MAX];
	struct signed_note n;
	enum say_what why;
	char path[64];
	ssize_t len;
	int rc;

	match_word_hash(&words, "sha256", want);
	if (words.bad)
		return walk_wrong(w, say0(SAY_SYSTEM_BAD));
	snprintf(path, sizeof(path), "tokens/%012" PRIu64 "-%.16s.tsr", size,
	    (const char *)hex.p);
	if ((len = folder_read(&w->dir, path, der, sizeof(der))) < 0)
		return w->package_size > 0 && errno == ENOENT
		    ? 0
		    : walk_unreadable(w, path);
	if ((rc = named_note(w, size, &n)) <= 0)
		return rc;
	why = token_check(w, span_make(der, (size_t)len), want, &n);
	return why == SAY_NONE
	    ? 0
	    : walk_wrong_at(w, walk_file(path), say1(why, w->fact->index));
}

int
anchors_cosignature(struct walk *w)
{
	struct match_words words = { w->fact->body, false };
	uint64_t size = match_word_u64(&words, "size", MERKLE_SIZE_MAX);
	uint8_t want[SHA256_LEN], hash[SHA256_LEN];
	struct signed_note n;
	char path[48];
	int rc;

	match_word_hash(&words, "sha256", want);
	if (words.bad)
		return walk_wrong(w, say0(SAY_SYSTEM_BAD));
	if ((rc = named_note(w, size, &n)) <= 0)
		return rc;
	for (size_t i = 2; i < n.n; i++) {
		const uint8_t *line = n.line[i].name.p - 4; /* the dash */
		const uint8_t *end = n.line[i].base64.p + n.line[i].base64.len;

		sha256(span_make(line, (size_t)(end - line) + 1), hash);
		if (memcmp(hash, want, SHA256_LEN) == 0)
			return 0;
	}
	snprintf(path, sizeof(path), "checkpoints/%012" PRIu64, size);
	return walk_wrong_at(w, walk_file(path),
	    say1(SAY_COSIGNATURE_NONE, w->fact->index));
}

/* Say so if a token was of nothing that was walked. */
int
anchors_end(struct walk *w)
{
	for (size_t i = 0; i < w->n_anchors; i++)
		if (w->anchor[i].token && !w->anchor[i].seen)
			return walk_fault(w, VERIFY_IMPOSSIBLE,
			    walk_file(w->anchor[i].file),
			    say0(SAY_STAMP_FOREIGN));
	return 0;
}

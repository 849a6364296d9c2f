/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/hex.h"
#include "verify/match.h"
#include "verify/stamp.h"
#include "verify/walk.h"

/*
 * What others signed over a checkpoint: anchors that came another way, and the
 * tokens and cosignatures that the log itself names.
 */

/*
 * A text as it was signed, from w->bytes, where it was left by an editor or by
 * what reads QR codes: a BOM in front, blanks and CR behind a line, no last LF.
 */
static struct span
plain(struct walk *w, struct span in)
{
	size_t i = span_starts(in, SPAN("\xef\xbb\xbf")) ? 3 : 0, n = 0;
	uint8_t *p = w->bytes;

	for (; i <= in.len; i++) {
		uint8_t c = i < in.len ? p[i] : '\n';

		while (
		    c == '\n' && n > 0 && memchr(" \t\r", p[n - 1], 3) != NULL)
			n--;
		if (i < in.len || (n > 0 && p[n - 1] != '\n'))
			p[n++] = c;
	}
	return span_make(p, n);
}

/* What is wrong with an anchor, whose bytes are in; SAY_NONE if nothing. */
static enum say_what
anchor_take(struct walk *w, struct walk_anchor *a, struct span in)
{
	struct signed_note n;
	enum say_what why;
	size_t lf = 0, len = 0;
	uint8_t r[SHA256_LEN];
	struct span sheet;

	if (in.len > 0 && in.p[0] == 0x30) { /* DER, and no origin */
		a->token = true;
		if (w->opt->tsa[0] == NULL)
			return SAY_STAMP_NO_CA;
		why = stamp_read(in, a->hash);
		return why != SAY_NONE
		    ? why
		    : stamp_check(in, w->opt->tsa, a->hash, &a->time);
	}
	in = plain(w, in);
	while (lf < 3 && len < in.len)
		lf += in.p[len++] == '\n';
	if (lf != 3 || signed_head_parse(span_sub(in, 0, len), &a->head) != 0)
		return SAY_ANCHOR_LINES;
	if (!span_is(a->head.origin, w->pin.key.name))
		return SAY_NOTE_LOG;
	a->head.origin = span_make(NULL, 0);
	sheet = span_sub(in, len, in.len); /* its fourth line */
	if (span_starts(sheet, SPAN("R ")) &&
	    (!match(&sheet, "R %x\n", r) ||
		memcmp(r, w->pin.r, sizeof(r)) != 0))
		walk_wrong_at(w, walk_file(a->file), say0(SAY_ANCHOR_R));
	if (!w->result->policed)
		return SAY_NONE;
	if (sheet.len == 0 || *sheet.p != '\n')
		return SAY_POLICY_NOTE; /* of paper: nobody cosigned it */
	if ((why = signed_parse(in, &n)) != SAY_NONE)
		return why;
	return policy_met(&w->policy, &n, &a->time) ? SAY_NONE
						    : SAY_POLICY_NOTE;
}

void
anchors_open(struct walk *w)
{
	enum say_what why;

	if (!policy_covers(&w->policy, &w->pin.key))
		walk_refuse(w, w->opt->policy, say0(SAY_POLICY_LOG));
	w->result->policed = w->policy.quorum > 0;
	while (w->n_anchors < VERIFY_ANCHORS_MAX &&
	    w->opt->anchor[w->n_anchors] != NULL) {
		struct walk_anchor *a = &w->anchor[w->n_anchors];

		a->file = w->opt->anchor[w->n_anchors++];
		why = anchor_take(w, a,
		    given_read(w, a->file, w->bytes, SIGNED_MAX));
		if (why != SAY_NONE)
			walk_refuse(w, a->file, say0(why));
	}
}

void
anchors_check(struct walk *w)
{
	for (size_t i = 0; i < w->n_anchors; i++)
		if (w->anchor[i].head.size > w->newest.size) {
			struct walk_place at = walk_file(w->anchor[i].file);
			uint64_t own = w->newest.size,
				 size = w->anchor[i].head.size;

			w->ahead = w->copy;
			if (w->result->package[0] != '\0')
				walk_lacks(w, at,
				    say2(SAY_ANCHOR_LATER, own, size));
			else if (!w->ahead && !heads_grew(w))
				walk_wrong_at(w, walk_file("checkpoint"),
				    say2(SAY_ANCHOR_BEYOND, own, size));
		}
}

/* A quorum of the witnesses has seen the log of that size. */
static void
witnessed(struct walk *w, uint64_t size, uint64_t time)
{
	if (size <= w->result->witnessed_size || w->cut)
		return;
	w->result->witnessed_size = size;
	w->result->witnessed_time = time;
}

void
anchors_witnessed(struct walk *w, uint64_t size, const struct signed_note *n)
{
	uint64_t time;

	if (policy_met(&w->policy, n, &time))
		witnessed(w, size, time);
}

void
anchors_fit(struct walk *w, struct walk_anchor *a)
{
	a->seen = true;
	if (w->result->policed && !a->token)
		witnessed(w, a->head.size, a->time);
}

void
anchors_result(struct walk *w)
{
	struct verify_result *r = w->result;

	for (size_t i = 0; i < w->n_anchors; i++) {
		const struct walk_anchor *a = &w->anchor[i];
		bool fits = a->seen && a->head.size <= r->size;
		uint64_t *size = fits ? &r->anchor_size : &r->anchor_out;

		r->anchored = r->anchored || fits;
		if (fits &&
		    (a->head.size > *size ||
			(a->head.size == *size && a->time != 0)))
			r->anchor_time = a->time;
		if (a->head.size > *size)
			*size = a->head.size;
	}
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

/* Whether a package does without a file that a record names. */
static bool
left_out(const struct walk *w, const char *path)
{
	return w->package_size > 0 && folder_lacks(&w->dir, path);
}

/* A t1 or w1, and the kept checkpoint that it names, into w->bytes. */
static bool
read_record(struct walk *w, uint8_t hash[SHA256_LEN], char path[64],
    struct signed_note *n)
{
	struct match_words words = walk_words(w);
	uint64_t size = match_word_u64(&words, "size", MERKLE_SIZE_MAX);
	enum say_what why;

	match_word_hash(&words, "sha256", hash);
	walk_must(w, !words.bad, say0(SAY_SYSTEM_BAD));
	snprintf(path, 64, "checkpoints/%012" PRIu64, size);
	if (left_out(w, path))
		return false;
	why =
	    signed_parse(walk_read(w, &w->dir, path, w->bytes, SIGNED_MAX), n);
	if (why != SAY_NONE)
		walk_wrong_at(w, walk_file(path), say0(why));
	return true;
}

/* The token is the one, and it is over that checkpoint. */
void
anchors_token(struct walk *w)
{
	uint8_t want[SHA256_LEN], hash[SHA256_LEN], bytes[STAMP_MAX];
	char note[64], path[96], hex[2 * SHA256_LEN];
	enum say_what why = SAY_STAMP_OTHER;
	struct signed_note n;
	struct span der;
	uint64_t time;

	if (!read_record(w, want, note, &n))
		return;
	hex_print(want, SHA256_LEN, hex);
	snprintf(path, sizeof(path), "tokens/%s-%.16s.tsr",
	    note + strlen("checkpoints/"), hex);
	if (left_out(w, path))
		return;
	der = walk_read(w, &w->dir, path, bytes, sizeof(bytes));
	sha256(der, hash);
	if (memcmp(hash, want, SHA256_LEN) == 0) {
		sha256(n.text, hash);
		why = stamp_check(der, w->opt->tsa, hash, &time);
	}
	if (why != SAY_NONE)
		walk_wrong_at(w, walk_file(path), say1(why, w->fact->index));
	if (w->package_size > 0)
		return;
	w->result->stamped = time;
	w->result->stamp_checked = w->opt->tsa[0] != NULL;
}

void
anchors_cosignature(struct walk *w)
{
	uint8_t want[SHA256_LEN], hash[SHA256_LEN];
	struct signed_note n;
	char path[64];

	if (!read_record(w, want, path, &n))
		return;
	for (size_t i = 2; i < n.n; i++) {
		const uint8_t *line = n.line[i].name.p - 4; /* the dash */
		const uint8_t *end = n.line[i].base64.p + n.line[i].base64.len;

		sha256(span_make(line, (size_t)(end - line) + 1), hash);
		if (memcmp(hash, want, SHA256_LEN) == 0)
			return;
	}
	walk_wrong_at(w, walk_file(path),
	    say1(SAY_COSIGNATURE_NONE, w->fact->index));
}

/* Say so if a token was of nothing that was walked, or the quorum never met. */
void
anchors_end(struct walk *w)
{
	for (size_t i = 0; i < w->n_anchors; i++)
		if (w->anchor[i].token && !w->anchor[i].seen)
			walk_refuse(w, w->anchor[i].file,
			    say0(SAY_STAMP_FOREIGN));
	if (w->result->policed && w->result->witnessed_size == 0)
		walk_lacks(w, walk_file(w->opt->policy),
		    say0(SAY_POLICY_UNMET));
}

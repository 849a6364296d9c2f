/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/tlogproof.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "common/log.h"
#include "evidence/tree.h"

/* The first line ends with LF, so that a later version is not taken for it. */
#define FIRST_LINE "c2sp.org/tlog-proof@v1\n"

const char *
tlogproof_strerror(enum tlogproof_err e)
{
	switch (e) {
#define TLOGPROOF_ERR(id, en, ja)                                              \
	case TLOGPROOF_##id:                                                   \
		return tr(en, ja);
#include "evidence/tlogproof_err_tbl.h"
#undef TLOGPROOF_ERR
	}
	abort();
}

static void
print_base64(struct span bytes, struct buf *out)
{
	char *p = (char *)buf_reserve(out, base64_len(bytes.len));

	base64_print(bytes.p, bytes.len, p);
	out->len += base64_len(bytes.len);
	buf_byte(out, '\n');
}

static void
print_rest(const struct proof *p, struct span note, struct buf *out)
{
	for (size_t i = 0; i < p->n; i++)
		print_base64(span_make(p->hash[i], SHA256_LEN), out);
	buf_byte(out, '\n');
	buf_span(out, note);
}

void
tlogproof_print(const struct proof *p, struct span extra, struct span note,
    struct buf *out)
{
	buf_str(out, FIRST_LINE);
	if (extra.len > 0) {
		buf_str(out, "extra ");
		print_base64(extra, out);
	}
	buf_printf(out, "index %" PRIu64 "\n", p->index);
	print_rest(p, note, out);
}

void
tlogproof_print_old(const struct proof *p, struct span note, struct buf *out)
{
	buf_printf(out, "old %" PRIu64 "\n", p->index);
	print_rest(p, note, out);
}

/* Hashes, an empty line, and behind it whatever is the note. */
static int
parse_rest(struct cursor *in, struct tlogproof *t, unsigned *line)
{
	struct proof *p = &t->proof;
	struct span text;
	size_t len;

	for (p->n = 0;; p->n++) {
		text = cursor_until(in, '\n');
		++*line;
		if (in->bad)
			return -1;
		if (text.len == 0)
			break;
		if (p->n == PROOF_MAX ||
		    base64_parse(text, p->hash[p->n], SHA256_LEN, &len) != 0 ||
		    len != SHA256_LEN)
			return -1;
	}
	t->note = span_make(in->p, cursor_left(in));
	++*line;
	return t->note.len > 0 && t->note.len <= NOTE_MAX ? 0 : -1;
}

static int
parse_number(struct cursor *in, struct span name, uint64_t *n, unsigned *line)
{
	++*line;
	cursor_expect(in, name);
	*n = cursor_decimal(in, CHECKPOINT_SIZE_MAX);
	cursor_expect(in, SPAN("\n"));
	return in->bad ? -1 : 0;
}

int
tlogproof_parse(struct span text, struct tlogproof *t, unsigned *line)
{
	struct cursor in = cursor_make(text);

	*line = 1;
	t->extra_len = 0;
	t->proof.size = 0;
	cursor_expect(&in, SPAN(FIRST_LINE));
	if (!in.bad &&
	    span_starts(span_make(in.p, cursor_left(&in)), SPAN("extra "))) {
		++*line;
		cursor_expect(&in, SPAN("extra "));
		if (base64_parse(cursor_until(&in, '\n'), t->extra,
			sizeof(t->extra), &t->extra_len) != 0 ||
		    t->extra_len == 0)
			return -1;
	}
	if (in.bad ||
	    parse_number(&in, SPAN("index "), &t->proof.index, line) != 0)
		return -1;
	return parse_rest(&in, t, line);
}

int
tlogproof_parse_old(struct span text, struct tlogproof *t, unsigned *line)
{
	struct cursor in = cursor_make(text);

	*line = 0;
	t->extra_len = 0;
	t->proof.size = 0;
	if (parse_number(&in, SPAN("old "), &t->proof.index, line) != 0)
		return -1;
	return parse_rest(&in, t, line);
}

static enum tlogproof_err
read_note(struct tlogproof *t, const struct note_key *log_key,
    struct checkpoint *c)
{
	enum tlogproof_err err = TLOGPROOF_OK;
	struct note *note = malloc(sizeof(*note));

	if (note == NULL)
		abort();
	if (checkpoint_read(t->note, note, c) != NOTE_OK)
		err = TLOGPROOF_BAD_NOTE;
	else if (log_key != NULL &&
	    checkpoint_verify_log(note, log_key) != NOTE_OK)
		err = TLOGPROOF_BAD_SIGNATURE;
	else
		t->proof.size = c->size;
	free(note);
	return err;
}

enum tlogproof_err
tlogproof_check(struct span in, struct span leaf_line,
    const struct note_key *log_key, struct tlogproof *t, struct checkpoint *c)
{
	enum tlogproof_err err;
	uint8_t leaf[SHA256_LEN];
	unsigned line;

	if (tlogproof_parse(in, t, &line) != 0)
		return TLOGPROOF_BAD_TEXT;
	if ((err = read_note(t, log_key, c)) != TLOGPROOF_OK)
		return err;
	tree_leaf_hash(leaf_line, leaf);
	return tree_verify_inclusion(t->proof.index, c->size, leaf,
		   (const uint8_t(*)[SHA256_LEN])t->proof.hash, t->proof.n,
		   c->root) == 0
	    ? TLOGPROOF_OK
	    : TLOGPROOF_BAD_PROOF;
}

enum tlogproof_err
tlogproof_check_old(struct span in, const struct checkpoint *old,
    const struct note_key *log_key, struct tlogproof *t, struct checkpoint *c)
{
	enum tlogproof_err err;
	unsigned line;

	if (tlogproof_parse_old(in, t, &line) != 0)
		return TLOGPROOF_BAD_TEXT;
	if ((err = read_note(t, log_key, c)) != TLOGPROOF_OK)
		return err;
	return span_eq(old->origin, c->origin) && old->size == t->proof.index &&
		tree_verify_consistency(old->size, c->size,
		    (const uint8_t(*)[SHA256_LEN])t->proof.hash, t->proof.n,
		    old->root, c->root) == 0
	    ? TLOGPROOF_OK
	    : TLOGPROOF_BAD_OLD;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/witness.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "evidence/tree.h"

void
witness_request_print(const struct witness_request *r, struct buf *out)
{
	size_t i, len = base64_len(SHA256_LEN);

	buf_printf(out, "old %" PRIu64 "\n", r->old);
	for (i = 0; i < r->n; i++) {
		base64_print(r->proof[i], SHA256_LEN,
		    (char *)buf_reserve(out, len));
		out->len += len;
		buf_byte(out, '\n');
	}
	buf_byte(out, '\n');
	buf_span(out, r->note);
}

int
witness_request_parse(struct span in, struct witness_request *r)
{
	struct cursor c = cursor_make(in);
	struct span line;
	size_t len;

	r->n = 0;
	cursor_expect(&c, SPAN("old "));
	r->old = cursor_decimal(&c, CHECKPOINT_SIZE_MAX);
	cursor_expect(&c, SPAN("\n"));
	for (;;) {
		line = cursor_until(&c, '\n');
		if (c.bad || line.len == 0)
			break;
		if (r->n == WITNESS_PROOF_MAX ||
		    base64_parse(line, r->proof[r->n], SHA256_LEN, &len) != 0 ||
		    len != SHA256_LEN)
			return -1;
		r->n++;
	}
	r->note = cursor_take(&c, cursor_left(&c));
	return cursor_done(&c) && r->note.len > 0 && r->note.len <= NOTE_MAX
	    ? 0
	    : -1;
}

int
witness_size_parse(struct span in, uint64_t *size)
{
	struct cursor c = cursor_make(in);

	*size = cursor_decimal(&c, CHECKPOINT_SIZE_MAX);
	cursor_expect(&c, SPAN("\n"));
	return cursor_done(&c) ? 0 : -1;
}

static bool
signed_by(const struct note *n, const struct note_key *log)
{
	size_t i;

	for (i = 0; i < n->n; i++)
		if (note_verify(n, i, log) == NOTE_OK)
			return true;
	return false;
}

enum witness_status
witness_judge(const struct witness_request *r, const struct note *n,
    const struct checkpoint *c, const struct note_key *log,
    const struct witness_seen *seen)
{
	if (!signed_by(n, log))
		return WITNESS_FORBIDDEN;
	if (r->old > c->size)
		return WITNESS_BAD;
	if (r->old != seen->size)
		return WITNESS_CONFLICT;
	if (r->old == 0) /* all trees extend the empty one */
		return r->n == 0 ? WITNESS_OK : WITNESS_UNPROVED;
	if (r->old == c->size && memcmp(seen->root, c->root, SHA256_LEN) != 0)
		return WITNESS_CONFLICT;
	return tree_verify_consistency(r->old, c->size,
		   (const uint8_t(*)[SHA256_LEN])r->proof, r->n, seen->root,
		   c->root) == 0
	    ? WITNESS_OK
	    : WITNESS_UNPROVED;
}

void
witness_path(struct span origin, struct buf *out)
{
	uint8_t hash[SHA256_LEN];

	sha256(origin, hash);
	hex_print(hash, SHA256_LEN, (char *)buf_reserve(out, 2 * SHA256_LEN));
	out->len += 2 * SHA256_LEN;
	buf_str(out, "/checkpoint");
}

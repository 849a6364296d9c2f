/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/mark.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"

size_t
mark_len(const struct mark *m)
{
	return m->taken < MARK_END ? (size_t)m->taken : MARK_END;
}

uint64_t
mark_tail_at(const struct mark *m)
{
	return m->taken - mark_len(m);
}

void
mark_add(struct mark *m, struct span bytes)
{
	size_t had = mark_len(m), n, keep;

	if (bytes.len == 0)
		return;
	n = bytes.len < MARK_END - had ? bytes.len : MARK_END - had;
	memcpy(m->head + had, bytes.p, n);
	keep = bytes.len < MARK_END ? MARK_END - bytes.len : 0;
	if (keep > had)
		keep = had;
	/* What is kept of the old tail stands in front of the new bytes. */
	memmove(m->tail, m->tail + had - keep, keep);
	n = bytes.len < MARK_END ? bytes.len : MARK_END;
	memcpy(m->tail + keep, bytes.p + bytes.len - n, n);
	m->taken += bytes.len;
}

struct mark_ends
mark_ends(const struct mark *m)
{
	struct mark_ends e;

	sha256(span_make(m->head, mark_len(m)), e.head);
	sha256(span_make(m->tail, mark_len(m)), e.tail);
	return e;
}

bool
mark_same(const struct mark_ends *a, const struct mark_ends *b)
{
	return memcmp(a->head, b->head, sizeof(a->head)) == 0 &&
	    memcmp(a->tail, b->tail, sizeof(a->tail)) == 0;
}

size_t
mark_note_print(const struct mark_note *n, char out[MARK_NOTE_MAX])
{
	char head[2 * SHA256_LEN], tail[2 * SHA256_LEN];

	hex_print(n->ends.head, SHA256_LEN, head);
	hex_print(n->ends.tail, SHA256_LEN, tail);
	return (size_t)snprintf(out, MARK_NOTE_MAX,
	    "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %.64s %.64s\n",
	    n->dev, n->ino, n->taken, n->at, head, tail);
}

int
mark_note_parse(struct span text, struct mark_note *n)
{
	struct cursor c = cursor_make(text);

	*n = (struct mark_note){ 0 };
	n->dev = cursor_decimal(&c, UINT64_MAX);
	cursor_expect(&c, SPAN(" "));
	n->ino = cursor_decimal(&c, UINT64_MAX);
	cursor_expect(&c, SPAN(" "));
	n->taken = cursor_decimal(&c, UINT64_MAX);
	if (cursor_left(&c) > 1) {
		cursor_expect(&c, SPAN(" "));
		n->at = cursor_decimal(&c, UINT64_MAX);
		cursor_expect(&c, SPAN(" "));
		cursor_hex(&c, n->ends.head, SHA256_LEN);
		cursor_expect(&c, SPAN(" "));
		cursor_hex(&c, n->ends.tail, SHA256_LEN);
		n->marked = true;
	}
	cursor_expect(&c, SPAN("\n"));
	return cursor_done(&c) ? 0 : -1;
}

bool
mark_rotated(const char *base, const char *name, bool *packed)
{
	size_t len = strlen(base), end = strlen(name);

	*packed = false;
	if (strncmp(base, name, len) != 0 || end < len + 2 ||
	    (name[len] != '.' && name[len] != '-'))
		return false;
	*packed = end > len + 3 && strcmp(name + end - 3, ".gz") == 0;
	if (*packed)
		end -= 3;
	return strspn(name + len + 1, "0123456789.-_T:") >= end - len - 1 &&
	    name[len + 1] >= '0' && name[len + 1] <= '9';
}

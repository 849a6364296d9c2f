/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/rangeproof.h"

#include <inttypes.h>
#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "evidence/record.h"

void
rangeproof_print(const char *name, const struct tree_range *r, struct buf *out)
{
	char hash[2 * SHA256_LEN];
	unsigned level;
	uint64_t index;

	for (size_t i = 0; i < r->n; i++) {
		tree_range_node(r->begin, r->end, i, &level, &index);
		hex_print(r->hash[i], SHA256_LEN, hash);
		buf_printf(out, "%s %u %" PRIu64 " %.*s\n", name, level, index,
		    (int)sizeof(hash), hash);
	}
}

/* The subtrees of [begin, end), those and no others. */
static void
take_range(struct cursor *in, struct span name, uint64_t begin, uint64_t end,
    struct tree_range *r)
{
	size_t i, n = tree_range_count(begin, end);
	unsigned level;
	uint64_t index;

	*r = (struct tree_range){ .begin = begin, .end = end, .n = n };
	for (i = 0; i < n && !in->bad; i++) {
		tree_range_node(begin, end, i, &level, &index);
		cursor_expect(in, name);
		in->bad |= cursor_decimal(in, TREE_RANGE_MAX) != level;
		cursor_expect(in, SPAN(" "));
		in->bad |= cursor_decimal(in, CHECKPOINT_SIZE_MAX) != index;
		cursor_expect(in, SPAN(" "));
		cursor_hex(in, r->hash[i], SHA256_LEN);
		cursor_expect(in, SPAN("\n"));
	}
}

/* The line names its record by itself: one for another does not stand here. */
static void
take_leaf(struct cursor *in, uint64_t index, struct tree_range *r)
{
	uint8_t leaf[SHA256_LEN];
	struct span line;
	struct cursor c;

	cursor_expect(in, SPAN("leaf "));
	line = cursor_until(in, '\n');
	c = cursor_make(line);
	(void)cursor_until(&c, ' ');
	in->bad |= line.len > RECORD_LEAF_MAX ||
	    cursor_decimal(&c, CHECKPOINT_SIZE_MAX) != index;
	cursor_expect(&c, SPAN(" "));
	in->bad |= c.bad;
	tree_leaf_hash(line, leaf);
	tree_range_append(r, leaf);
}

/* Behind the first empty line; no line of the proof before it is one. */
static struct span
note_of(struct span in)
{
	const uint8_t *p = in.len == 0 ? NULL : memmem(in.p, in.len, "\n\n", 2);
	size_t at = p == NULL ? in.len : (size_t)(p - in.p) + 2;

	return span_sub(in, at, in.len);
}

static enum tlogproof_err
read_note(struct span text, const struct note_key *log_key,
    struct checkpoint *c)
{
	struct note n;

	if (text.len > NOTE_MAX || checkpoint_read(text, &n, c) != NOTE_OK)
		return TLOGPROOF_BAD_NOTE;
	return log_key == NULL || checkpoint_verify_log(&n, log_key) == NOTE_OK
	    ? TLOGPROOF_OK
	    : TLOGPROOF_BAD_SIGNATURE;
}

/* The root that the lines give; -1: they are not as they must be. */
static int
root_of(struct cursor *in, const struct rangeproof *r, uint8_t root[SHA256_LEN])
{
	uint64_t size = r->checkpoint.size, i;
	struct tree_range all, inside, after;

	if (in->bad || r->first > r->last || r->last >= size)
		return -1;
	take_range(in, SPAN("before "), 0, r->first, &all);
	tree_range_init(&inside, r->first);
	for (i = r->first; i <= r->last && !in->bad; i++)
		take_leaf(in, i, &inside);
	take_range(in, SPAN("after "), r->last + 1, size, &after);
	cursor_expect(in, SPAN("\n"));
	return in->bad || tree_range_merge(&all, &inside) != 0 ||
		tree_range_merge(&all, &after) != 0
	    ? -1
	    : tree_range_root(&all, root);
}

enum tlogproof_err
rangeproof_check(struct span text, const struct note_key *log_key,
    struct rangeproof *r)
{
	struct cursor in = cursor_make(text);
	uint8_t root[SHA256_LEN];
	enum tlogproof_err err;

	*r = (struct rangeproof){ .first = 0 };
	cursor_expect(&in, SPAN(RANGEPROOF_LINE));
	r->first = cursor_decimal(&in, CHECKPOINT_SIZE_MAX);
	cursor_expect(&in, SPAN(" "));
	r->last = cursor_decimal(&in, CHECKPOINT_SIZE_MAX);
	cursor_expect(&in, SPAN("\n"));
	if (in.bad)
		return TLOGPROOF_BAD_TEXT;
	err = read_note(note_of(text), log_key, &r->checkpoint);
	if (err != TLOGPROOF_OK)
		return err;
	if (root_of(&in, r, root) != 0)
		return TLOGPROOF_BAD_TEXT;
	return memcmp(root, r->checkpoint.root, SHA256_LEN) == 0
	    ? TLOGPROOF_OK
	    : TLOGPROOF_BAD_RANGE;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "verify/walk.h"

/*
 * excerpt.evx (FORMAT.md, 12): the leaves of the whole log once, from the left:
 * records shown, leaf lines of bodies withheld, and perfect subtrees of the
 * rest.  What it gives must be the root of the checkpoint.
 */
#define PATH "data/excerpt/excerpt.evx"
#define LINE_MAX_LEN 512u

/* A line without its LF, into text; empty if there is no whole one. */
static struct span
read_line(struct walk *w, char text[LINE_MAX_LEN])
{
	struct span line = { NULL, 0 };

	if (fgets(text, LINE_MAX_LEN, w->excerpt) != NULL)
		line = span_str(text);
	if (line.len == 0 || line.p[line.len - 1] != '\n')
		return span_make(NULL, 0);
	return span_sub(line, 0, line.len - 1);
}

/* A received record: sequence numbers say how much of a stream is not shown. */
static void
count_record(struct walk *w, uint64_t rx, uint64_t stream, uint64_t seq)
{
	struct live_stream *st = live_put(&w->live, (uint32_t)stream);
	struct verify_result *r = w->result;

	if (r->first_time == 0 || rx < r->first_time)
		r->first_time = rx;
	if (rx > r->last_time)
		r->last_time = rx;
	if (st == NULL)
		return;
	if (st->next > 0 && seq > st->next)
		r->skipped += seq - st->next;
	st->next = seq + 1;
}

/* A leaf line; nonce NULL: its body is withheld, else it stands behind it. */
static bool
take_leaf(struct walk *w, struct span line, const uint8_t *nonce)
{
	struct verify_result *r = w->result;
	uint8_t commit[SHA256_LEN], leaf[SHA256_LEN];
	uint64_t index, rx, stream, seq, len;
	struct span rest = line, kind, flags;
	struct match_words words = { { w->body, 0 }, false };

	if (!match(&rest, "%s %u %u %u:%u %s %u %x", &kind, &index, &rx,
		&stream, &seq, &flags, &len, commit) ||
	    rest.len != 0 || index != w->tree.end || kind.len != 2)
		return false;
	words.body.len = len;
	if (nonce != NULL &&
	    (len > SCAN_BODY_MAX ||
		fread(w->body, 1, len + 1, w->excerpt) != len + 1 ||
		w->body[len] != '\n' ||
		!package_opens(nonce, words.body, commit)))
		return false;
	merkle_leaf(line, leaf);
	merkle_push(&w->tree, 0, leaf);
	if (nonce != NULL && kind.p[0] == 'x') {
		w->fact = &(struct scan_fact){ .body = words.body, .time = rx };
		holes_deleted(w);
		w->fact = &walk_none;
	}
	if (r->package[0] == 'w') /* of this only these count */
		return true;
	if (nonce != NULL && kind.p[0] == 's') {
		w->seal.wall = match_word_u64(&words, "wall", SCAN_RX_MAX);
		w->seal.size = index + 1;
	}
	if (kind.p[0] == 'e')
		count_record(w, rx, stream, seq);
	if (index >= r->first && index <= r->last) {
		r->shown += nonce != NULL;
		r->withheld += nonce == NULL;
	}
	return true;
}

static bool
take_item(struct walk *w, struct span line)
{
	uint8_t nonce[16], hash[SHA256_LEN];
	uint64_t level, index, end = w->tree.end;

	if (match(&line, "r %n ", nonce))
		return take_leaf(w, line, nonce);
	if (match(&line, "w "))
		return take_leaf(w, line, NULL);
	if (!match(&line, "h %u %u %x", &level, &index, hash) ||
	    line.len != 0 || level > 40 || index > MERKLE_SIZE_MAX >> level ||
	    index << level != end ||
	    end + (UINT64_C(1) << level) > w->newest.size)
		return false;
	merkle_push(&w->tree, (unsigned)level, hash);
	return true;
}

void
excerpt_check(struct walk *w)
{
	struct walk_place at = walk_file(PATH);
	uint8_t root[SHA256_LEN];
	char text[LINE_MAX_LEN];
	struct span line, origin;
	uint64_t size;
	int fd = folder_open(&w->bag, PATH);
	bool good;

	if (fd < 0 || (w->excerpt = fdopen(fd, "r")) == NULL)
		walk_unreadable(w, PATH);
	merkle_init(&w->tree, 0);
	line = read_line(w, text);
	good = match(&line, "evx1 %s %u", &origin, &size) && line.len == 0 &&
	    span_is(origin, w->pin.key.name) && size == w->newest.size;
	while (good && w->tree.end < size)
		good = take_item(w, read_line(w, text));
	w->index = w->tree.end;
	if (!good || getc(w->excerpt) != EOF) {
		at.index = w->index;
		at.offset = (uint64_t)ftell(w->excerpt);
		walk_wrong_at(w, at, say0(SAY_EXCERPT_ITEM));
	}
	merkle_root(&w->tree, root);
	if (memcmp(root, w->newest.root, SHA256_LEN) != 0)
		walk_wrong_at(w, at, say0(SAY_EXCERPT_ROOT));
}

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

struct excerpt {
	struct walk *walk;
	struct merkle tree;
	char line[LINE_MAX_LEN];
};

/* A line without its LF.  1, 0 at the end, -1 if it is too long or torn. */
static int
read_line(struct excerpt *x, struct span *line)
{
	FILE *in = x->walk->excerpt;
	size_t len = 0;
	int c;

	while ((c = getc(in)) != EOF && c != '\n' && len < LINE_MAX_LEN)
		x->line[len++] = (char)c;
	*line = span_make(x->line, len);
	return c == '\n' ? 1 : c == EOF && len == 0 ? 0 : -1;
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

/* The body behind a leaf line is what that commits to. */
static bool
take_body(struct walk *w, char kind, const uint8_t nonce[16], uint64_t len,
    const uint8_t commit[SHA256_LEN])
{
	struct match_words words = { span_make(w->body, len), false };

	if (len > SCAN_BODY_MAX ||
	    fread(w->body, 1, len + 1, w->excerpt) != len + 1 ||
	    w->body[len] != '\n' || !package_opens(nonce, words.body, commit))
		return false;
	if (kind == 's')
		w->seal.wall = match_word_u64(&words, "wall", SCAN_RX_MAX);
	return true;
}

/* A leaf line; nonce NULL: its body is withheld. */
static bool
take_leaf(struct excerpt *x, struct span line, const uint8_t *nonce)
{
	struct verify_result *r = x->walk->result;
	uint8_t commit[SHA256_LEN], leaf[SHA256_LEN];
	uint64_t index, rx, stream, seq, len;
	struct span rest = line, kind, flags;

	if (!match(&rest, "%s %u %u %u:%u %s %u %x", &kind, &index, &rx,
		&stream, &seq, &flags, &len, commit) ||
	    rest.len != 0 || index != x->tree.end || kind.len != 2 ||
	    (nonce != NULL &&
		!take_body(x->walk, (char)kind.p[0], nonce, len, commit)))
		return false;
	merkle_leaf(line, leaf);
	merkle_push(&x->tree, 0, leaf);
	if (kind.p[0] == 'e')
		count_record(x->walk, rx, stream, seq);
	if (index >= r->first && index <= r->last) {
		r->shown += nonce != NULL;
		r->withheld += nonce == NULL;
	}
	return true;
}

static bool
take_subtree(struct excerpt *x, struct span line)
{
	uint64_t level, index;
	uint8_t hash[SHA256_LEN];

	if (!match(&line, "h %u %u %x", &level, &index, hash) ||
	    line.len != 0 || level > 40 || index > MERKLE_SIZE_MAX >> level ||
	    index << level != x->tree.end ||
	    x->tree.end + (UINT64_C(1) << level) > x->walk->newest.size)
		return false;
	merkle_push(&x->tree, (unsigned)level, hash);
	return true;
}

static bool
take_items(struct excerpt *x)
{
	struct span line, origin;
	uint8_t nonce[16];
	uint64_t size;
	int rc;

	if (read_line(x, &line) <= 0 ||
	    !match(&line, "evx1 %s %u", &origin, &size) || line.len != 0 ||
	    !span_is(origin, x->walk->pin.key.name) ||
	    size != x->walk->newest.size)
		return false;
	while ((rc = read_line(x, &line)) > 0 && x->tree.end < size) {
		if (match(&line, "r %n ", nonce) ? !take_leaf(x, line, nonce)
			: match(&line, "w ")	 ? !take_leaf(x, line, NULL)
						 : !take_subtree(x, line))
			return false;
	}
	return rc == 0 && x->tree.end == size;
}

void
excerpt_check(struct walk *w)
{
	struct excerpt x = { .walk = w };
	int fd = folder_open(&w->bag, PATH);
	struct walk_place at = walk_file(PATH);
	uint8_t root[SHA256_LEN];
	bool good;

	if (fd < 0 || (w->excerpt = fdopen(fd, "r")) == NULL)
		walk_unreadable(w, PATH);
	good = take_items(&x);
	w->index = x.tree.end;
	if (!good) {
		at.index = x.tree.end;
		at.offset = (uint64_t)ftell(w->excerpt);
		walk_wrong_at(w, at, say0(SAY_EXCERPT_ITEM));
	}
	merkle_root(&x.tree, root);
	if (memcmp(root, w->newest.root, SHA256_LEN) != 0)
		walk_wrong_at(w, at, say0(SAY_EXCERPT_ROOT));
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "verify/match.h"
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
	FILE *in;
	struct merkle tree;
	char line[LINE_MAX_LEN];
	uint8_t body[SCAN_BODY_MAX + 1];
};

/* A line without its LF.  1, 0 at the end, -1 if it is too long or torn. */
static int
read_line(struct excerpt *x, struct span *line)
{
	size_t len = 0;
	int c;

	while ((c = getc(x->in)) != EOF && c != '\n' && len < LINE_MAX_LEN)
		x->line[len++] = (char)c;
	*line = span_make(x->line, len);
	return c == '\n' ? 1 : c == EOF && len == 0 ? 0 : -1;
}

/* Sequence numbers say how much of a stream is not shown. */
static void
count_stream(struct excerpt *x, uint64_t number, uint64_t seq)
{
	struct live_stream *st = live_put(&x->walk->live, (uint32_t)number);

	if (st == NULL)
		return;
	if (st->next > 0 && seq > st->next)
		x->walk->result->skipped += seq - st->next;
	st->next = seq + 1;
}

static void
count_record(struct excerpt *x, const char *kind, uint64_t rx)
{
	struct verify_result *r = x->walk->result;

	if (kind[0] != 'e')
		return;
	if (r->first_time == 0 || rx < r->first_time)
		r->first_time = rx;
	if (rx > r->last_time)
		r->last_time = rx;
}

/* Whether nonce and body are what the leaf line commits to. */
static bool
body_ok(struct excerpt *x, const uint8_t nonce[16], uint64_t len,
    const uint8_t commit[SHA256_LEN])
{
	uint8_t in[16 + SHA256_LEN];

	if (len > SCAN_BODY_MAX ||
	    fread(x->body, 1, len + 1, x->in) != len + 1 ||
	    x->body[len] != '\n')
		return false;
	memcpy(in, nonce, 16);
	sha256(span_make(x->body, len), in + 16);
	sha256(span_make(in, sizeof(in)), in);
	return memcmp(in, commit, SHA256_LEN) == 0;
}

/* A leaf line; nonce NULL: its body is withheld. */
static bool
take_leaf(struct excerpt *x, struct span line, const uint8_t *nonce)
{
	struct verify_result *r = x->walk->result;
	uint8_t commit[SHA256_LEN], leaf[SHA256_LEN];
	uint64_t index, rx, stream, seq, len;
	struct span rest = line, kind, flags;
	struct match_words words;

	if (!match(&rest, "%s %u %u %u:%u %s %u %x", &kind, &index, &rx,
		&stream, &seq, &flags, &len, commit) ||
	    rest.len != 0 || index != x->tree.end || kind.len != 2 ||
	    (nonce != NULL && !body_ok(x, nonce, len, commit)))
		return false;
	merkle_leaf(line, leaf);
	merkle_push(&x->tree, 0, leaf);
	count_record(x, (const char *)kind.p, rx);
	if (kind.p[0] == 'e')
		count_stream(x, stream, seq);
	if (index >= r->first && index <= r->last) {
		r->shown += nonce != NULL;
		r->withheld += nonce == NULL;
	}
	words = (struct match_words){ span_make(x->body, len), false };
	if (nonce != NULL && kind.p[0] == 's')
		x->walk->seal.wall =
		    match_word_u64(&words, "wall", SCAN_RX_MAX);
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

int
excerpt_check(struct walk *w)
{
	struct excerpt *x = calloc(1, sizeof(*x));
	int fd = folder_open(&w->bag, PATH), rc = 0;
	struct walk_place at = walk_file(PATH);
	uint8_t root[SHA256_LEN];

	if (x == NULL)
		abort();
	x->walk = w;
	if (fd < 0 || (x->in = fdopen(fd, "r")) == NULL)
		rc = walk_unreadable(w, PATH);
	else if (!take_items(x)) {
		at.index = x->tree.end;
		at.offset = (uint64_t)ftell(x->in);
		rc = walk_wrong_at(w, at, say0(SAY_EXCERPT_ITEM));
	} else {
		merkle_root(&x->tree, root);
		if (memcmp(root, w->newest.root, SHA256_LEN) != 0)
			rc = walk_wrong_at(w, at, say0(SAY_EXCERPT_ROOT));
	}
	if (x->in != NULL)
		fclose(x->in);
	w->index = x->tree.end;
	free(x);
	return rc;
}

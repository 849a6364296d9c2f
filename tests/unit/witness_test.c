/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/witness.h"

#include <string.h>

#include "common/hex.h"
#include "evidence/tree.h"
#include "tests/tap.h"

#define ORIGIN "hospital.example/evidence"
#define HASH "Ja6+y/jpElxq18ziOA4homQHoXhPpqt1rXAK+5PPmFQ=\n"

static const struct {
	const char *name, *in;
	int want;
} requests[] = {
	{ "a first checkpoint", "old 0\n\nnote", 0 },
	{ "a proof of two hashes", "old 7\n" HASH HASH "\nnote", 0 },
	{ "nothing", "", -1 },
	{ "no checkpoint", "old 0\n\n", -1 },
	{ "no empty line", "old 0\n" HASH "note\n", -1 },
	{ "no old size", HASH "\nnote", -1 },
	{ "a size with a leading zero", "old 01\n\nnote", -1 },
	{ "a size that is none", "old -1\n\nnote", -1 },
	{ "a size beyond all logs", "old 1000000000000\n\nnote", -1 },
	{ "a hash too short", "old 1\nAAAA\n\nnote", -1 },
	{ "a hash without its padding",
	    "old 1\nJa6+y/jpElxq18ziOA4homQHoXhPpqt1rXAK+5PPmFQ\n\nnote", -1 },
	{ "two spaces", "old  1\n\nnote", -1 },
	{ "a CR", "old 1\r\n\r\nnote", -1 },
};

static void
parsing(void)
{
	struct witness_request r;
	struct buf out;
	uint64_t size;
	size_t i;

	buf_init(&out);
	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		ok(witness_request_parse(span_str(requests[i].in), &r) ==
			requests[i].want,
		    "%s", requests[i].name);
		if (requests[i].want != 0)
			continue;
		out.len = 0;
		witness_request_print(&r, &out);
		ok(span_is(buf_view(&out), requests[i].in), "and back");
	}
	out.len = 0;
	buf_str(&out, "old 1\n");
	for (i = 0; i < WITNESS_PROOF_MAX; i++)
		buf_str(&out, HASH);
	buf_str(&out, "\nnote");
	ok(witness_request_parse(buf_view(&out), &r) == 0 &&
		r.n == WITNESS_PROOF_MAX,
	    "the longest proof");
	out.len -= 5;
	buf_str(&out, HASH "\nnote");
	ok(witness_request_parse(buf_view(&out), &r) == -1, "a hash more");
	ok(witness_size_parse(SPAN("42\n"), &size) == 0 && size == 42,
	    "a size in an answer");
	ok(witness_size_parse(SPAN("42"), &size) == -1 &&
		witness_size_parse(SPAN("042\n"), &size) == -1 &&
		witness_size_parse(SPAN("42\n\n"), &size) == -1,
	    "and what is none");
	out.len = 0;
	witness_path(SPAN("rome2026h1.example.org"), &out);
	ok(span_is(buf_view(&out),
	       "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea97"
	       "06/checkpoint"),
	    "the path of a log, as other witnesses have it");
	buf_fini(&out);
}

/* A log of four leaves: the roots at its sizes, and 2 -> 4 as a proof. */
struct tree {
	uint8_t leaf[4][SHA256_LEN], root[5][SHA256_LEN], proof[SHA256_LEN];
};

static void
tree_make(struct tree *t)
{
	struct tree_range r;
	uint8_t c;
	size_t i;

	tree_range_init(&r, 0);
	for (i = 0; i < 4; i++) {
		c = (uint8_t)('a' + i);
		tree_leaf_hash(span_make(&c, 1), t->leaf[i]);
		tree_range_append(&r, t->leaf[i]);
		tree_range_root(&r, t->root[i + 1]);
	}
	tree_node_hash(t->leaf[2], t->leaf[3], t->proof);
}

enum key { OURS, OTHERS };
enum proof { NO_PROOF, PROOF, BAD_PROOF };

static const struct {
	const char *name;
	uint64_t seen, old, size;
	bool forked; /* the new root is another tree's */
	enum proof proof;
	enum key key;
	enum witness_status want;
} judged[] = {
	{ "the first checkpoint", 0, 0, 4, false, NO_PROOF, OURS, WITNESS_OK },
	{ "one that extends the last", 2, 2, 4, false, PROOF, OURS,
	    WITNESS_OK },
	{ "the same once more", 4, 4, 4, false, NO_PROOF, OURS, WITNESS_OK },
	{ "the same size with another root", 4, 4, 4, true, NO_PROOF, OURS,
	    WITNESS_CONFLICT },
	{ "another key", 2, 2, 4, false, PROOF, OTHERS, WITNESS_FORBIDDEN },
	{ "another key at the first", 0, 0, 4, false, NO_PROOF, OTHERS,
	    WITNESS_FORBIDDEN },
	{ "an old size beyond the new", 4, 4, 2, false, NO_PROOF, OURS,
	    WITNESS_BAD },
	{ "an old size that is not the last", 2, 1, 4, false, PROOF, OURS,
	    WITNESS_CONFLICT },
	{ "a log that asks from 0 again", 2, 0, 4, false, NO_PROOF, OURS,
	    WITNESS_CONFLICT },
	{ "a log that was rolled back", 4, 2, 2, false, NO_PROOF, OURS,
	    WITNESS_CONFLICT },
	{ "a proof that does not hold", 2, 2, 4, false, BAD_PROOF, OURS,
	    WITNESS_UNPROVED },
	{ "no proof", 2, 2, 4, false, NO_PROOF, OURS, WITNESS_UNPROVED },
	{ "a fork", 2, 2, 4, true, PROOF, OURS, WITNESS_UNPROVED },
	{ "a proof from nothing", 0, 0, 4, false, PROOF, OURS,
	    WITNESS_UNPROVED },
	{ "a proof between equals", 4, 4, 4, false, PROOF, OURS,
	    WITNESS_UNPROVED },
};

static void
judging(void)
{
	uint8_t seed[2][KEY_LEN] = { { 1 }, { 2 } }, key[KEY_LEN];
	struct witness_request r;
	struct witness_seen seen;
	struct checkpoint c = { .origin = SPAN(ORIGIN) }, got;
	struct note_key log;
	struct note n;
	struct tree t;
	struct buf note;
	size_t i;

	tree_make(&t);
	key_public(seed[OURS], key);
	note_key_init(&log, SPAN(ORIGIN), key);
	buf_init(&note);
	for (i = 0; i < sizeof(judged) / sizeof(judged[0]); i++) {
		seen.size = judged[i].seen;
		memcpy(seen.root, t.root[seen.size], SHA256_LEN);
		c.size = judged[i].size;
		memcpy(c.root, t.root[c.size], SHA256_LEN);
		c.root[0] ^= judged[i].forked;
		r.old = judged[i].old;
		r.n = judged[i].proof != NO_PROOF;
		memcpy(r.proof[0], t.proof, SHA256_LEN);
		r.proof[0][0] ^= judged[i].proof == BAD_PROOF;
		note.len = 0;
		checkpoint_print(&c, &note);
		buf_byte(&note, '\n');
		note_sign(span_sub(buf_view(&note), 0, note.len - 1),
		    SPAN(ORIGIN), seed[judged[i].key], &note);
		ok(note_parse(buf_view(&note), &n) == NOTE_OK &&
			checkpoint_parse(n.text, &got) == 0 &&
			witness_judge(&r, &n, &got, &log, &seen) ==
			    judged[i].want,
		    "%s: %d", judged[i].name, judged[i].want);
	}
	buf_fini(&note);
}

int
main(void)
{
	parsing();
	judging();
	return done();
}

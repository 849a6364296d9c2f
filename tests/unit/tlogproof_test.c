/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/tlogproof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/tree.h"
#include "tests/tap.h"

#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define FIRST "c2sp.org/tlog-proof@v1\n"

static const struct {
	const char *name, *in;
	unsigned line; /* that is wrong; 0: none */
} cases[] = {
	{ "no hashes", FIRST "index 0\n\nnote\n", 0 },
	{ "extra", FIRST "extra YQ==\nindex 7\n" ZEROS "\n\nnote\n", 0 },
	{ "nothing", "", 1 },
	{ "another version", "c2sp.org/tlog-proof@v2\nindex 0\n\nnote\n", 1 },
	{ "a carriage return", "c2sp.org/tlog-proof@v1\r\nindex 0\n", 1 },
	{ "an empty extra", FIRST "extra \nindex 0\n\nnote\n", 2 },
	{ "an extra that is not canonical", FIRST "extra YR==\nindex 0\n", 2 },
	{ "extra behind the index", FIRST "index 0\nextra YQ==\n\nnote\n", 3 },
	{ "no index", FIRST ZEROS "\n\nnote\n", 2 },
	{ "an index with a sign", FIRST "index +1\n\nnote\n", 2 },
	{ "an index with a zero in front", FIRST "index 01\n\nnote\n", 2 },
	{ "an index too large", FIRST "index 1000000000000\n\nnote\n", 2 },
	{ "a short hash", FIRST "index 1\nAAAA\n\nnote\n", 3 },
	{ "a hash that is not canonical",
	    FIRST "index 1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n\nn",
	    3 },
	{ "a hash with a blank", FIRST "index 1\n" ZEROS " \n\nnote\n", 3 },
	{ "no empty line", FIRST "index 1\n" ZEROS "\n", 4 },
	{ "no note", FIRST "index 1\n" ZEROS "\n\n", 5 },
};

#define LEAF(i) "leaf " #i
static const char *const lines[] = { LEAF(0), LEAF(1), LEAF(2), LEAF(3),
	LEAF(4) };
static const uint8_t seed[KEY_LEN] = { 1 }, epoch_seed[KEY_LEN] = { 2 };

/* The proof of leaf 3 of 5: its siblings are leaf 2, (0, 1), leaf 4. */
static void
build(struct buf *text, struct note_key *key)
{
	struct checkpoint c = { .origin = SPAN("test.example/log"), .size = 5 };
	struct proof p = { .index = 3, .size = 5, .n = 3 };
	struct buf note, sigs;
	struct tree_range r;
	uint8_t leaf[5][SHA256_LEN], public[KEY_LEN];

	tree_range_init(&r, 0);
	for (unsigned i = 0; i < 5; i++) {
		tree_leaf_hash(span_str(lines[i]), leaf[i]);
		tree_range_append(&r, leaf[i]);
	}
	tree_range_root(&r, c.root);
	memcpy(p.hash[0], leaf[2], SHA256_LEN);
	tree_node_hash(leaf[0], leaf[1], p.hash[1]);
	memcpy(p.hash[2], leaf[4], SHA256_LEN);
	buf_init(&note);
	buf_init(&sigs);
	if (checkpoint_sign(&c, seed, epoch_seed, &sigs) != 0 ||
	    key_public(seed, public) != 0 ||
	    note_key_init(key, c.origin, public) != 0)
		abort();
	checkpoint_join(&c, buf_view(&sigs), &note);
	tlogproof_print(&p, span_str(lines[3]), buf_view(&note), text);
	buf_fini(&note);
	buf_fini(&sigs);
}

/* Every bit that is proved or signed matters; extra and the line of the epoch's
 * key are for others to check. */
static bool
every_bit(struct buf *text, const struct note_key *key)
{
	static struct tlogproof t;
	struct span extra = SPAN("extra "), epoch = SPAN("log/e0 ");
	struct checkpoint c;
	bool free_part = false, good = true;

	for (size_t i = 0; i < text->len; i++) {
		struct span rest = span_sub(buf_view(text), i, text->len);

		if (span_starts(rest, extra) || span_starts(rest, epoch))
			free_part = true;
		else if (text->p[i] == '\n')
			free_part = false;
		for (unsigned bit = 0; bit < 8; bit++) {
			text->p[i] ^= (uint8_t)(1u << bit);
			if (!free_part &&
			    tlogproof_check(buf_view(text), span_str(lines[3]),
				key, &t, &c) == TLOGPROOF_OK) {
				printf("# bit %u of byte %zu\n", bit, i);
				good = false;
			}
			text->p[i] ^= (uint8_t)(1u << bit);
		}
	}
	return good;
}

static void
check(void)
{
	static struct tlogproof t;
	struct note_key key, other;
	struct checkpoint c;
	struct buf text;

	buf_init(&text);
	build(&text, &key);
	ok(tlogproof_check(buf_view(&text), span_str(lines[3]), &key, &t, &c) ==
		    TLOGPROOF_OK &&
		t.proof.index == 3 && t.proof.size == 5 && c.size == 5 &&
		span_eq(span_make(t.extra, t.extra_len), span_str(lines[3])),
	    "a proof");
	ok(tlogproof_check(buf_view(&text), span_str(lines[2]), NULL, &t, &c) ==
		TLOGPROOF_BAD_PROOF,
	    "is not one of another record");
	if (note_key_init(&other, SPAN("test.example/log"), seed) != 0)
		abort();
	ok(tlogproof_check(buf_view(&text), span_str(lines[3]), &other, &t,
	       &c) == TLOGPROOF_BAD_SIGNATURE,
	    "nor one under another key");
	ok(tlogproof_check(SPAN(FIRST "index 0\n\nnote\n"), SPAN("x"), NULL, &t,
	       &c) == TLOGPROOF_BAD_NOTE,
	    "nor one without a checkpoint");
	ok(every_bit(&text, &key), "nor one with any bit changed");
	buf_fini(&text);
}

static void
old(void)
{
	static struct tlogproof t;
	struct span text = SPAN("old 9\n" ZEROS "\n" ZEROS "\n\nnote\n");
	unsigned line;
	struct buf out;

	buf_init(&out);
	ok(tlogproof_parse_old(text, &t, &line) == 0 && t.proof.index == 9 &&
		t.proof.n == 2 && span_is(t.note, "note\n"),
	    "consistency");
	tlogproof_print_old(&t.proof, t.note, &out);
	ok(span_eq(buf_view(&out), text), "print is its inverse");
	ok(tlogproof_parse_old(SPAN("index 9\n\nnote\n"), &t, &line) != 0 &&
		line == 1,
	    "is another text");
	buf_fini(&out);
}

/* As many hashes as a proof may have, and one more. */
static void
many(void)
{
	static struct tlogproof t;
	struct buf text;
	unsigned line;

	buf_init(&text);
	buf_str(&text, FIRST "index 0\n");
	for (unsigned i = 0; i < PROOF_MAX; i++)
		buf_str(&text, ZEROS "\n");
	buf_str(&text, "\nnote\n");
	ok(tlogproof_parse(buf_view(&text), &t, &line) == 0 &&
		t.proof.n == PROOF_MAX,
	    "64 hashes");
	text.len -= strlen("\nnote\n");
	buf_str(&text, ZEROS "\n\nnote\n");
	ok(tlogproof_parse(buf_view(&text), &t, &line) != 0, "65");
	buf_fini(&text);
}

int
main(void)
{
	static struct tlogproof t;
	struct buf out;
	unsigned line;
	bool good;
	int rc;

	buf_init(&out);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rc = tlogproof_parse(span_str(cases[i].in), &t, &line);
		good = (rc == 0) == (cases[i].line == 0) &&
		    (rc == 0 || line == cases[i].line);
		if (rc == 0) {
			out.len = 0;
			tlogproof_print(&t.proof,
			    span_make(t.extra, t.extra_len), t.note, &out);
			good = good && span_is(buf_view(&out), cases[i].in);
		}
		ok(good, "%s (line %u)", cases[i].name, line);
	}
	old();
	many();
	check();
	buf_fini(&out);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/hex.h"
#include "common/io.h"
#include "evidence/checkpoint.h"
#include "evidence/epoch.h"
#include "evidence/record.h"
#include "evidence/tree.h"
#include "tests/tap.h"

/* The test vectors of FORMAT.md, 9: the page says what the code computes. */
#define ORIGIN "hospital.example/evidence"
#define RX UINT64_C(1732060800000000)

static struct buf page;
static uint8_t salt[RECORD_SALT];
static struct record rec = { .kind = RECORD_RECEIVED, .rx = RX, .stream = 1 };

/* The page has this text. */
static void
has(const char *name, struct buf *text)
{
	bool there = strstr(buf_cstr(&page), buf_cstr(text)) != NULL;

	ok(there, "FORMAT.md has %s", name);
	if (!there)
		printf("# not there: %s\n", buf_cstr(text));
	buf_fini(text);
}

static void
has_text(const char *name, struct span value)
{
	struct buf line;

	buf_init(&line);
	buf_printf(&line, "\n%s ", name);
	buf_span(&line, value);
	buf_byte(&line, '\n');
	has(name, &line);
}

static void
has_bytes(const char *name, const void *p, size_t len)
{
	char hex[128];

	hex_print(p, len, hex);
	has_text(name, span_make(hex, 2 * len));
}

static void
test_record(void)
{
	uint8_t nonce[16], hash[SHA256_LEN], commit[SHA256_LEN];
	char line[RECORD_LEAF_MAX];
	struct buf head;

	buf_init(&head);
	record_print(&rec, &head);
	ok(span_is(buf_view(&head),
	       "e1 1732060800000000 1 - 10\n<13>hello\n\n"),
	    "the record");
	head.len = 0;
	buf_str(&head, "`e1 1732060800000000 1 - 10`");
	has("its head line", &head);
	record_nonce(salt, 7, nonce);
	sha256(rec.body, hash);
	record_commit(nonce, rec.body, commit);
	has_bytes("salt", salt, sizeof(salt));
	has_bytes("body", rec.body.p, rec.body.len);
	has_bytes("nonce", nonce, sizeof(nonce));
	has_bytes("body-hash", hash, sizeof(hash));
	has_bytes("commit", commit, sizeof(commit));
	has_text("leaf-line",
	    span_make(line, record_leaf_line(&rec, 7, 0, commit, line)));
	record_leaf(&rec, 7, 0, salt, hash);
	has_bytes("leaf-hash", hash, sizeof(hash));
}

static void
test_tree(uint8_t root[SHA256_LEN])
{
	uint8_t leaf[3][SHA256_LEN], node[SHA256_LEN];
	struct tree_range range;
	char name[16];

	tree_range_init(&range, 0);
	for (unsigned i = 0; i < 3; i++) {
		record_leaf(&rec, i, i, salt, leaf[i]);
		tree_range_append(&range, leaf[i]);
		snprintf(name, sizeof(name), "tree-leaf-%u", i);
		has_bytes(name, leaf[i], SHA256_LEN);
	}
	tree_node_hash(leaf[0], leaf[1], node);
	has_bytes("tree-node", node, sizeof(node));
	tree_range_root(&range, root);
	has_bytes("tree-root", root, SHA256_LEN);
}

static void
test_seed(void)
{
	static const uint8_t seed[KEY_LEN];
	uint8_t child[KEY_LEN], key[KEY_LEN];

	has_bytes("seed", seed, sizeof(seed));
	epoch_child(seed, 0, child);
	has_bytes("seed-left", child, sizeof(child));
	epoch_child(seed, 1, child);
	has_bytes("seed-right", child, sizeof(child));
	ok(key_public(seed, key) == 0, "a public key");
	has_bytes("seed-public", key, sizeof(key));
}

static void
test_checkpoint(const uint8_t root[SHA256_LEN])
{
	struct checkpoint c = { .origin = span_str(ORIGIN), .size = 3 };
	uint8_t seed[KEY_LEN], key[KEY_LEN];
	struct note_key k;
	struct buf b, note;
	char id[16];

	memset(seed, 1, sizeof(seed));
	memcpy(c.root, root, SHA256_LEN);
	buf_init(&b);
	ok(key_public(seed, key) == 0 && note_key_init(&k, c.origin, key) == 0,
	    "a log key");
	snprintf(id, sizeof(id), "%08" PRIx32, k.id);
	note_key_print(&k, &b);
	has_bytes("log-seed", seed, sizeof(seed));
	has_bytes("log-public", key, sizeof(key));
	has_text("log-key-id", span_str(id));
	has_text("log-vkey", buf_view(&b));
	b.len = 0;
	checkpoint_print(&c, &b);
	buf_init(&note);
	buf_str(&note, "\n```\n");
	buf_span(&note, buf_view(&b));
	buf_byte(&note, '\n');
	ok(note_sign(buf_view(&b), c.origin, seed, &note) == 0, "signed");
	buf_str(&note, "```\n");
	has("the checkpoint", &note);
	buf_fini(&b);
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	uint8_t root[SHA256_LEN];
	char path[4096];

	for (unsigned i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)i;
	rec.body = span_str("<13>hello\n");
	buf_init(&page);
	snprintf(path, sizeof(path), "%s/lib/evidence/FORMAT.md",
	    srcdir != NULL ? srcdir : ".");
	ok(io_read_file(path, 1u << 20, &page) == 0, "FORMAT.md is there");
	test_record();
	test_tree(root);
	test_seed();
	test_checkpoint(root);
	buf_fini(&page);
	return done();
}

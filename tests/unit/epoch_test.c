/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <openssl/hmac.h>
#include <string.h>

#include "common/hex.h"
#include "evidence/epoch.h"
#include "evidence/tree.h"
#include "tests/tap.h"

/*
 * R and the line of epoch 2^height - 2 for the root seed 00 01 02 ... 1f,
 * made from FORMAT.md, 7 with Go's crypto/hmac, crypto/ed25519, sumdb/tlog.
 */
static const struct {
	const char *r, *line;
} golden[] = {
	{ "357746c451193a5cbf68ccefa02e66ba21f5b7a14e749742bb77a78f32811aac",
	    "0 aZTcOO5VrXdRtJkxJJM9A5pIAJOfDklhCvHO6wX+r+A= "
	    "b4311677358629815d692b1074699f1cfe79b46ef848da10c3c6aaf34a2b4e33"
	    "\n" },
	{ "f1b1638ff4fa799d526899b64e195efcffbe5c3ed5fa62efd5bc21366a4b42d6",
	    "2 aHScLoP05qTMsrnK4klhvcyT7lQwgMihccTWFwrG548= "
	    "255be522cd6ee437aac3f1a08859d00c58a3338f3ed84186f14c2444a94b7ba3,"
	    "75fbe17f50ccf0ab7ba2dc5e5858d78925ecf59f1f8fbbc70cd4a1cb4097360d"
	    "\n" },
	{ "db623d3281b4135b680d8f908cea8330276f9ba42961c4268bdcfa8560ac343f",
	    "6 elpssAc8RKXYuevzmOO1LMRm7RzHTYS8DbDbjKN1CVE= "
	    "4b7cd1f215cc9d18cf7183bf9dfad9bb02f86ca16ffe0f90653b709c812a6af0,"
	    "113161fc68bffff5015b2d72b7e13e2b929959fd3036f25ca006de1a8b1d199c,"
	    "adb52672d9e1bb88f9d26121aadc8de8b49c755b9e1a741c44be2d8b11018116"
	    "\n" },
};

static uint8_t root[KEY_LEN];

/* The seed of the node with that level and index, by OpenSSL's HMAC. */
static void
seed_of(unsigned height, unsigned level, uint32_t index, uint8_t seed[KEY_LEN])
{
	uint8_t parent[KEY_LEN];
	const char *side = (index & 1) != 0 ? "ev1 right" : "ev1 left";

	if (level == height) {
		memcpy(seed, root, KEY_LEN);
		return;
	}
	seed_of(height, level + 1, index >> 1, parent);
	HMAC(EVP_sha256(), parent, KEY_LEN, (const uint8_t *)side, strlen(side),
	    seed, NULL);
}

/* Whether s holds exactly the cover of [next, 2^height), and nothing else. */
static int
holds_cover(const struct epoch_seeds *s)
{
	static const uint8_t zero[KEY_LEN];
	uint8_t want[KEY_LEN];
	uint64_t end = UINT64_C(1) << s->height, index;
	size_t i, n = tree_range_count(s->next, end), kept = 0;
	unsigned level;

	for (i = 0; i < n; i++) {
		tree_range_node(s->next, end, i, &level, &index);
		seed_of(s->height, level, (uint32_t)index, want);
		if (memcmp(s->seed[level], want, KEY_LEN) != 0)
			return 0;
	}
	for (level = 0; level <= EPOCH_HEIGHT_MAX; level++)
		kept += memcmp(s->seed[level], zero, KEY_LEN) != 0;
	return kept == n;
}

static void
taking(unsigned height)
{
	uint8_t seed[KEY_LEN], want[KEY_LEN];
	struct epoch_seeds s;
	uint32_t i;
	int good = 1;

	epoch_seeds_init(&s, height, root);
	good &= holds_cover(&s);
	for (i = 0; i < 1u << height; i++) {
		seed_of(height, 0, i, want);
		good &= s.next == i && epoch_seeds_take(&s, seed) == 0 &&
		    memcmp(seed, want, KEY_LEN) == 0 && holds_cover(&s);
	}
	ok(good, "%u seeds in order, only those to come are kept", i);
	ok(epoch_seeds_take(&s, seed) == -1 && s.next == i, "then no more");
}

static void
golden_tree(unsigned height)
{
	uint8_t leaf[8][SHA256_LEN], r[SHA256_LEN];
	struct tree_range range;
	struct epoch e;
	struct buf out;
	char hex[64];
	unsigned i;

	buf_init(&out);
	ok(epoch_leaves(root, height, leaf) == 0, "height %u", height);
	tree_range_init(&range, 0);
	for (i = 0; i < 1u << height; i++)
		tree_range_append(&range, leaf[i]);
	tree_range_root(&range, r);
	hex_print(r, SHA256_LEN, hex);
	ok(span_is(span_make(hex, 64), golden[height - 1].r), "R is Go's");
	ok(epoch_parse(span_str(golden[height - 1].line), &e) == 0 &&
		epoch_verify(&e, height, r) == 0,
	    "Go's line leads to R");
	epoch_print(&e, &out);
	ok(span_is(buf_view(&out), golden[height - 1].line), "and back");
	e.number ^= 1;
	ok(epoch_verify(&e, height, r) == -1, "not with another number");
	e.number ^= 1;
	e.key[31] ^= 1;
	ok(epoch_verify(&e, height, r) == -1, "nor another key");
	e.key[31] ^= 1;
	e.path[height - 1][0] ^= 1;
	ok(epoch_verify(&e, height, r) == -1, "nor another path");
	e.path[height - 1][0] ^= 1;
	ok(epoch_verify(&e, height + 1, r) == -1, "nor another height");
	ok(epoch_verify(&e, height, r) == 0, "again as it was");
	buf_fini(&out);
}

static void
strictness(void)
{
#define KEY "aZTcOO5VrXdRtJkxJJM9A5pIAJOfDklhCvHO6wX+r+A="
#define HASH "b4311677358629815d692b1074699f1cfe79b46ef848da10c3c6aaf34a2b4e33"
#define FIVE HASH "," HASH "," HASH "," HASH "," HASH
#define TWENTY FIVE "," FIVE "," FIVE "," FIVE
	static const struct {
		const char *name, *in;
		int want;
	} rows[] = {
		{ "the tallest", "1048575 " KEY " " TWENTY "\n", 0 },
		{ "taller", "0 " KEY " " TWENTY "," HASH "\n", -1 },
		{ "no path", "0 " KEY " \n", -1 },
		{ "no LF", "0 " KEY " " HASH, -1 },
		{ "two LF", "0 " KEY " " HASH "\n\n", -1 },
		{ "a number beyond the tree", "2 " KEY " " HASH "\n", -1 },
		{ "a number with a zero", "01 " KEY " " HASH "\n", -1 },
		{ "a number beyond all", "1048576 " KEY " " TWENTY "\n", -1 },
		{ "a comma at the end", "0 " KEY " " HASH ",\n", -1 },
		{ "a comma in front", "0 " KEY " ," HASH "\n", -1 },
		{ "a key of 31 bytes",
		    "0 aZTcOO5VrXdRtJkxJJM9A5pIAJOfDklhCvHO6wX+rw== " HASH "\n",
		    -1 },
		{ "nothing", "", -1 },
	};
	struct epoch e;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(epoch_parse(span_str(rows[i].in), &e) == rows[i].want,
		    "line with %s", rows[i].name);
}

int
main(void)
{
	unsigned i;

	for (i = 0; i < KEY_LEN; i++)
		root[i] = (uint8_t)i;
	for (i = 1; i <= 6; i++)
		taking(i);
	for (i = 1; i <= 3; i++)
		golden_tree(i);
	strictness();
	return done();
}

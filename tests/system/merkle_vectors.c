/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/hex.h"
#include "evidence/tree.h"
#include "tests/tap.h"
#include "verify/merkle.h"

/*
 * Proofs that somebody else made, good and bad: for each file named on the
 * command line, whether our verdict is the one it wants.  The files are those
 * of the Merkle library of transparency.dev.  Of its proofs that a tree extends
 * a subtree only those of a subtree from 0 to somewhere are ours as well.
 */
#define PROOF_MAX 128
struct proof {
	uint8_t hash[PROOF_MAX][SHA256_LEN];
	size_t n;
};

/* A hash that has not 32 bytes is refused by whoever reads the proof. */
static int
hash_of(const json_t *v, uint8_t out[SHA256_LEN])
{
	const char *s = json_string_value(v);
	size_t len;

	return s != NULL &&
		base64_parse(span_str(s), out, SHA256_LEN, &len) == 0 &&
		len == SHA256_LEN
	    ? 0
	    : -1;
}

static int
proof_of(const json_t *v, struct proof *p)
{
	size_t i;

	p->n = json_array_size(v);
	for (i = 0; i < p->n; i++)
		if (i == PROOF_MAX ||
		    hash_of(json_array_get(v, i), p->hash[i]) != 0)
			return -1;
	return 0;
}

/* Some of the files have numbers that jansson's integers cannot hold. */
static uint64_t
number(const json_t *v, const char *key)
{
	double d = json_real_value(json_object_get(v, key));

	return d < 1e18 ? (uint64_t)d : UINT64_MAX;
}

/* The leaf's place in the subtree [start, end), which is a tree of its own. */
static int
place(const json_t *v, uint64_t *index, uint64_t *size)
{
	uint64_t start = number(v, "start"), end = number(v, "end"), all = 1;

	*index = number(v, "leafIdx");
	*size = number(v, "treeSize");
	if (json_object_get(v, "start") == NULL)
		return 0;
	if (start >= end || *index < start || end == UINT64_MAX)
		return -1;
	*index -= start;
	*size = end - start;
	while (all < *size)
		all *= 2;
	return start % all == 0 ? 0 : -1; /* it is a part of the tree */
}

static int
inclusion(const json_t *v, const struct proof *p)
{
	const uint8_t(*path)[SHA256_LEN] =
	    (const uint8_t(*)[SHA256_LEN])p->hash;
	uint64_t index, size;
	uint8_t root[SHA256_LEN], leaf[SHA256_LEN];
	int rc;

	if (place(v, &index, &size) != 0 ||
	    hash_of(json_object_get(v, "root"), root) != 0 ||
	    hash_of(json_object_get(v, "leafHash"), leaf) != 0)
		return -1;
	rc = tree_verify_inclusion(index, size, leaf, path, p->n, root);
	if (merkle_inclusion(index, size, leaf, path, p->n, root) != rc)
		return 2; /* the verifier must say the same */
	return rc;
}

/* Some roots are a few words; all that matters is whether two are equal. */
static int
root_of(const json_t *v, uint8_t out[SHA256_LEN])
{
	const char *s = json_string_value(v);

	if (s == NULL)
		return -1;
	if (hash_of(v, out) != 0)
		sha256(span_str(s), out);
	return 0;
}

static int
consistency(const json_t *v, const struct proof *p)
{
	uint8_t old[SHA256_LEN], new[SHA256_LEN];

	if (root_of(json_object_get(v, "root1"), old) != 0 ||
	    root_of(json_object_get(v, "root2"), new) != 0)
		return -1;
	if (json_object_get(v, "start") != NULL)
		return tree_verify_consistency(number(v, "end"),
		    number(v, "size"), (const uint8_t(*)[SHA256_LEN])p->hash,
		    p->n, old, new);
	return tree_verify_consistency(number(v, "size1"), number(v, "size2"),
	    (const uint8_t(*)[SHA256_LEN])p->hash, p->n, old, new);
}

/* A proof from a subtree that begins, or ends, where none of ours does. */
static bool
foreign(const json_t *v)
{
	return json_object_get(v, "root1") != NULL &&
	    json_object_get(v, "start") != NULL &&
	    (number(v, "start") != 0 || number(v, "end") == 0);
}

static void
vector(const char *path)
{
	json_t *v = json_load_file(path, JSON_DECODE_INT_AS_REAL, NULL);
	struct proof p;
	int rc, want;

	if (foreign(v)) {
		json_decref(v);
		return;
	}
	rc = proof_of(json_object_get(v, "proof"), &p);
	if (rc == 0 && json_object_get(v, "leafIdx") != NULL)
		rc = inclusion(v, &p);
	else if (rc == 0)
		rc = consistency(v, &p);
	want = json_is_true(json_object_get(v, "wantErr")) ? -1 : 0;
	ok(v != NULL && rc == want, "%s", path);
	json_decref(v);
}

int
main(int argc, char *argv[])
{
	int i;

	for (i = 1; i < argc; i++)
		vector(argv[i]);
	return done();
}

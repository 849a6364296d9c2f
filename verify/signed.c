/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/signed.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "common/hex.h"
#include "verify/match.h"

#define SIGNATURE_MAX 8192u /* bytes, key id included */
#define DASH "\xe2\x80\x94 "

static bool
name_ok(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] <= ' ' || name.p[i] > '~' || name.p[i] == '+')
			return false;
	return name.len > 0 && name.len <= 255;
}

static uint32_t
u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/* The rest of a key whose name is there. */
static void
key_init(struct signed_key *k, uint8_t type, const uint8_t key[32])
{
	uint8_t hash[SHA256_LEN];
	char in[256 + 34];
	int n = snprintf(in, sizeof(in), "%s\n%c", k->name, type);

	memcpy(in + n, key, 32);
	sha256(span_make(in, (size_t)n + 32), hash);
	k->id = u32(hash);
	k->type = type;
	memcpy(k->key, key, 32);
}

int
signed_key_parse(struct span vkey, struct signed_key *k)
{
	struct span name, id;
	uint8_t bytes[33];
	char hex[9];
	size_t len;

	if (!match(&vkey, "%s+%s+", &name, &id) || !name_ok(name) ||
	    base64_parse(vkey, bytes, sizeof(bytes), &len) != 0 || len != 33 ||
	    (bytes[0] != SIGNED_ED25519 && bytes[0] != SIGNED_COSIGNATURE))
		return -1;
	memset(k, 0, sizeof(*k));
	memcpy(k->name, name.p, name.len);
	key_init(k, bytes[0], bytes + 1);
	snprintf(hex, sizeof(hex), "%08" PRIx32, k->id);
	return span_is(id, hex) ? 0 : -1;
}

static bool
take_line(struct span *in, struct signed_line *l)
{
	uint8_t bytes[SIGNATURE_MAX];
	size_t len;

	return match(in, DASH "%s %s\n", &l->name, &l->base64) &&
	    name_ok(l->name) &&
	    base64_parse(l->base64, bytes, sizeof(bytes), &len) == 0 && len > 4;
}

/*
 * The signatures stand behind the last empty line.  All our texts are ASCII,
 * and so are key names: only the dash of a signature line is not.
 */
enum say_what
signed_parse(struct span in, struct signed_note *n)
{
	size_t i, lines = 0;
	struct span rest;

	for (n->n = i = 0; i < in.len && i <= SIGNED_MAX; i++)
		lines += in.p[i] == '\n';
	if (in.len > SIGNED_MAX || lines > SIGNED_LINES)
		return SAY_NOTE_BIG;
	while (i >= 2 && (in.p[i - 1] != '\n' || in.p[i - 2] != '\n'))
		i--;
	if (i < 2)
		return SAY_NOTE_TEXT;
	n->text = span_sub(in, 0, i - 1);
	for (size_t j = 0; j < n->text.len; j++)
		if ((in.p[j] < ' ' && in.p[j] != '\n') || in.p[j] > '~')
			return SAY_NOTE_TEXT;
	rest = span_sub(in, i, in.len);
	do
		if (!take_line(&rest, &n->line[n->n++]))
			return SAY_NOTE_LINE;
	while (rest.len > 0);
	return SAY_NONE;
}

static bool
ed25519(const uint8_t key[32], struct span text, const uint8_t sig[64])
{
	EVP_PKEY *pkey =
	    EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = pkey != NULL && ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	    EVP_DigestVerify(ctx, sig, 64, text.p, text.len) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return good;
}

/* A cosignature (C2SP tlog-cosignature): eight bytes of time in front, and the
 * text with it. */
enum say_what
signed_check(const struct signed_note *n, size_t i, const struct signed_key *k,
    uint64_t *time)
{
	size_t len, want = k->type == SIGNED_COSIGNATURE ? 76 : 68;
	uint8_t bytes[4 + 8 + 64];
	struct span text = n->text;
	char timed[512];

	*time = 0;
	if (i >= n->n || !span_is(n->line[i].name, k->name))
		return SAY_NOTE_KEY;
	if (base64_parse(n->line[i].base64, bytes, sizeof(bytes), &len) != 0 ||
	    len != want)
		return SAY_NOTE_SIGNATURE;
	if (u32(bytes) != k->id)
		return SAY_NOTE_KEY;
	if (k->type == SIGNED_COSIGNATURE) {
		*time = (uint64_t)u32(bytes + 4) << 32 | u32(bytes + 8);
		len = (size_t)snprintf(timed, sizeof(timed),
		    "cosignature/v1\ntime %" PRIu64 "\n%.*s", *time,
		    (int)text.len, (const char *)text.p);
		if (len >= sizeof(timed))
			return SAY_NOTE_SIGNATURE;
		text = span_make(timed, len);
	}
	return ed25519(k->key, text, bytes + want - 64) ? SAY_NONE
							: SAY_NOTE_SIGNATURE;
}

int
signed_head_parse(struct span text, struct signed_head *h)
{
	h->epoch = 0;
	return match(&text, "%s\n%u\n%b\n", &h->origin, &h->size, h->root) &&
		text.len == 0 && h->size <= UINT64_C(999999999999)
	    ? 0
	    : -1;
}

/* Whose line it is: 1 the log's, 2 an epoch's, 0 another's. */
static int
signer(struct span name, struct span origin, uint64_t *epoch)
{
	struct span rest = span_sub(name, origin.len, name.len);

	return !span_starts(name, origin) ? 0
	    : rest.len == 0		  ? 1
	    : match(&rest, "/e%u", epoch) && rest.len == 0 &&
		*epoch <= SIGNED_EPOCH_MAX
	    ? 2
	    : 0;
}

/* Others may sign behind ours, but not again under a name of this log. */
enum say_what
signed_head_read(struct span in, struct signed_note *n, struct signed_head *h)
{
	enum say_what why = signed_parse(in, n);
	uint64_t epoch, other;

	if (why != SAY_NONE)
		return why;
	if (signed_head_parse(n->text, h) != 0)
		return SAY_NOTE_CHECKPOINT;
	if (n->n < 2 || signer(n->line[0].name, h->origin, &other) != 1 ||
	    signer(n->line[1].name, h->origin, &epoch) != 2)
		return SAY_NOTE_ORDER;
	h->epoch = (uint32_t)epoch;
	for (size_t i = 2; i < n->n; i++)
		if (signer(n->line[i].name, h->origin, &other) != 0)
			return SAY_NOTE_ORDER;
	return SAY_NONE;
}

void
signed_head_hash(const char *origin, uint64_t size,
    const uint8_t root[SHA256_LEN], uint8_t hash[SHA256_LEN])
{
	char text[256], base64[64] = "";
	int n;

	base64_print(root, SHA256_LEN, base64);
	n = snprintf(text, sizeof(text), "%s\n%" PRIu64 "\n%s\n", origin, size,
	    base64);
	sha256(span_make(text, (size_t)n), hash);
}

void
signed_epoch_key(struct signed_key *k, const char *origin, uint32_t epoch,
    const uint8_t key[32])
{
	memset(k, 0, sizeof(*k));
	snprintf(k->name, sizeof(k->name), "%.120s/e%" PRIu32, origin, epoch);
	key_init(k, SIGNED_ED25519, key);
}

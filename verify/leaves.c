/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/leaves.h"

#include "common/hex.h"

#define NONCE_IN (9 + LEAVES_SALT + 8)
#define COMMIT_IN (16 + SHA256_LEN)
#define NODE_IN (1 + 2 * SHA256_LEN)

/* What is the same in all blocks is written once. */
void
leaves_init(struct leaves *l, const uint8_t salt[LEAVES_SALT])
{
	l->n = 0;
	for (size_t i = 0; i < LEAVES_MAX; i++) {
		memcpy(l->nonce[i], "ev1 nonce", 9);
		memcpy(l->nonce[i] + 9, salt, LEAVES_SALT);
		sha256x2_pad(l->nonce[i], NONCE_IN);
		sha256x2_pad(l->commit[i], COMMIT_IN);
	}
	for (size_t i = 0; i < LEAVES_MAX / 2; i++) {
		l->node[i][0] = 1;
		sha256x2_pad(l->node[i], NODE_IN);
	}
}

/* Digits of n; out holds 20 bytes. */
static size_t
put_number(uint64_t n, uint8_t *out)
{
	size_t len = 1;

	for (uint64_t i = n; i > 9; i /= 10)
		len++;
	for (size_t at = len; at-- > 0; n /= 10)
		out[at] = (uint8_t)('0' + n % 10);
	return len;
}

/* The head line with index, sequence number and commit. */
size_t
leaves_line(struct span head, size_t stream, uint64_t index, uint64_t seq,
    const uint8_t commit[SHA256_LEN], uint8_t *line)
{
	uint8_t *p = line;

	*p++ = 0; /* RFC 6962: a leaf, not a node */
	memcpy(p, head.p, 3);
	p += 3;
	p += put_number(index, p);
	memcpy(p, head.p + 2, stream - 2);
	p += stream - 2;
	*p++ = ':';
	p += put_number(seq, p);
	memcpy(p, head.p + stream, head.len - stream);
	p += head.len - stream;
	*p++ = ' ';
	hex_print(commit, SHA256_LEN, (char *)p);
	return (size_t)(p - line) + (size_t)(2 * SHA256_LEN);
}

static void
job_blocks(struct sha256x2_job *job, const uint8_t *p, size_t n, uint8_t *out)
{
	*job = (struct sha256x2_job){ { p }, { n }, NULL, out };
}

static void
hash_bodies(struct leaves *l)
{
	struct sha256x2_job *job = l->job + 2;

	for (size_t i = 0; i < l->n; i++) {
		for (unsigned j = 0; j < 8; j++)
			l->nonce[i][NONCE_IN - 1 - j] =
			    (uint8_t)((l->first + i) >> 8 * j);
		job_blocks(job++, l->nonce[i], 1, l->nonces[i]);
		sha256x2_whole(job++, l->record[i].body, l->end[i],
		    l->commit[i] + 16);
	}
	sha256x2_run(l->job, (size_t)(job - l->job));
}

static void
hash_lines(struct leaves *l)
{
	size_t len;

	for (size_t i = 0; i < l->n; i++) {
		memcpy(l->commit[i], l->nonces[i], 16);
		job_blocks(&l->job[i], l->commit[i], 1, l->commits[i]);
	}
	sha256x2_run(l->job, l->n);
	for (size_t i = 0; i < l->n; i++) {
		len = leaves_line(l->record[i].head, l->record[i].stream,
		    l->first + i, l->record[i].seq, l->commits[i], l->line[i]);
		job_blocks(&l->job[i], l->line[i],
		    sha256x2_pad(l->line[i], len), l->hash[i]);
	}
	sha256x2_run(l->job, l->n);
}

/* LEAVES_MAX leaves from an index that it divides are one subtree. */
static unsigned
hash_nodes(struct leaves *l)
{
	unsigned level = 0;

	for (size_t n = LEAVES_MAX / 2; n > 0; n /= 2, level++) {
		for (size_t i = 0; i < n; i++) {
			memcpy(l->node[i] + 1, l->hash[2 * i], NODE_IN - 1);
			job_blocks(&l->job[i], l->node[i], 2, l->hash[i]);
		}
		sha256x2_run(l->job, n);
	}
	return level;
}

void
leaves_hash(struct leaves *l, struct merkle *range)
{
	hash_bodies(l);
	hash_lines(l);
	if (l->n == LEAVES_MAX && l->first % LEAVES_MAX == 0)
		merkle_push(range, hash_nodes(l), l->hash[0]);
	else
		for (size_t i = 0; i < l->n; i++)
			merkle_push(range, 0, l->hash[i]);
	l->n = 0;
}

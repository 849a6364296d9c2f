/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/leaves.h"

#include <endian.h>

#include "common/hex.h"

void
leaves_init(struct leaves *l, const uint8_t salt[LEAVES_SALT])
{
	l->n = 0;
	memcpy(l->salted, "ev1 nonce", 9);
	memcpy(l->salted + 9, salt, LEAVES_SALT);
}

static uint8_t *
put(uint8_t *p, const void *from, size_t len)
{
	memcpy(p, from, len);
	return p + len;
}

static uint8_t *
put_number(uint8_t *p, uint64_t n)
{
	uint8_t digits[20], *at = digits + sizeof(digits);

	do
		*--at = (uint8_t)('0' + n % 10);
	while ((n /= 10) > 0);
	return put(p, at, (size_t)(digits + sizeof(digits) - at));
}

/* The leaf's data: the head line with index, sequence number and commit. */
static uint8_t *
put_line(uint8_t *p, const struct leaves *l, size_t i)
{
	struct span head = l->record[i].head;
	size_t stream = l->record[i].stream;

	*p++ = 0; /* RFC 6962: a leaf, not a node */
	p = put_number(put(p, head.p, 3), l->first + i);
	p = put(p, head.p + 2, stream - 2);
	*p++ = ':';
	p = put_number(p, l->record[i].seq);
	p = put(p, head.p + stream, head.len - stream);
	*p++ = ' ';
	hex_print(l->hash[i], SHA256_LEN, (char *)p);
	return p + (size_t)(2 * SHA256_LEN);
}

/* Hash what stands in the job up to end. */
static void
set_job(struct sha256x2_job *job, const uint8_t *end, uint8_t *out)
{
	sha256x2_short(job, (size_t)(end - job->edge), out);
}

static void
hash_records(struct leaves *l)
{
	struct sha256x2_job *job = l->job + 2;
	uint64_t index;
	uint8_t *p;

	for (size_t i = 0; i < l->n; i++) {
		index = htobe64(l->first + i);
		p = put(job[i].edge, l->salted, sizeof(l->salted));
		set_job(job + i, put(p, &index, sizeof(index)), l->nonce[i]);
		sha256x2_whole(&job[l->n + i], l->record[i].body, l->body[i]);
	}
	sha256x2_run(l->job, 2 + 2 * l->n);
	for (size_t i = 0; i < l->n; i++) {
		p = put(job[i].edge, l->nonce[i], 16);
		set_job(job + i, put(p, l->body[i], SHA256_LEN), l->hash[i]);
	}
	sha256x2_run(job, l->n);
	for (size_t i = 0; i < l->n; i++)
		set_job(job + i, put_line(job[i].edge, l, i), l->hash[i]);
	sha256x2_run(job, l->n);
}

/* LEAVES_MAX leaves from an index that it divides are one subtree. */
static unsigned
hash_nodes(struct leaves *l)
{
	struct sha256x2_job *job = l->job + 2;
	unsigned level = 0;

	for (size_t n = LEAVES_MAX / 2; n > 0; n /= 2, level++) {
		for (size_t i = 0; i < n; i++) {
			job[i].edge[0] = 1;
			set_job(job + i,
			    put(job[i].edge + 1, l->hash[2 * i],
				2 * SHA256_LEN),
			    l->hash[i]);
		}
		sha256x2_run(job, n);
	}
	return level;
}

static void
lend(const struct leaves *l, struct lent *to)
{
	size_t n = LEND_LEAVES - to->n < l->n ? LEND_LEAVES - to->n : l->n;

	if (to->n == 0)
		to->first = l->first;
	memcpy(to->leaf + to->n, l->hash, n * SHA256_LEN);
	to->n += n;
}

void
leaves_hash(struct leaves *l, struct merkle *range)
{
	hash_records(l);
	if (l->lent != NULL)
		lend(l, l->lent);
	if (l->n == LEAVES_MAX && l->first % LEAVES_MAX == 0)
		merkle_push(range, hash_nodes(l), l->hash[0]);
	else
		for (size_t i = 0; i < l->n; i++)
			merkle_push(range, 0, l->hash[i]);
	l->n = 0;
}

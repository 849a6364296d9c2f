/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "common/sha256x2.h"

#include <endian.h>
#include <openssl/sha.h>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define HAVE_X86_SHA
#include <cpuid.h>
#include <immintrin.h>
#endif

#define BLOCK SHA256X2_BLOCK

/* A state's words stand in the order of the instructions: FEBA, HGDC. */
static const unsigned word[8] = { 5, 4, 1, 0, 7, 6, 3, 2 };
static const uint32_t begin_state[8] = { 0x9b05688c, 0x510e527f, 0xbb67ae85,
	0x6a09e667, 0x5be0cd19, 0x1f83d9ab, 0xa54ff53a, 0x3c6ef372 };

struct lane {
	struct sha256x2_job *job; /* NULL: it idles */
	struct sha256x2_hash *h, own;
	const uint8_t *p; /* next block */
	size_t n;	  /* blocks from there on */
	unsigned part;	  /* of the job, that comes then */
};

/* By OpenSSL, which uses what the processor has for one hash. */
static void
blocks_alone(struct lane lane[2], size_t n)
{
	SHA256_CTX c;

	for (struct lane *l = lane; l < lane + 2; l++) {
		SHA256_Init(&c);
		for (unsigned i = 0; i < 8; i++)
			c.h[word[i]] = l->h->state[i];
		for (size_t i = 0; l->job != NULL && i < n; i++)
			SHA256_Transform(&c, l->p + i * BLOCK);
		for (unsigned i = 0; i < 8; i++)
			l->h->state[i] = c.h[word[i]];
	}
}

#ifdef HAVE_X86_SHA

#define TARGET __attribute__((target("sha,sse4.1")))
#define INLINE __attribute__((always_inline)) static inline TARGET
#define load(p) _mm_loadu_si128((const void *)(p))

static const uint32_t k[64] __attribute__((aligned(16))) = {
#include "common/sha256_tbl.h"
};

struct state {
	__m128i abef, cdgh;
};

/* Four rounds with w and the constants from k[i]. */
INLINE void
rounds(struct state *s, __m128i w, unsigned i)
{
	__m128i wk = _mm_add_epi32(w, load(k + i));

	s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, wk);
	s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh,
	    _mm_shuffle_epi32(wk, 0x0e));
}

/* The next four words of the schedule from the last sixteen. */
INLINE __m128i
schedule(__m128i a, __m128i b, __m128i c, __m128i d)
{
	a = _mm_sha256msg1_epu32(a, b);
	a = _mm_add_epi32(a, _mm_alignr_epi8(d, c, 4));
	return _mm_sha256msg2_epu32(a, d);
}

/* Both lanes in one loop, so that their instructions stand side by side; the
 * loops in it unrolled, so that all they work on stands in registers. */
TARGET static void
blocks_paired(struct lane lane[2], size_t n)
{
	const __m128i swap =
	    _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	struct state s[2], old[2];
	__m128i w[2][4];

#pragma GCC unroll 2
	for (unsigned j = 0; j < 2; j++)
		s[j] = (struct state){ load(lane[j].h->state),
			load(lane[j].h->state + 4) };
	for (size_t at = 0; at < n * BLOCK; at += BLOCK) {
		old[0] = s[0];
		old[1] = s[1];
#pragma GCC unroll 8
		for (unsigned i = 0; i < 8; i++)
			w[i / 4][i % 4] =
			    _mm_shuffle_epi8(load(lane[i / 4].p + at +
						 16 * (i % 4)),
				swap);
#pragma GCC unroll 16
		for (unsigned i = 0; i < 16; i++) {
#pragma GCC unroll 2
			for (unsigned j = 0; j < 2; j++) {
				if (i >= 4)
					w[j][i % 4] = schedule(w[j][i % 4],
					    w[j][(i + 1) % 4],
					    w[j][(i + 2) % 4],
					    w[j][(i + 3) % 4]);
				rounds(&s[j], w[j][i % 4], 4 * i);
			}
		}
#pragma GCC unroll 2
		for (unsigned j = 0; j < 2; j++) {
			s[j].abef = _mm_add_epi32(s[j].abef, old[j].abef);
			s[j].cdgh = _mm_add_epi32(s[j].cdgh, old[j].cdgh);
		}
	}
#pragma GCC unroll 2
	for (unsigned j = 0; j < 2; j++) {
		_mm_storeu_si128((void *)lane[j].h->state, s[j].abef);
		_mm_storeu_si128((void *)(lane[j].h->state + 4), s[j].cdgh);
	}
}

/* Code that leaves the upper halves of the vector registers in use, as that of
 * compression libraries does, makes every instruction of ours wait for them:
 * hashing takes twice as long. */
__attribute__((target("avx"))) static void
clean(void)
{
	_mm256_zeroupper();
}

/* That several threads may ask does no harm. */
static bool
available(void)
{
	static _Atomic int known; /* 1 yes, -1 no */
	unsigned eax, ebx, ecx, edx;

	if (known == 0)
		known = __builtin_cpu_supports("sse4.1") &&
			__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 &&
			(ebx & bit_SHA) != 0
		    ? 1
		    : -1;
	if (__builtin_cpu_supports("avx"))
		clean();
	return known > 0;
}

#endif

/* See that the lane has blocks to do, of its job or of the next. */
static void
lane_fill(struct lane *l, struct sha256x2_job **job, struct sha256x2_job *end)
{
	uint32_t be;

	while (l->n == 0) {
		if (l->job != NULL && l->part < 2) {
			l->p = l->job->p[l->part];
			l->n = l->job->n[l->part++];
			continue;
		}
		if (l->job != NULL && l->job->out != NULL)
#pragma GCC unroll 8
			for (unsigned i = 0; i < 8; i++) {
				be = htobe32(l->h->state[i]);
				memcpy(l->job->out + 4 * word[i], &be, 4);
			}
		l->job = NULL;
		l->h = &l->own;
		if (*job == end)
			return;
		l->job = (*job)++;
		l->part = 0;
		if (l->job->hash != NULL)
			l->h = l->job->hash;
		else
			sha256x2_init(l->h);
	}
}

void
sha256x2_run(struct sha256x2_job *job, size_t n)
{
	struct sha256x2_job *end = job + n;
	struct lane lane[2] = { { .job = NULL } };
	void (*blocks)(struct lane *, size_t) = blocks_alone;

#ifdef HAVE_X86_SHA
	if (available())
		blocks = blocks_paired;
#endif
	for (;;) {
		n = SIZE_MAX;
		for (struct lane *l = lane; l < lane + 2; l++) {
			lane_fill(l, &job, end);
			if (l->n > 0 && l->n < n)
				n = l->n;
		}
		if (n == SIZE_MAX)
			return;
		/* A lane that idles goes along, for nothing. */
		for (unsigned j = 0; j < 2; j++)
			if (lane[j].n == 0)
				lane[j].p = lane[1 - j].p;
		blocks(lane, n);
		for (struct lane *l = lane; l < lane + 2; l++)
			if (l->n > 0) {
				l->p += n * BLOCK;
				l->n -= n;
			}
	}
}

/* The job's last blocks: len bytes stand in the edge, of all that are hashed.
 */
static void
set_last(struct sha256x2_job *job, size_t len, uint64_t all, uint8_t *out)
{
	uint64_t bits = htobe64(all << 3);
	size_t n = (len + 1 + sizeof(bits) + BLOCK - 1) / BLOCK;

	job->edge[len] = 0x80;
	memset(job->edge + len + 1, 0, BLOCK + sizeof(bits));
	memcpy(job->edge + n * BLOCK - sizeof(bits), &bits, sizeof(bits));
	job->n[0] = 0;
	job->p[1] = job->edge;
	job->n[1] = n;
	job->hash = NULL;
	job->out = out;
}

void
sha256x2_whole(struct sha256x2_job *job, struct span in,
    uint8_t out[SHA256_LEN])
{
	size_t rest = in.len % BLOCK;

	if (rest > 0)
		memcpy(job->edge, in.p + in.len - rest, rest);
	set_last(job, rest, in.len, out);
	job->p[0] = in.p;
	job->n[0] = in.len / BLOCK;
}

void
sha256x2_short(struct sha256x2_job *job, size_t len, uint8_t out[SHA256_LEN])
{
	set_last(job, len, len, out);
}

void
sha256x2_init(struct sha256x2_hash *h)
{
	memcpy(h->state, begin_state, sizeof(begin_state));
	h->len = 0;
}

void
sha256x2_add(struct sha256x2_job *job, struct span in, struct sha256x2_hash *h)
{
	size_t have = h->len % BLOCK, take = (BLOCK - have) % BLOCK;

	*job = (struct sha256x2_job){ .hash = h };
	h->len += in.len;
	if (in.len == 0)
		return;
	if (in.len < take) {
		memcpy(h->carry + have, in.p, in.len);
		return;
	}
	memcpy(job->edge, h->carry, have);
	memcpy(job->edge + have, in.p, take);
	job->p[0] = job->edge;
	job->n[0] = (have + take) / BLOCK;
	in = span_sub(in, take, in.len);
	job->p[1] = in.p;
	job->n[1] = in.len / BLOCK;
	memcpy(h->carry, in.p + in.len - in.len % BLOCK, in.len % BLOCK);
}

void
sha256x2_final(struct sha256x2_job *job, struct sha256x2_hash *h,
    uint8_t out[SHA256_LEN])
{
	memcpy(job->edge, h->carry, BLOCK);
	set_last(job, h->len % BLOCK, h->len, out);
	job->hash = h;
}

void
sha256x2(struct span a, struct span b, uint8_t out_a[SHA256_LEN],
    uint8_t out_b[SHA256_LEN])
{
	struct sha256x2_job job[2];

	sha256x2_whole(&job[0], a, out_a);
	sha256x2_whole(&job[1], b, out_b);
	sha256x2_run(job, 2);
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "common/sha256x2.h"

#include <openssl/sha.h>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define HAVE_X86_SHA 1
#include <cpuid.h>
#include <immintrin.h>
#else
#define HAVE_X86_SHA 0
#endif

#define BLOCK SHA256X2_BLOCK

static const uint32_t begin_state[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372,
	0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

static void
put_u32(const uint32_t state[8], uint8_t out[SHA256_LEN])
{
	for (unsigned i = 0; i < SHA256_LEN; i++)
		out[i] = (uint8_t)(state[i / 4] >> (24 - i % 4 * 8));
}

/* A job by OpenSSL, which uses what the processor has for one hash. */
static void
run_alone(struct sha256x2_job *job)
{
	SHA256_CTX c;

	SHA256_Init(&c);
	memcpy(c.h, job->state != NULL ? job->state : begin_state,
	    sizeof(begin_state));
	for (unsigned i = 0; i < 2; i++)
		for (size_t j = 0; j < job->n[i]; j++)
			SHA256_Transform(&c, job->p[i] + j * BLOCK);
	if (job->state != NULL)
		memcpy(job->state, c.h, sizeof(begin_state));
	if (job->out != NULL)
		put_u32(c.h, job->out);
}

#if HAVE_X86_SHA

/*
 * Both lanes in one loop, so that their instructions stand side by side.  The
 * state of a lane stays in the registers' own order (ABEF, CDGH) until its job
 * is done; then the lane takes the next.
 */
#define TARGET __attribute__((target("sha,sse4.1")))
#define INLINE __attribute__((always_inline)) static inline TARGET

static const uint32_t k[64] __attribute__((aligned(16))) = {
#include "common/sha256_tbl.h"
};

struct lane {
	__m128i abef, cdgh;
	const uint8_t *p; /* next block */
	size_t n;	  /* blocks from there on */
	struct sha256x2_job *job;
};

INLINE __m128i
load(const uint8_t *p)
{
	const __m128i swap =
	    _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);

	return _mm_shuffle_epi8(_mm_loadu_si128(
				    (const __m128i *)(const void *)p),
	    swap);
}

/* Four rounds with w and the constants from k[i]. */
INLINE void
rounds(struct lane *l, __m128i w, unsigned i)
{
	__m128i wk = _mm_add_epi32(w,
	    _mm_load_si128((const __m128i *)(const void *)(k + i)));

	l->cdgh = _mm_sha256rnds2_epu32(l->cdgh, l->abef, wk);
	l->abef = _mm_sha256rnds2_epu32(l->abef, l->cdgh,
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

/* n blocks of each of so many lanes, a constant, so that the loops unroll. */
INLINE void
blocks(struct lane *lane, const unsigned lanes, size_t n)
{
	__m128i w[2][4], abef[2], cdgh[2];

	for (; n > 0; n--) {
		for (unsigned j = 0; j < lanes; j++) {
			abef[j] = lane[j].abef;
			cdgh[j] = lane[j].cdgh;
			for (unsigned i = 0; i < 4; i++)
				w[j][i] = load(lane[j].p + 16 * i);
			lane[j].p += BLOCK;
			lane[j].n--;
		}
#pragma GCC unroll 16
		for (unsigned i = 0; i < 16; i++) {
#pragma GCC unroll 2
			for (unsigned j = 0; j < lanes; j++) {
				if (i >= 4)
					w[j][i % 4] = schedule(w[j][i % 4],
					    w[j][(i + 1) % 4],
					    w[j][(i + 2) % 4],
					    w[j][(i + 3) % 4]);
				rounds(&lane[j], w[j][i % 4], 4 * i);
			}
		}
		for (unsigned j = 0; j < lanes; j++) {
			lane[j].abef = _mm_add_epi32(lane[j].abef, abef[j]);
			lane[j].cdgh = _mm_add_epi32(lane[j].cdgh, cdgh[j]);
		}
	}
}

INLINE void
lane_begin(struct lane *l, struct sha256x2_job *job)
{
	const uint32_t *s = job->state != NULL ? job->state : begin_state;

	l->abef = _mm_set_epi32((int)s[0], (int)s[1], (int)s[4], (int)s[5]);
	l->cdgh = _mm_set_epi32((int)s[2], (int)s[3], (int)s[6], (int)s[7]);
	l->p = job->p[0];
	l->n = job->n[0];
	l->job = job;
}

INLINE void
lane_end(struct lane *l)
{
	__m128i feba = _mm_shuffle_epi32(l->abef, 0x1b);
	__m128i dchg = _mm_shuffle_epi32(l->cdgh, 0xb1);
	__m128i dcba = _mm_blend_epi16(feba, dchg, 0xf0);
	__m128i hgfe = _mm_alignr_epi8(dchg, feba, 8);
	__m128i *out = (__m128i *)(void *)l->job->out;
	__m128i *state = (__m128i *)(void *)l->job->state;

	if (state != NULL) {
		_mm_storeu_si128(state, dcba);
		_mm_storeu_si128(state + 1, hgfe);
	}
	if (out != NULL) {
		_mm_storeu_si128(out, load((const uint8_t *)&dcba));
		_mm_storeu_si128(out + 1, load((const uint8_t *)&hgfe));
	}
	l->job = NULL;
}

/* Whether the lane has blocks to do, now or with the next job. */
INLINE bool
lane_ready(struct lane *l, struct sha256x2_job **job, struct sha256x2_job *end)
{
	while (l->n == 0) {
		if (l->job != NULL && l->job->n[1] > 0) {
			l->p = l->job->p[1];
			l->n = l->job->n[1];
			l->job->n[1] = 0;
			continue;
		}
		if (l->job != NULL)
			lane_end(l);
		if (*job == end)
			return false;
		lane_begin(l, (*job)++);
	}
	return true;
}

TARGET static void
run_paired(struct sha256x2_job *job, struct sha256x2_job *end)
{
	struct lane lane[2];
	bool a, b;

	lane[0].n = lane[1].n = 0;
	lane[0].job = lane[1].job = NULL;
	for (;;) {
		a = lane_ready(&lane[0], &job, end);
		b = lane_ready(&lane[1], &job, end);
		if (!a || !b)
			break;
		blocks(lane, 2, lane[0].n < lane[1].n ? lane[0].n : lane[1].n);
	}
	for (unsigned j = 0; j < 2; j++)
		while (lane_ready(&lane[j], &job, end))
			blocks(&lane[j], 1, lane[j].n);
}

static bool
has_sha(void)
{
	unsigned eax, ebx, ecx, edx;

	return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 &&
	    (ebx & (1u << 29)) != 0;
}

/*
 * Code that leaves the upper halves of the vector registers in use, as that of
 * compression libraries does, makes every instruction of ours wait for them:
 * hashing takes twice as long.
 */
__attribute__((target("avx"))) static void
run_clean(struct sha256x2_job *job, struct sha256x2_job *end)
{
	_mm256_zeroupper();
	run_paired(job, end);
}

/* 1 SHA, 2 AVX too, -1 neither; that several threads may ask does no harm. */
static int
available(void)
{
	static _Atomic int known;

	if (known == 0)
		known = !__builtin_cpu_supports("sse4.1") || !has_sha() ? -1
		    : __builtin_cpu_supports("avx")			? 2
									: 1;
	return known;
}

#endif

void
sha256x2_run(struct sha256x2_job *job, size_t n)
{
#if HAVE_X86_SHA
	int have = available();

	if (have > 0) {
		(have > 1 ? run_clean : run_paired)(job, job + n);
		return;
	}
#endif
	for (size_t i = 0; i < n; i++)
		run_alone(&job[i]);
}

/* The end of a hash of `all` bytes, of which the last `len` stand at p. */
static size_t
pad(uint8_t *p, size_t len, uint64_t all)
{
	size_t n = (len + 1 + 8 + BLOCK - 1) / BLOCK;

	p[len] = 0x80;
	memset(p + len + 1, 0, n * BLOCK - len - 1);
	for (unsigned i = 0; i < 8; i++)
		p[n * BLOCK - 1 - i] = (uint8_t)(all << 3 >> 8 * i);
	return n;
}

size_t
sha256x2_pad(uint8_t *p, size_t len)
{
	return pad(p, len, len);
}

void
sha256x2_whole(struct sha256x2_job *job, struct span in, uint8_t end[2 * BLOCK],
    uint8_t out[SHA256_LEN])
{
	size_t rest = in.len % BLOCK;

	if (rest > 0)
		memcpy(end, in.p + in.len - rest, rest);
	*job = (struct sha256x2_job){ { in.p, end },
		{ in.len / BLOCK, pad(end, rest, in.len) }, NULL, out };
}

void
sha256x2_stream_init(struct sha256x2_stream *s)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->state, begin_state, sizeof(begin_state));
}

void
sha256x2_stream_add(struct sha256x2_stream *s, struct span in,
    struct sha256x2_job *job)
{
	size_t have = s->len % BLOCK, take = 0;

	*job = (struct sha256x2_job){ .state = s->state };
	s->len += in.len;
	if (in.len == 0)
		return;
	if (have > 0) {
		take = in.len < BLOCK - have ? in.len : BLOCK - have;
		memcpy(s->carry[s->at] + have, in.p, take);
		if (have + take < BLOCK)
			return;
		job->p[0] = s->carry[s->at];
		job->n[0] = 1;
		s->at ^= 1;
	}
	job->p[1] = in.p + take;
	job->n[1] = (in.len - take) / BLOCK;
	take += job->n[1] * BLOCK;
	memcpy(s->carry[s->at], in.p + take, in.len - take);
}

void
sha256x2_stream_final(struct sha256x2_stream *s, uint8_t out[SHA256_LEN])
{
	uint8_t end[2 * BLOCK];
	struct sha256x2_job job = { { end }, { 0 }, s->state, out };

	memcpy(end, s->carry[s->at], s->len % BLOCK);
	job.n[0] = pad(end, s->len % BLOCK, s->len);
	sha256x2_run(&job, 1);
}

void
sha256x2(struct span a, struct span b, uint8_t out_a[SHA256_LEN],
    uint8_t out_b[SHA256_LEN])
{
	uint8_t end[2][2 * BLOCK];
	struct sha256x2_job job[2];

	sha256x2_whole(&job[0], a, end[0], out_a);
	sha256x2_whole(&job[1], b, end[1], out_b);
	sha256x2_run(job, 2);
}

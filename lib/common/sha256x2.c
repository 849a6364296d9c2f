/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/sha256x2.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define HAVE_X86_SHA 1
#include <cpuid.h>
#include <immintrin.h>
#else
#define HAVE_X86_SHA 0
#endif

#if HAVE_X86_SHA

/*
 * Both lanes in one loop, so that their instructions stand side by side.  The
 * state never leaves the registers' own order (ABEF, CDGH) before the end.
 */
#define BLOCK 64u /* bytes */
#define TARGET __attribute__((target("sha,sse4.1")))
#define INLINE __attribute__((always_inline)) static inline TARGET

static const uint32_t k[64] __attribute__((aligned(16))) = { 0x428a2f98,
	0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74,
	0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6,
	0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152,
	0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351,
	0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354,
	0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70,
	0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
	0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
	0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

/* The state of one hash as the instructions want it: ABEF and CDGH. */
struct lane {
	__m128i abef, cdgh;
};

struct message { /* one hash: whole blocks, then one or two padded ones */
	struct lane lane;
	const uint8_t *p;
	size_t whole, tail; /* blocks left of either */
	uint8_t end[2 * BLOCK];
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

/* One block of each of n hashes; n is a constant, so the loops unroll. */
INLINE void
block(struct lane *lane, const uint8_t *const *p, const unsigned n)
{
	__m128i w[2][4];
	struct lane l[2];

	for (unsigned j = 0; j < n; j++) {
		l[j] = lane[j];
		for (unsigned i = 0; i < 4; i++)
			w[j][i] = load(p[j] + 16 * i);
	}
#pragma GCC unroll 16
	for (unsigned i = 0; i < 16; i++) {
#pragma GCC unroll 2
		for (unsigned j = 0; j < n; j++) {
			if (i >= 4)
				w[j][i % 4] =
				    schedule(w[j][i % 4], w[j][(i + 1) % 4],
					w[j][(i + 2) % 4], w[j][(i + 3) % 4]);
			rounds(&l[j], w[j][i % 4], 4 * i);
		}
	}
	for (unsigned j = 0; j < n; j++) {
		lane[j].abef = _mm_add_epi32(lane[j].abef, l[j].abef);
		lane[j].cdgh = _mm_add_epi32(lane[j].cdgh, l[j].cdgh);
	}
}

INLINE void
begin(struct message *m, struct span in)
{
	size_t rest = in.len % BLOCK;
	uint64_t bits = (uint64_t)in.len * 8;

	/* 6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab
	 * 5be0cd19, from A to H */
	m->lane.abef = _mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f,
	    (int)0x9b05688c);
	m->lane.cdgh =
	    _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19);
	m->p = in.p;
	m->whole = in.len / BLOCK;
	m->tail = rest < BLOCK - 8 ? 1 : 2;
	memset(m->end, 0, sizeof(m->end));
	if (rest > 0)
		memcpy(m->end, in.p + in.len - rest, rest);
	m->end[rest] = 0x80;
	for (unsigned i = 0; i < 8; i++)
		m->end[m->tail * BLOCK - 1 - i] = (uint8_t)(bits >> 8 * i);
}

/* The next block, whole or padded. */
INLINE const uint8_t *
take(struct message *m)
{
	const uint8_t *p = m->p;

	if (m->whole > 0) {
		m->p += BLOCK;
		m->whole--;
		return p;
	}
	if (p < m->end || p >= m->end + sizeof(m->end))
		p = m->end;
	m->p = p + BLOCK;
	m->tail--;
	return p;
}

INLINE void
finish(const struct message *m, uint8_t out[SHA256_LEN])
{
	const __m128i swap =
	    _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i feba = _mm_shuffle_epi32(m->lane.abef, 0x1b);
	__m128i dchg = _mm_shuffle_epi32(m->lane.cdgh, 0xb1);
	__m128i dcba = _mm_blend_epi16(feba, dchg, 0xf0);
	__m128i hgfe = _mm_alignr_epi8(dchg, feba, 8);

	_mm_storeu_si128((__m128i *)(void *)out, _mm_shuffle_epi8(dcba, swap));
	_mm_storeu_si128((__m128i *)(void *)(out + 16),
	    _mm_shuffle_epi8(hgfe, swap));
}

TARGET static void
pair(struct span a, struct span b, uint8_t out_a[SHA256_LEN],
    uint8_t out_b[SHA256_LEN])
{
	struct message m[2];
	struct lane lane[2];
	const uint8_t *p[2];

	begin(&m[0], a);
	begin(&m[1], b);
	lane[0] = m[0].lane;
	lane[1] = m[1].lane;
	while (m[0].whole + m[0].tail > 0 && m[1].whole + m[1].tail > 0) {
		p[0] = take(&m[0]);
		p[1] = take(&m[1]);
		block(lane, p, 2);
	}
	for (unsigned j = 0; j < 2; j++)
		while (m[j].whole + m[j].tail > 0) {
			p[0] = take(&m[j]);
			block(&lane[j], p, 1);
		}
	m[0].lane = lane[0];
	m[1].lane = lane[1];
	finish(&m[0], out_a);
	finish(&m[1], out_b);
}

/* Asked once; that several threads may ask at first does no harm. */
static bool
available(void)
{
	static _Atomic int known;
	unsigned eax, ebx, ecx, edx;

	if (known == 0)
		known = __get_cpuid(1, &eax, &ebx, &ecx, &edx) &&
			(ecx & bit_SSE4_1) != 0 &&
			__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) &&
			(ebx & (1u << 29)) != 0 /* SHA */
		    ? 1
		    : -1;
	return known > 0;
}

#endif

void
sha256x2(struct span a, struct span b, uint8_t out_a[SHA256_LEN],
    uint8_t out_b[SHA256_LEN])
{
#if HAVE_X86_SHA
	if (available()) {
		pair(a, b, out_a, out_b);
		return;
	}
#endif
	sha256(a, out_a);
	sha256(b, out_b);
}

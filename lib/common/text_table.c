/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/text_table.h"

#include <iconv.h>
#include <pthread.h>

/*
 * iconv is asked once for each character, not once for each line: opening a
 * converter costs more than a line, and reads files, which a confined process
 * may not.  Own walking also settles how we go on after a byte that is wrong.
 */
#define LEADS (0xFC - 0x81 + 1)
#define TRAILS (0xFC - 0x40 + 1)
#define ROWS 94

static uint16_t from_cp932[LEADS][TRAILS];
static uint16_t from_euc[2][ROWS][ROWS]; /* JIS X 0208, and behind 0x8F */
static uint16_t to_cp932[0x10000];
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* One character from in[n]; the number of bytes in out[2], or 0. */
static size_t
convert(iconv_t cd, const uint8_t *in, size_t n, uint8_t *out)
{
	char from[4], *src = from, *dst = (char *)out;
	size_t left = 2;

	memcpy(from, in, n);
	iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &src, &n, &dst, &left) != 0 || n != 0)
		return 0;
	return 2 - left;
}

static uint16_t
decode(iconv_t cd, const uint8_t *in, size_t n)
{
	uint8_t out[2];
	unsigned u;

	if (convert(cd, in, n, out) != 2)
		return 0;
	u = (unsigned)out[0] | (unsigned)out[1] << 8;
	return u >= 0xD800 && u < 0xE000 ? 0 : (uint16_t)u;
}

static void
load_cp932(iconv_t cd)
{
	unsigned i, j;

	for (i = 0; i < LEADS; i++)
		for (j = 0; j < TRAILS; j++) {
			uint8_t in[2] = { (uint8_t)(0x81 + i),
				(uint8_t)(0x40 + j) };

			if (text_table_step(span_make(in, 2), false) == 2)
				from_cp932[i][j] = decode(cd, in, 2);
		}
}

static void
load_euc(iconv_t cd)
{
	unsigned i, j;

	for (i = 0; i < ROWS; i++)
		for (j = 0; j < ROWS; j++) {
			uint8_t in[3] = { 0x8F, (uint8_t)(0xA1 + i),
				(uint8_t)(0xA1 + j) };

			from_euc[0][i][j] = decode(cd, in + 1, 2);
			from_euc[1][i][j] = decode(cd, in, 3);
		}
}

/* iconv knows which of several doubles Windows writes. */
static void
load_back(iconv_t cd)
{
	uint8_t in[2], out[2];
	size_t n;
	unsigned u;

	for (u = 0x80; u < 0x10000; u++) {
		if (u >= 0xD800 && u < 0xE000)
			continue;
		in[0] = (uint8_t)u;
		in[1] = (uint8_t)(u >> 8);
		n = convert(cd, in, 2, out);
		if (n == 0 || out[0] < 0x80 ||
		    text_table_step(span_make(out, n), false) != n)
			continue;
		to_cp932[u] =
		    (uint16_t)(n == 1 ? out[0] : out[0] << 8 | out[1]);
	}
}

static bool
with_iconv(const char *to, const char *from, void (*load)(iconv_t))
{
	iconv_t cd = iconv_open(to, from);

	if (cd == (iconv_t)-1)
		return false;
	load(cd);
	iconv_close(cd);
	return true;
}

static void
load_all(void)
{
	loaded = with_iconv("UTF-16LE", "CP932", load_cp932) &&
	    (with_iconv("UTF-16LE", "EUC-JP-MS", load_euc) ||
		with_iconv("UTF-16LE", "EUC-JP", load_euc)) &&
	    with_iconv("CP932", "UTF-16LE", load_back);
}

int
text_table_init(void)
{
	pthread_once(&once, load_all);
	return loaded ? 0 : -1;
}

static size_t
step_cp932(struct span s)
{
	uint8_t a = s.p[0], b = s.len > 1 ? s.p[1] : 0;

	if (a >= 0xA1 && a <= 0xDF)
		return 1;
	if (a < 0x81 || a == 0xA0 || a > 0xFC)
		return 0;
	return b >= 0x40 && b <= 0xFC && b != 0x7F ? 2 : 0;
}

static bool
is_row(struct span s, size_t i)
{
	return i < s.len && s.p[i] >= 0xA1 && s.p[i] <= 0xFE;
}

static size_t
step_euc(struct span s)
{
	if (s.p[0] == 0x8E)
		return is_row(s, 1) && s.p[1] <= 0xDF ? 2 : 0;
	if (s.p[0] == 0x8F)
		return is_row(s, 1) && is_row(s, 2) ? 3 : 0;
	return is_row(s, 0) && is_row(s, 1) ? 2 : 0;
}

size_t
text_table_step(struct span s, bool euc)
{
	if (s.len == 0)
		return 0;
	if (s.p[0] < 0x80)
		return 1;
	return euc ? step_euc(s) : step_cp932(s);
}

uint32_t
text_table_rune(struct span s, bool euc)
{
	const uint8_t *p = s.p;

	if (s.len == 1)
		return p[0] < 0x80 ? p[0] : 0xFF61u + p[0] - 0xA1u;
	if (euc && p[0] == 0x8E)
		return 0xFF61u + p[1] - 0xA1u;
	text_table_init();
	if (!euc)
		return from_cp932[p[0] - 0x81][p[1] - 0x40];
	if (s.len == 3)
		return from_euc[1][p[1] - 0xA1][p[2] - 0xA1];
	return from_euc[0][p[0] - 0xA1][p[1] - 0xA1];
}

unsigned
text_table_cp932(uint32_t rune)
{
	text_table_init();
	return rune < 0x10000 ? to_cp932[rune] : 0;
}

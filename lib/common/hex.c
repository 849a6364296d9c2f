/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/hex.h"

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
hex_print(const uint8_t *p, size_t len, char *out)
{
	size_t i;

	for (i = 0; i < len; i++) {
		*out++ = hex_digits[p[i] >> 4];
		*out++ = hex_digits[p[i] & 15];
	}
}

static int
hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int
hex_parse(struct span s, uint8_t *out, size_t len)
{
	size_t i;
	int hi, lo;

	if (s.len % 2 != 0 || s.len / 2 != len)
		return -1;
	for (i = 0; i < len; i++) {
		hi = hex_value(s.p[2 * i]);
		lo = hex_value(s.p[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return -1;
		out[i] = (uint8_t)(hi << 4 | lo);
	}
	return 0;
}

size_t
base64_len(size_t len)
{
	return (len / 3 + (len % 3 != 0)) * 4;
}

void
base64_print(const uint8_t *p, size_t len, char *out)
{
	uint32_t v;
	size_t i;

	for (i = 0; i < len; i += 3) {
		v = (uint32_t)p[i] << 16;
		v |= i + 1 < len ? (uint32_t)p[i + 1] << 8 : 0;
		v |= i + 2 < len ? p[i + 2] : 0;
		*out++ = base64_digits[v >> 18];
		*out++ = base64_digits[v >> 12 & 63];
		*out++ = i + 1 < len ? base64_digits[v >> 6 & 63] : '=';
		*out++ = i + 2 < len ? base64_digits[v & 63] : '=';
	}
}

static int
base64_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four characters of which the last pad are '='.  The unused bits are zero. */
static int
base64_group(const uint8_t *p, size_t pad, uint32_t *v)
{
	size_t i;
	int d;

	*v = 0;
	for (i = 0; i < 4; i++) {
		d = i < 4 - pad ? base64_value(p[i]) : 0;
		if (d < 0)
			return -1;
		*v = *v << 6 | (uint32_t)d;
	}
	return (*v & ((UINT32_C(1) << (8 * pad)) - 1)) == 0 ? 0 : -1;
}

int
base64_parse(struct span s, uint8_t *out, size_t max, size_t *len)
{
	size_t i, j, n, pad = 0;
	uint32_t v;

	if (s.len % 4 != 0)
		return -1;
	if (s.len > 0 && s.p[s.len - 1] == '=')
		pad = s.p[s.len - 2] == '=' ? 2 : 1;
	n = s.len / 4 * 3 - pad;
	if (n > max)
		return -1;
	for (i = j = 0; i < s.len; i += 4) {
		if (base64_group(s.p + i, i + 4 == s.len ? pad : 0, &v) != 0)
			return -1;
		out[j++] = (uint8_t)(v >> 16);
		if (j < n)
			out[j++] = (uint8_t)(v >> 8);
		if (j < n)
			out[j++] = (uint8_t)v;
	}
	*len = n;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/num.h"

#include <string.h>

/* So many digits do not overflow 64 bits, whatever they are. */
#define DIGITS_SAFE 19

static int
parse_short(struct span s, uint64_t max, uint64_t *n)
{
	uint64_t v = 0;
	unsigned digit;
	size_t i;

	for (i = 0; i < s.len; i++) {
		if ((digit = s.p[i] - (unsigned)'0') > 9)
			return -1;
		v = v * 10 + digit;
	}
	*n = v;
	return v <= max ? 0 : -1;
}

int
num_parse(struct span s, uint64_t max, uint64_t *n)
{
	uint64_t v = 0, whole;
	unsigned digit;
	size_t i;

	if (s.len == 0)
		return -1;
	if (s.len <= DIGITS_SAFE) {
		if (parse_short(s, max, &whole) != 0)
			return -1;
		*n = whole;
		return 0;
	}
	for (i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		digit = s.p[i] - (unsigned)'0';
		if (digit > max || v > (max - digit) / 10)
			return -1;
		v = v * 10 + digit;
	}
	*n = v;
	return 0;
}

int
num_parse_canonical(struct span s, uint64_t max, uint64_t *n)
{
	if (s.len > 1 && s.p[0] == '0')
		return -1;
	return num_parse(s, max, n);
}

bool
num_add(size_t a, size_t b, size_t *sum)
{
	return !__builtin_add_overflow(a, b, sum);
}

bool
num_mul(size_t a, size_t b, size_t *product)
{
	return !__builtin_mul_overflow(a, b, product);
}

static size_t
num_digits(uint64_t n)
{
	size_t digits;

	for (digits = 1; n > 9999; digits += 4)
		n /= 10000;
	return digits + (n > 9) + (n > 99) + (n > 999);
}

/* Two digits at a time, from the last: half the divisions, and no copy. */
size_t
num_print(uint64_t n, char *out)
{
	static const char pairs[] = "00010203040506070809"
				    "10111213141516171819"
				    "20212223242526272829"
				    "30313233343536373839"
				    "40414243444546474849"
				    "50515253545556575859"
				    "60616263646566676869"
				    "70717273747576777879"
				    "80818283848586878889"
				    "90919293949596979899";
	size_t len = num_digits(n), at = len;

	for (; n > 9; n /= 100) {
		at -= 2;
		memcpy(out + at, pairs + 2 * (n % 100), 2);
	}
	if (at == 1)
		out[0] = (char)('0' + n);
	return len;
}

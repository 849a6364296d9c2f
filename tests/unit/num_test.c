/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/num.h"

#include "tests/tap.h"

static const struct {
	const char *in;
	uint64_t max;
	int rc, canonical; /* what parse and parse_canonical return */
	uint64_t n;
} cases[] = {
	{ "0", 0, 0, 0, 0 },
	{ "7", 7, 0, 0, 7 },
	{ "8", 7, -1, -1, 0 },
	{ "10", 9, -1, -1, 0 },
	{ "65535", 65535, 0, 0, 65535 },
	{ "65536", 65535, -1, -1, 0 },
	{ "007", 7, 0, -1, 7 },
	{ "00", 9, 0, -1, 0 },
	{ "18446744073709551615", UINT64_MAX, 0, 0, UINT64_MAX },
	{ "18446744073709551616", UINT64_MAX, -1, -1, 0 },
	{ "99999999999999999999", UINT64_MAX, -1, -1, 0 },
	{ "000000000000000000000000001", 1, 0, -1, 1 },
	{ "", 9, -1, -1, 0 },
	{ " 1", 9, -1, -1, 0 },
	{ "1 ", 9, -1, -1, 0 },
	{ "+1", 9, -1, -1, 0 },
	{ "-1", 9, -1, -1, 0 },
	{ "0x1", 9, -1, -1, 0 },
	{ "1a", 99, -1, -1, 0 },
};

static void
check_print(void)
{
	static const uint64_t some[] = { 0, 9, 10, 99, 100, 1234567890,
		UINT64_MAX / 10, UINT64_MAX };
	char out[21], want[21];
	size_t i, len;

	for (i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		len = num_print(some[i], out);
		out[len] = '\0';
		snprintf(want, sizeof(want), "%llu",
		    (unsigned long long)some[i]);
		ok(strcmp(out, want) == 0, "%s is printed", want);
	}
}

/* One byte of eight is any byte. */
static void
check_eight(void)
{
	uint8_t digits[8];
	uint64_t n;
	unsigned i, c;
	bool same = true;

	for (i = 0; i < 8; i++) {
		memcpy(digits, "90817263", 8);
		for (c = 0; c < 256; c++) {
			digits[i] = (uint8_t)c;
			if (num_parse(span_make(digits, 8), UINT64_MAX, &n) !=
			    0)
				n = UINT64_MAX;
			same &= num_eight(digits) == n;
		}
	}
	ok(same, "eight digits are read as any number is");
	ok(num_eight((const uint8_t *)"00000000") == 0 &&
		num_eight((const uint8_t *)"99999999") == 99999999,
	    "the least and the most of them");
}

int
main(void)
{
	uint64_t n;
	size_t i, s;
	int rc;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		n = 0;
		rc = num_parse(span_str(cases[i].in), cases[i].max, &n);
		ok(rc == cases[i].rc && n == cases[i].n, "'%s' at most %llu",
		    cases[i].in, (unsigned long long)cases[i].max);
		n = 0;
		rc = num_parse_canonical(span_str(cases[i].in), cases[i].max,
		    &n);
		ok(rc == cases[i].canonical && (rc != 0 || n == cases[i].n),
		    "'%s' canonical", cases[i].in);
	}
	check_print();
	check_eight();
	ok(num_add(1, 2, &s) && s == 3, "1 + 2");
	ok(num_add(SIZE_MAX, 0, &s) && s == SIZE_MAX, "the largest sum");
	ok(!num_add(SIZE_MAX, 1, &s), "a sum that overflows");
	ok(num_mul(3, 4, &s) && s == 12, "3 * 4");
	ok(!num_mul(SIZE_MAX / 2 + 1, 2, &s), "a product that overflows");
	ok(num_mul(SIZE_MAX, 0, &s) && s == 0, "a product of zero");
	return done();
}

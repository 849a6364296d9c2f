/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/sha256.h"

#include "common/hex.h"
#include "tests/tap.h"

/* FIPS 180-4 examples. */
static const struct {
	const char *in, *want;
} cases[] = {
	{ "",
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855" },
	{ "abc",
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1" },
};

int
main(void)
{
	uint8_t one[SHA256_LEN], parts[SHA256_LEN], in[200];
	char text[2 * SHA256_LEN + 1] = "";
	struct sha256 h;
	bool same = true;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sha256(span_str(cases[i].in), one);
		hex_print(one, sizeof(one), text);
		ok(strcmp(text, cases[i].want) == 0, "'%s'", cases[i].in);
	}
	for (i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 7);
	sha256(span_make(in, sizeof(in)), one);
	for (i = 0; i <= sizeof(in); i++) {
		sha256_init(&h);
		sha256_update(&h, in, i);
		sha256_update(&h, in + i, sizeof(in) - i);
		sha256_final(&h, parts);
		same &= memcmp(one, parts, sizeof(one)) == 0;
	}
	ok(same, "in two parts, at every split");
	return done();
}

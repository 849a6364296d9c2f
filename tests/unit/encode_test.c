/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/encode.h"

#include "tests/tap.h"

static const struct {
	const char *in, *base64, *at[3];
} cases[] = {
	/* RFC 4648, 10 */
	{ "", "", { "", "", "" } },
	{ "f", "Zg==", { "Z", "m", "" } },
	{ "fo", "Zm8=", { "Zm", "Zv", "" } },
	{ "foo", "Zm9v", { "Zm9v", "Zvb", "mb2" } },
	{ "foob", "Zm9vYg==", { "Zm9vY", "Zvb2", "mb29i" } },
	{ "fooba", "Zm9vYmE=", { "Zm9vYm", "Zvb2Jh", "mb29iY" } },
	/* the specification's own */
	{ "foobar", "Zm9vYmFy", { "Zm9vYmFy", "Zvb2Jhc", "mb29iYX" } },
	{ "\xff\xfe\xfd", "//79", { "//79", "/+/", "//v" } },
};

static void
test_base64(void)
{
	struct arena *a = arena_new();
	struct span s;
	unsigned of;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = encode_base64(span_str(cases[i].in), a);
		ok(span_is(s, cases[i].base64), "base64 of '%s': %.*s",
		    cases[i].in, (int)s.len, (const char *)s.p);
		for (of = 0; i >= 3 && of < 3; of++) {
			s = encode_base64_at(span_str(cases[i].in), of, a);
			ok(span_is(s, cases[i].at[of]), "%u behind: %.*s", of,
			    (int)s.len, (const char *)s.p);
		}
	}
	arena_free(a);
}

/* Whatever stands around it, one of the three texts is in the whole. */
static void
test_offsets(void)
{
	static const char text[] = "0123456789abcdef";
	struct arena *a = arena_new();
	struct span whole, part;
	size_t len, before, i;
	bool found = true, in;

	for (len = 3; len < 9; len++)
		for (before = 0; before < 7; before++) {
			whole = encode_base64(span_make(text, 16), a);
			part = encode_base64_at(span_make(text + before, len),
			    (unsigned)(before % 3), a);
			for (i = 0, in = false; i + part.len <= whole.len; i++)
				in = in ||
				    memcmp(whole.p + i, part.p, part.len) == 0;
			found = found && in;
		}
	ok(found, "one of three stands in whatever holds it");
	arena_free(a);
}

static void
test_utf16(void)
{
	struct arena *a = arena_new();
	struct span s = SPAN("aあ😀\xff");

	ok(span_eq(encode_utf16(s, ENCODE_LE, a),
	       SPAN("a\0\x42\x30\x3d\xd8\x00\xde\xfd\xff")),
	    "UTF-16 from the low byte on, pairs, and what is none");
	ok(span_eq(encode_utf16(s, ENCODE_BE, a),
	       SPAN("\0a\x30\x42\xd8\x3d\xde\x00\xff\xfd")),
	    "from the high byte on");
	ok(span_eq(encode_utf16(SPAN("a"), ENCODE_BOM, a),
	       SPAN("\xff\xfe"
		    "a\0")),
	    "and with its mark");
	arena_free(a);
}

int
main(void)
{
	test_base64();
	test_offsets();
	test_utf16();
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/hex.h"

#include "tests/tap.h"

/* RFC 4648, 10, and what is not canonical. */
static const struct {
	const char *text, *bytes; /* bytes NULL: refused */
} base64[] = {
	{ "", "" }, { "Zg==", "f" }, { "Zm8=", "fo" }, { "Zm9v", "foo" },
	{ "Zm9vYg==", "foob" }, { "Zm9vYmE=", "fooba" },
	{ "Zm9vYmFy", "foobar" }, { "+/+/", "\xfb\xff\xbf" },
	{ "Zh==", NULL }, /* bits that say nothing, not zero */
	{ "Zm9=", NULL }, { "Zg=", NULL }, { "Zg", NULL }, { "Z===", NULL },
	{ "====", NULL }, { "=", NULL },
	{ "Zg==Zg==", NULL }, /* padding inside */
	{ "Zm8=Zm8=", NULL }, { "Zm 9v", NULL }, { "Zm9v\n", NULL },
	{ "-_-_", NULL }, /* the URL alphabet */
};

static void
check_base64(void)
{
	char text[64];
	uint8_t out[16];
	const char *want;
	size_t i, len, max;
	int rc;

	for (i = 0; i < sizeof(base64) / sizeof(base64[0]); i++) {
		want = base64[i].bytes;
		len = 99;
		rc = base64_parse(span_str(base64[i].text), out, sizeof(out),
		    &len);
		if (want == NULL) {
			ok(rc == -1, "'%s' is refused", base64[i].text);
			continue;
		}
		ok(rc == 0 && span_eq(span_make(out, len), span_str(want)),
		    "'%s' is read", base64[i].text);
		ok(base64_len(len) == strlen(base64[i].text), "its length");
		memset(text, 0, sizeof(text));
		base64_print((const uint8_t *)want, strlen(want), text);
		ok(strcmp(text, base64[i].text) == 0, "and printed again");
	}
	for (max = 0; max < 7; max++)
		ok(base64_parse(SPAN("Zm9vYmE="), out, max, &len) ==
			(max < 5 ? -1 : 0),
		    "five bytes into %zu", max);
}

int
main(void)
{
	uint8_t all[256], back[256];
	char text[513] = "";
	size_t i;

	for (i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	hex_print(all, 256, text);
	ok(strncmp(text, "000102030405060708090a0b", 24) == 0 &&
		strcmp(text + 508, "feff") == 0,
	    "all bytes as hex");
	ok(hex_parse(span_make(text, 512), back, 256) == 0 &&
		memcmp(all, back, 256) == 0,
	    "and back");
	ok(hex_parse(SPAN("0A"), back, 1) == -1, "upper case is refused");
	ok(hex_parse(SPAN("0g"), back, 1) == -1, "no digit is refused");
	ok(hex_parse(SPAN("g0"), back, 1) == -1, "in front too");
	ok(hex_parse(SPAN("0"), back, 1) == -1, "half a byte is refused");
	ok(hex_parse(SPAN("000"), back, 1) == -1, "one and a half too");
	ok(hex_parse(SPAN("0000"), back, 1) == -1, "more than asked for too");
	ok(hex_parse(SPAN(""), back, 0) == 0, "nothing is nothing");
	check_base64();
	return done();
}

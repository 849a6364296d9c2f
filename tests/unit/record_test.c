/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/hex.h"
#include "tests/tap.h"

/* Made from FORMAT.md, section 4, by other code; the salt is 00 01 ... 1f. */
static const struct {
	struct record r;
	uint64_t index, seq;
	const char *head, *line, *leaf;
} vectors[] = {
	{ { RECORD_RECEIVED, 1763650000000000, 1, 0, 0, { NULL, 0 } }, 0, 0,
	    "e1 1763650000000000 1 - 0\n",
	    "e1 0 1763650000000000 1:0 - 0 bd432988c252e31ba957dafb97206836"
	    "cdc1d428a7f956dc5050759ee0c2472e",
	    "d63d2b8028f2924f2b56382331a5e4d2"
	    "ad685643a28650413463a0307a6747f4" },
	{ { RECORD_RECEIVED, 1763650000123456, 4294967295, 15, 514,
	      { (const uint8_t *)"<134>a\0b\ne1 1 1 - 0\n", 20 } },
	    12345678901, 987654321,
	    "e1 1763650000123456 4294967295 xfid@514 20\n",
	    "e1 12345678901 1763650000123456 4294967295:987654321 xfid@514 20 "
	    "51bf3f6c175141b5038be6057f0025cfac03d0808323304452184a0bf217c8a5",
	    "71dca4e21d892728551e10d73e79a096"
	    "2573714026b51825778a4285a64f7846" },
	{ { RECORD_SEAL, 1, 0, 0, 0, { (const uint8_t *)"wall=1", 6 } }, 7, 0,
	    "s1 1 0 - 6\n",
	    "s1 7 1 0:0 - 6 d7a1da0c5d08a92b0c7aac5b72b5979b"
	    "9aefe06a3c7d0db5a25729cac1c9590d",
	    "9f53daf134d471ba9ed11cc0edb35a2a"
	    "d87234d1b09f038bc112390b5906fcdc" },
};

static void
test_vectors(void)
{
	uint8_t salt[RECORD_SALT], nonce[16], commit[32], leaf[32];
	char line[RECORD_LEAF_MAX], hex[64];
	struct buf out;
	size_t i, len, size;
	struct record r;

	for (i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)i;
	buf_init(&out);
	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		record_nonce(salt, vectors[i].index, nonce);
		record_commit(nonce, vectors[i].r.body, commit);
		len = record_leaf_line(&vectors[i].r, vectors[i].index,
		    vectors[i].seq, commit, line);
		ok(span_is(span_make(line, len), vectors[i].line),
		    "leaf line %zu", i);
		record_leaf(&vectors[i].r, vectors[i].index, vectors[i].seq,
		    salt, leaf);
		hex_print(leaf, 32, hex);
		ok(span_is(span_make(hex, 64), vectors[i].leaf),
		    "leaf hash %zu", i);
		out.len = 0;
		record_print(&vectors[i].r, &out);
		ok(span_starts(buf_view(&out), span_str(vectors[i].head)) &&
			out.len ==
			    strlen(vectors[i].head) + vectors[i].r.body.len +
				1 &&
			out.p[out.len - 1] == '\n',
		    "head line %zu", i);
		ok(record_parse(buf_view(&out), &r, &size) == RECORD_OK &&
			size == out.len && r.kind == vectors[i].r.kind &&
			r.rx == vectors[i].r.rx &&
			r.stream == vectors[i].r.stream &&
			r.flags == vectors[i].r.flags &&
			r.port == vectors[i].r.port &&
			span_eq(r.body, vectors[i].r.body),
		    "read again %zu", i);
	}
	buf_fini(&out);
}

static const struct {
	const char *name, *in;
	enum record_err want;
} heads[] = {
	{ "a record", "e1 1 1 - 1\na\n", RECORD_OK },
	{ "more behind it", "e1 1 1 - 1\na\nrest", RECORD_OK },
	{ "a port alone", "e1 1 1 -@1 0\n\n", RECORD_OK },
	{ "letters and a port", "e1 1 1 xd@65535 0\n\n", RECORD_OK },
	{ "no bytes", "", RECORD_MORE },
	{ "half a head", "e1 1 1", RECORD_MORE },
	{ "half a body", "e1 1 1 - 2\na", RECORD_MORE },
	{ "no line end yet", "e1 1 1 - 1\na", RECORD_MORE },
	{ "another end", "e1 1 1 - 1\nab", RECORD_BAD_END },
	{ "an unknown kind", "e2 1 1 - 0\n\n", RECORD_BAD_KIND },
	{ "no kind", " 1 1 - 0\n\n", RECORD_BAD_KIND },
	{ "a leading zero", "e1 01 1 - 0\n\n", RECORD_BAD_HEAD },
	{ "two blanks", "e1  1 1 - 0\n\n", RECORD_BAD_HEAD },
	{ "a blank behind", "e1 1 1 - 0 \n\n", RECORD_BAD_HEAD },
	{ "CR LF", "e1 1 1 - 0\r\n\n", RECORD_BAD_HEAD },
	{ "a sign", "e1 1 1 - +0\n\n", RECORD_BAD_HEAD },
	{ "stream 0", "e1 1 0 - 0\n\n", RECORD_BAD_HEAD },
	{ "stream 2^32", "e1 1 4294967296 - 0\n\n", RECORD_BAD_HEAD },
	{ "the last microsecond", "e1 253402300799999999 1 - 0\n\n",
	    RECORD_OK },
	{ "the year 10000", "e1 253402300800000000 1 - 0\n\n",
	    RECORD_BAD_HEAD },
	{ "letters in another order", "e1 1 1 fx 0\n\n", RECORD_BAD_HEAD },
	{ "a letter twice", "e1 1 1 xx 0\n\n", RECORD_BAD_HEAD },
	{ "a letter and a dash", "e1 1 1 x- 0\n\n", RECORD_BAD_HEAD },
	{ "an unknown letter", "e1 1 1 q 0\n\n", RECORD_BAD_HEAD },
	{ "no flags", "e1 1 1  0\n\n", RECORD_BAD_HEAD },
	{ "a port without dash", "e1 1 1 @1 0\n\n", RECORD_BAD_HEAD },
	{ "port 0", "e1 1 1 -@0 0\n\n", RECORD_BAD_HEAD },
	{ "port 65536", "e1 1 1 -@65536 0\n\n", RECORD_BAD_HEAD },
	{ "port 01", "e1 1 1 -@01 0\n\n", RECORD_BAD_HEAD },
	{ "no port", "e1 1 1 -@ 0\n\n", RECORD_BAD_HEAD },
	{ "a system record", "g1 1 0 - 0\n\n", RECORD_OK },
	{ "a system record of a stream", "g1 1 1 - 0\n\n", RECORD_BAD_HEAD },
	{ "a system record with flags", "g1 1 0 x 0\n\n", RECORD_BAD_HEAD },
	{ "the longest body", "e1 1 1 - 1048576\n", RECORD_MORE },
	{ "one byte longer", "e1 1 1 - 1048577\n", RECORD_BAD_LEN },
	{ "the longest system body", "o1 1 0 - 65536\n", RECORD_MORE },
	{ "one byte longer, system", "o1 1 0 - 65537\n", RECORD_BAD_LEN },
	{ "a length beyond all", "e1 1 1 - 99999999999999999999\n",
	    RECORD_BAD_HEAD },
	{ "a length that is 1 in 64 bits", "e1 1 1 - 18446744073709551617\na\n",
	    RECORD_BAD_HEAD },
	{ "a time of sixteen digits", "e1 1795150800000010 1 - 0\n\n",
	    RECORD_OK },
	{ "of fifteen", "e1 999999999999999 1 - 0\n\n", RECORD_OK },
	{ "of seventeen", "e1 17951508000000101 1 - 0\n\n", RECORD_OK },
	{ "sixteen with a zero in front", "e1 0795150800000010 1 - 0\n\n",
	    RECORD_BAD_HEAD },
	{ "sixteen zeros", "e1 0000000000000000 1 - 0\n\n", RECORD_BAD_HEAD },
	{ "no digit in the first half", "e1 17951/0800000010 1 - 0\n\n",
	    RECORD_BAD_HEAD },
	{ "no digit in the second half", "e1 179515080000001: 1 - 0\n\n",
	    RECORD_BAD_HEAD },
	{ "no blank behind sixteen", "e1 1795150800000010_1 - 0\n\n",
	    RECORD_BAD_HEAD },
	{ "a line end behind sixteen", "e1 1795150800000010\n1 - 0\n\n",
	    RECORD_BAD_HEAD },
	{ "a line end for the blank behind the kind", "e1\n1 1 - 0\n\n",
	    RECORD_BAD_KIND },
	{ "a line end for the flags", "e1 1 1 \n 0\n\n", RECORD_BAD_HEAD },
	{ "a line end behind the flags", "e1 1 1 -\n0\n\n", RECORD_BAD_HEAD },
	{ "a line end behind letters", "e1 1 1 xf\n0\n\n", RECORD_BAD_HEAD },
	{ "a line end for the port", "e1 1 1 -@\n1 0\n\n", RECORD_BAD_HEAD },
	{ "an empty line", "\n", RECORD_BAD_KIND },
	{ "one letter", "e\n", RECORD_BAD_KIND },
	{ "a kind alone", "e1\n", RECORD_BAD_KIND },
	{ "a kind and a blank", "e1 \n", RECORD_BAD_HEAD },
	{ "no time", "e1  1 - 0\n\n", RECORD_BAD_HEAD },
	{ "no stream", "e1 1  - 0\n\n", RECORD_BAD_HEAD },
	{ "no length", "e1 1 1 - \n\n", RECORD_BAD_HEAD },
	{ "no line of an unknown kind", "e2 1", RECORD_MORE },
	{ "no line of a wrong head", "e1 01 1 q", RECORD_MORE },
	{ "no line, letters", "e1 1 1 xfid", RECORD_MORE },
	{ "no line, a port", "e1 1 1 xfid@514", RECORD_MORE },
};

/* Room in front of a page that must not be looked at. */
static uint8_t *
page_end(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + page, page, PROT_NONE) != 0)
		abort();
	return p + page;
}

/*
 * At every cut of in, with nothing behind it: without a line end nothing is
 * wrong yet, with all of it want is said.
 */
static bool
cuts_are(struct span in, enum record_err want, uint8_t *end)
{
	const uint8_t *lf = in.len == 0 ? NULL : memchr(in.p, '\n', in.len);
	size_t head = lf == NULL ? in.len : (size_t)(lf - in.p);
	enum record_err e;
	struct record r;
	size_t len, size;
	bool good = true;

	for (len = 0; len <= in.len; len++) {
		memcpy(end - len, in.p, len);
		e = record_parse(span_make(end - len, len), &r, &size);
		good &= len <= head ? e == RECORD_MORE
		    : len == in.len ? e == want
				    : e == want || e == RECORD_MORE;
	}
	return good;
}

/* What stands behind a head line is the same to it, however much there is. */
static bool
more_behind_is(const char *in, enum record_err want)
{
	char line[2 * RECORD_HEAD_MAX];
	enum record_err e;
	struct record r;
	size_t size;

	memset(line, '7', sizeof(line));
	memcpy(line, in, strlen(in));
	e = record_parse(span_make(line, sizeof(line)), &r, &size);
	if (strchr(in, '\n') == NULL)
		return e == RECORD_BAD_HEAD; /* no line so long */
	if (want == RECORD_MORE)
		return e == RECORD_MORE || e == RECORD_BAD_END;
	return e == want;
}

/* A record that is read prints as its bytes. */
static bool
prints_back(struct span in)
{
	struct record r;
	struct buf out;
	size_t size;
	bool same = true;

	buf_init(&out);
	if (record_parse(in, &r, &size) == RECORD_OK) {
		record_print(&r, &out);
		same = span_eq(buf_view(&out), span_sub(in, 0, size));
	}
	buf_fini(&out);
	return same;
}

static void
test_heads(void)
{
	char line[RECORD_HEAD_MAX + 1];
	uint8_t *end = page_end();
	struct record r;
	size_t i, size;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		ok(record_parse(span_str(heads[i].in), &r, &size) ==
			    heads[i].want &&
			prints_back(span_str(heads[i].in)) &&
			cuts_are(span_str(heads[i].in), heads[i].want, end) &&
			more_behind_is(heads[i].in, heads[i].want),
		    "%s", heads[i].name);
	memset(line, 'e', sizeof(line));
	ok(record_parse(span_make(line, 255), &r, &size) == RECORD_MORE,
	    "255 bytes without a line end may go on");
	ok(record_parse(span_make(line, 256), &r, &size) == RECORD_BAD_HEAD,
	    "256 may not");
}

static const struct {
	const char *name, *in, *want;
	enum record_framing framing;
} messages[] = {
	{ "none", "a\n", "a\n", RECORD_FRAMING_NONE },
	{ "raw", "3 a\n", "3 a\n", RECORD_FRAMING_RAW },
	{ "lf", "a\n", "a", RECORD_FRAMING_LF },
	{ "cr lf", "a\r\n", "a", RECORD_FRAMING_LF },
	{ "only one cr", "a\r\r\n", "a\r", RECORD_FRAMING_LF },
	{ "lf cut off", "a\r", "a\r", RECORD_FRAMING_LF },
	{ "only lf", "\n", "", RECORD_FRAMING_LF },
	{ "empty", "", "", RECORD_FRAMING_LF },
	{ "octets", "3 a\n", "a\n", RECORD_FRAMING_OCTET },
	{ "octets without count", "abc", "abc", RECORD_FRAMING_OCTET },
	{ "octets, only digits", "12", "12", RECORD_FRAMING_OCTET },
	{ "octets, a digit in it", "1 2 3", "2 3", RECORD_FRAMING_OCTET },
};

static void
test_messages(void)
{
	enum record_framing f;
	size_t i;

	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		ok(span_is(record_message(span_str(messages[i].in),
			       messages[i].framing),
		       messages[i].want),
		    "message: %s", messages[i].name);
	ok(record_message(span_make("a", 2), RECORD_FRAMING_NUL).len == 1,
	    "message: nul");
	ok(record_framing_parse(SPAN("octet"), &f) == 0 &&
		f == RECORD_FRAMING_OCTET &&
		strcmp(record_framing_name(f), "octet") == 0,
	    "name of a framing");
	ok(record_framing_parse(SPAN("Octet"), &f) != 0, "no such framing");
}

static const struct {
	const char *name, *body, *key, *want; /* want NULL: not there */
	int rc;
} words[] = {
	{ "the first", "a=1 b=2", "a", "1", 1 },
	{ "the last", "a=1 b=2", "b", "2", 1 },
	{ "behind a verb", "end stream=4", "stream", "4", 1 },
	{ "an equals sign in the value", "a=b=c", "a", "b=c", 1 },
	{ "not the end of a longer key", "xa=1 a=2", "a", "2", 1 },
	{ "not the start of a longer key", "ab=1 a=2", "a", "2", 1 },
	{ "the first of two", "a=1 a=2", "a", "1", 1 },
	{ "not there", "a=1", "b", NULL, 0 },
	{ "a verb is no key", "end", "end", NULL, 0 },
	{ "escaped", "a=x%20%25%E7", "a", "x %\xe7", 1 },
	{ "empty value", "a=% b=1", "a", "", 1 },
	{ "empty value not escaped", "a= b=1", "a", NULL, -1 },
	{ "lower-case escape", "a=%e7", "a", NULL, -1 },
	{ "needless escape", "a=%41", "a", NULL, -1 },
	{ "half an escape", "a=%4", "a", NULL, -1 },
	{ "a byte that must be escaped", "a=\xe7", "a", NULL, -1 },
};

static void
test_words(void)
{
	struct buf out, value;
	uint64_t n = 0;
	size_t i;
	int rc;

	buf_init(&out);
	buf_init(&value);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		value.len = 0;
		rc = record_word_get(span_str(words[i].body), words[i].key,
		    &value);
		ok(rc == words[i].rc &&
			span_is(buf_view(&value),
			    words[i].want == NULL ? "" : words[i].want),
		    "word: %s", words[i].name);
	}
	buf_str(&out, "end");
	record_word_u64(&out, "n", UINT64_MAX);
	record_word(&out, "name", span_make("a b\0%", 5));
	record_word(&out, "none", SPAN(""));
	ok(span_is(buf_view(&out),
	       "end n=18446744073709551615 name=a%20b%00%25 none=%"),
	    "words are written");
	ok(record_word_get_u64(buf_view(&out), "n", &n) == 1 && n == UINT64_MAX,
	    "a number is read");
	ok(record_word_get_u64(buf_view(&out), "name", &n) == -1,
	    "a text is no number");
	out.len = 0;
	record_word_u64(&out, "a", 0);
	ok(span_is(buf_view(&out), "a=0"), "no blank at the start");
	buf_fini(&out);
	buf_fini(&value);
}

int
main(void)
{
	test_vectors();
	test_heads();
	test_messages();
	test_words();
	return done();
}

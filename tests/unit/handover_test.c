/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/handover/choice.h"
#include "analyzer/handover/custody.h"
#include "analyzer/handover/handkey.h"
#include "analyzer/handover/tar.h"
#include "tests/tap.h"

/* Which of the texts is looked for in which bytes, and whether it is there. */
static const struct {
	const char *name, *text, *body;
	size_t len;
	bool found;
} searches[] = {
#define ROW(name, text, lit, found)                                            \
	{                                                                      \
		name, text, lit, sizeof(lit) - 1, found                        \
	}
	ROW("bytes as they are", "deny", "<13>deny x", true),
	ROW("another case is another text", "Deny", "<13>deny x", false),
	ROW("UTF-8 in UTF-8", "テスト", "a\343\203\206\343\202\271\343\203\210",
	    true),
	ROW("UTF-8 in CP932", "テスト", "a\203e\203X\203g", true),
	ROW("UTF-8 in EUC-JP", "テスト", "a\245\306\245\271\245\310", true),
	ROW("ASCII in UTF-16", "ab", "\0a\0b", true),
	ROW("behind a NUL", "b", "a\0b", true),
	ROW("part of the framing too", "<13>", "<13>x", true),
	ROW("not there", "x", "abc", false),
	ROW("an empty body", "x", "", false),
#undef ROW
};

static void
choice(void)
{
	struct evread_stream stream = { .listener = SPAN("fw"),
		.peer = SPAN("192.0.2.1") };
	struct evread_record r = { .stream = &stream };
	struct choice c;
	size_t i;

	for (i = 0; i < sizeof(searches) / sizeof(searches[0]); i++) {
		choice_init(&c);
		choice_text_add(&c.search, searches[i].text);
		r.r.body = span_make(searches[i].body, searches[i].len);
		ok((choice_of(&c, &r) == CHOICE_SHOWN) == searches[i].found,
		    "search: %s", searches[i].name);
		c.rest = true;
		c.withhold = c.search;
		c.search.n = 0;
		ok((choice_of(&c, &r) == CHOICE_WITHHELD) == searches[i].found,
		    "withhold: %s", searches[i].name);
		buf_fini(&c.text);
	}
}

static void
range(void)
{
	struct evread_stream stream = { .listener = SPAN("fw"),
		.peer = SPAN("192.0.2.1") };
	struct evread_record e = { .stream = &stream, .index = 5 };
	struct evread_record gap = { .index = 5 }, seal = { .index = 5 };
	struct choice c;

	e.r.rx = gap.r.rx = seal.r.rx = 100;
	gap.r.kind = RECORD_GAP;
	seal.r.kind = RECORD_SEAL;
	choice_init(&c);
	ok(choice_of(&c, &e) == CHOICE_SHOWN && !choice_filters(&c),
	    "everything");
	ok(choice_of(&c, &seal) == CHOICE_SHOWN, "seals too");
	c.from = c.to = 5;
	c.since = 100;
	c.until = 101;
	ok(choice_of(&c, &e) == CHOICE_SHOWN, "the bounds are inside");
	c.until = 100;
	ok(choice_of(&c, &e) == CHOICE_HIDDEN, "but the last moment");
	c.until = 101;
	c.from = 6;
	ok(choice_of(&c, &e) == CHOICE_HIDDEN, "an index below");
	choice_init(&c);
	c.source = "fw";
	ok(choice_of(&c, &e) == CHOICE_SHOWN, "by listener");
	c.source = "192.0.2.1";
	ok(choice_of(&c, &e) == CHOICE_SHOWN, "by peer");
	ok(choice_of(&c, &gap) == CHOICE_CONTEXT, "what was lost goes along");
	ok(choice_of(&c, &seal) == CHOICE_HIDDEN, "seals do not");
	c.source = "192.0.2";
	ok(choice_of(&c, &e) == CHOICE_HIDDEN, "a part of a name is no name");
	c.rest = true;
	ok(choice_of(&c, &e) == CHOICE_REST, "the rest, on request");
	ok(choice_text_add(&c.search, "") == -1, "an empty text is none");
}

static void
custody(void)
{
	static const char words[] =
	    "action=transfer package="
	    "0101010101010101010101010101010101010101010101010101010101010101"
	    " at=7 from=A%20%E9%83%A8 to=b why=c known=no "
	    "verified=tampered";
	static const struct {
		const char *name, *in;
		int want;
	} cases[] = {
		{ "a step", words, 1 },
		{ "with a uid in front", "uid=0 action=import file=x", 0 },
		{ "no action", "uid=0", 0 },
		{ "an unknown step", "action=eat package=1", 0 },
		{ "no package", "action=receipt at=7", -1 },
		{ "a short hash", "action=receipt package=01 at=7", -1 },
		{ "no time",
		    "action=receipt package=0101010101010101010101010101010101"
		    "010101010101010101010101010101",
		    -1 },
	};
	struct arena *a = arena_new();
	struct custody c;
	struct buf out;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(custody_parse(span_str(cases[i].in), a, &c) == cases[i].want,
		    "custody: %s", cases[i].name);
	buf_init(&out);
	ok(custody_parse(span_str(words), a, &c) == 1 &&
		c.step == CUSTODY_TRANSFER && c.at == 7 &&
		span_is(c.text[CUSTODY_FROM], "A 部") &&
		c.text[CUSTODY_PLACE].len == 0 && span_is(c.known, "no") &&
		span_is(c.verified, "tampered"),
	    "what it says");
	custody_print(&c, &out);
	ok(span_is(buf_view(&out), words), "print is its inverse");
	buf_fini(&out);
	arena_free(a);
}

static void
key(void)
{
	static const char good[] =
	    "PRIVATE+KEY+a.example/handover+e3ad7910+"
	    "AQcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n";
	struct handkey k;
	struct buf out;
	uint8_t public[KEY_LEN];

	buf_init(&out);
	memset(k.seed, 7, sizeof(k.seed));
	key_public(k.seed, public);
	note_key_init(&k.public, SPAN("a.example/handover"), public);
	handkey_print(&k, &out);
	ok(span_is(buf_view(&out), good), "a key as Go writes it");
	if (!span_is(buf_view(&out), good))
		printf("# %s", buf_cstr(&out));
	ok(handkey_parse(span_str(good), &k) == 0, "is read");
	out.p[0] = 'p';
	ok(handkey_parse(buf_view(&out), &k) == -1, "another word");
	out.p[0] = 'P';
	out.len--;
	ok(handkey_parse(buf_view(&out), &k) == -1, "no line end");
	out.len++;
	out.p[13] = 'x';
	ok(handkey_parse(buf_view(&out), &k) == -1,
	    "an id that is not of that name");
	buf_fini(&out);
}

static void
tar(void)
{
	char path[300];
	struct buf out;

	buf_init(&out);
	ok(tar_print_header("a/b", 0640, 5, 7, &out) == 0 &&
		out.len == TAR_BLOCK && memcmp(out.p, "a/b", 4) == 0 &&
		memcmp(out.p + 100, "0000640", 8) == 0 &&
		memcmp(out.p + 124, "00000000005", 12) == 0 &&
		out.p[156] == '0' && memcmp(out.p + 257, "ustar\00000", 8) == 0,
	    "a file");
	out.len = 0;
	memset(path, 'x', sizeof(path));
	path[50] = '/';
	path[150] = '\0';
	ok(tar_print_header(path, 0640, 5, 7, &out) == 0 &&
		memcmp(out.p, path + 51, 99) == 0 &&
		memcmp(out.p + 345, path, 50) == 0 && out.p[395] == '\0',
	    "a long path is cut at a slash");
	path[150] = 'x';
	path[200] = '\0';
	ok(tar_print_header(path, 0640, 5, 7, &out) == -1,
	    "one that cannot be cut is refused");
	ok(tar_print_header("a", 0640, UINT64_C(1) << 33, 7, &out) == -1,
	    "a size of twelve digits too");
	out.len = 0;
	ok(tar_print_header("a/", 0750, 0, 0, &out) == 0 && out.p[156] == '5',
	    "a folder");
	buf_fini(&out);
}

int
main(void)
{
	choice();
	range();
	custody();
	key();
	tar();
	return done();
}

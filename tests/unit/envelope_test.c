/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/envelope.h"

#include <stdlib.h>
#include <string.h>

#include "common/io.h"
#include "tests/tap.h"

#define B(lit)                                                                 \
	{                                                                      \
		(const uint8_t *)(lit), sizeof(lit) - 1                        \
	}
#define WORDS                                                                  \
	"listener=fw transport=tcp local=0.0.0.0 peer=192.0.2.1 port=4711 "    \
	"framing=lf replay=no name=a\"]\\b"

static const struct {
	const char *name;
	struct span body;
	enum record_framing framing;
	struct span msg; /* what the other collector's people see */
	const char *pri;
} bodies[] = {
	{ "a line", B("<134>hello\n"), RECORD_FRAMING_LF, B("<134>hello"),
	    "<134>1 " },
	{ "a line with CR", B("hello\r\n"), RECORD_FRAMING_LF, B("hello"),
	    "<13>1 " },
	{ "a counted message", B("10 <1>x y\n\n\n\n"), RECORD_FRAMING_OCTET,
	    B("<1>x y"), "<1>1 " },
	{ "a datagram with NUL at its end", B("<13>x\0"), RECORD_FRAMING_NONE,
	    B("<13>x"), "<13>1 " },
	{ "NUL, LF and 0xff inside", B("<13>a\0b\nc\xff\x80z"),
	    RECORD_FRAMING_NONE, B("<13>a\0b\nc\xff\x80z"), "<13>1 " },
	{ "nothing", B(""), RECORD_FRAMING_NONE, B(""), "<13>1 " },
	{ "a line end alone", B("\n"), RECORD_FRAMING_LF, B(""), "<13>1 " },
	{ "more line ends than there is room for",
	    B("x\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
	      "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"),
	    RECORD_FRAMING_NONE, B("x\n\n\n\n\n\n\n\n\n\n\n\n"), "<13>1 " },
	{ "a priority that is none", B("<192>x"), RECORD_FRAMING_NONE,
	    B("<192>x"), "<13>1 " },
	{ "a priority with zeros in front", B("<007>x"), RECORD_FRAMING_NONE,
	    B("<007>x"), "<13>1 " },
	{ "an envelope in an envelope",
	    B("<13>1 - - konseki - e1 [konseki@32473 origin=\"x\"] x"),
	    RECORD_FRAMING_NONE,
	    B("<13>1 - - konseki - e1 [konseki@32473 origin=\"x\"] x"),
	    "<13>1 " },
};

static const uint8_t salt[RECORD_SALT] = { 1, 2, 3 };

static void
row(size_t i)
{
	struct envelope e = { .origin = SPAN("hospital.example/evidence"),
		.index = 999999999999,
		.seq = 7,
		.words = SPAN(WORDS) },
			f;
	uint8_t want[SHA256_LEN], got[SHA256_LEN];
	struct buf out, text;

	buf_init(&out);
	buf_init(&text);
	e.r = (struct record){ .kind = RECORD_RECEIVED,
		.rx = 1732060800123456,
		.stream = 4294967295,
		.flags = RECORD_CUT | RECORD_DUPLICATE,
		.port = 65535,
		.body = bodies[i].body };
	record_nonce(salt, e.index, e.nonce);
	envelope_print(&e, bodies[i].framing, &out);
	ok(out.len <= ENVELOPE_OWN_MAX + e.r.body.len &&
		span_starts(buf_view(&out), span_str(bodies[i].pri)),
	    "%s", bodies[i].name);
	ok(span_eq(span_sub(buf_view(&out), out.len - bodies[i].msg.len,
		       out.len),
	       bodies[i].msg) &&
		out.p[out.len - bodies[i].msg.len - 1] == ' ',
	    "its message stands at the end");
	ok(envelope_parse(buf_view(&out), &f, &text) == 0 &&
		span_eq(e.r.body, f.r.body) && span_eq(e.words, f.words) &&
		span_eq(e.origin, f.origin) && e.index == f.index &&
		e.seq == f.seq && e.r.rx == f.r.rx &&
		e.r.stream == f.r.stream && e.r.flags == f.r.flags &&
		e.r.port == f.r.port,
	    "and comes back");
	record_leaf(&e.r, e.index, e.seq, salt, want);
	envelope_leaf(&f, got);
	ok(memcmp(want, got, SHA256_LEN) == 0, "with its leaf");
	buf_fini(&text);
	buf_fini(&out);
}

#define HEADER "<13>1 2024-11-20T00:00:00Z 192.0.2.1 konseki - e1 "
#define ID "[konseki@32473 origin=\"a/b\" index=\"7\" seq=\"0\" nonce=\""
#define NONCE "647e9aefc7723b372d2210b00171d7d0"
#define GOOD                                                                   \
	HEADER ID NONCE "\" record=\"e1 1732060800000000 1 - 10\" head=\"\" "  \
			"tail=\"0a\" words=\"listener=x\"] <13>hello"

static const struct {
	const char *name;
	struct span in;
	int want;
} inputs[] = {
	{ "one from FORMAT.md", B(GOOD), 0 },
	{ "one whose header another wrote",
	    B("<14>1 - other.example.org konseki - e1 " ID NONCE
	      "\" record=\"e1 1732060800000000 1 - 10\" head=\"\" "
	      "tail=\"0a\" words=\"\"] <13>hello"),
	    0 },
	{ "a message without one", B("<13>hello"), -1 },
	{ "nothing", B(""), -1 },
	{ "the header alone", B(HEADER), -1 },
	{ "a byte of MSG less",
	    B(HEADER ID NONCE
		"\" record=\"e1 1732060800000000 1 - 10\" head=\"\" "
		"tail=\"0a\" words=\"\"] <13>hell"),
	    -1 },
	{ "a byte of MSG more", B(GOOD "!"), -1 },
	{ "half a byte of hex",
	    B(HEADER ID NONCE
		"\" record=\"e1 1732060800000000 1 - 10\" head=\"\" "
		"tail=\"0\" words=\"\"] <13>hello"),
	    -1 },
	{ "a bracket in words",
	    B(HEADER ID NONCE
		"\" record=\"e1 1732060800000000 1 - 10\" head=\"\" "
		"tail=\"0a\" words=\"]\"] <13>hello"),
	    -1 },
	{ "a backslash before nothing special",
	    B(HEADER ID NONCE
		"\" record=\"e1 1732060800000000 1 - 10\" head=\"\" "
		"tail=\"0a\" words=\"\\n\"] <13>hello"),
	    -1 },
	{ "an origin that is none",
	    B(HEADER "[konseki@32473 origin=\"A\" index=\"7\" seq=\"0\" "
		     "nonce=\"" NONCE
		     "\" record=\"e1 1732060800000000 1 - 10\" head=\"\" "
		     "tail=\"0a\" words=\"\"] <13>hello"),
	    -1 },
	{ "a record that is none",
	    B(HEADER ID NONCE "\" record=\"e1 1732060800000000 0 - 10\" "
			      "head=\"\" tail=\"0a\" words=\"\"] <13>hello"),
	    -1 },
};

static void
parsing(void)
{
	struct envelope e;
	struct buf text;
	uint8_t leaf[SHA256_LEN];
	size_t i, cut;
	bool all = true;

	buf_init(&text);
	for (i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
		ok(envelope_parse(inputs[i].in, &e, &text) == inputs[i].want,
		    "%s", inputs[i].name);
	for (cut = 0; cut < sizeof(GOOD) - 1; cut++)
		all = all &&
		    envelope_parse(span_make(GOOD, cut), &e, &text) == -1;
	ok(all, "no beginning of one is one");
	ok(envelope_parse(span_str(GOOD), &e, &text) == 0 &&
		span_is(e.r.body, "<13>hello\n"),
	    "the record of FORMAT.md, 9");
	envelope_leaf(&e, leaf);
	ok(leaf[0] == 0x2d && leaf[1] == 0x02 && leaf[31] == 0xff,
	    "and its leaf hash");
	buf_fini(&text);
}

/* The example of FORMAT.md, 15, is what is printed. */
static void
page(void)
{
	static const char example[] =
	    "<13>1 2024-11-20T00:00:00Z - konseki - e1 " ID NONCE
	    "\" record=\"e1 1732060800000000 1 - 10\" head=\"\" tail=\"0a\" "
	    "words=\"listener=x\"] <13>hello";
	const char *srcdir = getenv("srcdir");
	struct buf path, text, out;
	struct envelope e;

	buf_init(&path);
	buf_init(&text);
	buf_init(&out);
	envelope_parse(span_str(example), &e, &text);
	envelope_print(&e, RECORD_FRAMING_LF, &out);
	ok(span_is(buf_view(&out), example), "the example is printed so");
	buf_printf(&path, "%s/lib/evidence/FORMAT.md",
	    srcdir == NULL ? "." : srcdir);
	text.len = 0;
	ok(io_read_file(buf_cstr(&path), 1u << 20, &text) == 0 &&
		strstr(buf_cstr(&text), example) != NULL,
	    "and stands in FORMAT.md");
	buf_fini(&out);
	buf_fini(&text);
	buf_fini(&path);
}

static void
system_record(void)
{
	struct envelope e = { .origin = SPAN("a/b"),
		.r = { .kind = RECORD_SEGMENT,
		    .rx = 1,
		    .body = SPAN("segment=0 previous=00\n") } },
			f;
	struct buf out, text;

	buf_init(&out);
	buf_init(&text);
	envelope_print(&e, RECORD_FRAMING_NONE, &out);
	ok(span_starts(buf_view(&out),
	       SPAN("<110>1 1970-01-01T00:00:00.000001Z - konseki - m1 ")),
	    "a system record");
	ok(envelope_parse(buf_view(&out), &f, &text) == 0 &&
		f.r.kind == RECORD_SEGMENT && span_eq(f.r.body, e.r.body),
	    "and back");
	e.words = SPAN("listener=\n");
	out.len = 0;
	envelope_print(&e, RECORD_FRAMING_NONE, &out);
	ok(envelope_parse(buf_view(&out), &f, &text) == 0 && f.words.len == 0,
	    "words that are none are left out");
	ok(span_is(envelope_words(SPAN("stream=1 next=0 " WORDS)), WORDS),
	    "the words of a d1");
	ok(envelope_words(SPAN("end stream=1 next=0 why=closed")).len == 0,
	    "an end has none");
	buf_fini(&text);
	buf_fini(&out);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		row(i);
	parsing();
	page();
	system_record();
	return done();
}

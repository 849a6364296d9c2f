/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "evidence/checkpoint.h"
#include "tests/tap.h"

/* As in note_test.c: the text is FORMAT.md's, the signatures are Go's. */
#define ORIGIN "example.jp/hospital/evidence"
#define ROOT "SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I="
#define TEXT ORIGIN "\n123456\n" ROOT "\n"
#define DASH "\xe2\x80\x94 "
#define LOG_LINE                                                               \
	DASH ORIGIN " xNajR/EHGcIwwhDoWPvDMidtghNq0nAjT/6iZksZvszXTxts9iODn4"  \
		    "J/fkRVs5ssR5PaS+CBjkHzN6K7Tas19eIZAwk=\n"
#define EPOCH_LINE                                                             \
	DASH ORIGIN "/e7 nScm8gf2JpmNl7JhMzNB7rEPNa2td4x9/vHH/bIC1ZlCKqfx4r9Y" \
		    "wZ+07BqWUbYV3nsBKlHHDk7PPA9KD/jvH/azdgY=\n"
#define NOTE TEXT "\n" LOG_LINE EPOCH_LINE
#define SIG " AAAAAAA=\n"
#define OTHER DASH "witness.example" SIG

static const struct {
	const char *name, *in;
	enum note_err want;
} rows[] = {
	{ "a checkpoint", NOTE, NOTE_OK },
	{ "a witness behind", NOTE OTHER, NOTE_OK },
	{ "another epoch's number with a zero is no name of ours",
	    NOTE DASH ORIGIN "/e07" SIG, NOTE_OK },
	{ "not a note", TEXT, NOTE_BAD_TEXT },
	{ "a fourth line of text", TEXT "x\n\n" LOG_LINE EPOCH_LINE,
	    NOTE_BAD_CHECKPOINT },
	{ "two lines of text", ORIGIN "\n1\n\n" LOG_LINE EPOCH_LINE,
	    NOTE_BAD_CHECKPOINT },
	{ "an origin in upper case",
	    "A\n1\n" ROOT "\n\n" DASH "A" SIG DASH "A/e1" SIG,
	    NOTE_BAD_CHECKPOINT },
	{ "an empty origin", "\n1\n" ROOT "\n\n" LOG_LINE EPOCH_LINE,
	    NOTE_BAD_CHECKPOINT },
	{ "a size with a zero", ORIGIN "\n01\n" ROOT "\n\n" LOG_LINE EPOCH_LINE,
	    NOTE_BAD_CHECKPOINT },
	{ "a size of 10^12",
	    ORIGIN "\n1000000000000\n" ROOT "\n\n" LOG_LINE EPOCH_LINE,
	    NOTE_BAD_CHECKPOINT },
	{ "a root of 31 bytes",
	    ORIGIN "\n1\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2dw==\n"
		   "\n" LOG_LINE EPOCH_LINE,
	    NOTE_BAD_CHECKPOINT },
	{ "no epoch line", TEXT "\n" LOG_LINE, NOTE_BAD_ORDER },
	{ "no log line", TEXT "\n" EPOCH_LINE, NOTE_BAD_ORDER },
	{ "the wrong order", TEXT "\n" EPOCH_LINE LOG_LINE, NOTE_BAD_ORDER },
	{ "a witness between", TEXT "\n" LOG_LINE OTHER EPOCH_LINE,
	    NOTE_BAD_ORDER },
	{ "the log line twice", NOTE LOG_LINE, NOTE_BAD_ORDER },
	{ "two epochs", NOTE DASH ORIGIN "/e8" SIG, NOTE_BAD_ORDER },
	{ "an epoch of 2^20", TEXT "\n" LOG_LINE DASH ORIGIN "/e1048576" SIG,
	    NOTE_BAD_ORDER },
};

static uint8_t seed[2][KEY_LEN], epoch_key[KEY_LEN];
static struct note_key log_key;

static int
accepted(struct span in)
{
	struct checkpoint c;
	struct note n;

	return checkpoint_read(in, &n, &c) == NOTE_OK &&
	    checkpoint_verify_log(&n, &log_key) == NOTE_OK &&
	    checkpoint_verify_epoch(&n, &c, epoch_key) == NOTE_OK;
}

static void
reading(void)
{
	struct checkpoint c, d;
	uint8_t a[SHA256_LEN], b[SHA256_LEN];
	struct note n;
	struct buf out;

	buf_init(&out);
	ok(accepted(SPAN(NOTE)), "both signatures of Go verify");
	ok(accepted(SPAN(NOTE OTHER)), "with a witness too");
	checkpoint_read(SPAN(NOTE), &n, &c);
	ok(c.size == 123456 && c.epoch == 7 && span_is(c.origin, ORIGIN),
	    "origin, size and epoch");
	sha256(SPAN("root"), a);
	ok(memcmp(a, c.root, SHA256_LEN) == 0, "and root");
	ok(checkpoint_verify_log(&n, &log_key) == NOTE_OK, "log key");
	d = c;
	d.epoch = 8;
	ok(checkpoint_verify_epoch(&n, &d, epoch_key) == NOTE_WRONG_KEY,
	    "another epoch's name");
	ok(checkpoint_verify_epoch(&n, &c, log_key.key) == NOTE_WRONG_KEY,
	    "another epoch's key");
	sha256(SPAN(TEXT), a);
	checkpoint_hash(&c, b);
	ok(memcmp(a, b, SHA256_LEN) == 0, "hash of the three lines");
	ok(checkpoint_sign(&c, seed[0], seed[1], &out) == 0 &&
		span_is(buf_view(&out), LOG_LINE EPOCH_LINE),
	    "signed as Go does");
	out.len = 0;
	checkpoint_join(&c, SPAN(LOG_LINE EPOCH_LINE), &out);
	ok(span_is(buf_view(&out), NOTE), "put together");
	buf_fini(&out);
}

/* No byte of a checkpoint may differ in any bit. */
static void
flips(void)
{
	char note[] = NOTE;
	size_t bit, good = 0;

	for (bit = 0; bit < 8 * strlen(NOTE); bit++) {
		note[bit / 8] = (char)(note[bit / 8] ^ 1 << bit % 8);
		good += (size_t)accepted(span_make(note, strlen(NOTE)));
		note[bit / 8] = (char)(note[bit / 8] ^ 1 << bit % 8);
	}
	ok(good == 0, "no checkpoint with a flipped bit is accepted");
	for (bit = 0; bit < strlen(NOTE); bit++)
		good += (size_t)accepted(span_make(note, bit));
	ok(good == 0, "and none that is cut");
}

int
main(void)
{
	struct checkpoint c;
	struct note n;
	struct buf out;
	char origin[122];
	size_t i;

	for (i = 0; i < sizeof(seed); i++)
		seed[i / KEY_LEN][i % KEY_LEN] = (uint8_t)i;
	key_public(seed[0], epoch_key);
	note_key_init(&log_key, SPAN(ORIGIN), epoch_key);
	key_public(seed[1], epoch_key);
	buf_init(&out);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ok(checkpoint_read(span_str(rows[i].in), &n, &c) ==
			rows[i].want,
		    "%s", rows[i].name);
		if (rows[i].want != NOTE_OK)
			continue;
		out.len = 0;
		checkpoint_print(&c, &out);
		ok(span_eq(buf_view(&out), n.text), "and back");
	}
	buf_fini(&out);
	reading();
	flips();
	memset(origin, 'a', sizeof(origin));
	ok(checkpoint_origin_ok(span_make(origin, 120)), "the longest origin");
	ok(!checkpoint_origin_ok(span_make(origin, 121)), "a byte longer");
	ok(!checkpoint_origin_ok(SPAN("a_b")), "a byte that is none of it");
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "evidence/note.h"
#include "tests/tap.h"

/* Made by Go's sumdb/note from the seeds 00 01 02 ... and 20 21 22 ... */
#define ORIGIN "example.jp/hospital/evidence"
#define TEXT                                                                   \
	ORIGIN "\n123456\n"                                                    \
	       "SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n"
#define DASH "\xe2\x80\x94 "
#define LOG_LINE                                                               \
	DASH ORIGIN " xNajR/EHGcIwwhDoWPvDMidtghNq0nAjT/6iZksZvszXTxts9iODn4"  \
		    "J/fkRVs5ssR5PaS+CBjkHzN6K7Tas19eIZAwk=\n"
#define EPOCH_LINE                                                             \
	DASH ORIGIN "/e7 nScm8gf2JpmNl7JhMzNB7rEPNa2td4x9/vHH/bIC1ZlCKqfx4r9Y" \
		    "wZ+07BqWUbYV3nsBKlHHDk7PPA9KD/jvH/azdgY=\n"
#define NOTE TEXT "\n" LOG_LINE EPOCH_LINE
#define LOG_KEY ORIGIN "+c4d6a347+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

static const struct {
	const char *name, *in;
	enum note_err want;
} notes[] = {
	{ "a note of Go", NOTE, NOTE_OK },
	{ "any text with one line", "a\n\n" LOG_LINE, NOTE_OK },
	{ "a text with an empty line in it", "a\n\nb\n\n" LOG_LINE, NOTE_OK },
	{ "a text that is an empty line", "\n\n" LOG_LINE, NOTE_OK },
	{ "a text of Japanese", "\xe7\x97\x95\n\n" LOG_LINE, NOTE_OK },
	{ "five bytes of signature", "a\n\n" DASH "k AAAAAAA=\n", NOTE_OK },
	{ "nothing", "", NOTE_BAD_TEXT },
	{ "no signature", "a\n\n", NOTE_BAD_LINE },
	{ "no empty line", "a\n" LOG_LINE, NOTE_BAD_TEXT },
	{ "no LF at the end", "a\n\n" DASH "k AAAAAAA=", NOTE_BAD_LINE },
	{ "an empty line at the end", "a\n\n" LOG_LINE "\n", NOTE_BAD_LINE },
	{ "a line that is no signature", "a\n\n" LOG_LINE "b\n",
	    NOTE_BAD_LINE },
	{ "a hyphen for the dash", "a\n\n- k AAAAAAA=\n", NOTE_BAD_LINE },
	{ "a control byte", "a\tb\n\n" LOG_LINE, NOTE_BAD_TEXT },
	{ "a CR", "a\r\n\r\n" LOG_LINE, NOTE_BAD_TEXT },
	{ "text that is not UTF-8", "\x94\xa0\n\n" LOG_LINE, NOTE_BAD_TEXT },
	{ "a name with a plus", "a\n\n" DASH "k+ AAAAAAA=\n", NOTE_BAD_LINE },
	{ "an empty name", "a\n\n" DASH " AAAAAAA=\n", NOTE_BAD_LINE },
	{ "two spaces", "a\n\n" DASH "k  AAAAAAA=\n", NOTE_BAD_LINE },
	{ "a space at the end", "a\n\n" DASH "k AAAAAAA= \n", NOTE_BAD_LINE },
	{ "no signature on the line", "a\n\n" DASH "k \n", NOTE_BAD_LINE },
	{ "only a key id", "a\n\n" DASH "k AAAAAA==\n", NOTE_BAD_LINE },
	{ "unused bits set", "a\n\n" DASH "k AAAAAAB=\n", NOTE_BAD_LINE },
	{ "no padding", "a\n\n" DASH "k AAAAAAA\n", NOTE_BAD_LINE },
};

static const struct {
	const char *name, *in;
} bad_keys[] = {
	{ "nothing", "" },
	{ "another id",
	    ORIGIN "+c4d6a348+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4" },
	{ "an id in upper case",
	    ORIGIN "+C4D6A347+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4" },
	{ "another name",
	    "x+c4d6a347+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4" },
	{ "no name", "+c4d6a347+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4" },
	{ "another type",
	    ORIGIN "+c4d6a347+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4" },
	{ "a byte less",
	    ORIGIN "+c4d6a347+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTE=" },
	{ "a byte more", LOG_KEY "\n" },
};

static void
keys(void)
{
	struct note_key k;
	struct buf out;
	size_t i;

	buf_init(&out);
	ok(note_key_parse(SPAN(LOG_KEY), &k) == 0, "a verifier key of Go");
	ok(strcmp(k.name, ORIGIN) == 0 && k.id == 0xc4d6a347,
	    "its name and id");
	note_key_print(&k, &out);
	ok(span_is(buf_view(&out), LOG_KEY), "and back");
	for (i = 0; i < sizeof(bad_keys) / sizeof(bad_keys[0]); i++)
		ok(note_key_parse(span_str(bad_keys[i].in), &k) == -1,
		    "a verifier key with %s", bad_keys[i].name);
	buf_fini(&out);
}

static void
signing(void)
{
	uint8_t seed[2][KEY_LEN];
	struct buf out;
	size_t i;

	for (i = 0; i < sizeof(seed); i++)
		seed[i / KEY_LEN][i % KEY_LEN] = (uint8_t)i;
	buf_init(&out);
	ok(note_sign(SPAN(TEXT), SPAN(ORIGIN), seed[0], &out) == 0 &&
		note_sign(SPAN(TEXT), SPAN(ORIGIN "/e7"), seed[1], &out) == 0,
	    "sign");
	ok(span_is(buf_view(&out), LOG_LINE EPOCH_LINE),
	    "the same lines as Go");
	ok(note_sign(SPAN(TEXT), SPAN("a b"), seed[0], &out) == -1,
	    "a name with a space");
	buf_fini(&out);
}

static void
verifying(void)
{
	struct note_key k;
	struct note n;

	note_key_parse(SPAN(LOG_KEY), &k);
	note_parse(SPAN(NOTE), &n);
	ok(note_verify(&n, 0, &k) == NOTE_OK, "the log key's line");
	ok(note_verify(&n, 1, &k) == NOTE_WRONG_KEY, "is not the other");
	ok(note_verify(&n, 2, &k) == NOTE_WRONG_KEY, "nor one that is not");
	k.id++;
	ok(note_verify(&n, 0, &k) == NOTE_WRONG_KEY, "nor with another id");
	k.id--;
	k.key[0] ^= 1;
	ok(note_verify(&n, 0, &k) == NOTE_BAD_SIGNATURE, "nor another key");
	k.key[0] ^= 1;
	n.text.len--;
	ok(note_verify(&n, 0, &k) == NOTE_BAD_SIGNATURE, "nor another text");
}

/* Limits: bytes, lines, length of a name and of a signature. */
static void
limits(void)
{
	struct note n;
	struct buf b;
	size_t i;

	buf_init(&b);
	for (i = 0; i < NOTE_MAX - 2 - strlen(LOG_LINE); i++)
		buf_byte(&b, 'a');
	buf_str(&b, "\n\n" LOG_LINE);
	ok(note_parse(buf_view(&b), &n) == NOTE_OK, "the longest note");
	b.len = 0;
	for (i = 0; i < NOTE_MAX - 1 - strlen(LOG_LINE); i++)
		buf_byte(&b, 'a');
	buf_str(&b, "\n\n" LOG_LINE);
	ok(note_parse(buf_view(&b), &n) == NOTE_TOO_BIG, "a byte longer");
	b.len = 0;
	buf_str(&b, "a\n\n");
	for (i = 0; i < NOTE_SIGS_MAX; i++)
		buf_str(&b, LOG_LINE);
	ok(note_parse(buf_view(&b), &n) == NOTE_OK && n.n == NOTE_SIGS_MAX,
	    "the most lines");
	buf_str(&b, LOG_LINE);
	ok(note_parse(buf_view(&b), &n) == NOTE_TOO_BIG, "a line more");
	b.len = 0;
	buf_str(&b, "a\n\n" DASH "k ");
	for (i = 0; i < NOTE_SIG_MAX / 3 + 1; i++)
		buf_str(&b, "AAAA");
	buf_str(&b, "\n");
	ok(note_parse(buf_view(&b), &n) == NOTE_BAD_LINE, "a long signature");
	b.len = 0;
	buf_str(&b, "a\n\n" DASH);
	for (i = 0; i < NOTE_NAME_MAX + 1; i++)
		buf_byte(&b, 'k');
	buf_str(&b, " AAAAAAA=\n");
	ok(note_parse(buf_view(&b), &n) == NOTE_BAD_LINE, "a long name");
	buf_fini(&b);
}

int
main(void)
{
	struct note n;
	struct buf out;
	enum note_err e;
	size_t i;

	buf_init(&out);
	for (i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		e = note_parse(span_str(notes[i].in), &n);
		ok(e == notes[i].want, "%s", notes[i].name);
		if (e != NOTE_OK)
			continue;
		out.len = 0;
		note_print(&n, &out);
		ok(span_is(buf_view(&out), notes[i].in), "and back");
	}
	keys();
	signing();
	verifying();
	limits();
	buf_fini(&out);
	return done();
}

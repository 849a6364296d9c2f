/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/cosign.h"

#include <string.h>

#include "evidence/checkpoint.h"
#include "tests/tap.h"

/* Notes that another program's witness and mirror have cosigned. */
#define DASH "\xe2\x80\x94 "
#define TEXT                                                                   \
	"rome2026h1.example.org\n300\n"                                        \
	"lCkHUpkmVBEms2r2T1K6Og69+wUuuN3MIEW1/ezu2v0=\n"
#define LINE                                                                   \
	DASH "witness.example.org uKLPIAAAAABpVGeAhm2bOvKc3LaB9PFN1ruG19Y5yq"  \
	     "slmcAAbhftnn1Zznmo0LXFZq4LGvqKqLX8jWlwLKasxEGTLIqAVusneCBmBw"    \
	     "==\n"
#define VKEY                                                                   \
	"witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7"   \
	"XB28qUN"
#define MIRROR_TEXT                                                            \
	"rome2026h1.example.org\n300\n"                                        \
	"gw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=\n"
#define MIRROR_LINE                                                            \
	DASH "mirror.example.org P7FI7wAAAABpVGeAjA1S4pJm6MbcXjX7UUImu4azZtr"  \
	     "fcVW2uyr/LXIYlwEJzXC0N0EiZkbqfLdXt/4gVEEuGmxJjAfXKMCISpsJAg==\n"
#define MIRROR_VKEY                                                            \
	"mirror.example.org+3fb148ef+BAAjjch9GyYz0sJsJx7ALhbdAtz2ov0unbzSl1"   \
	"vMp94O"
#define LINE_TIME UINT64_C(1767139200)

static enum note_err
verify(const char *text, const char *line, const char *vkey, uint64_t *time)
{
	struct span in = span_str(line);
	struct note_key k;
	struct note_sig s;

	*time = 0;
	if (cosign_key_parse(span_str(vkey), &k) != 0 ||
	    note_sig_parse(&in, &s) != 0)
		return NOTE_BAD_LINE;
	return cosign_verify(span_str(text), &s, &k, time);
}

static void
others(void)
{
	uint64_t time;

	ok(verify(TEXT, LINE, VKEY, &time) == NOTE_OK && time == LINE_TIME,
	    "a cosignature of another witness, and its time");
	ok(verify(MIRROR_TEXT, MIRROR_LINE, MIRROR_VKEY, &time) == NOTE_OK &&
		time == LINE_TIME,
	    "and of a mirror");
	ok(verify(MIRROR_TEXT, LINE, VKEY, &time) == NOTE_BAD_SIGNATURE,
	    "not over another root");
	ok(verify(TEXT, LINE, MIRROR_VKEY, &time) == NOTE_WRONG_KEY,
	    "not by another key");
}

static void
types(void)
{
	static const char log_vkey[] =
	    "hospital.example/evidence+26f3bc6c+AYqI4910CfGV/VLbLTy6XXLKZwm/"
	    "HZQSG/N0iAG0D29c";
	struct note_key k;
	struct buf out;

	buf_init(&out);
	ok(note_key_parse(SPAN(VKEY), &k) == -1,
	    "a witness's key is no log's key");
	ok(cosign_key_parse(span_str(log_vkey), &k) == -1,
	    "and a log's key no witness's");
	ok(cosign_key_parse(SPAN(VKEY), &k) == 0, "its own is");
	note_key_print(&k, &out);
	ok(span_is(buf_view(&out), VKEY), "and back");
	buf_fini(&out);
}

static void
own(void)
{
	uint8_t seed[KEY_LEN] = { 7 }, key[KEY_LEN];
	struct note_key k;
	struct note_sig s;
	struct buf out, plain;
	struct span in;
	uint64_t time;

	buf_init(&out);
	buf_init(&plain);
	ok(cosign_sign(SPAN(TEXT), SPAN("w.example"), seed, 1234567890, &out) ==
		0,
	    "our witness cosigns");
	in = buf_view(&out);
	ok(note_sig_parse(&in, &s) == 0 && in.len == 0, "one line");
	key_public(seed, key);
	note_key_init_type(&k, NOTE_COSIGNED, SPAN("w.example"), key);
	ok(cosign_verify(SPAN(TEXT), &s, &k, &time) == NOTE_OK &&
		time == 1234567890,
	    "that verifies");
	k.type = NOTE_ED25519;
	ok(cosign_verify(SPAN(TEXT), &s, &k, &time) == NOTE_WRONG_KEY,
	    "only by a key of its type");
	/* A plain signature of the same key is no cosignature. */
	note_sign(SPAN(TEXT), SPAN("w.example"), seed, &plain);
	in = buf_view(&plain);
	note_sig_parse(&in, &s);
	k.type = NOTE_COSIGNED;
	s.id = k.id;
	ok(cosign_verify(SPAN(TEXT), &s, &k, &time) == NOTE_BAD_SIGNATURE,
	    "a signature without a time is none");
	ok(cosign_sign(SPAN(TEXT), SPAN("a b"), seed, 1, &out) == -1,
	    "a name with a space");
	buf_fini(&plain);
	buf_fini(&out);
}

int
main(void)
{
	others();
	types();
	own();
	return done();
}

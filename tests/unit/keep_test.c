/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"
#include "evidence/checkpoint.h"
#include "evidence/cosign.h"
#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"

#define NAME "w.example"

static const uint8_t ours[KEY_LEN] = { 1 }, others[KEY_LEN] = { 2 };
static struct site_log conf = { .name = "evidence", .dir = lib_dir };
static struct site_witness witness;
static struct site site = { .logs = &conf,
	.n_logs = 1,
	.anchor = { .witnesses = &witness, .n_witnesses = 1 } };

static void
vkey(const uint8_t seed[KEY_LEN], struct buf *out)
{
	uint8_t key[KEY_LEN];
	struct note_key k;

	key_public(seed, key);
	note_key_init_type(&k, NOTE_COSIGNED, SPAN(NAME), key);
	note_key_print(&k, out);
}

static struct span
text_of(struct span note)
{
	struct note n;

	return note_parse(note, &n) == NOTE_OK ? n.text : SPAN("");
}

/* The lines of the kept checkpoint of the newest size. */
static size_t
kept_lines(uint64_t size)
{
	struct buf note;
	struct note n;
	char path[160];

	snprintf(path, sizeof(path), "%s/checkpoints/%012llu", lib_dir,
	    (unsigned long long)size);
	buf_init(&note);
	n.n = 0;
	if (io_read_file(path, NOTE_MAX, &note) == 0)
		(void)note_parse(buf_view(&note), &n); /* n.n says */
	buf_fini(&note);
	return n.n;
}

static void
cosignatures(struct keep *k, struct sink *s, struct span text, uint64_t size)
{
	struct buf good, bad;
	uint64_t index;

	buf_init(&good);
	buf_init(&bad);
	cosign_sign(text, SPAN(NAME), ours, 5, &good);
	cosign_sign(text, SPAN(NAME), others, 5, &bad);
	ok(keep_cosignature(k, s, buf_view(&bad), &index) == SUBMIT_BAD_ANCHOR,
	    "nobody cosigns whose key is not configured");
	bad.len = 0;
	cosign_sign(SPAN("another\ntext\n"), SPAN(NAME), ours, 5, &bad);
	ok(keep_cosignature(k, s, buf_view(&bad), &index) == SUBMIT_BAD_ANCHOR,
	    "nor anything but that checkpoint");
	bad.len = 0;
	note_sign(text, SPAN(NAME), ours, &bad);
	ok(keep_cosignature(k, s, buf_view(&bad), &index) == SUBMIT_BAD_ANCHOR,
	    "nor without a time");
	bad.len = 0;
	buf_span(&bad, buf_view(&good));
	buf_str(&bad, "more\n");
	ok(keep_cosignature(k, s, buf_view(&bad), &index) == SUBMIT_BAD_ANCHOR,
	    "nor with something behind the line");
	ok(keep_cosignature(k, s, buf_view(&good), &index) == SUBMIT_OK &&
		index == evlog_size(s->log) - 1,
	    "a good one becomes a record");
	ok(keep_cosignature(k, s, buf_view(&good), &index) == SUBMIT_BAD_ANCHOR,
	    "but once");
	evlog_seal(s->log, true);
	ok(kept_lines(size) == 3, "its line stands behind the log's own two");
	buf_fini(&bad);
	buf_fini(&good);
}

/* A token of an authority, but over another text. */
static void
other_token(struct keep *k, struct sink *s)
{
	const char *srcdir = getenv("srcdir");
	struct buf path, token;
	uint64_t index;

	buf_init(&path);
	buf_init(&token);
	buf_printf(&path, "%s/tests/fuzz/tsa/good",
	    srcdir == NULL ? "." : srcdir);
	ok(io_read_file(buf_cstr(&path), 65536, &token) == 0 &&
		keep_token(k, s, buf_view(&token), &index) == SUBMIT_BAD_ANCHOR,
	    "nor a token over another text");
	buf_fini(&token);
	buf_fini(&path);
}

int
main(void)
{
	struct sink s = { .conf = &conf, .estate = estate_new() };
	struct span note;
	struct audit a;
	struct keep *k;
	struct buf key, text;
	uint64_t index, size;

	buf_init(&key);
	buf_init(&text);
	vkey(ours, &key);
	witness.vkey = buf_cstr(&key);
	lib_begin();
	lib_opt.clock = NULL; /* the writer's records have the real time */
	lib_open();
	s.sums = estate_sums(s.estate, s.number);
	s.log = lib_log;
	k = keep_new(&site);
	ok(keep_cosignature(k, &s, SPAN("x\n"), &index) == SUBMIT_BAD_ANCHOR &&
		keep_token(k, &s, SPAN("x"), &index) == SUBMIT_BAD_ANCHOR,
	    "nothing is kept before a checkpoint was asked for");
	ok(keep_newest(k, &s, &note) == SUBMIT_OK, "the newest checkpoint");
	size = evlog_durable(lib_log);
	buf_span(&text, text_of(note));
	cosignatures(k, &s, buf_view(&text), size);
	ok(keep_token(k, &s, SPAN("x"), &index) == SUBMIT_BAD_ANCHOR,
	    "what is no token is not kept");
	other_token(k, &s);
	ok(keep_newest(k, &s, &note) == SUBMIT_OK &&
		!span_eq(text_of(note), buf_view(&text)),
	    "the next checkpoint is another");
	keep_free(k);
	lib_close();
	audit_log(&a);
	ok(a.ok && audit_count(&a, "w1 size=") == 1 &&
		audit_count(&a, " time=5 name=w.example key=") == 1,
	    "one record, and the log holds");
	audit_fini(&a);
	lib_end();
	estate_free(s.estate);
	buf_fini(&text);
	buf_fini(&key);
	return done();
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/submit_words.h"

#include <stdbool.h>

#include "common/cursor.h"
#include "evidence/record.h"

#define KEY_MAX 32

/* Keys of a stream's definition, in the order of the format. */
static const char *const keys[] = { "listener", "transport", "local", "peer",
	"port", "framing", "tls", "name", "replay", "uid", "program", "file",
	"size", "sha256", "encoding", "mapping", "local-port", "version",
	"cipher", "san", "profile", "protocol", "peer-uid", "peer-pid",
	"decided", "mapping-sha256", "unit", "container", "container-sha256",
	"member", "damage" };
enum { LISTENER, TRANSPORT, FRAMING = 5, REPLAY = 8, UID, KEYS = 31 };
_Static_assert(sizeof(keys) / sizeof(keys[0]) == KEYS, "their number");

/* Which transports each may name. */
static const struct {
	enum submit_words_from from;
	const char *transport;
} transports[] = {
	{ SUBMIT_WORDS_RECEIVER, "udp" },
	{ SUBMIT_WORDS_RECEIVER, "tcp" },
	{ SUBMIT_WORDS_RECEIVER, "tls" },
	{ SUBMIT_WORDS_RECEIVER, "unix" },
	{ SUBMIT_WORDS_CLIENT, "import" },
	{ SUBMIT_WORDS_CLIENT, "local" },
	{ SUBMIT_WORDS_TAILER, "file" },
};

/* A key, NUL-terminated; false if it is not a-z 0-9 and '-'. */
static bool
key_copy(struct span key, char out[KEY_MAX + 1])
{
	size_t i;

	if (key.len == 0 || key.len > KEY_MAX)
		return false;
	for (i = 0; i < key.len; i++) {
		if (!(key.p[i] >= 'a' && key.p[i] <= 'z') &&
		    !(key.p[i] >= '0' && key.p[i] <= '9') && key.p[i] != '-')
			return false;
		out[i] = (char)key.p[i];
	}
	out[i] = '\0';
	return true;
}

/* Whether the word is what the format would have written: one spelling. */
static bool
word_canonical(struct span word, const char *key)
{
	struct buf value, again;
	bool same;

	buf_init(&value);
	buf_init(&again);
	same = record_word_get(word, key, &value) == 1;
	if (same) {
		record_word(&again, key, buf_view(&value));
		same = span_eq(buf_view(&again), word);
	}
	buf_fini(&again);
	buf_fini(&value);
	return same;
}

/*
 * The next of key=value words parted by single blanks: 1 with key and whole
 * word, 0 at the end, -1 if it is none.
 */
static int
word_next(struct cursor *c, char key[KEY_MAX + 1], struct span *word)
{
	const uint8_t *sp, *eq;

	if (cursor_left(c) == 0)
		return 0;
	sp = memchr(c->p, ' ', cursor_left(c));
	if (sp == NULL)
		*word = cursor_take(c, cursor_left(c));
	else
		*word = cursor_until(c, ' ');
	if (word->len == 0 || (sp != NULL && cursor_left(c) == 0) ||
	    (eq = memchr(word->p, '=', word->len)) == NULL ||
	    !key_copy(span_make(word->p, (size_t)(eq - word->p)), key))
		return -1;
	return word_canonical(*word, key) ? 1 : -1;
}

/* Sort words into slots by key.  Return 0, or -1. */
static int
slots_fill(struct span words, struct span slot[KEYS])
{
	struct cursor c = cursor_make(words);
	char key[KEY_MAX + 1];
	struct span word;
	size_t i;
	int rc;

	while ((rc = word_next(&c, key, &word)) == 1) {
		for (i = 0; i < KEYS && strcmp(key, keys[i]) != 0; i++)
			continue;
		if (i == KEYS || i == UID || slot[i].p != NULL)
			return -1;
		slot[i] = word;
	}
	return rc;
}

static struct span
value_of(struct span word)
{
	const uint8_t *eq = memchr(word.p, '=', word.len);

	return span_sub(word, (size_t)(eq - word.p) + 1, word.len);
}

static bool
transport_ok(struct span value, enum submit_words_from from)
{
	size_t i;

	for (i = 0; i < sizeof(transports) / sizeof(transports[0]); i++)
		if (transports[i].from == from &&
		    span_is(value, transports[i].transport))
			return true;
	return false;
}

int
submit_words_stream(struct span words, enum submit_words_from from,
    uint32_t uid, struct buf *out)
{
	struct span slot[KEYS] = { 0 };
	enum record_framing framing;
	size_t i;

	if (slots_fill(words, slot) != 0 || slot[LISTENER].p == NULL ||
	    slot[TRANSPORT].p == NULL || slot[FRAMING].p == NULL ||
	    !transport_ok(value_of(slot[TRANSPORT]), from) ||
	    record_framing_parse(value_of(slot[FRAMING]), &framing) != 0)
		return -1;
	for (i = 0; i < KEYS; i++) {
		if (slot[i].p != NULL) {
			if (out->len > 0)
				buf_byte(out, ' ');
			buf_span(out, slot[i]);
		} else if (i == REPLAY) /* readers must not have to guess */
			record_word(out, keys[i], SPAN("no"));
		else if (i == UID && from == SUBMIT_WORDS_CLIENT)
			record_word_u64(out, keys[i], uid);
	}
	return 0;
}

int
submit_words_operator(struct span words, uint32_t uid, struct buf *out)
{
	struct cursor c = cursor_make(words);
	char key[KEY_MAX + 1];
	struct span word;
	size_t n = 0;
	int rc;

	record_word_u64(out, "uid", uid);
	while ((rc = word_next(&c, key, &word)) == 1) {
		if (n++ == 0 ? strcmp(key, "action") != 0
			     : strcmp(key, "uid") == 0)
			return -1;
		buf_byte(out, ' ');
		buf_span(out, word);
	}
	return n > 0 ? rc : -1;
}

int
submit_words_gap(struct span words, struct buf *out)
{
	struct cursor c = cursor_make(words);
	char key[KEY_MAX + 1];
	struct span word;
	int rc;

	while ((rc = word_next(&c, key, &word)) == 1)
		if (strcmp(key, "kind") == 0 || strcmp(key, "stream") == 0)
			return -1;
	if (rc == 0 && words.len > 0) {
		buf_byte(out, ' ');
		buf_span(out, words);
	}
	return rc;
}

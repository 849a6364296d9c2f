/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/custody.h"

#include <string.h>

#include "common/hex.h"
#include "evidence/record.h"

static const char *const steps[CUSTODY_STEP_COUNT] = { "handover", "receipt",
	"transfer", "return" };
static const char *const texts[CUSTODY_TEXT_COUNT] = { "from", "to", "why",
	"authority", "place", "condition", "from-ack", "to-ack" };

const char *
custody_step_name(enum custody_step step)
{
	return steps[step];
}

const char *
custody_text_name(enum custody_text text)
{
	return texts[text];
}

void
custody_print(const struct custody *c, struct buf *out)
{
	char hex[2 * SHA256_LEN];
	size_t i;

	hex_print(c->package, SHA256_LEN, hex);
	record_word(out, "action", span_str(steps[c->step]));
	record_word(out, "package", span_make(hex, sizeof(hex)));
	record_word_u64(out, "at", c->at);
	for (i = 0; i < CUSTODY_TEXT_COUNT; i++)
		if (c->text[i].len > 0)
			record_word(out, texts[i], c->text[i]);
	if (c->known.len > 0)
		record_word(out, "known", c->known);
	if (c->verified.len > 0)
		record_word(out, "verified", c->verified);
}

/* The value of a word; empty if it is not there. -1 if it is ill-formed. */
static int
word(struct span body, const char *key, struct arena *a, struct span *value)
{
	struct buf text;
	int rc;

	buf_init(&text);
	rc = record_word_get(body, key, &text);
	*value = arena_copy(a, buf_view(&text));
	buf_fini(&text);
	return rc;
}

int
custody_parse(struct span body, struct arena *a, struct custody *c)
{
	struct span value;
	size_t i;

	memset(c, 0, sizeof(*c));
	if (word(body, "action", a, &value) != 1)
		return 0;
	for (i = 0; i < CUSTODY_STEP_COUNT; i++)
		if (span_is(value, steps[i]))
			break;
	if (i == CUSTODY_STEP_COUNT)
		return 0;
	c->step = (enum custody_step)i;
	if (word(body, "package", a, &value) != 1 ||
	    hex_parse(value, c->package, SHA256_LEN) != 0 ||
	    record_word_get_u64(body, "at", &c->at) != 1)
		return -1;
	for (i = 0; i < CUSTODY_TEXT_COUNT; i++)
		if (word(body, texts[i], a, &c->text[i]) < 0)
			return -1;
	return word(body, "known", a, &c->known) < 0 ||
		word(body, "verified", a, &c->verified) < 0
	    ? -1
	    : 1;
}

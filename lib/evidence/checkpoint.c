/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"

#define CHECKPOINT_NAME (CHECKPOINT_ORIGIN_MAX + sizeof("/e1048575"))

bool
checkpoint_origin_ok(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') &&
		    !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '.' &&
		    s.p[i] != '/' && s.p[i] != '-')
			return false;
	return s.len > 0 && s.len <= CHECKPOINT_ORIGIN_MAX;
}

void
checkpoint_print(const struct checkpoint *c, struct buf *out)
{
	char root[64];

	base64_print(c->root, SHA256_LEN, root);
	buf_span(out, c->origin);
	buf_printf(out, "\n%" PRIu64 "\n%.*s\n", c->size,
	    (int)base64_len(SHA256_LEN), root);
}

int
checkpoint_parse(struct span text, struct checkpoint *c)
{
	struct cursor in = cursor_make(text);
	size_t len;

	c->epoch = 0;
	c->origin = cursor_until(&in, '\n');
	c->size = cursor_decimal(&in, CHECKPOINT_SIZE_MAX);
	cursor_expect(&in, SPAN("\n"));
	if (base64_parse(cursor_until(&in, '\n'), c->root, SHA256_LEN, &len) !=
		0 ||
	    len != SHA256_LEN || !cursor_done(&in) ||
	    !checkpoint_origin_ok(c->origin))
		return -1;
	return 0;
}

void
checkpoint_hash(const struct checkpoint *c, uint8_t out[SHA256_LEN])
{
	struct buf text;

	buf_init(&text);
	checkpoint_print(c, &text);
	sha256(buf_view(&text), out);
	buf_fini(&text);
}

/* "<origin>/e<number>" */
static struct span
checkpoint_epoch_name(struct span origin, uint32_t epoch,
    char name[CHECKPOINT_NAME])
{
	int n = snprintf(name, CHECKPOINT_NAME, "%.*s/e%u", (int)origin.len,
	    (const char *)origin.p, epoch);

	return span_make(name, (size_t)n);
}

static int
checkpoint_epoch_parse(struct span name, struct span origin, uint32_t *epoch)
{
	struct cursor in = cursor_make(name);

	cursor_expect(&in, origin);
	cursor_expect(&in, SPAN("/e"));
	*epoch = (uint32_t)cursor_decimal(&in, CHECKPOINT_EPOCH_MAX);
	return cursor_done(&in) ? 0 : -1;
}

/* Others may sign behind ours, but not again under a name of this log. */
static bool
checkpoint_order_ok(const struct note *n, struct checkpoint *c)
{
	uint32_t other;
	size_t i;

	if (n->n < 2 || !span_eq(n->sig[0].name, c->origin) ||
	    checkpoint_epoch_parse(n->sig[1].name, c->origin, &c->epoch) != 0)
		return false;
	for (i = 2; i < n->n; i++)
		if (span_eq(n->sig[i].name, c->origin) ||
		    checkpoint_epoch_parse(n->sig[i].name, c->origin, &other) ==
			0)
			return false;
	return true;
}

enum note_err
checkpoint_read(struct span in, struct note *n, struct checkpoint *c)
{
	enum note_err e;

	if ((e = note_parse(in, n)) != NOTE_OK)
		return e;
	if (checkpoint_parse(n->text, c) != 0)
		return NOTE_BAD_CHECKPOINT;
	return checkpoint_order_ok(n, c) ? NOTE_OK : NOTE_BAD_ORDER;
}

enum note_err
checkpoint_verify_log(const struct note *n, const struct note_key *log_key)
{
	return note_verify(n, 0, log_key);
}

enum note_err
checkpoint_verify_epoch(const struct note *n, const struct checkpoint *c,
    const uint8_t epoch_key[KEY_LEN])
{
	char name[CHECKPOINT_NAME];
	struct note_key k;

	if (note_key_init(&k, checkpoint_epoch_name(c->origin, c->epoch, name),
		epoch_key) != 0)
		return NOTE_WRONG_KEY;
	return note_verify(n, 1, &k);
}

int
checkpoint_sign(const struct checkpoint *c, const uint8_t log_seed[KEY_LEN],
    const uint8_t epoch_seed[KEY_LEN], struct buf *lines)
{
	char name[CHECKPOINT_NAME];
	struct span epoch = checkpoint_epoch_name(c->origin, c->epoch, name);
	struct buf text;
	int rc = -1;

	buf_init(&text);
	checkpoint_print(c, &text);
	if (note_sign(buf_view(&text), c->origin, log_seed, lines) == 0 &&
	    note_sign(buf_view(&text), epoch, epoch_seed, lines) == 0)
		rc = 0;
	buf_fini(&text);
	return rc;
}

void
checkpoint_join(const struct checkpoint *c, struct span lines, struct buf *out)
{
	checkpoint_print(c, out);
	buf_byte(out, '\n');
	buf_span(out, lines);
}

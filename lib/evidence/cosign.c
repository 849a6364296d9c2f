/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/cosign.h"

#include <inttypes.h>

#include "common/hex.h"

#define COSIGN_ID 4   /* bytes of the key id */
#define COSIGN_TIME 8 /* of the time, big-endian */
#define COSIGN_LEN (COSIGN_ID + COSIGN_TIME + KEY_SIG_LEN)

int
cosign_key_parse(struct span vkey, struct note_key *k)
{
	return note_key_parse_type(vkey, NOTE_COSIGNED, k);
}

static void
cosign_message(struct span text, uint64_t time, struct buf *out)
{
	buf_printf(out, "cosignature/v1\ntime %" PRIu64 "\n", time);
	buf_span(out, text);
}

static uint64_t
get_be(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

static void
put_be(uint64_t v, uint8_t *p, size_t n)
{
	while (n-- > 0) {
		p[n] = (uint8_t)v;
		v >>= 8;
	}
}

enum note_err
cosign_verify(struct span text, const struct note_sig *s,
    const struct note_key *k, uint64_t *time)
{
	uint8_t bytes[COSIGN_LEN];
	struct buf message;
	size_t len;
	int rc;

	if (k->type != NOTE_COSIGNED || !span_is(s->name, k->name) ||
	    s->id != k->id)
		return NOTE_WRONG_KEY;
	if (base64_parse(s->base64, bytes, sizeof(bytes), &len) != 0 ||
	    len != sizeof(bytes))
		return NOTE_BAD_SIGNATURE;
	*time = get_be(bytes + COSIGN_ID, COSIGN_TIME);
	if (*time > COSIGN_TIME_MAX)
		return NOTE_BAD_SIGNATURE;
	buf_init(&message);
	cosign_message(text, *time, &message);
	rc = key_verify(k->key, buf_view(&message),
	    bytes + COSIGN_ID + COSIGN_TIME);
	buf_fini(&message);
	return rc == 0 ? NOTE_OK : NOTE_BAD_SIGNATURE;
}

int
cosign_sign(struct span text, struct span name, const uint8_t seed[KEY_LEN],
    uint64_t time, struct buf *out)
{
	uint8_t key[KEY_LEN], bytes[COSIGN_LEN];
	char base64[128];
	struct note_sig line = { .name = name };
	struct note_key k;
	struct buf message;
	int rc;

	if (key_public(seed, key) != 0 ||
	    note_key_init_type(&k, NOTE_COSIGNED, name, key) != 0)
		return -1;
	put_be(k.id, bytes, COSIGN_ID);
	put_be(time, bytes + COSIGN_ID, COSIGN_TIME);
	buf_init(&message);
	cosign_message(text, time, &message);
	rc =
	    key_sign(seed, buf_view(&message), bytes + COSIGN_ID + COSIGN_TIME);
	buf_fini(&message);
	if (rc != 0)
		return -1;
	base64_print(bytes, sizeof(bytes), base64);
	line.base64 = span_make(base64, base64_len(sizeof(bytes)));
	note_sig_print(&line, out);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/keyring_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "evidence/checkpoint.h"

/* The room for reading one byte more than a file may have is included. */
void
keyring_file_buf_init(struct buf *b)
{
	buf_init(b);
	buf_reserve(b, 2 * KEYRING_FILE_MAX);
}

void
keyring_file_buf_wipe(struct buf *b)
{
	explicit_bzero(b->p, b->cap);
	buf_fini(b);
}

static void
keyring_file_hex(struct buf *out, const uint8_t *p, const char *end)
{
	hex_print(p, 32, (char *)buf_reserve(out, 64));
	out->len += 64;
	buf_str(out, end);
}

void
keyring_file_print_key(const struct keyring_public *pub,
    const uint8_t seed[KEY_LEN], struct buf *out)
{
	buf_printf(out, "ev1 key\norigin %s\nepochs %u ", pub->origin,
	    pub->height);
	keyring_file_hex(out, pub->r, "\nkey ");
	keyring_file_hex(out, pub->key, "\nseed ");
	keyring_file_hex(out, seed, "\n");
}

/* The public key follows from the seed; it is there to show damage. */
int
keyring_file_parse_key(struct span in, struct keyring_public *pub,
    uint8_t seed[KEY_LEN])
{
	struct cursor c = cursor_make(in);
	uint8_t key[KEY_LEN];
	struct span origin;

	memset(pub, 0, sizeof(*pub));
	cursor_expect(&c, SPAN("ev1 key\norigin "));
	origin = cursor_until(&c, '\n');
	cursor_expect(&c, SPAN("epochs "));
	pub->height = (unsigned)cursor_decimal(&c, EPOCH_HEIGHT_MAX);
	cursor_expect(&c, SPAN(" "));
	cursor_hex(&c, pub->r, SHA256_LEN);
	cursor_expect(&c, SPAN("\nkey "));
	cursor_hex(&c, pub->key, KEY_LEN);
	cursor_expect(&c, SPAN("\nseed "));
	cursor_hex(&c, seed, KEY_LEN);
	cursor_expect(&c, SPAN("\n"));
	if (!cursor_done(&c) || pub->height == 0 ||
	    !checkpoint_origin_ok(origin) || key_public(seed, key) != 0 ||
	    memcmp(key, pub->key, KEY_LEN) != 0)
		return -1;
	memcpy(pub->origin, origin.p, origin.len);
	return 0;
}

void
keyring_file_print_seeds(const struct keyring_seeds *s, struct buf *out)
{
	uint32_t left = (UINT32_C(1) << s->rest.height) - s->rest.next;
	unsigned level;

	buf_printf(out, "ev1 seeds\nnext %u\nopen ", s->rest.next);
	if (s->open)
		keyring_file_hex(out, s->seed, "\n");
	else
		buf_str(out, "-\n");
	for (level = 0; level <= s->rest.height; level++)
		if ((left >> level & 1) != 0) {
			buf_printf(out, "%u ", level);
			keyring_file_hex(out, s->rest.seed[level], "\n");
		}
}

int
keyring_file_parse_seeds(struct span in, unsigned height,
    struct keyring_seeds *s)
{
	struct cursor c = cursor_make(in), open;
	uint32_t left;
	unsigned level;

	memset(s, 0, sizeof(*s));
	cursor_expect(&c, SPAN("ev1 seeds\nnext "));
	s->rest.height = height;
	s->rest.next = (uint32_t)cursor_decimal(&c, UINT64_C(1) << height);
	cursor_expect(&c, SPAN("\nopen "));
	open = cursor_make(cursor_until(&c, '\n'));
	s->open = cursor_left(&open) != 1;
	if (s->open)
		cursor_hex(&open, s->seed, KEY_LEN);
	else
		cursor_expect(&open, SPAN("-"));
	left = (UINT32_C(1) << height) - s->rest.next;
	for (level = 0; level <= height; level++)
		if ((left >> level & 1) != 0) {
			if (cursor_decimal(&c, height) != level)
				return -1;
			cursor_expect(&c, SPAN(" "));
			cursor_hex(&c, s->rest.seed[level], KEY_LEN);
			cursor_expect(&c, SPAN("\n"));
		}
	return cursor_done(&c) && cursor_done(&open) &&
		(!s->open || s->rest.next > 0)
	    ? 0
	    : -1;
}

void
keyring_file_print_slot(const struct keyring_signed *s, struct buf *out)
{
	size_t begin = out->len, len;
	uint8_t hash[SHA256_LEN];

	buf_printf(out, "ev1 signed\n%" PRIu64 " ", s->size);
	keyring_file_hex(out, s->root, "\n");
	sha256(span_make(out->p + begin, out->len - begin), hash);
	keyring_file_hex(out, hash, "\n");
	len = begin + KEYRING_SLOT - out->len;
	memset(buf_reserve(out, len), 0, len);
	out->len += len;
}

int
keyring_file_parse_slot(struct span in, struct keyring_signed *s)
{
	struct cursor c = cursor_make(in);
	uint8_t hash[SHA256_LEN], said[SHA256_LEN];

	memset(s, 0, sizeof(*s));
	cursor_expect(&c, SPAN("ev1 signed\n"));
	s->size = cursor_decimal(&c, CHECKPOINT_SIZE_MAX);
	cursor_expect(&c, SPAN(" "));
	cursor_hex(&c, s->root, SHA256_LEN);
	cursor_expect(&c, SPAN("\n"));
	if (c.bad || in.len != KEYRING_SLOT)
		return -1;
	sha256(span_make(in.p, in.len - cursor_left(&c)), hash);
	cursor_hex(&c, said, SHA256_LEN);
	cursor_expect(&c, SPAN("\n"));
	while (cursor_left(&c) > 0)
		cursor_expect(&c, span_make("", 1));
	return cursor_done(&c) && memcmp(hash, said, SHA256_LEN) == 0 ? 0 : -1;
}

int
keyring_file_parse_signed(struct span in, struct keyring_signed *s,
    unsigned *slot)
{
	struct keyring_signed one;
	int rc = -1;
	unsigned i;

	if (in.len != KEYRING_SIGNED_LEN)
		return -1;
	for (i = 0; i < 2; i++) {
		if (keyring_file_parse_slot(
			span_make(in.p + (size_t)i * KEYRING_SLOT,
			    KEYRING_SLOT),
			&one) != 0 ||
		    (rc == 0 && one.size <= s->size))
			continue;
		*s = one;
		*slot = i;
		rc = 0;
	}
	return rc;
}

uint64_t
keyring_file_node(unsigned height, unsigned level, uint64_t index)
{
	uint64_t all = UINT64_C(2) << height;

	return all - (all >> level) + index;
}

int
keyring_file_lock(int dir)
{
	int saved, fd;

	fd = openat(dir, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

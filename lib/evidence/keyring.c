/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/checkpoint.h"
#include "evidence/keyring_file.h"

/*
 * Two files change, each at its own times: `signed` at each seal, `seeds` at
 * the begin and the end of an epoch, so that secrets are rarely written.
 * Neither needs to know of the other.  Memory changes only after the disk
 * has: what fails may be asked again.
 */
struct keyring {
	int dir, lock, tree, signed_fd; /* descriptors */
	struct keyring_public pub;
	uint8_t seed[KEY_LEN]; /* of the log key */
	struct keyring_seeds seeds;
	struct epoch epoch; /* the open one */
	struct keyring_signed last;
	unsigned slot; /* of `signed` that holds it */
	bool unsynced; /* what is in the file may not be on the disk */
};

const char *
keyring_strerror(enum keyring_err e)
{
	switch (e) {
#define KEYRING_ERR(id, en, ja)                                                \
	case KEYRING_##id:                                                     \
		return tr(en, ja);
#include "evidence/keyring_err_tbl.h"
#undef KEYRING_ERR
	}
	return "";
}

/*
 * Overwrite a file that is about to go, or is unlinked already.  What a file
 * system or a disk keeps elsewhere is beyond our reach, so a failure changes
 * nothing and is ignored.
 */
static void
keyring_overwrite(int fd)
{
	static const uint8_t zero[KEYRING_FILE_MAX];
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_size <= (off_t)sizeof(zero) &&
	    io_pwrite_all(fd, zero, (size_t)st.st_size, 0) == 0)
		(void)fdatasync(fd);
	close(fd);
}

static int
keyring_open_old(const struct keyring *k, const char *name)
{
	return openat(k->dir, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
}

static enum sign_status
keyring_write_seeds(struct keyring *k, const struct keyring_seeds *s)
{
	int rc, old = keyring_open_old(k, "seeds");
	struct buf b;

	keyring_file_buf_init(&b);
	keyring_file_print_seeds(s, &b);
	rc = io_replace_at(k->dir, "seeds", 0600, buf_view(&b));
	keyring_file_buf_wipe(&b);
	if (rc == 0) {
		k->seeds = *s;
		keyring_overwrite(old);
	} else if (old >= 0)
		close(old);
	return rc == 0 ? SIGN_OK : SIGN_FAILED;
}

static int
keyring_open_signed(struct keyring *k)
{
	if (k->signed_fd >= 0)
		close(k->signed_fd);
	k->signed_fd =
	    openat(k->dir, "signed", O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	return k->signed_fd >= 0 ? 0 : -1;
}

/* In the slot that is not in force. */
static int
keyring_write_slot(struct keyring *k, const struct keyring_signed *s)
{
	unsigned slot = k->slot ^ 1;
	struct buf b;
	int rc;

	buf_init(&b);
	keyring_file_print_slot(s, &b);
	rc = io_pwrite_all(k->signed_fd, b.p, b.len,
	    (off_t)slot * KEYRING_SLOT);
	buf_fini(&b);
	if (rc != 0 || fdatasync(k->signed_fd) != 0)
		return -1;
	k->slot = slot;
	return 0;
}

/* A new file, its pages with it: after an error of fdatasync the kernel may
 * call the old ones clean that never reached the disk. */
static int
keyring_replace_signed(struct keyring *k, const struct keyring_signed *s)
{
	struct buf b;
	int rc;

	buf_init(&b);
	keyring_file_print_slot(s, &b);
	keyring_file_print_slot(s, &b);
	rc = io_replace_at(k->dir, "signed", 0600, buf_view(&b));
	buf_fini(&b);
	return rc == 0 ? keyring_open_signed(k) : -1;
}

static enum sign_status
keyring_write_signed(struct keyring *k, const struct keyring_signed *s)
{
	if (!k->unsynced && keyring_write_slot(k, s) != 0)
		k->unsynced = true;
	if (k->unsynced && keyring_replace_signed(k, s) != 0)
		return SIGN_FAILED;
	k->unsynced = false;
	k->last = *s;
	return SIGN_OK;
}

static int
keyring_read_node(const struct keyring *k, unsigned level, uint64_t index,
    uint8_t hash[SHA256_LEN])
{
	uint64_t pos = keyring_file_node(k->pub.height, level, index);
	ssize_t n;

	do
		n = pread(k->tree, hash, SHA256_LEN, (off_t)(pos * SHA256_LEN));
	while (n < 0 && errno == EINTR);
	return n == SHA256_LEN ? 0 : -1;
}

/* Key and path of an epoch, proved against R before anybody sees them. */
static int
keyring_load_epoch(const struct keyring *k, uint32_t number,
    const uint8_t seed[KEY_LEN], struct epoch *e)
{
	unsigned level;

	memset(e, 0, sizeof(*e));
	e->number = number;
	e->height = k->pub.height;
	if (key_public(seed, e->key) != 0)
		return -1;
	for (level = 0; level < e->height; level++)
		if (keyring_read_node(k, level, (number >> level) ^ 1,
			e->path[level]) != 0)
			return -1;
	return epoch_verify(e, k->pub.height, k->pub.r);
}

/* One file, parsed by its caller; a missing one is a broken keyring. */
static enum keyring_err
keyring_read(const struct keyring *k, const char *name, size_t max,
    struct buf *b)
{
	b->len = 0;
	if (io_read_file_at(k->dir, name, max, b) == 0)
		return KEYRING_OK;
	return errno == ENOENT || errno == EFBIG ? KEYRING_BAD_STATE
						 : KEYRING_SYSTEM;
}

static enum keyring_err
keyring_read_files(struct keyring *k, struct buf *b)
{
	enum keyring_err e;

	if ((e = keyring_read(k, "key", KEYRING_FILE_MAX, b)) != KEYRING_OK)
		return errno == ENOENT ? KEYRING_ABSENT : e;
	if (keyring_file_parse_key(buf_view(b), &k->pub, k->seed) != 0)
		return KEYRING_BAD_STATE;
	if ((e = keyring_read(k, "seeds", KEYRING_FILE_MAX, b)) != KEYRING_OK)
		return e;
	if (keyring_file_parse_seeds(buf_view(b), k->pub.height, &k->seeds) !=
	    0)
		return KEYRING_BAD_STATE;
	return KEYRING_OK;
}

static enum keyring_err
keyring_read_signed(struct keyring *k)
{
	enum keyring_err e;
	struct buf b;

	buf_init(&b);
	e = keyring_read(k, "signed", KEYRING_SIGNED_LEN, &b);
	if (e == KEYRING_OK &&
	    keyring_file_parse_signed(buf_view(&b), &k->last, &k->slot) != 0)
		e = KEYRING_BAD_STATE;
	buf_fini(&b);
	if (e == KEYRING_OK && keyring_open_signed(k) != 0)
		e = KEYRING_SYSTEM;
	return e;
}

/* What a crash in the middle of a replacement left behind. */
static void
keyring_drop_half(struct keyring *k)
{
	keyring_overwrite(keyring_open_old(k, "seeds.tmp"));
	(void)unlinkat(k->dir, "seeds.tmp", 0); /* mostly it is not there */
}

static enum keyring_err
keyring_load(struct keyring *k)
{
	enum keyring_err e;
	struct buf b;

	if ((k->lock = keyring_file_lock(k->dir)) < 0)
		return errno == EWOULDBLOCK ? KEYRING_LOCKED : KEYRING_SYSTEM;
	keyring_file_buf_init(&b);
	e = keyring_read_files(k, &b);
	keyring_file_buf_wipe(&b);
	if (e != KEYRING_OK || (e = keyring_read_signed(k)) != KEYRING_OK)
		return e;
	keyring_drop_half(k);
	k->tree = openat(k->dir, "tree", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (k->tree < 0)
		return errno == ENOENT ? KEYRING_BAD_STATE : KEYRING_SYSTEM;
	if (k->seeds.open &&
	    keyring_load_epoch(k, k->seeds.rest.next - 1, k->seeds.seed,
		&k->epoch) != 0)
		return KEYRING_BAD_STATE;
	return KEYRING_OK;
}

enum keyring_err
keyring_open(struct keyring **out, const char *dir)
{
	struct keyring *k = calloc(1, sizeof(*k));
	enum keyring_err e = KEYRING_SYSTEM;

	*out = NULL;
	if (k == NULL)
		return e;
	k->lock = k->tree = k->signed_fd = -1;
	if ((k->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0)
		e = keyring_load(k);
	else if (errno == ENOENT)
		e = KEYRING_ABSENT;
	if (e == KEYRING_OK)
		*out = k;
	else
		keyring_close(k);
	return e;
}

void
keyring_close(struct keyring *k)
{
	int saved = errno;

	if (k == NULL)
		return;
	if (k->tree >= 0)
		close(k->tree);
	if (k->signed_fd >= 0)
		close(k->signed_fd);
	if (k->lock >= 0)
		close(k->lock);
	if (k->dir >= 0)
		close(k->dir);
	explicit_bzero(k, sizeof(*k));
	free(k);
	errno = saved;
}

void
keyring_public(const struct keyring *k, struct keyring_public *pub)
{
	*pub = k->pub;
}

static enum sign_status
keyring_begin(struct keyring *k)
{
	struct keyring_seeds next = k->seeds;
	enum sign_status status = SIGN_FAILED;
	struct epoch epoch;

	if (k->seeds.open)
		return SIGN_REFUSED;
	if (epoch_seeds_take(&next.rest, next.seed) != 0)
		return SIGN_EXHAUSTED;
	next.open = true;
	if (keyring_load_epoch(k, next.rest.next - 1, next.seed, &epoch) == 0)
		status = keyring_write_seeds(k, &next);
	if (status == SIGN_OK)
		k->epoch = epoch;
	explicit_bzero(&next, sizeof(next));
	return status;
}

static enum sign_status
keyring_end(struct keyring *k)
{
	struct keyring_seeds next = k->seeds;
	enum sign_status status;

	if (!k->seeds.open)
		return SIGN_OK;
	next.open = false;
	explicit_bzero(next.seed, sizeof(next.seed));
	status = keyring_write_seeds(k, &next);
	explicit_bzero(&next, sizeof(next));
	return status;
}

enum sign_status
keyring_retire(struct keyring *k)
{
	struct keyring_seeds none = { .open = false };
	unsigned height = k->pub.height;

	if (!k->seeds.open && k->seeds.rest.next >> height != 0)
		return SIGN_OK;
	none.rest.height = height;
	none.rest.next = UINT32_C(1) << height;
	return keyring_write_seeds(k, &none);
}

/* Size and root to sign, if they extend the last. */
static int
keyring_extend(const struct keyring *k, const struct sign_request *request,
    struct keyring_signed *s)
{
	struct tree_range whole = request->signed_range;
	uint8_t root[SHA256_LEN];

	if (whole.end != k->last.size || tree_range_root(&whole, root) != 0 ||
	    memcmp(root, k->last.root, SHA256_LEN) != 0 ||
	    tree_range_merge(&whole, &request->added) != 0 ||
	    tree_range_root(&whole, s->root) != 0)
		return -1;
	s->size = whole.end;
	return s->size > 0 && s->size <= CHECKPOINT_SIZE_MAX ? 0 : -1;
}

static enum sign_status
keyring_seal(struct keyring *k, const struct sign_request *request,
    struct sign_reply *reply)
{
	struct checkpoint c = { .epoch = k->epoch.number };
	struct keyring_signed s;
	enum sign_status status = SIGN_FAILED;
	struct buf lines;

	if (!k->seeds.open || keyring_extend(k, request, &s) != 0)
		return SIGN_REFUSED;
	if (s.size != k->last.size && keyring_write_signed(k, &s) != SIGN_OK)
		return SIGN_FAILED;
	c.origin = span_str(k->pub.origin);
	c.size = s.size;
	memcpy(c.root, s.root, SHA256_LEN);
	buf_init(&lines);
	if (checkpoint_sign(&c, k->seed, k->seeds.seed, &lines) == 0 &&
	    lines.len < sizeof(reply->lines)) {
		memcpy(reply->lines, lines.p, lines.len);
		status = SIGN_OK;
	}
	buf_fini(&lines);
	return status;
}

static void
keyring_reply(const struct keyring *k, enum sign_what what,
    struct sign_reply *reply)
{
	memcpy(reply->origin, k->pub.origin, sizeof(reply->origin));
	reply->size = k->last.size;
	memcpy(reply->root, k->last.root, SHA256_LEN);
	reply->open = k->seeds.open;
	reply->epoch = k->seeds.rest.next;
	if (!k->seeds.open)
		return;
	reply->epoch = k->epoch.number;
	if (what != SIGN_STATE && what != SIGN_BEGIN)
		return;
	memcpy(reply->key, k->epoch.key, KEY_LEN);
	reply->height = k->epoch.height;
	memcpy(reply->path, k->epoch.path, sizeof(reply->path));
}

void
keyring_ask(struct keyring *k, const struct sign_request *request,
    struct sign_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	switch (request->what) {
	case SIGN_STATE:
		reply->status = SIGN_OK;
		break;
	case SIGN_BEGIN:
		reply->status = keyring_begin(k);
		break;
	case SIGN_SEAL:
		reply->status = keyring_seal(k, request, reply);
		break;
	case SIGN_END:
		reply->status = keyring_end(k);
		break;
	}
	keyring_reply(k, request->what, reply);
}

static int
keyring_ask_signer(void *cookie, const struct sign_request *request,
    struct sign_reply *reply)
{
	keyring_ask(cookie, request, reply);
	return 0;
}

struct signer
keyring_signer(struct keyring *k)
{
	return (struct signer){ keyring_ask_signer, k };
}

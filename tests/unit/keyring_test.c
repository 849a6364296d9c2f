/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/keyring.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/hex.h"
#include "common/io.h"
#include "evidence/checkpoint.h"
#include "evidence/epoch.h"
#include "evidence/keyring_file.h"
#include "tests/tap.h"

#define ORIGIN "example.jp/evidence"
#define HEIGHT 3
static char top[256], path[300];
static int dir; /* the keys folder */
static struct keyring_public pub;
static struct keyring *k;
static struct sign_reply r;

static const char *
file(const char *name, struct buf *b)
{
	b->len = 0;
	io_read_file_at(dir, name, 1 << 20, b);
	return buf_cstr(b);
}

/* Leaves [from, to); fork makes them others than everybody's. */
static void
range(struct tree_range *t, uint64_t from, uint64_t to, int fork)
{
	uint8_t data[2] = { 0, (uint8_t)fork }, leaf[SHA256_LEN];

	tree_range_init(t, from);
	for (; from < to; from++) {
		data[0] = (uint8_t)from;
		tree_leaf_hash(span_make(data, sizeof(data)), leaf);
		tree_range_append(t, leaf);
	}
}

/* Asked as over a socket: what is said must survive both messages. */
static enum sign_status
ask(const struct sign_request *request)
{
	struct sign_request heard;
	struct sign_reply said;
	struct buf b;

	buf_init(&b);
	memset(&r, 0xff, sizeof(r));
	sign_request_print(request, &b);
	if (sign_request_parse(buf_view(&b), &heard) != 0)
		heard = *request; /* a signer in the same process gets it */
	keyring_ask(k, &heard, &said);
	b.len = 0;
	sign_reply_print(&said, &b);
	ok(sign_reply_parse(buf_view(&b), &r) == 0 &&
		memcmp(&r, &said, sizeof(r)) == 0,
	    "the reply is the same behind the socket");
	buf_fini(&b);
	return r.status;
}

static enum sign_status
plain(enum sign_what what)
{
	struct sign_request request = { .what = what };

	return ask(&request);
}

static enum sign_status
seal(uint64_t old, uint64_t new)
{
	static struct sign_request request;

	request.what = SIGN_SEAL;
	range(&request.signed_range, 0, old, 0);
	range(&request.added, old, new, 0);
	return ask(&request);
}

static void
reopen(void)
{
	keyring_close(k);
	ok(keyring_open(&k, path) == KEYRING_OK, "open");
}

/* Whether the reply holds key and path of that epoch. */
static int
names_epoch(uint32_t number)
{
	struct epoch e = { .number = r.epoch, .height = r.height };

	memcpy(e.key, r.key, sizeof(e.key));
	memcpy(e.path, r.path, sizeof(e.path));
	return r.open && r.epoch == number &&
	    epoch_verify(&e, HEIGHT, pub.r) == 0;
}

/* Whether the lines make a good checkpoint of the first size leaves. */
static int
signs(uint64_t size, const uint8_t epoch_key[KEY_LEN])
{
	struct checkpoint want = { .origin = SPAN(ORIGIN), .size = size }, c;
	struct note_key log_key;
	struct tree_range t;
	struct note n;
	struct buf b;
	int rc;

	buf_init(&b);
	range(&t, 0, size, 0);
	tree_range_root(&t, want.root);
	checkpoint_join(&want, span_str(r.lines), &b);
	note_key_init(&log_key, SPAN(ORIGIN), pub.key);
	rc = r.size == size && memcmp(r.root, want.root, SHA256_LEN) == 0 &&
	    checkpoint_read(buf_view(&b), &n, &c) == NOTE_OK &&
	    c.epoch == r.epoch &&
	    checkpoint_verify_log(&n, &log_key) == NOTE_OK &&
	    checkpoint_verify_epoch(&n, &c, epoch_key) == NOTE_OK;
	buf_fini(&b);
	return rc;
}

static void
count(void *cookie, uint64_t n, uint64_t total)
{
	if (n == total)
		++*(uint64_t *)cookie;
}

static void
creating(void)
{
	uint64_t ends = 0;
	struct keyring_create c = { path, ORIGIN, HEIGHT, count, &ends };
	struct keyring_public other;
	struct keyring *second;
	struct buf a, b;
	struct stat st;

	buf_init(&a);
	buf_init(&b);
	c.origin = "Example";
	ok(keyring_create(&c, &pub) == KEYRING_BAD_ARGUMENT, "bad origin");
	c.origin = ORIGIN;
	c.height = 0;
	ok(keyring_create(&c, &pub) == KEYRING_BAD_ARGUMENT, "no height");
	c.height = 21;
	ok(keyring_create(&c, &pub) == KEYRING_BAD_ARGUMENT, "too high");
	ok(access(path, F_OK) != 0, "nothing was made");
	c.height = HEIGHT;
	ok(keyring_open(&k, path) == KEYRING_ABSENT, "no folder to open");
	ok(keyring_create(&c, &pub) == KEYRING_OK && ends == 1, "create");
	dir = open(path, O_RDONLY | O_DIRECTORY);
	ok(fstat(dir, &st) == 0 && (st.st_mode & 0777) == 0700, "mode 0700");
	ok(fstatat(dir, "seeds", &st, 0) == 0 && (st.st_mode & 0777) == 0600,
	    "mode 0600");
	file("key", &a);
	ok(keyring_create(&c, &other) == KEYRING_EXISTS, "create again");
	file("key", &b);
	ok(span_eq(buf_view(&a), buf_view(&b)), "changes nothing");
	unlinkat(dir, "key", 0);
	ok(keyring_open(&k, path) == KEYRING_ABSENT, "keys are not complete");
	c.progress = NULL;
	ok(keyring_create(&c, &pub) == KEYRING_OK, "an interrupted creation");
	ok(strcmp(pub.origin, ORIGIN) == 0 && pub.height == HEIGHT,
	    "what may be known of it");
	ok(keyring_open(&k, path) == KEYRING_OK, "open");
	keyring_public(k, &other);
	ok(memcmp(&pub, &other, sizeof(pub)) == 0, "the same is known then");
	ok(keyring_open(&second, path) == KEYRING_LOCKED && second == NULL,
	    "not twice");
	ok(keyring_create(&c, &other) == KEYRING_EXISTS, "nor made anew");
	buf_fini(&a);
	buf_fini(&b);
}

/* All that does not extend the last signature, which is of five leaves. */
static void
refusals(void)
{
	static struct sign_request q;
	struct buf a, b;

	buf_init(&a);
	buf_init(&b);
	file("signed", &a);
	ok(seal(4, 6) == SIGN_REFUSED, "from a smaller size");
	ok(seal(6, 7) == SIGN_REFUSED, "from a larger size");
	ok(seal(0, 5) == SIGN_REFUSED, "from the beginning");
	q.what = SIGN_SEAL;
	range(&q.signed_range, 0, 5, 0);
	q.signed_range.end = 6;
	range(&q.added, 6, 7, 0);
	ok(ask(&q) == SIGN_REFUSED, "the same two hashes as another size");
	range(&q.signed_range, 0, 5, 1);
	range(&q.added, 5, 6, 0);
	ok(ask(&q) == SIGN_REFUSED, "another history");
	range(&q.signed_range, 0, 5, 0);
	range(&q.added, 6, 7, 0);
	ok(ask(&q) == SIGN_REFUSED, "a hole");
	range(&q.added, 5, 8, 0);
	q.added.n--;
	ok(ask(&q) == SIGN_REFUSED, "a hash too few");
	q.added.n = 1000;
	ok(keyring_signer(k).ask(k, &q, &r) == 0 && r.status == SIGN_REFUSED,
	    "more hashes than there is room for");
	range(&q.added, 5, 5, 0);
	q.added.end = UINT64_C(1) << 40;
	q.added.n = tree_range_count(5, q.added.end);
	ok(ask(&q) == SIGN_REFUSED, "a size beyond the format");
	ok(r.size == 5 && r.lines[0] == '\0', "and gives no line");
	file("signed", &b);
	ok(span_eq(buf_view(&a), buf_view(&b)), "and changes nothing");
	buf_fini(&a);
	buf_fini(&b);
}

static void
first_epoch(void)
{
	uint8_t key[KEY_LEN];
	char lines[512];

	ok(plain(SIGN_STATE) == SIGN_OK && !r.open && r.epoch == 0 &&
		r.height == 0 && r.size == 0,
	    "nothing yet");
	ok(strcmp(r.origin, ORIGIN) == 0, "the origin");
	ok(seal(0, 5) == SIGN_REFUSED, "no seal without an epoch");
	ok(plain(SIGN_END) == SIGN_OK && r.epoch == 0, "no epoch to end");
	ok(plain(SIGN_BEGIN) == SIGN_OK && names_epoch(0), "begin");
	memcpy(key, r.key, KEY_LEN);
	ok(plain(SIGN_BEGIN) == SIGN_REFUSED, "one epoch at a time");
	ok(seal(0, 0) == SIGN_REFUSED, "no seal of nothing");
	ok(seal(0, 5) == SIGN_OK && signs(5, key), "seal");
	memcpy(lines, r.lines, sizeof(lines));
	ok(seal(5, 5) == SIGN_OK && strcmp(lines, r.lines) == 0,
	    "the last signature again");
	refusals();
	reopen();
	ok(plain(SIGN_STATE) == SIGN_OK && names_epoch(0) && r.size == 5,
	    "a crash leaves the epoch open");
	ok(plain(SIGN_BEGIN) == SIGN_REFUSED, "it must be ended first");
	ok(seal(5, 9) == SIGN_OK && signs(9, key), "so it can be sealed");
}

/* The seed goes from the folder and, as far as it can be, from the disk. */
static void
destroying(void)
{
	char hex[65] = { 0 }, *at;
	uint8_t seed[KEY_LEN], key[KEY_LEN];
	struct stat st;
	struct buf b;
	size_t i, n = 0;

	buf_init(&b);
	file("seeds", &b);
	at = strstr((char *)b.p, "open ");
	memcpy(hex, at + 5, 64);
	hex_parse(span_make(hex, 64), seed, KEY_LEN);
	plain(SIGN_STATE);
	ok(key_public(seed, key) == 0 && memcmp(key, r.key, KEY_LEN) == 0,
	    "the open epoch's seed is in the file");
	linkat(dir, "seeds", dir, "old", 0);
	ok(plain(SIGN_END) == SIGN_OK && !r.open && r.epoch == 1, "end");
	ok(strstr(file("seeds", &b), hex) == NULL, "then it is not");
	ok(fstatat(dir, "old", &st, 0) == 0 && st.st_size > 200,
	    "the file before");
	file("old", &b);
	for (i = 0; i < b.len; i++)
		n += b.p[i] != 0;
	ok(b.len > 200 && n == 0, "is overwritten");
	ok(plain(SIGN_END) == SIGN_OK && r.epoch == 1, "ending again is fine");
	ok(seal(9, 10) == SIGN_REFUSED, "no seal after the end");
	unlinkat(dir, "old", 0);
	buf_fini(&b);
}

/* Write no more than that many bytes into any file. */
static void
bound_files(rlim_t bytes)
{
	struct rlimit rl = { bytes, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &rl);
}

/*
 * A disk that fails: a folder stands where the new file is to be written, and
 * what is written in place breaks off.
 */
static void
disk(void)
{
	uint8_t key[KEY_LEN];
	struct stat before, after;

	mkdirat(dir, "seeds.tmp", 0700);
	ok(plain(SIGN_BEGIN) == SIGN_FAILED && !r.open && r.epoch == 1,
	    "begin on a bad disk");
	unlinkat(dir, "seeds.tmp", AT_REMOVEDIR);
	ok(plain(SIGN_BEGIN) == SIGN_OK && names_epoch(1), "and on a good");
	memcpy(key, r.key, KEY_LEN);
	mkdirat(dir, "signed.tmp", 0700);
	bound_files(20);
	ok(seal(9, 12) == SIGN_FAILED && r.size == 9 && r.lines[0] == '\0',
	    "no signature that is not durable before");
	bound_files(RLIM_INFINITY);
	ok(seal(9, 12) == SIGN_FAILED && r.size == 9,
	    "what failed once is not trusted again");
	unlinkat(dir, "signed.tmp", AT_REMOVEDIR);
	fstatat(dir, "signed", &before, 0);
	ok(seal(9, 12) == SIGN_OK && signs(12, key), "ask again");
	fstatat(dir, "signed", &after, 0);
	ok(before.st_ino != after.st_ino, "into a new file");
	ok(seal(12, 13) == SIGN_OK && seal(13, 14) == SIGN_OK && signs(14, key),
	    "and on");
	fstatat(dir, "signed", &before, 0);
	ok(before.st_ino == after.st_ino, "in place");
	mkdirat(dir, "seeds.tmp", 0700);
	ok(plain(SIGN_END) == SIGN_FAILED && r.open, "end on a bad disk");
	unlinkat(dir, "seeds.tmp", AT_REMOVEDIR);
	ok(io_replace_at(dir, "seeds.tmp", 0600, SPAN("half")) == 0, "crash");
	reopen();
	ok(faccessat(dir, "seeds.tmp", F_OK, 0) != 0, "the half is dropped");
	ok(plain(SIGN_END) == SIGN_OK && r.epoch == 2, "end");
}

static void
flip(const char *name, off_t at)
{
	uint8_t c;
	int fd = openat(dir, name, O_RDWR);

	if (pread(fd, &c, 1, at) == 1) {
		c ^= 1;
		io_pwrite_all(fd, &c, 1, at);
	}
	close(fd);
}

/* Whether the keyring opens, and with what size; it stays open. */
static bool
opens(uint64_t size)
{
	keyring_close(k);
	return keyring_open(&k, path) == KEYRING_OK &&
	    plain(SIGN_STATE) == SIGN_OK && r.size == size;
}

/* One of the two slots of `signed` is always whole. */
static void
slots(void)
{
	struct keyring_signed s;
	unsigned slot = 2;
	struct buf b;
	off_t newer, older, at;

	buf_init(&b);
	file("signed", &b);
	ok(keyring_file_parse_signed(buf_view(&b), &s, &slot) == 0 &&
		s.size == 14 && slot < 2,
	    "the greater size is in force");
	newer = slot * (off_t)KEYRING_SLOT;
	older = KEYRING_SLOT - newer;
	for (at = 0; at < (off_t)KEYRING_SLOT; at += 97) {
		flip("signed", newer + at);
		if (!opens(13))
			ok(false, "torn at %lld", (long long)at);
		flip("signed", newer + at);
		flip("signed", older + at);
		if (!opens(14))
			ok(false, "older torn at %lld", (long long)at);
		flip("signed", older + at);
	}
	ok(opens(14), "a torn slot leaves the other");
	keyring_close(k);
	flip("signed", newer);
	flip("signed", older + 1);
	ok(keyring_open(&k, path) == KEYRING_BAD_STATE, "both damaged");
	flip("signed", newer);
	flip("signed", older + 1);
	b.len--;
	io_replace_at(dir, "signed", 0600, buf_view(&b));
	ok(keyring_open(&k, path) == KEYRING_BAD_STATE, "shorter");
	b.len++;
	buf_byte(&b, '\0');
	io_replace_at(dir, "signed", 0600, buf_view(&b));
	ok(keyring_open(&k, path) == KEYRING_BAD_STATE, "longer");
	b.len--;
	io_replace_at(dir, "signed", 0600, buf_view(&b));
	ok(opens(14), "as it was");
	buf_fini(&b);
}

/* Files that are not what was written there. */
static void
damage(void)
{
	static const char *const names[] = { "key", "seeds" };
	const off_t sibling = 3 * SHA256_LEN; /* of epoch 2 */
	struct buf b;
	size_t i, len;
	int good;

	buf_init(&b);
	flip("tree", sibling);
	ok(plain(SIGN_BEGIN) == SIGN_FAILED && !r.open, "a path not to R");
	flip("tree", sibling);
	ok(plain(SIGN_BEGIN) == SIGN_OK && names_epoch(2), "as it was");
	keyring_close(k);
	flip("tree", sibling);
	ok(keyring_open(&k, path) == KEYRING_BAD_STATE, "an open epoch's path");
	flip("tree", sibling);
	for (i = 0; i < 2; i++) {
		file(names[i], &b);
		good = b.len > 0;
		for (len = 0; len < b.len; len++)
			good &= io_replace_at(dir, names[i], 0600,
				    span_make(b.p, len)) == 0 &&
			    keyring_open(&k, path) == KEYRING_BAD_STATE;
		ok(good, "%s cut at each of %zu bytes", names[i], b.len);
		buf_byte(&b, '\n');
		io_replace_at(dir, names[i], 0600, buf_view(&b));
		ok(keyring_open(&k, path) == KEYRING_BAD_STATE, "and longer");
		b.len--;
		io_replace_at(dir, names[i], 0600, buf_view(&b));
	}
	file("key", &b);
	flip("key", (off_t)b.len - 2);
	ok(keyring_open(&k, path) == KEYRING_BAD_STATE, "another log seed");
	flip("key", (off_t)b.len - 2);
	unlinkat(dir, "tree", 0);
	ok(keyring_open(&k, path) == KEYRING_BAD_STATE, "no tree");
	buf_fini(&b);
}

static void
exhausting(void)
{
	struct keyring_create c = { path, ORIGIN, HEIGHT, NULL, NULL };
	uint8_t key[1 << HEIGHT][KEY_LEN];
	uint32_t i, j;

	unlinkat(dir, "key", 0);
	ok(keyring_create(&c, &pub) == KEYRING_OK, "create");
	ok(keyring_open(&k, path) == KEYRING_OK, "open");
	for (i = 0; i < 1 << HEIGHT; i++) {
		ok(plain(SIGN_BEGIN) == SIGN_OK && names_epoch(i), "epoch %u",
		    i);
		memcpy(key[i], r.key, KEY_LEN);
		for (j = 0; j < i; j++)
			ok(memcmp(key[i], key[j], KEY_LEN) != 0, "is new");
		ok(seal(i, i + 1) == SIGN_OK && signs(i + 1, key[i]), "seal");
		ok(plain(SIGN_END) == SIGN_OK, "end");
		reopen();
	}
	ok(plain(SIGN_BEGIN) == SIGN_EXHAUSTED && !r.open, "no more epochs");
	ok(plain(SIGN_STATE) == SIGN_OK && r.epoch == 1 << HEIGHT, "for ever");
}

static void
clean(void)
{
	static const char *const names[] = { "key", "lock", "seeds", "signed",
		"tree" };
	size_t i;

	keyring_close(k);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ok(unlinkat(dir, names[i], 0) == 0, "%s", names[i]);
	ok(rmdir(path) == 0 && rmdir(top) == 0, "nothing else was there");
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(top, sizeof(top), "%s/keyring.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(top) == NULL)
		return 99;
	snprintf(path, sizeof(path), "%s/keys", top);
	creating();
	first_epoch();
	destroying();
	disk();
	slots();
	damage();
	exhausting();
	clean();
	return done();
}

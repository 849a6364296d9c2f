/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/pool.h"
#include "evidence/checkpoint.h"
#include "evidence/keyring_file.h"
#include "evidence/tree.h"

/*
 * Nearly all of the time goes into 2^height public keys.  They are made in
 * pieces of 2^10, each from the seed of its subtree, on all cores.
 */
#define CREATE_PIECE 10u
#define CREATE_THREADS 16

struct create_piece {
	struct pool_job job;
	uint8_t seed[KEY_LEN];
	unsigned level;
	uint8_t (*leaf)[SHA256_LEN]; /* where its leaf hashes go */
	int rc;
};

static void
create_run(void *arg)
{
	struct create_piece *p = arg;

	p->rc = epoch_leaves(p->seed, p->level, p->leaf);
	explicit_bzero(p->seed, sizeof(p->seed));
}

/* The seed of the i-th subtree, that many levels below the root. */
static void
create_subtree(const uint8_t root[KEY_LEN], unsigned depth, size_t i,
    uint8_t seed[KEY_LEN])
{
	memcpy(seed, root, KEY_LEN);
	while (depth-- > 0)
		epoch_child(seed, (i >> depth & 1) != 0, seed);
}

/* Hashes of all public keys into the front of tree. */
static enum keyring_err
create_leaves(const struct keyring_create *c, const uint8_t root[KEY_LEN],
    uint8_t (*tree)[SHA256_LEN])
{
	unsigned level = c->height < CREATE_PIECE ? c->height : CREATE_PIECE;
	size_t i, n = (size_t)1 << (c->height - level);
	struct create_piece *piece = calloc(n, sizeof(*piece));
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	enum keyring_err e = KEYRING_OK;
	struct pool *pool;

	if (piece == NULL)
		return KEYRING_SYSTEM;
	if (cores > CREATE_THREADS)
		cores = CREATE_THREADS;
	pool = pool_new(n == 1 || cores < 1 ? 0 : (unsigned)cores);
	for (i = 0; i < n; i++) {
		create_subtree(root, c->height - level, i, piece[i].seed);
		piece[i].level = level;
		piece[i].leaf = tree + (i << level);
		piece[i].job =
		    (struct pool_job){ .run = create_run, .arg = &piece[i] };
		pool_add(pool, &piece[i].job);
	}
	for (i = 0; i < n; i++) {
		pool_wait(pool, &piece[i].job);
		if (piece[i].rc != 0)
			e = KEYRING_CRYPTO;
		if (c->progress != NULL)
			c->progress(c->cookie, (i + 1) << level, n << level);
	}
	pool_free(pool);
	free(piece);
	return e;
}

/* Each level above the leaves, up to R. */
static void
create_nodes(unsigned height, uint8_t (*tree)[SHA256_LEN])
{
	uint64_t i, from, to;
	unsigned level;

	for (level = 1; level <= height; level++) {
		from = keyring_file_node(height, level - 1, 0);
		to = keyring_file_node(height, level, 0);
		for (i = 0; i < UINT64_C(1) << (height - level); i++)
			tree_node_hash(tree[from + 2 * i],
			    tree[from + 2 * i + 1], tree[to + i]);
	}
}

/* Make the file `tree` and R. */
static enum keyring_err
create_tree(const struct keyring_create *c, int dir,
    const uint8_t root[KEY_LEN], uint8_t r[SHA256_LEN])
{
	uint64_t last = keyring_file_node(c->height, c->height, 0);
	uint8_t(*tree)[SHA256_LEN] = calloc(last + 1, SHA256_LEN);
	enum keyring_err e;

	if (tree == NULL)
		return KEYRING_SYSTEM;
	if ((e = create_leaves(c, root, tree)) == KEYRING_OK) {
		create_nodes(c->height, tree);
		memcpy(r, tree[last], SHA256_LEN);
		if (io_replace_at(dir, "tree", 0600,
			span_make(tree, (last + 1) * SHA256_LEN)) != 0)
			e = KEYRING_SYSTEM;
	}
	free(tree);
	return e;
}

/* The file `key` comes last: without it, nothing here was ever used. */
static enum keyring_err
create_files(int dir, const struct keyring_public *pub,
    const uint8_t seed[KEY_LEN], const struct keyring_seeds *seeds)
{
	struct keyring_signed none = { .size = 0 };
	struct buf b;
	int rc;

	sha256(SPAN(""), none.root);
	buf_init(&b);
	keyring_file_print_slot(&none, &b);
	keyring_file_print_slot(&none, &b);
	rc = io_replace_at(dir, "signed", 0600, buf_view(&b));
	buf_fini(&b);
	keyring_file_buf_init(&b);
	keyring_file_print_seeds(seeds, &b);
	if (rc == 0)
		rc = io_replace_at(dir, "seeds", 0600, buf_view(&b));
	b.len = 0;
	keyring_file_print_key(pub, seed, &b);
	if (rc == 0)
		rc = io_replace_at(dir, "key", 0600, buf_view(&b));
	keyring_file_buf_wipe(&b);
	return rc == 0 ? KEYRING_OK : KEYRING_SYSTEM;
}

static enum keyring_err
create_in(const struct keyring_create *c, int dir, struct keyring_public *pub)
{
	uint8_t seed[KEY_LEN], root[KEY_LEN];
	struct keyring_seeds seeds = { .open = false };
	enum keyring_err e;

	memset(pub, 0, sizeof(*pub));
	memcpy(pub->origin, c->origin, strlen(c->origin));
	pub->height = c->height;
	if (key_random(seed) != 0 || key_random(root) != 0)
		return KEYRING_SYSTEM;
	epoch_seeds_init(&seeds.rest, c->height, root);
	if (key_public(seed, pub->key) != 0)
		e = KEYRING_CRYPTO;
	else if ((e = create_tree(c, dir, root, pub->r)) == KEYRING_OK)
		e = create_files(dir, pub, seed, &seeds);
	explicit_bzero(seed, sizeof(seed));
	explicit_bzero(root, sizeof(root));
	explicit_bzero(&seeds, sizeof(seeds));
	return e;
}

/* A new folder's name is durable once its parent is. */
static int
create_sync_parent(int dir)
{
	int rc, fd = openat(dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

static bool
create_is_done(int dir)
{
	return faccessat(dir, "key", F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Looked at again under the lock: two may have begun at once. */
static enum keyring_err
create_locked(const struct keyring_create *c, int dir,
    struct keyring_public *pub)
{
	enum keyring_err e = KEYRING_SYSTEM;
	int lock = keyring_file_lock(dir);

	if (lock < 0)
		return errno == EWOULDBLOCK ? KEYRING_LOCKED : KEYRING_SYSTEM;
	if (create_is_done(dir))
		e = KEYRING_EXISTS;
	else if (create_sync_parent(dir) == 0)
		e = create_in(c, dir, pub);
	close(lock);
	return e;
}

enum keyring_err
keyring_create(const struct keyring_create *c, struct keyring_public *pub)
{
	enum keyring_err e = KEYRING_EXISTS;
	int dir;

	if (!checkpoint_origin_ok(span_str(c->origin)) || c->height == 0 ||
	    c->height > EPOCH_HEIGHT_MAX)
		return KEYRING_BAD_ARGUMENT;
	if (mkdir(c->dir, 0700) != 0 && errno != EEXIST)
		return KEYRING_SYSTEM;
	if ((dir = open(c->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return KEYRING_SYSTEM;
	if (!create_is_done(dir))
		e = create_locked(c, dir, pub);
	close(dir);
	return e;
}

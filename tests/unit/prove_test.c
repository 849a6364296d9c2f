/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/prove.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "evidence/evread.h"
#include "evidence/tile.h"
#include "evidence/tree.h"
#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"
#include "tests/unit/forge.h"

/*
 * Proofs from a log of four short segments, at every size up to 300, compared
 * with the definitions of RFC 9162 computed over all leaves.
 */
#define SIZES 300u
#define RECORDS 330u

typedef const uint8_t (*hashes)[SHA256_LEN];

static struct forge forge;
static uint8_t leaves[RECORDS][SHA256_LEN];
static struct buf why;

/* MTH(D[begin:end]), remembered. */
static void
naive_root(size_t begin, size_t end, uint8_t out[SHA256_LEN])
{
	static struct memo {
		bool known;
		uint8_t hash[SHA256_LEN];
	} memo[RECORDS + 1][RECORDS + 1];
	struct memo *m = &memo[begin][end];
	uint8_t left[SHA256_LEN], right[SHA256_LEN];
	size_t k = 1;

	if (!m->known && end - begin == 1)
		memcpy(m->hash, leaves[begin], SHA256_LEN);
	else if (!m->known) {
		while (2 * k < end - begin)
			k *= 2;
		naive_root(begin, begin + k, left);
		naive_root(begin + k, end, right);
		tree_node_hash(left, right, m->hash);
	}
	m->known = true;
	memcpy(out, m->hash, SHA256_LEN);
}

/* PATH(m, D[begin:end]), leaf sibling first. */
static void
naive_path(size_t m, size_t begin, size_t end, struct proof *out)
{
	size_t k = 1;

	if (end - begin == 1)
		return;
	while (2 * k < end - begin)
		k *= 2;
	if (m < begin + k) {
		naive_path(m, begin, begin + k, out);
		naive_root(begin + k, end, out->hash[out->n++]);
	} else {
		naive_path(m, begin + k, end, out);
		naive_root(begin, begin + k, out->hash[out->n++]);
	}
}

/* SUBPROOF(m, D[begin:end], whole) */
static void
naive_subproof(size_t m, size_t begin, size_t end, bool whole,
    struct proof *out)
{
	size_t k = 1;

	if (m == end) {
		if (!whole)
			naive_root(begin, end, out->hash[out->n++]);
		return;
	}
	while (2 * k < end - begin)
		k *= 2;
	if (m <= begin + k) {
		naive_subproof(m, begin, begin + k, whole, out);
		naive_root(begin + k, end, out->hash[out->n++]);
	} else {
		naive_subproof(m, begin + k, end, false, out);
		naive_root(begin, begin + k, out->hash[out->n++]);
	}
}

static bool
same_proof(const struct proof *a, const struct proof *b)
{
	return a->n == b->n && memcmp(a->hash, b->hash, a->n * SHA256_LEN) == 0;
}

/* Four segments, closed but the last; two streams. */
static void
build(void)
{
	uint8_t none[SHA256_LEN] = { 0 };
	char text[32];

	forge_begin(&forge);
	for (unsigned i = 0; forge.index < RECORDS; i++) {
		forge_segment(&forge, i, forge.index,
		    i == 0 ? none : forge.manifest);
		if (i == 0)
			forge_epoch(&forge, FORGE_T0, &forge.epoch[0], true);
		forge_stream(&forge, FORGE_T0, 1, forge.seq[1]);
		for (unsigned k = 0; k < 80 + 9 * i; k++) {
			if (k == 5)
				forge_stream(&forge, FORGE_T0, 2, forge.seq[2]);
			snprintf(text, sizeof(text), "record %u of %u", k, i);
			forge_record(&forge, RECORD_RECEIVED, FORGE_T0 + k,
			    k > 5 && k % 3 == 0 ? 2 : 1, text);
			if (k == 9)
				forge_flush(&forge, true);
		}
		if (forge.index < RECORDS)
			forge_close(&forge, true);
		else
			forge_flush(&forge, true);
	}
}

static void
checkpoint_at(size_t size)
{
	uint8_t root[SHA256_LEN];

	naive_root(0, size, root);
	forge_checkpoint(&forge, "checkpoint", size, root, 0);
}

/* The leaves as another reader sees them; it wants a checkpoint. */
static void
load_leaves(void)
{
	struct evread_record rec;
	struct evread *in;
	uint64_t n = 0;

	forge_checkpoint(&forge, "checkpoint", RECORDS, leaves[0], 0);
	if (evread_open(&in, forge.dir, true, &why) != 0)
		abort();
	while (n < RECORDS && evread_next(in, &rec, &why) > 0)
		memcpy(leaves[n++], rec.leaf, SHA256_LEN);
	evread_close(in);
	ok(n == RECORDS, "all leaves are read");
}

static bool
inclusion_ok(struct prove *p, size_t index, size_t size)
{
	struct proof got, want = { .n = 0 };

	naive_path(index, 0, size, &want);
	return prove_inclusion(p, index, &got, &why) == 0 &&
	    same_proof(&got, &want) && got.index == index && got.size == size &&
	    tree_verify_inclusion(index, size, leaves[index], (hashes)got.hash,
		got.n, prove_root(p)) == 0;
}

static bool
record_ok(struct prove *p, size_t index)
{
	struct prove_record rec;
	uint8_t leaf[SHA256_LEN], commit[SHA256_LEN];
	char line[RECORD_LEAF_MAX];

	if (prove_record(p, index, &rec, &why) != 0)
		return false;
	record_commit(rec.nonce, rec.r.body, commit);
	tree_leaf_hash(span_make(line,
			   record_leaf_line(&rec.r, rec.index, rec.seq, commit,
			       line)),
	    leaf);
	return rec.index == index &&
	    memcmp(line, rec.line, rec.line_len) == 0 &&
	    memcmp(leaf, leaves[index], SHA256_LEN) == 0 &&
	    memcmp(rec.leaf, leaf, SHA256_LEN) == 0;
}

static bool
consistency_ok(struct prove *p, size_t old, size_t size)
{
	struct proof got, want = { .n = 0 };
	uint8_t root[SHA256_LEN], at[SHA256_LEN];

	naive_subproof(old, 0, size, true, &want);
	naive_root(0, old, root);
	return prove_consistency(p, old, &got, &why) == 0 &&
	    same_proof(&got, &want) && got.index == old && got.size == size &&
	    prove_root_at(p, old, at, &why) == 0 &&
	    memcmp(at, root, SHA256_LEN) == 0 &&
	    tree_verify_consistency(old, size, (hashes)got.hash, got.n, root,
		prove_root(p)) == 0;
}

/* The leaves between the two ranges give the root. */
static bool
range_ok(struct prove *p, size_t begin, size_t end)
{
	struct tree_range before, after;
	uint8_t root[SHA256_LEN];

	if (prove_range(p, begin, end, &before, &after, &why) != 0)
		return false;
	for (size_t i = begin; i < end; i++)
		tree_range_append(&before, leaves[i]);
	return tree_range_merge(&before, &after) == 0 &&
	    tree_range_root(&before, root) == 0 &&
	    memcmp(root, prove_root(p), SHA256_LEN) == 0;
}

static void
every_size(void)
{
	size_t bad[4] = { 0 };
	struct prove *p;

	for (size_t size = 1; size <= SIZES; size++) {
		checkpoint_at(size);
		if (prove_open(&p, forge.dir, NULL, &why) != 0) {
			bad[0]++;
			continue;
		}
		for (size_t i = 0; i < size; i++)
			bad[0] += !inclusion_ok(p, i, size);
		for (size_t i = 1; i <= size; i++)
			bad[1] += !consistency_ok(p, i, size);
		for (size_t i = 0; i <= size; i += 1 + i / 8)
			bad[2] += !range_ok(p, i, i + (size - i) / 2);
		for (size_t i = size % 17; i < size; i += 17)
			bad[3] += !record_ok(p, i);
		prove_close(p);
	}
	ok(bad[0] == 0, "inclusion of every record at every size");
	ok(bad[1] == 0, "consistency with every size before");
	ok(bad[2] == 0, "ranges");
	ok(bad[3] == 0, "records with what their leaves are made of");
	if (why.len > 0)
		printf("# %.200s\n", buf_cstr(&why));
}

/*
 * A log as the writer makes it: 70,000 records in three segments, so that there
 * is a tile of level 2; the last segment stays open.
 */
#define MANY 70000u
#define STEP (MANY / 5)

static uint8_t (*many)[SHA256_LEN]; /* leaves */
static char cache[128];

static void
write_many(void)
{
	uint32_t stream[2];
	char text[200];

	lib_begin();
	snprintf(cache, sizeof(cache), "%s/cache/log", lib_base);
	snprintf(text, sizeof(text), "mkdir %s/cache", lib_base);
	lib_opt.cache = cache;
	if (system(text) != 0 || lib_open() != EVLOG_OK)
		abort();
	evlog_stream(lib_log, SPAN(WORDS), &stream[0]);
	evlog_stream(lib_log, SPAN(WORDS), &stream[1]);
	for (unsigned i = 0; evlog_size(lib_log) < MANY; i++) {
		snprintf(text, sizeof(text), "%u %150u", i, i);
		lib_append(stream[i % 3 == 0], 1000, text);
		if (i == 2 * STEP || i == 3 * STEP)
			evlog_rotate(lib_log);
	}
	evlog_seal(lib_log, true);
}

static void
load_many(uint64_t size)
{
	struct evread_record rec;
	struct evread *in;
	uint64_t n = 0;

	many = calloc(size, SHA256_LEN);
	if (evread_open(&in, lib_dir, true, &why) != 0)
		abort();
	while (n < size && evread_next(in, &rec, &why) > 0)
		memcpy(many[n++], rec.leaf, SHA256_LEN);
	evread_close(in);
	ok(n == size, "a log of %u records is read", (unsigned)n);
}

static bool
tile_ok(unsigned level, uint64_t n, uint64_t hashes_n)
{
	char path[256], tile[TILE_PATH];
	uint64_t first = n * TILE_WIDTH, width = UINT64_C(1) << (8 * level);
	uint8_t root[SHA256_LEN];
	struct tree_range r;
	struct buf bytes;
	bool good;

	tile_path(level, n, tile);
	snprintf(path, sizeof(path), "%s/tile/%s", lib_dir, tile);
	buf_init(&bytes);
	good = io_read_file(path, TILE_LEN, &bytes) == 0 &&
	    bytes.len == hashes_n * SHA256_LEN;
	for (uint64_t i = 0; good && i < hashes_n; i++) {
		tree_range_init(&r, 0);
		for (uint64_t k = 0; k < width; k++)
			tree_range_append(&r, many[(first + i) * width + k]);
		good = tree_range_root(&r, root) == 0 &&
		    memcmp(root, bytes.p + i * SHA256_LEN, SHA256_LEN) == 0;
	}
	buf_fini(&bytes);
	return good;
}

static bool
tiles_ok(uint64_t size)
{
	uint64_t blocks = size / TILE_WIDTH;

	return tile_ok(1, 0, TILE_WIDTH) &&
	    tile_ok(1, 1, blocks - TILE_WIDTH) && tile_ok(2, 0, 1);
}

/* A proof and the record, made by a reader of its own. */
static bool
proved(uint64_t index, const char *cache_dir)
{
	struct prove_record rec;
	struct proof proof;
	struct prove *p;
	bool good;

	why.len = 0;
	if (prove_open(&p, lib_dir, cache_dir, &why) != 0)
		return false;
	good = prove_record(p, index, &rec, &why) == 0 &&
	    prove_inclusion(p, index, &proof, &why) == 0 &&
	    memcmp(rec.leaf, many[index], SHA256_LEN) == 0 &&
	    tree_verify_inclusion(index, prove_size(p), many[index],
		(hashes)proof.hash, proof.n, prove_root(p)) == 0;
	prove_close(p);
	return good;
}

static bool
all_proved(const char *cache_dir)
{
	static const uint64_t at[] = { 0, 255, 256, 2 * STEP, 3 * STEP + 9,
		65535, 65536, MANY - 2 };

	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		if (!proved(at[i], cache_dir))
			return false;
	return true;
}

/* sh -c, in the log's folder. */
static void
sh(const char *command)
{
	char text[512];

	snprintf(text, sizeof(text), "cd %s && %s", lib_dir, command);
	if (system(text) != 0)
		abort();
}

/* Change one byte of a file. */
static void
spoil(const char *path, long at)
{
	FILE *f = fopen(path, "r+");
	int c;

	if (f == NULL || fseek(f, at, SEEK_SET) != 0 || (c = getc(f)) == EOF ||
	    fseek(f, at, SEEK_SET) != 0 || putc(c ^ 1, f) == EOF ||
	    fclose(f) != 0)
		abort();
}

static void
caches(void)
{
	char path[256], index[256];
	struct stat st, after;

	snprintf(index, sizeof(index), "%s/000000000000.idx", cache);
	ok(stat(index, &st) == 0 && st.st_size > 40,
	    "the writer leaves an index");
	ok(all_proved(cache) && all_proved(NULL), "proofs, with and without");
	ok(stat(index, &after) == 0 && after.st_ino == st.st_ino,
	    "it was right: nobody made it again");
	spoil(index, st.st_size - 10);
	ok(all_proved(cache), "with a wrong index");
	unlink(index);
	ok(all_proved(cache) && stat(index, &st) == 0,
	    "without one, which is then made again");
	snprintf(path, sizeof(path), "%s/tile/1/000", lib_dir);
	sh("cp tile/1/000 ../tile");
	spoil(path, 100);
	ok(all_proved(cache), "with a wrong tile");
	ok(truncate(path, 3000) == 0 && all_proved(cache),
	    "with one that is too short");
	ok(truncate(path, TILE_LEN) == 0 && all_proved(cache),
	    "with zeros in one");
	sh("mv ../tile tile/1/000; mv tile ../tile; "
	   "sed -i.right '/^subtree/s/[0-9a-f]$/x/;s/x$/0/;s/00$/11/' "
	   "manifests/000000000000");
	ok(all_proved(cache), "without tiles and with a wrong manifest");
	sh("mv ../tile tile; "
	   "mv manifests/000000000000.right manifests/000000000000");
}

/* Before the writer is ended: what the restart must write again. */
static void
restart(void)
{
	char path[256];
	uint64_t size;

	snprintf(path, sizeof(path), "%s/tile/1/000", lib_dir);
	/* Block 164 is the first that ends in the open segment. */
	ok(truncate(path, 170 * SHA256_LEN) == 0, "tiles lose their ends");
	sh("rm tile/1/001");
	if (lib_close() != EVLOG_OK || lib_open() != EVLOG_OK)
		abort();
	size = evlog_durable(lib_log);
	free(many);
	load_many(size);
	ok(tiles_ok(size), "a restart makes the open segment's tiles again");
	ok(all_proved(cache), "and its records can be proved");
}

static void
deletion(void)
{
	sh("mkdir ../away && mv segments/*/000000028*.ev1.gz ../away");
	ok(proved(5, cache) && proved(MANY - 9, cache) &&
		proved(3 * STEP + 600, cache),
	    "records around a segment that was deleted");
	ok(!proved(2 * STEP + 500, cache) &&
		strstr(buf_cstr(&why), "record 28500 is not here") != NULL,
	    "one of its own: %s", buf_cstr(&why));
	sh("mv tile ../tile");
	ok(proved(5, cache) && proved(3 * STEP + 600, NULL),
	    "and without tiles");
	sh("mv ../tile tile && mv ../away/* segments/*/");
	sh("mkdir -p ../away && mv segments/*/0*.ev1.gz manifests ../away && "
	   "mv ../away/000000042*.ev1.gz segments/*/");
	ok(proved(MANY - 9, cache), "a tile spares reading other segments");
	sh("mv ../away/manifests . && mv ../away/0* segments/*/");
}

/* What was changed is not proved. */
static void
tampered(void)
{
	sh("f=$(echo segments/*/000000000000.ev1.gz); zcat $f >../plain; "
	   "sed 's/^77  /78  /' ../plain | gzip -n1 >$f");
	ok(!proved(80, cache) && why.len > 0, "a record that was changed: %s",
	    buf_cstr(&why));
	ok(!proved(90, NULL), "nor one beside it");
}

/* Whoever signs a wrong root gets no proofs from us. */
static void
wrong_root(void)
{
	struct tree_range before, after;
	struct proof proof;
	struct prove *p;

	forge_checkpoint(&forge, "checkpoint", SIZES, leaves[0], 0);
	if (prove_open(&p, forge.dir, NULL, &why) != 0)
		abort();
	why.len = 0;
	ok(prove_inclusion(p, 7, &proof, &why) != 0 && why.len > 0,
	    "a wrong root: %s", buf_cstr(&why));
	ok(prove_consistency(p, 9, &proof, &why) != 0 &&
		prove_range(p, 9, 11, &before, &after, &why) != 0,
	    "nor any other proof");
	ok(prove_inclusion(p, SIZES, &proof, &why) != 0 &&
		prove_consistency(p, 0, &proof, &why) != 0 &&
		prove_consistency(p, SIZES + 1, &proof, &why) != 0 &&
		prove_range(p, 9, 8, &before, &after, &why) != 0 &&
		prove_range(p, 9, SIZES + 1, &before, &after, &why) != 0,
	    "what lies beyond the checkpoint");
	prove_close(p);
}

int
main(void)
{
	buf_init(&why);
	build();
	load_leaves();
	every_size();
	wrong_root();
	forge_end(&forge);
	write_many();
	load_many(evlog_durable(lib_log));
	ok(tiles_ok(evlog_durable(lib_log)), "the writer leaves tiles");
	caches();
	restart();
	deletion();
	tampered();
	lib_close();
	lib_end();
	free(many);
	buf_fini(&why);
	return done();
}

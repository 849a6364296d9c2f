/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "tests/system/relog.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/hex.h"
#include "common/io.h"
#include "common/num.h"
#include "evidence/checkpoint.h"
#include "evidence/keyring_file.h"
#include "evidence/segment.h"
#include "evidence/tree.h"

/*
 * relog [-f | -k KEYS] [-s] LOG EDIT...: forge a log in place.
 *
 * -f: rewrite segment files only.  -k: sign with what lies in a copy of the
 * folder of keys; what it cannot sign it signs with the key of the open epoch.
 * -s: with -k, let the open epoch have sealed everything, as if all epochs
 * before it had been skipped.  Neither: all that can be made without keys.
 * -l KEYS: print the public keys of all epochs whose seeds lie there.
 *
 * EDIT: alter=I (a bit of record I), drop=I, swap=I (with the next),
 * insert=I[:USEC] (one before it, received so much before it), rx=I:USEC (its
 * time, so much earlier), cut=I (it and all behind it).  I "mK" means the Kth
 * received record.
 */
void
relog_die(const char *what)
{
	perror(what);
	exit(9);
}

const char *
relog_path(const struct relog *l, const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", l->path, name);
	return path;
}

void
relog_put(const struct relog *l, const char *name, struct span bytes)
{
	const char *path = relog_path(l, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || io_write_all(fd, bytes.p, bytes.len) != 0 ||
	    close(fd) != 0)
		relog_die(path);
}

static struct relog_item *
relog_room(struct relog *l, size_t at)
{
	l->item = realloc(l->item, (l->n + 1) * sizeof(*l->item));
	if (l->item == NULL)
		relog_die("memory");
	memmove(&l->item[at + 1], &l->item[at], (l->n - at) * sizeof(*l->item));
	l->n++;
	memset(&l->item[at], 0, sizeof(*l->item));
	buf_init(&l->item[at].body);
	return &l->item[at];
}

/* A record as it is: its leaf, and at a seal the checkpoint over it. */
static void
relog_take(struct relog *l, const struct segment_record *rec,
    const uint8_t *salt, struct tree_range *tree)
{
	struct relog_item *it = relog_room(l, l->n);
	struct checkpoint c = { .origin = span_str(l->log.key.name) };
	uint8_t leaf[SHA256_LEN];

	it->r = rec->r;
	buf_span(&it->body, rec->r.body);
	it->segment = l->n_segments - 1;
	it->old_end = rec->index + 1;
	record_leaf(&rec->r, rec->index, rec->seq, salt, leaf);
	tree_range_append(tree, leaf);
	if (rec->r.kind == RECORD_SEAL) {
		c.size = tree->end;
		tree_range_root(tree, c.root);
		checkpoint_hash(&c, it->was);
	}
}

static void
relog_read_segment(struct relog *l, size_t i, struct tree_range *tree)
{
	struct relog_segment *g = &l->segment[l->n_segments++];
	struct segment *s = segment_new();
	struct segment_record rec;
	enum segment_step step;
	struct buf bytes;

	buf_init(&bytes);
	memset(g, 0, sizeof(*g));
	logdir_path(&l->dir, i, g->file);
	if (logdir_read(&l->dir, g->file, 1u << 24, &bytes) != 0)
		relog_die(g->file);
	segment_feed(s, buf_view(&bytes));
	while ((step = segment_next(s, &rec)) == SEGMENT_RECORD)
		relog_take(l, &rec, segment_head(s)->salt, tree);
	if (step != SEGMENT_END && step != SEGMENT_MORE)
		relog_die("segment");
	g->closed = step == SEGMENT_END;
	g->number = segment_head(s)->number;
	memcpy(g->salt, segment_head(s)->salt, RECORD_SALT);
	segment_free(s);
	buf_fini(&bytes);
}

static void
relog_read(struct relog *l)
{
	struct tree_range tree;
	struct buf text;
	const char *name;
	unsigned line;

	buf_init(&text);
	if (logdir_open(&l->dir, l->path) != 0 ||
	    logdir_list(&l->dir, NULL, NULL, &name) != 0 ||
	    logdir_read(&l->dir, "log", LOGFILE_MAX, &text) != 0 ||
	    logfile_parse(buf_view(&text), &l->log, &line) != 0)
		relog_die(l->path);
	l->segment = calloc(l->dir.n_segments, sizeof(*l->segment));
	tree_range_init(&tree, 0);
	for (size_t i = 0; i < l->dir.n_segments; i++)
		relog_read_segment(l, i, &tree);
	buf_fini(&text);
}

static void
relog_seeds(struct relog *l, const char *dir, struct keyring_seeds *seeds)
{
	struct keyring_public pub;
	struct buf text;
	char path[512];

	buf_init(&text);
	snprintf(path, sizeof(path), "%s/key", dir);
	if (io_read_file(path, KEYRING_FILE_MAX, &text) != 0 ||
	    keyring_file_parse_key(buf_view(&text), &pub, l->log_seed) != 0)
		relog_die(path);
	text.len = 0;
	snprintf(path, sizeof(path), "%s/seeds", dir);
	if (io_read_file(path, KEYRING_FILE_MAX, &text) != 0 ||
	    keyring_file_parse_seeds(buf_view(&text), pub.height, seeds) != 0)
		relog_die(path);
	buf_fini(&text);
}

static void
relog_fini(struct relog *l)
{
	while (l->n > 0)
		buf_fini(&l->item[--l->n].body);
	free(l->item);
	free(l->segment);
	logdir_close(&l->dir);
}

static void
relog_keys(struct relog *l, const char *dir)
{
	struct keyring_seeds seeds;

	relog_seeds(l, dir, &seeds);
	if (!seeds.open) {
		fprintf(stderr, "relog: no epoch is open\n");
		exit(9);
	}
	memcpy(l->epoch_seed, seeds.seed, KEY_LEN);
	l->epoch = seeds.rest.next - 1;
}

static void
relog_list(const char *dir)
{
	uint8_t seed[KEY_LEN], key[KEY_LEN];
	struct keyring_seeds seeds;
	struct relog l = { 0 };
	char text[64] = "";
	int more = 1;

	relog_seeds(&l, dir, &seeds);
	if (seeds.open)
		memcpy(seed, seeds.seed, KEY_LEN);
	else
		more = epoch_seeds_take(&seeds.rest, seed) == 0;
	while (more) {
		if (key_public(seed, key) != 0)
			relog_die("key");
		base64_print(key, KEY_LEN, text);
		printf("%s\n", text);
		more = epoch_seeds_take(&seeds.rest, seed) == 0;
	}
}

/* Record I, or the Kth that was received. */
static size_t
relog_find(const struct relog *l, struct span s)
{
	bool received = span_starts(s, SPAN("m"));
	uint64_t n, at;

	if (num_parse(span_sub(s, received, s.len), 1u << 30, &n) != 0)
		relog_die("no such record");
	for (at = 0; received && at < l->n; at++)
		if (l->item[at].r.kind == RECORD_RECEIVED && n-- == 0)
			return (size_t)at;
	if (received || n >= l->n)
		relog_die("no such record");
	return (size_t)n;
}

static void
relog_insert(struct relog *l, size_t at, uint64_t back)
{
	struct relog_item *it = relog_room(l, at);

	it->r = l->item[at + 1].r;
	it->r.rx -= back;
	it->segment = l->item[at + 1].segment;
	buf_str(&it->body, "<13>it never happened\n");
}

static void
relog_alter(struct relog_item *it)
{
	if (it->body.len < 2)
		relog_die("nothing to alter");
	it->body.p[it->body.len - 2] ^= 1;
}

static void
relog_edit(struct relog *l, char *edit)
{
	char *value = strchr(edit, '='), *number;
	struct relog_item spare;
	uint64_t usec = 0;
	size_t at;

	if (value == NULL)
		relog_die(edit);
	*value++ = '\0';
	if ((number = strchr(value, ':')) != NULL) {
		*number++ = '\0';
		if (num_parse(span_str(number), RECORD_RX_MAX, &usec) != 0)
			relog_die(number);
	}
	at = relog_find(l, span_str(value));
	l->segment[l->item[at].segment].edited = true;
	if (strcmp(edit, "alter") == 0) {
		relog_alter(&l->item[at]);
	} else if (strcmp(edit, "drop") == 0) {
		buf_fini(&l->item[at].body);
		memmove(&l->item[at], &l->item[at + 1],
		    (--l->n - at) * sizeof(*l->item));
	} else if (strcmp(edit, "swap") == 0 && at + 1 < l->n) {
		spare = l->item[at];
		l->item[at] = l->item[at + 1];
		l->item[at + 1] = spare;
	} else if (strcmp(edit, "insert") == 0) {
		relog_insert(l, at, usec);
	} else if (strcmp(edit, "cut") == 0) {
		while (l->n > at)
			buf_fini(&l->item[--l->n].body);
	} else if (strcmp(edit, "rx") == 0) {
		l->item[at].r.rx -= usec;
	} else {
		relog_die(edit);
	}
}

int
main(int argc, char *argv[])
{
	struct relog l = { .means = RELOG_LINKS };
	int opt;

	while ((opt = getopt(argc, argv, "fk:l:s")) != -1) {
		if (opt == 'f') {
			l.means = RELOG_FILES;
		} else if (opt == 'k') {
			l.means = RELOG_KEYS;
			relog_keys(&l, optarg);
		} else if (opt == 'l') {
			relog_list(optarg);
			return 0;
		} else if (opt == 's') {
			l.squash = true;
		} else {
			return 9;
		}
	}
	if (optind >= argc || (l.squash && l.means != RELOG_KEYS)) {
		fprintf(stderr, "usage: relog [-f | -k KEYS [-s]] LOG EDIT\n");
		return 9;
	}
	l.path = argv[optind++];
	relog_read(&l);
	while (optind < argc)
		relog_edit(&l, argv[optind++]);
	relog_write(&l);
	relog_fini(&l);
	return 0;
}

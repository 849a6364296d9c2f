/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "tests/unit/forge.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/hex.h"
#include "common/io.h"
#include "evidence/member.h"
#include "evidence/segment.h"

#define ORIGIN "test.example/forged"

static void
forge_die(const char *what)
{
	perror(what);
	abort();
}

const char *
forge_path(struct forge *f, const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	return path;
}

void
forge_write(struct forge *f, const char *name, struct span bytes, bool append)
{
	const char *path = forge_path(f, name);
	char dir[256];
	int fd;

	snprintf(dir, sizeof(dir), "%s", path);
	*strrchr(dir, '/') = '\0';
	if (io_mkdirs(dir, 0755) != 0)
		forge_die(dir);
	fd = open(path, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC),
	    0644);
	if (fd < 0 || io_write_all(fd, bytes.p, bytes.len) != 0)
		forge_die(path);
	close(fd);
}

/* Node hashes from a leaf to the root of four. */
static void
forge_keys(struct forge *f)
{
	struct epoch_seeds seeds;
	uint8_t root[KEY_LEN] = { 7 }, leaf[4][SHA256_LEN], node[2][SHA256_LEN];

	epoch_seeds_init(&seeds, 2, root);
	for (unsigned i = 0; i < 4; i++) {
		struct epoch *e = &f->epoch[i];

		if (epoch_seeds_take(&seeds, f->seed[i]) != 0 ||
		    key_public(f->seed[i], e->key) != 0)
			abort();
		e->number = i;
		e->height = 2;
		tree_leaf_hash(span_make(e->key, KEY_LEN), leaf[i]);
	}
	tree_node_hash(leaf[0], leaf[1], node[0]);
	tree_node_hash(leaf[2], leaf[3], node[1]);
	for (unsigned i = 0; i < 4; i++) {
		memcpy(f->epoch[i].path[0], leaf[i ^ 1], SHA256_LEN);
		memcpy(f->epoch[i].path[1], node[i < 2], SHA256_LEN);
	}
	tree_node_hash(node[0], node[1], f->log.r);
}

void
forge_begin(struct forge *f)
{
	const char *tmp = getenv("TMPDIR");
	uint8_t key[KEY_LEN];
	struct buf out;

	memset(f, 0, sizeof(*f));
	snprintf(f->base, sizeof(f->base), "%.32s/forge.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(f->base) == NULL)
		forge_die(f->base);
	snprintf(f->dir, sizeof(f->dir), "%s/log", f->base);
	memset(f->log_seed, 9, KEY_LEN);
	if (key_public(f->log_seed, key) != 0 ||
	    note_key_init(&f->log.key, SPAN(ORIGIN), key) != 0)
		abort();
	forge_keys(f);
	f->log.height = 2;
	f->log.seconds = 600;
	f->log.created = FORGE_T0;
	buf_init(&out);
	logfile_print(&f->log, &out);
	forge_write(f, "log", buf_view(&out), false);
	buf_fini(&out);
	tree_range_init(&f->tree, 0);
}

static int
forge_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
forge_end(struct forge *f)
{
	nftw(f->base, forge_remove, 16, FTW_DEPTH | FTW_PHYS);
	buf_fini(&f->file);
	buf_fini(&f->member);
	buf_fini(&f->stream);
}

void
forge_segment(struct forge *f, uint64_t number, uint64_t first,
    const uint8_t previous[SHA256_LEN])
{
	struct segment_head head = { .origin = ORIGIN,
		.number = number,
		.first = first };
	char hex[2 * SHA256_LEN + 1] = "", body[128];

	memset(f->salt, (int)number + 1, RECORD_SALT);
	memcpy(head.salt, f->salt, RECORD_SALT);
	f->file.len = f->member.len = f->stream.len = 0;
	memset(&f->m, 0, sizeof(f->m));
	snprintf(f->m.origin, sizeof(f->m.origin), ORIGIN);
	f->m.segment = number;
	f->m.first = f->index;
	f->m.time_low = UINT64_MAX;
	manifest_file_print(f->index, FORGE_T0, f->m.file);
	memcpy(f->m.previous, f->manifest, SHA256_LEN);
	tree_range_init(&f->own, f->index);
	segment_head_print(&head, &f->member);
	hex_print(previous != NULL ? previous : f->manifest, SHA256_LEN, hex);
	snprintf(body, sizeof(body), "segment=%llu previous=%s",
	    (unsigned long long)number, hex);
	forge_record(f, RECORD_SEGMENT, FORGE_T0, 0, body);
}

void
forge_record(struct forge *f, enum record_kind kind, uint64_t rx,
    uint32_t stream, const char *body)
{
	struct record r = { .kind = kind,
		.rx = rx,
		.stream = stream,
		.body = span_str(body) };
	uint8_t leaf[SHA256_LEN];

	record_leaf(&r, f->index++, stream > 0 ? f->seq[stream]++ : 0, f->salt,
	    leaf);
	tree_range_append(&f->tree, leaf);
	tree_range_append(&f->own, leaf);
	record_print(&r, &f->member);
	if (rx < f->m.time_low)
		f->m.time_low = rx;
	if (rx > f->m.time_high)
		f->m.time_high = rx;
}

void
forge_stream(struct forge *f, uint64_t rx, uint32_t number, uint64_t next)
{
	char body[256];

	snprintf(body, sizeof(body),
	    "stream=%u next=%llu listener=l transport=udp local=- peer=192.0.2."
	    "%u port=514 framing=none tls=%% name=%% replay=no",
	    number, (unsigned long long)next, number);
	f->seq[number] = next;
	forge_record(f, RECORD_STREAM, rx, 0, body);
}

void
forge_epoch(struct forge *f, uint64_t rx, const struct epoch *e, bool line)
{
	struct buf body;
	char key[64] = "";

	base64_print(e->key, KEY_LEN, key);
	buf_init(&body);
	buf_printf(&body, "epoch=%u key=%s path=", e->number, key);
	epoch_path_print(e, &body);
	forge_record(f, RECORD_EPOCH, rx, 0, buf_cstr(&body));
	body.len = 0;
	epoch_print(e, &body);
	if (line)
		forge_write(f, "epochs", buf_view(&body), true);
	buf_fini(&body);
}

void
forge_checkpoint(struct forge *f, const char *name, uint64_t size,
    const uint8_t root[SHA256_LEN], unsigned epoch)
{
	struct checkpoint c = { .origin = SPAN(ORIGIN),
		.size = size,
		.epoch = epoch };
	struct buf lines, note;

	memcpy(c.root, root, SHA256_LEN);
	buf_init(&lines);
	buf_init(&note);
	if (checkpoint_sign(&c, f->log_seed, f->seed[epoch], &lines) != 0)
		abort();
	checkpoint_join(&c, buf_view(&lines), &note);
	forge_write(f, name, buf_view(&note), false);
	buf_fini(&lines);
	buf_fini(&note);
}

void
forge_seal(struct forge *f, const struct forge_seal *s)
{
	uint8_t previous[SHA256_LEN] = { 0 }, root[SHA256_LEN];
	char hex[2 * SHA256_LEN + 1] = "", body[512], name[48];

	if (f->have_last)
		checkpoint_hash(&f->last, previous);
	hex_print(s->previous != NULL ? s->previous : previous, SHA256_LEN,
	    hex);
	snprintf(body, sizeof(body),
	    "wall=%llu mono=%llu boot=%s ntp=yes offset=0 epoch=%u final=%d "
	    "received=0 accepted=0 kernel-dropped=0 queue-dropped=0 refused=0 "
	    "previous=%s config=%064d build=forge",
	    (unsigned long long)s->wall, (unsigned long long)s->mono,
	    s->boot != NULL ? s->boot : "b0", s->epoch, s->final, hex, 0);
	forge_record(f, RECORD_SEAL, s->wall, 0, body);
	forge_flush(f, false);
	if (s->unsigned_)
		return;
	tree_range_root(&f->tree, root);
	forge_checkpoint(f, "checkpoint", f->index, root, s->epoch);
	snprintf(name, sizeof(name), "checkpoints/%012llu",
	    (unsigned long long)f->index);
	if (s->keep)
		forge_checkpoint(f, name, f->index, root, s->epoch);
	f->have_last = true;
	f->last.origin = SPAN(ORIGIN);
	f->last.size = f->index;
	memcpy(f->last.root, root, SHA256_LEN);
}

/* One member for all, written anew each time: small and simple. */
void
forge_flush(struct forge *f, bool end)
{
	struct member *m = member_new();

	f->file.len = 0;
	member_begin(m, 6, &f->file);
	member_write(m, buf_view(&f->member), end, &f->file);
	member_free(m);
	forge_write(f, f->m.file, buf_view(&f->file), false);
}

void
forge_close(struct forge *f, bool manifest)
{
	struct buf text;
	char name[48];

	forge_flush(f, true);
	buf_append(&f->file, member_empty, MEMBER_EMPTY_LEN);
	forge_write(f, f->m.file, buf_view(&f->file), false);
	f->m.last = f->index - 1;
	f->m.members = 1;
	f->m.stream_len = f->member.len;
	f->m.gzip_len = f->file.len;
	sha256(buf_view(&f->member), f->m.stream_hash);
	sha256(buf_view(&f->file), f->m.gzip_hash);
	f->m.range = f->own;
	buf_init(&text);
	manifest_print(&f->m, &text);
	sha256(buf_view(&text), f->manifest);
	snprintf(name, sizeof(name), "manifests/%012llu",
	    (unsigned long long)f->m.segment);
	if (manifest)
		forge_write(f, name, buf_view(&text), false);
	buf_fini(&text);
}

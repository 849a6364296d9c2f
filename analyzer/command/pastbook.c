/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/pastbook.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/command/events.h"
#include "analyzer/command/inputs.h"
#include "analyzer/ledger/device.h"
#include "analyzer/ledger/file.h"
#include "common/io.h"
#include "common/log.h"

#define PIECE (1u << 20) /* bytes that are read at once */

/* All bytes of an open file: their number, or -1. */
static int64_t
hash_file(struct pastbook *b, int fd, uint8_t hash[SHA256_LEN])
{
	struct sha256 sha;
	int64_t len = 0;
	ssize_t n;

	sha256_init(&sha);
	b->text.len = 0;
	(void)buf_reserve(&b->text, PIECE);
	while ((n = io_read_up_to(fd, b->text.p, PIECE)) > 0) {
		sha256_update(&sha, b->text.p, (size_t)n);
		len += n;
	}
	sha256_final(&sha, hash);
	return n < 0 ? -1 : len;
}

int
pastbook_program(uint8_t hash[SHA256_LEN])
{
	struct pastbook b = { .site = NULL };
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int rc = -1;

	buf_init(&b.text);
	if (fd >= 0) {
		rc = hash_file(&b, fd, hash) > 0 ? 0 : -1;
		close(fd);
	}
	buf_fini(&b.text);
	return rc;
}

/*
 * The device ledger says how lines are read only where it has a zone or a
 * format: else it may change, as it does, and nothing need be read again.
 */
static void
add_devices(struct sha256 *sha, const char *path)
{
	struct arena *arena = arena_new();
	struct devices *devices = NULL;
	bool says = false;
	struct problems ps;
	struct buf bytes;
	const char *name;
	size_t i;

	buf_init(&bytes);
	problems_init(&ps);
	if (ledger_file_read(path, arena, &bytes, &name, &ps) == 1)
		devices = devices_parse(buf_view(&bytes), name, &ps);
	for (i = 0; devices != NULL && i < devices_count(devices); i++)
		says |= devices_at(devices, i)->format.len > 0;
	if (devices != NULL && (says || devices_have_zones(devices)))
		sha256_update(sha, bytes.p, bytes.len);
	devices_free(devices);
	arena_free(arena);
	problems_fini(&ps);
	buf_fini(&bytes);
}

void
pastbook_open(struct pastbook *b, const struct site *site,
    const uint8_t program[SHA256_LEN], int64_t skew)
{
	const int64_t numbers[] = { site->zone, skew };
	uint8_t formats[SHA256_LEN];
	struct sha256 sha;

	*b = (struct pastbook){ .site = site };
	buf_init(&b->text);
	buf_init(&b->path);
	buf_init(&b->unkept);
	inputs_hash_formats(site, formats);
	sha256_init(&sha);
	sha256_update(&sha, program, SHA256_LEN);
	sha256_update(&sha, formats, SHA256_LEN);
	sha256_update(&sha, numbers, sizeof(numbers));
	add_devices(&sha, site->analyzer.devices);
	sha256_final(&sha, b->ground);
}

void
pastbook_close(struct pastbook *b)
{
	buf_fini(&b->text);
	buf_fini(&b->path);
	buf_fini(&b->unkept);
}

bool
pastbook_proves(struct pastbook *b, const struct logdir *dir,
    const struct manifest *m)
{
	int fd = logdir_open_file(dir, m->file);
	uint8_t hash[SHA256_LEN];
	int64_t len;

	if (fd < 0)
		return false;
	len = hash_file(b, fd, hash);
	close(fd);
	return len >= 0 && (uint64_t)len == m->gzip_len &&
	    memcmp(hash, m->gzip_hash, SHA256_LEN) == 0;
}

static const char *
path_of(struct pastbook *b, const struct manifest *m)
{
	b->path.len = 0;
	past_folder(&b->path, b->site->cache, m->origin);
	buf_byte(&b->path, '/');
	past_file(&b->path, m->segment);
	return buf_cstr(&b->path);
}

static bool
is_of(const struct past *p, const struct manifest *m)
{
	return strcmp(p->origin, m->origin) == 0 && p->segment == m->segment &&
	    p->gzip_len == m->gzip_len &&
	    memcmp(p->gzip_hash, m->gzip_hash, SHA256_LEN) == 0;
}

bool
pastbook_load(struct pastbook *b, const struct manifest *m, struct past *p)
{
	b->text.len = 0;
	if (b->distrusted ||
	    io_read_file(path_of(b, m), 2 * (size_t)PAST_MAX, &b->text) != 0)
		return false;
	if (past_parse(buf_view(&b->text), p) != 0 || !is_of(p, m)) {
		b->wrong++;
		return false;
	}
	return memcmp(p->ground, b->ground, SHA256_LEN) == 0;
}

static int
write_file(struct pastbook *b, const struct manifest *m)
{
	struct buf name;
	int dir, rc = -1;

	b->path.len = 0;
	past_folder(&b->path, b->site->cache, m->origin);
	if (io_mkdirs(buf_cstr(&b->path), 0750) != 0)
		return -1;
	buf_init(&name);
	past_file(&name, m->segment);
	dir = open(buf_cstr(&b->path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0) {
		rc = io_swap_at(dir, buf_cstr(&name), 0640,
		    buf_view(&b->text));
		close(dir);
	}
	buf_fini(&name);
	return rc;
}

void
pastbook_keep(struct pastbook *b, const struct manifest *m, struct past *p,
    bool *differs)
{
	struct buf before;
	bool there;

	*differs = false;
	if (p->useless)
		return;
	memcpy(p->origin, m->origin, sizeof(p->origin));
	p->segment = m->segment;
	p->gzip_len = m->gzip_len;
	memcpy(p->gzip_hash, m->gzip_hash, SHA256_LEN);
	memcpy(p->ground, b->ground, SHA256_LEN);
	buf_init(&before);
	there = io_read_file(path_of(b, m), 2 * (size_t)PAST_MAX, &before) ==
	    0;
	b->text.len = 0;
	past_print(p, &b->text);
	*differs = !there || !span_eq(buf_view(&before), buf_view(&b->text));
	buf_fini(&before);
	if (!*differs)
		return;
	if (write_file(b, m) == 0)
		b->made++;
	else if (b->unkept.len == 0)
		buf_printf(&b->unkept, "%s: %s", buf_cstr(&b->path),
		    strerror(errno));
}

void
pastbook_drop(struct pastbook *b, const struct manifest *m)
{
	(void)unlink(path_of(b, m)); /* as a rule there is none */
}

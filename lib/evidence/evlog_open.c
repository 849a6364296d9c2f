/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "evidence/checkpoint.h"
#include "evidence/evlog_priv.h"

/* How a writer starts and ends: what the first and the last records are. */

static enum evlog_err
open_fail(struct buf *detail, enum evlog_err err, const char *what)
{
	buf_printf(detail, "%s: %s", what, strerror(errno));
	return err;
}

static enum evlog_err
open_logfile(struct evlog *log, struct buf *detail)
{
	enum evlog_err err = EVLOG_OK;
	struct buf text;
	unsigned line = 0;

	buf_init(&text);
	if (io_read_file_at(log->dir, "log", LOGFILE_MAX, &text) != 0)
		err = open_fail(detail,
		    errno == ENOENT ? EVLOG_ABSENT : EVLOG_SYSTEM, "log");
	else if (logfile_parse(buf_view(&text), &log->file, &line) != 0) {
		buf_printf(detail,
		    tr("log, line %u: not as the format says",
			"logの%u行目: 形式どおりではありません"),
		    line);
		err = EVLOG_BAD_LOG;
	}
	buf_fini(&text);
	return err;
}

static enum evlog_err
open_folder(struct evlog *log, const char *name, int *fd, struct buf *detail)
{
	*fd = openat(log->dir, name,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return *fd >= 0 ? EVLOG_OK : open_fail(detail, EVLOG_SYSTEM, name);
}

static enum evlog_err
open_folders(struct evlog *log, struct buf *detail)
{
	enum evlog_err err;

	log->dir = open(log->opt.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (log->dir < 0)
		return open_fail(detail,
		    errno == ENOENT ? EVLOG_ABSENT : EVLOG_SYSTEM,
		    log->opt.dir);
	if ((err = open_logfile(log, detail)) != EVLOG_OK)
		return err;
	log->lock_fd = openat(log->dir, "lock",
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (log->lock_fd < 0)
		return open_fail(detail, EVLOG_SYSTEM, "lock");
	if (flock(log->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK
		    ? EVLOG_LOCKED
		    : open_fail(detail, EVLOG_SYSTEM, "lock");
	if ((err = open_folder(log, "segments", &log->segments, detail)) ==
		EVLOG_OK &&
	    (err = open_folder(log, "manifests", &log->manifests, detail)) ==
		EVLOG_OK &&
	    (err = open_folder(log, "checkpoints", &log->checkpoints,
		 detail)) == EVLOG_OK)
		err = open_folder(log, "quarantine", &log->quarantine, detail);
	return err;
}

static void
open_boot_id(struct evlog *log)
{
	struct buf id;

	buf_init(&id);
	if (io_read_file("/proc/sys/kernel/random/boot_id", 64, &id) == 0 &&
	    id.len > 1 && id.len < sizeof(log->boot))
		memcpy(log->boot, id.p, id.len - 1); /* without its LF */
	else
		memcpy(log->boot, "unknown", 8);
	buf_fini(&id);
}

static void
put_b1(struct evlog *log, const struct evlog_found *found, uint64_t wall)
{
	uint64_t size = found->state.size, next = log->recovered;
	char text[64] = "-";
	struct buf body;

	buf_init(&body);
	record_word(&body, "boot", span_str(log->boot));
	record_word(&body, "build", span_str(log->build));
	record_word_u64(&body, "recovered", size);
	if (next > size)
		snprintf(text, sizeof(text), "%llu-%llu",
		    (unsigned long long)size, (unsigned long long)next - 1);
	record_word(&body, "unsealed", span_str(text));
	if (next == 0)
		record_word(&body, "down", SPAN("-"));
	else
		record_word_u64(&body, "down",
		    wall > found->last_rx ? wall - found->last_rx : 0);
	record_word(&body, "successor", SPAN("-"));
	evlog_put_system(log, RECORD_BOOT, wall, buf_view(&body));
	buf_fini(&body);
}

static void
put_torn(struct evlog *log, const struct evlog_torn *t,
    const struct evlog_found *found, uint64_t wall)
{
	char hex[2 * SHA256_LEN];
	struct buf body;

	if (t->len == 0)
		return;
	hex_print(t->hash, SHA256_LEN, hex);
	buf_init(&body);
	record_word(&body, "kind", SPAN("torn-tail"));
	record_word(&body, "stream", SPAN("-"));
	record_word(&body, "listener", SPAN("-"));
	record_word_u64(&body, "count", 0);
	record_word_u64(&body, "bytes", t->len);
	record_word_u64(&body, "from",
	    found->last_rx != 0 ? found->last_rx : wall);
	record_word_u64(&body, "until", wall);
	record_word(&body, "file", span_str(t->name));
	record_word(&body, "sha256", span_make(hex, sizeof(hex)));
	evlog_put_system(log, RECORD_GAP, wall, buf_view(&body));
	buf_fini(&body);
}

static void
put_c1(struct evlog *log, uint64_t wall)
{
	char hex[2 * SHA256_LEN];
	struct buf body;

	hex_print(log->own.config, SHA256_LEN, hex);
	buf_init(&body);
	record_word(&body, "sha256", span_make(hex, sizeof(hex)));
	record_word(&body, "file", SPAN("-"));
	evlog_put_system(log, RECORD_CONFIG, wall, buf_view(&body));
	buf_fini(&body);
	evlog_full(log);
}

/* The public side of the epoch that the signer has open. */
static struct epoch
open_epoch_of(const struct sign_reply *state)
{
	struct epoch e = { .number = state->epoch, .height = state->height };

	memcpy(e.key, state->key, KEY_LEN);
	memcpy(e.path, state->path, sizeof(e.path));
	return e;
}

/*
 * An epoch that a crash left open is brought to its end: what the signer
 * signed last is published, then a final seal made unless that was one.
 */
static enum evlog_err
open_finish_epoch(struct evlog *log, struct evlog_found *found)
{
	struct epoch e = open_epoch_of(&found->state);
	enum evlog_err err;

	log->com.epoch = e.number;
	if (found->publish) {
		if ((err = evlog_signer_again(log)) != EVLOG_OK)
			return err;
		if (evlog_files_checkpoint(log) != 0)
			return EVLOG_SYSTEM;
	}
	if (!found->listed && evlog_files_epoch(log, &e) != 0)
		return EVLOG_SYSTEM;
	if (found->final) {
		log->com.result.size = found->state.size;
		return evlog_files_keep(log) == 0 ? EVLOG_OK : EVLOG_SYSTEM;
	}
	evlog_seal_k1(log, &e);
	return evlog_seal_final(log, true);
}

static enum evlog_err
open_next_epoch(struct evlog *log)
{
	struct epoch e;
	enum evlog_err err;

	if ((err = evlog_signer_renew(log, true, &e)) != EVLOG_OK)
		return err;
	if (evlog_files_epoch(log, &e) != 0)
		return EVLOG_SYSTEM;
	evlog_seal_k1(log, &e);
	return EVLOG_OK;
}

static void
open_previous(struct evlog *log, const struct sign_reply *state)
{
	struct checkpoint c = { .origin = span_str(log->file.key.name),
		.size = state->size };

	log->durable = state->size;
	if (state->size == 0)
		return;
	memcpy(c.root, state->root, SHA256_LEN);
	checkpoint_hash(&c, log->own.previous);
}

/* Recovery is done, the threads run: the first records. */
static enum evlog_err
open_records(struct evlog *log, struct evlog_found *found)
{
	enum evlog_err err = EVLOG_OK;
	uint64_t wall, mono;

	open_previous(log, &found->state);
	evlog_clock(log, &wall, &mono);
	put_b1(log, found, wall);
	put_torn(log, &found->segment, found, wall);
	put_torn(log, &found->epochs, found, wall);
	if (found->state.open)
		err = open_finish_epoch(log, found);
	if (err == EVLOG_OK && !log->own.epoch_open)
		err = open_next_epoch(log);
	if (err != EVLOG_OK)
		return err;
	put_c1(log, wall);
	return evlog_seal_wait(log, log->own.next);
}

static void
open_free(struct evlog *log)
{
	const int fds[] = { log->com.fd, log->quarantine, log->checkpoints,
		log->manifests, log->segments, log->lock_fd, log->dir };
	size_t i;

	for (i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	evlog_tile_close(log);
	evlog_stream_free(log);
	free(log);
}

static struct evlog *
open_new(const struct evlog_options *opt)
{
	struct evlog *log = calloc(1, sizeof(*log));

	if (log == NULL)
		abort();
	log->opt = *opt;
	snprintf(log->build, sizeof(log->build), "%s",
	    opt->build != NULL ? opt->build : "-");
	memcpy(log->own.config, opt->config, sizeof(opt->config));
	log->com.tiles.fd = log->com.tiles.index_fd = -1;
	log->com.fd = log->dir = log->lock_fd = log->segments = -1;
	log->manifests = log->checkpoints = log->quarantine = -1;
	open_boot_id(log);
	return log;
}

enum evlog_err
evlog_open(struct evlog **result, const struct evlog_options *opt,
    struct buf *detail)
{
	struct evlog *log = open_new(opt);
	struct evlog_found found = { .last_rx = 0 };
	enum evlog_err err;

	*result = NULL;
	if ((err = open_folders(log, detail)) != EVLOG_OK)
		goto free;
	if ((err = evlog_signer_state(log, &found.state)) != EVLOG_OK)
		goto free;
	if (strcmp(found.state.origin, log->file.key.name) != 0) {
		buf_printf(detail,
		    tr("the keys are those of '%s'", "鍵は「%s」のものです"),
		    found.state.origin);
		err = EVLOG_SIGNER;
		goto free;
	}
	if ((err = evlog_resume(log, &found, detail)) != EVLOG_OK)
		goto free;
	if (evlog_commit_start(log) != 0)
		err = EVLOG_SYSTEM;
	else
		err = open_records(log, &found);
	if (err == EVLOG_OK) {
		*result = log;
		return EVLOG_OK;
	}
	evlog_commit_stop(log);
free:
	open_free(log);
	return err;
}

void
evlog_set_config(struct evlog *log, const uint8_t config[32])
{
	uint64_t wall, mono;

	if (memcmp(log->own.config, config, SHA256_LEN) == 0)
		return;
	memcpy(log->own.config, config, SHA256_LEN);
	if (!evlog_room(log, 3)) /* the next s1 says it too */
		return;
	evlog_clock(log, &wall, &mono);
	put_c1(log, wall);
	evlog_dirty(log, mono);
}

/* Without a seal the rest is still written, as unsealed records. */
enum evlog_err
evlog_close(struct evlog *log)
{
	struct evlog_owner *o;
	enum evlog_err err;

	if (log == NULL)
		return EVLOG_OK;
	o = &log->own;
	err = evlog_seal_final(log, false);
	if (o->chunk != NULL && o->chunk->bytes.len > 0) {
		o->chunk->ends = true;
		evlog_submit(log);
	}
	evlog_commit_stop(log);
	open_free(log);
	return err;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

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

/* What a successor is to record at its first start. */
static enum evlog_err
open_predecessor(struct evlog *log, struct buf *detail)
{
	enum evlog_err err = EVLOG_OK;
	struct buf text;

	buf_init(&text);
	if (io_read_file_at(log->dir, "predecessor", PREDECESSOR_MAX, &text) !=
	    0) {
		if (errno != ENOENT)
			err = open_fail(detail, EVLOG_SYSTEM, "predecessor");
	} else if (predecessor_parse(buf_view(&text), &log->before) != 0) {
		buf_printf(detail, "predecessor: %s",
		    tr("not as the format says", "形式どおりではありません"));
		err = EVLOG_SYSTEM; /* it says nothing of the log's records */
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
	if ((err = open_logfile(log, detail)) != EVLOG_OK ||
	    (err = open_predecessor(log, detail)) != EVLOG_OK)
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

	if (log->opt.boot != NULL) {
		snprintf(log->boot, sizeof(log->boot), "%s", log->opt.boot);
		return;
	}
	buf_init(&id);
	if (io_read_file("/proc/sys/kernel/random/boot_id", 64, &id) == 0 &&
	    id.len > 1 && id.len < sizeof(log->boot))
		memcpy(log->boot, id.p, id.len - 1); /* without its LF */
	else
		memcpy(log->boot, "unknown", 8);
	buf_fini(&id);
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
	evlog_first_records(log, found, wall);
	if (found->state.open)
		err = open_finish_epoch(log, found);
	if (err == EVLOG_OK && !log->own.epoch_open)
		err = open_next_epoch(log);
	if (err != EVLOG_OK)
		return err;
	evlog_first_config(log, wall, log->opt.named);
	return evlog_seal_wait(log, log->own.next);
}

static void
open_free(struct evlog *log)
{
	const int fds[] = { log->com.fd, log->com.reserve.fd, log->quarantine,
		log->checkpoints, log->manifests, log->segments, log->lock_fd,
		log->dir };
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
	log->own.counters = opt->counters;
	log->com.tiles.fd = log->com.tiles.index_fd = -1;
	log->com.fd = log->dir = log->lock_fd = log->segments = -1;
	log->manifests = log->checkpoints = log->quarantine = -1;
	log->com.reserve.fd = -1;
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
	if (!found.state.open && found.state.epoch >> log->file.height != 0) {
		err = EVLOG_EXHAUSTED;
		goto free;
	}
	evlog_reserve_open(log, detail);
	if ((err = evlog_resume(log, &found, detail)) != EVLOG_OK)
		goto free;
	if (evlog_commit_start(log) != 0 || evlog_readback_start(log) != 0)
		err = EVLOG_SYSTEM;
	else
		err = open_records(log, &found);
	if (err == EVLOG_OK) {
		*result = log;
		return EVLOG_OK;
	}
	(void)evlog_commit_stop(log); /* err says what the matter is */
	evlog_readback_stop(log);
free:
	open_free(log);
	return err;
}

bool
evlog_set_config(struct evlog *log, const uint8_t config[32], struct span words)
{
	uint64_t wall, mono;

	if (words.len == 0 && memcmp(log->own.config, config, SHA256_LEN) == 0)
		return true;
	if (!evlog_room(log, 3))
		return false;
	memcpy(log->own.config, config, SHA256_LEN);
	evlog_clock(log, &wall, &mono);
	evlog_first_config(log, wall, words);
	evlog_dirty(log, mono);
	return true;
}

/* Without a seal the rest is still written, as unsealed records. */
enum evlog_err
evlog_end(struct evlog *log, uint64_t *unwritten)
{
	struct evlog_owner *o;
	enum evlog_err err;

	*unwritten = 0;
	if (log == NULL)
		return EVLOG_OK;
	o = &log->own;
	err = evlog_seal_final(log, false);
	if (o->chunk != NULL && o->chunk->bytes.len > 0) {
		o->chunk->ends = true;
		evlog_submit(log);
	}
	*unwritten = evlog_commit_stop(log);
	evlog_readback_stop(log);
	open_free(log);
	return err;
}

enum evlog_err
evlog_close(struct evlog *log)
{
	uint64_t unwritten;

	return evlog_end(log, &unwritten);
}

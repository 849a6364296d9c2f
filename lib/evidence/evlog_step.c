/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/hex.h"
#include "evidence/checkpoint.h"
#include "evidence/evlog_priv.h"

/*
 * The way of a chunk to the disk and to the signer: a table of steps, in the
 * order that FORMAT.md, 8 demands.  Each is idempotent: one that failed is
 * tried again later (a full disk), given up with the seal it is part of (the
 * signer is out of reach), or stops sealing for good: after a failed fsync the
 * kernel may have thrown the data away and yet say yes the next time.
 */
static enum evlog_err
step_errno(int rc)
{
	if (rc == 0)
		return EVLOG_OK;
	return errno == ENOSPC || errno == EDQUOT ? EVLOG_FULL : EVLOG_SYSTEM;
}

static enum evlog_err
step_hash(struct evlog *log, struct evlog_chunk *c)
{
	if (c->opens)
		hex_print(log->com.previous, SHA256_LEN,
		    (char *)c->bytes.p + c->previous_at);
	if (c->opens || !log->threaded)
		evlog_chunk_run(c);
	return EVLOG_OK;
}

static enum evlog_err
step_create(struct evlog *log, struct evlog_chunk *c)
{
	return step_errno(evlog_files_segment(log, c));
}

static enum evlog_err
step_files(struct evlog *log, struct evlog_chunk *c)
{
	return step_errno(evlog_files_attached(log, c));
}

static enum evlog_err
step_write(struct evlog *log, struct evlog_chunk *c)
{
	return step_errno(evlog_files_write(log, c));
}

static enum evlog_err
step_sync(struct evlog *log, struct evlog_chunk *c)
{
	(void)c;
	return log->com.unsynced ? EVLOG_SYSTEM
				 : step_errno(fdatasync(log->com.fd));
}

static enum evlog_err
step_sign(struct evlog *log, struct evlog_chunk *c)
{
	(void)c;
	return evlog_signer_seal(log);
}

static enum evlog_err
step_checkpoint(struct evlog *log, struct evlog_chunk *c)
{
	struct evlog_committer *com = &log->com;
	struct checkpoint text = { .origin = span_str(log->file.key.name),
		.size = com->reply.size };

	(void)c;
	if (evlog_files_checkpoint(log) != 0)
		return step_errno(-1);
	memcpy(text.root, com->reply.root, SHA256_LEN);
	checkpoint_hash(&text, com->result.text);
	com->result.size = text.size;
	com->result.sealed = true;
	log->durable = text.size;
	return EVLOG_OK;
}

static enum evlog_err
step_folder(struct evlog *log, struct evlog_chunk *c)
{
	(void)c;
	return step_errno(evlog_files_sync(log));
}

static enum evlog_err
step_keep(struct evlog *log, struct evlog_chunk *c)
{
	(void)c;
	return log->com.result.sealed ? step_errno(evlog_files_keep(log))
				      : EVLOG_OK;
}

static enum evlog_err
step_end(struct evlog *log, struct evlog_chunk *c)
{
	return evlog_signer_renew(log, c->renews, &log->com.result.epoch);
}

static enum evlog_err
step_epoch(struct evlog *log, struct evlog_chunk *c)
{
	(void)c;
	if (evlog_files_epoch(log, &log->com.result.epoch) != 0)
		return step_errno(-1);
	log->com.result.renewed = true;
	return EVLOG_OK;
}

/* The fault in force when a step ended so. */
static enum evlog_err
step_fault(const struct evlog *log, enum evlog_err err)
{
	return err == EVLOG_OK && log->held ? EVLOG_FULL : err;
}

/* Tell the owner what became of the seal. */
static enum evlog_err
step_publish(struct evlog *log, struct evlog_chunk *c)
{
	struct evlog_result *r = &log->com.result;

	(void)c;
	r->dead = log->com.unsynced || r->err == EVLOG_EXHAUSTED;
	log->fault = (int)step_fault(log, r->err);
	pthread_mutex_lock(&log->lock);
	log->result = *r;
	log->ready = true;
	pthread_cond_broadcast(&log->done);
	pthread_mutex_unlock(&log->lock);
	if (log->opt.sealed != NULL)
		log->opt.sealed(log->opt.cookie, log->durable);
	return EVLOG_OK;
}

static enum evlog_err
step_close(struct evlog *log, struct evlog_chunk *c)
{
	(void)c;
	return step_errno(evlog_files_close(log));
}

static enum evlog_err
step_manifest(struct evlog *log, struct evlog_chunk *c)
{
	(void)c;
	if (evlog_files_manifest(log) != 0)
		return step_errno(-1);
	evlog_readback_closed(log, log->com.segment.segment + 1);
	return EVLOG_OK;
}

static enum evlog_err
step_tiles(struct evlog *log, struct evlog_chunk *c)
{
	return step_errno(evlog_tile_chunk(log, c));
}

static enum evlog_err
step_sync_tiles(struct evlog *log, struct evlog_chunk *c)
{
	(void)c;
	return step_errno(evlog_tile_sync(log, log->com.segment.first));
}

enum { /* when a step is done */
	STEP_ALWAYS = 0,
	STEP_OPENS = 1,
	STEP_CLOSES = 2,
	STEP_SEALS = 4,
	STEP_FINAL = 8,
	STEP_RENEWS = 16,
	STEP_FILES = 32,
};

enum step_failure {   /* what its failure means */
	STEP_AGAIN,   /* nothing goes on before it is done */
	STEP_GIVE_UP, /* the seal or renewal failed */
	STEP_DEAD,    /* nothing is sealed from here on; writing goes on */
	STEP_MINOR,   /* nothing: what it writes can be made again */
};

static const struct step {
	const char *name;
	enum evlog_err (*run)(struct evlog *log, struct evlog_chunk *c);
	unsigned when;
	enum step_failure failure;
} steps[] = {
	{ "hash", step_hash, STEP_ALWAYS, STEP_AGAIN },
	{ "create", step_create, STEP_OPENS, STEP_AGAIN },
	{ "files", step_files, STEP_FILES, STEP_AGAIN },
	{ "write", step_write, STEP_ALWAYS, STEP_AGAIN },
	{ "sync", step_sync, STEP_SEALS, STEP_DEAD },
	{ "sign", step_sign, STEP_SEALS, STEP_GIVE_UP },
	{ "checkpoint", step_checkpoint, STEP_SEALS, STEP_AGAIN },
	{ "folder", step_folder, STEP_FINAL | STEP_CLOSES, STEP_AGAIN },
	{ "keep", step_keep, STEP_FINAL | STEP_CLOSES, STEP_AGAIN },
	{ "end", step_end, STEP_FINAL | STEP_RENEWS, STEP_GIVE_UP },
	{ "epoch", step_epoch, STEP_RENEWS, STEP_AGAIN },
	{ "publish", step_publish, STEP_SEALS | STEP_RENEWS, STEP_AGAIN },
	{ "tiles", step_tiles, STEP_ALWAYS, STEP_MINOR },
	{ "close", step_close, STEP_CLOSES, STEP_AGAIN },
	{ "close-sync", step_sync, STEP_CLOSES, STEP_DEAD },
	{ "tiles-sync", step_sync_tiles, STEP_CLOSES, STEP_MINOR },
	{ "manifest", step_manifest, STEP_CLOSES, STEP_AGAIN },
};
#define STEPS (sizeof(steps) / sizeof(steps[0]))
#define STEP_WRITE 3u
#define STEP_PUBLISH 11u

static bool
step_applies(const struct step *s, const struct evlog_chunk *c)
{
	return s->when == STEP_ALWAYS || (c->opens && s->when & STEP_OPENS) ||
	    (c->closes && s->when & STEP_CLOSES) ||
	    (c->seals && s->when & STEP_SEALS) ||
	    (c->final && s->when & STEP_FINAL) ||
	    (c->renews && s->when & STEP_RENEWS) ||
	    (c->files != NULL && s->when & STEP_FILES);
}

/* Something is stuck: remember since when. */
static void
step_stuck(struct evlog *log, enum evlog_err err)
{
	struct evlog_gap *fault = &log->com.fault;
	uint64_t wall, mono;

	log->fault = (int)err;
	if (fault->from != 0)
		return;
	evlog_clock(log, &wall, &mono);
	fault->from = wall;
	fault->full = err == EVLOG_FULL;
}

/* One that is not yet recorded becomes part of it. */
void
evlog_step_gap(struct evlog *log, const struct evlog_gap *gap)
{
	uint64_t from = gap->from;

	pthread_mutex_lock(&log->lock);
	if (log->gap_ready && log->gap.from < from)
		from = log->gap.from;
	log->gap = *gap;
	log->gap.from = from;
	log->gap_ready = true;
	pthread_mutex_unlock(&log->lock);
}

/* It goes on: the owner is to record the gap. */
static void
step_freed(struct evlog *log)
{
	struct evlog_gap *fault = &log->com.fault;
	uint64_t mono;

	log->stuck = false;
	log->fault =
	    (int)step_fault(log, log->com.unsynced ? EVLOG_SYSTEM : EVLOG_OK);
	evlog_clock(log, &fault->until, &mono);
	fault->reserve = log->held ? "used" : NULL;
	evlog_step_gap(log, fault);
	fault->from = 0;
}

static enum evlog_err
step_do(struct evlog *log, struct evlog_chunk *c, const struct step *s)
{
	int error;

	if (log->opt.step != NULL &&
	    (error = log->opt.step(log->opt.cookie, s->name)) != 0) {
		errno = error;
		return step_errno(-1);
	}
	return s->run(log, c);
}

/*
 * A disk that is full gets room from the reserve, as long as there is any.  The
 * first time is recorded; the others are part of it.
 */
static enum evlog_err
step_try(struct evlog *log, struct evlog_chunk *c, const struct step *s)
{
	enum evlog_err err;
	bool held;

	while ((err = step_do(log, c, s)) != EVLOG_OK) {
		held = log->held;
		if (s->failure == STEP_DEAD || s->failure == STEP_MINOR ||
		    !evlog_reserve_give(log, err))
			return err;
		if (!held)
			step_stuck(log, EVLOG_FULL);
	}
	if (log->com.fault.from != 0)
		step_freed(log);
	return EVLOG_OK;
}

bool
evlog_step_wrote(const struct evlog_chunk *c)
{
	return c->step > STEP_WRITE;
}

bool
evlog_step_run(struct evlog *log, struct evlog_chunk *c)
{
	const struct step *s;
	enum evlog_err err;

	if (c->step == 0)
		log->com.result = (struct evlog_result){ .err = EVLOG_OK };
	for (; c->step < STEPS; c->step++) {
		s = &steps[c->step];
		if (!step_applies(s, c) ||
		    (err = step_try(log, c, s)) == EVLOG_OK)
			continue;
		if (s->failure == STEP_MINOR)
			continue;
		if (s->failure == STEP_AGAIN) {
			step_stuck(log, err);
			return false;
		}
		if (s->failure == STEP_DEAD) {
			log->com.unsynced = true;
			log->fault = (int)err;
		}
		if (c->step < STEP_PUBLISH) {
			log->com.result.err = err;
			c->step = STEP_PUBLISH - 1;
		}
	}
	return true;
}

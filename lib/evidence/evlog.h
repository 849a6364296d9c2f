/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_EVLOG_H
#define EVIDENCE_EVLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/record.h"
#include "evidence/sign.h"

/*
 * The one writer of one log: appends records, seals them, rotates segments,
 * and at open recovers what a crash left (FORMAT.md, 8).  One thread owns it.
 * Hashing and deflating run in a worker pool, writing, syncing and signing in
 * one committer thread, in order: evlog_append() never waits for a disk.
 */
struct evlog;

struct evlog_counters { /* since the writer's start; they go into each s1 */
	uint64_t received, accepted, kernel_dropped, queue_dropped, refused;
};

struct evlog_options {
	const char *dir;      /* the log's folder */
	struct signer signer; /* who signs; see sign.h */
	unsigned workers;     /* 0: all work is done inside the calls */
	unsigned level;	      /* deflate: 0 follow the load, 1 fast, 6 small */
	const char *cache;    /* folder of this log's segment indexes, made if
			       * absent; NULL: none are written */
	const char *build;    /* program and version, for b1 and s1 */
	uint8_t config[32];   /* SHA-256 of the configuration in force */
	/* Called in the committer after a seal is durable, or failed (size as
	 * before, see evlog_fault): must only post to the owner's loop, which
	 * then calls evlog_tick.  May be NULL. */
	void (*sealed)(void *cookie, uint64_t size);
	/* Likewise when there is room again after EVLOG_BUSY, EVLOG_FULL, or a
	 * false from evlog_writable. */
	void (*writable)(void *cookie);
	void *cookie;
	/* For tests.  The clocks, in usec: wall since 1970 UTC, mono since the
	 * boot; NULL: the system's. */
	void (*clock)(void *cookie, uint64_t *wall, uint64_t *mono);
	/* Called before each step on the disk, by its name: an errno other than
	 * 0 makes the step fail with it. */
	int (*step)(void *cookie, const char *name);
};

enum evlog_err {
#define EVLOG_ERR(id, en, ja) EVLOG_##id,
#include "evidence/evlog_err_tbl.h"
#undef EVLOG_ERR
};

/* A sentence in the user's language. */
const char *evlog_strerror(enum evlog_err e);

/*
 * Make a new log: folder, keys, first epoch, `log` file.  keys_dir gets the
 * signer's secrets (0700).  Never overwrites: EVLOG_EXISTS if either is there.
 */
struct evlog_init {
	const char *dir, *keys_dir, *origin;
	unsigned height;  /* of the epoch tree, 1-20; 18 is five years */
	unsigned seconds; /* an epoch's length; 600 */
	void (*progress)(void *cookie, uint64_t done, uint64_t total);
	void *cookie;
};
enum evlog_err evlog_init(const struct evlog_init *init);

/*
 * Open for writing, recover, write b1 and c1, seal.  *detail: what and where;
 * with EVLOG_OK what was found and done after a crash, empty if nothing.
 */
enum evlog_err evlog_open(struct evlog **log, const struct evlog_options *opt,
    struct buf *detail);

/*
 * Define a stream: words = the d1 body after "next=" (FORMAT.md, 4).  The d1
 * records are written when and where the format wants them.  *stream = its
 * number.  evlog_stream_end writes the end record.
 */
enum evlog_err evlog_stream(struct evlog *log, struct span words,
    uint32_t *stream);
enum evlog_err evlog_stream_end(struct evlog *log, uint32_t stream,
    const char *why);

/*
 * Append a received record, or one of the kinds g1 c1 o1 x1 t1 w1 (the others
 * are the writer's own); bytes are copied.  r->port: the sender's port of a
 * datagram, always; it is written only where it changed.  *index = its index
 * (may be NULL).  EVLOG_BUSY, EVLOG_FULL: the queue to the disk is full,
 * nothing was taken, try after the callback `writable`.
 */
enum evlog_err evlog_append(struct evlog *log, const struct record *r,
    uint64_t *index);

/* Whether evlog_append would take a record of that many bytes now. */
bool evlog_writable(struct evlog *log, size_t len);

/*
 * Seal what was appended: s1, flush, sync, sign, checkpoint; begun now if no
 * seal is in flight, else as soon as that one ends.  wait: return when it is
 * durable.  final ends the epoch.  evlog_tick does what time asks for: a seal
 * 1 s after a record, 10 s when idle, epoch ends, midnight; call it often
 * (cheap); returns microseconds until it wants to be called again.
 */
enum evlog_err evlog_seal(struct evlog *log, bool wait);
uint64_t evlog_tick(struct evlog *log);

/*
 * Close the open segment (manifest) and start the next: with the next seal,
 * which is begun now if none is in flight.  evlog_segment: the number of the
 * segment that the next record goes into; it rises when that seal begins.
 */
enum evlog_err evlog_rotate(struct evlog *log);
uint64_t evlog_segment(const struct evlog *log);

/* Counters for the next s1. */
void evlog_set_counters(struct evlog *log, const struct evlog_counters *c);

/* SHA-256 of a configuration newly in force, for the next s1 (and a c1). */
void evlog_set_config(struct evlog *log, const uint8_t sha256[32]);

uint64_t evlog_recovered(const struct evlog *log); /* found at the start */
uint64_t evlog_size(const struct evlog *log);	   /* records appended */
uint64_t evlog_durable(const struct evlog *log);   /* covered by a checkpoint */
const char *evlog_origin(const struct evlog *log);

/* The error that stopped sealing or writing, EVLOG_OK if none; see section 1
 * of the design: collecting goes on, acknowledgements stop. */
enum evlog_err evlog_fault(struct evlog *log);

/* Final seal, end of epoch, close.  NULL is fine. */
enum evlog_err evlog_close(struct evlog *log);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_EVLOG_H
#define EVIDENCE_EVLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/manifest.h"
#include "evidence/predecessor.h"
#include "evidence/record.h"
#include "evidence/sign.h"

/*
 * The one writer of one log: appends records, seals them, rotates segments,
 * and at open recovers what a crash left (FORMAT.md, 8).  One thread owns it.
 * Hashing and deflating run in a worker pool, writing, syncing and signing in
 * one committer thread, in order: evlog_append() never waits for a disk.
 */
struct evlog;

struct evlog_counters { /* since the program's start; they go into each s1 */
	uint64_t received, accepted, kernel_dropped, queue_dropped, refused;
};

struct evlog_options {
	const char *dir;      /* the log's folder */
	struct signer signer; /* who signs; see sign.h */
	unsigned workers;     /* 0: all work is done inside the calls, and what
			       * is closed is not read back */
	unsigned level;	      /* deflate: 0 follow the load, 1 fast, 6 small */
	const char *cache;    /* the site's folder for caches: the indexes of
			       * segments (segidx.h); NULL: none */
	uint64_t reserve;     /* bytes of disk kept for when it is full, or 0 */
	const char *build;    /* program and version, for b1 and s1 */
	const uint8_t *program; /* SHA-256 of its file, for b1, or NULL */
	uint8_t config[32];	/* SHA-256 of the configuration in force */
	struct span named;	/* more words of the first c1, or none */
	struct evlog_counters counters; /* of the same program, until now */
	/* Called in the committer after a seal is durable, or failed (size as
	 * before, see evlog_fault): must only post to the owner's loop, which
	 * then calls evlog_tick.  Likewise, in another thread, when there is
	 * something for evlog_readback.  May be NULL. */
	void (*sealed)(void *cookie, uint64_t size);
	/* Likewise when there is room again after EVLOG_BUSY, EVLOG_FULL, or a
	 * false from evlog_writable. */
	void (*writable)(void *cookie);
	void *cookie;
	/* For tests.  The clocks, in usec: wall since 1970 UTC, mono since the
	 * boot; and which boot that is.  NULL: the system's. */
	void (*clock)(void *cookie, uint64_t *wall, uint64_t *mono);
	const char *boot;
	/* Whether the wall clock is synchronised: 1, 0, -1 not known; NULL:
	 * what the kernel says. */
	int (*synced)(void *cookie);
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
 * Whether evlog_open() failed for a reason that lies in the log itself: it is
 * over, and another must follow it.  Nothing of it was changed, but for the
 * last epoch's final seal.
 */
bool evlog_is_over(enum evlog_err e);

/*
 * Make a new log: folder, keys, first epoch, `log` file.  keys_dir gets the
 * signer's secrets (0700).  Never overwrites: EVLOG_EXISTS if either is there.
 *
 * A successor gets the file `predecessor` as well.  Its making may have been
 * interrupted: keys of that origin that never signed are taken up again.
 */
struct evlog_init {
	const char *dir, *keys_dir, *origin;
	unsigned height;  /* of the epoch tree, 1-20; 18 is five years */
	unsigned seconds; /* an epoch's length; 600 */
	const struct predecessor *predecessor; /* or NULL */
	struct span outside; /* for its file `outside`; empty: none */
	const char *name;    /* of the description: NULL is `log` */
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
 * (may be NULL).  EVLOG_BUSY, EVLOG_FULL: the queue to the disk is full, or the
 * disk is and the reserve in use (then only a g1 is taken): nothing was taken,
 * try after the callback `writable`.
 */
enum evlog_err evlog_append(struct evlog *log, const struct record *r,
    uint64_t *index);

/*
 * As evlog_append, for a record that speaks of files: they are on the disk,
 * replaced durably, before the record is.  name: below the log's folder, one
 * of checkpoints/ or tokens/ and a name in it.
 */
struct evlog_file {
	const char *name;
	struct span bytes;
};
enum evlog_err evlog_append_files(struct evlog *log, const struct record *r,
    const struct evlog_file *file, size_t n, uint64_t *index);

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

/*
 * A thread of its own reads each closed segment back from the disk, when
 * nothing else wants the disk, and compares it with its manifest; after a start
 * those of the last days once more, for nobody knows which of them a writer
 * that stopped had still to read.  One that is not as it was written becomes
 * a g1 and is given out here, once in a run: true and *d, false if there is
 * none.  Until it is taken nothing more is read.
 */
struct evlog_damage {
	char file[MANIFEST_FILE]; /* below the log's folder */
	int error; /* errno of what could not be read; 0: it was read */
	/* What the manifest says; unknown if it is the one not readable. */
	bool known;
	uint64_t first, last, time_low, time_high, len;
	uint8_t hash[SHA256_LEN];
	uint64_t found_len; /* what was read, without error */
	uint8_t found[SHA256_LEN];
};
bool evlog_readback(struct evlog *log, struct evlog_damage *d);

/* Bytes free on the log's disk, and of how many.  0, or -1 and errno. */
int evlog_disk(const struct evlog *log, uint64_t *room, uint64_t *size);

/* Counters for the next s1. */
void evlog_set_counters(struct evlog *log, const struct evlog_counters *c);

/*
 * SHA-256 of a configuration newly in force, for the next s1, and a c1 with
 * what words say of the change ("before=... change=..."; may be empty; without
 * words there is no c1 if the hash is the same).
 * false: there is no room for a c1 now, nothing was changed; try again.
 */
bool evlog_set_config(struct evlog *log, const uint8_t sha256[32],
    struct span words);

uint64_t evlog_recovered(const struct evlog *log); /* found at the start */

/* When the last record that was found at the start was received, usec; 0: there
 * was none. */
uint64_t evlog_stopped(const struct evlog *log);

uint64_t evlog_size(const struct evlog *log);	 /* records appended */
uint64_t evlog_durable(const struct evlog *log); /* covered by a checkpoint */
const char *evlog_origin(const struct evlog *log);

/* How many epochs can still begin; and of how many in all. */
uint32_t evlog_epochs_left(const struct evlog *log);
uint32_t evlog_epochs(const struct evlog *log);

/* The error that stopped sealing or writing, EVLOG_OK if none; see section 1
 * of the design: collecting goes on, acknowledgements stop. */
enum evlog_err evlog_fault(struct evlog *log);

/*
 * Whether the disk is full and the reserve in use: what was taken is sealed,
 * nothing more is taken until the reserve is whole again.
 */
bool evlog_held(const struct evlog *log);

/*
 * Final seal, end of epoch, close.  NULL is fine.  evlog_end says as well how
 * many records, the last ones, the disk did not take.
 */
enum evlog_err evlog_close(struct evlog *log);
enum evlog_err evlog_end(struct evlog *log, uint64_t *unwritten);

#endif

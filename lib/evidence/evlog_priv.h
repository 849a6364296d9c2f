/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_EVLOG_PRIV_H
#define EVIDENCE_EVLOG_PRIV_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/pool.h"
#include "common/sha256x2.h"
#include "evidence/epoch.h"
#include "evidence/evlog.h"
#include "evidence/logfile.h"
#include "evidence/manifest.h"
#include "evidence/member.h"
#include "evidence/record.h"
#include "evidence/segidx.h"
#include "evidence/sign.h"
#include "evidence/tile.h"
#include "evidence/tree.h"

/*
 * The inside of evlog.  Four kinds of thread:
 *
 *	owner		frames records into the open chunk, decides when to
 *			seal and to rotate; struct evlog_owner
 *	workers		hash and deflate whole chunks (evlog_chunk_run)
 *	committer	takes the chunks in their order to the disk and to the
 *			signer, step by step; struct evlog_committer
 *	reader		reads closed segments back; struct evlog_reader
 *
 * A chunk belongs to one thread at a time: owner, worker, committer.  What they
 * share stands in struct evlog under `lock`, or is atomic.
 */
#define EVLOG_CHUNKS 24		   /* 16 for records, the rest to end */
#define EVLOG_RESERVE 8		   /* seals, rotations and epochs */
#define EVLOG_HANDED 32		   /* more than there are chunks */
#define EVLOG_QUEUE_MAX (8u << 20) /* inflated bytes on their way */
#define EVLOG_SEGMENT_MAX (UINT64_C(256) << 20) /* inflated bytes */
#define EVLOG_SEAL_AFTER 800000u  /* usec after a record: durable within 1 s */
#define EVLOG_HEARTBEAT 10000000u /* usec between seals when idle */
#define EVLOG_AGAIN 1000000u	  /* usec before what failed is tried again */
#define EVLOG_NAME_MAX 64u	  /* bytes of a file's name, NUL included */
#define EVLOG_CLOCK_STEP 1000000u /* usec: a wall clock that jumps by more */
#define EVLOG_LATE 4000000u /* usec before the last seal; 5 s need a reason */

struct evlog_leaf { /* what the leaf of a record needs beside its body */
	uint64_t rx, seq;
	uint32_t stream, pos, len; /* pos: of the body in the chunk */
	uint16_t port;
	uint8_t kind, flags;
};

/* A file that is to be on the disk before the records of its chunk. */
struct evlog_attached {
	struct evlog_attached *next;
	char name[EVLOG_NAME_MAX];
	struct buf bytes;
};

/* Records on their way to the disk: at most one member, or part of one. */
struct evlog_chunk {
	struct pool_job job;
	struct evlog *log;
	struct evlog_chunk *next; /* in the queue or the free list */
	struct buf bytes, out;	  /* inflated and deflated */
	struct evlog_leaf *leaf;
	size_t n, cap;
	uint64_t serial, first, low, high; /* order; index; times */
	uint8_t salt[RECORD_SALT];
	unsigned level;
	bool begins, ends;	  /* a member */
	bool opens, closes;	  /* a segment */
	bool seals, final;	  /* its last record is an s1 */
	bool renews;		  /* the next epoch begins */
	uint64_t segment;	  /* opens: number, file, where m1 names the */
	char file[MANIFEST_FILE]; /* manifest before */
	size_t previous_at;
	struct evlog_attached *files; /* in their order */
	struct tile_run run;	      /* its leaves, and all of them as */
	struct tree_range range;
	struct sha256x2_hash stream; /* of the segment, up to its end */
	uint64_t offset;	     /* in the file */
	bool has_point;	  /* for the index: a reader may begin here, */
	struct buf point; /* with these streams */
	unsigned step;	  /* next to be done by the committer */
};

/* evlog_chunk.c: what happens to a chunk before the disk. */
struct evlog_chunk *evlog_chunk_get(struct evlog *log); /* NULL: none free */
void evlog_chunk_put(struct evlog_chunk *c);
void evlog_chunk_append(struct evlog_chunk *c, const struct record *r,
    uint64_t seq);
void evlog_chunk_attach(struct evlog_chunk *c, const struct evlog_file *f);
void evlog_chunk_run(void *chunk); /* hash and deflate */
void evlog_chunk_free(struct evlog_chunk *c);

/* What became of a seal or a renewal. */
struct evlog_result {
	enum evlog_err err;
	bool sealed, renewed;
	bool dead;		  /* nothing will be sealed any more */
	uint64_t size;		  /* sealed */
	uint8_t text[SHA256_LEN]; /* sealed: hash of the three lines */
	struct epoch epoch;	  /* renewed */
};

struct evlog_gap { /* nothing could be written, or nothing was taken */
	uint64_t from, until;
	bool full;
	const char *reserve; /* full: `used`, `whole` again, or NULL: none */
};

/* The file `reserve`, by the committer: evlog_reserve.c. */
struct evlog_reserve {
	int fd;		/* or -1: none */
	uint64_t want;	/* bytes */
	uint64_t has;	/* allocated */
	uint64_t from;	/* wall: when it was first given from */
	uint64_t again; /* mono: when to try to make it whole */
};

struct evlog_tiles { /* evlog_tile.c */
	struct tile_edge edge;
	int fd;		/* of the level-1 tile that grows, or -1 */
	uint64_t n;	/* its number */
	uint64_t first; /* index of the first of these: */
	size_t n_hashes;
	uint8_t hash[TILE_WIDTH][SHA256_LEN]; /* not yet written */
	bool failed;
	int index_fd; /* of the open segment's index, or -1 */
};

struct evlog_committer {
	int fd;			 /* of the open segment, or -1 */
	struct manifest segment; /* what its manifest will say, as it grows */
	struct sha256x2_hash stream;
	struct sha256 gzip;
	uint8_t previous[SHA256_LEN]; /* hash of the manifest before */
	struct tree_range signed_range, added;
	struct evlog_tiles tiles;
	/* A signature whose answer did not come: signed or not? */
	bool tried;
	struct tree_range tried_range, since_tried;
	bool unsynced; /* an fsync failed: nothing is sealed any more */
	struct evlog_reserve reserve;
	struct evlog_gap fault; /* from: since when something is stuck, or 0 */
	uint32_t epoch;		/* the open one */
	uint64_t epochs_len;	/* bytes of the file `epochs` */
	uint64_t hastened;	/* bytes of the segment on their way */
	struct sign_request request;
	struct sign_reply reply;
	struct evlog_result result; /* being made */
};

/*
 * The reader has the lowest priority there is: whoever waited for a lock that
 * it holds would wait as long.  So it shares atomics and a semaphore only.
 */
enum evlog_reader_state {      /* of `damage`, and whose it is */
	EVLOG_READER_NONE,     /* the reader's */
	EVLOG_READER_FOUND,    /* the owner's, who records it */
	EVLOG_READER_RECORDED, /* and gives it out */
};
struct evlog_reader {
	pthread_t thread;
	bool threaded;
	sem_t wake;
	_Atomic uint64_t closed; /* segments that have a manifest */
	_Atomic bool ending;
	_Atomic int state;
	struct evlog_damage damage;
	uint8_t *block;
};

struct evlog_stream {
	struct span words; /* of d1 behind next=; owned */
	uint64_t next;
	uint64_t segment; /* that defines it, plus 1 */
	uint16_t d1_port, port;
	bool udp, live;
};

struct evlog_owner {
	uint64_t next; /* index of the next record */
	uint64_t serial;
	struct evlog_chunk *chunk; /* open, or NULL */
	uint64_t segment, day, segment_len;
	uint64_t point_at; /* segment_len that asks for a point of its index */
	uint8_t salt[RECORD_SALT];
	bool opens;		  /* the next chunk opens the segment */
	char file[MANIFEST_FILE]; /* opens: the file, if it is there already */
	size_t member_len;
	uint64_t member_began; /* mono */
	/* seals */
	bool want_seal, want_rotate, want_final;
	bool asked;		   /* for a seal, since the member began */
	bool flight, flight_final; /* a seal or a renewal is on its way */
	bool dead;		   /* nothing can be sealed any more */
	bool closing;		   /* the epoch that ends is the last one */
	bool epoch_open;
	enum evlog_err result; /* of the last seal */
	uint64_t covered;      /* size at the last s1 */
	uint64_t dirty_at, last_at, not_before, epoch_end;
	uint8_t previous[SHA256_LEN]; /* hash of the checkpoint before */
	struct epoch epoch;
	uint64_t seal_wall; /* of the last s1; 0: none yet */
	uint64_t late;	    /* older ones are announced: evlog_seal_late() */
	bool clock_known;
	int64_t clock_delta;
	int synced;	    /* as evlog_options.synced; at the last seal */
	uint64_t synced_at; /* wall usec: of that seal; 0: none yet */
	struct evlog_counters counters;
	uint8_t config[32];
	/* streams */
	struct evlog_stream *stream;
	size_t n_streams, streams_cap, hint, live;
};

struct evlog {
	struct evlog_options opt;
	char build[128], boot[64];
	struct logfile file;
	struct predecessor before; /* origin empty: there is none */
	int dir, lock_fd, segments, manifests, checkpoints, quarantine;
	uint64_t recovered;
	uint64_t stopped; /* rx of the last record found */
	struct pool *pool;
	pthread_t thread;
	bool threaded;
	struct evlog_owner own;
	struct evlog_committer com;
	struct evlog_reader reader;

	_Atomic uint64_t durable;
	_Atomic uint64_t in_flight; /* inflated bytes queued */
	_Atomic unsigned n_free;    /* chunks */
	_Atomic int fault;
	_Atomic bool ready;	/* a result waits */
	_Atomic bool wanted;	/* somebody was told BUSY */
	_Atomic bool stuck;	/* the committer waits to try again */
	_Atomic bool gap_ready; /* gap is to be recorded */
	_Atomic bool held; /* full: the reserve is in use, nothing is taken */

	pthread_mutex_t lock; /* guards all below */
	/* queue; result, free; member, hashed */
	pthread_cond_t work, done, handed;
	struct evlog_chunk *head, **tail; /* queue */
	struct evlog_chunk *free_chunks;
	struct member *free_member[EVLOG_CHUNKS];
	size_t n_free_members;
	struct member *handed_on[EVLOG_HANDED]; /* by who leaves one open */
	uint64_t hashed; /* serial of the chunk hashed last, which left */
	struct sha256x2_hash stream; /* this of its segment's stream */
	bool ending;
	struct evlog_result result;
	struct evlog_gap gap;
	struct evlog_chunk chunks[EVLOG_CHUNKS];
};

/* evlog.c: framing, by the owner. */
void evlog_clock(struct evlog *log, uint64_t *wall, uint64_t *mono);

/* The open chunk; a new one if there is none: evlog_room() was asked. */
struct evlog_chunk *evlog_chunk(struct evlog *log);

/* Whether there is room for a record of that many bytes; and whether one that
 * was received would be taken. */
bool evlog_fits(const struct evlog *log, size_t len);
bool evlog_takes(const struct evlog *log, size_t len);

/* Whether there are that many free chunks. */
bool evlog_room(const struct evlog *log, unsigned chunks);

/* Put a record into the open chunk; evlog_full() hands on one that is full. */
void evlog_put(struct evlog *log, const struct record *r, uint64_t seq);
void evlog_put_system(struct evlog *log, enum record_kind kind, uint64_t rx,
    struct span body);
void evlog_full(struct evlog *log);

/* There is something to seal since then. */
void evlog_dirty(struct evlog *log, uint64_t mono);

/* Hand on the open chunk as its flags say. */
void evlog_submit(struct evlog *log);

/* evlog_seal.c: seals, epochs and rotation, by the owner. */
void evlog_seal_poll(struct evlog *log); /* take results, begin what is due */
bool evlog_seal_asked(const struct evlog *log); /* worth calling it */
/* Announce a record of that time, if it waited longer than readers allow. */
void evlog_seal_late(struct evlog *log, uint64_t rx);
/* Seal that size and wait until it is durable. */
enum evlog_err evlog_seal_wait(struct evlog *log, uint64_t size);
enum evlog_err evlog_seal_final(struct evlog *log, bool renew);
enum evlog_err evlog_seal_renew(struct evlog *log);
void evlog_seal_k1(struct evlog *log, const struct epoch *e);

/* evlog_stream.c */
void evlog_stream_free(struct evlog *log);
/* The stream of an e1, its d1 written if the segment lacks it; or NULL. */
struct evlog_stream *evlog_stream_use(struct evlog *log, uint32_t number);

/* evlog_commit.c: the queue and its thread. */
int evlog_commit_start(struct evlog *log);
void evlog_commit_add(struct evlog *log, struct evlog_chunk *c);
void evlog_commit_poll(struct evlog *log); /* no threads: try again */
/* Returns how many records the disk did not take. */
uint64_t evlog_commit_stop(struct evlog *log);

/* evlog_step.c: take a chunk on, step by step: false if one is stuck. */
bool evlog_step_run(struct evlog *log, struct evlog_chunk *c);
bool evlog_step_wrote(const struct evlog_chunk *c); /* it is in the file */
/* Have the owner record a gap. */
void evlog_step_gap(struct evlog *log, const struct evlog_gap *gap);

/*
 * evlog_reserve.c: room on the disk for what was taken before it was full.
 * open: make it whole if it can be, and give from it if not even the start has
 * room; by the owner, before the threads run.  The rest is the committer's.
 */
void evlog_reserve_open(struct evlog *log, struct buf *detail);
/* After that error: give a part of it back.  False: nothing was given. */
bool evlog_reserve_give(struct evlog *log, enum evlog_err err);
/* Make it whole again if there is room; then records are taken again. */
void evlog_reserve_tend(struct evlog *log);
/* Whether tending it will be of use. */
bool evlog_reserve_lacks(const struct evlog *log);

/* evlog_readback.c: the reader and its thread.  0, or -1 and errno. */
int evlog_readback_start(struct evlog *log);
void evlog_readback_closed(struct evlog *log, uint64_t segments);
void evlog_readback_record(struct evlog *log, uint64_t wall); /* a g1 */
void evlog_readback_stop(struct evlog *log);

/*
 * evlog_files.c: what the committer does in the log's folder.  Each may be
 * called again after a failure.  0, or -1 and errno.
 */
int evlog_files_segment(struct evlog *log, const struct evlog_chunk *c);
int evlog_files_write(struct evlog *log, struct evlog_chunk *c);
int evlog_files_attached(struct evlog *log, const struct evlog_chunk *c);
int evlog_files_checkpoint(struct evlog *log); /* durable with: */
int evlog_files_sync(struct evlog *log);
int evlog_files_keep(struct evlog *log);
int evlog_files_epoch(struct evlog *log, const struct epoch *e);
int evlog_files_close(struct evlog *log);
int evlog_files_manifest(struct evlog *log);

/*
 * evlog_tile.c: tiles and the index of the open segment.  A failure loses only
 * what can be made again.
 */
/* Begin behind what is there: the leaves before the open segment, and, if
 * there is one, its own, whose tiles are written once more. */
void evlog_tile_begin(struct evlog *log, const struct tree_range *before,
    const struct tile_run *run);
/* Owner: make a point of the index at the start of a chunk if it is time. */
void evlog_tile_point(struct evlog *log, struct evlog_chunk *c);
/* Committer: what a chunk adds, once it is written.  0, or -1 and errno. */
int evlog_tile_chunk(struct evlog *log, const struct evlog_chunk *c);
/* Sync all tiles with leaves from `first` on. */
int evlog_tile_sync(struct evlog *log, uint64_t first);
void evlog_tile_close(struct evlog *log);

/* evlog_signer.c: what the committer asks the signer. */
enum evlog_err evlog_signer_state(struct evlog *log, struct sign_reply *state);
enum evlog_err evlog_signer_seal(struct evlog *log);
/* End the open epoch; begin: and begin the next, which goes into *next. */
enum evlog_err evlog_signer_renew(struct evlog *log, bool begin,
    struct epoch *next);
/* Take up the signature that the signer remembers. */
enum evlog_err evlog_signer_again(struct evlog *log);

struct evlog_torn { /* a torn tail, now in quarantine/; len 0: none */
	uint64_t len;
	uint8_t hash[SHA256_LEN];
	char name[48];
};
struct evlog_found {		 /* what recovery found */
	struct sign_reply state; /* of the signer */
	uint64_t last_rx;	 /* of the last record, or 0 */
	bool final;   /* the last signed record is the open epoch's final */
	bool listed;  /* the open epoch has its line in `epochs` */
	bool publish; /* `checkpoint` is older than the signer's state */
	struct evlog_torn segment, epochs;
};
/* evlog_scan.c: read a segment file again and hash what is whole. */
struct evlog_scan {
	uint64_t at;	   /* given: the size signed last */
	struct manifest m; /* as its manifest would say, without gzip hash */
	uint8_t salt[RECORD_SALT];
	struct sha256x2_hash stream;
	struct sha256 gzip;
	uint64_t len;	       /* bytes of the file */
	uint64_t whole;	       /* of them up to the last whole block; 0: none */
	bool inside;	       /* a member is open there: */
	bool ended;	       /* the empty member stands there */
	struct member_sum sum; /* of the open member */
	uint64_t last_rx;
	struct tile_run run;		/* all its leaves; tile_run_fini() it */
	struct tree_range upto, beyond; /* [first, at) and [at, end) */
	bool final;			/* record at - 1 is a final seal, */
	uint64_t epoch;			/* of that epoch */
};
/* *why: what ended the reading before the end of the file, if anything. */
enum evlog_err evlog_scan(int fd, struct evlog_scan *s, struct buf *why);

struct evlog_recovery {
	struct evlog *log;
	struct evlog_found *found;
	struct buf *detail;
	uint64_t size;		  /* signed last */
	uint64_t next;		  /* index behind what was read */
	uint64_t segment;	  /* number of the segment to be read next */
	uint64_t epochs_len;	  /* bytes of `epochs`, a torn line with them */
	struct evlog_scan scan;	  /* of the segment read last */
	struct tree_range before; /* the leaves before the open segment */
	struct buf why;		  /* what ended the reading of it */
	char file[MANIFEST_FILE]; /* of the open segment; empty: none */
	int fd;			  /* of the open segment, or -1 */
};

/* evlog_recover.c: read all, prove it, change nothing. */
enum evlog_err evlog_recover(struct evlog_recovery *r);
enum evlog_err evlog_recover_fail(struct evlog_recovery *r, enum evlog_err err,
    const char *file, const char *what);

/* evlog_recover_files.c: the same of `checkpoint` and `epochs`. */
enum evlog_err evlog_recover_files(struct evlog_recovery *r);

/* evlog_first.c: b1 and what belongs to it; the c1 of the configuration. */
void evlog_first_records(struct evlog *log, const struct evlog_found *found,
    uint64_t wall);
void evlog_first_config(struct evlog *log, uint64_t wall, struct span words);

/* evlog_resume.c: recover, then make the log ready to be written. */
enum evlog_err evlog_resume(struct evlog *log, struct evlog_found *found,
    struct buf *detail);

#endif

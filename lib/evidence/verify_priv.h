/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_VERIFY_PRIV_H
#define EVIDENCE_VERIFY_PRIV_H

#include <stdatomic.h>

#include "evidence/checkpoint.h"
#include "evidence/epoch.h"
#include "evidence/leaf.h"
#include "evidence/logdir.h"
#include "evidence/logfile.h"
#include "evidence/segread.h"
#include "evidence/tree.h"
#include "evidence/verify.h"

/*
 * Two halves.  The scan reads one segment, hashes every leaf and says what it
 * saw as events; scans of several segments run side by side.  The walk takes
 * the events of all segments in order, in one thread, and holds every rule
 * that goes from record to record or from file to file.
 */

/* --- events: verify_event.c ------------------------------------------------*/

enum verify_event_kind {
	VERIFY_BEGIN,  /* the header line was read */
	VERIFY_SYSTEM, /* a system record that the rules look at */
	VERIFY_POINT,  /* a size at which the root is wanted */
	VERIFY_STREAM, /* at the end: a live stream and its next number */
	VERIFY_END,    /* the segment's end, or the file's */
	VERIFY_BAD,    /* it cannot be read on */
	VERIFY_GONE,   /* there is a manifest and no file */
};

struct verify_deletion { /* an x1 record */
	uint64_t segment, first, last, since;
	uint8_t manifest[SHA256_LEN];
	char basis[VERIFY_BASIS];
};

struct verify_seal { /* an s1 record */
	uint64_t wall, mono;
	char boot[64];
	uint32_t epoch;
	bool final;
	uint8_t previous[SHA256_LEN];
};

struct verify_times {	    /* of some records one after another */
	uint64_t low, high; /* receive times; low > high: no records */
	uint64_t low_index, high_index;
	uint64_t first, first_offset; /* time and member of the first */
};

struct verify_event {
	enum verify_event_kind kind;
	uint64_t offset; /* in the file, of the member */
	uint64_t index;	 /* of the record, or of the next */
	uint64_t time;	 /* receive time of the record, or of the last */
	struct verify_times times; /* of the records since the event before */
	enum record_kind record;   /* SYSTEM */
	union {
		struct segment_head head; /* BEGIN */
		struct verify_seal seal;  /* SYSTEM, s1 */
		struct epoch epoch;	  /* SYSTEM, k1 */
		struct {		  /* SYSTEM, m1 */
			uint64_t segment;
			uint8_t previous[SHA256_LEN];
		} link;
		struct { /* SYSTEM, d1; STREAM */
			uint32_t number;
			bool first; /* d1 of its number in this segment */
			bool end;
			uint64_t next;
		} stream;
		struct verify_deletion deletion; /* SYSTEM, x1 */
		bool step; /* SYSTEM, g1: it upsets the order of times */
		struct {   /* END */
			bool closed, torn;
			uint64_t members, stream_len, gzip_len, records;
			struct verify_times times; /* of the whole segment */
			uint8_t stream_hash[SHA256_LEN], gzip_hash[SHA256_LEN];
		} end;
		struct {	   /* BAD */
			int error; /* errno: it cannot be read; else 0 */
			char what[320];
		} bad;
	} u;
	/* Their leaves; at s1, POINT and END.  Last: mostly it is short. */
	struct tree_range added;
};

/*
 * Fill e->record and e->u from a system record.  1 if the walk wants to know
 * of it, 0 if not, -1 if it is ill-formed.
 */
int verify_event_parse(const struct segment_record *rec,
    struct verify_event *e);

void verify_times_init(struct verify_times *t);
void verify_times_add(struct verify_times *t, uint64_t index, uint64_t rx,
    uint64_t offset);
void verify_times_merge(struct verify_times *t, const struct verify_times *o);

/* --- scan: verify_scan.c ---------------------------------------------------*/

/* Where the events of one segment go; non-zero stops the scan. */
struct verify_sink {
	int (*put)(void *cookie, const struct verify_event *e);
	void *cookie;
};

struct verify_job { /* one segment to scan */
	const struct logdir *dir;
	size_t segment;	    /* its place in dir->segments */
	bool whole;	    /* hash file and stream too: there is a manifest */
	uint64_t points[2]; /* sizes at which the root is wanted, ascending */
	size_t n_points;
	uint64_t sealed; /* size of the newest checkpoint: errors behind it
			  * are a torn tail */
	_Atomic uint64_t *done; /* bytes of files read */
};

struct verify_scan;

struct verify_scan *verify_scan_new(void);
void verify_scan_free(struct verify_scan *s);
void verify_scan_run(struct verify_scan *s, const struct verify_job *job,
    struct verify_sink sink);

/* --- walk: verify.c and what it calls
 * ---------------------------------------*/

#define VERIFY_SEALS 64 /* seals that may follow one that got no checkpoint */

/* A size, and the first record behind it: its member and receive time. */
struct verify_edge {
	uint64_t size;
	uint64_t offset, time; /* UINT64_MAX and 0: not known */
};

struct verify_gone { /* a segment without its file */
	uint64_t segment, first, last, time;
	uint64_t deleted; /* usec, by a later x1; 0: none yet */
	uint8_t manifest[SHA256_LEN];
	char basis[VERIFY_BASIS];
};

struct verify_unknown { /* what stood in such a segment, if anything */
	bool seals, epoch, streams;
};

struct verify {
	const struct verify_options *opt;
	struct verify_result *result;
	struct logdir dir;
	struct logfile log;    /* the pin, or the folder's own */
	bool stop;	       /* nothing behind this can be proved */
	_Atomic uint64_t done; /* bytes of segment files read */
	uint64_t total;

	bool waited; /* for that, in vain */
	bool live;   /* `checkpoint` grew meanwhile: the log is being written */

	/* What was signed, as the files say */
	struct checkpoint newest; /* size, root, epoch; origin unused */
	struct buf note;	  /* the newest note */
	bool have_newest;
	struct checkpoint anchor;
	bool have_anchor;
	size_t kept;	  /* next of dir.checkpoints */
	bool newest_seen; /* the newest note was checked */
	struct buf text;  /* scratch */

	/* Where the walk is */
	size_t segment; /* place in dir.segments */
	char path[MANIFEST_FILE];
	bool entered, linked;	/* its place, its m1 record were checked */
	bool tail;		/* behind what the newest checkpoint covers */
	bool torn;		/* the last segment ends inside a record */
	uint64_t index;		/* records walked */
	struct tree_range tree; /* [0, index) as of the last added leaves */
	struct tree_range own;	/* of this segment */
	uint8_t manifest[SHA256_LEN]; /* hash of the last one */
	struct evstreams *streams; /* their next numbers, over all segments */
	uint64_t last_time;

	/* Seals and epochs */
	bool have_epoch, have_seal;
	bool booted; /* a b1 and no k1 since */
	struct epoch epoch;
	uint64_t final_size;	 /* of this epoch's final seal, 0 if none yet */
	bool final_kept;	 /* and its checkpoint is here and signed */
	struct verify_seal seal; /* the last */
	struct verify_times times; /* of the records since */
	unsigned stepped; /* for so many seals more, times prove nothing */
	struct {
		struct verify_edge edge;
		uint8_t hash[SHA256_LEN];
	} seals[VERIFY_SEALS]; /* [0]: the last known to be signed */
	size_t n_seals;
	struct verify_edge proved; /* by a later seal or a note */
	uint64_t signed_size;	   /* that a later seal named, 0 if none yet */

	/* Segments without their files */
	struct verify_gone *gone;
	size_t n_gone;
	struct verify_unknown unknown;

	/* The file `epochs`, read along */
	int epochs_fd;
	uint64_t epochs_left; /* bytes of it not read yet */
	struct buf epochs;    /* bytes read and not yet taken */
	size_t epochs_pos;
};

/*
 * Note something wrong; the first of the worst sort is reported.  TAMPERED
 * and IMPOSSIBLE stop the walk.  Behind the newest checkpoint nothing can be
 * told from a torn write: what would be TAMPERED is INCOMPLETE, and nothing
 * if the log is being written.  file NULL: the segment being walked.
 * UINT64_MAX: not known.  Returns -1.
 */
struct verify_place {
	const char *file;
	uint64_t offset, index, time;
};
int verify_fail(struct verify *v, enum verify_verdict verdict,
    struct verify_place at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The place of an event. */
struct verify_place verify_at(const struct verify *v,
    const struct verify_event *e);

/* A file of the log that cannot be read: TAMPERED if a link or device stands
 * there or it is too long, else IMPOSSIBLE; by errno. */
int verify_unreadable(struct verify *v, const char *file);

/* A logdir_strange: count it. */
void verify_strange(void *cookie, const char *path);

/* Take one event.  Return 0, or -1 if the walk has to stop. */
int verify_walk(struct verify *v, const struct verify_event *e);

/* What remains to be said when all segments were walked. */
void verify_walk_end(struct verify *v);

/* The root at that size is what was signed: a fault lies behind it. */
void verify_proved(struct verify *v, struct verify_edge edge);

/* Learn where the first record behind the last seal stands. */
void verify_edge(struct verify *v);

/*
 * One of the records from the last proved size to `last` was changed, nobody
 * knows which: the place of the first of them, and the words for it.
 */
struct verify_changed {
	char file[MANIFEST_FILE];
	char what[160];
};
struct verify_place verify_changed(struct verify *v, uint64_t last,
    struct verify_changed *c);

int verify_seal_take(struct verify *v, const struct verify_event *e);
int verify_epoch_take(struct verify *v, const struct verify_event *e);

/* verify_gone.c: list them, walk one, take an x1, and judge at the end. */
void verify_gone_list(struct verify *v);
int verify_gone_take(struct verify *v);
void verify_gone_explain(struct verify *v, const struct verify_event *e);
void verify_gone_end(struct verify *v);

/* Remember the checkpoint that a seal asks for. */
void verify_seal_push(struct verify *v, uint64_t size,
    const uint8_t root[SHA256_LEN]);

/* Read what is signed (checkpoint, kept ones) and what was pinned. */
int verify_note_open(struct verify *v);

/* Check every note of that size against the root there.  kept: out, whether
 * one was in checkpoints/. */
int verify_note_check(struct verify *v, const struct verify_event *e,
    uint64_t size, const uint8_t root[SHA256_LEN], bool *kept);

/* The same for the file `checkpoint` alone. */
int verify_note_newest(struct verify *v, const uint8_t root[SHA256_LEN]);

/* Say so if the newest checkpoint is not among what was walked. */
int verify_note_end(struct verify *v);

/*
 * Whether `checkpoint` has grown, so that somebody is writing the log; waits
 * for it a few seconds if the newest segment changed just now.
 */
bool verify_note_grew(struct verify *v);

/* Open `epochs`; compare with its next line; look at what is left of it. */
int verify_epochs_open(struct verify *v);
int verify_epochs_take(struct verify *v, const struct verify_event *e);
int verify_epochs_end(struct verify *v);

/* Read on to the line of that epoch, whose k1 is gone.  Return 0, or -1. */
int verify_epochs_find(struct verify *v, const struct verify_event *e,
    uint32_t number);

/* --- run: verify_run.c
 * ------------------------------------------------------*/

/* Scan all segments, opt->jobs at a time, and walk them in order. */
void verify_run(struct verify *v);

#endif

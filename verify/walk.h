/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_WALK_H
#define VERIFY_WALK_H

#include "verify/live.h"
#include "verify/pin.h"
#include "verify/scan.h"
#include "verify/signed.h"
#include "verify/verify.h"

/*
 * The walk takes the facts of all segments in order, in one thread at a time,
 * and holds every rule that goes from record to record or from file to file.
 * Functions return 0, or -1 if the walk has to stop.
 */
#define WALK_SEALS 64 /* seals that may follow one that got no checkpoint */

struct walk_place {		      /* where a fault is */
	const char *file;	      /* NULL: the segment being walked */
	uint64_t offset, index, time; /* UINT64_MAX, ~, 0: not known */
};

struct walk_edge { /* a size, and the first record behind it */
	uint64_t size;
	uint64_t offset, time; /* UINT64_MAX and 0: not known */
};

struct walk_seal { /* an s1 record */
	uint64_t wall, mono, epoch;
	char boot[64];
	bool final;
	uint8_t previous[SHA256_LEN];
};

struct walk_anchor { /* a checkpoint that came another way */
	const char *file;
	struct signed_head head; /* origin unused */
	bool token;		 /* only the hash of its lines is known */
	uint8_t hash[SHA256_LEN];
	uint64_t time; /* usec, 0: none */
	bool seen;     /* and it fits */
};

struct walk_hole { /* a segment that is not there, but its manifest is */
	uint64_t segment, first, last;
	uint8_t manifest[SHA256_LEN];
	bool deleted; /* by an x1 record */
	struct {      /* what was proved before it */
		uint64_t size, sealed_time;
		uint32_t epoch;
		uint8_t root[SHA256_LEN];
	} before;
	uint64_t time;		  /* deleted: when, */
	char basis[VERIFY_BASIS]; /* and why */
};

struct walk {
	const struct verify_options *opt;
	struct verify_result *result;
	struct folder dir;  /* of the log */
	struct folder bag;  /* of the package that it came in */
	const char *prefix; /* of dir below bag, in front of a file's name */
	uint64_t package_size;
	struct {
		uint64_t begin, end;
	} shown; /* records of whole segments */
	struct pin pin;
	_Atomic bool stop;     /* nothing behind this can be proved */
	_Atomic uint64_t done; /* bytes of segment files read */
	uint64_t total;
	bool waited; /* for `checkpoint` to grow, in vain */

	/* What was signed, as the files say */
	struct signed_head newest; /* origin unused */
	struct span note;	   /* the newest note */
	bool have_newest, newest_seen;
	struct walk_anchor anchor[VERIFY_ANCHORS_MAX];
	size_t n_anchors;
	size_t kept; /* next of dir.checkpoints */

	/* Where the walk is */
	const struct scan_fact *fact;
	size_t place;	 /* in dir.segments */
	uint64_t number; /* of the segment */
	char path[FOLDER_PATH];
	bool entered, linked;	 /* its place, its m1 record were checked */
	bool tail;		 /* behind what the newest checkpoint covers */
	bool torn;		 /* the last segment ends inside a record */
	uint64_t index;		 /* records walked */
	struct merkle tree, own; /* of the log, of this segment */
	uint8_t manifest[SHA256_LEN]; /* hash of the last one */
	struct live live;
	uint64_t last_time;
	struct walk_hole *holes;
	size_t n_holes;
	bool loose; /* behind a hole: streams, epoch and seals are not known */

	/* Seals and epochs */
	bool have_epoch, have_seal;
	bool booted; /* a b1 and no k1 since */
	struct pin_epoch epoch;
	uint64_t final_size;	 /* of this epoch's final seal, 0: none yet */
	bool final_kept;	 /* and its checkpoint is here and signed */
	struct walk_seal seal;	 /* the last */
	struct scan_times times; /* of the records since */
	unsigned stepped; /* for so many seals more, times prove nothing */
	struct {
		struct walk_edge edge;
		uint8_t hash[SHA256_LEN];
	} seals[WALK_SEALS]; /* [0]: the last known to be signed */
	size_t n_seals;
	struct walk_edge proved; /* by a later seal or a note */
	uint64_t signed_size;	 /* that a later seal named, 0: none yet */
	FILE *epochs;		 /* read along */

	uint8_t newest_bytes[SIGNED_MAX], bytes[SIGNED_MAX]; /* notes */
};

/*
 * Note something wrong; the first of the worst sort is reported.  TAMPERED
 * and IMPOSSIBLE stop the walk.  Behind the newest checkpoint nothing can be
 * told from a torn write: what would be TAMPERED is INCOMPLETE, and nothing
 * if the log is being written.  Returns -1.
 */
int walk_fault(struct walk *w, enum verify_verdict verdict,
    struct walk_place at, struct say say);

/* The same, TAMPERED: there, or at the fact under way. */
int walk_wrong_at(struct walk *w, struct walk_place at, struct say say);
int walk_wrong(struct walk *w, struct say say);

/* A file of the log that cannot be read, by errno: TAMPERED if a link or a
 * device stands there or it is too long, else IMPOSSIBLE. */
int walk_unreadable(struct walk *w, const char *file);

/* A place that is only a file; the place of the fact under way. */
struct walk_place walk_file(const char *file);
struct walk_place walk_here(const struct walk *w);

/* Take one fact; what remains to be said when all segments were walked. */
int walk_take(struct walk *w, const struct scan_fact *f);
void walk_end(struct walk *w);

/* The manifests and checkpoints behind the last segment of a package. */
int walk_rest(struct walk *w);

/* A line of --chain. */
void walk_chain(struct walk *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* --- seals.c: s1 and k1 ----------------------------------------------------*/

/* The root at that size is what was signed: a fault lies behind it. */
void seals_proved(struct walk *w, struct walk_edge edge);

/* Learn where the first record behind the last seal stands. */
void seals_edge(struct walk *w);

/*
 * One of the records from the last proved size to `last` was changed, nobody
 * knows which: the place of the first of them, its file in path.
 */
struct walk_place seals_changed(struct walk *w, uint64_t last,
    char path[FOLDER_PATH], char what[160]);

int seals_take(struct walk *w);
int seals_epoch(struct walk *w);
void seals_loose(struct walk *w); /* behind a hole */

/* --- heads.c: checkpoints, pin and anchors ---------------------------------*/

/* Read a file that was given to us, from anywhere.  Its length, or -1. */
ssize_t heads_read_given(const char *path, uint8_t *out, size_t max);

/* Read what is signed (checkpoint, kept ones) and what was pinned. */
int heads_open(struct walk *w);

/* Check every note of that size against the root there; *kept: one was in
 * checkpoints/. */
int heads_check(struct walk *w, uint64_t size, const uint8_t root[SHA256_LEN],
    bool *kept);

/* The same for what was signed in a hole that ends here: the root is known
 * at the end of the tree only. */
int heads_hole(struct walk *w, uint64_t until);

/* The newest checkpoint, whose root came another way than by all records. */
int heads_newest(struct walk *w);

/* A size at which the newest checkpoint or an anchor gives the root. */
int heads_point(struct walk *w);

/* Say so if the newest checkpoint is not among what was walked. */
int heads_end(struct walk *w);

/* Whether `checkpoint` has grown, so that somebody is writing the log; waits
 * for it a few seconds if the newest segment changed just now. */
bool heads_grew(struct walk *w);

/* --- epochs.c --------------------------------------------------------------*/

/* Compare with the next line of `epochs`; look for that number there; look at
 * what is left of it. */
int epochs_take(struct walk *w, const struct pin_epoch *e);
int epochs_find(struct walk *w, uint64_t number);

/* Whether that epoch may come next: of a log none is passed over. */
int epochs_follow(struct walk *w, uint64_t number);
int epochs_end(struct walk *w);
/* --- anchors.c -------------------------------------------------------------*/

/* Read those that were given; none is larger than the newest checkpoint. */
int anchors_open(struct walk *w);
int anchors_check(struct walk *w);

/* t1 and w1 records: what they name is there. */
int anchors_token(struct walk *w);
int anchors_cosignature(struct walk *w);

/* Note that a checkpoint with that hash is in the log: a token may be of it. */
void anchors_stamped(struct walk *w, uint64_t size,
    const uint8_t hash[SHA256_LEN]);
/* That one fits the log; each token was of something that was walked. */
void anchors_fit(struct walk *w, struct walk_anchor *a);
int anchors_end(struct walk *w);

/* --- holes.c: segments that are not here, but their manifests are ----------*/

/*
 * The next segment is not there.  Its manifest stands for it, if it follows
 * the one before.  1 taken, 0 there is no manifest, -1.
 */
int holes_take(struct walk *w);

/* x1: what it names was deleted.  At the end: that holds for every hole. */
int holes_deleted(struct walk *w);
int holes_end(struct walk *w);

/* --- package.c, excerpt.c
 * ---------------------------------------------------*/

void package_check(struct walk *w);

/* The manifest of the segment just walked leads to the newest checkpoint. */
int package_proof(struct walk *w);

int excerpt_check(struct walk *w);

/* --- turns.c ---------------------------------------------------------------*/

/* Scan all segments, opt->jobs at a time, and walk them in order. */
void turns_run(struct walk *w);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_WALK_H
#define VERIFY_WALK_H

#include <setjmp.h>

#include "verify/live.h"
#include "verify/match.h"
#include "verify/pin.h"
#include "verify/policy.h"
#include "verify/scan.h"
#include "verify/signed.h"
#include "verify/verify.h"

/*
 * The walk takes the facts of all segments in order and holds every rule that
 * goes from record to record or from file to file.  What is wrong ends it:
 * walk_fault() notes the fault and goes back to verify_log() by longjmp, so a
 * function that returns has found its part right, and what it needs to free is
 * kept in struct walk.
 */
#define WALK_SEALS 64 /* seals that may follow one that got no checkpoint */
#define WALK_DAY UINT64_C(86400000000) /* usec */
#define WALK_HOLES (1u << 18) /* of a segment a day in 700 years */

struct walk_place {		      /* where a fault is */
	const char *file;	      /* NULL: the segment being walked */
	uint64_t offset, index, time; /* UINT64_MAX, ~, 0: not known */
};

struct walk_edge { /* a size, and the first record behind it */
	uint64_t size;
	uint64_t offset, time; /* UINT64_MAX and 0: not known */
};

struct walk_seal { /* an s1 record */
	uint64_t size; /* of the checkpoint that it asks for */
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
	uint64_t first, last; /* records */
	uint8_t manifest[SHA256_LEN];
	uint64_t sealed_time; /* of what was proved before it */
	uint32_t segment;
	bool deleted;	/* by an x1 record */
	bool promised;	/* the package says that it is gone */
	uint8_t reason; /* of reasons */
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
	bool unproved; /* and no m1 since names a manifest */
	struct pin pin;
	jmp_buf out;	       /* where walk_fault() goes */
	struct scan *scan;     /* one job: in this process; else: */
	struct {
		pid_t pid;
		FILE *facts; /* from it */
	} worker[VERIFY_JOBS_MAX];
	bool waited; /* for `checkpoint` to grow, in vain */

	/* What was signed, as the files say */
	struct signed_head newest; /* origin unused */
	struct span note;	   /* the newest note */
	bool have_newest, newest_seen;
	struct walk_anchor anchor[VERIFY_ANCHORS_MAX];
	size_t n_anchors;
	struct policy policy; /* all zero: none was given */
	size_t kept; /* next of dir.checkpoints */

	/* Where the walk is */
	const struct scan_fact *fact; /* under way */
	size_t place;	 /* in dir.segments */
	uint64_t number; /* of the segment */
	char path[FOLDER_PATH];
	bool entered, linked;	 /* its place, its m1 record were checked */
	bool tail;		 /* behind what the newest checkpoint covers */
	bool torn;		 /* the last segment ends inside a record */
	bool copy;  /* of a log: its open segment need not be here */
	bool cut;   /* and more was signed than is; */
	bool ahead; /* an anchor says so, of more than its checkpoint */
	uint64_t index;		 /* records walked */
	struct merkle tree, own; /* of the log, of this segment */
	uint8_t manifest[SHA256_LEN]; /* hash of the last one */
	struct live live;
	uint64_t last_time;
	struct walk_hole *holes; /* ascending */
	size_t n_holes;
	/* Of deletions, by day and basis; the last is of those beyond. */
	struct verify_deleted reasons[VERIFY_DELETED_MAX + 1];
	size_t n_reasons;
	bool loose; /* behind a hole: streams, epoch and seals are not known */

	/* Seals and epochs */
	bool have_epoch, have_seal;
	bool started; /* the first b1 was there */
	bool booted; /* a b1 and no k1 since */
	struct pin_epoch epoch;
	uint64_t final_size;	 /* of this epoch's final seal, 0: none yet */
	bool final_kept;	 /* and its checkpoint is here and signed */
	struct walk_seal seal;	 /* the last */
	struct scan_times times; /* of the records since */
	unsigned stepped; /* for so many seals more, times prove nothing */
	uint64_t late;	  /* and since the last seal, from here on: a g1 */
	struct {
		struct walk_edge edge;
		uint8_t hash[SHA256_LEN];
	} seals[WALK_SEALS]; /* [0]: the last known to be signed */
	size_t n_seals;
	struct walk_edge proved; /* by a later seal or a note */
	uint64_t signed_size;	 /* that a later seal named, 0: none yet */
	FILE *epochs;		 /* read along */

	uint8_t newest_bytes[SIGNED_MAX], bytes[SIGNED_MAX + 1]; /* notes */

	FILE *excerpt;
	uint8_t body[SCAN_BODY_MAX + 1]; /* of a record in it */
};

/*
 * Note what is wrong and end the walk.  Behind the newest checkpoint nothing
 * can be told from a torn write: what would be TAMPERED is INCOMPLETE there,
 * and nothing at all if the log is being written.
 */
_Noreturn void walk_fault(struct walk *w, enum verify_verdict verdict,
    struct walk_place at, struct say say);

/* The same, IMPOSSIBLE: that file or folder cannot be used. */
_Noreturn void walk_refuse(struct walk *w, const char *file, struct say say);

/* The same, TAMPERED; at the fact under way, unless that holds. */
_Noreturn void walk_wrong_at(struct walk *w, struct walk_place at,
    struct say say);
void walk_must(struct walk *w, bool holds, struct say say);

/* A file that cannot be read, by errno: TAMPERED if a link or a device stands
 * there or it is too long, else IMPOSSIBLE. */
_Noreturn void walk_unreadable(struct walk *w, const char *file);

/* Note that the log is INCOMPLETE; the walk goes on. */
void walk_lacks(struct walk *w, struct walk_place at, struct say say);

/* The whole of a file of at most max bytes, read into out; or the end. */
struct span walk_read(struct walk *w, const struct folder *from,
    const char *path, void *out, size_t max);

/* The words of the record under way. */
struct match_words walk_words(const struct walk *w);

/* A place that is only a file; the place of the fact under way, and a record of
 * its time in another file. */
struct walk_place walk_file(const char *file);
struct walk_place walk_here(const struct walk *w);
struct walk_place walk_at(const struct walk *w, const char *file,
    uint64_t index);

/* The fact under way when none is. */
extern const struct scan_fact walk_none;

/* The path of the i-th segment. */
void walk_path(const struct walk *w, size_t i, char path[FOLDER_PATH]);

/* Take one fact; what remains to be said when all segments were walked. */
void walk_take(struct walk *w, const struct scan_fact *f);
void walk_end(struct walk *w);

/* A line of --chain. */
void walk_chain(struct walk *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* --- seals.c: s1 and k1, and the file `epochs` -----------------------------*/

/* The root at that size is what was signed: a fault lies behind it. */
void seals_proved(struct walk *w, struct walk_edge edge);

/* Learn where the first record behind the last seal stands. */
void seals_edge(struct walk *w);

/*
 * One of the records from the last proved size to `last` was changed, nobody
 * knows which, so the place is that of the first.  Says how that is known, what
 * was changed, and what may have been changed instead.
 */
_Noreturn void seals_changed(struct walk *w, uint64_t last, struct say known,
    enum say_what instead);

void seals_take(struct walk *w);
void seals_epoch(struct walk *w);
void seals_loose(struct walk *w); /* behind a hole */

/* The open epoch is now the one of that number, as its line of `epochs` says;
 * what is left of that file. */
void seals_find(struct walk *w, uint64_t number);
void seals_end(struct walk *w);

/* --- given.c: what came with the options -----------------------------------*/

/* "--pin: " or what else gave it; NULL: nothing did. */
const char *given_option(const struct verify_options *o, const char *given);

/* The whole of a file, from anywhere, of at most max bytes. */
struct span given_read(struct walk *w, const char *file, uint8_t *out,
    size_t max);

/* All of it can be used; the policy is read. */
void given_check(struct walk *w);

/* --- heads.c: checkpoints, pin and anchors ---------------------------------*/

/* Read what is signed (checkpoint, kept ones) and what was pinned. */
void heads_open(struct walk *w);

/*
 * Check every note of that size against the root there; whether one was in
 * checkpoints/.  NULL: those that were signed in a hole that ends here, whose
 * root is known at the end of the tree only.
 */
bool heads_check(struct walk *w, uint64_t size, const uint8_t *root);

/* The checkpoints that are left, whose roots came another way than by all
 * records, or which are of more than a copy has. */
void heads_newest(struct walk *w);

/* A size at which the newest checkpoint or an anchor gives the root. */
void heads_point(struct walk *w);

/* Whether `checkpoint` has grown, so that somebody is writing the log; waits
 * for it a few seconds if the newest segment changed just now. */
bool heads_grew(struct walk *w);

/* --- anchors.c -------------------------------------------------------------*/

/* Read those that were given; none is larger than the newest checkpoint. */
void anchors_open(struct walk *w);
void anchors_check(struct walk *w);

/* The result has the largest that fits what was proved. */
void anchors_result(struct walk *w);

/* t1 and w1 records: what they name is there. */
void anchors_token(struct walk *w);
void anchors_cosignature(struct walk *w);

/* Note that a checkpoint with that hash is in the log: a token may be of it. */
void anchors_stamped(struct walk *w, uint64_t size,
    const uint8_t hash[SHA256_LEN]);
/* A checkpoint of the log that was proved: its witnesses may be a quorum. */
void anchors_witnessed(struct walk *w, uint64_t size,
    const struct signed_note *n);

/* That one fits the log; each token was of something that was walked. */
void anchors_fit(struct walk *w, struct walk_anchor *a);
void anchors_end(struct walk *w);

/* --- holes.c: segments that are not here, but their manifests are ----------*/

/*
 * The next segment is not there.  Its manifest stands for it, if it follows
 * the one before.  False: there is no manifest.
 */
bool holes_take(struct walk *w);

/* x1: what it names was deleted.  At the end: that holds for every hole. */
void holes_deleted(struct walk *w);
void holes_end(struct walk *w);

/* A package says that this segment is gone; false: it is not.  At the end: of
 * how many records of its range nothing shows that; the others are reported. */
bool holes_promise(struct walk *w, uint64_t segment);
uint64_t holes_of_package(struct walk *w);

/* --- predecessor.c ---------------------------------------------------------*/

/* The first b1: the file `predecessor`, if it is there, says the same. */
void predecessor_check(struct walk *w);

/* --- package.c, excerpt.c --------------------------------------------------*/

void package_check(struct walk *w);

/* A segment was walked: it is shown if this is a package. */
void package_walked(struct walk *w);

/*
 * The last manifest leads to the newest checkpoint, if its m1 is proved, and
 * with it all before it.  That m1 is here if segment next follows.
 */
void package_proof(struct walk *w, size_t next);

/* Whether a leaf's commit is to that body, by that nonce. */
bool package_opens(const uint8_t nonce[16], struct span body,
    const uint8_t commit[SHA256_LEN]);

void excerpt_check(struct walk *w);

/* --- workers.c -------------------------------------------------------------*/

/* Scan all segments, opt->jobs at a time, and walk them in order; end what is
 * still at work. */
void workers_run(struct walk *w);
void workers_end(struct walk *w);

#endif

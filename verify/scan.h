/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_SCAN_H
#define VERIFY_SCAN_H

#include "common/lend.h"
#include "verify/folder.h"
#include "verify/merkle.h"
#include "verify/say.h"

/*
 * One pass over one segment: strict where FORMAT.md, 3 is, it hashes every
 * leaf and says what it saw as facts.  Scans of several segments run side by
 * side; the rules that go from record to record are the walk's (walk.h).
 * Memory is bounded by UNZIP_MAX and LIVE_MAX.
 */
#define SCAN_RX_MAX                                                            \
	UINT64_C(253402300799999999) /* the end of the year 9999               \
				      */
#define SCAN_BODY_MAX 1048576u	     /* bytes of an e1 body */
#define SCAN_SYSTEM_MAX 65536u	     /* of another one's */
#define SCAN_POINTS 10

enum scan_kind {
	SCAN_BEGIN,  /* the header line was read */
	SCAN_SYSTEM, /* a record that is not e1 */
	SCAN_POINT,  /* a size at which the root is wanted */
	SCAN_STREAM, /* at the end: a live stream and its next number */
	SCAN_END,    /* the segment's end, or the file's */
	SCAN_BAD,    /* it cannot be read on */
};

struct scan_times {	    /* of some records one after another */
	uint64_t low, high; /* receive times; low > high: no records */
	uint64_t low_index, high_index;
	uint64_t first, first_offset; /* time and member of the first */
};

struct scan_fact {
	enum scan_kind kind;
	uint64_t offset; /* in the file, of the member */
	uint64_t index;	 /* of the record, or of the next */
	uint64_t time;	 /* receive time of the record, or of the last */
	struct scan_times times; /* of the records since the fact before */
	char record;		 /* SYSTEM: first letter of the kind */
	struct span body;	 /* SYSTEM */
	struct {		 /* d1, STREAM */
		uint32_t number;
		bool first; /* d1 of its number in this segment */
		bool end;
		uint64_t next;
	} stream;
	union {
		struct { /* BEGIN */
			char origin[121];
			uint64_t number, first;
			uint8_t salt[32];
		} head;
		struct { /* END */
			bool closed, torn;
			uint64_t members, stream_len, gzip_len;
			struct scan_times times; /* of the whole segment */
			uint8_t stream_hash[SHA256_LEN], gzip_hash[SHA256_LEN];
		} end;
		struct {	   /* BAD */
			int error; /* errno: it cannot be read; else 0 */
			enum say_what what, why;
		} bad;
	} u;
	/* The leaves since; at s1, POINT and END.  Last: mostly it is short. */
	struct merkle added;
};

struct scan_job {
	const struct folder *dir;
	const char *path;	      /* of the segment, below dir */
	uint64_t points[SCAN_POINTS]; /* where the root is wanted */
	size_t n_points;
	uint64_t sealed; /* size of the newest checkpoint: what is wrong behind
			  * it is a torn tail */
	void (
	    *put)(void *cookie, const struct scan_fact *f); /* may not return */
	void *cookie;
	/* As in struct verify_options. */
	struct lent *(*lend)(struct lend *lending, struct lent *whole, int fd,
	    uint64_t offset, size_t len);
	struct lend *lending;
};

/* For one pass, after which, or in the middle, it is to be freed. */
struct scan;

struct scan *scan_new(void);
void scan_run(struct scan *s, const struct scan_job *job);
void scan_free(struct scan *s); /* may be NULL */

/* A record's head line, its LF left out.  SAY_NONE, or what is wrong. */
struct scan_head {
	char kind; /* its first letter */
	uint64_t rx, stream, len;
	uint64_t port;	      /* 0: none */
	size_t end_of_stream; /* bytes up to the flags */
};
enum say_what scan_head_parse(struct span line, struct scan_head *h);

void scan_times_init(struct scan_times *t);
void scan_times_merge(struct scan_times *t, const struct scan_times *more);

#endif

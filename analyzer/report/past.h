/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_PAST_H
#define ANALYZER_REPORT_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "analyzer/rule/visit_pair.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/sha256.h"
#include "evidence/record.h"

/*
 * What a weekly sheet needs of a closed segment whose records are of no day of
 * its week (集計): from when to when they are, who sent them, who spoke last on
 * each stream, which VPN and administrators' sessions they tell of, what the
 * collector lost meanwhile.  What follows from records before the segment is
 * left open, and named: the file fits only where that is the same.
 *
 * A cache outside the log, nobody's evidence: it names the SHA-256 of the
 * segment's file, of what the reading depended on, and of itself.  Pure.
 */
#define PAST_MAX (16u << 20) /* bytes of a file */
#define PAST_NAMES 4096u     /* sources of a segment */
#define PAST_SPEAKERS 65536u
#define PAST_NONE UINT32_MAX

enum { PAST_IMPORTED = 1, PAST_REPLAY = 2 }; /* how records of one came */

struct past_range { /* of judged times, utc usec */
	bool any;
	int64_t low, high;
};

struct past_name { /* a source that says its name */
	struct span name;
	int64_t first;
	unsigned flags;
};

struct past_speaker { /* who spoke on a stream */
	uint32_t stream;
	struct span where; /* its peer or file */
	uint32_t last;	   /* the name that was said last; PAST_NONE */
	/* Of lines without a name before one was said: who they are of is known
	 * to who knows the segments before. */
	struct past_range unnamed;
	unsigned flags;
};

struct past_memory { /* of a stream whose lines depend on those before */
	uint32_t stream;
	struct span before, after; /* as formats remember it; may be empty */
};

struct past_told { /* a record of the collector about itself */
	enum record_kind kind;
	uint64_t rx, index;
	uint8_t leaf[8]; /* its beginning */
	struct span body;
};

struct past {
	/* Whose it is. */
	char origin[121];
	uint64_t segment, gzip_len;
	uint8_t gzip_hash[SHA256_LEN];
	uint8_t ground[SHA256_LEN]; /* what the reading depended on */

	struct past_range all, events; /* records; of them events */
	int64_t received;	       /* of its first record */
	int64_t newest; /* of those that tell a time; 0: none */
	/* A replayed record that tells no time was judged by the newest before
	 * it, which was this at the segment's beginning. */
	bool untimed;
	int64_t newest_before;

	struct past_name *names;
	struct past_speaker *speakers;
	uint32_t *steps; /* names and speakers as they came, PAST_STEP_* */
	struct past_memory *memory;
	struct past_told *told;
	struct visit_mark *marks; /* their strings are the arena's */
	size_t n_names, n_speakers, n_steps, n_memory, n_told, n_marks;
	size_t cap_names, cap_speakers, cap_steps, cap_memory, cap_told,
	    cap_marks;
	size_t bytes; /* of strings */
	bool useless; /* it grew too large to be kept */
	struct arena *arena;
	struct index *by_name, *by_stream; /* while it is made, or NULL */
};

/* A step is the place of a name or of a speaker. */
#define PAST_STEP_NAME(i) ((uint32_t)(i) << 1)
#define PAST_STEP_SPEAKER(i) ((uint32_t)(i) << 1 | 1)

void past_init(struct past *p);
void past_fini(struct past *p);

/* Forget all.  newest: judged, before the first record; 0: none. */
void past_begin(struct past *p, int64_t newest);

struct past_record { /* any record of the segment, in order */
	const struct record *r;
	uint64_t index;
	const uint8_t *leaf;	   /* 32 bytes */
	const struct event *event; /* NULL: it is none */
	bool tells;		   /* the event, a time */
	int64_t at;		   /* judged */
};

void past_record(struct past *p, const struct past_record *rec);

/* What was remembered of a stream that asked; spans are copied. */
void past_memory(struct past *p, uint32_t stream, struct span before,
    struct span after);

/* Whether an event of it may be of [from, until). */
bool past_touches(const struct past *p, int64_t from, int64_t until);

/* Append "<cache>/past-<origin, / as ->", and the file of a segment there. */
void past_folder(struct buf *out, const char *cache, const char *origin);
void past_file(struct buf *out, uint64_t segment);

/* The file.  parse: 0, or -1 if it is none, or not all of it; it borrows
 * nothing.  For what parse takes, print gives the same bytes. */
void past_print(const struct past *p, struct buf *out);
int past_parse(struct span in, struct past *p);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_TALKER_H
#define SITE_TALKER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/cursor.h"
#include "common/span.h"
#include "evidence/gap.h"
#include "site/site.h"

/*
 * Who sends logs: what the writer keeps of each sender, and `konseki devices`
 * shows.  The evidence is the truth; this is a summary, kept in the file
 * TALKER_FILE of the site's cache, that is there at once however large the
 * logs are.  Pure.
 */
#define TALKER_FILE "sources"
#define TALKER_MAX 4096u	    /* senders */
#define TALKER_LINE 4096u	    /* bytes of a line of the file, at most */
#define TALKER_FILE_MAX (16u << 20) /* bytes of the file */
#define TALKER_HOURS 32u /* more than 24; a power of two, to be quick */
#define TALKER_DAYS 8u	 /* 7 and the one that runs */

/* Kinds of g1 that name a sender, and are counted for him. */
#define TALKER_LOSSES 7u

struct talker {
	/* What tells senders apart; a port does not. */
	char log[40], listener[40], transport[12], peer[72], name[136];
	char framing[12];     /* as last seen */
	char why[40];	      /* he was refused last; "" if he is taken */
	uint64_t first, last; /* usec: of its messages */
	uint64_t records, bytes;
	uint64_t minute; /* number of the last minute with records */
	uint64_t in_minute,
	    minute_before;	      /* records of it, of the one before */
	uint64_t hour;		      /* likewise of hours */
	uint64_t hours[TALKER_HOURS]; /* records, by hour modulo */
	uint64_t day;
	uint64_t quiet[TALKER_DAYS];  /* longest silence, usec, by day modulo */
	uint64_t lost[TALKER_LOSSES]; /* by kind: talker_loss() */
	uint64_t away;	  /* usec of its silence in which nobody listened */
	uint64_t alarmed; /* its last message when its silence was said */
	bool resumed;	  /* a silence that our absence made does not count */
	uint32_t serial;  /* the table's, not in the file */
};

/*
 * The transport of a sender that is not let in, for the reason in why: he is
 * counted, not taken.
 */
#define TALKER_REFUSED "refused"
bool talker_is_refused(const struct talker *t);

/* The i-th kind of lost; its place there, TALKER_LOSSES if it has none. */
enum gap_kind talker_loss(size_t i);
size_t talker_loss_place(enum gap_kind kind);

/* So many of his were refused up to that time. */
void talker_refuse(struct talker *t, uint64_t at, uint64_t count, uint64_t len);

/* One record of that many bytes, received at rx. */
void talker_count(struct talker *t, uint64_t rx, uint64_t len);

/* Records of the last whole minute, or of the 24 hours, before that time. */
uint64_t talker_last_minute(const struct talker *t, uint64_t at);
uint64_t talker_last_day(const struct talker *t, uint64_t at);

/*
 * The longest silence between two messages in its last seven days, usec; 0:
 * too little was seen to say (less than TALKER_LEARN from first to last).
 */
#define TALKER_LEARN (UINT64_C(3600) * 1000000)
uint64_t talker_usual(const struct talker *t);

/* How long nothing was heard of it while somebody listened, usec. */
uint64_t talker_silence(const struct talker *t, uint64_t at);

/*
 * Whether it is silent for longer than is usual: TALKER_TIMES its longest
 * silence, and TALKER_LEAST at least; too little known of it, for silence_s of
 * its listener.  Never who is refused, nor whose listener has silence_s 0 or
 * is no more.
 */
#define TALKER_TIMES 2u
#define TALKER_LEAST (UINT64_C(15) * 60 * 1000000)
bool talker_is_silent(const struct talker *t, const struct site *site,
    uint64_t at);

/*
 * Append its line, with LF; take one up again, without: 0, or -1 if it is
 * none.
 */
void talker_print(const struct talker *t, struct buf *out);
int talker_parse(struct span line, struct talker *t);

/*
 * The first line of the file: when it was written, since when it counts (both
 * usec), and what was sent by senders for whom there was no row.
 */
struct talker_head {
	uint64_t saved, since;
	uint64_t other_records, other_bytes;
};
void talker_print_head(const struct talker_head *h, struct buf *out);
int talker_parse_head(struct span line, struct talker_head *h);

/*
 * Read a file, whose text outlives the reading.  talker_begin(): the head is in
 * r->head; 0, or -1 if there is none (all zero), and the senders may be read
 * all the same.  talker_next(): 1 and the next one; -1: line r->line is none of
 * a sender; 0: that was all.
 */
struct talker_reader {
	struct talker_head head;
	struct cursor at;
	size_t line; /* read last, from 1 */
};
int talker_begin(struct talker_reader *r, struct span text);
int talker_next(struct talker_reader *r, struct talker *t);

#endif

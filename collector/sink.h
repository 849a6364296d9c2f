/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_SINK_H
#define COLLECTOR_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/estate.h"
#include "collector/gauges.h"
#include "collector/room.h"
#include "evidence/evlog.h"
#include "evidence/gap.h"
#include "site/site.h"

struct retire;

/*
 * One log as the writer has it: the evlog, its counters, and what to say when
 * it cannot be written or sealed.
 */
struct sink {
	struct evlog *log;
	const struct site_log *conf;
	uint32_t number; /* index into site->logs */
	struct estate *estate;
	struct estate_sums *sums; /* the estate's */
	bool counted;		  /* they changed since they were set */
	enum evlog_err fault;	  /* the last one reported */
	uint64_t durable, seals;  /* at the last sink_show(); since the start */
	struct buf config;	  /* words of a c1 to be recorded */
	uint8_t config_hash[SHA256_LEN];
	bool configured;       /* there is one */
	struct room room;      /* on its disk */
	uint64_t room_at, room_every; /* the next look; usec between two */
	struct retire *retire; /* the writer's; NULL: nobody deletes here */
};

struct sink_options {
	const struct site *site;
	uint32_t number;
	struct signer signer;
	struct span named; /* words of the first c1 (named.h) */
	struct estate *estate;
	const uint8_t *program; /* as evlog_options */
	unsigned workers;
	void (*sealed)(void *cookie, uint64_t size); /* in another thread */
	void (*writable)(void *cookie);		     /* likewise */
	void *cookie;
	/* If the log cannot go on and another must follow it: the error, and
	 * appended what was found.  May be NULL. */
	enum evlog_err *over;
	struct buf *found;
};

/*
 * Open and recover the log; what a predecessor had appended and the disk has
 * not is recorded.  Return 0, or -1: it was said why.
 */
int sink_open(struct sink *s, const struct sink_options *opt);

/*
 * Final seal and close.  Return 0, or -1: it was said why.  Records that were
 * taken and did not get to the disk are counted and named.
 */
int sink_close(struct sink *s);

/* Whether a record of that many bytes would be taken now. */
bool sink_writable(struct sink *s, size_t len);

/*
 * Append; *index may be NULL.  EVLOG_BUSY: nothing was taken, try again later;
 * so is what the disk or the signer may yet get over.  Any other error: this
 * record can never be written; sink_lost() it, or tell who sent it.
 */
enum evlog_err sink_append(struct sink *s, const struct record *r,
    uint64_t *index);

/*
 * Append a g1, whose `until` is known.  It is short: if even that does not go
 * in, try later.
 */
enum evlog_err sink_gap(struct sink *s, const struct gap *g);

/* As sink_append, with files that are on the disk before it. */
enum evlog_err sink_append_files(struct sink *s, const struct record *r,
    const struct evlog_file *file, size_t n, uint64_t *index);

/* A record could not be written: it is counted, and recorded by sink_tick(). */
void sink_lost(struct sink *s, const struct record *r);

/* Show how it is, as its owner's loop goes round: each seal is then seen. */
void sink_show(struct sink *s, struct gauges_log *g);

/* Another configuration is in force: its hash, and words of what changed. */
void sink_config(struct sink *s, const uint8_t sha256[32], struct span words);

/*
 * What time asks for: seals, faults that came or went, losses to record.
 * Return microseconds until it wants to be called again.
 */
uint64_t sink_tick(struct sink *s);

/*
 * How many records were received, as it is told in a seal.  The receiver tells
 * its counts once a second, its records at once: what was accepted or dropped
 * was received, whether or not that is told yet.
 */
uint64_t sink_received(const struct sink *s);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_RETENTION_ACT_H
#define EVIDENCE_RETENTION_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"
#include "evidence/note.h"

/*
 * The words in which retention is asked for and recorded (FORMAT.md, 13): acts
 * of persons, and x1 records.  Strict: for what parses, print gives the same
 * bytes again.  Pure.
 */
#define RETENTION_ID_MAX 32u	/* bytes: a-z 0-9 and '-' */
#define RETENTION_NAME_MAX 120u /* bytes of a person's name */
#define RETENTION_BASIS_MAX 500u
#define RETENTION_ORIGIN_MAX 127u

enum retention_action {
#define RETENTION_ACTION(id, name, words) RETENTION_##id,
#include "evidence/retention_action_tbl.h"
#undef RETENTION_ACTION
	RETENTION_ACTION_COUNT
};

struct retention_act { /* what an action has no word for is 0 or "" */
	enum retention_action action;
	const char *id;
	uint64_t first, last;	  /* HOLD: records; ASK_DELETE: segments */
	const char *origin;	  /* of the log that is over: HOLD_LOG, ... */
	uint64_t size;		  /* REMOVE: of its newest checkpoint */
	uint8_t root[SHA256_LEN]; /* of that */
	uint8_t manifest[SHA256_LEN]; /* SHA-256 of its last; none: zeros */
	const char *basis;	      /* reason and authority */
	const char *by;		      /* who */
	const char *also; /* RELEASE, DELETE, REMOVE: who approved */
	uint64_t at;	  /* usec, by the clock of who asks */
	bool is_signed;
	uint8_t sig[KEY_SIG_LEN];
};

struct retention_gone { /* an x1 record */
	uint64_t segment, first, last;
	uint8_t manifest[SHA256_LEN];
	const char *basis, *by, *also, *request;
};

/* What a record adds to the words. */
struct retention_extra {
	uint32_t uid;	/* o1: of who asked, as the kernel says */
	uint64_t since; /* usec: it repeats a record of then; 0: it does not */
};

/* "hold"; the name of an action. */
const char *retention_action_name(enum retention_action a);

/* Whether an o1's words (from "action=" on) are the writer's own to write. */
bool retention_reserved(struct span words);

/* Words from "action=" on; strings live in the arena.  Return 0, or -1. */
int retention_act_parse(struct span words, struct arena *arena,
    struct retention_act *a);
void retention_act_print(const struct retention_act *a, struct buf *out);

/* The body of an o1: 1 an act of retention, 0 something else, -1 ill-formed. */
int retention_o1_parse(struct span body, struct arena *arena,
    struct retention_act *a, struct retention_extra *extra);
void retention_o1_print(const struct retention_act *a,
    const struct retention_extra *extra, struct buf *out);

/* The body of an x1.  Return 0, or -1. */
int retention_x1_parse(struct span body, struct arena *arena,
    struct retention_gone *g, struct retention_extra *extra);
void retention_x1_print(const struct retention_gone *g,
    const struct retention_extra *extra, struct buf *out);

/*
 * Append what an approver signs: the act's words without signature, under the
 * log's origin.
 */
void retention_signed_text(const struct retention_act *a, const char *origin,
    struct buf *out);

#endif

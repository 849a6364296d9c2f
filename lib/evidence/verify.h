/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_VERIFY_H
#define EVIDENCE_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"

/*
 * Proves a log, or says where it stops being provable (section 10 of the
 * design).  Trusts nothing in the folder but the pinned `log` file; uses the
 * folder's own `log` file, and says so, if none is pinned.
 */
enum verify_verdict { /* = exit status */
	VERIFY_INTACT = 0,
	VERIFY_TAMPERED = 1,
	VERIFY_INCOMPLETE = 2, /* or an unsealed tail */
	VERIFY_IMPOSSIBLE = 3, /* could not check */
};

#define VERIFY_JOBS_MAX 16u

struct verify_options {
	const char *dir;
	const char *pin;    /* file, or NULL */
	const char *anchor; /* file with checkpoint lines, or NULL */
	unsigned jobs;	    /* segments at a time, to VERIFY_JOBS_MAX; 0 = 1 */
	void (*progress)(void *cookie, uint64_t done, uint64_t total);
	void *cookie;
};

#define VERIFY_DELETED_MAX 64u /* ranges that are reported one by one */
#define VERIFY_BASIS 128u      /* bytes of a basis, NUL included; then cut */

struct verify_deleted { /* records deleted at the end of their retention */
	uint64_t first, last;
	uint64_t time; /* usec */
	char basis[VERIFY_BASIS];
};

struct verify_result {
	enum verify_verdict verdict;
	char origin[128];
	bool pinned, anchored;
	uint64_t size; /* proved complete up to this size */
	uint8_t root[32];
	uint64_t segments, records, bytes; /* inflated bytes */
	uint64_t unsealed; /* records beyond the newest checkpoint */
	bool live;	   /* the log is being written: proved as of size */
	uint32_t epoch;	   /* of the checkpoint of that size */
	uint64_t strange;  /* names that a log does not have; the first: */
	char strange_name[256];
	uint64_t first_time, last_time; /* rx-usec, 0 if no records */
	uint64_t sealed_time;		/* wall clock of the newest seal */
	size_t n_deleted;
	uint64_t deleted_records; /* of all ranges */
	struct verify_deleted deleted[VERIFY_DELETED_MAX];
	/* The first thing wrong: empty if none. */
	char bad_file[256];
	uint64_t bad_offset, bad_index; /* UINT64_MAX: not known */
	uint64_t bad_time;
	char bad_what[256]; /* a sentence in the user's language */
};

/* Check; fills *result whatever happens. */
void verify_log(const struct verify_options *opt, struct verify_result *result);

/* Append the report for people (log_lang()), or as one JSON object. */
void verify_report_text(const struct verify_result *r, struct buf *out);
void verify_report_json(const struct verify_result *r, struct buf *out);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/lend.h"

/*
 * Proves a log or a package, or says where it stops being provable (section 10
 * of the design).  Trusts nothing in the folder but the pinned `log` file; uses
 * the folder's own `log` file, and says so, if none is pinned.
 */
enum verify_verdict { /* = exit status */
	VERIFY_INTACT = 0,
	VERIFY_TAMPERED = 1,
	VERIFY_INCOMPLETE = 2, /* or an unsealed tail */
	VERIFY_IMPOSSIBLE = 3, /* could not check */
};

#define VERIFY_JOBS_MAX 16u
#define VERIFY_ANCHORS_MAX 8u
#define VERIFY_TSA_MAX 8u
#define VERIFY_DELETED_MAX 64u
#define VERIFY_BASIS 128u /* bytes of a basis; then cut */

struct verify_options {
	const char *dir;
	const char *pin;			/* file, or NULL */
	const char *anchor[VERIFY_ANCHORS_MAX]; /* files, up to a NULL */
	const char *policy; /* file: C2SP tlog-policy, or NULL */
	const char *tsa[VERIFY_TSA_MAX + 1]; /* PEM, for tokens, up to a NULL */
	const char *key;  /* vkey that signed a package, or NULL */
	const char *cert; /* certificates for its CMS (PEM), or NULL */
	bool copy;	  /* a log's copy, which lacks its open segment */

	unsigned jobs; /* segments at a time, to VERIFY_JOBS_MAX; 0 = 1 */
	FILE *chain;   /* the links go there as lines, or NULL */
	/* Whole members, inflated and hashed, for who reads the log beside, if
	 * there is one job: as lend_next(), not linked here; or NULL. */
	struct lent *(*lend)(struct lend *lending, struct lent *whole, int fd,
	    uint64_t offset, size_t len);
	struct lend *lending;
	void (*progress)(void *cookie, uint64_t done, uint64_t total);
	void *cookie;
};

struct verify_deleted { /* segments that an x1 record accounts for */
	uint64_t first, last, time; /* records; when, usec */
	char basis[VERIFY_BASIS];
};

struct verify_result {
	enum verify_verdict verdict;
	char origin[128];
	bool pinned, anchored;
	uint64_t anchor_size; /* of the largest anchor that fits */
	uint64_t anchor_time; /* usec, of a token or cosignature; 0: none */
	uint64_t anchor_out;  /* of one that is not of what was proved */
	bool policed;	      /* a policy asks for a quorum */
	uint64_t witnessed_size; /* largest that its quorum cosigned, and */
	uint64_t witnessed_time; /* when, usec; 0: none */
	uint64_t size;	      /* proved complete up to this size */
	uint8_t root[32];
	uint64_t segments, records, bytes; /* inflated bytes */
	uint64_t unsealed; /* records beyond the newest checkpoint */
	bool live;	   /* the log is being written: proved as of size */
	uint32_t epoch;	   /* of the checkpoint of that size */
	uint64_t strange;  /* names that a log does not have; the first: */
	char strange_name[256];
	uint64_t first_time, last_time; /* rx-usec, 0 if no records */
	uint64_t sealed_time;		/* wall clock of the newest seal */
	char predecessor[128],
	    successor[128];	  /* origins, "" if none is named */
	char successor_pin[65];	  /* SHA-256 of its file `log`, hex */
	uint64_t breaks;	  /* g1 kind=log-break */
	uint64_t deleted_records; /* records in deleted segments */
	size_t n_deleted;	  /* runs of them; the first so many: */
	struct verify_deleted deleted[VERIFY_DELETED_MAX];
	/* Of a package: "whole" or "excerpt", and what it shows */
	char package[8];
	uint64_t created, first, last; /* usec; records */
	uint64_t shown, withheld;      /* records; of them without body */
	uint64_t skipped; /* records of the streams shown that are not */
	bool key_pinned, cert_pinned, stamp_checked;
	char signer[256]; /* of the CMS, "" if there is none */
	uint64_t stamped; /* time of its token, usec; 0: none */
	/* The first thing wrong: empty if none. */
	char bad_file[256];
	uint64_t bad_offset, bad_index; /* UINT64_MAX: not known */
	uint64_t bad_time;
	char bad_what[256]; /* a sentence in the user's language */
};

/* "ja", "en", or NULL: as the environment says. */
void verify_set_lang(const char *lang);

/* Check; fills *result whatever happens. */
void verify_log(const struct verify_options *opt, struct verify_result *result);

/* Print the report for people, or as one JSON object. */
void verify_report_text(const struct verify_result *r, FILE *out);
void verify_report_json(const struct verify_result *r, FILE *out);

/*
 * What `konseki verify` and `konseki-verify` have in common: their arguments,
 * and the report on standard output.
 */
struct verify_arguments {
	struct verify_options opt; /* dir NULL: not given */
	const char *site, *log;	   /* only if taken by the caller */
	bool json, help;
};

/*
 * Read the arguments behind argv[0]; named: --site and --log are taken too.
 * Return 0, or -1 after a message on standard error.
 */
int verify_arguments(int argc, char *argv[], bool named,
    struct verify_arguments *a);

/* "usage: ..." and the options, one a line; more: a line for the caller's. */
void verify_usage(FILE *out, const char *program, bool named);

/* Check, print the report, return the exit status. */
int verify_main(struct verify_arguments *a);

#endif

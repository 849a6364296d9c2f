/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_BUILD_H
#define ANALYZER_HANDOVER_BUILD_H

#include "analyzer/handover/choice.h"
#include "analyzer/handover/gone.h"
#include "common/buf.h"
#include "evidence/package.h"
#include "site/site.h"

/*
 * Makes the package of FORMAT.md, 12: a bag of a log's evidence that proves
 * itself to whoever has never heard of this program.
 */
struct build_options {
	const struct site *site;
	const struct site_log *log;
	enum package_kind kind;
	struct choice *choice; /* whole: its range alone counts */
	struct span why, authority, recipient;
	const char *output;	       /* folder that the bag is made in */
	const char *certificate, *key; /* PEM, or "": no CMS signature */
	struct span custody;	       /* lines of custody.jsonl */
	/*
	 * Whether what was made in a folder proves itself, before it has its
	 * name and before anybody puts a time on it: 0, or -1 and *why.
	 */
	int (*check)(const struct site_log *log, const char *dir,
	    struct buf *why);
};

struct built {
	struct buf path;	  /* of the bag */
	struct buf name;	  /* its last part */
	struct buf checkpoint;	  /* its text: three lines */
	uint8_t hash[SHA256_LEN]; /* of tagmanifest-sha256.txt */
	struct package package;	  /* texts as in the options */
	struct gone gone;	  /* of what was asked for */
	uint64_t hidden;	  /* excerpt: of its range, only hashes */
	uint64_t segments;	  /* whole: handed over */
	uint64_t bytes, files;	  /* of the payload */
	uint64_t stamped;	  /* time of the token, usec; 0: none */
	uint64_t low, high;	  /* receive times of what is in it */
};

/* Whether the open segment of a log lies in the choice's range. */
int build_needs_close(const struct site_log *log, const struct choice *c,
    bool *needed, struct buf *why);

/* 0, or -1 and *why; built_fini() in any case. */
int build(const struct build_options *o, struct built *b, struct buf *why);
void built_fini(struct built *b);

/* What it is, as README says: kind and counts, and a line for what is gone. */
void built_print_what(const struct built *b, bool ja, int zone,
    struct buf *out);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef TESTS_RELOG_H
#define TESTS_RELOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "evidence/key.h"
#include "evidence/logdir.h"
#include "evidence/logfile.h"
#include "evidence/record.h"

/*
 * A forger: takes the log of a real writer apart, changes its records, and
 * puts it together again as well as its means allow.  Whatever is wrong stops
 * it: a forgery that fails must not pass for one that is caught.
 */
struct relog_item { /* one record */
	struct record r;
	struct buf body;
	size_t segment;	  /* where it stands in relog.segment */
	uint8_t was[32];  /* s1: hash of the checkpoint over it, as it was */
	uint8_t now[32];  /* and as it is now */
	uint64_t old_end; /* size of that checkpoint, as it was */
	uint64_t new_end;
	uint8_t root[32]; /* and its root now */
};

struct relog_segment {
	char file[MANIFEST_FILE]; /* below the folder */
	uint64_t number;
	uint8_t salt[RECORD_SALT];
	bool closed, edited;
};

enum relog_means {
	RELOG_FILES, /* change the segment files edited and nothing else */
	RELOG_LINKS, /* and all that needs no key: manifests and links */
	RELOG_KEYS,  /* and sign, with the keys that are there */
};

struct relog {
	struct logdir dir;
	const char *path;
	struct logfile log;
	enum relog_means means;
	bool squash; /* all that was sealed by past epochs by the open one */
	uint8_t log_seed[KEY_LEN], epoch_seed[KEY_LEN];
	uint32_t epoch; /* the open one */
	struct relog_item *item;
	size_t n;
	struct relog_segment *segment;
	size_t n_segments;
};

void relog_die(const char *what);

/* A file below the folder. */
void relog_put(const struct relog *l, const char *name, struct span bytes);
const char *relog_path(const struct relog *l, const char *name);

/* Write what the items are now over what is there. */
void relog_write(struct relog *l);

#endif

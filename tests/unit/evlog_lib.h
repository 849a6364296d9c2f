/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef TESTS_EVLOG_LIB_H
#define TESTS_EVLOG_LIB_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "evidence/evlog.h"
#include "evidence/keyring.h"
#include "evidence/manifest.h"

/*
 * For the tests of evlog: a log in a folder of its own with a signer in the
 * same process and clocks that the test sets, and an audit that reads what is
 * on the disk with the strict reader and builds the tree again from nothing.
 */
#define WORDS                                                                  \
	"listener=l1 transport=udp local=192.0.2.1:514 peer=192.0.2.9 "        \
	"port=1000 framing=none tls=% name=% replay=no"

extern char lib_base[64], lib_dir[96], lib_keys[96];
extern struct keyring *lib_keyring;
extern struct evlog *lib_log;
extern struct evlog_options lib_opt;
extern _Atomic uint64_t lib_wall, lib_mono; /* usec; what evlog is told */

/* A new log with 16 epochs of 600 s, at 23:00 UTC; and remove it. */
void lib_begin(void);
void lib_end(void);

/* Open it with lib_opt, whose signer is the keyring unless set; close both. */
enum evlog_err lib_open(void);
enum evlog_err lib_close(void);

/* Both clocks go on. */
void lib_pass(uint64_t usec);

enum evlog_err lib_append(uint32_t stream, uint16_t port, const char *text);

/* What an audit found. */
struct audit {
	bool ok; /* all of it, up to a torn tail */
	uint64_t records, sealed, manifests, segments;
	uint64_t finals, starts, received, gaps;
	bool ended;	 /* the last segment's last member is */
	struct buf text; /* kind and body of each system record, a line each */
	struct buf bodies; /* of e1 records, a line each */
	char last_file[MANIFEST_FILE];
};

/* Read everything; a->ok says whether it is sound. */
void audit_log(struct audit *a);
void audit_fini(struct audit *a);

/* How often a text stands in the system records. */
unsigned audit_count(struct audit *a, const char *text);

#endif

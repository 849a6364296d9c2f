/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_CLIENT_H
#define SITE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/submit.h"

/*
 * A program's line to the writer: whoever has records that did not come over
 * the network puts them into a log through here (messages: submit.h).  Calls
 * block; the writer's socket is the brake.  After any error but those of a
 * call's own arguments the client is dead: close it.
 */
struct client;

enum client_err {
#define CLIENT_ERR(id, en, ja) CLIENT_##id,
#include "site/client_err_tbl.h"
#undef CLIENT_ERR
	CLIENT_ERR_COUNT
};

/* A sentence in the user's language. */
const char *client_strerror(enum client_err e);

/* What a seal gave: the records since the last one, and their checkpoint. */
struct client_sealed {
	uint64_t first, last; /* lowest and highest index of what was sent */
	uint64_t n;	      /* records; 0: first and last say nothing */
	uint64_t size;	      /* of the checkpoint */
	struct span note;     /* it; valid until the next call */
};

/* The socket below a site's run folder. */
#define CLIENT_SOCKET "submit.sock"

/* Connect to the writer of the site whose run folder this is. */
enum client_err client_open(struct client **c, const char *run);

/* As client_open for a connected socket, which the client then owns. */
enum client_err client_adopt(struct client **c, int fd);

/* What was not sealed may be lost.  NULL is fine. */
void client_close(struct client *c);

/*
 * Open a stream in a log: words = those of its d1 from "listener=" on
 * (FORMAT.md, 4), built with record_word(); transport is import or local, uid
 * is added by the writer.  One stream at a time: the one before ends.
 * *stream = its number; may be NULL.
 */
enum client_err client_stream(struct client *c, const char *log,
    struct span words, uint32_t *stream);

/*
 * Append a record to the open stream.  flags: RECORD_CUT ...  Sent when a
 * message is full, or with the next call of another kind.
 */
enum client_err client_append(struct client *c, struct span body,
    unsigned flags);

/* Send what was appended. */
enum client_err client_flush(struct client *c);

/* Append an o1 record to a log: words from "action=" on. */
enum client_err client_operator(struct client *c, const char *log,
    struct span words);

/*
 * Ask for an act of retention in a log, words from "action=" on
 * (retention_act.h), and wait until it is done and sealed.
 */
enum client_err client_retain(struct client *c, const char *log,
    struct span words, struct client_sealed *sealed);

/*
 * For the collector's tailer: a file that it follows is lost (g1 watch-lost),
 * words from "listener=" on.
 */
enum client_err client_lost(struct client *c, const char *log,
    struct span words);

/* End the open stream: why = a name of a-z 0-9 and '-'. */
enum client_err client_end(struct client *c, const char *why);

/*
 * Wait until everything sent to that log is on the disk and covered by a
 * checkpoint.
 */
enum client_err client_seal(struct client *c, const char *log,
    struct client_sealed *sealed);

/*
 * For the collector's anchor process, on a socket that its parent gave: the
 * newest checkpoint of a log (valid until the next call), then what others
 * outside signed over it.  CLIENT_REFUSED leaves this client alive.
 */
enum client_err client_newest(struct client *c, const char *log,
    struct span *note);
enum client_err client_cosignature(struct client *c, const char *log,
    struct span line, uint64_t *index);
enum client_err client_token(struct client *c, const char *log,
    struct span token, uint64_t *index);

/*
 * Have the log's open segment closed, so that it has a manifest, and wait
 * until that is on the disk and covered by a checkpoint.  The next record
 * opens the next segment, whose m1 commits the manifest.
 */
enum client_err client_close_segment(struct client *c, const char *log,
    struct client_sealed *sealed);

/* What exactly went wrong, for people, beside client_strerror(); or "". */
const char *client_detail(struct client *c);

#endif

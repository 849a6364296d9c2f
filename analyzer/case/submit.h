/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_SUBMIT_H
#define ANALYZER_CASE_SUBMIT_H

#include "analyzer/case/casebook.h"
#include "site/site.h"

/*
 * Putting records into the casebook: through the writer's socket, in a stream
 * of our own whose d1 names the program and, added by the writer, the uid.
 */
struct submit;

/*
 * Connect to the site's writer.  program is static.  NULL and a sentence in
 * *why if it is away.
 */
struct submit *submit_open(const struct site *site, const char *program,
    struct buf *why);

/*
 * Begin the stream, unless it has begun: so that whoever looks every minute
 * and has nothing to say leaves no record, and whoever is about to do what
 * must be recorded learns first whether it can be.  Return 0, or -1 and *why.
 */
int submit_begin(struct submit *s, struct buf *why);

/* Queue an entry, after submit_begin().  Return 0, or -1 and *why. */
int submit_finding(struct submit *s, const struct casebook_finding *f,
    struct buf *why);
int submit_step(struct submit *s, const struct casebook_step *step,
    struct buf *why);
int submit_search(struct submit *s, const struct search *search,
    struct buf *why);

int submit_version(struct submit *s, const struct version *v,
    struct buf *why);

/*
 * Wait until all of it is sealed: only then has it happened.  *first and *last
 * (may be NULL) = the casebook indices.
 */
int submit_seal(struct submit *s, uint64_t *first, uint64_t *last,
    struct buf *why);

/* What was not sealed may be lost.  NULL is fine. */
void submit_close(struct submit *s);

#endif

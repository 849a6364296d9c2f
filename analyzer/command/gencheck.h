/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_GENCHECK_H
#define ANALYZER_COMMAND_GENCHECK_H

#include <stdint.h>

#include "analyzer/report/report.h"
#include "common/arena.h"
#include "site/site.h"

/*
 * Verification of every generation of a log that a report reads from.  Which
 * ones these are is known only when all records were read: a generation whose
 * records cannot be read counts from the one before it to the one after it.
 */
struct gencheck;

/* Verify one generation, with the copy outside the machine if there is one, by
 * jobs processes. */
void gencheck_log(const struct site *site, const struct site_log *log,
    unsigned jobs, struct verify_result *result);

/* The same by this one, which lends what it inflates and hashes (NULL: not). */
void gencheck_lending(const struct site *site, const struct site_log *log,
    struct lend *lend, struct verify_result *result);

struct gencheck *gencheck_new(struct site *site, const struct site_log *newest,
    unsigned jobs, struct arena *arena);

/* Forget the records; then take each: when it was received, and the time that
 * it is judged by. */
void gencheck_rewind(struct gencheck *g);
void gencheck_record(struct gencheck *g, const char *origin, int64_t received,
    int64_t at);

/* Of a segment that was not read: of its first record, and between which two
 * times all are judged. */
struct past;
void gencheck_past(struct gencheck *g, const char *origin,
    const struct past *p);

/* Verify those with records of [from, until), but for the newest. */
void gencheck_verify(struct gencheck *g, int64_t from, int64_t until,
    struct report_generations *out);

#endif

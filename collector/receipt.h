/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RECEIPT_H
#define COLLECTOR_RECEIPT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The way back, from writer to receiver: up to where in the ring (ring_head(),
 * ring_given()) all of a log's records are on the disk and covered by a
 * checkpoint.  Memory that the parent makes with the ring, and an eventfd.
 * The receiver believes it; the writer only writes there, but for its number.
 *
 * A writer that dies may have taken messages that it did not write.  So each
 * writer has a number, and what was put while another one was at work and not
 * yet receipted by it never will be: whoever waits for that has to have it sent
 * again.
 */
struct receipt;

/* NULL and errno. */
struct receipt *receipt_new(void);

/* Unmap and close this process's part.  NULL is fine. */
void receipt_free(struct receipt *r);

/* --- the writer's half ------------------------------------------------------
 */

/* Another writer begins. */
void receipt_begin(struct receipt *r);

/* All of that log up to there is durable; it only rises. */
void receipt_give(struct receipt *r, uint32_t log, uint64_t upto);

/* Wake the receiver, once for what was given. */
void receipt_wake(struct receipt *r);

/* --- the receiver's half ----------------------------------------------------
 */

/*
 * Up to where a log is durable, if *writer is still the number of the writer.
 * If not, return false and set *writer to the new one: what was put before and
 * not receipted is in doubt.
 */
bool receipt_get(const struct receipt *r, uint32_t log, uint64_t *upto,
    uint64_t *writer);

/* The number of the writer. */
uint64_t receipt_writer(const struct receipt *r);

/* An eventfd for the receiver's loop; read it empty with receipt_woken(). */
int receipt_fd(const struct receipt *r);
void receipt_woken(struct receipt *r);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_FORWARD_TARGET_H
#define COLLECTOR_FORWARD_TARGET_H

#include <openssl/ssl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "site/client.h"
#include "site/site.h"

/*
 * One target, to which the sealed records of a log are sent in their order,
 * each at least once.  How far it has them is kept in a file (progress.h):
 *
 * - RELP: up to the first record that it did not answer.
 * - RFC 5425, or in the clear: there are no answers.  From time to time the
 *   connection is ended; when the target has ended it too it has read
 *   everything, and a little later that counts.
 *
 * After a break all behind that is sent again.
 */
struct forward_target;

/*
 * ctx is the target's from then on; NULL: without TLS, or why says why it
 * cannot be used.  writer is the process's.
 */
struct forward_target *forward_target_new(const struct site *site,
    const struct site_forward *conf, SSL_CTX *ctx, const char *why,
    struct client *writer);
void forward_target_free(struct forward_target *t);

/*
 * Do what can be done without waiting, a bounded part of it.  Return when more
 * is due at the latest, in usec of a clock that only goes forward, as now is.
 */
uint64_t forward_target_run(struct forward_target *t, uint64_t now);

/* What to wait for beside time; fd -1: nothing. */
struct pollfd forward_target_poll(const struct forward_target *t);

/* Send what is sealed, wait for its answers and end: true when it is done. */
bool forward_target_stop(struct forward_target *t);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_TLSLOAD_H
#define COLLECTOR_TLSLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "collector/listen.h"
#include "collector/tlsctx.h"
#include "common/buf.h"
#include "site/site.h"

/*
 * Certificates, keys, authorities and revocation lists of the TLS listeners,
 * at the start and again while connections stand.  All of them change or none.
 *
 * The parent may open the files and never reads them; the receiver may read
 * them and can open none.  So the parent sends descriptors over the receiver's
 * control socket, a message for each TLS listener, "tls N" (its number in
 * site->listeners) with those of the files that are configured, in the order
 * of enum tls_file; then "tls end", or "tls drop" if one could not be opened.
 * The receiver answers "tls new" or "tls old": what it goes on with.
 */

/*
 * The files of a listener, read by whoever may.  Return 0; or -1, and a
 * sentence that names the file in *why.  tlsload_wipe() in any case.
 */
int tlsload_read(const struct site_listener *conf,
    struct buf text[TLS_FILE_COUNT], struct tls_files *files, struct buf *why);
void tlsload_wipe(struct buf text[TLS_FILE_COUNT]);

/* Parent: send them.  Return 0, or -1: it was said why, and nothing changes. */
int tlsload_send(int control, const struct site *site);

/* Receiver: what was sent so far, of each listener. */
struct tlsload {
	SSL_CTX *ctx[SITE_LISTENERS_MAX];
	bool failed;
};

/*
 * Receiver: take a message from the control socket, as recv() does with
 * MSG_DONTWAIT, and up to TLS_FILE_COUNT descriptors, to fd[], the rest -1.
 */
ssize_t tlsload_recv(int control, void *p, size_t len, int fd[TLS_FILE_COUNT]);

/*
 * Receiver: a message that begins with "tls ".  Closes the descriptors.  Return
 * what to answer, or NULL.
 */
const char *tlsload_hear(struct tlsload *t, struct span message,
    int fd[TLS_FILE_COUNT], struct listener *listeners, size_t n);

#endif

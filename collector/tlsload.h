/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_TLSLOAD_H
#define COLLECTOR_TLSLOAD_H

#include "collector/tlsctx.h"
#include "common/buf.h"
#include "site/site.h"

/*
 * The files of a listener, read by whoever may.  Return 0 and, in *why, what
 * whoever runs the collector should know about the key's file, or nothing; or
 * -1, and a sentence that names the file.  tlsload_wipe() in any case.
 */
int tlsload_read(const struct site_listener *conf,
    struct buf text[TLS_FILE_COUNT], struct tls_files *files, struct buf *why);
void tlsload_wipe(struct buf text[TLS_FILE_COUNT]);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_WRITER_CONFIG_H
#define COLLECTOR_WRITER_CONFIG_H

#include <stddef.h>

#include "collector/sink.h"
#include "site/site.h"

/*
 * "config" came, with a bundle (bundle.h): another configuration is in force,
 * or other files that it names.  Each of the n logs gets a c1 that says what is
 * not as in now and in *named, the words that were recorded last (named.h) and
 * become the new ones; none if all is the same.  Return it, for the caller to
 * free; or NULL: it was said why.
 */
struct site *writer_config(const struct site *now, int bundle,
    struct buf *named, struct sink *logs, size_t n);

/* A reload was refused, for that reason: each log gets a c1 of it. */
void writer_config_refused(const struct site *now, struct span words,
    struct sink *logs, size_t n);

#endif

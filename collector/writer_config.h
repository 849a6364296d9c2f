/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_WRITER_CONFIG_H
#define COLLECTOR_WRITER_CONFIG_H

#include <stddef.h>

#include "collector/sink.h"
#include "site/site.h"

/*
 * "config" came, with a bundle (bundle.h): another configuration is in force.
 * Each of the n logs gets a c1 that says what is not as in now.  Return it, for
 * the caller to free; or NULL: it was said why.
 */
struct site *writer_config(const struct site *now, int bundle,
    struct sink *logs, size_t n);

#endif

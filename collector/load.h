/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_LOAD_H
#define COLLECTOR_LOAD_H

#include "common/buf.h"
#include "site/site.h"

/*
 * Load the configuration of the site at path (its folder or its file) for a
 * process that may be root: its bytes are read once, and a child that is
 * nobody, with bounded memory and time, parses them first.  Only what it found
 * good is parsed here.  NULL: it was said what is wrong, and where.
 */
struct site *load_site(const char *path);

/* The same once more, of a site's file and folder: the file may be a link. */
struct site *load_again(const char *file, const char *dir);

/*
 * Check what a reload can bring, and put into a bundle (bundle.h) konseki.yml,
 * the words of what it names (named.h) and what each listener needs
 * (receiver_put), for a receiver that runs; then seal it.  A process of its own
 * does it: the caller never sees a key.  0, -1.
 */
int load_bundle(const struct site *site, int bundle);

/* Likewise konseki.yml and these words alone, for the writer. */
int load_named(const struct site *site, int bundle);

/*
 * What a listener needs, for a receiver that runs, by a process of its own: 0,
 * and in a sealed bundle what receiver_put() puts; or -1 and a sentence in
 * *why, or nothing.
 */
int load_listener(const struct site *site, size_t number, int bundle,
    struct buf *why);

#endif

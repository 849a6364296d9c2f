/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_NAMED_H
#define COLLECTOR_NAMED_H

#include "collector/receiver.h"
#include "common/buf.h"
#include "common/span.h"
#include "site/site.h"

/*
 * The files that konseki.yml names and that decide who is let in and who is
 * sent to: certificates, authorities and revocation lists of listeners and of
 * targets.  What is in them belongs to the configuration: a c1 record has their
 * hashes, as pairs of words "uses=<path> uses-sha256=<hash>", "-" for one that
 * cannot be read.  Private keys and passwords are not among them: what a hash
 * proves of a password is what guessing needs.
 */

/*
 * Append the words of a site.  loaded: what was read of each of its listeners
 * (receiver_load), or NULL to read the files.
 */
void named_words(const struct site *site,
    const struct receiver_listener *loaded, struct buf *out);

/* Append those of now that are not in before. */
void named_changed(struct span before, struct span now, struct buf *out);

/* Append the paths in words, as they stand there, with ", " between them and
 * in front if there is something already. */
void named_paths(struct span words, struct buf *out);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_CLUSTER_H
#define ANALYZER_FORMAT_CLUSTER_H

#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/*
 * Lines that no format knows, by source and by kind.  A line is cut into
 * words; numbers, addresses, quoted texts and what stands behind a "=" become
 * "*".  Lines of a source with as many words and the same first word share a
 * template if at least three of five words agree; where they differ it has
 * "*" (as Drain does, with a tree of fixed depth).  The same lines in the same
 * order give the same templates.  Memory is bounded whatever comes: what finds
 * no room for a template or source of its own is counted.  Pure.
 */
#define CLUSTER_SOURCES 1024
#define CLUSTER_TEMPLATES 2048
#define CLUSTER_SAMPLES 10	  /* lines kept of each template */
#define CLUSTER_SAMPLE 4096	  /* bytes of a line that is kept */
#define CLUSTER_BYTES (32u << 20) /* of all lines that are kept */

struct cluster;

struct cluster_source {
	struct span name;
	uint64_t lines, unknown;
};

struct cluster_template {
	struct span source, text;
	uint64_t n;
	uint64_t first, last; /* as handed in: record numbers, or lines */
	size_t nsample;
	struct span sample[CLUSTER_SAMPLES]; /* the first ones */
};

struct cluster *cluster_new(void);
void cluster_free(struct cluster *c);

/* A line of a source that a format knows: it is counted only. */
void cluster_known(struct cluster *c, struct span source);

/*
 * One that none knows.  text: without the head, by which it is sorted; raw:
 * the whole line, which is kept.
 */
void cluster_add(struct cluster *c, struct span source, struct span text,
    struct span raw, uint64_t where);

/* Sources by name, templates by source and number; add nothing behind it. */
void cluster_sort(struct cluster *c);
size_t cluster_sources(const struct cluster *c);
const struct cluster_source *cluster_source(const struct cluster *c, size_t i);
size_t cluster_templates(const struct cluster *c);
const struct cluster_template *cluster_template(const struct cluster *c,
    size_t i);

/* Unknown lines for which there was no room. */
uint64_t cluster_beyond(const struct cluster *c);

#endif

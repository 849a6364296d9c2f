/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_CORPUS_H
#define SIGMA_CORPUS_H

#include "analyzer/sigma/correlation_link.h"
#include "analyzer/sigma/document.h"
#include "analyzer/sigma/set.h"

/*
 * A folder of Sigma: rules, correlations of them, filters for them.  What is
 * wrong is refused with its place and reason, and the rest goes on; nothing is
 * dropped in silence.
 */
#define CORPUS_FILE (1u << 20) /* bytes */

struct corpus_rule {
	const struct document *doc;
	size_t place; /* among all documents, by path and place in the file */
	const struct detection **filters; /* AND */
	size_t nfilter;
	bool silent; /* it matches for correlations alone */
};

struct corpus_correlation {
	const struct document *doc; /* NULL: refused */
	size_t place;
	bool silent; /* so is what another one refers to */
};

struct corpus_errors {
	struct yaml_error *v;
	size_t n, cap;
};

struct corpus {
	struct arena *arena;
	struct detection_pool pool;
	struct fields *fields;
	const char *dir; /* where the paths begin */
	struct corpus_rule *rules; /* by place */
	size_t n;
	struct set *set; /* of their detections */
	struct corpus_correlation *correlations; /* by place */
	struct correlation_linked *linked; /* as many; those refused too */
	size_t ncorrelation;
	size_t ndocument; /* places are below */
	size_t files, refused_files;
	struct corpus_errors refused;  /* documents, and files as a whole */
	struct corpus_errors warnings; /* loaded, but hardly meant so */
};

/* The numbers of rules that fit an event; zeroed at the start. */
struct corpus_hits {
	const uint32_t *v;
	size_t n;
	struct corpus_work *work; /* one for each thread, and each corpus */
};

/*
 * Load.  placeholders may be NULL, and may be freed when the corpus is.  NULL
 * and errno if the folder cannot be read.
 */
struct corpus *corpus_load(const char *dir,
    const struct placeholders *placeholders);
void corpus_free(struct corpus *c);

/*
 * Which rules fit the event in v, made for the corpus's fields; in order, those
 * that are silent too.  route: what the event comes from, or NULL: all rules
 * are asked.  hits is cleared before; its numbers
 * are valid until the next call.
 */
void corpus_match(const struct corpus *c, struct view *v,
    const struct document_logsource *route, struct corpus_hits *hits);
void corpus_hits_fini(struct corpus_hits *hits);

#endif

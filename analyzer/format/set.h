/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_SET_H
#define ANALYZER_FORMAT_SET_H

#include "analyzer/format/model.h"

/* The compiled formats of a folder, shared by handles. */
struct format_set {
	struct arena *arena;
	_Atomic unsigned refs;
	size_t n;
	struct format **format; /* in the order in which they are tried */
	size_t npattern, cap;
	struct regex **pattern; /* to free them */
};

struct format_set *set_load(const char *dir, struct yaml_error *err);
void set_release(struct format_set *s);

/* The format of that name; its number, or set->n. */
size_t set_find(const struct format_set *s, const char *name);

/* The set behind a handle. */
struct formats;
const struct format_set *formats_set(const struct formats *f);

#endif

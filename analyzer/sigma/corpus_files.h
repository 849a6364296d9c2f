/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_CORPUS_FILES_H
#define SIGMA_CORPUS_FILES_H

#include "common/arena.h"
#include "common/yaml.h"

/*
 * The rule files of a folder and the folders in it, *.yml and *.yaml, but for
 * names that begin with a dot; of a file, that file.  Sorted by path, to the
 * byte.
 */
#define CORPUS_DEPTH 32
#define CORPUS_FILES 200000

struct corpus_files {
	struct arena *arena;
	const char *dir;
	const char **v; /* relative to dir */
	size_t n, cap;
	/* Folders and files that cannot be listed: one call for each. */
	void (*refuse)(void *arg, const struct yaml_error *err);
	void *arg;
};

/* Fill v and n; v is to be freed.  Return -1 and errno if dir is not there. */
int corpus_files(struct corpus_files *f);

#endif

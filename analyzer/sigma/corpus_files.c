/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/corpus_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/io.h"
#include "common/log.h"

static void
refuse(struct corpus_files *f, const char *path, const char *what)
{
	struct yaml_error err;

	(void)yaml_fail(&err, path, NULL, "%s", what);
	f->refuse(f->arg, &err);
}

static void
add(struct corpus_files *f, const char *path)
{
	if (f->n == f->cap) {
		f->cap = f->cap == 0 ? 256 : f->cap * 2;
		f->v = reallocarray(f->v, f->cap, sizeof(*f->v));
		if (f->v == NULL)
			abort();
	}
	f->v[f->n++] = path;
}

static bool
ends(const char *name, const char *with)
{
	size_t len = strlen(name), n = strlen(with);

	return len > n && strcmp(name + len - n, with) == 0;
}

static int walk(struct corpus_files *f, const char *rel, unsigned depth);

static void
take(struct corpus_files *f, const char *rel, const char *name, unsigned depth)
{
	bool rule = ends(name, ".yml") || ends(name, ".yaml");
	char path[4096], *sub;
	struct stat st;

	sub = *rel == '\0' ? arena_str(f->arena, span_str(name))
			   : arena_printf(f->arena, "%s/%s", rel, name);
	if (io_join(path, sizeof(path), f->dir, sub) == -1 ||
	    stat(path, &st) == -1) {
		if (rule)
			refuse(f, sub, strerror(errno));
		return;
	}
	if (S_ISDIR(st.st_mode)) {
		if (walk(f, sub, depth + 1) == -1)
			refuse(f, sub, strerror(errno));
	} else if (rule && f->n == CORPUS_FILES)
		refuse(f, sub,
		    tr("too many rule files", "ルールファイルが多すぎます"));
	else if (rule)
		add(f, sub);
}

static int
walk(struct corpus_files *f, const char *rel, unsigned depth)
{
	char path[4096];
	struct dirent *de;
	DIR *d;

	if (depth > CORPUS_DEPTH) {
		errno = ELOOP;
		return -1;
	}
	if (io_join(path, sizeof(path), f->dir, *rel == '\0' ? "." : rel) ==
		-1 ||
	    (d = opendir(path)) == NULL)
		return -1;
	while ((de = readdir(d)) != NULL)
		if (de->d_name[0] != '.')
			take(f, rel, de->d_name, depth);
	closedir(d);
	return 0;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A file given by name: its folder, and itself. */
static void
split(struct corpus_files *f)
{
	const char *slash = strrchr(f->dir, '/');

	add(f, slash == NULL ? f->dir : slash + 1);
	f->dir = slash == NULL ? "."
	    : slash == f->dir
	    ? "/"
	    : arena_printf(f->arena, "%.*s", (int)(slash - f->dir), f->dir);
}

int
corpus_files(struct corpus_files *f)
{
	struct stat st;

	if (stat(f->dir, &st) == -1)
		return -1;
	if (!S_ISDIR(st.st_mode))
		split(f);
	else if (walk(f, "", 0) == -1)
		return -1;
	if (f->n > 0)
		qsort(f->v, f->n, sizeof(*f->v), by_path);
	return 0;
}

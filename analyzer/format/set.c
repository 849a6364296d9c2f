/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/set.h"

#include "analyzer/format/choose.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analyzer/format/formats.h"
#include "analyzer/format/load.h"
#include "common/buf.h"
#include "common/io.h"

#define FILES_MAX 1000
_Static_assert(FILES_MAX <= PREFILTER_MAX, "each has its bit");

/* The *.yml of the folder by name, so that their order is everybody's. */
static int
list_files(struct loader *ld, const char *dir, char **names, size_t *n)
{
	struct dirent *de;
	DIR *d = opendir(dir);
	size_t len;

	if (d == NULL)
		return yaml_fail(ld->err, dir, NULL, "%s", strerror(errno));
	*n = 0;
	while ((de = readdir(d)) != NULL && *n < FILES_MAX) {
		len = strlen(de->d_name);
		if (len > 4 && de->d_name[0] != '.' &&
		    strcmp(de->d_name + len - 4, ".yml") == 0)
			names[(*n)++] =
			    arena_printf(ld->a, "%s/%s", dir, de->d_name);
	}
	closedir(d);
	if (*n == 0)
		return yaml_fail(ld->err, dir, NULL, "%s",
		    tr("no *.yml here", "ここに *.yml がありません"));
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Whether two paths are one file. */
static bool
same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	    x.st_ino == y.st_ino;
}

/* Files beside those of the folder, each once; the number of the first. */
static size_t
add_files(char **names, size_t *n, const char *const *files, size_t count)
{
	size_t i, k, first = *n;

	for (i = 0; i < count && *n < FILES_MAX; i++) {
		for (k = 0; k < *n && !same_file(names[k], files[i]); k++)
			;
		if (k < *n) { /* by the name that the user gave it */
			memmove(&names[k], &names[k + 1],
			    (--*n - k) * sizeof(*names));
			first -= k < first;
		}
		names[(*n)++] = (char *)(uintptr_t)files[i];
	}
	return first;
}

/* Sure formats by name, then those that come last. */
static int
by_order(const void *a, const void *b)
{
	const struct format *x = *(struct format *const *)a,
			    *y = *(struct format *const *)b;

	if (x->last != y->last)
		return x->last ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Where the next format goes: in place of one of that name, or behind all. */
static size_t
place(const struct format_set *s, const struct format *f, size_t replaceable)
{
	size_t i;

	for (i = 0; i < replaceable; i++)
		if (strcmp(s->format[i]->name, f->name) == 0)
			return i;
	return s->n;
}

static bool
is_of_objects(const struct format *f)
{
	bool json = false;
	size_t i;

	for (i = 0; i < f->nstep; i++) {
		if (f->step[i].kind == STEP_KV || f->step[i].kind == STEP_PAIRS)
			return false;
		json |= f->step[i].kind == STEP_JSON;
	}
	return json;
}

/*
 * A file without `format:` holds maps for all.  Those from `more` on replace
 * formats of the others.
 */
static int
load_files(struct loader *ld, char **names, size_t count, size_t more)
{
	const struct yaml_node **root =
	    arena_alloc(ld->a, count * sizeof(*root));
	const struct yaml_node *n;
	struct format *f;
	size_t i, at, replaceable = 0;

	for (i = 0; i < count; i++) {
		ld->file = names[i];
		if ((root[i] = yaml_load(names[i], ld->a, ld->err)) == NULL)
			return -1;
		if (yaml_get(root[i], "format") != NULL)
			continue;
		if (load_keys(ld, root[i], "maps fragments") != 0)
			return -1;
		if ((n = yaml_get(root[i], "maps")) != NULL &&
		    load_maps(ld, n, &ld->shared) != 0)
			return -1;
		if ((n = yaml_get(root[i], "fragments")) != NULL &&
		    load_fragments(ld, n, &ld->shared_fragments) != 0)
			return -1;
	}
	for (i = 0; i < count; i++) {
		ld->file = names[i];
		if (yaml_get(root[i], "format") == NULL)
			continue;
		ld->trial = i >= more;
		if ((f = load_format(ld, root[i])) == NULL)
			return -1;
		if (i < more)
			replaceable = ld->set->n + 1;
		at = place(ld->set, f, i < more ? 0 : replaceable);
		ld->set->format[at] = f;
		ld->set->n += at == ld->set->n;
	}
	qsort(ld->set->format, ld->set->n, sizeof(*ld->set->format), by_order);
	for (i = 0; i < ld->set->n; i++) {
		ld->set->format[i]->number = i;
		ld->set->format[i]->objects = is_of_objects(ld->set->format[i]);
		choose_learn(ld->set->format[i]);
	}
	ld->set->prefilter = prefilter_make(ld->a, ld->set->format, ld->set->n,
	    ld->set->word, ld->set->nword);
	ld->set->guess = guess_make(ld->a, ld->set->format, ld->set->n);
	return 0;
}

static int
check_names(struct loader *ld)
{
	struct format **f = ld->set->format;
	size_t i;

	for (i = 1; i < ld->set->n; i++)
		if (strcmp(f[i - 1]->name, f[i]->name) == 0)
			return yaml_fail(ld->err, f[i]->file, NULL,
			    tr("a format "
			       "of the name '%s' is already in '%s'",
				"書式「%s」は「%s」にもあります"),
			    f[i]->name, f[i - 1]->file);
	return 0;
}

struct format_set *
set_load(const char *dir, const char *const *files, size_t count,
    struct yaml_error *err)
{
	struct format_set *s = calloc(1, sizeof(*s));
	struct loader ld = { .err = err };
	char **names;
	size_t n = 0, more;

	if (s == NULL)
		abort();
	s->refs = 1;
	ld.set = s;
	ld.a = s->arena = arena_new_lasting();
	names = arena_alloc(ld.a, FILES_MAX * sizeof(*names));
	if (list_files(&ld, dir, names, &n) != 0)
		goto release;
	qsort(names, n, sizeof(*names), by_name);
	more = add_files(names, &n, files, count);
	s->format = arena_alloc(ld.a, n * sizeof(*s->format));
	if (load_files(&ld, names, n, more) != 0 || check_names(&ld) != 0)
		goto release;
	return s;

release:
	set_release(s);
	return NULL;
}

void
set_release(struct format_set *s)
{
	size_t i;

	if (--s->refs > 0)
		return;
	for (i = 0; i < s->npattern; i++)
		regex_free(s->pattern[i].regex);
	free(s->pattern);
	free(s->word);
	arena_free(s->arena);
	free(s);
}

uint16_t
set_word(struct format_set *s, struct span text)
{
	size_t i;

	for (i = 0; i < s->nword; i++)
		if (span_eq(s->word[i], text))
			return (uint16_t)i;
	if (s->nword == PREFILTER_WORDS_MAX)
		return PREFILTER_NO_WORD;
	if (s->nword == s->word_cap) {
		s->word_cap = s->word_cap * 2 + 256;
		s->word = reallocarray(s->word, s->word_cap, sizeof(*s->word));
		if (s->word == NULL)
			abort();
	}
	s->word[s->nword++] = text;
	return (uint16_t)i;
}

size_t
set_find(const struct format_set *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n && strcmp(s->format[i]->name, name) != 0; i++)
		;
	return i;
}

bool
formats_takes_any(const struct formats *f, const char *name)
{
	const struct format_set *set = formats_set(f);
	size_t i = set_find(set, name);
	const struct detect *d;

	if (i == set->n || !set->format[i]->last)
		return false;
	for (d = set->format[i]->detect; d != NULL; d = d->otherwise)
		if (d->napp + d->nstart + d->nall + d->nany > 0)
			return false;
	return set->format[i]->detect != NULL;
}

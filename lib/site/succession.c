/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/succession.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/io.h"
#include "common/num.h"

/* "" for the first, ".2" or "/2" for the second. */
static void
suffix(char mark, unsigned number, char out[8])
{
	out[0] = '\0';
	if (number > 1)
		snprintf(out, 8, "%c%u", mark, number % 1000);
}

int
generation_find(const struct site *site, const struct site_log *log,
    unsigned number, struct generation *g)
{
	char dot[8], slash[8];
	int n[3];

	if (number == 0 || number > SUCCESSION_MAX)
		return -1;
	suffix('.', number, dot);
	suffix('/', number, slash);
	n[0] = snprintf(g->dir, sizeof(g->dir), "%s%s", log->first_dir, dot);
	n[1] = snprintf(g->keys, sizeof(g->keys), "%s/%s%s", site->keys,
	    log->name, dot);
	n[2] = snprintf(g->origin, sizeof(g->origin), "%s%s", log->first_origin,
	    slash);
	return n[0] < 0 || (size_t)n[0] >= sizeof(g->dir) || n[1] < 0 ||
		(size_t)n[1] >= sizeof(g->keys) || n[2] < 0 ||
		(size_t)n[2] >= sizeof(g->origin)
	    ? -1
	    : 0;
}

const char *const *
succession_dirs(const struct site *site, const struct site_log *log,
    struct arena *arena)
{
	const char **dirs = arena_alloc(arena, log->generation * sizeof(*dirs));
	struct generation g;
	unsigned i;

	for (i = 0; i < log->generation; i++)
		dirs[i] = generation_find(site, log, i + 1, &g) == 0
		    ? arena_str(arena, span_str(g.dir))
		    : log->dir;
	return dirs;
}

static bool
generation_is_there(const struct generation *g)
{
	char path[4096];
	struct stat st;

	return io_join(path, sizeof(path), g->dir, "log") == 0 &&
	    lstat(path, &st) == 0;
}

/* The newest generation that is there, from the one given on. */
static unsigned
newest(const struct site *site, const struct site_log *log)
{
	unsigned number = log->generation, n;
	struct generation g;

	for (n = number + 1; n <= number + 1 + SUCCESSION_GAP &&
	     generation_find(site, log, n, &g) == 0;
	     n++)
		if (generation_is_there(&g))
			number = n;
	return number;
}

void
succession_follow(struct site *site)
{
	struct generation g;
	struct site_log *log;
	unsigned number;

	for (log = site->logs; log < site->logs + site->n_logs; log++) {
		number = newest(site, log);
		if (number != log->generation &&
		    generation_find(site, log, number, &g) == 0)
			site_log_set(site, log, number, &g);
	}
}

const struct site_log *
succession_generation(struct site *site, const struct site_log *log,
    unsigned number)
{
	struct generation g;

	if (number == log->generation)
		return log;
	if (number > log->generation ||
	    generation_find(site, log, number, &g) != 0)
		return NULL;
	return site_log_over(site, log, number, &g);
}

const struct site_log *
succession_log(struct site *site, const char *name)
{
	const char *dot = strchr(name, '.'); /* no name has one */
	char first[SITE_NAME_MAX + 1];
	const struct site_log *log;
	uint64_t number;

	if (dot == NULL)
		return site_log(site, name);
	if ((size_t)(dot - name) >= sizeof(first) || dot[1] == '0' ||
	    num_parse(span_str(dot + 1), SUCCESSION_MAX, &number) != 0)
		return NULL;
	memcpy(first, name, (size_t)(dot - name));
	first[dot - name] = '\0';
	log = site_log(site, first);
	return log == NULL ? NULL
			   : succession_generation(site, log, (unsigned)number);
}

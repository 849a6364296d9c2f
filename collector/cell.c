/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/cell.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "common/arena.h"
#include "common/confine.h"
#include "common/confine_tbl.h"
#include "site/succession.h"

#include "collector/cell_calls_tbl.h"

#define PLACES 128u /* beside the generations of logs */

struct places {
	struct confine_place *v;
	size_t n, max;
	struct arena *arena;
};

static const char *const names[] = {
#define CELL(id, name) name,
#include "collector/cell_tbl.h"
#undef CELL
};

/* Where the resolver and TLS look for what they need. */
static const char *const outward_places[] = { PLACES_OUTWARD };

const char *
cell_name(enum cell cell)
{
	return cell < CELL_COUNT ? names[cell] : NULL;
}

enum cell
cell_find(const char *name)
{
	int i;

	for (i = 0; i < CELL_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			break;
	return (enum cell)i;
}

static void
place(struct places *p, const char *path, enum confine_right right)
{
	if (*path == '\0')
		return;
	if (p->n == p->max)
		abort();
	p->v[p->n++] = (struct confine_place){ path, right };
}

/* The folder that a path lies in. */
static const char *
above(struct places *p, const char *path)
{
	char *copy = arena_str(p->arena, span_str(path));
	char *slash = strrchr(copy, '/');

	if (slash == NULL)
		return ".";
	slash[slash == copy ? 1 : 0] = '\0';
	return copy;
}

/* Every generation of every log. */
static void
place_logs(struct places *p, const struct site *site, enum confine_right right)
{
	const char *const *dirs;
	const struct site_log *l;
	unsigned i;

	for (l = site->logs; l < site->logs + site->n_logs; l++) {
		dirs = succession_dirs(site, l, p->arena);
		for (i = 0; i < l->generation; i++)
			place(p, dirs[i], right);
	}
}

/* What the resolver and TLS need. */
static void
place_outward(struct places *p)
{
	size_t i;

	for (i = 0; i < sizeof(outward_places) / sizeof(outward_places[0]); i++)
		place(p, outward_places[i], CONFINE_READ);
}

/* Whether a path lies in a folder; if that cannot be found out, it does. */
static bool
holds(const char *folder, const char *path)
{
	char a[PATH_MAX], b[PATH_MAX];
	size_t len;

	if (realpath(folder, a) == NULL || realpath(path, b) == NULL)
		return true;
	len = strlen(a);
	return strncmp(a, b, len) == 0 &&
	    (len == 1 || b[len] == '/' || b[len] == '\0');
}

/* Above it, since a disk may be mounted there later; but not so far above that
 * the logs could be written. */
static void
place_copy(struct places *p, const struct site *site)
{
	const char *folder = above(p, site->anchor.copy);
	bool ours = holds(folder, site->dir) || holds(folder, site->keys);
	size_t i;

	for (i = 0; !ours && i < site->n_logs; i++)
		ours = holds(folder, site->logs[i].dir);
	place(p, ours ? site->anchor.copy : folder, CONFINE_WRITE);
}

static void
place_outside(struct places *p, const struct site *site)
{
	size_t i;

	place_logs(p, site, CONFINE_READ);
	if (*site->anchor.copy != '\0')
		place_copy(p, site);
	place(p, site->anchor.relay.secret_file, CONFINE_READ);
	place(p, site->anchor.relay.ca, CONFINE_READ);
	for (i = 0; i < site->anchor.n_witnesses; i++)
		place(p, site->anchor.witnesses[i].ca, CONFINE_READ);
	for (i = 0; i < site->anchor.n_tsas; i++) {
		place(p, site->anchor.tsas[i].ca, CONFINE_READ);
		place(p, site->anchor.tsas[i].https_ca, CONFINE_READ);
	}
	place_outward(p);
}

/* Beside the logs, where their successors will be. */
static void
place_beside(struct places *p, const struct site *site,
    enum confine_right right)
{
	size_t i;

	for (i = 0; i < site->n_logs; i++)
		place(p, above(p, site->logs[i].first_dir), right);
}

static void
places_fill(struct places *p, enum cell cell, const struct site *site)
{
	size_t i;

	switch (cell) {
	case CELL_LOADER: /* as what is changed may name others */
		place(p, "/", CONFINE_READ);
		break;
	case CELL_SIGNER:
		place(p, site->keys, CONFINE_WRITE);
		break;
	case CELL_WRITER:
		place_logs(p, site, CONFINE_WRITE);
		place_beside(p, site, CONFINE_MOVE);
		place(p, site->cache, CONFINE_WRITE);
		place(p, "/proc/sys/kernel/random/boot_id", CONFINE_READ);
		break;
	case CELL_TAILER:
		for (i = 0; i < site->n_watches; i++)
			place(p, above(p, site->watches[i].path), CONFINE_READ);
		place(p, site->cache, CONFINE_WRITE);
		break;
	case CELL_ANCHOR:
	case CELL_ASKER:
		place(p, site->cache, CONFINE_WRITE);
		place_outside(p, site);
		break;
	case CELL_FORWARDER:
		place_logs(p, site, CONFINE_READ);
		place(p, site->cache, CONFINE_WRITE);
		place_outward(p);
		break;
	case CELL_SUCCESSOR:
		place_beside(p, site, CONFINE_WRITE);
		place(p, site->keys, CONFINE_WRITE);
		break;
	case CELL_PARSER:
	case CELL_RECEIVER:
	case CELL_MONITOR:
	case CELL_PARENT:
	case CELL_COUNT:
		break;
	}
}

static size_t
generations(const struct site *site)
{
	size_t i, n = 0;

	for (i = 0; site != NULL && i < site->n_logs; i++)
		n += site->logs[i].generation;
	return n;
}

int
cell_files(enum cell cell, const struct site *site)
{
	bool leaves =
	    cell == CELL_ANCHOR || cell == CELL_FORWARDER || cell == CELL_ASKER;
	struct places p = { .max = PLACES + generations(site) };
	struct confine_files f = { .connect = leaves };
	int rc;

	if (cell == CELL_PARENT)
		return 0;
	if (cell == CELL_COUNT) { /* a process without a row must not be */
		errno = EINVAL;
		return -1;
	}
	if (confine_begin() != 0)
		return -1;
	p.v = calloc(p.max, sizeof(p.v[0]));
	if (p.v == NULL)
		return -1;
	p.arena = arena_new();
	places_fill(&p, cell, site);
	f.places = p.v;
	f.n = p.n;
	rc = confine_files(&f);
	arena_free(p.arena);
	free(p.v);
	return rc;
}

#define CALLS(table)                                                           \
	{                                                                      \
		table, sizeof(table) / sizeof(table[0])                        \
	}
static const struct {
	const struct confine_call *calls;
	size_t n;
} tables[] = {
	[CELL_PARENT] = CALLS(parent),
	[CELL_PARSER] = CALLS(parser),
	[CELL_LOADER] = CALLS(loader),
	[CELL_SIGNER] = CALLS(signer),
	[CELL_WRITER] = CALLS(writer),
	[CELL_RECEIVER] = CALLS(receiver),
	[CELL_TAILER] = CALLS(tailer),
	[CELL_ANCHOR] = CALLS(outward),
	[CELL_MONITOR] = CALLS(monitor),
	[CELL_FORWARDER] = CALLS(outward),
	[CELL_ASKER] = CALLS(outward),
	[CELL_SUCCESSOR] = CALLS(successor),
};

int
cell_calls(enum cell cell)
{
	if (cell == CELL_COUNT) {
		errno = EINVAL;
		return -1;
	}
	/* The parent's end would end collecting; and it is made to do nothing
	 * by anybody outside.  The loader has whatever libraries look accounts
	 * up, and speaks to nobody outside either. */
	return confine_calls(tables[cell].calls, tables[cell].n,
	    cell == CELL_PARENT || cell == CELL_LOADER ? EPERM : 0);
}

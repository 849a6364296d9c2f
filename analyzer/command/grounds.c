/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/grounds.h"

#include <errno.h>
#include <string.h>

#include "analyzer/command/inputs.h"
#include "analyzer/ledger/outline.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"

#define CALENDAR_BYTES (1u << 20)

static void
add_nets(struct prefixes *to, const struct site_nets *nets)
{
	struct prefix p;
	size_t i;

	for (i = 0; i < nets->n; i++) {
		memcpy(p.address.b, nets->v[i].addr, sizeof(p.address.b));
		p.bits = nets->v[i].bits;
		prefixes_add(to, p);
	}
}

/*
 * A ledger that is not kept is empty; one that cannot be read is an error.
 * Those that the guidance asks for are missed.
 */
static int
read_ledger(const char *path, bool missed, struct arena *arena,
    struct buf *out, const char **name, struct problems *ps)
{
	int rc = ledger_file_read(path, arena, out, name, ps);

	if (rc == 0 && missed)
		log_warn(tr("there is no ledger %s: rules that need it find "
			    "nothing",
			     "台帳 %s がありません。この台帳を使うルールは何も"
			     "検知しません"),
		    path);
	return rc == -1 ? -1 : 0;
}

static void
report_problems(const struct problems *ps)
{
	struct buf line;
	size_t i;

	buf_init(&line);
	for (i = 0; i < ps->n; i++) {
		line.len = 0;
		problem_print(&ps->v[i], &line);
		if (ps->v[i].error)
			log_error("%s", buf_cstr(&line));
		else
			log_warn("%s", buf_cstr(&line));
	}
	buf_fini(&line);
}

/* What the casebook says of the ledgers that are in force from now on. */
static void
note_versions(struct grounds *g, struct ledger_bytes *in)
{
	struct problems said; /* already */
	struct outline o;
	size_t i;

	g->arena = arena_new();
	for (i = 0; i < LEDGER_COUNT; i++) {
		struct span bytes = *ledger_bytes_of(in, (enum ledger)i);

		if (bytes.len == 0)
			continue;
		problems_init(&said);
		outline_read(&o, (enum ledger)i, bytes, in->names[i],
		    g->arena, &said);
		problems_fini(&said);
		version_make(&o, bytes, g->arena,
		    &g->versions[g->n_versions++]);
	}
}

static int
load_ledgers(struct grounds *g, const struct site *site)
{
	const char *path[LEDGER_COUNT];
	struct arena *arena = arena_new();
	struct buf b[LEDGER_COUNT];
	struct ledger_bytes in = { .devices = { NULL, 0 } };
	struct problems ps;
	int64_t today;
	size_t i, bad = 0;

	problems_init(&ps);
	inputs_ledgers(site, path);
	for (i = 0; i < LEDGER_COUNT; i++) {
		buf_init(&b[i]);
		bad += read_ledger(path[i], i <= LEDGER_MAINTENANCE, arena,
			   &b[i], &in.names[i], &ps) != 0;
		*ledger_bytes_of(&in, (enum ledger)i) = buf_view(&b[i]);
	}
	today = (utc_now() + site->zone * UTC_SECOND) / UTC_DAY;
	if (bad == 0)
		g->ledgers = ledgers_parse(&in, today, site->zone, &ps);
	if (g->ledgers != NULL)
		note_versions(g, &in);
	report_problems(&ps);
	problems_fini(&ps);
	for (i = 0; i < LEDGER_COUNT; i++)
		buf_fini(&b[i]);
	arena_free(arena);
	return g->ledgers == NULL ? -1 : 0;
}

int
grounds_load_calendar(struct grounds *g, const struct site *site,
    const struct holidays *holidays)
{
	const char *path = site->analyzer.calendar;
	struct yaml_error err;
	struct buf text;

	buf_init(&text);
	if (io_read_file(path, CALENDAR_BYTES, &text) == 0) {
		sha256(buf_view(&text), g->calendar_sha256);
		g->calendar =
		    calendar_parse(buf_view(&text), path, holidays, &err);
		if (g->calendar == NULL)
			yaml_report(&err);
	} else if (errno == ENOENT) {
		g->calendar = calendar_default(holidays);
	} else {
		log_errno(tr("cannot read %s", "%s を読めません"), path);
	}
	buf_fini(&text);
	return g->calendar == NULL ? -1 : 0;
}

int
grounds_load_ledgers(struct grounds *g, const struct site *site)
{
	*g = (struct grounds){ .ledgers = NULL };
	add_nets(&g->internal, &site->analyzer.internal);
	add_nets(&g->vpn, &site->analyzer.vpn);
	return load_ledgers(g, site);
}

int
grounds_load(struct grounds *g, const struct site *site,
    const struct holidays *holidays)
{
	return grounds_load_ledgers(g, site) == -1
	    ? -1
	    : grounds_load_calendar(g, site, holidays);
}

void
grounds_free(struct grounds *g)
{
	calendar_free(g->calendar);
	ledgers_free(g->ledgers);
	prefixes_fini(&g->internal);
	prefixes_fini(&g->vpn);
	if (g->arena != NULL)
		arena_free(g->arena);
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/grounds.h"

#include <errno.h>
#include <string.h>

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

/* A ledger that is not kept is empty; one that cannot be read is an error. */
static int
read_ledger(const char *path, bool expected, struct buf *out)
{
	if (io_read_file(path, LEDGER_BYTES, out) == 0)
		return 0;
	if (errno == ENOENT && !expected)
		return 0;
	if (errno == ENOENT) {
		log_warn(tr("there is no ledger %s: rules that need it find "
			    "nothing",
			     "台帳 %s がありません。この台帳を使うルールは何も"
			     "検知しません"),
		    path);
		return 0;
	}
	log_errno(tr("cannot read ledger %s", "台帳 %s を読めません"), path);
	return -1;
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

static int
load_ledgers(struct grounds *g, const struct site *site)
{
	struct buf devices, accounts, plans, exceptions;
	struct problems ps;
	int64_t today;

	buf_init(&devices);
	buf_init(&accounts);
	buf_init(&plans);
	buf_init(&exceptions);
	problems_init(&ps);
	today = (utc_now() + site->zone * UTC_SECOND) / UTC_DAY;
	if (read_ledger(site->analyzer.devices, true, &devices) == 0 &&
	    read_ledger(site->analyzer.accounts, true, &accounts) == 0 &&
	    read_ledger(site->analyzer.maintenance, true, &plans) == 0 &&
	    read_ledger(site->analyzer.exceptions, false, &exceptions) == 0)
		g->ledgers =
		    ledgers_parse(&(struct ledger_bytes){ .devices = buf_view(
							      &devices),
				      .accounts = buf_view(&accounts),
				      .maintenance = buf_view(&plans),
				      .exceptions = buf_view(&exceptions) },
			today, site->zone, &ps);
	report_problems(&ps);
	problems_fini(&ps);
	buf_fini(&devices);
	buf_fini(&accounts);
	buf_fini(&plans);
	buf_fini(&exceptions);
	return g->ledgers == NULL ? -1 : 0;
}

static int
load_calendar(struct grounds *g, const struct site *site,
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
grounds_load(struct grounds *g, const struct site *site,
    const struct holidays *holidays)
{
	*g = (struct grounds){ .ledgers = NULL };
	add_nets(&g->internal, &site->analyzer.internal);
	add_nets(&g->vpn, &site->analyzer.vpn);
	return load_ledgers(g, site) == -1 ? -1
					   : load_calendar(g, site, holidays);
}

void
grounds_free(struct grounds *g)
{
	calendar_free(g->calendar);
	ledgers_free(g->ledgers);
	prefixes_fini(&g->internal);
	prefixes_fini(&g->vpn);
}

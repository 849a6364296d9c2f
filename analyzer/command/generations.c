/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/generations.h"

#include <stdio.h>

#include "analyzer/command/holdings.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/succession.h"

/* Whether one holds records of that time; said if it does or may. */
static size_t
say(const struct site *site, const struct site_log *log, uint64_t since,
    uint64_t until)
{
	char from[UTC_TEXT], to[UTC_TEXT];
	uint64_t low, high;
	struct buf why;
	size_t n = 0;

	buf_init(&why);
	if (holdings_span(site, log, &low, &high, &why) != 0) {
		log_warn(tr("--log %s may hold records of that time, but "
			    "cannot be read whole: %s",
			     "--log %s にもその期間の記録がある可能性がありま"
			     "すが、全部は読めません: %s"),
		    log->ref, buf_cstr(&why));
		n = 1;
	} else if (high != 0 && low < until && high >= since) {
		log_warn(tr("another generation of this log holds records of "
			    "that time: --log %s, from %s to %s",
			     "このログの別の世代にもその期間の記録がありま"
			     "す: --log %s（%s〜%s）"),
		    log->ref, utc_print_local((int64_t)low, site->zone, from),
		    utc_print_local((int64_t)high, site->zone, to));
		n = 1;
	}
	buf_fini(&why);
	return n;
}

size_t
generations_say(struct site *site, const struct site_log *log, uint64_t since,
    uint64_t until)
{
	const struct site_log *newest = site_log(site, log->name);
	size_t said = 0;
	unsigned n;

	for (n = 1; n <= newest->generation; n++)
		if (n != log->generation)
			said +=
			    say(site, succession_generation(site, newest, n),
				since, until);
	return said;
}

int
generations_ended(struct site *site, const struct site_log *log,
    struct predecessor *p)
{
	char path[4096];
	struct generation g;
	struct buf text;
	int rc = -1;

	*p = (struct predecessor){ .origin = "" };
	buf_init(&text);
	if (generation_find(site, log, log->generation + 1, &g) == 0 &&
	    io_join(path, sizeof(path), g.dir, "predecessor") == 0 &&
	    io_read_file(path, PREDECESSOR_MAX, &text) == 0)
		rc = predecessor_parse(buf_view(&text), p);
	if (rc != 0)
		*p = (struct predecessor){ .origin = "" };
	buf_fini(&text);
	return rc;
}

void
generations_print_over(struct site *site, const struct site_log *log,
    struct buf *out)
{
	char when[UTC_TEXT] = "?";
	struct predecessor p;

	if (generations_ended(site, log, &p) == 0)
		utc_print_local((int64_t)p.at, site->zone, when);
	buf_printf(out,
	    tr("%s is over since %s and %s.%u follows it",
		"%sは%sに終了し、%s.%uが続いています"),
	    log->ref, when, log->name, log->generation + 1);
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/wrap.h"

#include "analyzer/format/clock.h"
#include "analyzer/format/jsonpath.h"
#include "common/utc.h"

enum part { MESSAGE, HOST, APP, PID, TIME, PARTS };

/* Names by what they mean, in the order in which they count. */
static const struct {
	const char *name;
	enum part part;
} keys[] = {
	{ "MESSAGE", MESSAGE },
	{ "message", MESSAGE },
	{ "log", MESSAGE },
	{ "full_message", MESSAGE }, /* of GELF; the short one sums it up */
	{ "short_message", MESSAGE },
	{ "event.original", MESSAGE },
	{ "_HOSTNAME", HOST },
	{ "host.name", HOST },
	{ "host.hostname", HOST },
	{ "hostname", HOST },
	{ "host", HOST },
	{ "SYSLOG_IDENTIFIER", APP },
	{ "process.name", APP },
	{ "log.syslog.appname", APP },
	{ "program", APP },
	{ "SYSLOG_PID", PID },
	{ "_PID", PID },
	{ "process.pid", PID },
	{ "_SOURCE_REALTIME_TIMESTAMP", TIME },
	{ "__REALTIME_TIMESTAMP", TIME },
	{ "@timestamp", TIME },
	{ "timestamp", TIME },
	{ "time", TIME },
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* The values of the keys that there are; the best of each part. */
static void
find_parts(struct span text, struct arena *a, struct span part[PARTS])
{
	size_t best[PARTS] = { KEYS, KEYS, KEYS, KEYS, KEYS }, i;
	struct jsonpath_value v;
	struct jsonpath j;
	uint8_t *out;

	jsonpath_begin(&j, text);
	while (jsonpath_next(&j, &v)) {
		for (i = 0; i < KEYS && !span_is(v.path, keys[i].name); i++)
			;
		if (i == KEYS || v.text.len == 0 || i >= best[keys[i].part])
			continue;
		best[keys[i].part] = i;
		part[keys[i].part] = v.text;
		if (!v.escaped)
			continue;
		out = arena_alloc(a, v.text.len);
		part[keys[i].part] =
		    span_make(out, jsonpath_unescape(v.text, out));
	}
}

static void
take_time(struct span text, struct header *h)
{
	int64_t usec;

	if (clock_epoch(text, &usec)) {
		memset(&h->stamp, 0, sizeof(h->stamp));
		utc_to_civil(usec, 0, &h->stamp.c);
		h->stamp.has_zone = true;
		h->stamp.len = text.len;
	} else if (!stamp_parse(text, &h->stamp) || h->stamp.len != text.len)
		return;
	h->has_stamp = true;
	h->stamp_text = text;
}

bool
wrap_is_object(struct span text)
{
	while (text.len > 0 && text.p[text.len - 1] <= ' ')
		text.len--;
	return text.len > 1 && text.p[0] == '{' && text.p[text.len - 1] == '}';
}

bool
wrap_open(struct span text, struct arena *a, struct header *head)
{
	struct span part[PARTS] = { { NULL, 0 } };

	if (text.len == 0 || text.p[0] != '{')
		return false;
	find_parts(text, a, part);
	if (part[MESSAGE].len == 0)
		return false;
	header_parse(part[MESSAGE], head);
	if (head->host.len == 0)
		head->host = part[HOST];
	if (head->app.len == 0) {
		head->app = part[APP];
		head->pid = part[PID];
	}
	if (!head->has_stamp && part[TIME].len > 0)
		take_time(part[TIME], head);
	return true;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/event/event.h"

#include <string.h>

#include "common/json.h"
#include "common/num.h"
#include "common/utc.h"

void
event_clear(struct event *e)
{
	e->format = NULL;
	e->time = e->received;
	e->clock = EVENT_CLOCK_NONE;
	e->mark = 0;
	e->time_text = (struct span){ NULL, 0 };
	e->n = 0;
	e->dropped = 0;
}

void
event_set(struct event *e, enum ecs field, struct span value)
{
	size_t i;

	if (value.len == 0)
		return;
	for (i = 0; i < e->n; i++) {
		if (e->f[i].field == field) {
			e->f[i].value = value;
			return;
		}
	}
	event_add(e, field, value);
}

struct span
event_get(const struct event *e, enum ecs field)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		if (e->f[i].field == field)
			return e->f[i].value;
	return (struct span){ NULL, 0 };
}

int
event_number(const struct event *e, enum ecs field, uint64_t *n)
{
	return num_parse(event_get(e, field), UINT64_MAX, n);
}

void
event_add_clock(struct event *e)
{
	static const struct {
		unsigned mark;
		const char *name;
	} quality[] = {
		{ EVENT_MARK_UNSET, "never-set" },
		{ EVENT_MARK_UNSYNCED, "not-synchronized" },
		{ EVENT_MARK_ZONE, "zone-unknown" },
		{ EVENT_MARK_YEAR, "year-inferred" },
		{ EVENT_MARK_UPTIME, "uptime" },
	};
	static const char *const rule[] = {
		[EVENT_CLOCK_NONE] = "received",
		[EVENT_CLOCK_OFFSET] = "line",
		[EVENT_CLOCK_LEDGER] = "ledger",
		[EVENT_CLOCK_SITE] = "site",
	};
	size_t i;

	event_add(e, ECS_CLOCK_TEXT, e->time_text);
	if (e->clock != EVENT_CLOCK_NONE || e->received != 0)
		event_add(e, ECS_CLOCK_RULE, span_str(rule[e->clock]));
	for (i = 0; i < sizeof(quality) / sizeof(quality[0]); i++)
		if (e->mark & quality[i].mark)
			event_add(e, ECS_CLOCK_QUALITY,
			    span_str(quality[i].name));
}

int64_t
event_judged_time(const struct event *e, int64_t skew_max)
{
	int64_t skew;

	if (e->clock == EVENT_CLOCK_NONE)
		return e->received;
	if (e->source != NULL && e->source->replay)
		return e->time;
	skew = e->time - e->received;
	/* An import is read long after: its own clock is all there is, but
	 * what was read today did not happen tomorrow. */
	if (e->source != NULL && span_is(e->source->transport, "import"))
		return skew <= skew_max ? e->time : e->received;
	if (e->mark & EVENT_MARK_UNSET)
		return e->received;
	return skew <= skew_max && skew >= -skew_max ? e->time : e->received;
}

/*
 * JSON: the fields in the order of their names, so that one object holds all
 * that share a prefix; '.' sorts before every other byte that names contain.
 */
size_t
event_order(const struct event *e, uint8_t *order)
{
	size_t i, k, n = 0;

	for (i = 0; i < e->n; i++) {
		const char *name = ecs_name(e->f[i].field);

		if (e->f[i].field == ECS_TIMESTAMP)
			continue;
		for (k = n++; k > 0; k--) {
			if (strcmp(ecs_name(e->f[order[k - 1]].field), name) <=
			    0)
				break;
			order[k] = order[k - 1];
		}
		order[k] = (uint8_t)i;
	}
	return n;
}

/* Close objects of the last name that name is not in, open those it is in. */
static const char *
print_path(struct buf *out, const char *last, const char *name, bool *comma)
{
	size_t i, shared = 0;
	const char *dot;

	for (i = 0; last[i] != '\0' && last[i] == name[i]; i++)
		if (last[i] == '.')
			shared = i + 1;
	for (i = shared; last[i] != '\0'; i++) {
		if (last[i] == '.') {
			buf_byte(out, '}');
			*comma = true;
		}
	}
	if (*comma)
		buf_byte(out, ',');
	for (name += shared; (dot = strchr(name, '.')) != NULL;
	     name = dot + 1) {
		json_quote(out, span_make(name, (size_t)(dot - name)));
		buf_str(out, ":{");
	}
	*comma = true;
	return name;
}

static void
print_value(struct buf *out, enum ecs field, struct span value)
{
	uint64_t n;

	if (ecs_type(field) == ECS_T_NUMBER &&
	    num_parse_canonical(value, UINT64_MAX, &n) == 0)
		buf_span(out, value);
	else
		json_quote(out, value);
}

size_t
event_print_values(const struct event *e, const uint8_t *order, size_t n,
    struct buf *out)
{
	enum ecs field = e->f[order[0]].field;
	size_t i, count = 1;

	while (count < n && e->f[order[count]].field == field)
		count++;
	if (count > 1)
		buf_byte(out, '[');
	for (i = 0; i < count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		print_value(out, field, e->f[order[i]].value);
	}
	if (count > 1)
		buf_byte(out, ']');
	return count;
}

void
event_print_json(const struct event *e, struct buf *out)
{
	uint8_t order[EVENT_FIELDS];
	size_t i, n = event_order(e, order);
	const char *last = "", *leaf;
	char text[UTC_TEXT];
	bool comma = false;

	buf_byte(out, '{');
	if (e->clock != EVENT_CLOCK_NONE || e->received != 0) {
		buf_str(out, "\"@timestamp\":\"");
		buf_str(out, utc_print(e->time, 0, text));
		buf_byte(out, '"');
		comma = true;
	}
	for (i = 0; i < n;) {
		enum ecs field = e->f[order[i]].field;

		leaf = print_path(out, last, ecs_name(field), &comma);
		json_quote(out, span_str(leaf));
		buf_byte(out, ':');
		i += event_print_values(e, order + i, n - i, out);
		last = ecs_name(field);
	}
	for (; *last != '\0'; last++)
		if (*last == '.')
			buf_byte(out, '}');
	buf_str(out, "}\n");
}

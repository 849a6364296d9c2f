/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <string.h>

#include "analyzer/event/event.h"
#include "common/json.h"
#include "common/num.h"
#include "common/text.h"
#include "common/utc.h"

void
event_print_flat(const struct event *e, struct buf *out)
{
	uint8_t order[EVENT_FIELDS];
	size_t i, n = event_order(e, order);
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
		if (comma)
			buf_byte(out, ',');
		comma = true;
		json_quote(out, span_str(ecs_name(e->f[order[i]].field)));
		buf_byte(out, ':');
		i += event_print_values(e, order + i, n - i, out);
	}
	buf_str(out, "}\n");
}

/* The next part of a line for people; empty ones leave no gap. */
static void
part(struct buf *out, const char *before, struct span text)
{
	if (text.len == 0)
		return;
	buf_str(out, before);
	text_escape(text, out);
}

static struct span
first_of(const struct event *e, const enum ecs *fields, size_t n)
{
	struct span value = { NULL, 0 };
	size_t i;

	for (i = 0; i < n && value.len == 0; i++)
		value = event_get(e, fields[i]);
	return value;
}

#define FIRST(e, ...)                                                          \
	first_of(e, (const enum ecs[]){ __VA_ARGS__ },                         \
	    sizeof((const enum ecs[]){ __VA_ARGS__ }) / sizeof(enum ecs))

static void
print_end(const struct event *e, const char *before, struct span address,
    enum ecs port, struct buf *out)
{
	struct span number = event_get(e, port);
	bool six;

	if (address.len == 0)
		return;
	six = number.len > 0 && memchr(address.p, ':', address.len) != NULL;
	buf_str(out, before);
	buf_str(out, six ? "[" : "");
	text_escape(address, out);
	part(out, six ? "]:" : ":", number);
}

/* Seconds of what is written in nanoseconds. */
static void
print_duration(struct span ns, struct buf *out)
{
	uint64_t n;

	if (ns.len == 0 || num_parse(ns, UINT64_MAX, &n) != 0)
		return;
	buf_printf(out, "  duration=%" PRIu64, n / 1000000000);
	if (n / 1000000 % 1000 > 0)
		buf_printf(out, ".%03" PRIu64, n / 1000000 % 1000);
	buf_byte(out, 's');
}

void
event_print_text(const struct event *e, int zone, struct buf *out)
{
	char when[UTC_TEXT];

	buf_str(out, utc_print(e->time, zone, when));
	if (e->clock == EVENT_CLOCK_NONE)
		buf_str(out, "(received)");
	part(out, "  ",
	    FIRST(e, ECS_OBSERVER_NAME, ECS_HOST_NAME, ECS_OBSERVER_HOSTNAME,
		ECS_HOST_HOSTNAME, ECS_SYSLOG_HOSTNAME, ECS_OBSERVER_PRODUCT));
	part(out, "  ", FIRST(e, ECS_KIND, ECS_EVENT_ACTION, ECS_EVENT_CODE));
	part(out, " ", event_get(e, ECS_EVENT_OUTCOME));
	part(out, "  user=", event_get(e, ECS_USER_NAME));
	part(out, " target=", event_get(e, ECS_USER_TARGET_NAME));
	print_end(e, "  ", FIRST(e, ECS_SOURCE_IP, ECS_SOURCE_ADDRESS),
	    ECS_SOURCE_PORT, out);
	print_end(e, " -> ",
	    FIRST(e, ECS_DESTINATION_IP, ECS_DESTINATION_ADDRESS,
		ECS_DESTINATION_DOMAIN),
	    ECS_DESTINATION_PORT, out);
	part(out, " ", event_get(e, ECS_NETWORK_TRANSPORT));
	print_end(e, "  nat=", event_get(e, ECS_SOURCE_NAT_IP),
	    ECS_SOURCE_NAT_PORT, out);
	print_end(e, "  nat-to=", event_get(e, ECS_DESTINATION_NAT_IP),
	    ECS_DESTINATION_NAT_PORT, out);
	part(out, "  tunnel=", event_get(e, ECS_TUNNEL_IP));
	part(out, "  sent=", event_get(e, ECS_SOURCE_BYTES));
	part(out, " received=", event_get(e, ECS_DESTINATION_BYTES));
	part(out, " bytes=", event_get(e, ECS_NETWORK_BYTES));
	print_duration(event_get(e, ECS_EVENT_DURATION), out);
	part(out, "  ",
	    FIRST(e, ECS_URL_ORIGINAL, ECS_URL_DOMAIN, ECS_DNS_QUESTION,
		ECS_FILE_PATH, ECS_FILE_NAME));
	part(out, "  ", event_get(e, ECS_PROCESS_COMMAND_LINE));
	part(out, "  ", FIRST(e, ECS_MENU, ECS_CONFIG_PATH));
	part(out, " ", FIRST(e, ECS_OPERATION, ECS_CONFIG_CHANGE));
	part(out, " patient=", event_get(e, ECS_PATIENT_ID));
	part(out, "  rule=", FIRST(e, ECS_RULE_NAME, ECS_RULE_ID));
	part(out, "  ", event_get(e, ECS_EVENT_REASON));
	part(out, "  error: ", event_get(e, ECS_ERROR_MESSAGE));
	buf_printf(out, "  [%s]\n", e->format != NULL ? e->format : "?");
}

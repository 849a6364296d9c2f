/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/rules_event.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/command/events.h"
#include "analyzer/command/jsonevent.h"
#include "analyzer/sigma/moment.h"
#include "common/log.h"
#include "common/utc.h"

struct rules_event {
	const char *rules;
	int zone;
	struct arena *arena;
	struct fields *fields; /* numbered as those of ECS */
	struct jsonevent json;
	struct formats *formats; /* loaded when a line comes; NULL before */
	struct event_source source;
	struct event event;
};

struct rules_event *
rules_event_new(const char *rules, int zone)
{
	struct rules_event *re = calloc(1, sizeof(*re));
	size_t i;

	if (re == NULL)
		abort();
	re->rules = rules;
	re->zone = zone;
	re->arena = arena_new();
	re->fields = fields_new();
	for (i = 0; i < ECS_COUNT; i++)
		(void)fields_put(re->fields, span_str(ecs_name((enum ecs)i)));
	jsonevent_init(&re->json, re->fields);
	re->source.replay = true;
	return re;
}

void
rules_event_free(struct rules_event *re)
{
	if (re == NULL)
		return;
	formats_free(re->formats);
	jsonevent_fini(&re->json);
	fields_free(re->fields);
	arena_free(re->arena);
	free(re);
}

static int
take_members(struct rules_event *re)
{
	const struct view *v = &re->json.view;
	struct event *e = &re->event;
	size_t i, strange = 0;

	for (i = 0; i < v->n; i++) {
		if (v->v[i].null || v->v[i].field == ECS_TIMESTAMP)
			continue;
		if (v->v[i].field == VIEW_OTHER) {
			strange++;
			continue;
		}
		event_add(e, (enum ecs)v->v[i].field, v->v[i].text);
	}
	e->message = event_get(e, ECS_MESSAGE);
	if (strange > 0)
		log_warn(tr("%zu members of the event are no fields of "
			    "docs/formats.md, and no rule can ask for them",
			     "docs/formats.md にない項目が%zu個あります。"
			     "ルールからは参照できません"),
		    strange);
	if (e->dropped > 0)
		log_error(tr("the event has %u values too many",
			      "イベントの値が%u個多すぎます"),
		    e->dropped);
	return e->dropped > 0 ? -1 : 0;
}

static int
read_json(struct rules_event *re, struct span text)
{
	struct event *e = &re->event;
	int zone;

	if (jsonevent_read(&re->json, text) == -1) {
		log_error(tr("no JSON object: %s, at its byte %zu",
			      "JSONオブジェクトではありません: %s"
			      "(%zuバイト目)"),
		    re->json.fault, re->json.at + 1);
		return -1;
	}
	if (re->json.time.len > 0 &&
	    moment_parse(re->json.time, &e->time, &zone) == -1) {
		log_error(tr("@timestamp is no time",
		    "@timestampが日時ではありません"));
		return -1;
	}
	if (re->json.time.len > 0)
		e->clock = EVENT_CLOCK_OFFSET;
	else
		log_warn("%s",
		    tr("the event has no @timestamp: it is judged as of now",
			"@timestampがないため、現在の日時で判定します"));
	return take_members(re);
}

static int
read_line(struct rules_event *re, struct span text)
{
	struct format_hints hints = { .zone = re->zone };
	struct event *e = &re->event;

	if (re->formats == NULL &&
	    (re->formats = events_formats(re->rules)) == NULL)
		return -1;
	e->message = text;
	if (formats_apply(re->formats, e, re->arena, &hints) == 0)
		log_warn("%s",
		    tr("no format knows this line: 'konseki formats explain' "
		       "says why",
			"この行を読める書式がありません。konseki formats "
			"explain で理由を表示します"));
	return 0;
}

const struct event *
rules_event_read(struct rules_event *re, struct span text)
{
	struct event *e = &re->event;

	arena_reset(re->arena);
	*e = (struct event){ .origin = "event", .source = &re->source };
	e->received = e->time = utc_now();
	return (text.len > 0 && text.p[0] == '{' ? read_json(re, text)
						 : read_line(re, text)) == -1
	    ? NULL
	    : e;
}

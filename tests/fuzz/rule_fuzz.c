/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "analyzer/rule/engine.h"
#include "analyzer/rule/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Settings as a profile would set them; the smallest that are allowed. */
static void
fill(struct settings *s)
{
	size_t i;

	*s = (struct settings){ .all = true };
	for (i = 0; i < SETTING_COUNT; i++) {
		s->value[i] = 1;
		s->set[i] = true;
	}
	s->value[SETTING_EVENT_WINDOW] = 86400;
}

static void
deliver(void *arg, const struct finding *f)
{
	(void)arg;
	assert(strlen(f->id) == 64 && f->rule[0] != '\0');
	assert(f->what_ja != NULL && f->do_en != NULL);
	assert(f->n_cites <= f->n_evidence || f->n_evidence == 0);
}

/* A rule that was accepted can be run on an event, and tells what it found. */
static void
run(struct ruleset *rs)
{
	static const struct event_source source = { .replay = true };
	struct prefixes internal = { NULL, 0 }, vpn = { NULL, 0 };
	struct ledger_bytes none = { .devices = { NULL, 0 } };
	struct problems ps;
	struct ledgers *l;
	struct calendar *c = calendar_default(NULL);
	struct engine_config config = { .rules = rs,
		.calendar = c,
		.internal = &internal,
		.vpn = &vpn,
		.deliver = deliver };
	static struct event ev;
	struct engine *e;

	problems_init(&ps);
	l = ledgers_parse(&none, 20000, 9 * 3600, &ps);
	problems_fini(&ps);
	config.ledgers = l;
	e = engine_new(&config);
	event_clear(&ev);
	ev.source = &source;
	ev.time = ev.received = INT64_C(1790000000000000);
	ev.clock = EVENT_CLOCK_OFFSET;
	event_add(&ev, ECS_KIND, SPAN("login"));
	event_add(&ev, ECS_USER_NAME, SPAN("admin"));
	event_add(&ev, ECS_SOURCE_IP, SPAN("203.0.113.9"));
	engine_feed(e, &ev);
	engine_finish(e);
	engine_free(e);
	ledgers_free(l);
	calendar_free(c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct settings settings;
	struct yaml_error err = { .what = "" };
	struct ruleset *rs;

	fill(&settings);
	rs = ruleset_of(span_make(buf, len), "f.yml", &settings, NULL,
	    &err);
	if (rs == NULL)
		assert(err.what[0] != '\0' && err.file[0] != '\0');
	else
		run(rs);
	ruleset_free(rs);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/beacon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/ruleset.h"
#include "common/utc.h"
#include "tests/tap.h"

#define START (utc_days(2026, 6, 1) * UTC_DAY)
#define NEW (START + 20 * UTC_DAY) /* behind the days of learning */

static struct fact_site site;
static struct settings settings;
static struct ruleset rules;
static struct rule rule, *only[1] = { &rule };
static struct prefixes inside;
static struct arena *arena;

struct world {
	struct beacon *b;
	struct outbox *out;
	uint64_t index;
	unsigned found, withdrawn;
	char last[256]; /* key, times, spread, cites */
};

static void
deliver(void *arg, const struct finding *f)
{
	struct world *w = arg;
	size_t i;

	w->found += !f->withdrawn;
	w->withdrawn += f->withdrawn;
	snprintf(w->last, sizeof(w->last), "%s", f->key);
	for (i = 0; i < f->n_numbers; i++)
		snprintf(w->last + strlen(w->last),
		    sizeof(w->last) - strlen(w->last), " %s=%s",
		    f->numbers[i].name, f->numbers[i].text);
	snprintf(w->last + strlen(w->last), sizeof(w->last) - strlen(w->last),
	    " cites=%zu of %llu", f->n_cites,
	    (unsigned long long)f->n_evidence);
}

static void
begin(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->b = beacon_new(&rules, &site);
	w->out = outbox_new();
}

static void
end(struct world *w)
{
	beacon_free(w->b);
	outbox_free(w->out);
}

static void
judge(struct world *w)
{
	outbox_begin(w->out);
	beacon_judge(w->b, w->out, arena);
	outbox_flush(w->out, deliver, w);
}

static void
note(struct world *w, int64_t time, const char *from, const char *to)
{
	static const struct event_source source = { .replay = false };
	static struct event e;
	struct facts fs;

	event_clear(&e);
	e.source = &source;
	e.origin = "o";
	e.index = w->index++;
	e.time = e.received = time;
	e.clock = EVENT_CLOCK_NONE;
	event_add(&e, ECS_SOURCE_IP, span_str(from));
	event_add(&e, ECS_DESTINATION_IP, span_str(to));
	event_add(&e, ECS_SOURCE_BYTES, SPAN("500"));
	facts_init(&fs, &site, &e, time, arena);
	beacon_note(w->b, &e, "o", &fs);
}

/* Thirty beats, ten minutes apart and up to so many seconds off. */
static void
beat(struct world *w, const char *from, const char *to, int off, bool backward)
{
	static const int way[] = { 0, 1, -1, 1, 0, -1 };
	int i, k;

	for (i = 0; i < 30; i++) {
		k = backward ? 29 - i : i;
		note(w,
		    NEW + k * 10 * UTC_MINUTE + way[k % 6] * off * UTC_SECOND,
		    from, to);
	}
}

static void
check_orders(void)
{
	char forward[256];
	struct world w;

	begin(&w);
	note(&w, START, "10.0.0.1", "192.0.2.1");
	beat(&w, "10.0.0.1", "203.0.113.9", 20, false);
	judge(&w);
	ok(w.found == 1 &&
		strncmp(w.last, "source=10.0.0.1 destination=203.0.113.9 "
				"times=30 interval=599.", 62) == 0,
	    "even but for twenty seconds: %s", w.last);
	memcpy(forward, w.last, sizeof(forward));
	judge(&w);
	ok(w.found == 1, "told once");
	end(&w);
	begin(&w);
	note(&w, START, "10.0.0.1", "192.0.2.1");
	beat(&w, "10.0.0.1", "203.0.113.9", 20, true);
	judge(&w);
	ok(strcmp(forward, w.last) == 0, "the same from behind: %s", w.last);
	end(&w);
	begin(&w);
	note(&w, START, "10.0.0.1", "192.0.2.1");
	beat(&w, "10.0.0.1", "203.0.113.9", 120, false);
	judge(&w);
	ok(w.found == 0, "two minutes off is not even");
	end(&w);
}

static void
check_bursts(void)
{
	struct world w;
	int i, k;

	begin(&w);
	note(&w, START, "10.0.0.1", "192.0.2.1");
	for (i = 0; i < 24; i++)
		for (k = 0; k < 3; k++)
			note(&w, NEW + i * 5 * UTC_MINUTE + k * UTC_SECOND / 2,
			    "10.0.0.1", "203.0.113.9");
	judge(&w);
	ok(w.found == 1 && strstr(w.last, "times=24 interval=300.0") != NULL &&
		strstr(w.last, "cites=50 of 70") != NULL,
	    "what comes at once is one beat: %s", w.last);
	end(&w);
}

static void
check_popular(void)
{
	char from[32];
	struct world w;
	int i;

	begin(&w);
	note(&w, START, "10.0.0.1", "192.0.2.1");
	beat(&w, "10.0.0.1", "203.0.113.9", 0, false);
	judge(&w);
	ok(w.found == 1, "one machine");
	for (i = 2; i <= 6; i++) {
		snprintf(from, sizeof(from), "10.0.0.%d", i);
		note(&w, NEW + UTC_DAY, from, "203.0.113.9");
	}
	judge(&w);
	ok(w.found == 1 && w.withdrawn == 1,
	    "is taken back once many know the destination");
	beat(&w, "10.0.0.1", "203.0.113.9", 0, false);
	judge(&w);
	ok(w.found == 1, "and nothing is told of it any more");
	end(&w);
}

/* As many pairs as there is room for. */
static void
fill(struct world *w, int net, int64_t time)
{
	char to[32];
	int i;

	for (i = 0; i < BEACON_PAIRS; i++) {
		snprintf(to, sizeof(to), "%d.%d.%d.%d", net, 64 + (i >> 16),
		    i >> 8 & 255, i & 255);
		note(w, time, "10.0.0.1", to);
	}
}

/* So many destinations that old ones are forgotten. */
static void
check_room(void)
{
	uint64_t before;
	struct world w;
	char to[32];
	int i;

	begin(&w);
	note(&w, START, "10.0.0.1", "192.0.2.1");
	beat(&w, "10.0.0.1", "203.0.113.9", 0, false);
	judge(&w);
	fill(&w, 100, NEW + UTC_DAY);
	before = beacon_dropped(w.b);
	ok(before > 0 && before < 10, "one pair too many finds no room: %llu",
	    (unsigned long long)before);
	beat(&w, "10.0.0.2", "198.51.100.9", 0, false);
	judge(&w);
	ok(w.found == 1, "nor does the next");
	for (i = 0; i < 30; i++)
		note(&w, NEW + 5 * UTC_DAY + i * 10 * UTC_MINUTE, "10.0.0.2",
		    "198.51.100.77");
	judge(&w);
	ok(w.found == 2 && strstr(w.last, "198.51.100.77") != NULL,
	    "days later those without a session have made room: %s", w.last);
	for (i = 2; i <= 7; i++) {
		snprintf(to, sizeof(to), "10.0.0.%d", i);
		note(&w, NEW + 6 * UTC_DAY, to, "203.0.113.9");
	}
	judge(&w);
	ok(w.withdrawn == 1, "and what was told before is not forgotten");
	/* Twice, so that its destination is not there the second time. */
	fill(&w, 101, NEW + 200 * UTC_DAY);
	note(&w, NEW + 200 * UTC_DAY, "10.0.0.1", "198.51.100.1");
	before = beacon_dropped(w.b);
	note(&w, NEW + 205 * UTC_DAY, "10.0.0.1", "198.51.100.2");
	judge(&w);
	ok(beacon_dropped(w.b) == before && w.withdrawn == 1,
	    "nor when its destination is");
	end(&w);
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	struct ledger_bytes none = { .devices = { NULL, 0 } };
	struct yaml_error err;
	struct problems ps;

	problems_init(&ps);
	arena = arena_new();
	prefixes_add_private(&inside);
	rule.detector = RULE_BEACON;
	rule.id = "00000000-0000-0000-0000-000000000001";
	rule.code = rule.version = rule.title_ja = rule.title_en = "x";
	rule.ja[0] = rule.ja[1] = rule.ja[2] = "{interval}";
	rule.en[0] = rule.en[1] = rule.en[2] = "{destination}";
	rule.first_to = "operator";
	rules.rules = only;
	rules.n = 1;
	ok(ruleset_settings(arena_printf(arena, "%s/rules",
				srcdir != NULL ? srcdir : "."),
	       "default", arena, &settings, &err) == 0,
	    "the settings");
	site.ledgers = ledgers_parse(&none, 20000, 9 * 3600, &ps);
	site.calendar = calendar_default(NULL);
	site.internal = site.vpn = &inside;
	site.settings = &settings;
	check_orders();
	check_bursts();
	check_popular();
	check_room();
	rule.detector = RULE_EVENTS;
	ok(beacon_new(&rules, &site) == NULL, "no rule, no work");
	calendar_free((struct calendar *)(uintptr_t)site.calendar);
	ledgers_free((struct ledgers *)(uintptr_t)site.ledgers);
	prefixes_fini(&inside);
	problems_fini(&ps);
	arena_free(arena);
	return done();
}

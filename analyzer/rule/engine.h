/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_ENGINE_H
#define RULE_ENGINE_H

#include "analyzer/event/event.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/finding.h"
#include "analyzer/rule/normal.h"
#include "analyzer/rule/limits.h"
#include "analyzer/rule/ruleset.h"

/*
 * The rules at work.  Events go in in the order of their records; findings
 * come out when the time they speak of has passed.  What has been gathered is
 * judged as a whole, so findings do not depend on the order in which files
 * were imported, and live and replay of the same evidence end with the same
 * findings: a finding that changes is delivered again with a higher revision,
 * one that loses its ground is delivered as withdrawn.  The last delivery of
 * each id is what holds.  Single-threaded.
 */
struct engine;

/* Borrowed; all must outlive the engine. */
struct engine_config {
	const struct ruleset *rules;
	const struct ledgers *ledgers;
	const struct calendar *calendar;
	uint8_t calendar_sha256[32];	 /* of calendar.yml; zero if none */
	const struct prefixes *internal; /* networks of the site */
	const struct prefixes *vpn; /* pools of VPN clients; may be empty */
	const struct firmware *firmware; /* NULL: that of the rules */
	/* Who asks how near rules came (near.h), or NULL. */
	const struct near_told *near;
	/* Called within engine_advance() and engine_finish(). */
	void (*deliver)(void *arg, const struct finding *f);
	void *arg;
};

struct engine *engine_new(const struct engine_config *config);
void engine_free(struct engine *e);

/* One event; nothing of it is borrowed after the return. */
void engine_feed(struct engine *e, const struct event *ev);

/*
 * The same in two steps, the first of which other threads may do, each with a
 * look of its own: what they saw, numbers that live until the next call.
 */
struct engine_look;
struct engine_look *engine_look_new(const struct engine *e);
void engine_look_free(struct engine_look *l);
size_t engine_look_at(struct engine_look *l, const struct event *ev,
    const uint32_t **seen);
void engine_feed_seen(struct engine *e, const struct event *ev,
    const uint32_t *seen, size_t n);

/*
 * Something before the rules met a limit of its own, at that time; rule (may
 * be NULL) is the code of the one that it touches, and static.
 */
void engine_limit(struct engine *e, enum limit which, int64_t time,
    const char *rule);

/*
 * All findings that are judged normal by now; they take the place of those
 * given before.  What they flagged is a reference again for what comes after
 * it, and findings that rested on its absence are revised or withdrawn.
 */
void engine_accept(struct engine *e, const struct normal *v, size_t n);

/* Records were lost between two instants (g1 records, silent sources). */
void engine_gap(struct engine *e, int64_t from, int64_t until);

/* The collector recorded nothing between two instants: that is no silence of
 * others. */
void engine_down(struct engine *e, int64_t from, int64_t until);

/* A seal of that time was read, less the lateness allowed: as engine_advance(),
 * but nothing is judged now. */
void engine_sealed(struct engine *e, int64_t watermark);

/*
 * The same seal says that no record has come for a while: what is counted waits
 * no longer for those that are late.  What comes after all is late then, here
 * and whenever the same evidence is read again.
 */
void engine_settle(struct engine *e);

/* Whether that was the last that came; and when the newest event before it was
 * received (INT64_MIN: there is none). */
bool engine_is_settled(const struct engine *e);
int64_t engine_received(const struct engine *e);

/* No imported or replayed event was later than that; live ones may be. */
int64_t engine_replayed(const struct engine *e);

/*
 * Receive times up to watermark are complete (the newest seal's, minus the
 * lateness allowed): judge and deliver.  Imports and replays go by their own
 * clocks.
 */
void engine_advance(struct engine *e, int64_t watermark);

/* The evidence ends here: judge all, and say what cannot be said. */
void engine_finish(struct engine *e);

struct engine_stats {
	uint64_t events;
	uint64_t untrusted;  /* judged by receive time: clock too far off */
	uint64_t traffic;    /* session records that were counted */
	uint64_t duplicates; /* session records that were not */
	uint64_t dropped;    /* state that found no room */
	uint64_t delivered, withdrawn;
	size_t hosts, learning; /* hosts; of them still learning (学習中) */
};

void engine_stats(const struct engine *e, struct engine_stats *s);

#endif

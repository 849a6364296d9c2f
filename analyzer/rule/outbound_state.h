/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_OUTBOUND_STATE_H
#define RULE_OUTBOUND_STATE_H

#include "analyzer/ledger/index.h"
#include "analyzer/rule/baseline.h"
#include "analyzer/rule/draft.h"
#include "analyzer/rule/outbound.h"
#include "analyzer/rule/session.h"
#include "analyzer/rule/volume.h"

/* Where an address lies; of special ones (multicast ...) nothing is said. */
enum outbound_side { OUTBOUND_INNER, OUTBOUND_OUTER, OUTBOUND_NOWHERE };

#define OUTBOUND_PLACES 8192 /* remembered addresses */
#define OUTBOUND_TEXT 39     /* bytes of one; an IPv6 address has that many */

struct outbound_place {
	uint8_t text[OUTBOUND_TEXT];
	uint8_t len; /* 0: none is here */
	struct address address;
	enum outbound_side side;
	uint32_t host; /* of it without a MAC, or INDEX_NONE */
};

/* What the outbound_*.c share: feeding, layers, incidents. */
struct outbound {
	/* The rule that has a layer, or NULL. */
	const struct rule *of[RULE_LAYERS];
	const struct fact_site *site;
	struct volume *volume;
	struct session *sessions;
	struct index *by_end; /* (address, MAC) to host number */
	struct outbound_place places[OUTBOUND_PLACES];
	struct volume_host *total; /* the last sum booked to, or NULL */
	struct buf key;
	int8_t *classes;	    /* of days, -1 = not worked out */
	struct outbound_hits *hits; /* by host number */
	size_t n_hits, cap_hits;
	int64_t judged_watermark, judged_replay; /* in hours */
	struct outbound_stretch *normal; /* by host, then by time */
	size_t n_normal;
	int64_t weigh_from;  /* what began earlier is weighed already */
	int64_t weigh_began; /* the first hour of all when it was */
	uint64_t records, duplicates;
};

/* Why an hour, or a day, is unusual. */
struct outbound_hit {
	int64_t hour;	 /* or the first hour of the day */
	unsigned layers; /* bits by rule_layer_kind */
	enum finding_severity level[RULE_LAYERS];
	struct baseline base; /* LAYER_HOUR, LAYER_DAY */
	struct baseline job;  /* LAYER_HOUR: against the largest hours */
	uint64_t bytes;	      /* of the hour; LAYER_DAY: of the day */
	uint64_t new_bytes;   /* LAYER_DESTINATION: in its window so far */
	uint32_t network;     /* and which network */
	uint32_t sessions, blocked, new_peers; /* LAYER_ISOLATED */
	uint32_t unmeasured;		       /* LAYER_SESSIONS, against: */
	struct baseline counts;
	bool away; /* LAYER_HOUR: to where nobody of the site had been */
};

/* A complete day, as what comes later is held against it. */
struct outbound_day {
	int64_t day;
	uint64_t bytes; /* without what was itself unusual */
	uint64_t all;	/* with that */
	unsigned hours; /* of it that have records, or are zero */
	bool told;	/* some of it was unusual */
	bool normal;	/* and a person said that it was not */
	double drift;	/* CUSUM up to this day */
	double excess;	/* bytes beyond what was expected, while it rose */
	int64_t rose;	/* since which day */
};

/* Days that together are too much: LAYER_WEEK, LAYER_DRIFT. */
struct outbound_slow {
	int64_t from, until; /* hours; until is not part of it */
	enum rule_layer_kind layer;
	uint64_t bytes;	 /* WEEK: of the seven days; DRIFT: the excess */
	uint64_t median; /* WEEK: of the weeks before */
	size_t n;	 /* WEEK: of them */
	double drift;	 /* DRIFT */
};

/*
 * Hours and days of a host that are one incident, weighed against those of
 * the site's other hosts: what is common here is for the weekly sheet.
 */
struct outbound_weight {
	const struct rule *rule;
	uint32_t host;
	struct span key;     /* of the host */
	int64_t from, until; /* hours; until is not part of it */
	uint64_t excess;     /* bytes beyond the median */
	bool off;	     /* at night or on a closed day */
	bool always;	     /* told whatever is common */
	bool normal;	     /* judged so */
	/* What came of it. */
	bool sheet;	 /* not told at once */
	bool common;	 /* because as much is common */
	double limit;	 /* up to here it is; 0: nothing is */
	uint64_t before; /* excess of the host's own of the days before */
	size_t told;	 /* of that day, before it */
};

/* Hours of one host that were judged normal. */
struct outbound_stretch {
	char *key;	     /* of the host */
	int64_t from, until; /* hours; until is not part of it */
};

/* The hits of one host, in the order of time; kept between judgements. */
struct outbound_hits {
	struct outbound_hit *hours, *days;
	size_t n_hours, cap_hours, n_days, cap_days;
	struct outbound_day *past; /* every complete day, in order */
	struct outbound_slow *slow;
	struct outbound_weight *weights; /* in the order of rule, then time */
	size_t n_past, cap_past, n_slow, cap_slow, n_weights, cap_weights;
	bool tell; /* something of it has changed */
	int64_t judged;	 /* hours before it need not be judged again */
	int64_t trimmed; /* days before it have given up their citations */
};

/* One judgement of one host. */
struct outbound_judging {
	struct outbound *o;
	struct volume_host *h;
	const struct device *device; /* or NULL */
	const struct outbound_clock *clock;
	struct outbound_hits *hits;
	int64_t from;	/* judge from this hour on; before it, hits stand */
	int64_t exists; /* since when it is known to exist, in hours */
	int64_t learned; /* hours; earlier every network was new */
	const struct outbound_stretch *normal; /* its own */
	size_t n_normal;
	bool settled; /* what is judged now is itself judged normal */
};

/* Whether an hour is complete, and what kind of day a day is. */
bool outbound_complete(const struct outbound_judging *j, int64_t hour);
int outbound_class(struct outbound *o, int64_t day);

/* Set j->normal; whether some of these hours were judged normal; free. */
void outbound_normal_of(struct outbound_judging *j);
bool outbound_is_normal(const struct outbound_judging *j, int64_t from,
    int64_t until);
void outbound_normal_free(struct outbound *o);

/* Thresholds. */
double outbound_number(const struct outbound_judging *j, enum setting which);
uint64_t outbound_count(const struct outbound_judging *j, enum setting which);

/* Whether a reference would rest on what was itself unusual. */
bool outbound_is_told(const struct outbound_judging *j, int64_t hour);

/* Bring j->hits up to date from j->from on. */
void outbound_layers(struct outbound_judging *j);

/* A complete day, after its hours; days are judged in order. */
void outbound_judge_day(struct outbound_judging *j, const struct volume_day *d);

/* What a complete day has beyond the median of its class, or 0. */
uint64_t outbound_day_excess(struct outbound_judging *j, int64_t day);

/* Forget what was made of days from j->from on. */
void outbound_forget_days(struct outbound_judging *j);

/* Findings from the hits. */
void outbound_incidents(struct outbound_judging *j, struct outbox *out,
    struct arena *arena);

/*
 * Bring the weights of a host up to date with its hits; then decide, for all
 * hosts, which are told and which are for the weekly sheet.  Hosts of which
 * something has changed are marked.
 */
void outbound_weigh(struct outbound_judging *j, uint32_t host);
void outbound_common(struct outbound *o);

/* What came of an incident that begins then, or NULL if it is not weighed. */
const struct outbound_weight *outbound_weight_of(
    const struct outbound_judging *j, const struct rule *rule, int64_t from);

/* Days whose records a finding from a slow layer cites, up to its end. */
#define OUTBOUND_SLOW_CITED 7

/* Tell who asks how near it came (near.h): an amount, or by a baseline. */
void outbound_near_amount(const struct outbound_judging *j,
    enum rule_layer_kind layer, int64_t hour, uint64_t bytes, double limit);
void outbound_near_baseline(const struct outbound_judging *j,
    enum rule_layer_kind layer, int64_t hour, uint64_t amount,
    const struct baseline *b, const struct baseline_limits *limits);
void outbound_near_weight(struct outbound *o, const struct outbound_weight *w);

/* The hit of an hour, made if new (hours are added in order), or NULL. */
struct outbound_hit *outbound_hit_put(struct outbound_hits *hits, int64_t hour);
struct outbound_hit *outbound_hit_get(const struct outbound_hits *hits,
    int64_t hour);

#endif

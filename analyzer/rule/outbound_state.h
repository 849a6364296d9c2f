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

/* What the outbound_*.c share: feeding, layers, incidents. */
struct outbound {
	const struct rule *rule;
	const struct fact_site *site;
	struct volume *volume;
	struct session *sessions;
	struct index *by_end; /* (address, MAC) to host number */
	struct buf key;
	int8_t *classes;	    /* of days, -1 = not worked out */
	struct outbound_hits *hits; /* by host number */
	size_t n_hits, cap_hits;
	int64_t judged_watermark, judged_replay; /* in hours */
	struct outbound_stretch *normal; /* by host, then by time */
	size_t n_normal;
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

/* Bring j->hits up to date from j->from on. */
void outbound_layers(struct outbound_judging *j);

/* Findings from the hits. */
void outbound_incidents(struct outbound_judging *j, struct outbox *out,
    struct arena *arena);

/* The hit of an hour, made if new (hours are added in order), or NULL. */
struct outbound_hit *outbound_hit_put(struct outbound_hits *hits, int64_t hour);
struct outbound_hit *outbound_hit_get(const struct outbound_hits *hits,
    int64_t hour);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_RULE_H
#define RULE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/finding.h"
#include "analyzer/rule/settings.h"
#include "analyzer/sigma/detection.h"
#include "analyzer/sigma/placeholders.h"
#include "common/arena.h"
#include "common/yaml.h"

/*
 * One rule file: a Sigma rule, with an x-konseki map for what Sigma lacks; or
 * a correlation with such a map, and the rules it counts beside it.
 * docs/rules.md is its manual.
 */
enum rule_detector {
	RULE_EVENTS,   /* each event that fits detection and when */
	RULE_OUTBOUND, /* bytes to the outside, by host and hour */
	RULE_DORMANT,  /* accounts long unused */
	RULE_UNUSED,   /* accounts never used */
	RULE_EXPIRING, /* accounts about to expire */
	RULE_SEQUENCE, /* numbers that a device counted and that never came */
	RULE_DOUBLES,  /* numbers that two records bear */
	RULE_DISORDER, /* numbers that went back */
	RULE_LIMITS,   /* what the analysis had no room for */
	RULE_LEDGER,   /* rows of a ledger, by what ledgers say alone */
	RULE_UNSEEN,  /* rows of a ledger of which no event came */
	RULE_RATIO,    /* of the events of a month, the share that fits */
	RULE_UNMET,    /* maintenance plans without work */
	RULE_SILENCE,  /* a source that sends nothing any more */
	RULE_OUTAGE,   /* servers that fall silent together */
	RULE_RATE,     /* far more or fewer records than usual */
	RULE_CLOCK,    /* clocks that are off, or were set */
	RULE_BEACON,   /* sessions at even intervals */
};

enum rule_rows { /* of RULE_LEDGER, RULE_UNSEEN */
	RULE_ROWS_NONE,
	RULE_ROWS_ACCOUNTS,
	RULE_ROWS_DEVICES,
	RULE_ROWS_EXPORTED,
};

/* How complete records must be before the rule says what it says. */
struct rule_coverage {
	bool on;
	int64_t days; /* that are looked back */
	double percent;
	const struct detection *records; /* NULL: those that tell of logins */
};

#define RULE_AFTER 4

struct rule_roll { /* of RULE_LEDGER, RULE_UNSEEN */
	enum rule_rows each;
	enum fact after[RULE_AFTER]; /* days: absence counts from the latest */
	size_t n_after;
	enum ecs by; /* names the account; ECS_COUNT: who acted */
};

/* What is usual for whom the finding is about, by his own past. */
enum rule_measure {
	RULE_MEASURE_NONE,
	RULE_MEASURE_HOURS,   /* at which hours of the week */
	RULE_MEASURE_RECORDS, /* how many of the events */
	RULE_MEASURE_SUM,     /* the sum of a field */
	RULE_MEASURE_VALUES,  /* how many values of a field */
};

struct rule_baseline {
	enum rule_measure measure;
	enum ecs field;
	bool daily;   /* whole days that were used, not hours of the week */
	bool zero;    /* of days: those with records and no use count as 0 */
	int64_t days; /* that it looks back */
	uint64_t least; /* of the past: hours, days or uses */
	double percent, prior;		   /* HOURS */
	double z, mad_floor, ratio, floor; /* the others */
};

/* What must be new about an event. */
#define RULE_NOVEL 6

struct rule_novel {
	size_t n; /* 0: nothing */
	uint32_t of[RULE_NOVEL]; /* enum ecs; from ECS_COUNT on enum fact */
	int64_t days;  /* away for longer, and it is new again */
	int64_t learn; /* days from the first event that fits on */
	uint64_t least; /* new ones in a window that are a finding */
};

enum rule_key { /* what a finding is about; bits */
	RULE_KEY_USER = 1,
	RULE_KEY_DEVICE = 2,
	RULE_KEY_SOURCE = 4,
	RULE_KEY_HOST = 8,
	RULE_KEY_SITE = 16,
};

enum rule_layer_kind { /* of RULE_OUTBOUND */
	RULE_LAYER_ISOLATED,
	RULE_LAYER_HOUR,
	RULE_LAYER_DAY,
	RULE_LAYER_DESTINATION,
	RULE_LAYER_WEEK,
	RULE_LAYER_DRIFT,
	RULE_LAYER_SESSIONS,
	RULE_LAYER_TOTAL,
	RULE_LAYERS
};

struct rule_layer {
	bool on;
	const char *code, *title_ja, *title_en;
	enum finding_severity level;
};

struct rule_raise {			  /* what makes a finding more severe */
	const struct detection *when;	  /* NULL: always */
	const struct detection *followed; /* NULL, or a later event ... */
	int64_t within;	     /* ... at most so much later, usec ... */
	unsigned same;	     /* ... with these rule_keys equal */
	const char *ja, *en; /* the reason, for people */
	struct rule_raise *next;
};

struct rule_logsource {
	struct span category, product, service; /* empty: not given */
	const struct yaml_node *at; /* the product, or where it could stand */
};

struct correlation;
struct correlation_linked;

struct rule_base { /* what a correlation counts; says nothing by itself */
	const char *name;
	struct rule_logsource logsource;
	const struct detection *detection; /* or, counted itself: */
	struct correlation *counted;
};

#define RULE_TEXTS 3 /* what, why, do */

struct rule {
	const char *file; /* relative to the folder of rules */
	const char *id;	  /* UUID */
	const char *code; /* "ADM-01" */
	const struct yaml_node *at_id, *at_code; /* where these stand */
	const char *version;
	const char *title_ja, *title_en;
	const char *ja[RULE_TEXTS], *en[RULE_TEXTS]; /* templates */
	const char *unknown_ja, *unknown_en; /* what, if it cannot be said */
	enum finding_severity level, cap;
	const char *first_to;
	const char *attack[FINDING_ATTACK];
	size_t n_attack;
	const char *tactics[FINDING_TACTICS];
	size_t n_tactics;
	const char *inhibited_by[FINDING_INHIBITORS]; /* codes; "CFG-*" */
	size_t n_inhibited_by;
	const struct yaml_node *inhibitors; /* where they stand; or NULL */
	unsigned keys;	/* of rule_key */
	int64_t window; /* usec; RULE_EVENTS */
	enum rule_detector detector;
	enum finding_kind kind;
	struct rule_logsource logsource;
	const struct detection *detection, *when, *history; /* may be NULL */
	/* Instead of a detection: what fits the bases, counted. */
	struct correlation *correlation;
	struct rule_base *base;
	size_t nbase;
	struct rule_raise *raises;
	struct rule_layer layers[RULE_LAYERS];
	unsigned needs; /* ledgers, bits by enum ledger */
	struct rule_coverage coverage;
	struct rule_roll roll;
	struct rule_baseline baseline;
	struct rule_novel novel;
	const struct detection *share;	/* RULE_RATIO */
	const struct detection *unsure; /* does not allow to say; or NULL */
	struct span text; /* of the file, if names of ledgers are in it */
	const struct yaml_node *examples; /* SEQ, or NULL */
	const struct yaml_node *falsepositives; /* SEQ of texts, or NULL */
};

/* Where rules live: free both when the last is no longer used. */
struct rule_home {
	struct arena *arena;
	struct detection_pool pool;
	const struct placeholders *names; /* of |expand, by ledgers; or NULL */
};

/*
 * Read a rule file.  The rule and the YAML tree live in home.  NULL and *err:
 * file, line, column and reason.
 */
struct rule *rule_parse(struct span text, const char *file,
    const struct settings *settings, struct rule_home *home,
    struct yaml_error *err);

/*
 * The correlation of a rule and those among its bases, linked, *n in arena;
 * the first is the rule's own.  Other bases go by their number.  What is
 * refused goes into *err; NULL: it was linked before.
 */
struct correlation_linked *rule_link(const struct rule *r, size_t *n,
    struct yaml_error *err, struct arena *arena);

/* Whether a rule is for events of this kind and product at all. */
bool rule_routes(const struct rule_logsource *l, const struct event *e);

#endif

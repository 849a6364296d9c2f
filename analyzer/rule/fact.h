/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_FACT_H
#define RULE_FACT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "analyzer/ledger/calendar.h"
#include "analyzer/ledger/firmware.h"
#include "analyzer/ledger/support.h"
#include "analyzer/ledger/ledger.h"
#include "analyzer/rule/settings.h"
#include "common/arena.h"
#include "common/span.h"

/*
 * What konseki knows about one event beyond its fields, by ledgers, calendar
 * and history.  Worked out when first asked for.
 */
enum fact {
#define FACT(id, name, history, ja, en) FACT_##id,
#include "analyzer/rule/fact_tbl.h"
#undef FACT
	FACT_COUNT
};

/* The fact of that name.  Return 0, or -1. */
int fact_parse(struct span name, enum fact *f);
const char *fact_name(enum fact f);

/* Whether it can be judged only when all earlier events are in. */
bool fact_needs_history(enum fact f);

/* Whether its value is a day, "2026-03-31". */
bool fact_is_day(enum fact f);

/* The day number of such a value.  Return 0, or -1. */
int fact_day(struct span value, int64_t *day);

struct near_told;
struct fact_memo;

/* What facts are worked out from; all borrowed. */
struct fact_site {
	const struct ledgers *ledgers;
	const struct calendar *calendar;
	const struct prefixes *internal; /* what is inside */
	const struct prefixes *vpn;	 /* pools given to VPN clients */
	const struct settings *settings;
	const struct near_told *near; /* who asks how near rules came; NULL */
	const struct firmware *firmware; /* or NULL */
	const struct support *support;	 /* or NULL */
	/* What findings name as their ground. */
	uint8_t rules_sha256[32], calendar_sha256[32];
};

struct usage;
struct coverage;
struct presence;

/* Who, from where, on what: resolved against the ledgers. */
struct fact_actor {
	struct span user;	       /* as the event has it; may be empty */
	struct span user_key;	       /* the ledger's key, else user folded */
	const struct account *account; /* NULL: not in the ledger */
	enum account_match match;
	bool has_source;
	struct address source;
	const struct device *device; /* that logged, or NULL */
	struct span device_name;     /* its name in the event; may be empty */
	struct span device_key;	     /* 管理番号, else the name folded */
	bool named; /* the ledger has the device by the name in the event */
};

/* What the memo says of an address. */
struct fact_at {
	bool known; /* it was asked */
	const struct device *device;
	struct span side;
};

struct facts {
	const struct fact_site *site;
	struct fact_memo *memo; /* or NULL: nothing is remembered */
	const struct event *event;
	int64_t time;			 /* judged */
	struct arena *arena;		 /* of the pass */
	const struct usage *usage;	 /* NULL: history is not known yet */
	const struct coverage *coverage; /* with usage */
	const struct presence *presence; /* likewise */
	const struct exported *exported; /* a row of that list, or NULL */
	struct fact_actor actor;
	uint8_t resolved; /* FACTS_SOURCE and so on */
	uint8_t first[ECS_COUNT]; /* 1 + place of the field's first value */
	const struct device *source; /* at the source; once it is sought */
	bool sought;
	struct address destination; /* behind NAT; once it is looked for */
	struct fact_at at_source, at_destination; /* with these */
	int8_t has_destination;	    /* 1, -1: no, 0: not looked for */
	const struct plan *plan; /* that covers it; after PLAN_STATE */
	const struct firmware_row *lacks; /* after DEVICE_FIRMWARE */
	const struct support_row *support; /* after DEVICE_SUPPORT */
	struct span version;		  /* likewise */
	bool known[FACT_COUNT];
	struct span value[FACT_COUNT]; /* of those that are known */
};

/* Begin on an event; arena outlives the facts. */
void facts_init(struct facts *fs, const struct fact_site *site,
    const struct event *e, int64_t time, struct arena *arena);

/* The same for a row of a ledger, without an event; others are NULL. */
void facts_init_account(struct facts *fs, const struct account *a);
void facts_init_device(struct facts *fs, const struct device *d);
void facts_init_exported(struct facts *fs, const struct exported *e);

/* The first value of a field of the event: event_get(), without looking. */
static inline struct span
facts_field(const struct facts *fs, enum ecs field)
{
	return fs->first[field] != 0
	    ? fs->event->f[fs->first[field] - 1].value
	    : (struct span){ NULL, 0 };
}

/* The actor; the same on every call. */
const struct fact_actor *facts_actor(struct facts *fs);

/* The same, but for its source alone, or its device. */
enum { FACTS_SOURCE = 1, FACTS_DEVICE = 2, FACTS_USER = 4, FACTS_ALL = 7 };
const struct fact_actor *facts_actor_of(struct facts *fs, uint8_t what);

/* The value, empty if the fact does not apply (or needs history in vain). */
struct span facts_get(struct facts *fs, enum fact f);

/* The first of the fields that name the acting user; may be empty. */
struct span fact_user(const struct event *e);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_SENDERS_STATE_H
#define RULE_SENDERS_STATE_H

#include "analyzer/ledger/index.h"
#include "analyzer/rule/draft.h"
#include "analyzer/rule/senders.h"
#include "common/utc.h"

/* What the files sender*.c share. */
#define BIN (5 * UTC_MINUTE)
#define BINS 288	/* of a day */
#define BINS_HOUR 12
#define TICK 10000	/* usec: how exactly first and last are known */
#define SKEWS 7		/* differences of an hour that are kept: its first */
#define CLASSES 7	/* of days: calendar_week_class() */
#define CACHE 1024	/* names that were asked for last; a power of two */
#define CACHED 48	/* bytes of such a name; longer ones are looked up */

struct sender_bin {
	uint32_t n;
	uint16_t first, last; /* ticks from its start */
};

struct sender_hour { /* receive time less the device's, in seconds */
	int32_t v[SKEWS];
	uint8_t n;
};

struct sender_cites { /* by time, of one day */
	struct finding_cite first, last;
};

struct sender_day {
	int64_t day;
	uint64_t n;
	struct sender_cites cites;
	struct sender_hour *hours; /* 24, or NULL: no clock to compare with */
	struct sender_bin bin[BINS];
};

enum sender_class { SENDER_LIVE, SENDER_REPLAY, SENDER_IMPORT };

struct sender {
	const char *key, *name;
	const struct device *device; /* or NULL */
	struct sender_day **day;     /* by day */
	size_t n, cap;
	int64_t newest;		 /* its last record, and of which class */
	enum sender_class class; /* that was */
	bool replay;		 /* some of it was a sample or drill */
	int64_t dirty;		 /* judge from this day on; INT64_MAX: none */
	bool silent;		 /* its last day ends in a silence */
};

struct sender_gap { /* of the collector */
	int64_t from, until;
};

struct senders {
	const struct rule *silence, *outage, *rate, *clock;
	const struct fact_site *site;
	struct limits *limits;
	struct arena *arena; /* of texts */
	struct index *by_key;
	struct sender **v;
	size_t n, cap, days;
	struct sender_gap *gap; /* by from, apart from each other */
	size_t ngap, cap_gap;
	int64_t judged; /* the bin up to which all was judged */
	struct {
		uint32_t stream, sender;
		uint8_t len;
		uint8_t name[CACHED];
	} cache[CACHE];
	/* Of the judgement: servers that fell silent. */
	struct sender_silence *silences;
	size_t n_silences, cap_silences;
};

/* One that lasted beyond its limit. */
struct sender_silence {
	size_t sender;
	int64_t from, until;  /* last record before, first one behind */
	int64_t limit, quiet; /* usec; what counts of it */
	int64_t median, high; /* usec; of the intervals before, and p99.9 */
	uint64_t records;     /* that these are of */
	bool lasts;	      /* nothing came behind it yet */
	struct finding_cite before;
};

/* The day, or NULL; and the place of the first day that is not before it. */
struct sender_day *sender_day(const struct sender *x, int64_t day);
size_t sender_place(const struct sender *x, int64_t day);

/* How much of [from, until) the collector missed. */
int64_t senders_missed(const struct senders *s, int64_t from, int64_t until);

/* Begin a finding on a sender: key (more may be ""), device, its replay. */
struct draft *senders_draft(const struct senders *s, const struct rule *r,
    const struct sender *x, const char *more, struct arena *arena);

/* Silences that begin on day i of the sender, into s->silences; deliver. */
void sender_silence(struct senders *s, size_t sender, size_t i, int64_t now,
    struct outbox *out, struct arena *arena);
void sender_rate(const struct senders *s, const struct sender *x, size_t i,
    int64_t now, struct outbox *out, struct arena *arena);
void sender_clock(const struct senders *s, const struct sender *x, size_t i,
    int64_t now, struct outbox *out, struct arena *arena);
void senders_outage(struct senders *s, const struct senders_clock *clock,
    struct outbox *out, struct arena *arena);

#endif

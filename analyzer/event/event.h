/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_EVENT_EVENT_H
#define ANALYZER_EVENT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "common/text.h"

/*
 * One record becomes at most one event: a flat array of (field, value).
 * Values are spans into the record's bytes or into the arena of the pass, in
 * UTF-8, and are typed only when somebody asks.  No per-event malloc.
 * An event never lets go of its record: origin, index and leaf hash go with
 * it up to the last line of a report.
 */
enum ecs {
#define ECS(id, name, type) ECS_##id,
#include "analyzer/event/ecs_tbl.h"
#undef ECS
	ECS_COUNT
};

enum ecs_type { ECS_T_TEXT, ECS_T_KEYWORD, ECS_T_NUMBER, ECS_T_IP, ECS_T_TIME };

/* "source.ip"; and the field of that name.  Return 0, or -1 if none. */
const char *ecs_name(enum ecs field);
enum ecs_type ecs_type(enum ecs field);
int ecs_parse(struct span name, enum ecs *field);

/*
 * Whether a field may have that value: of those whose values rules go by
 * (konseki.kind, event.outcome ...) only the listed ones; and that list.
 */
bool ecs_allows(enum ecs field, struct span value);
void ecs_values(enum ecs field, struct buf *out);

/* Which rule derived the instant of the device's own clock. */
enum event_clock {
	EVENT_CLOCK_NONE,   /* no device time: the receive time stands in */
	EVENT_CLOCK_OFFSET, /* the line carries its offset or an epoch */
	EVENT_CLOCK_LEDGER, /* zone of the device from the ledger */
	EVENT_CLOCK_SITE,   /* zone of the site */
};

/* What else is known of that clock; bits. */
#define EVENT_MARK_UNSET 0x01	 /* it was never set (Cisco: *) */
#define EVENT_MARK_UNSYNCED 0x02 /* it lost its source (.), or has none */
#define EVENT_MARK_ZONE 0x04	 /* it names a zone that is several */
#define EVENT_MARK_YEAR 0x08	 /* year inferred from the receive time */
#define EVENT_MARK_UPTIME 0x10	 /* none: only the time since the start */

struct event_field {
	enum ecs field;
	struct span value; /* UTF-8, never empty */
};

#define EVENT_FIELDS 96 /* a PAN-OS line has the most: about 60 */

/* Where a record came from, from its d1; lives as long as the pass. */
struct event_source {
	struct span listener;  /* name in the configuration, or "import" */
	struct span transport; /* udp, tcp, tls, import, local ... */
	struct span peer;      /* address of the sender, or the file's name */
	bool replay;	       /* device time is trusted (ARCHITECTURE, Time) */
	enum text_encoding encoding; /* as an import was told or guessed; UTF-8
				      * if nothing is known */
	const char *format;	     /* that an import was told, or NULL: any */
	/* What the device ledger says of the sender. */
	unsigned expects; /* 1 + number of the format to try first; 0: none */
	bool has_zone;
	int zone; /* of its clock, seconds east */
	/* The same zone of a device by its name, for what relays hand on; NULL:
	 * the ledger knows of none. */
	bool (*zone_of)(const void *ledger, struct span name, int *zone);
	const void *ledger;
};

#define EVENT_NO_RECORD UINT64_MAX /* the index of what is no record's */

struct event {
	/* The record. */
	const char *origin; /* of the log */
	uint64_t index;
	uint8_t leaf[32]; /* leaf hash; all zero if not asked for */
	uint32_t stream;
	int64_t received; /* utc usec */
	const struct event_source *source;
	struct span message;	     /* the bytes without transport framing */
	enum text_encoding encoding; /* by which they were read */
	/* What the format made of it. */
	const char *format; /* name of the format, or NULL: not understood */
	int64_t time;	    /* utc usec, device's clock, else received */
	enum event_clock clock;
	uint8_t mark;	       /* EVENT_MARK_... */
	struct span time_text; /* device time as written; may be empty */
	size_t n;
	struct event_field f[EVENT_FIELDS];
	unsigned dropped; /* fields beyond EVENT_FIELDS, counted */
};

/* Forget the fields and the format; the record's part stays. */
void event_clear(struct event *e);

/* Add a field; an empty value is ignored. */
static inline void
event_add(struct event *e, enum ecs field, struct span value)
{
	if (value.len == 0)
		return;
	if (e->n == EVENT_FIELDS) {
		e->dropped++;
		return;
	}
	e->f[e->n++] = (struct event_field){ field, value };
}

/* Replace the first value of that field, or add it. */
void event_set(struct event *e, enum ecs field, struct span value);

/* The first value of a field; an empty span if it has none. */
struct span event_get(const struct event *e, enum ecs field);

/* The value as a number.  Return 0, or -1 if missing or not a number. */
int event_number(const struct event *e, enum ecs field, uint64_t *n);

/*
 * The time by which rules judge: the device's where it is trusted (replay, an
 * import unless it is of the future, or within skew_max of the receive time
 * from a clock that was set), else the receive time.
 */
int64_t event_judged_time(const struct event *e, int64_t skew_max);

/*
 * Add konseki.clock.*, what time text the device wrote, by which rule it was
 * read, and what is known of the clock: for those who print the event.
 */
void event_add_clock(struct event *e);

/* Append as one nested ECS document on one line, "\n" behind it. */
void event_print_json(const struct event *e, struct buf *out);

/* The same with dotted names: {"source.ip":"...", ...}. */
void event_print_flat(const struct event *e, struct buf *out);

/*
 * For people: when, where, what and its outcome, who, from where to where, how
 * much, on one line.  zone: seconds east.
 */
void event_print_text(const struct event *e, int zone, struct buf *out);

/*
 * What the others are made of.  The numbers of the fields by name, into
 * order[EVENT_FIELDS], without @timestamp; how many.
 */
size_t event_order(const struct event *e, uint8_t *order);

/*
 * The values of the field of order[0] as JSON, an array if there are several;
 * returns how many of the n it took.
 */
size_t event_print_values(const struct event *e, const uint8_t *order,
    size_t n, struct buf *out);

#endif

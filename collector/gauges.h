/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_GAUGES_H
#define COLLECTOR_GAUGES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/roster.h"
#include "evidence/gap.h"
#include "site/site.h"

/*
 * What the processes show of themselves: numbers in memory that they share.
 * Each process writes its own part, in no order, about once a second (and the
 * parent, which listener a slot is of); the monitor reads all of it.  Nobody
 * decides anything by what stands here, so whoever writes nonsense only shows
 * nonsense.
 */
#define GAUGES_SLOTS (2u * SITE_LISTENERS_MAX)
#define GAUGES_CHILDREN 16u

typedef _Atomic uint64_t gauge;

struct gauges_listener { /* the receiver's, by slot (receiver.h) */
	gauge listener;	 /* the parent's: its number in the configuration, plus
			    1; 0: none */
	gauge open;	 /* likewise: 1 if it is */
	gauge received, bytes;
	gauge connections, accepted;
	gauge lost[GAP_COUNT]; /* what was lost or refused, by kind */
};

struct gauges_log { /* the writer's, by number of the log */
	gauge accepted;
	gauge size, durable; /* records */
	gauge seals,
	    sealed;	   /* how many since the start; utc usec of the last */
	gauge fault, held; /* 1: it cannot be sealed; the reserve is in use */
	gauge kernel_dropped, queue_dropped, refused;
	gauge epochs_left;
};

struct gauges {
	struct {	       /* the parent's */
		gauge started; /* utc usec */
		gauge running; /* 1: collecting */
		gauge reloads, reloads_refused;
		gauge reloaded; /* utc usec */
		gauge restarts[GAUGES_CHILDREN];
	} parent;
	_Alignas(4096) struct gauges_listener listener[GAUGES_SLOTS];
	_Alignas(4096) struct {
		struct gauges_log log[SITE_LOGS_MAX];
		gauge ring_behind, ring_size; /* bytes */
		gauge sources, sources_left_out, sources_silent;
		struct roster roster;
	} writer;
};

/* Shared by all who are forked later.  NULL and errno. */
struct gauges *gauges_new(void);

/* Nothing is read or written through it any more.  NULL is fine. */
void gauges_free(struct gauges *g);

/* Of one writer alone: no two processes add to the same. */
static inline void
gauge_set(gauge *g, uint64_t n)
{
	atomic_store_explicit(g, n, memory_order_relaxed);
}

static inline uint64_t
gauge_get(const gauge *g)
{
	return atomic_load_explicit((gauge *)(uintptr_t)g,
	    memory_order_relaxed);
}

static inline void
gauge_add(gauge *g, uint64_t n)
{
	gauge_set(g, gauge_get(g) + n);
}

#endif

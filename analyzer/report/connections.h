/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_CONNECTIONS_H
#define ANALYZER_REPORT_CONNECTIONS_H

#include "analyzer/report/past.h"
#include "analyzer/report/report.h"
#include "analyzer/report/subject.h"
#include "analyzer/rule/visit.h"

/*
 * Who was connected, from when to when (接続), as reports show it: visits
 * that lie in a period or reach into it, and how they are put into words.
 */
struct connections;

struct connections *connections_new(const struct report *r, int64_t from,
    int64_t until);

/* All events, also those beyond the period: an end may come later. */
void connections_event(struct connections *c, const struct event *e,
    int64_t at);

/* Before the first event: of VPN and administrators alone. */
void connections_only_people(struct connections *c);

/* A segment of which no event is of the period, in its place; its origin lives
 * as long as the report. */
void connections_past(struct connections *c, const struct past *p,
    const char *origin);

/*
 * By begin; in the report's arena.  To be called once, before what follows.
 * One that is not said to have ended counts from its beginning on, if its
 * device tells of ends, else at its beginning alone.
 */
const struct visit *connections_finish(struct connections *c, size_t *n);
struct visits_count connections_count(const struct connections *c);

/* Let go of what is not in the arena; connections_holder() is over. */
void connections_close(struct connections *c);

/* The one that begins with that record, or NULL. */
const struct visit *connections_begun(const struct connections *c,
    const struct report_cite *cite);

/* Who had that address of the VPN, "" if nobody surely. */
const char *connections_holder(const struct connections *c, struct span address,
    int64_t at);

/* Whether it is one of the subject's, by account or address. */
bool connections_is_of(const struct visit *v, const struct subject *subject);

/* Whether its end is told, by the device or by a new login. */
bool connections_ended(const struct visit *v);

struct report_cite connections_cite(const struct visit_cite *c);

/* "VPN", "管理者" ... */
const char *connections_kind(const struct visit *v);

/* "11/22(日) 02:14 ～ 08:05", "11/22(日) 02:14 ～". */
const char *connections_when(const struct report *r, const struct visit *v);

/* "5時間51分", "終了の記録なし（継続の可能性）". */
const char *connections_length(const struct report *r, const struct visit *v);

/* "12 MB / 340 MB", sent by the person and to the person; "" if not told. */
const char *connections_bytes(const struct report *r, const struct visit *v);

/* All of that in one sentence without a full stop, for a line of text. */
const char *connections_text(const struct report *r, const struct visit *v);

#endif

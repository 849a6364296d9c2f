/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_PLAN_H
#define LEDGER_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/problem.h"
#include "common/span.h"

/*
 * Times at which somebody was expected to work: maintenance plans
 * (ledgers/maintenance.csv) and the duty roster (ledgers/duty.csv).
 */
struct plan {
	unsigned row;	    /* in the file */
	struct span id;	    /* 作業番号 */
	struct span vendor; /* 事業者, folded; empty = anybody */
	struct span users;  /* ユーザID, several possible; empty = anybody */
	struct span
	    devices; /* 対象機器: number, name or address; empty = any */
	struct span work;    /* 内容 */
	int64_t from, until; /* instants, usec; until is not part of it */
	bool late; /* 事後登録: entered after the work had begun */
};

struct plans;

/* zone = seconds east of UTC of the times in the sheet.  NULL on error. */
struct plans *plans_parse_maintenance(struct span bytes, const char *file,
    int zone, struct problems *ps);

/* The roster: 日付 and ユーザID; without times a duty lasts until noon of the
 * next day. */
struct plans *plans_parse_duty(struct span bytes, const char *file, int zone,
    struct problems *ps);

void plans_free(struct plans *pl);
size_t plans_count(const struct plans *pl);
const struct plan *plans_at(const struct plans *pl, size_t i);

/* Who did what where when, all keys folded (account_key, sheet_key). */
struct plan_act {
	int64_t time;	       /* instant, usec */
	int64_t grace;	       /* usec before and after a plan that it allows */
	struct span user;      /* folded ID, and as the ledger has it */
	struct span account;   /* may be empty */
	struct span vendor;    /* of the account, folded; may be empty */
	bool nobody;	       /* the act is a machine's: no user is known */
	struct span device[3]; /* number, name, address; may be empty */
	bool anywhere;	       /* a plan for another device will do */
};

/* The first plan (by start) that covers the act, or NULL. */
const struct plan *plans_covering(const struct plans *pl,
    const struct plan_act *act);

/* The next one that does, behind that one; NULL: the first. */
const struct plan *plans_next_covering(const struct plans *pl,
    const struct plan_act *act, const struct plan *behind);

#endif

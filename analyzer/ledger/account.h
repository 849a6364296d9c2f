/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_ACCOUNT_H
#define LEDGER_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/address.h"
#include "analyzer/ledger/expiry.h"
#include "analyzer/ledger/problem.h"
#include "common/arena.h"
#include "common/span.h"

/* The account ledger (利用者ID台帳), ledgers/accounts.csv. */
enum account_kind {
	ACCOUNT_PERSON,
	ACCOUNT_SHARED,	   /* 共用 */
	ACCOUNT_SYSTEM,	   /* システム: no person logs in with it */
	ACCOUNT_EMERGENCY, /* 緊急用 */
	ACCOUNT_VENDOR,	   /* 事業者 */
};

/* What the personnel office says of the person (people.csv). */
enum account_person {
	ACCOUNT_PERSON_UNSAID,
	ACCOUNT_PERSON_PRESENT, /* 在職 */
	ACCOUNT_PERSON_MOVED,	/* 異動 */
	ACCOUNT_PERSON_LEAVE,	/* 休職 */
	ACCOUNT_PERSON_LEFT,	/* 退職 */
};

struct account {
	unsigned row;		/* in the file */
	struct span number;	/* No. */
	struct span id;		/* ユーザID as written */
	struct span key;	/* folded: how it is looked up and cited */
	struct span department; /* 所属部署, 利用者属性 */
	struct span surname, given;
	struct span full_name; /* 性 and 名 together, folded */
	struct span note;      /* 説明 */
	struct span role_text; /* 権限 */
	bool admin;	       /* 権限 is Admin or its like */
	enum account_kind kind;
	struct span vendor; /* 事業者, may be empty for ACCOUNT_VENDOR */
	struct span shifts; /* 勤務: names of shifts; empty = site hours */
	struct span system; /* システム: where the ID exists; empty = all */
	struct prefixes sources; /* 接続元: from where; none = anywhere */
	struct span state_text; /* 状態 as written */
	struct expiry expiry;	/* 状態 as read */
	int64_t issued; /* 発行日, a day number; INT64_MIN if empty */
	int64_t left;	/* last day by people.csv; INT64_MAX if none */
	enum account_person person;
	unsigned person_row; /* of people.csv; 0: none */
	struct span address; /* 住所 by people.csv, folded; compared only */
	bool leaving;	/* 説明 has 退職予定 */
	bool watched;	/* 説明 has 要注意 */
	bool two_factor;	  /* 二要素: declared */
	unsigned password_length; /* パスワード: declared; 0 = not said */
	/* By the newest exported list; day numbers, INT64_MIN if unknown. */
	int64_t password_set, password_taken;
};

struct accounts;

/*
 * Read the ledger; today is a day number (expiry.h).  The result owns all
 * that it needs.  NULL after an error in ps.
 */
struct accounts *accounts_parse(struct span bytes, const char *file,
    int64_t today, struct problems *ps);
void accounts_free(struct accounts *as);

size_t accounts_count(const struct accounts *as);
const struct account *accounts_at(const struct accounts *as, size_t i);

/*
 * How an ID seen in a log was found in the ledger.  Two people are never
 * merged: what fits two rows is ambiguous.
 */
enum account_match {
	ACCOUNT_MISSING,
	ACCOUNT_EXACT,	   /* the folded ID */
	ACCOUNT_LOCAL,	   /* without @domain or DOMAIN\ on either side */
	ACCOUNT_ZEROS,	   /* without leading zeros */
	ACCOUNT_AMBIGUOUS, /* fits two rows: *a is NULL */
};

enum account_match accounts_find(const struct accounts *as, struct span id,
    const struct account **a);

/* The same of an ID that is folded already (account_key()). */
enum account_match accounts_find_key(const struct accounts *as,
    struct span key, const struct account **a);

/* What a folded 状態 of people.csv means. */
enum account_person account_person_of(struct span folded);

/* Whether a folded 権限 is Admin or its like. */
bool account_role_is_admin(struct span folded);

/* The ID folded as in struct account, in arena. */
struct span account_key(struct span id, struct arena *arena);

/* What the ledger says of an account on a day at the site. */
enum expiry_state account_state_on(const struct account *a, int64_t day);

/* The last day an account may be used, or EXPIRY_NEVER. */
int64_t account_until(const struct account *a);

/*
 * id is another ID of the same person, on some system.  Return 0, or -1: it
 * is empty, or belongs to somebody else.
 */
int accounts_add_alias(struct accounts *as, struct span id,
    const struct account *a);

/* The i-th of these other IDs, folded, and whose it is; false: no more. */
bool accounts_alias_at(const struct accounts *as, size_t i, struct span *id,
    const struct account **a);

/*
 * Take identities.csv (ID対応表): each row names an ID of the ledger and
 * another of the same person.  Return 0, or -1 after an error in ps.
 */
int accounts_take_identities(struct accounts *as, struct span bytes,
    const char *file, struct problems *ps);

/* For the other ledgers of people: a row to write to, and where texts live. */
struct account *accounts_row(struct accounts *as, const struct account *a);
struct arena *accounts_arena(struct accounts *as);

/*
 * Take the leavers of people.csv: each row names an ID (or 氏名) and, if its
 * state is 退職, the last day.  Return 0, or -1 after an error in ps.
 */
int accounts_take_people(struct accounts *as, struct span bytes,
    const char *file, struct problems *ps);

#endif

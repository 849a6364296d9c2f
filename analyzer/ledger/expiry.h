/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_EXPIRY_H
#define LEDGER_EXPIRY_H

#include <stdint.h>

#include "common/span.h"

/*
 * The column 状態 of the account ledger: whether the ID may be used, and from
 * when until when, e.g. 使用可（令和8年3月末まで）.
 *
 *	state	:= base [ "(" limit ")" ]
 *	limit	:= [ from ] until | from | date	(date alone: since or until)
 *	until	:= date ("まで" | "迄" | "末まで" | "限り") | ("〜"|"~"|"-")
 *date from	:= date ("から" | "より" | "〜" | "~")
 *
 * A month alone means its first day in from, its last day in until.  What
 * cannot be read is never taken for valid or invalid: it is asked about.
 */
enum expiry_base {
	EXPIRY_USABLE,	 /* 使用可 and its like */
	EXPIRY_DISABLED, /* 使用不可, 停止, 無効, 削除 */
	EXPIRY_RETIRED,	 /* 退職: disabled after its last day */
	EXPIRY_LEAVE,	 /* 休職, 休止, 産休: back some day */
	EXPIRY_EXPIRED,	 /* 期限切れ without a date */
	EXPIRY_UNKNOWN,	 /* to be asked about */
};

/* Why a text is EXPIRY_UNKNOWN. */
enum expiry_doubt {
	EXPIRY_CLEAR,
	EXPIRY_EMPTY,	/* nothing stands there */
	EXPIRY_WORD,	/* no such state */
	EXPIRY_LIMIT,	/* what stands in the parentheses */
	EXPIRY_YEAR,	/* a month without a year */
	EXPIRY_CENTURY, /* two digits that may be an era's year */
	EXPIRY_ORDER,	/* ends before it begins */
};

#define EXPIRY_NEVER INT64_MAX
#define EXPIRY_ALWAYS INT64_MIN

struct expiry {
	enum expiry_base base;
	enum expiry_doubt doubt;
	int64_t from;  /* first day it is usable; EXPIRY_ALWAYS */
	int64_t until; /* last day it is usable; EXPIRY_NEVER */
	int64_t since; /* DISABLED, RETIRED, LEAVE: that day; EXPIRY_ALWAYS */
};

/* What the ledger says of one day. */
enum expiry_state {
	EXPIRY_IS_USABLE,
	EXPIRY_IS_NOT_YET,
	EXPIRY_IS_OVER,
	EXPIRY_IS_DISABLED,
	EXPIRY_IS_LEAVE,
	EXPIRY_IS_UNKNOWN,
};

/*
 * Read a cell.  today (a day number) decides only whether two digits of a
 * year are in doubt.  Never fails: doubt is a value.
 */
struct expiry expiry_parse(struct span cell, int64_t today);

/* The state on that day (a day number at the site). */
enum expiry_state expiry_on(const struct expiry *e, int64_t day);

/* What is in doubt and what to do, a sentence in the user's language. */
const char *expiry_doubt_text(enum expiry_doubt d);

#endif

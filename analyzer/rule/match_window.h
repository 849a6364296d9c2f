/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_MATCH_WINDOW_H
#define RULE_MATCH_WINDOW_H

#include "analyzer/ledger/index.h"
#include "analyzer/rule/count.h"
#include "analyzer/rule/keep.h"
#include "analyzer/rule/match.h"
#include "analyzer/rule/novel.h"
#include "analyzer/rule/settled.h"
#include "analyzer/rule/usual.h"
#include "analyzer/sigma/set_split.h"
#include "common/buf.h"

/* What match.c fills, match_look.c looks by and match_window.c judges; for
 * these only. */
struct match_window {
	const struct rule *rule;
	int64_t start;
	uint64_t count, index_first, index_last; /* of all that fit */
	struct keep **kept; /* the first FINDING_CITES of them */
	uint16_t n, cap;
	struct cited_list *rests; /* of a correlation: what was counted */
	bool dirty;
	bool message; /* its rule asks for that of its events */
	bool replayed; /* one of its events was */
	/* Ledgers or records do not allow to say: the first evidence, and how
	 * many records; doubts 0: they do. */
	int64_t doubt;
	uint64_t doubts;
	bool replay; /* of these */
	char key[];
};

struct match_follower {
	int64_t time;
	uint32_t key; /* match_intern() of the keys that must be the same */
};

struct match_followed { /* events that bear on earlier ones */
	const struct rule_raise *raise;
	struct match_follower *v;
	size_t n, cap;
};

struct match_settling { /* settled_by() */
	const struct rule *rule;
	enum settled by;
};

struct match {
	const struct ruleset *rules;
	const struct fact_site *site;
	struct limits *limits;
	struct index *by_window, *keys;
	struct match_window **windows;
	size_t n, cap;
	struct match_followed *followed;
	size_t n_followed, cap_followed;
	int64_t longest; /* of all "within" */
	int64_t touched; /* history changed from here on */
	int64_t normal;	 /* from here on something was judged normal */
	uint64_t dropped;
	struct buf key;
	struct view view;      /* of one that is judged */
	struct view completed; /* of one that completed a correlation */
	struct set *set;  /* the detections of the rules that look at events */
	struct set_split *split; /* by kind */
	const struct rule **of; /* by their number in the set; n_of */
	size_t n_of;
	struct count *count; /* whose bases have the numbers behind, and what
			      * is followed those behind these */
	struct gather *gather; /* whose numbers are behind those; borrowed */
	struct usual *usual;
	struct novel *novel;
	const struct usage *usage;
	struct match_settling *settling;
	size_t n_settling, cap_settling;
	struct match_look *look; /* of who feeds */
	bool doubtful; /* doubts of some window have changed */
};

/* One of the numbers that were seen of an event (match_look()). */
struct match_seen {
	size_t number;
	const char *origin;
	bool share;	     /* gather_share() */
	struct span counted; /* count_look(), of a base */
};

void match_one(struct match *m, const struct match_seen *s,
    const struct event *e, struct facts *fs);

void match_key(struct facts *fs, unsigned keys, struct buf *b);
uint32_t match_intern(struct match *m, struct span s);

/*
 * Count an event in its window, and keep it if a finding may need it: the
 * first FINDING_CITES by time.  What a correlation counted is cited beside its
 * results: of those that need no judgement of their own one is kept for each
 * address that it came from, of as many as a finding can name.  Of a rule with
 * a baseline the first of each hour.  (match_keep.c)
 */
void match_keep(struct match_window *w, const struct event *e,
    const char *origin, int64_t time);
void match_window_free(struct match_window *w);

/* Judge one window: at most one finding. */
void match_window_judge(struct match *m, struct match_window *w,
    const struct match_history *h, struct outbox *out, struct arena *arena);

/*
 * What cannot be said for want of ledgers or records, once for each rule and
 * month and not for each person and day.
 */
void match_doubts_judge(struct match *m, struct outbox *out,
    struct arena *arena);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_CASEBOOK_H
#define ANALYZER_CASE_CASEBOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/case/phase.h"
#include "analyzer/case/search.h"
#include "analyzer/case/version.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/span.h"
#include "evidence/evchain.h"

/*
 * The casebook (事案簿) as its records tell it: findings, grouped into cases,
 * and the steps that people and konseki took.  There is no other state.  Each
 * record is one JSON object in an e1 record of a local stream of the casebook
 * log; docs/casebook.md has the members.  Loading folds them in index order,
 * so two readers of the same log see the same cases.
 */
#define CASEBOOK_PRINT 17 /* a fingerprint: 16 hex digits and NUL */

enum casebook_severity { /* 情報 注意 警告 重大 緊急 */
	CASEBOOK_INFO,
	CASEBOOK_NOTICE,
	CASEBOOK_WARNING,
	CASEBOOK_SERIOUS,
	CASEBOOK_CRITICAL,
};

/* As in records and contacts.yml: "warning". */
const char *casebook_severity_word(enum casebook_severity s);

/* In the user's language: "警告", "warning". */
const char *casebook_severity_name(enum casebook_severity s);

struct casebook_number {   /* a figure that a finding was computed from */
	const char *name;  /* "bytes", "median_bytes", "z" ... */
	const char *text;  /* as the rule printed it */
	const char *unit;  /* "bytes", "", "sigma" ... */
	const char *layer; /* "OUT-02", or "" */
};

struct casebook_entity {
	const char *kind;  /* host, user, ip, device */
	const char *value; /* the key: address, id */
	const char *label; /* for people: ledger number, place; may be "" */
};

struct casebook_cite { /* one record of the evidence log */
	const char *origin;
	uint64_t index;
	char leaf[65]; /* hex */
	int64_t time;  /* judged time, utc usec */
};

/* Why a finding tells nobody and adds nothing to its case. */
enum casebook_quiet {
	CASEBOOK_HEARD,	    /* it does */
	CASEBOOK_EXCEPTED,  /* a row of exceptions.csv covered it (例外) */
	CASEBOOK_SILENCED,  /* somebody wanted silence (通知停止) */
	CASEBOOK_INHIBITED, /* another finding says it already (抑制) */
};

struct casebook_finding {
	const char *id; /* 64 hex: hash of rule, key and window */
	const char *rule, *version;
	const char *kind; /* alert; sheet: a line for the weekly sheet;
			   * unknown: 判定不可 */
	const char *title_ja, *title_en;
	const char *what_ja, *what_en; /* one sentence with its numbers */
	const char *why_ja, *why_en;
	const char *todo_ja, *todo_en;
	enum casebook_severity severity;
	const char *key;     /* "host=192.168.20.10", "user=..." */
	const char *group;   /* case id: 8 hex of its first finding's id;
			      * "" if it is no alert */
	int64_t from, until; /* window, utc usec */
	int64_t first;	     /* time of the first evidence */
	const char *const *layers;
	size_t n_layers;
	const char *const *attack;
	size_t n_attack; /* T1078 ... */
	const char *const *tactics;
	size_t n_tactics; /* initial-access ... */
	const char *const *inhibited_by;
	size_t n_inhibited_by; /* codes of rules; "CFG-*" is a beginning */
	const char *excepted;  /* the row that covered it, for people; or "" */
	const struct casebook_number *numbers;
	size_t n_numbers;
	const struct casebook_entity *entities;
	size_t n_entities;
	const struct casebook_cite *cites;
	size_t n_cites;
	uint64_t n_evidence; /* records in all; n_cites of them are listed */
	bool withdrawn;	     /* late records took its ground away */
	/* SHA-256 (hex) of the record's text that this one revises; "": none */
	const char *revises;
	unsigned revisions;  /* casebook records that it replaced */
	bool replay;	     /* from a sample or drill: 見本・訓練 */
	const char *rules_sha256, *ledgers_sha256;
	uint64_t evidence_size; /* from which it applies */
	const char *origin;	/* of the log of its casebook record */
	uint64_t index;		/* of that record */
	int64_t recorded;	/* its receive time */
	char leaf[65];		/* of the record at index, hex */

	/* What the casebook as a whole makes of it. */
	char print[CASEBOOK_PRINT]; /* fingerprint: of rule and key, whatever
				     * the window: the same thing again */
	const char *named; /* its case as recorded; group: as it is now */
	uint64_t entered; /* which record of the casebook was its first */
	enum casebook_quiet quiet;
	const char *quiet_by; /* id of the silence, or of the finding that
			       * inhibits; the exception; or "" */
	const struct casebook_step *judged; /* the last word on it, also by
					     * one on its case; or NULL */
	bool normal; /* it alone was judged normal: it counts no more */
};

enum casebook_step_kind {
	CASEBOOK_SENT,	 /* a message left, or could not */
	CASEBOOK_ACK,	 /* somebody took it */
	CASEBOOK_JUDGE,	 /* 正常, 要確認, 事案 */
	CASEBOOK_REVIEW, /* a weekly sheet was made or signed: how is made,
			  * reviewed (点検) or approved (承認) */
	CASEBOOK_REPORT, /* a report was made */
	CASEBOOK_SILENCE,   /* from here on, what it covers tells nobody */
	CASEBOOK_UNSILENCE, /* no longer */
	CASEBOOK_NOTE,	    /* somebody wrote down what happened or was done,
			     * or (how: decision) what was decided */
	CASEBOOK_AWARE,	    /* the time of awareness (覚知日時), once */
	CASEBOOK_REMIND,    /* somebody was reminded of a deadline */
	CASEBOOK_DONE,	    /* a report that has a deadline was made */
	CASEBOOK_PRESERVE,  /* the evidence of a case was kept (保全) */
	CASEBOOK_DRILL,	    /* a drill was held (訓練), and how it went */
};

struct casebook_step {
	enum casebook_step_kind kind;
	const char *group;  /* case id; "" for a review */
	const char *who;    /* person or role: sent to, acknowledged by */
	const char *how;    /* channel; judgement: normal, check, incident */
	const char *text;   /* result, reason, comment */
	bool ok;	    /* SENT: accepted by the other side */
	bool outside;	    /* who is a name, of nobody in contacts.yml */
	int64_t at;	    /* receive time of the record */
	const char *origin; /* of the log of its casebook record */
	uint64_t index;	    /* of that record */
	uint32_t uid;	    /* who submitted it, from the stream's d1 */
	char leaf[65];	    /* of the record at index, hex */
	uint64_t order;	    /* which record of the casebook it is */
	const char *finding; /* JUDGE: the one finding meant, or "" */
	const char *silence; /* UNSILENCE: which */
	const char *rule, *about; /* SILENCE: what it covers (cover.h); REMIND,
				   * DONE: about is the deadline's id; REMIND
				   * of no case: the week (overdue.h) */
	enum casebook_severity most; /* SILENCE: nothing graver */
	int64_t from, until; /* SILENCE: of first evidence in between; NOTE,
			      * AWARE, DONE, DRILL: from is when it was;
			      * REVIEW: the week; both 0: not said */
	const char *code; /* SENT: what the person may answer with; ACK: what
			   * was answered with; or "" */
	const char *sheet;   /* REVIEW, REPORT: SHA-256 (hex) of the page, or
			      * "" */
	const char *before;  /* REPORT: sheet of the one before of its case and
			      * form (how), or "" */
	uint64_t items;	     /* REVIEW: what the week asked to look at */
};

/* No silence is longer, whatever the site allows: there is exceptions.csv. */
#define CASEBOOK_SILENCE_DAYS 366

struct casebook_silence {
	char id[9]; /* the first eight digits of its record's leaf hash */
	const struct casebook_step *made;
	const struct casebook_step *ended; /* NULL: nobody ended it */
	size_t n;			   /* findings that it keeps quiet */
};

/*
 * Weights of findings in tenths of a point, by severity; a case is an incident
 * from CASEBOOK_INCIDENT on and critical from CASEBOOK_GRAVE on.
 */
#define CASEBOOK_WEIGHTS { 0, 10, 30, 90, 270 }
#define CASEBOOK_INCIDENT 90u
#define CASEBOOK_GRAVE 300u

/* After so long the same thing again is worth another message, unless the site
 * says otherwise. */
#define CASEBOOK_REPEAT (INT64_C(24) * 3600 * 1000000)

struct casebook_phase {
	size_t n;      /* findings */
	int64_t first; /* the first evidence of them */
};

struct casebook_group { /* a case (事案): findings that belong together */
	const char *id;
	const char *const *others; /* ids that it had while it was several */
	size_t n_others;
	enum casebook_severity severity; /* the highest of its findings that
					  * are heard; critical by score or by
					  * two independent serious ones */
	size_t *findings;
	size_t n_findings;   /* positions, by first time */
	size_t n_heard;	     /* of them; 0: nobody is told, and it is none */
	size_t n_repeats;    /* whose fingerprint it had before */
	int64_t first, last; /* first evidence, end of last window */
	uint64_t score;	     /* tenths of a point */
	size_t n_tactics;    /* different ones, which multiply the score */
	bool incident;	     /* by its score */
	bool independent;    /* two serious findings, neither of one rule nor
			      * of one record */
	struct casebook_phase phases[PHASE_COUNT];
	bool in_order;	/* each phase began no earlier than those before it */
	int64_t since;	/* when it became as severe as it is: recorded */
	int64_t news;	/* the first finding since the last answer that calls
			 * for another; 0: none */
	const struct casebook_step *acked;  /* NULL: nobody took it yet */
	const struct casebook_step *judged; /* NULL: open; else the last one */
	const struct casebook_step *answered; /* the last of either, or NULL */
	const struct casebook_step *aware; /* when somebody knew, or NULL; of
					    * cases that became one: the
					    * earliest */
};

struct casebook {
	int64_t repeat;	    /* usec; 0: CASEBOOK_REPEAT */
	int64_t began;	    /* receive time of the first record; 0: none */
	const char *origin; /* of the log in force */
	uint64_t size;	    /* of it when it was read */
	uint8_t root[32];
	struct casebook_finding *findings;
	size_t n_findings;
	struct casebook_step *steps;
	size_t n_steps;
	struct casebook_group *groups;
	size_t n_groups;     /* by first evidence */
	struct casebook_silence *silences;
	size_t n_silences;   /* as they were made */
	struct search *searches; /* search.h; in the order they were made */
	size_t n_searches;
	struct version *versions; /* of ledgers, as they came into force */
	size_t n_versions;
	uint64_t unreadable; /* records that are not as docs/casebook.md says */
};

/*
 * Read the casebook log and those it followed (evchain.h); all lives in arena.
 * repeat: as in the book.  Return 0, or -1 and a sentence in *why.
 */
int casebook_load(const struct evchain_options *logs, int64_t repeat,
    struct arena *arena, struct casebook *book, struct buf *why);

/* The newest version of the ledger of that name, or NULL. */
const struct version *casebook_version(const struct casebook *book,
    const char *name);

/* The phase that a finding's techniques or tactics speak of. */
enum phase casebook_phase(const struct casebook_finding *f);

/* Append the phases that a case has, in their order: "entry > exfiltration". */
void casebook_phases(const struct casebook_group *g, struct buf *out);

/* The fingerprint of a rule's findings with this key. */
void casebook_print(const char *rule, const char *key,
    char print[CASEBOOK_PRINT]);

/* Whether a case's silence may be over: nobody ended it and now lies before
 * its end. */
bool casebook_silence_holds(const struct casebook_silence *s, int64_t now);

/*
 * The finding with that id, the case that has or had that id (or a unique
 * beginning of it), or NULL.
 */
const struct casebook_finding *casebook_finding(const struct casebook *book,
    const char *id);
const struct casebook_group *casebook_group(const struct casebook *book,
    const char *id);

/* The most severe finding of a case that is heard (of one without any: of all),
 * the earliest of several. */
const struct casebook_finding *casebook_worst(const struct casebook *book,
    const struct casebook_group *group);

#endif

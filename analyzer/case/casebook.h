/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_CASEBOOK_H
#define ANALYZER_CASE_CASEBOOK_H

#include <stdbool.h>
#include <stdint.h>

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
};

enum casebook_step_kind {
	CASEBOOK_SENT,	 /* a message left, or could not */
	CASEBOOK_ACK,	 /* somebody took it */
	CASEBOOK_JUDGE,	 /* 正常, 要確認, 事案 */
	CASEBOOK_REVIEW, /* a weekly review was made or signed */
	CASEBOOK_REPORT, /* a report was made */
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
};

struct casebook_group { /* a case (事案) */
	const char *id;
	enum casebook_severity severity; /* the highest of its findings */
	size_t *findings;
	size_t n_findings;   /* positions, by first time */
	int64_t first, last; /* first evidence, end of last window */
	const struct casebook_step *acked;  /* NULL: nobody took it yet */
	const struct casebook_step *judged; /* NULL: open; else the last one */
};

struct casebook {
	const char *origin; /* of the log in force */
	uint64_t size;	    /* of it when it was read */
	uint8_t root[32];
	struct casebook_finding *findings;
	size_t n_findings;
	struct casebook_step *steps;
	size_t n_steps;
	struct casebook_group *groups;
	size_t n_groups;     /* by first evidence */
	uint64_t unreadable; /* records that are not as docs/casebook.md says */
};

/*
 * Read the casebook log and those it followed (evchain.h); all lives in arena.
 * Return 0, or -1 and a sentence in *why.
 */
int casebook_load(const struct evchain_options *logs, struct arena *arena,
    struct casebook *book, struct buf *why);

/* The finding with that id, the case with that id (or unique prefix), or NULL.
 */
const struct casebook_finding *casebook_finding(const struct casebook *book,
    const char *id);
const struct casebook_group *casebook_group(const struct casebook *book,
    const char *id);

/* The most severe finding of a case, the earliest of several. */
const struct casebook_finding *casebook_worst(const struct casebook *book,
    const struct casebook_group *group);

#endif

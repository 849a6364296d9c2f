/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_FINDING_H
#define RULE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * What a rule found: which rule and layers, about whom, when, computed from
 * which figures, resting on which records, said in both languages.  The same
 * evidence, rules and ledgers give the same bytes, live or replayed, on any
 * day: a finding holds no wall clock and nothing in the order of a hash.  What
 * it points to is lent: whoever is given a finding copies what it keeps.
 */
enum finding_severity {
#define SEVERITY(id, level, ja, en) FINDING_##id,
#include "analyzer/rule/severity_tbl.h"
#undef SEVERITY
};

/* "high", "重大", "serious"; and the severity of a Sigma level, or -1. */
const char *finding_severity_level(enum finding_severity s);
const char *finding_severity_ja(enum finding_severity s);
const char *finding_severity_en(enum finding_severity s);
int finding_severity_parse(struct span level, enum finding_severity *s);

/* n steps up the ladder, at most cap. */
enum finding_severity finding_severity_raise(enum finding_severity s,
    unsigned n, enum finding_severity cap);

enum finding_kind {
	FINDING_ALERT,	 /* something that happened */
	FINDING_SHEET,	 /* a line for the weekly sheet: state of a ledger */
	FINDING_UNKNOWN, /* 判定不可: the logs do not allow to say */
};

struct finding_number {	   /* a figure that the finding was computed from */
	const char *name;  /* "bytes", "median", "mad", "z", "floor", "n" */
	const char *unit;  /* "bytes", "days", "" ... */
	const char *layer; /* "OUT-02", or "" for the finding as a whole */
	char text[32];	   /* as computed, in decimal */
};

struct finding_entity {
	const char *kind;  /* host, device, user, ip */
	const char *value; /* the key: 管理番号, ID, address */
	const char *label; /* for people: ledger row, name, place; or "" */
};

struct finding_cite { /* one record */
	const char *origin;
	uint64_t index;
	int64_t time; /* judged time, utc usec */
	uint8_t leaf[32];
};

#define FINDING_CITES 50
#define FINDING_LAYERS 8
#define FINDING_NUMBERS 48
#define FINDING_ENTITIES 24
#define FINDING_ATTACK 16
#define FINDING_TACTICS 14
#define FINDING_INHIBITORS 8

struct finding_layer {
	const char *code; /* "OUT-02" */
	const char *title_ja, *title_en;
	enum finding_severity severity;
};

struct finding {
	char id[65]; /* hex SHA-256 of rule id, key, window start */
	enum finding_kind kind;
	const char *rule_id; /* UUID */
	const char *rule;    /* code: "ADM-01" */
	const char *version;
	const char *title_ja, *title_en;
	enum finding_severity severity;
	const char *first_to; /* who is told first: a role of contacts.yml */
	const char *key;      /* "host=007", "user=klm@nop device=FW01" */
	int64_t from, until;  /* window, utc usec; until is not part of it */
	int64_t first;	      /* time of the first evidence; from if none */
	bool replay;	   /* evidence of a sample or drill: 見本・訓練 */
	bool withdrawn;	   /* late records took its ground away */
	unsigned revision; /* 0 when first delivered by this engine */
	struct finding_layer layers[FINDING_LAYERS];
	size_t n_layers;
	const char *attack[FINDING_ATTACK]; /* "T1078", from the tags */
	size_t n_attack;
	const char *tactics[FINDING_TACTICS]; /* "initial-access", too */
	size_t n_tactics;
	/* Rules whose finding about the same makes this one say nothing new. */
	const char *inhibited_by[FINDING_INHIBITORS];
	size_t n_inhibited_by;
	size_t n_numbers;
	struct finding_entity entities[FINDING_ENTITIES];
	size_t n_entities;
	size_t n_cites;
	uint64_t n_evidence;		  /* records in all */
	uint64_t index_first, index_last; /* range they lie in */
	const char *what_ja, *what_en;	  /* what happened, with its figures */
	const char *why_ja, *why_en;
	const char *do_ja, *do_en;
	uint8_t rules_sha256[32], ledgers_sha256[32], calendar_sha256[32];
	/* Last, as most of them is empty: who waits keeps what is used. */
	struct finding_number numbers[FINDING_NUMBERS];
	struct finding_cite cites[FINDING_CITES];
};

/* Compute f->id from rule_id, key and from. */
void finding_identify(struct finding *f);

/* Add a figure, an entity (once), a citation.  Beyond the limits: nothing. */
void finding_count(struct finding *f, const char *layer, const char *name,
    const char *unit, uint64_t value);
void finding_figure(struct finding *f, const char *layer, const char *name,
    const char *unit, double value, int decimals);
void finding_entity(struct finding *f, const char *kind, const char *value,
    const char *label);

/*
 * Append as one line of JSON, "\n" behind it.  Revision and withdrawal are
 * not printed: the text is the same whenever it is computed.
 */
void finding_print_json(const struct finding *f, struct buf *out);

#endif

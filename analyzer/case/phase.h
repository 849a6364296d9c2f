/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_PHASE_H
#define ANALYZER_CASE_PHASE_H

/*
 * The phases of an intrusion (侵入・探索・横展開・持出し・破壊・対応) and the
 * ATT&CK techniques that belong to them.  A phase is our reading of a record,
 * never a fact: reports say so.  Pure.
 */
enum phase {
#define PHASE(id, en, ja) PHASE_##id,
#include "analyzer/case/phase_tbl.h"
#undef PHASE
	PHASE_COUNT
};

/* In the user's language. */
const char *phase_name(enum phase p);

/* The phase of a technique ("T1078", "T1021.004"); PHASE_NONE if unknown. */
enum phase phase_of_technique(const char *id);

/* The phase of a tactic ("initial-access"); PHASE_NONE if unknown. */
enum phase phase_of_tactic(const char *tactic);

/* Its name in the user's language; "" if unknown. */
const char *phase_technique_name(const char *id);

#endif

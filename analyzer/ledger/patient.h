/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_PATIENT_H
#define LEDGER_PATIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "analyzer/ledger/problem.h"
#include "common/span.h"

/*
 * Patients whose records are looked at with care, or whose treating staff is
 * known: ledgers/patients.csv.  Optional; not all patients need be in it, and
 * one may have several rows, each of which says something of him.  What stands
 * there is compared, and never printed.
 */
struct patient {
	unsigned row;	   /* in the file */
	struct span key;   /* 患者ID, folded, without leading zeros */
	struct span departments, staff; /* cells of several values, or empty */
	bool care;			/* 要配慮 */
	struct span self, family; /* IDs of staff: of himself, of relatives */
	struct span surname, full_name, address; /* folded, or empty */
	const struct patient *next; /* the next row of this patient, or NULL */
};

struct patients;

/* Read it.  NULL after an error in ps. */
struct patients *patients_parse(struct span bytes, const char *file,
    struct problems *ps);
void patients_free(struct patients *ps);

/* The first row of a patient, by an ID as a log has it, or NULL. */
const struct patient *patients_find(const struct patients *ps, struct span id);

#endif

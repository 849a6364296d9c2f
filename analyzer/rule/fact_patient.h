/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_FACT_PATIENT_H
#define RULE_FACT_PATIENT_H

#include "analyzer/rule/fact.h"

/* For fact.c: what the list of patients says of who looked at a record. */
struct span fact_patient(struct facts *fs, enum fact f);

#endif

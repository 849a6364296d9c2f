/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_STEP_H
#define ANALYZER_FORMAT_STEP_H

#include "analyzer/format/line.h"

/*
 * The parsing steps: from text to inputs.  Return false if the line is not
 * of this format.
 */
bool step_run(const struct step *s, struct line *l);

/* The same, whatever its condition and whether it may fail. */
bool step_do(const struct step *s, struct line *l);

/* Those that find keys: key=value, CEF, LEEF, JSON, XML. */
bool step_keys(const struct step *s, struct line *l);
bool step_kv(const struct step *s, struct line *l);

/*
 * The first of the patterns that matches fills its groups' slots; NULL: none
 * does.
 */
const struct rule_pattern *step_match(const struct rule_pattern *p,
    struct line *l);

/*
 * Tables whose first record names the columns.  step_header finds the slot of
 * each cell in column[CELLS_MAX] and returns the number of cells if all that
 * must be there is there, else 0; step_row reads a record by it.
 */
size_t step_header(const struct step *s, struct span text, uint16_t *column);
bool step_row(const struct step *s, struct span text, const uint16_t *column,
    size_t ncolumn, struct line *l);

#endif

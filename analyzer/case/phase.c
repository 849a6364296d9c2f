/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/phase.h"

#include <stddef.h>
#include <string.h>

#include "common/log.h"

static const struct {
	const char *en, *ja;
} names[] = {
#define PHASE(id, en, ja) { en, ja },
#include "analyzer/case/phase_tbl.h"
#undef PHASE
};

static const struct technique {
	const char *id;
	enum phase phase;
	const char *en, *ja;
} techniques[] = {
#define TECHNIQUE(id, phase, en, ja) { id, PHASE_##phase, en, ja },
#include "analyzer/case/phase_tbl.h"
#undef TECHNIQUE
};

const char *
phase_name(enum phase p)
{
	return tr(names[p].en, names[p].ja);
}

static const struct technique *
find_part(const char *id, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(techniques) / sizeof(techniques[0]); i++)
		if (strlen(techniques[i].id) == len &&
		    strncmp(techniques[i].id, id, len) == 0)
			return &techniques[i];
	return NULL;
}

/* "T1021.004" has the row of "T1021" if it has none of its own. */
static const struct technique *
find(const char *id)
{
	const struct technique *t = find_part(id, strlen(id));

	return t != NULL ? t : find_part(id, strcspn(id, "."));
}

enum phase
phase_of_technique(const char *id)
{
	const struct technique *t = find(id);

	return t == NULL ? PHASE_NONE : t->phase;
}

enum phase
phase_of_tactic(const char *tactic)
{
	static const struct {
		const char *name;
		enum phase phase;
	} rows[] = {
#define TACTIC(name, phase) { name, PHASE_##phase },
#include "analyzer/case/phase_tbl.h"
#undef TACTIC
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, tactic) == 0)
			return rows[i].phase;
	return PHASE_NONE;
}

const char *
phase_technique_name(const char *id)
{
	const struct technique *t = find(id);

	return t == NULL ? "" : tr(t->en, t->ja);
}

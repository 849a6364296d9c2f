/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_SETTINGS_H
#define RULE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/rule/finding.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/span.h"
#include "common/yaml.h"

/*
 * A profile: which rules are on, and every threshold.  rules/profiles/NAME.yml:
 *
 *	profile: clinic
 *	extends: default		# takes what this file does not set
 *	rules: [OUT, ADM-01]		# codes that are on; left out: all
 *	settings:
 *	  outbound:
 *	    hour: {z: 6, bytes: 100MB}
 *
 * default.yml sets everything; no number of it stands in the code.
 */
enum setting {
#define SETTING(id, name, type, min, max, ja, en) SETTING_##id,
#include "analyzer/rule/settings_tbl.h"
#undef SETTING
	SETTING_COUNT
};

struct settings {
	double value[SETTING_COUNT]; /* DURATION in seconds */
	bool set[SETTING_COUNT];
	bool all;	    /* every rule is on */
	struct span *rules; /* else these codes, in arena */
	size_t n_rules;
};

const char *setting_name(enum setting s);
int setting_parse(struct span name, enum setting *s);

/* The setting as a whole number, as usec (DURATION), as a severity (LEVEL). */
uint64_t settings_count(const struct settings *s, enum setting which);
double settings_number(const struct settings *s, enum setting which);
int64_t settings_usec(const struct settings *s, enum setting which);
enum finding_severity settings_level(const struct settings *s,
    enum setting which);

/*
 * Read one profile file into *s, which may hold what it extends: what the file
 * sets replaces it.  *extends = name of the base, empty if none.  Codes are
 * copied to arena.  Return 0, or -1 and *err.
 */
int settings_parse(struct span text, const char *name, struct arena *arena,
    struct settings *s, struct span *extends, struct yaml_error *err);

/* Whether everything is set; else *missing is the first that is not. */
bool settings_complete(const struct settings *s, enum setting *missing);

/* Append "name: number" for each that is set; DURATION in seconds. */
void settings_print(const struct settings *s, struct buf *out);

/* Whether the rule of that code is on. */
bool settings_enables(const struct settings *s, const char *code);

#endif

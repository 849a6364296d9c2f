/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_RULESET_H
#define RULE_RULESET_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/firmware.h"
#include "analyzer/ledger/holiday.h"
#include "analyzer/ledger/support.h"
#include "analyzer/rule/rule.h"
#include "analyzer/rule/settings.h"
#include "common/sha256.h"

/*
 * The rules in force: DIR/detection of files *.yml in it and its folders, with
 * the profile DIR/profiles/NAME.yml and the dated tables DIR/data/holidays.csv
 * firmware.csv and support.csv.
 * A file that is wrong is refused and named; the others are kept, and the
 * caller decides whether a set with refusals may replace the one in force.
 */
#define RULESET_RULES 5000
#define RULESET_DEPTH 8
#define RULESET_FILE (1u << 20)

struct ruleset {
	struct rule_home home;
	struct settings settings;
	/* n that are on, by code, and behind them those that were read but are
	 * not on in this profile, likewise. */
	struct rule **rules;
	size_t n, off;
	struct yaml_error *refused;
	size_t n_refused;
	struct holidays *holidays;  /* NULL: by rule alone */
	struct firmware *firmware;  /* NULL: no version is known to be old */
	struct support *support;    /* NULL: no system is known to be so */
	uint8_t sha256[SHA256_LEN]; /* of profile, table and all rule files */
};

/*
 * Load.  A profile or table that is wrong is an error: NULL and *err.  Rule
 * files that are wrong are in refused.
 */
struct ruleset *ruleset_load(const char *dir, const char *profile,
    struct yaml_error *err);

/* The same for a site, with the names of its ledgers (roster_names()). */
struct ruleset *ruleset_load_for(const char *dir, const char *profile,
    const struct placeholders *names, struct yaml_error *err);

/* A set of one rule given as text, for tests and examples; settings copied. */
struct ruleset *ruleset_of(struct span text, const char *file,
    const struct settings *settings, const struct placeholders *names,
    struct yaml_error *err);

/*
 * A set that is put together: rules as text, with these settings, all of them
 * on.  Adding returns 0, or -1 and *err (refused, or of an id or code that it
 * has).
 */
struct ruleset *ruleset_empty(const struct settings *settings);
int ruleset_add(struct ruleset *rs, struct span text, const char *file,
    struct yaml_error *err);

/* Only the settings of a profile, with what it extends.  0, or -1 and *err. */
int ruleset_settings(const char *dir, const char *profile, struct arena *arena,
    struct settings *s, struct yaml_error *err);

void ruleset_free(struct ruleset *rs);

#endif

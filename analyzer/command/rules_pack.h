/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_RULES_PACK_H
#define ANALYZER_COMMAND_RULES_PACK_H

#include "analyzer/command/grounds.h"
#include "analyzer/command/rules.h"
#include "analyzer/rule/ruleset.h"

/*
 * The rules that a call of `konseki rules` is about: those of the pack, in
 * force or not, or the named ones.  The pack is that of --rules, else of the
 * site, else as installed; the profile likewise, else default.
 */
struct site;

struct rules_pack {
	struct site *site; /* of --site, or NULL */
	struct grounds grounds; /* its ledgers, for |expand: rules_pack_take */
	struct arena *arena;	/* of the names */
	const struct placeholders *names; /* of |expand by them, or NULL */
	const char *dir;   /* of the pack */
	const char *profile;
	struct ruleset *all;   /* the pack */
	struct ruleset **file; /* of one rule each: files beside it */
	size_t nfile;
	const struct rule **rule; /* that the call is about */
	size_t n;
	size_t wrong; /* files that are refused, names of nothing (said) */
};

/*
 * The rules of these codes or files, in that order; none: all of the pack, by
 * code.  Return 0, or -1 (said).  Close it in both cases.
 */
int rules_pack_open(struct rules_pack *p, const struct rules_call *c,
    char **name, int n);
void rules_pack_close(struct rules_pack *p);

/*
 * Take the site's ledgers, and load its calendar, into *g.  Return 0, or -1
 * (said).
 */
int rules_pack_take(struct rules_pack *p, struct grounds *g);

/* Whether the rule is on in the pack's profile; files are. */
bool rules_pack_on(const struct rules_pack *p, const struct rule *r);

#endif

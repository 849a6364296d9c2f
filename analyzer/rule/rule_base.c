/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/rule_file.h"

#include <stdlib.h>

#include "analyzer/sigma/correlation_link.h"
#include "common/log.h"

/*
 * A rule file with several documents: one is the rule, a correlation; the
 * others are Sigma rules without x-konseki, its bases, which say nothing by
 * themselves.  A base may be a correlation of other bases.
 */

/* "%vpn.failures%" is the number of the setting, in seconds if it is a time. */
static int
read_setting(void *arg, const struct yaml_node *at, struct span name,
    struct span *text)
{
	struct rule_reader *r = arg;
	enum setting which;

	if (setting_parse(name, &which) == -1)
		return RULE_FAIL(r, at,
		    tr("there is no setting '%.*s'",
			"「%.*s」という設定はありません"),
		    (int)name.len, (const char *)name.p);
	*text = span_str(arena_printf(r->arena, "%.15g",
	    settings_number(r->settings, which)));
	return 0;
}

static struct correlation *
parse(struct rule_reader *r, struct yaml_node *map)
{
	if (correlation_expand(map, r->arena, read_setting, r) == -1)
		return NULL;
	return span_is(map->key, "absence")
	    ? correlation_parse_absence(map, r->file, r->arena, r->err)
	    : correlation_parse(map, r->file, r->arena, r->err);
}

static int
read_base(struct rule_reader *r, const struct yaml_node *doc,
    struct rule_base *b)
{
	const struct yaml_node *n = yaml_get(doc, "detection");
	struct yaml_node *counted = yaml_get(doc, "correlation");
	struct scope_reader s;

	if (doc->kind != YAML_MAP || (n == NULL) == (counted == NULL))
		return RULE_FAIL(r, doc,
		    tr("a document beside a correlation is a Sigma rule with a "
		       "name and either a detection or a correlation",
			"correlationと並ぶ文書は、nameと、detectionまたは"
			"correlationのあるSigmaルールです"));
	if (rule_need(r, doc, "name", &b->name) == -1)
		return -1;
	if (counted != NULL)
		return (b->counted = parse(r, counted)) == NULL ? -1 : 0;
	if (rule_read_logsource(r, yaml_get(doc, "logsource"), &b->logsource) ==
		-1)
		return -1;
	b->detection = detection_parse(n, rule_reader_of(r, SCOPE_FACTS, &s));
	return b->detection == NULL ? -1 : 0;
}

int
rule_read_bases(struct rule_reader *r, const struct yaml_node *documents)
{
	const struct yaml_node *doc;

	r->rule->base =
	    arena_alloc(r->arena, documents->n * sizeof(*r->rule->base));
	for (doc = documents->first; doc != NULL; doc = doc->next)
		if (doc != r->root &&
		    read_base(r, doc, &r->rule->base[r->rule->nbase++]) == -1)
			return -1;
	return 0;
}

struct linking {
	const struct rule *rule;
	struct yaml_error *err;
	bool refused;
};

static enum correlation_found
find_base(void *arg, struct span name, uint32_t *number)
{
	const struct rule *r = ((struct linking *)arg)->rule;
	uint32_t others = 1;
	size_t i;

	for (i = 0; i < r->nbase; i++) {
		if (span_is(name, r->base[i].name))
			break;
		others += r->base[i].counted != NULL;
	}
	if (i == r->nbase)
		return CORRELATION_NOBODY;
	*number = r->base[i].counted != NULL ? others : (uint32_t)i;
	return r->base[i].counted != NULL ? CORRELATION_OF_OTHER
					  : CORRELATION_OF_RULE;
}

/* Facts too, as far as they are known when the record comes. */
static uint32_t
find_field(void *arg, struct span name)
{
	enum ecs field;
	enum fact fact;

	(void)arg;
	if (scope_field(name, &field) == 0)
		return field;
	return fact_parse(name, &fact) == 0 && !fact_needs_history(fact)
	    ? (uint32_t)ECS_COUNT + fact
	    : CORRELATION_NONE;
}

/* The first reason is the one to mend. */
static void
refuse(void *arg, uint32_t number, const struct yaml_error *err)
{
	struct linking *l = arg;

	(void)number;
	if (l->err == NULL)
		abort();
	if (!l->refused)
		*l->err = *err;
	l->refused = true;
}

struct correlation_linked *
rule_link(const struct rule *r, size_t *n, struct yaml_error *err,
    struct arena *arena)
{
	struct linking l = { r, err, false };
	const struct correlation_scope scope = { find_base, find_field, refuse,
		&l };
	struct correlation **v = arena_alloc(arena,
	    (r->nbase + 1) * sizeof(*v));
	struct correlation_linked *linked;
	size_t i;

	*n = 0;
	v[(*n)++] = r->correlation;
	for (i = 0; i < r->nbase; i++)
		if (r->base[i].counted != NULL)
			v[(*n)++] = r->base[i].counted;
	linked = correlation_link(v, *n, &scope, arena);
	return l.refused ? NULL : linked;
}

int
rule_read_correlation(struct rule_reader *r, struct yaml_node *map)
{
	size_t n;

	r->rule->correlation = parse(r, map);
	if (r->rule->correlation == NULL)
		return -1;
	return rule_link(r->rule, &n, r->err, r->arena) == NULL ? -1 : 0;
}
